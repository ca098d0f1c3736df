// Declarations, their names and what they need.
// Invariant: a name belongs to the first declaration that claims it; later ones are reported.
// Errs towards a placeholder: an unknown type becomes a number or, if it
// is named like a pointer or a callback, something that can be called, of that name, so that one
// bad row costs one line in the report and not a header.
#include "wdkgen.h"

#include <ctype.h>
#include <string.h>

int model_header(Model *self, const char *name) {
    int found = map_get(&self->header_of, name);
    if (found >= 0)
        return found;
    self->headers =
        mem_grow(self->headers, sizeof *self->headers, self->headers_len, &self->headers_cap);
    self->headers[self->headers_len] = (Header){.name = str_lower(name)};
    map_put(&self->header_of, self->headers[self->headers_len].name, self->headers_len);
    return self->headers_len++;
}

int model_add(Model *self, DeclKind kind, const char *name, const char *header, const char *text) {
    self->decls = mem_grow(self->decls, sizeof *self->decls, self->decls_len, &self->decls_cap);
    self->decls[self->decls_len] = (Decl){
        .kind = kind, .name = name, .header = model_header(self, header), .text = text, .body = -1};
    return self->decls_len++;
}

int model_name(Model *self, Map *map, const char *name, int decl) {
    int found = map_get(map, name);
    if (found == decl)
        return 0;
    if (found >= 0) {
        Decl *first = &self->decls[found];
        fprintf(self->report, "duplicate\t%s\t%s\tkept in %s as %s\n", name,
                self->headers[self->decls[decl].header].name, self->headers[first->header].name,
                first->name);
        self->dropped_len++;
        return -1;
    }
    map_put(map, name, decl);
    return 0;
}

void model_ref(Model *self, int decl, const char *name, RefKind kind) {
    Decl *d = &self->decls[decl];
    d->refs = mem_grow(d->refs, sizeof *d->refs, d->refs_len, &d->refs_cap);
    d->refs[d->refs_len++] = (Ref){name, kind};
    if (kind == REF_NAME || kind == REF_COMPLETE)
        map_put(&self->type_refs, name, decl);
}

static void add_need(Model *self, int decl, int needed) {
    Decl *d = &self->decls[decl];
    if (needed == decl)
        return;
    for (int i = 0; i < d->needs_len; i++)
        if (d->needs[i] == needed)
            return;
    d->needs = mem_grow(d->needs, sizeof *d->needs, d->needs_len, &d->needs_cap);
    d->needs[d->needs_len++] = needed;
}

// "union _X" and "enum _X" are kept under "struct _X".
static const char *name_key(const char *name) {
    const char *space = strchr(name, ' ');
    return space ? str_printf("struct %s", space + 1) : name;
}

static int ends_with(const char *name, const char *end) {
    size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && !strcmp(name + len - end_len, end);
}

static int is_callable_name(const char *name) {
    if (name[0] == 'P' && isupper((unsigned char)name[1]))
        return 1;
    return ends_with(name, "_HANDLER") || ends_with(name, "_HANDLER_EX") ||
           ends_with(name, "_CALLBACK") || ends_with(name, "_ROUTINE");
}

static int add_placeholder(Model *self, int decl, const Ref *ref) {
    const char *text;
    if (strchr(ref->name, ' ')) {
        text = str_printf("%s;\n", ref->name);
    } else if (ref->kind == REF_EXPR) {
        text = str_printf("#define %s 1\n", ref->name);
    } else if (is_callable_name(ref->name)) {
        text = str_printf("typedef long (*%s)(IRQLINT_ANY);\n", ref->name);
    } else {
        text = str_printf("typedef unsigned long %s;\n", ref->name);
    }
    const Decl *user = &self->decls[decl];
    const char *header = self->headers[user->header].name;
    fprintf(self->report, "unknown\t%s\t%s\tused by %s\n", ref->name, header, user->name);
    self->unknown_len++;
    const char *name = str_dup_n(ref->name, strlen(ref->name));
    for (char *p = strchr(name, ' '); p; p = NULL)
        *p = '_';
    int placeholder = model_add(self, DECL_PLACEHOLDER, name, header, text);
    map_put(&self->names, name_key(ref->name), placeholder);
    return placeholder;
}

// Follows "typedef A B" to the body of A; -1 when there is none.
static int complete_body(Model *self, int decl) {
    for (int hops = 0; hops < 20; hops++) {
        const Decl *d = &self->decls[decl];
        if (d->kind == DECL_FORWARD)
            return d->body;
        if (!d->alias)
            return -1;
        decl = map_get(&self->names, name_key(d->alias));
        if (decl < 0)
            return -1;
    }
    return -1;
}

static void resolve_ref(Model *self, int decl, Ref ref) {
    if (map_get(&self->hand, ref.name) >= 0)
        return;
    int found = map_get(&self->names, name_key(ref.name));
    if (found < 0 && (!strncmp(ref.name, "enum ", 5) || ref.kind == REF_OPTIONAL))
        return;
    if (found < 0)
        found = add_placeholder(self, decl, &ref);
    add_need(self, decl, found);
    int body = ref.kind == REF_COMPLETE ? complete_body(self, found) : -1;
    if (body >= 0)
        add_need(self, decl, body);
}

void model_resolve(Model *self) {
    int len = self->decls_len;
    for (int i = 0; i < len; i++)
        for (int k = 0; k < self->decls[i].refs_len; k++)
            resolve_ref(self, i, self->decls[i].refs[k]);
}
