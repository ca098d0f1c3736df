// Makes declarations out of table rows, one small function per table.
// Invariant: a row whose name is taken (by an earlier table or by a hand-written macro) makes no
// declaration. Tables are read in order of trust: base types, structures, enumerations, roles, then
// the names that only fill gaps.
#include "wdkgen.h"

#include <ctype.h>
#include <dirent.h>
#include <string.h>

// ---- names a hand-written file defines ----------------------------------------------------------

static void scan_defines(Model *self, char *text) {
    for (char *p = text; (p = strstr(p, "#")) != NULL; p++) {
        char *word = p + 1;
        while (*word == ' ')
            word++;
        if (strncmp(word, "define ", 7) != 0)
            continue;
        word += 7;
        size_t len = 0;
        while (isalnum((unsigned char)word[len]) || word[len] == '_')
            len++;
        map_put(&self->hand, str_dup_n(word, len), 1);
    }
}

void build_hand(Model *self) {
    DIR *dir = opendir(self->hand_dir);
    if (!dir)
        die("%s: cannot read", self->hand_dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len < 3 || strcmp(entry->d_name + len - 2, ".h") != 0)
            continue;
        char *text = file_read(str_printf("%s/%s", self->hand_dir, entry->d_name));
        if (!text)
            die("%s/%s: cannot read", self->hand_dir, entry->d_name);
        scan_defines(self, text);
        if (!strstr(entry->d_name, ".pre.h"))
            model_header(self, str_lower(entry->d_name));
    }
    closedir(dir);
}

// ---- shared pieces ------------------------------------------------------------------------------

static const char *header_name(const char *cell) {
    if (!strchr(cell, '.'))
        return "irqlint_misc.h";
    return str_lower(cell);
}

static int is_taken(Model *self, const char *name, const char *header) {
    int found = map_get(&self->names, name);
    if (map_get(&self->hand, name) >= 0)
        return 1;
    if (found < 0)
        return 0;
    self->dropped_len++;
    fprintf(self->report, "duplicate\t%s\t%s\tkept in %s\n", name, header,
            self->headers[self->decls[found].header].name);
    return 1;
}

// The tag of an aggregate: the given one, else one made of the name; never one in use.
static const char *free_tag(Model *self, const char *tag, const char *name) {
    const char *wanted = *tag ? tag : str_printf("_%s", name);
    if (map_get(&self->names, str_printf("struct %s", wanted)) < 0)
        return wanted;
    return str_printf("irqlint_%s", name);
}

// Appends " A, *PA" for the free names of a list ("A,*PA") and names decl by them; returns how
// many.
static int add_names(Model *self, int decl, const char *list, const char *star, Buf *out) {
    char **parts;
    int parts_len = split_top(list, ',', &parts), len = 0;
    for (int i = 0; i < parts_len; i++) {
        const char *name = parts[i] + strspn(parts[i], "* ");
        if (map_get(&self->hand, name) >= 0)
            continue;
        if (model_name(self, &self->names, name, decl) != 0)
            continue;
        buf_printf(out, "%s%s%s", len++ ? ", " : " ", star, parts[i]);
    }
    return len;
}

static const char *first_plain(const char *typedefs) {
    char **parts;
    int parts_len = split_top(typedefs, ',', &parts);
    for (int i = 0; i < parts_len; i++)
        if (parts[i][0] != '*')
            return parts[i];
    return parts_len ? parts[0] + strspn(parts[0], "* ") : "";
}

// struct or union: one forward declaration with all names, one body.
static void add_aggregate(Model *self, const char *header, const char *kind, const char *tag,
                          const char *typedefs, const char *fields) {
    const char *name = *typedefs ? first_plain(typedefs) : tag;
    if (*typedefs && is_taken(self, name, header))
        return;
    tag = free_tag(self, tag, name);
    int forward = model_add(self, DECL_FORWARD, name, header, "");
    map_put(&self->names, str_printf("struct %s", tag), forward);
    Buf text = {0};
    buf_printf(&text, "typedef %s %s", kind, tag);
    if (!add_names(self, forward, typedefs, "", &text)) {
        text.len = 0;
        buf_printf(&text, "%s %s", kind, tag);
    }
    buf_add(&text, ";\n");
    self->decls[forward].text = buf_take(&text);
    if (!fields)
        return;
    int body = model_add(self, DECL_BODY, str_printf("%s_body", name), header, "");
    self->decls[forward].body = body;
    model_ref(self, body, str_printf("struct %s", tag), REF_NAME);
    buf_printf(&text, "%s %s {\n", kind, tag);
    fields_write(self, body, fields, 1, &text);
    buf_add(&text, "};\n");
    self->decls[body].text = buf_take(&text);
}

