// Orders the declarations of each header and writes it.
//
// A header holds its own declarations and, before them, whatever they need that no header it
// includes has. A declaration that is written into several headers carries a guard of its own, so
// there are no include cycles whatever the tables say about ownership.
// Invariant: in every header a declaration comes after all that it needs.
#include "wdkgen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT_INCLUDE "wdm.h"

static void visit(Model *self, Header *header, unsigned char *state, int decl) {
    if (state[decl])
        return;
    state[decl] = 1;
    const Decl *d = &self->decls[decl];
    for (int i = 0; i < d->needs_len; i++)
        visit(self, header, state, d->needs[i]);
    header->list =
        mem_grow(header->list, sizeof *header->list, header->list_len, &header->list_cap);
    header->list[header->list_len++] = decl;
    self->decls[decl].emitted++;
}

static void plan_header(Model *self, int index, const int *own, int own_len) {
    Header *header = &self->headers[index];
    for (int i = 0; i < header->includes_len; i++) {
        const unsigned char *has = self->headers[header->includes[i]].has;
        for (int d = 0; d < self->decls_len; d++)
            header->has[d] |= has[d];
    }
    for (int i = 0; i < own_len; i++)
        visit(self, header, header->has, own[i]);
}

// Own declarations of every header, grouped by kind; offsets has headers_len + 1 entries.
static int *group_by_header(Model *self, int **offsets) {
    int *start = mem_alloc(sizeof *start * (size_t)(self->headers_len + 2));
    for (int d = 0; d < self->decls_len; d++)
        start[self->decls[d].header + 1]++;
    for (int h = 0; h < self->headers_len; h++)
        start[h + 1] += start[h];
    int *next = mem_alloc(sizeof *next * (size_t)(self->headers_len + 1));
    memcpy(next, start, sizeof *next * (size_t)self->headers_len);
    int *own = mem_alloc(sizeof *own * (size_t)(self->decls_len + 1));
    for (int kind = 0; kind <= DECL_FUNCTION; kind++)
        for (int d = 0; d < self->decls_len; d++)
            if ((int)self->decls[d].kind == kind)
                own[next[self->decls[d].header]++] = d;
    *offsets = start;
    return own;
}

static void plan_with_includes(Model *self, int index, const int *own, const int *offsets) {
    Header *header = &self->headers[index];
    if (header->has)
        return;
    if (header->planning)
        die("includes.tsv: %s includes itself", header->name);
    header->planning = 1;
    for (int i = 0; i < header->includes_len; i++)
        plan_with_includes(self, header->includes[i], own, offsets);
    header->has = mem_alloc((size_t)self->decls_len);
    plan_header(self, index, own + offsets[index], offsets[index + 1] - offsets[index]);
    header->planning = 0;
}

static void add_default_include(Model *self) {
    int base = model_header(self, DEFAULT_INCLUDE);
    for (int h = 0; h < self->headers_len; h++) {
        Header *header = &self->headers[h];
        if (header->explicit_includes || !strncmp(header->name, "irqlint_", 8))
            continue;
        header->includes =
            mem_grow(header->includes, sizeof(int), header->includes_len, &header->includes_cap);
        header->includes[header->includes_len++] = base;
    }
}

static char *guard_name(const char *name) {
    char *guard = str_printf("IRQLINT_WDK_%s", name);
    for (char *p = guard; *p; p++)
        *p = isalnum((unsigned char)*p) ? (char)toupper(*p) : '_';
    return guard;
}

static void write_decl(const Decl *d, int *is_c, Buf *out) {
    int wants_c = d->kind != DECL_CONSTANT;
    if (!*d->text)
        return;
    if (wants_c && !*is_c)
        buf_add(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    *is_c |= wants_c;
    if (d->emitted > 1)
        buf_printf(out, "#ifndef irqlint_d_%s\n#define irqlint_d_%s\n", d->name, d->name);
    buf_add(out, d->text);
    if (d->emitted > 1)
        buf_add(out, "#endif\n");
}

static char *hand_text(Model *self, const char *name) {
    return file_read(str_printf("%s/%s", self->hand_dir, name));
}

static void make_folder_of(const char *path) {
    for (char *copy = str_dup_n(path, strlen(path)), *p = strchr(copy + 1, '/'); p;
         p = strchr(p + 1, '/')) {
        *p = 0;
        mkdir(copy, 0777);
        *p = '/';
    }
}

static void write_file(const char *path, const char *text) {
    make_folder_of(path);
    char *old = file_read(path);
    if (old && !strcmp(old, text))
        return;
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        die("%s: cannot write", path);
}

static void write_header(Model *self, const Header *header, const char *out_dir) {
    char *path = str_printf("%s/%s", out_dir, header->name);
    char *hand = hand_text(self, header->name);
    if (hand && !header->list_len && !header->explicit_includes) {
        write_file(path, hand);
        return;
    }
    char *stem = str_dup_n(header->name, strlen(header->name) - 2);
    char *pre = hand_text(self, str_printf("%s.pre.h", stem));
    Buf out = {0};
    char *guard = guard_name(header->name);
    buf_printf(&out, "/* generated by wdkgen; do not edit */\n#ifndef %s\n#define %s\n", guard,
               guard);
    for (int i = 0; i < header->includes_len; i++)
        buf_printf(&out, "#include <%s>\n", self->headers[header->includes[i]].name);
    if (!header->includes_len)
        buf_add(&out, "#ifndef IRQLINT_AN_INT\n#define IRQLINT_AN_INT\n#endif\n");
    if (pre)
        buf_add(&out, pre);
    int is_c = 0;
    for (int i = 0; i < header->list_len; i++)
        write_decl(&self->decls[header->list[i]], &is_c, &out);
    if (is_c)
        buf_add(&out, "#ifdef __cplusplus\n}\n#endif\n");
    if (hand)
        buf_add(&out, hand);
    buf_add(&out, "#endif\n");
    write_file(path, out.data);
}

void emit_all(Model *self, const char *out_dir) {
    add_default_include(self);
    int *offsets;
    int *own = group_by_header(self, &offsets);
    for (int h = 0; h < self->headers_len; h++)
        plan_with_includes(self, h, own, offsets);
    for (int h = 0; h < self->headers_len; h++)
        write_header(self, &self->headers[h], out_dir);
    printf("wdkgen: %d declarations, %d headers, %d duplicates dropped, %d placeholders\n",
           self->decls_len, self->headers_len, self->dropped_len, self->unknown_len);
}
