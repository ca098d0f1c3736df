/* msfunc: the string functions that project files call on properties: `$(Name.Replace('a','b'))`.
 *
 * One call on one property; what else .NET offers is unknown. As there, case counts. A call costs
 * the budget of expansions CALL_COST times the value's size. Errs towards unknown.
 */
#include "analyzer/project/msbuild.h"

#include <ctype.h>
#include <stdlib.h>

enum { CALL_COST = 16, MAX_CALL_ARGS = 2, MAX_ARG_SIZE = 4096 };

typedef struct Call {
    const char *value;               /* of the property */
    const char *name;                /* of the function */
    const char *args[MAX_CALL_ARGS]; /* "" where there are fewer */
    uint32_t count;                  /* how many */
} Call;

const char *ms_argument(Msbuild *self, const char **at, const char *end, bool *partial) {
    const char *start = *at + strspn(*at, " "), *stop = start;
    char quote = *start == '\'' || *start == '"' || *start == '`' ? *start : '\0';
    if (quote != '\0') {
        start++;
        stop = memchr(start, quote, (size_t)(end - start));
        stop = stop == NULL ? end : stop;
        *at = stop < end ? stop + 1 : end;
    } else {
        stop = memchr(start, ',', (size_t)(end - start));
        stop = stop == NULL ? end : stop;
        *at = stop;
    }
    *at += strspn(*at, " ");
    *at += **at == ',';
    *at = *at > end ? end : *at;
    size_t len = (size_t)(stop - start);
    return len > MAX_ARG_SIZE
               ? ""
               : ms_expand(self, arena_strndup(self->arena, start, len), NULL, partial);
}

static const char *replaced(Msbuild *self, const Call *call) {
    Text out = {0};
    const char *from = call->args[0], *at = call->value;
    if (*from == '\0')
        return call->value;
    for (const char *next; (next = strstr(at, from)) != NULL; at = next + strlen(from)) {
        text_append_len(&out, self->arena, at, (size_t)(next - at));
        text_append(&out, self->arena, call->args[1]);
        if (out.len > 64 * 1024)
            return "";
    }
    text_append(&out, self->arena, at);
    return text_cstr(&out, self->arena);
}

static const char *substring(Msbuild *self, const Call *call) {
    size_t size = strlen(call->value), start = strtoul(call->args[0], NULL, 10);
    size_t len = call->count > 1 ? strtoul(call->args[1], NULL, 10) : size;
    start = start > size ? size : start;
    len = len > size - start ? size - start : len;
    return arena_strndup(self->arena, call->value + start, len);
}

/* Without the given bytes, else blanks, at the end or at both. */
static const char *trimmed(Msbuild *self, const Call *call, bool at_start) {
    const char *bytes = call->args[0][0] == '\0' ? " \t\r\n" : call->args[0], *start = call->value;
    start += at_start ? strspn(start, bytes) : 0;
    size_t len = strlen(start);
    while (len > 0 && strchr(bytes, start[len - 1]) != NULL)
        len--;
    return arena_strndup(self->arena, start, len);
}

static const char *in_case(Msbuild *self, const char *text, int (*convert)(int)) {
    char *copy = arena_strdup(self->arena, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)convert((unsigned char)*at);
    return copy;
}

static const char *result_of(Msbuild *self, const Call *call) {
    if (str_eq(call->name, "Contains"))
        return strstr(call->value, call->args[0]) != NULL ? "True" : "False";
    if (str_eq(call->name, "StartsWith"))
        return str_starts_with(call->value, call->args[0]) ? "True" : "False";
    if (str_eq(call->name, "EndsWith"))
        return str_ends_with(call->value, call->args[0]) ? "True" : "False";
    if (str_eq(call->name, "Replace"))
        return replaced(self, call);
    if (str_eq(call->name, "Substring"))
        return substring(self, call);
    if (str_eq(call->name, "TrimEnd"))
        return trimmed(self, call, false);
    if (str_eq(call->name, "Trim"))
        return trimmed(self, call, true);
    if (str_eq(call->name, "ToLower") || str_eq(call->name, "ToLowerInvariant"))
        return in_case(self, call->value, tolower);
    if (str_eq(call->name, "ToUpper") || str_eq(call->name, "ToUpperInvariant"))
        return in_case(self, call->value, toupper);
    return NULL;
}

/* The parenthesis that closes the one at `open`, outside of quotes; the end when none does. */
static const char *closing(const char *open) {
    uint32_t depth = 0;
    char quote = '\0';
    for (; *open != '\0'; open++) {
        if (quote != '\0') {
            quote = *open == quote ? '\0' : quote;
        } else if (*open == '\'' || *open == '"' || *open == '`') {
            quote = *open;
        } else {
            depth += *open == '(';
            depth -= *open == ')';
            if (depth == 0)
                return open;
        }
    }
    return open;
}

/* The text that [System.String]::Copy('…') makes of its argument, or the property of that name;
 * NULL: neither. */
static const char *string_of(Msbuild *self, const char *text, bool *partial) {
    static const char copy[] = "[System.String]::Copy(";
    if (!str_starts_with(text, copy))
        return strpbrk(text, "[(.") == NULL ? ms_property(self, text) : NULL;
    const char *at = text + sizeof copy - 1, *end = closing(at - 1);
    return *end == ')' && end[1] == '\0' ? ms_argument(self, &at, end, partial) : NULL;
}

/* A string, or its Length. */
static const char *string_property(Msbuild *self, const char *text, bool *partial) {
    static const char length[] = ".Length";
    if (!str_ends_with(text, length))
        return text[0] == '[' ? string_of(self, text, partial) : NULL;
    size_t size = strlen(text) - (sizeof length - 1);
    const char *value = string_of(self, arena_strndup(self->arena, text, size), partial);
    return value == NULL ? NULL : arena_printf(self->arena, "%zu", strlen(value));
}

const char *ms_call(Msbuild *self, const char *text, bool *partial) {
    const char *string = string_property(self, text, partial);
    if (string != NULL || text[0] == '[')
        return string;
    const char *dot = strchr(text, '.'), *open = dot == NULL ? NULL : strchr(dot, '(');
    const char *end = text + strlen(text);
    if (open == NULL || strchr(text, '(') != open || *closing(open) != ')' ||
        closing(open)[1] != '\0')
        return NULL; /* no call, or a chain of them */
    Call call = {.name = arena_strndup(self->arena, dot + 1, (size_t)(open - dot - 1)),
                 .args = {"", ""}};
    call.value = ms_property(self, arena_strndup(self->arena, text, (size_t)(dot - text)));
    self->expanded_size += CALL_COST * strlen(call.value);
    const char *at = open + 1;
    for (end--; at < end && call.count < MAX_CALL_ARGS; call.count++)
        call.args[call.count] = ms_argument(self, &at, end, partial);
    return result_of(self, &call);
}
