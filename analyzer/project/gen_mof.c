/* gen_mof: what the WMI tools make of class definitions.
 *
 * For each class: its GUID, a structure of the properties that have a WmiDataId, in the order of
 * these, `_SIZE` and `_ID` macros, and for each method its number and structures of its parameters
 * (`_IN`, `_OUT`). A property without a fixed size ends the fixed part. Errs: text that is not
 * understood is skipped up to the next semicolon or brace.
 */
#include "analyzer/project/generate.h"

#include <ctype.h>
#include <stdlib.h>

enum { MAX_FIELDS = 4096, MAX_STRING_LEN = 65536 };

/* One token: a word, a string without its quotes, or one other byte. */
typedef struct Token {
    char kind;        /* 'w' word or number, 's' string, 0 end, else the byte itself */
    const char *text; /* of a word or string */
} Token;

typedef struct Qualifier {
    const char *name; /* "WmiDataId" */
    CStrArray values; /* in parentheses or braces, strings and words alike */
} Qualifier;

typedef Array(Qualifier) Qualifiers;

/* A property or a parameter. */
typedef struct Field {
    const char *type;  /* C type */
    const char *name;  /* as written */
    const char *count; /* number of items, NULL: not an array */
    uint32_t id;       /* WmiDataId or ID, 0 without */
    bool is_open;      /* its size is only known at run time */
    bool is_text;      /* a string */
    bool is_in;        /* a parameter that goes in */
    bool is_out;       /* a parameter that comes out */
} Field;

typedef Array(Field) Fields;

typedef struct Mof {
    Arena *arena;   /* owns everything */
    Text *out;      /* the header */
    const char *at; /* what is left */
    Token token;    /* the one being looked at */
    bool any;       /* some class was read */
} Mof;

/* ---- tokens ------------------------------------------------------------------------------- */

static void skip_blanks(Mof *self) {
    for (;;) {
        self->at += strspn(self->at, " \t\r\n");
        if (self->at[0] == '/' && self->at[1] == '/') {
            self->at += strcspn(self->at, "\n");
        } else if (self->at[0] == '/' && self->at[1] == '*') {
            const char *end = strstr(self->at + 2, "*/");
            self->at = end == NULL ? self->at + strlen(self->at) : end + 2;
        } else if (self->at[0] == '#') {
            self->at += strcspn(self->at, "\n");
        } else {
            return;
        }
    }
}

static const char *read_string(Mof *self) {
    const char *start = ++self->at;
    while (*self->at != '\0' && *self->at != '"')
        self->at += self->at[0] == '\\' && self->at[1] != '\0' ? 2 : 1;
    const char *text = arena_strndup(self->arena, start, (size_t)(self->at - start));
    self->at += *self->at == '"';
    return text;
}

static void next(Mof *self) {
    skip_blanks(self);
    self->token = (Token){*self->at, ""};
    if (*self->at == '"') {
        self->token = (Token){'s', read_string(self)};
    } else if (isalnum((unsigned char)*self->at) || *self->at == '_') {
        size_t len = 0;
        while (isalnum((unsigned char)self->at[len]) || self->at[len] == '_')
            len++;
        self->token = (Token){'w', arena_strndup(self->arena, self->at, len)};
        self->at += len;
    } else if (*self->at != '\0') {
        self->at++;
    }
}

static bool accept(Mof *self, char kind) {
    if (self->token.kind != kind)
        return false;
    next(self);
    return true;
}

static bool is_word(const Mof *self, const char *word) {
    return self->token.kind == 'w' && str_icmp(self->token.text, word) == 0;
}

/* Behind the semicolon that ends this; a brace on the way is skipped with what it holds. */
static void skip_statement(Mof *self) {
    uint32_t depth = 0;
    while (self->token.kind != '\0') {
        char kind = self->token.kind;
        if (kind == '}' && depth == 0)
            return;
        depth += kind == '{';
        depth -= kind == '}';
        next(self);
        if (kind == ';' && depth == 0)
            return;
    }
}

/* ---- qualifiers --------------------------------------------------------------------------- */

static void read_values(Mof *self, CStrArray *values) {
    char close = self->token.kind == '(' ? ')' : '}';
    next(self);
    while (self->token.kind != '\0' && self->token.kind != close) {
        if (self->token.kind == 'w' || self->token.kind == 's')
            array_push(values, self->arena, self->token.text);
        next(self);
    }
    accept(self, close);
}

/* `[Name, Name(value), Name{value, value}: flavour]` */
static Qualifiers read_qualifiers(Mof *self) {
    Qualifiers list = {0};
    if (!accept(self, '['))
        return list;
    while (self->token.kind != '\0' && self->token.kind != ']') {
        bool flavour = accept(self, ':');
        if (self->token.kind != 'w') {
            next(self);
            continue;
        }
        Qualifier qualifier = {.name = self->token.text};
        next(self);
        if (self->token.kind == '(' || self->token.kind == '{')
            read_values(self, &qualifier.values);
        if (!flavour)
            array_push(&list, self->arena, qualifier);
    }
    accept(self, ']');
    return list;
}

