/* text: strings under construction, comparisons, the error message. */
#include "analyzer/base/base.h"

#include <strings.h>

void text_append_len(Text *self, Arena *arena, const char *text, size_t len) {
    uint32_t need = self->len + (uint32_t)len + 1;
    if (need > self->cap)
        array_reserve(self, arena, need > self->cap * 2 ? need : self->cap * 2);
    memcpy(self->items + self->len, text, len);
    self->len += (uint32_t)len;
}

void text_append(Text *self, Arena *arena, const char *text) {
    text_append_len(self, arena, text, strlen(text));
}

void text_printf(Text *self, Arena *arena, const char *format, ...) {
    char small[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if ((size_t)len < sizeof small) {
        text_append_len(self, arena, small, (size_t)len);
        return;
    }
    va_start(args, format);
    text_append(self, arena, arena_vprintf(arena, format, args));
    va_end(args);
}

const char *text_cstr(Text *self, Arena *arena) {
    array_reserve(self, arena, self->len + 1);
    self->items[self->len] = '\0';
    return self->items;
}

bool str_eq(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

bool str_starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *text, const char *suffix) {
    size_t text_len = strlen(text), suffix_len = strlen(suffix);
    return text_len >= suffix_len && strcmp(text + text_len - suffix_len, suffix) == 0;
}

int str_icmp(const char *a, const char *b) {
    return strcasecmp(a, b);
}

int error_set(Error *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(self->message, sizeof self->message, format, args);
    va_end(args);
    return -1;
}

/* ---- a stream ------------------------------------------------------------------------------- */

typedef struct TextStream {
    Text *text;   /* what is written */
    Arena *arena; /* its memory */
} TextStream;

static ssize_t write_text(void *cookie, const char *data, size_t size) {
    const TextStream *self = cookie;
    text_append_len(self->text, self->arena, data, size);
    return (ssize_t)size;
}

FILE *text_stream(Text *self, Arena *arena) {
    TextStream *stream = arena_new_of(arena, TextStream);
    *stream = (TextStream){self, arena};
    return fopencookie(stream, "w", (cookie_io_functions_t){.write = write_text});
}
