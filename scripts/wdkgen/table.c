// Reads tab-separated tables and splits their small notations.
// Invariant: a Table has at least one row less than its file has lines, and each row has the same
// number of cells; a file that breaks this ends the program with its line number.
#include "wdkgen.h"

#include <stdlib.h>
#include <string.h>

char *file_read(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    Buf text = {0};
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add_n(&text, chunk, got);
    fclose(file);
    return buf_take(&text);
}

static int split_cells(char *line, char **cells, int cells_max) {
    int len = 0;
    for (;;) {
        char *tab = strchr(line, '\t');
        if (tab)
            *tab = 0;
        if (len < cells_max)
            cells[len] = str_trim(line);
        len++;
        if (!tab)
            return len;
        line = tab + 1;
    }
}

Table table_read(const char *dir, const char *name, int columns_len) {
    Table self = {.path = str_printf("%s/%s", dir, name), .columns_len = columns_len};
    char *text = file_read(self.path);
    if (!text)
        die("%s: cannot read", self.path);
    int cap = 0, line_number = 0;
    for (char *line = text; *line;) {
        char *end = strchr(line, '\n');
        char *next = end ? end + 1 : line + strlen(line);
        if (end)
            *end = 0;
        line_number++;
        if (line_number > 1 && *line && *line != '#') {
            char **cells = mem_alloc(sizeof *cells * (size_t)columns_len);
            int got = split_cells(line, cells, columns_len);
            if (got != columns_len)
                die("%s:%d: %d columns, not %d", self.path, line_number, got, columns_len);
            self.rows = mem_grow(self.rows, sizeof *self.rows, self.rows_len, &cap);
            self.rows[self.rows_len++] = (Row){cells, line_number};
        }
        line = next;
    }
    return self;
}

// Skips a quoted literal that starts at *p; returns its last character.
static const char *skip_quoted(const char *p) {
    char quote = *p;
    for (p++; *p && *p != quote; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p : p - 1;
}

static void add_part(char ***parts, int *len, int *cap, const char *from, const char *to) {
    char *part = str_trim(str_dup_n(from, (size_t)(to - from)));
    if (!*part)
        return;
    *parts = mem_grow(*parts, sizeof **parts, *len, cap);
    (*parts)[(*len)++] = part;
}

int split_top(const char *s, char sep, char ***parts) {
    int len = 0, cap = 0, depth = 0;
    const char *from = s;
    *parts = NULL;
    for (const char *p = s; *p; p++) {
        if (*p == '"' || *p == '\'')
            p = skip_quoted(p);
        else if (strchr("([{", *p))
            depth++;
        else if (strchr(")]}", *p))
            depth--;
        else if (*p == sep && depth == 0) {
            add_part(parts, &len, &cap, from, p);
            from = p + 1;
        }
    }
    add_part(parts, &len, &cap, from, from + strlen(from));
    return len;
}