// ---- one function per table ---------------------------------------------------------------------

// The kits give C++ the operators of a flag enumeration; a driver combines its values.
static int is_flag_enum(const char *name) {
    size_t len = strlen(name);
    return len > 6 && strcmp(name + len - 6, "_FLAGS") == 0;
}

static void add_enum(Model *self, const char *header, const char *tag, const char *typedefs,
                     const char *enumerators, char sep) {
    const char *name = *typedefs ? first_plain(typedefs) : *tag ? tag : enumerators;
    if (*typedefs && is_taken(self, name, header))
        return;
    int decl = model_add(self, DECL_ENUM, str_printf("enum_%s", name), header, "");
    if (!*typedefs && !*tag)
        self->decls[decl].name = str_printf("enum_%d", decl);
    if (*tag || *typedefs) {
        tag = free_tag(self, tag, name);
        map_put(&self->names, str_printf("struct %s", tag), decl);
    }
    Buf text = {0};
    // an enumeration is an int to Microsoft's compiler: C++ drivers declare some ahead as such
    buf_printf(&text, "%senum %s%s {\n", *typedefs ? "typedef " : "", tag,
               *tag ? " IRQLINT_AN_INT" : "");
    char **parts;
    int parts_len = split_top(enumerators, sep, &parts), kept = 0;
    for (int i = 0; i < parts_len; i++) {
        char *value = strchr(parts[i], '=');
        const char *id =
            str_trim(str_dup_n(parts[i], value ? (size_t)(value - parts[i]) : strlen(parts[i])));
        if (map_get(&self->hand, id) >= 0)
            continue;
        if (model_name(self, &self->names, id, decl) != 0)
            continue;
        if (value)
            note_expr(self, decl, value + 1, REF_EXPR);
        buf_printf(&text, " %s,\n", parts[i]);
        kept++;
    }
    if (!kept)
        buf_printf(&text, " irqlint_no_value_%d,\n", decl);
    buf_add(&text, "}");
    if (*typedefs)
        add_names(self, decl, typedefs, "", &text);
    buf_add(&text, ";\n");
    if (*typedefs && is_flag_enum(name))
        buf_printf(&text, "DEFINE_ENUM_FLAG_OPERATORS(%s)\n", name);
    self->decls[decl].text = buf_take(&text);
}

static void add_typedef(Model *self, Row row) {
    const char *name = row.cells[0], *definition = row.cells[2],
               *header = header_name(row.cells[4]);
    if (is_taken(self, name, header))
        return;
    int decl = model_add(self, DECL_TYPE, name, header, "");
    const char *suffix = strchr(definition, '[');
    note_refs(self, decl, definition, suffix != NULL);
    const char *paren = strstr(definition, "(*)");
    Buf text = {0};
    buf_add(&text, "typedef ");
    if (paren) {
        buf_add_n(&text, definition, (size_t)(paren - definition));
        buf_printf(&text, "(*%s)%s;\n", name, paren + 3);
        model_name(self, &self->names, name, decl);
    } else if (suffix) {
        buf_add_n(&text, definition, (size_t)(suffix - definition));
        buf_printf(&text, "%s%s;\n", name, suffix);
        model_name(self, &self->names, name, decl);
    } else {
        buf_add(&text, definition);
        add_names(self, decl, name, "", &text);
        buf_add(&text, ";\n");
        Buf pointers = {0};
        if (add_names(self, decl, row.cells[3], "*", &pointers))
            buf_printf(&text, "typedef %s%s;\n", name, pointers.data);
        if (!strchr(definition, '*'))
            self->decls[decl].alias = definition;
    }
    self->decls[decl].text = buf_take(&text);
}

// "A" and "PA,LPA" -> "A,*PA,*LPA"
static const char *join_names(const char *name, const char *pointers) {
    Buf out = {0};
    buf_add(&out, name);
    char **parts;
    int parts_len = split_top(pointers, ',', &parts);
    for (int i = 0; i < parts_len; i++)
        buf_printf(&out, ",*%s", parts[i]);
    return buf_take(&out);
}

