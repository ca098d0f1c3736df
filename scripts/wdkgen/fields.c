// Writes field and parameter lists as C and notes what they refer to.
//
//   fields := item (';' item)*
//   item   := ('s'|'u') [' ' TAG] '{' fields '}' declarator?     a struct or union
//           | 'enum ' [TAG] '{' n ['=' v] (',' ...)* '}' declarator
//           | type ' ' declarator [':' bits]
//
// Invariant: every type name of the text is noted as a reference; a field by value (no '*') as one
// that must be complete. A field whose type is a function type is a pointer in C.
#include "wdkgen.h"

#include <ctype.h>
#include <string.h>

static int is_word_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static const char *const keywords[] = {
    "void",     "char",     "short",       "int",       "long",     "float",     "double",
    "signed",   "unsigned", "const",       "volatile",  "struct",   "union",     "enum",
    "_Bool",    "bool",     "wchar_t",     "__int64",   "__int32",  "__int16",   "__int8",
    "size_t",   "sizeof",   "__unaligned", "ptrdiff_t", "intptr_t", "uintptr_t", "uint8_t",
    "uint16_t", "uint32_t", "uint64_t",    "int8_t",    "int16_t",  "int32_t",   "int64_t",
    "va_list",  "static",   "restrict",
};

// Words of C++ and of our macros that must not name a field or a parameter.
static const char *const reserved[] = {
    "class",   "new",       "delete",   "this",     "namespace", "operator", "private",
    "public",  "protected", "template", "virtual",  "interface", "try",      "except",
    "finally", "leave",     "IN",       "OUT",      "NULL",      "OPTIONAL", "explicit",
    "export",  "friend",    "default",  "register", "catch",     "throw",    "typename",
};

static const char *const tag_words[] = {"struct", "union", "enum"};
static const char *const qualifiers[] = {"const", "volatile", "__unaligned", "restrict"};

static int is_in(const char *const *list, size_t list_len, const char *word, size_t len) {
    for (size_t i = 0; i < list_len; i++)
        if (strlen(list[i]) == len && memcmp(list[i], word, len) == 0)
            return 1;
    return 0;
}

int is_keyword(const char *word, size_t len) {
    return is_in(keywords, sizeof keywords / sizeof *keywords, word, len);
}

// Finds the next identifier at or after p; sets *len; NULL at the end. Skips numbers and literals.
static const char *next_word(const char *p, size_t *len) {
    while (*p) {
        if (isdigit((unsigned char)*p)) {
            while (is_word_char(*p))
                p++;
        } else if (*p == '\'' || *p == '"') {
            char quote = *p++;
            while (*p && *p != quote)
                p++;
            if (*p)
                p++;
        } else if (is_word_char(*p)) {
            const char *end = p;
            while (is_word_char(*end))
                end++;
            *len = (size_t)(end - p);
            return p;
        } else {
            p++;
        }
    }
    return NULL;
}

void note_expr(Model *self, int decl, const char *expr, RefKind kind) {
    size_t len;
    int after_tag = 0;
    for (const char *w = next_word(expr, &len); w; w = next_word(w + len, &len)) {
        if (!after_tag && !is_keyword(w, len))
            model_ref(self, decl, str_dup_n(w, len), kind);
        after_tag = is_in(tag_words, 3, w, len);
    }
}

// Notes the type name of a declaration; returns the text after it.
static const char *note_type(Model *self, int decl, const char *text, int by_value) {
    const char *tag_kind = NULL;
    int builtin = 0;
    size_t len;
    const char *end = text;
    for (const char *w = next_word(text, &len); w; w = next_word(end, &len)) {
        if (builtin && !is_keyword(w, len))
            return end;
        end = w + len;
        if (is_in(tag_words, 3, w, len)) {
            tag_kind = str_dup_n(w, len);
            continue;
        }
        if (is_in(qualifiers, 4, w, len))
            continue;
        if (is_keyword(w, len)) {
            builtin = 1;
            continue;
        }
        const char *name = str_dup_n(w, len);
        model_ref(self, decl, tag_kind ? str_printf("%s %s", tag_kind, name) : name, by_value);
        return end;
    }
    return end;
}

