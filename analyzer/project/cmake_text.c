/* cmake_text: CMake's syntax: calls, quoted, bracket and plain arguments, comments, ${…}.
 *
 * Invariant: an argument is at most 64 KiB and all of a run have a common budget, so variables that
 * double each other end. Errs: a variable that is not set is empty; generator expressions are left
 * as they are.
 */
#include "analyzer/project/cmake_text.h"

#include <ctype.h>

enum { MAX_VALUE_SIZE = 64 * 1024, MAX_ARGUMENTS = 20000, MAX_VARIABLES = 2000 };

void cmake_set(Arena *arena, CmakeScope *scope, const char *name, const char *value) {
    for (uint32_t i = 0; i < scope->variables.len; i++) {
        if (str_eq(scope->variables.items[i].name, name)) {
            scope->variables.items[i].value = value;
            return;
        }
    }
    if (scope->variables.len < MAX_VARIABLES)
        array_push(&scope->variables, arena, (CmakeVariable){name, value});
}

const char *cmake_get(const CmakeScope *scope, const char *name) {
    for (uint32_t i = 0; i < scope->variables.len; i++) {
        if (str_eq(scope->variables.items[i].name, name))
            return scope->variables.items[i].value;
    }
    return "";
}

/* ---- variables ---------------------------------------------------------------------------- */

/* Replaces ${NAME}; a name that holds another reference is not known. */
static const char *expand(CmakeReader *self, const char *text) {
    Text out = {0};
    while (*text != '\0' && out.len <= MAX_VALUE_SIZE) {
        const char *open = strstr(text, "${");
        const char *close = open == NULL ? NULL : strchr(open, '}');
        size_t plain = close == NULL ? strlen(text) : (size_t)(open - text);
        text_append_len(&out, self->arena, text, plain);
        text += plain;
        if (close == NULL)
            break;
        const char *name = arena_strndup(self->arena, open + 2, (size_t)(close - open - 2));
        text_append(&out, self->arena, cmake_get(self->scope, name));
        text = close + 1;
    }
    if (out.len > MAX_VALUE_SIZE || out.len > self->scope->budget)
        return "";
    self->scope->budget -= out.len;
    return text_cstr(&out, self->arena);
}

static void add_argument(CmakeReader *self, CStrArray *arguments, const char *text) {
    if (arguments->len < MAX_ARGUMENTS)
        array_push(arguments, self->arena, text);
}

/* A plain argument is a list: each part is one, empty ones are none. */
static void add_parts(CmakeReader *self, CStrArray *arguments, const char *list) {
    while (*list != '\0') {
        size_t len = strcspn(list, ";");
        if (len > 0)
            add_argument(self, arguments, arena_strndup(self->arena, list, len));
        list += len + (list[len] == ';');
    }
}

/* ---- syntax ------------------------------------------------------------------------------- */

/* The text between [==[ and ]==]; NULL when `at` is no opening bracket. */
static const char *bracket(CmakeReader *self, const char *at, const char **behind) {
    if (at[0] != '[')
        return NULL;
    size_t marks = strspn(at + 1, "=");
    if (at[1 + marks] != '[' || marks > 100)
        return NULL;
    const char *close = arena_printf(self->arena, "]%.*s]", (int)marks, at + 1);
    const char *start = at + marks + 2, *end = strstr(start, close);
    *behind = end == NULL ? start + strlen(start) : end + strlen(close);
    return arena_strndup(self->arena, start, end == NULL ? strlen(start) : (size_t)(end - start));
}

static void skip_blanks(CmakeReader *self) {
    for (;;) {
        self->at += strspn(self->at, " \t\r\n");
        if (*self->at != '#')
            return;
        if (bracket(self, self->at + 1, &self->at) == NULL)
            self->at += strcspn(self->at, "\n");
    }
}

/* Up to the closing quote or the end of a plain argument; a backslash escapes the next byte. */
static const char *read_word(CmakeReader *self, bool quoted) {
    Text text = {0};
    while (*self->at != '\0' && strchr(quoted ? "\"" : " \t\r\n()#", *self->at) == NULL) {
        if (self->at[0] == '\\' && self->at[1] != '\0' && strchr("\"\\$#();", self->at[1]) != NULL)
            self->at++;
        size_t len = 1;
        if (!quoted && self->at[0] == '"') { /* -DX="a b" */
            len += strcspn(self->at + 1, "\"");
            len += self->at[len] == '"';
        }
        text_append_len(&text, self->arena, self->at, len);
        self->at += len;
    }
    return text_cstr(&text, self->arena);
}

static void read_argument(CmakeReader *self, CStrArray *arguments) {
    const char *behind, *text = bracket(self, self->at, &behind);
    if (text != NULL) {
        self->at = behind;
        add_argument(self, arguments, text);
    } else if (*self->at == '"') {
        self->at++;
        text = read_word(self, true);
        self->at += *self->at == '"';
        add_argument(self, arguments, expand(self, text));
    } else {
        add_parts(self, arguments, expand(self, read_word(self, false)));
    }
}

static void read_arguments(CmakeReader *self, CStrArray *arguments) {
    uint32_t depth = 1;
    while (depth > 0) {
        skip_blanks(self);
        if (*self->at == '\0')
            return;
        depth += *self->at == '(';
        depth -= *self->at == ')';
        if (*self->at == '(' || *self->at == ')')
            self->at++;
        else
            read_argument(self, arguments);
    }
}

const char *cmake_next_call(CmakeReader *self, CStrArray *arguments) {
    for (;;) {
        skip_blanks(self);
        if (*self->at == '\0')
            return NULL;
        size_t len = 0;
        while (isalnum((unsigned char)self->at[len]) || self->at[len] == '_')
            len++;
        const char *name = arena_strndup(self->arena, self->at, len);
        self->at += len;
        if (len == 0)
            self->at++;
        skip_blanks(self);
        if (len == 0 || *self->at != '(')
            continue;
        self->at++;
        arguments->len = 0;
        read_arguments(self, arguments);
        return name;
    }
}