static void add_handle(Model *self, Row row) {
    const char *name = row.cells[0], *header = header_name(row.cells[4]);
    if (is_taken(self, name, header))
        return;
    Buf text = {0};
    int decl = model_add(self, DECL_TYPE, name, header, "");
    buf_printf(&text, "typedef struct %s__", name);
    add_names(self, decl, name, "*", &text);
    Buf pointers = {0};
    if (add_names(self, decl, row.cells[3], "**", &pointers))
        buf_printf(&text, ",%s", pointers.data);
    buf_add(&text, ";\n");
    self->decls[decl].text = buf_take(&text);
}

static void add_opaque(Model *self, Row row) {
    const char *tag = row.cells[2];
    if (!strncmp(tag, "struct ", 7))
        tag += 7;
    add_aggregate(self, header_name(row.cells[4]), "struct", tag,
                  join_names(row.cells[0], row.cells[3]), NULL);
}

static void add_basetype(Model *self, Row row, int opaque_pass) {
    const char *kind = row.cells[1], *header = header_name(row.cells[4]);
    const char *names = join_names(row.cells[0], row.cells[3]);
    if ((strcmp(kind, "opaque") == 0) != opaque_pass)
        return;
    if (!strcmp(kind, "opaque"))
        add_opaque(self, row);
    else if (!strcmp(kind, "typedef"))
        add_typedef(self, row);
    else if (!strcmp(kind, "handle"))
        add_handle(self, row);
    else if (!strcmp(kind, "enum"))
        add_enum(self, header, "", names, row.cells[2], ',');
    else if (!strcmp(kind, "struct") || !strcmp(kind, "union"))
        add_aggregate(self, header, kind, "", names, row.cells[2]);
    else if (!strcmp(kind, "hand")) {
        Buf ignored = {0};
        add_names(self, model_add(self, DECL_TYPE, row.cells[0], header, ""), names, "", &ignored);
    } else
        die("basetypes.tsv:%d: unknown kind %s", row.line, kind);
}

// Rows whose parameter types were guessed from prose are declared without parameters.
static const char *trusted_params(Row row, const char *params) {
    return !strcmp(row.cells[5], "docs-infer") ? "?" : params;
}

static void add_callback(Model *self, Row row) {
    const char *header = header_name(row.cells[0]), *role = row.cells[1], *pointers = row.cells[2];
    int has_role = *role && !is_taken(self, role, header);
    const char *name = *role ? role : pointers;
    int decl = model_add(self, DECL_CALLBACK, name, header, "");
    Buf text = {0}, params = {0}, names = {0};
    params_write(self, decl, trusted_params(row, row.cells[4]), &params);
    note_refs(self, decl, row.cells[3], 0);
    if (has_role) {
        model_name(self, &self->names, role, decl);
        map_put(&self->functypes, role, decl);
        buf_printf(&text, "typedef %s %s(%s);\n", row.cells[3], role, params.data);
        if (add_names(self, decl, pointers, "*", &names))
            buf_printf(&text, "typedef %s%s;\n", role, names.data);
    } else {
        char **parts;
        int parts_len = split_top(pointers, ',', &parts);
        for (int i = 0; i < parts_len; i++)
            if (map_get(&self->hand, parts[i]) < 0 &&
                model_name(self, &self->names, parts[i], decl) == 0)
                buf_printf(&text, "typedef %s (*%s)(%s);\n", row.cells[3], parts[i], params.data);
    }
    self->decls[decl].text = buf_take(&text);
}

static void add_constant(Model *self, const char *name, const char *value, const char *header) {
    if (is_taken(self, name, header))
        return;
    int decl =
        model_add(self, DECL_CONSTANT, name, header, str_printf("#define %s %s\n", name, value));
    map_put(&self->names, name, decl);
    note_expr(self, decl, value, REF_OPTIONAL);
}

static void add_object(Model *self, DeclKind kind, const char *name, const char *header, int decl,
                       const char *text) {
    (void)kind, (void)header;
    self->decls[decl].text = text;
    map_put(&self->objects, name, decl);
}

static int is_object_taken(Model *self, const char *name, const char *header) {
    int found = map_get(&self->objects, name);
    if (found < 0)
        return is_taken(self, name, header);
    self->dropped_len++;
    fprintf(self->report, "duplicate\t%s\t%s\tkept in %s\n", name, header,
            self->headers[self->decls[found].header].name);
    return 1;
}

