/* patch: insertions as a unified diff that `git apply` and `patch -p1` take.
 *
 * Hunks whose context would touch are one. Bytes of the file are printed as they are, so a hunk
 * fits whatever its encoding and line ends.
 */
#include "analyzer/annotate/internal.h"

enum { CONTEXT = 3 };

static uint32_t line_count(const SourceText *source) {
    return source->starts.len - 1;
}

static void print_line(const SourceText *source, uint32_t line, FILE *out) {
    uint32_t start = source->starts.items[line - 1], end = source->starts.items[line];
    fputc(' ', out);
    fwrite(source->data + start, 1, end - start, out);
    if (end == start || source->data[end - 1] != '\n')
        fputs("\n\\ No newline at end of file\n", out);
}

static uint32_t lines_in(const char *text) {
    uint32_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static void print_added(const char *text, FILE *out) {
    while (*text != '\0') {
        size_t len = strcspn(text, "\n") + 1;
        fputc('+', out);
        fwrite(text, 1, len, out);
        text += len;
    }
}

/* One hunk of edits[0 … count); `shift` lines were added before it. */
static uint32_t print_hunk(const SourceText *source, const Edit *edits, uint32_t count,
                           uint32_t shift, FILE *out) {
    uint32_t first = edits[0].line > CONTEXT ? edits[0].line - CONTEXT : 1;
    uint32_t last = edits[count - 1].line + CONTEXT - 1, added = 0;
    last = last > line_count(source) ? line_count(source) : last;
    for (uint32_t i = 0; i < count; i++)
        added += lines_in(edits[i].text);
    uint32_t len = last - first + 1;
    fprintf(out, "@@ -%u,%u +%u,%u @@\n", first, len, first + shift, len + added);
    for (uint32_t line = first, i = 0; line <= last; line++) {
        for (; i < count && edits[i].line == line; i++)
            print_added(edits[i].text, out);
        print_line(source, line, out);
    }
    return added;
}

void patch_write_file(const SourceText *source, const char *name, const Edit *edits, uint32_t count,
                      FILE *out) {
    const char *end = strchr(name, ' ') != NULL ? "\t" : ""; /* where a name with blanks ends */
    uint32_t shift = 0;
    fprintf(out, "diff --git a/%s b/%s\n--- a/%s%s\n+++ b/%s%s\n", name, name, name, end, name,
            end);
    for (uint32_t i = 0; i < count;) {
        uint32_t next = i + 1;
        while (next < count && edits[next].line - edits[next - 1].line <= 2 * CONTEXT)
            next++;
        shift += print_hunk(source, edits + i, next - i, shift, out);
        i = next;
    }
}
