/* linehash: primaryLocationLineHash, the fingerprint by which code-scanning services recognise a
 * line that moved.
 *
 * The hash of a line is a polynomial (base 37, modulo 2^64) over 100 characters from the line's
 * start, blanks and tabs left out, every line end one '\n', the end of the file 0xffff, then zeros;
 * characters are UTF-16 units. ":n" tells lines with equal hashes apart, in order. The values are
 * compared with those of other tools: they must be exactly these.
 */
#include "analyzer/store/internal.h"

enum { WINDOW = 100, BASE = 37, END_OF_FILE = 0xffff };

typedef struct LineHasher {
    Arena *arena;            /* of the hashes */
    LineHashes *hashes;      /* done so far */
    uint16_t window[WINDOW]; /* the characters that the hash is over, a ring */
    bool starts[WINDOW];     /* the character starts a line */
    unsigned at;             /* next place in the ring */
    uint64_t hash;           /* of the window */
    uint64_t leaving;        /* BASE to the power WINDOW: weight of the character that leaves */
    bool line_start;         /* the next character starts a line */
    bool after_cr;           /* the last one was '\r' */
    Map64 *counts;           /* how often a hash was seen */
} LineHasher;

/* The window is full of what follows the line that starts at its next place. */
static void emit(LineHasher *self) {
    if (!self->starts[self->at])
        return;
    self->starts[self->at] = false;
    uint32_t count = ++*map64_put(self->counts, self->hash, NULL);
    const char *text = arena_printf(self->arena, "%llx:%u", (unsigned long long)self->hash, count);
    array_push(self->hashes, self->arena, text);
}

static void shift(LineHasher *self, uint16_t unit) {
    self->hash = self->hash * BASE + unit - self->leaving * self->window[self->at];
    self->window[self->at] = unit;
    self->at = (self->at + 1) % WINDOW;
}

static void feed(LineHasher *self, uint32_t unit) {
    bool after_cr = self->after_cr;
    self->after_cr = unit == '\r';
    if (unit == ' ' || unit == '\t' || (unit == '\n' && after_cr))
        return;
    if (unit == '\r')
        unit = '\n';
    emit(self);
    self->starts[self->at] = self->line_start;
    self->line_start = unit == '\n';
    shift(self, (uint16_t)unit);
}

static uint32_t decode(const unsigned char **at) {
    const unsigned char *p = *at;
    unsigned len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t code = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));
    for (unsigned i = 1; i < len; i++)
        code = code << 6 | (p[i] & 0x3f);
    *at += len;
    return code;
}

void line_hashes(Arena *arena, const char *text, size_t size, LineHashes *hashes) {
    LineHasher self = {.arena = arena, .hashes = hashes, .leaving = 1, .line_start = true};
    self.counts = map64_new(arena);
    for (int i = 0; i < WINDOW; i++)
        self.leaving *= BASE;
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    while (at < end) {
        uint32_t code = decode(&at);
        if (code >= 0x10000) {
            feed(&self, 0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + (code & 0x3ff);
        }
        feed(&self, code);
    }
    feed(&self, END_OF_FILE);
    for (int i = 0; i < WINDOW; i++) {
        emit(&self);
        shift(&self, 0);
    }
}