static const Qualifier *qualifier(const Qualifiers *list, const char *name) {
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_icmp(list->items[i].name, name) == 0)
            return &list->items[i];
    }
    return NULL;
}

/* The first value as a number, 0 without. */
static uint32_t number_in(const Qualifiers *list, const char *name) {
    const Qualifier *found = qualifier(list, name);
    return found == NULL || found->values.len == 0
               ? 0
               : (uint32_t)strtoul(found->values.items[0], NULL, 0);
}

/* ---- fields ------------------------------------------------------------------------------- */

static const char *c_type(const char *type) {
    static const char *const types[][2] = {
        {"boolean", "BOOLEAN"}, {"uint8", "UCHAR"},  {"sint8", "CHAR"},    {"uint16", "USHORT"},
        {"sint16", "SHORT"},    {"uint32", "ULONG"}, {"sint32", "LONG"},   {"uint64", "ULONGLONG"},
        {"sint64", "LONGLONG"}, {"real32", "float"}, {"real64", "double"}, {"char16", "WCHAR"},
        {"datetime", "WCHAR"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_icmp(type, types[i][0]) == 0)
            return types[i][1];
    }
    return type;
}

/* A string has room for MaxLen characters and a terminator; without MaxLen its size is open. */
static void size_string(Mof *self, Field *field, const Qualifiers *list) {
    uint32_t len = number_in(list, "MaxLen");
    field->type = "WCHAR";
    field->is_text = true;
    if (len == 0 || len > MAX_STRING_LEN) {
        field->is_open = true;
        return;
    }
    field->count = field->count == NULL
                       ? arena_printf(self->arena, "%u", len + 1)
                       : arena_printf(self->arena, "(%s) * %u", field->count, len + 1);
}

/* `[]`, `[N]` behind the name. */
static void read_bounds(Mof *self, Field *field, const Qualifiers *list) {
    uint32_t most = number_in(list, "MAX");
    if (!accept(self, '['))
        return;
    field->count = "1";
    if (self->token.kind == 'w' && isdigit((unsigned char)self->token.text[0]))
        field->count =
            arena_printf(self->arena, "%lu", strtoul(self->token.text, NULL, 0) % 0x1000000);
    else if (most > 0 && most < 0x1000000)
        field->count = arena_printf(self->arena, "%u", most);
    else
        field->is_open = true;
    field->is_open |= qualifier(list, "WmiSizeIs") != NULL;
    while (self->token.kind == 'w')
        next(self);
    accept(self, ']');
}

/* `type name[bounds]`; the name is NULL when it is something else. */
static Field read_field(Mof *self, const Qualifiers *list) {
    Field field = {.id = number_in(list, "WmiDataId")};
    if (field.id == 0)
        field.id = number_in(list, "ID") + 1;
    field.is_in = qualifier(list, "in") != NULL;
    field.is_out = qualifier(list, "out") != NULL;
    const char *type = self->token.text;
    if (self->token.kind != 'w' || !generate_is_name(type))
        return field;
    next(self);
    if (is_word(self, "ref"))
        next(self);
    if (self->token.kind != 'w' || !generate_is_name(self->token.text))
        return field;
    field.name = self->token.text;
    field.type = c_type(type);
    next(self);
    read_bounds(self, &field, list);
    if (str_icmp(type, "string") == 0)
        size_string(self, &field, list);
    else if (str_icmp(type, "datetime") == 0)
        field.count = "25";
    return field;
}