static void add_function(Model *self, Row row) {
    const char *header = header_name(row.cells[0]), *name = row.cells[1];
    if (is_object_taken(self, name, header))
        return;
    int decl = model_add(self, DECL_FUNCTION, name, header, "");
    Buf params = {0};
    note_refs(self, decl, row.cells[2], 0);
    params_write(self, decl, trusted_params(row, row.cells[3]), &params);
    add_object(self, DECL_FUNCTION, name, header, decl,
               str_printf("%s %s(%s);\n", row.cells[2], name, params.data));
}

static void add_variable(Model *self, const char *name, const char *header, const char *text) {
    if (is_object_taken(self, name, header))
        return;
    int decl = model_add(self, DECL_VARIABLE, name, header, "");
    note_refs(self, decl, text, 1);
    add_object(self, DECL_VARIABLE, name, header, decl, str_printf("extern %s;\n", text));
}

static void add_guid(Model *self, Row row) {
    const char *type = !strcmp(row.cells[1], "guid") ? "GUID" : "DEVPROPKEY";
    add_variable(self, row.cells[0], header_name(row.cells[3]),
                 str_printf("const %s %s", type, row.cells[0]));
}

// Documented names without a known value: constants get small distinct numbers. A name that is used
// as a type is left to the placeholders.
static void add_name_only(Model *self, Row row) {
    const char *header = header_name(row.cells[2]), *name = row.cells[0];
    if (map_get(&self->objects, name) >= 0 || map_get(&self->names, name) >= 0)
        return;
    if (map_get(&self->type_refs, name) >= 0)
        return;
    if (!strcmp(row.cells[1], "guid"))
        add_variable(self, name, header, str_printf("const GUID %s", name));
    else
        add_constant(self, name, str_printf("0x%x", 0x70000 + row.line), header);
}

static void add_includes(Model *self, Row row) {
    int header = model_header(self, str_lower(row.cells[0]));
    char **parts;
    int parts_len = split_top(row.cells[1], ',', &parts);
    self->headers[header].explicit_includes = 1;
    for (int i = 0; i < parts_len; i++) {
        if (!strcmp(parts[i], "-"))
            continue;
        int included = model_header(self, str_lower(parts[i]));
        Header *h = &self->headers[header];
        h->includes = mem_grow(h->includes, sizeof *h->includes, h->includes_len, &h->includes_cap);
        h->includes[h->includes_len++] = included;
    }
}

#define FOR_ROWS(table, row)                                                                       \
    for (Row *row = (table).rows; row < (table).rows + (table).rows_len; row++)

void build_all(Model *self, const char *dir) {
    Table base = table_read(dir, "basetypes.tsv", 6), structs = table_read(dir, "structs.tsv", 6);
    Table enums = table_read(dir, "enums.tsv", 5), roles = table_read(dir, "callbacks.tsv", 6);
    Table constants = table_read(dir, "constants.tsv", 4), guids = table_read(dir, "guids.tsv", 5);
    Table functions = table_read(dir, "functions.tsv", 6),
          names = table_read(dir, "names_only.tsv", 4);
    Table globals = table_read(dir, "globals.tsv", 4),
          includes = table_read(dir, "includes.tsv", 2);
    FOR_ROWS(includes, r) add_includes(self, *r);
    FOR_ROWS(roles, r) if (*r->cells[1]) map_put(&self->functypes, r->cells[1], 0);
    FOR_ROWS(base, r) add_basetype(self, *r, 0);
    build_interfaces(self, dir);
    FOR_ROWS(structs, r)
    add_aggregate(self, header_name(r->cells[0]), r->cells[3], r->cells[1], r->cells[2],
                  r->cells[4]);
    FOR_ROWS(enums, r)
    add_enum(self, header_name(r->cells[0]), r->cells[1], r->cells[2], r->cells[3], ';');
    FOR_ROWS(roles, r) add_callback(self, *r);
    FOR_ROWS(base, r) add_basetype(self, *r, 1);
    FOR_ROWS(constants, r) add_constant(self, r->cells[0], r->cells[1], header_name(r->cells[2]));
    FOR_ROWS(guids, r) add_guid(self, *r);
    FOR_ROWS(globals, r) add_variable(self, r->cells[0], header_name(r->cells[2]), r->cells[1]);
    FOR_ROWS(functions, r) add_function(self, *r);
    FOR_ROWS(names, r) add_name_only(self, *r);
}
