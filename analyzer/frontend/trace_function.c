/* trace_function: what a trace function does, as a macro.
 *
 * `FUNC Name{A=x,B=y}(C,D,MSG,...)` makes the trace preprocessor write
 *
 *     WPP_A_B_C_D_PRE(x, y, C, D) trace(…) WPP_A_B_C_D_POST(x, y, C, D)
 *
 * around each message, where the two macros are the driver's own and may be absent. Invariant: with
 * them the macro does what they say (leave the function when a status is bad), without them
 * nothing. Errs: arguments in parentheses of their own are lost.
 */
#include "analyzer/frontend/trace.h"

#include <ctype.h>

/* A declaration while it is read. */
typedef struct Spec {
    Arena *arena;    /* owns everything */
    const char *at;  /* next character */
    const char *end; /* one behind the last */
    Text base;       /* _A_B_C_D */
    Text values;     /* x, y, C, D */
    Text params;     /* C, D, wpp2, ... */
    bool is_plain;   /* the list is in parentheses of its own: nothing can be passed on */
} Spec;

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static void skip_space(Spec *self) {
    while (self->at < self->end && isspace((unsigned char)*self->at))
        self->at++;
}

static bool take(Spec *self, char c) {
    skip_space(self);
    if (self->at >= self->end || *self->at != c)
        return false;
    self->at++;
    return true;
}

/* Up to one of `stops` outside of parentheses. */
static const char *take_until(Spec *self, const char *stops) {
    skip_space(self);
    const char *begin = self->at;
    for (int level = 0; self->at < self->end && *self->at != '\n'; self->at++) {
        if (level == 0 && strchr(stops, *self->at) != NULL)
            break;
        level += (*self->at == '(') - (*self->at == ')');
    }
    const char *stop = self->at;
    while (stop > begin && isspace((unsigned char)stop[-1]))
        stop--;
    return arena_strndup(self->arena, begin, (size_t)(stop - begin));
}

static const char *take_name(Spec *self) {
    skip_space(self);
    const char *begin = self->at;
    while (self->at < self->end && is_name_char(*self->at))
        self->at++;
    return arena_strndup(self->arena, begin, (size_t)(self->at - begin));
}

static void add(Spec *self, Text *list, const char *text) {
    text_printf(list, self->arena, "%s%s", list->len > 0 ? ", " : "", text);
}

static void add_passed(Spec *self, const char *name, const char *value) {
    text_printf(&self->base, self->arena, "_%s", name);
    add(self, &self->values, value);
}

/* {A=x,B=y} */
static void read_fixed(Spec *self) {
    while (self->at < self->end && !take(self, '}')) {
        const char *name = take_name(self);
        const char *value = take(self, '=') ? take_until(self, ",}") : "0";
        if (name[0] != '\0')
            add_passed(self, name, value);
        if (!take(self, ',') && (self->at >= self->end || *self->at != '}'))
            return;
    }
}

/* (C,D,MSG,...) */
static void read_params(Spec *self) {
    bool variadic = false;
    for (uint32_t number = 1; !variadic && self->at < self->end && !take(self, ')'); number++) {
        const char *text = take_until(self, ",)");
        bool is_name = text[0] != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                            "0123456789_")] == '\0';
        variadic = str_eq(text, "...") || str_eq(text, "MSG");
        if (number == 1 && text[0] == '(')
            self->is_plain = true;
        if (variadic)
            add(self, &self->params, "...");
        else if (is_name)
            add(self, &self->params, text);
        else if (text[0] != '\0')
            add(self, &self->params, arena_printf(self->arena, "wpp%u", number));
        if (is_name && !variadic)
            add_passed(self, text, text);
        if (!take(self, ',') && (self->at >= self->end || *self->at != ')'))
            return;
    }
}

static const char *macro_of(Spec *self, const char *name) {
    Text text = {0};
    const char *base = text_cstr(&self->base, self->arena);
    const char *values = text_cstr(&self->values, self->arena);
    const char *params = text_cstr(&self->params, self->arena);
    if (self->is_plain || self->base.len == 0)
        return NULL;
    text_printf(&text, self->arena, "#if defined WPP%s_PRE || defined WPP%s_POST\n", base, base);
    text_printf(&text, self->arena, "#ifndef WPP%s_PRE\n#define WPP%s_PRE(...)\n#endif\n", base,
                base);
    text_printf(&text, self->arena, "#ifndef WPP%s_POST\n#define WPP%s_POST(...)\n#endif\n", base,
                base);
    text_printf(&text, self->arena, "#define %s(%s) WPP%s_PRE(%s) (void)0 WPP%s_POST(%s)\n#else\n",
                name, params, base, values, base, values);
    text_printf(&text, self->arena, "#define %s(...) ((void)0)\n#endif\n", name);
    return text_cstr(&text, self->arena);
}

TraceFunction trace_read_function(Arena *arena, const char **at, const char *end) {
    Spec spec = {.arena = arena, .at = *at, .end = end};
    TraceFunction function = {take_name(&spec), NULL};
    if (take(&spec, '{'))
        read_fixed(&spec);
    bool has_params = take(&spec, '(');
    if (has_params)
        read_params(&spec);
    if (function.name[0] != '\0' && has_params)
        function.macro = macro_of(&spec, function.name);
    if (!has_params)
        function.name = "";
    *at = spec.at > *at ? spec.at : *at + 1;
    return function;
}