static int by_id(const void *left, const void *right) {
    const Field *a = left, *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* ---- writing ------------------------------------------------------------------------------ */

static void write_field(Mof *self, const char *owner, const Field *field, bool numbered) {
    if (field->is_text && field->is_open)
        return; /* no member: part of VariableData */
    const char *count = field->count == NULL ? "1" : field->count;
    text_printf(self->out, self->arena, "    %s %s", field->type, field->name);
    if (field->count != NULL || field->is_open)
        text_printf(self->out, self->arena, "[%s]", field->is_open ? "1" : count);
    text_append(self->out, self->arena, ";\n");
    if (!field->is_open)
        text_printf(self->out, self->arena, "#define %s_%s_SIZE (sizeof(%s) * (%s))\n", owner,
                    field->name, field->type, count);
    if (numbered)
        text_printf(self->out, self->arena, "#define %s_%s_ID %u\n", owner, field->name, field->id);
}

/* The structure of some fields; its size is that of the part whose size is fixed. */
static void write_struct(Mof *self, const char *name, const Fields *fields, bool numbered) {
    const char *last = NULL;
    bool open = false, text = false;
    if (fields->len == 0)
        return;
    text_printf(self->out, self->arena, "typedef struct _%s {\n", name);
    for (uint32_t i = 0; i < fields->len; i++) {
        const Field *field = &fields->items[i];
        open |= field->is_open;
        text |= field->is_open && field->is_text;
        last = open ? last : field->name;
        write_field(self, name, field, numbered);
    }
    text_printf(self->out, self->arena, "%s} %s, *P%s;\n",
                text ? "    CHAR VariableData[1];\n" : "", name, name);
    if (last == NULL)
        text_printf(self->out, self->arena, "#define %s_SIZE 0\n", name);
    else
        text_printf(self->out, self->arena, "#define %s_SIZE (FIELD_OFFSET(%s, %s) + %s_%s_SIZE)\n",
                    name, name, last, name, last);
}

static void write_guid(Mof *self, const char *name, const Qualifiers *list) {
    const Qualifier *guid = qualifier(list, "guid");
    const char *value = guid == NULL || guid->values.len == 0
                            ? NULL
                            : generate_guid(self->arena, guid->values.items[0]);
    if (value != NULL)
        text_printf(self->out, self->arena,
                    "#define %sGuid { %s }\n"
                    "EXTERN_C const GUID %s_GUID;\n",
                    name, value, name);
}

/* DefineValues{"A","B"} with ValueMap{"0","1"}, BitValues with BitMap. */
static void write_values(Mof *self, const Qualifiers *list) {
    const Qualifier *names = qualifier(list, "DefineValues"), *map = qualifier(list, "ValueMap");
    for (uint32_t i = 0; names != NULL && i < names->values.len; i++) {
        const char *name = names->values.items[i];
        uint32_t value = map == NULL || i >= map->values.len
                             ? i
                             : (uint32_t)strtoul(map->values.items[i], NULL, 0);
        if (generate_is_name(name))
            text_printf(self->out, self->arena, "#ifndef %s\n#define %s %u\n#endif\n", name, name,
                        value);
    }
}

/* ---- classes ------------------------------------------------------------------------------ */

static void write_parameters(Mof *self, const char *name, const Fields *all, bool in) {
    Fields some = {0};
    for (uint32_t i = 0; i < all->len; i++) {
        if (in ? all->items[i].is_in : all->items[i].is_out)
            array_push(&some, self->arena, all->items[i]);
    }
    write_struct(self, arena_printf(self->arena, "%s_%s", name, in ? "IN" : "OUT"), &some, false);
}

/* `(parameters)` behind the name of a method. */
static void read_method(Mof *self, const char *name, const Qualifiers *list) {
    Fields fields = {0};
    next(self);
    while (self->token.kind != '\0' && self->token.kind != ')' && self->token.kind != ';') {
        Qualifiers qualifiers = read_qualifiers(self);
        Field field = read_field(self, &qualifiers);
        if (field.name != NULL && fields.len < MAX_FIELDS)
            array_push(&fields, self->arena, field);
        if (!accept(self, ',') && self->token.kind != ')')
            next(self);
    }
    if (fields.len > 1)
        qsort(fields.items, fields.len, sizeof(Field), by_id);
    text_printf(self->out, self->arena, "#define %s %u\n", name, number_in(list, "WmiMethodId"));
    write_parameters(self, name, &fields, true);
    write_parameters(self, name, &fields, false);
}

static void read_member(Mof *self, Fields *fields) {
    Qualifiers list = read_qualifiers(self);
    if (self->token.kind == '}' || self->token.kind == '\0')
        return;
    Field field = read_field(self, &list);
    write_values(self, &list);
    if (field.name != NULL && self->token.kind == '(')
        read_method(self, field.name, &list);
    else if (field.name != NULL && number_in(&list, "WmiDataId") != 0 && fields->len < MAX_FIELDS)
        array_push(fields, self->arena, field);
    skip_statement(self);
}

/* `class Name : Base { members };` */
static void read_class(Mof *self, const Qualifiers *list) {
    const char *name = self->token.text;
    Fields fields = {0};
    bool is_name = self->token.kind == 'w' && generate_is_name(name);
    next(self);
    if (accept(self, ':'))
        next(self);
    if (!is_name || !accept(self, '{')) {
        skip_statement(self);
        return;
    }
    self->any = true;
    write_guid(self, name, list);
    while (self->token.kind != '\0' && self->token.kind != '}')
        read_member(self, &fields);
    accept(self, '}');
    accept(self, ';');
    if (fields.len > 1)
        qsort(fields.items, fields.len, sizeof(Field), by_id);
    write_struct(self, name, &fields, true);
}

bool generate_classes(Arena *arena, const char *text, Text *out) {
    Mof self = {.arena = arena, .out = out, .at = text};
    next(&self);
    while (self.token.kind != '\0') {
        Qualifiers list = read_qualifiers(&self);
        if (is_word(&self, "class")) {
            next(&self);
            read_class(&self, &list);
        } else if (self.token.kind == '}') {
            next(&self);
        } else {
            skip_statement(&self);
        }
    }
    return self.any;
}