void note_refs(Model *self, int decl, const char *declaration, int by_value) {
    const char *paren = strstr(declaration, "(*");
    int pointer = paren || strchr(declaration, '*');
    const char *rest = note_type(self, decl, declaration, by_value && !pointer);
    for (const char *p = strchr(rest, '['); p; p = strchr(p + 1, '[')) {
        const char *close = strchr(p, ']');
        if (close)
            note_expr(self, decl, str_dup_n(p + 1, (size_t)(close - p - 1)), REF_EXPR);
    }
    const char *list = paren ? strchr(paren + 2, '(') : NULL;
    const char *end = list ? strrchr(list, ')') : NULL;
    if (!end)
        return;
    char **parts;
    int parts_len = split_top(str_dup_n(list + 1, (size_t)(end - list - 1)), ',', &parts);
    for (int i = 0; i < parts_len; i++)
        note_refs(self, decl, parts[i], 0);
}

// Appends a declaration, renaming reserved words that follow the type.
static void add_declaration(Buf *out, const char *text) {
    size_t len;
    const char *from = text;
    for (const char *w = next_word(text, &len); w; w = next_word(w + len, &len)) {
        if (w == text || !is_in(reserved, sizeof reserved / sizeof *reserved, w, len))
            continue;
        buf_add_n(out, from, (size_t)(w - from) + len);
        buf_add(out, "_");
        from = w + len;
    }
    buf_add(out, from);
}

static void add_indent(Buf *out, int indent) {
    for (int i = 0; i < indent; i++)
        buf_add(out, " ");
}

static char *matching_brace(char *open) {
    int depth = 0;
    for (char *p = open; *p; p++) {
        if (*p == '{')
            depth++;
        if (*p == '}' && --depth == 0)
            return p;
    }
    return NULL;
}

static int is_aggregate(const char *item) {
    return (item[0] == 's' || item[0] == 'u') && (item[1] == '{' || item[1] == ' ') &&
           strchr(item, '{');
}

static void write_aggregate(Model *self, int decl, char *item, int indent, Buf *out) {
    char *open = strchr(item, '{');
    char *close = matching_brace(open);
    if (!close)
        die("unbalanced fields: %s", item);
    *open = *close = 0;
    buf_printf(out, "%s%s {\n", item[0] == 's' ? "struct" : "union", item + 1);
    fields_write(self, decl, open + 1, indent + 1, out);
    add_indent(out, indent);
    buf_add(out, "} ");
    add_declaration(out, str_printf(" %s", str_trim(close + 1)));
    buf_add(out, ";\n");
}

// A field of function type is a pointer: "PFOO x" stays, "FOO x" becomes "FOO *x".
static const char *as_pointer(Model *self, const char *item) {
    size_t len;
    const char *word = next_word(item, &len);
    if (!word || strchr(item, '*') || strchr(item, '('))
        return item;
    const char *name = str_dup_n(word, len);
    if (map_get(&self->functypes, name) < 0)
        return item;
    return str_printf("%s *%s", name, word + len);
}

static void write_field(Model *self, int decl, char *item, int indent, Buf *out) {
    add_indent(out, indent);
    if (is_aggregate(item)) {
        write_aggregate(self, decl, item, indent, out);
        return;
    }
    if (!strncmp(item, "enum ", 5) && strchr(item, '{')) {
        buf_printf(out, "%s;\n", item);
        return;
    }
    const char *field = as_pointer(self, item);
    note_refs(self, decl, field, 1);
    add_declaration(out, field);
    buf_add(out, ";\n");
}

void fields_write(Model *self, int decl, const char *fields, int indent, Buf *out) {
    char **items;
    int items_len = split_top(fields, ';', &items);
    for (int i = 0; i < items_len; i++)
        write_field(self, decl, items[i], indent, out);
    if (!items_len) {
        add_indent(out, indent);
        buf_add(out, "int irqlint_empty;\n");
    }
}

void params_write(Model *self, int decl, const char *params, Buf *out) {
    char **items;
    int items_len = split_top(params, ';', &items);
    if (items_len == 1 && !strcmp(items[0], "?")) {
        buf_add(out, "IRQLINT_ANY");
        return;
    }
    if (items_len == 1 && (!strcmp(items[0], "VOID") || !strcmp(items[0], "None")))
        items_len = 0;
    if (items_len == 0)
        buf_add(out, "void");
    for (int i = 0; i < items_len; i++) {
        if (i)
            buf_add(out, ", ");
        if (strcmp(items[i], "...") != 0)
            note_refs(self, decl, items[i], 0);
        add_declaration(out, items[i]);
    }
}
