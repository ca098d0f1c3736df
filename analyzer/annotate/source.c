/* source: the bytes of files that are to be changed, and what stands at a place.
 *
 * Invariant: bytes are taken as they are, whatever their encoding, so that a patch keeps them. Errs
 * towards leaving alone: a place that does not look like what the parser said is not changed.
 */
#include "analyzer/annotate/internal.h"

#include <ctype.h>

enum { MAX_FILE_SIZE = 64 << 20 }; /* larger ones are left alone */

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Line ends as the parser counts them: LF, or CR LF. A lone CR makes columns and lines differ
 * between tools. */
static bool find_lines(Arena *arena, SourceText *self) {
    uint32_t plain = 0, dos = 0;
    array_push(&self->starts, arena, 0);
    for (size_t i = 0; i < self->size; i++) {
        if (self->data[i] == '\0' || (self->data[i] == '\r' && self->data[i + 1] != '\n'))
            return false;
        if (self->data[i] != '\n')
            continue;
        array_push(&self->starts, arena, (uint32_t)(i + 1));
        if (i > 0 && self->data[i - 1] == '\r')
            dos++;
        else
            plain++;
    }
    if (self->starts.items[self->starts.len - 1] != self->size)
        array_push(&self->starts, arena, (uint32_t)self->size);
    self->crlf = dos > plain;
    return true;
}

SourceText source_load(Arena *arena, const char *path) {
    SourceText self = {.path = path};
    Error ignored = {0};
    char *data;
    if (file_read(arena, path, MAX_FILE_SIZE, &data, &self.size, &ignored) != 0)
        return self;
    self.data = data;
    if (!find_lines(arena, &self))
        self.data = NULL;
    return self;
}

size_t source_offset(const SourceText *self, IrLoc loc) {
    if (self->data == NULL || loc.line == 0 || loc.line >= self->starts.len || loc.column == 0)
        return SIZE_MAX;
    size_t offset = self->starts.items[loc.line - 1] + (size_t)loc.column - 1;
    return offset < self->starts.items[loc.line] ? offset : SIZE_MAX;
}

bool source_has_word(const SourceText *self, size_t offset, const char *word) {
    size_t len = strlen(word);
    return offset + len <= self->size && strncmp(self->data + offset, word, len) == 0 &&
           !is_word(self->data[offset + len]) && (offset == 0 || !is_word(self->data[offset - 1]));
}

bool source_begins_line(const SourceText *self, IrLoc loc) {
    size_t at = self->starts.items[loc.line - 1], end = at + loc.column - 1;
    int open = 0;
    for (; at < end; at++) {
        char c = self->data[at];
        open += (c == '(') - (c == ')');
        if (open == 0 && c != ' ' && c != '\t' && c != ')' && !is_word(c))
            return false;
        if (source_has_word(self, at, "extern"))
            return false;
    }
    /* a line that goes on from one before it */
    size_t start = self->starts.items[loc.line - 1];
    while (start > 0 && strchr(" \t\r\n", self->data[start - 1]) != NULL)
        start--;
    return open == 0 && (start == 0 || strchr("\\>,(=", self->data[start - 1]) == NULL);
}

const char *source_indent(Arena *arena, const SourceText *self, uint32_t line) {
    const char *start = self->data + self->starts.items[line - 1];
    return arena_strndup(arena, start, strspn(start, " \t"));
}

bool source_names_param(const SourceText *self, size_t offset, const char *param) {
    int open = 0;
    for (; offset < self->size; offset++) {
        char c = self->data[offset];
        open += (c == '(') - (c == ')');
        if (c == ';' || c == '{' || (c == ')' && open == 0))
            return false;
        if (open > 0 && source_has_word(self, offset, param))
            return true;
    }
    return false;
}
