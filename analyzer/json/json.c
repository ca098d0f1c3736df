/* json: parses JSON that people write, so that what is wrong with it can be told by line.
 *
 * cJSON keeps no positions, so the text is walked once more beside the tree: both list the values
 * in the same order. The line is kept in `valueint`; numbers are read from `valuedouble`.
 * Invariant: what goes to cJSON is UTF-8 without NUL and nested at most MAX_DEPTH deep, so its
 * recursion is bounded and no string ends early.
 */
#include "analyzer/json/json.h"

enum { MAX_DEPTH = 64 };

/* What is wrong with a text. */
static bool set_fault(JsonFault *fault, uint32_t line, const char *text) {
    *fault = (JsonFault){line, text};
    return false;
}

/* ---- the text ------------------------------------------------------------------------------ */

static uint32_t line_at(const char *text, const char *at) {
    uint32_t line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* Bytes of the UTF-8 character at `at`, 0 when it is none. */
static size_t character_size(const unsigned char *at) {
    size_t size = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    if (*at > 0xf4 || (*at == 0xe0 && at[1] < 0xa0) || (*at == 0xf0 && at[1] < 0x90) ||
        (*at == 0xed && at[1] > 0x9f) || (*at == 0xf4 && at[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

static bool check_characters(const char *text, size_t size, JsonFault *fault) {
    if (size >= 2 && ((unsigned char)text[0] >= 0xfe || text[0] == '\0' || text[1] == '\0')) {
        return set_fault(fault, 1, "not UTF-8 text: saved as UTF-16?");
    }
    for (const char *at = text; at < text + size;) {
        size_t step = *at == '\0' ? 0 : character_size((const unsigned char *)at);
        if (step == 0)
            return set_fault(fault, line_at(text, at), "not UTF-8 text");
        at += step;
    }
    return true;
}

static bool check_depth(const char *text, JsonFault *fault) {
    uint32_t depth = 0;
    bool in_string = false;
    for (const char *at = text; *at != '\0'; at++) {
        const char *problem = NULL;
        if (in_string && *at == '\\') {
            if (str_starts_with(at, "\\u0000"))
                problem = "\\u0000 stands in no name";
            at += at[1] != '\0';
        } else if (*at == '"') {
            in_string = !in_string;
        } else if (!in_string && (*at == '[' || *at == '{')) {
            if (++depth > MAX_DEPTH)
                problem = "nested too deeply";
        } else if (!in_string && (*at == ']' || *at == '}') && depth > 0) {
            depth--;
        }
        if (problem != NULL)
            return set_fault(fault, line_at(text, at), problem);
    }
    return true;
}

/* ---- lines --------------------------------------------------------------------------------- */

/* A cursor over text that cJSON has accepted. */
typedef struct Scan {
    const char *at; /* next character */
    uint32_t line;  /* its line */
} Scan;

static void skip(Scan *self) {
    self->line += *self->at == '\n';
    self->at++;
}

/* What cJSON takes for blanks, and what stands between values. */
static void skip_between(Scan *self) {
    while (*self->at != '\0' && ((unsigned char)*self->at <= ' ' || strchr(",:]}", *self->at)))
        skip(self);
}

static void skip_string(Scan *self) {
    for (skip(self); *self->at != '\0' && *self->at != '"'; skip(self))
        if (*self->at == '\\' && self->at[1] != '\0')
            skip(self);
    if (*self->at == '"')
        skip(self);
}

/* The line of the next value; moves past a scalar, or into an object or array. */
static uint32_t next_value(Scan *self) {
    for (;;) {
        skip_between(self);
        uint32_t line = self->line;
        if (*self->at == '"') {
            skip_string(self);
            while (*self->at != '\0' && (unsigned char)*self->at <= ' ')
                skip(self);
            if (*self->at == ':')
                continue; /* the name of a member */
        } else if (*self->at == '{' || *self->at == '[') {
            skip(self);
        } else {
            while ((unsigned char)*self->at > ' ' && strchr(",:]}", *self->at) == NULL)
                skip(self);
        }
        return line;
    }
}

static void note_lines(cJSON *node, Scan *scan) {
    node->valueint = (int)next_value(scan);
    for (cJSON *child = node->child; child != NULL; child = child->next)
        note_lines(child, scan);
}

uint32_t json_line(const cJSON *node) {
    return (uint32_t)node->valueint;
}

/* cJSON stops at what it cannot read or one character after it: the whole line is shown. */
static void set_syntax_fault(Arena *arena, const char *text, const char *at, JsonFault *fault) {
    if (at[strspn(at, " \t\r\n")] == '\0') {
        set_fault(fault, line_at(text, at), "not JSON: the text ends too early");
        return;
    }
    const char *start = at;
    while (start > text && start[-1] != '\n')
        start--;
    const char *shown = start + strspn(start, " \t\r");
    set_fault(fault, line_at(text, at),
              arena_printf(arena, "not JSON: %.*s", (int)strcspn(shown, "\r\n"), shown));
}

cJSON *json_parse(Arena *arena, const char *text, size_t size, JsonFault *fault) {
    if (!check_characters(text, size, fault) || !check_depth(text, fault))
        return NULL;
    if (str_starts_with(text, "\xef\xbb\xbf"))
        text += 3, size -= 3;
    const char *end = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, size + 1, &end, 1);
    if (root == NULL)
        set_syntax_fault(arena, text, end, fault);
    else
        note_lines(root, &(Scan){text, 1});
    return root;
}

cJSON *json_read(Arena *arena, const char *path, size_t max_size, Error *err) {
    char *text;
    size_t size;
    JsonFault fault;
    if (file_read(arena, path, max_size, &text, &size, err) != 0)
        return NULL;
    cJSON *root = json_parse(arena, text, size, &fault);
    if (root == NULL)
        error_set(err, "%s:%u: %s", path, fault.line, fault.text);
    return root;
}

int json_check_members(Arena *arena, const cJSON *object, const char *const *keys,
                       JsonFault *fault) {
    CStrArray names = {0};
    for (; *keys != NULL; keys++)
        array_push(&names, arena, *keys);
    for (const cJSON *at = object->child; at != NULL; at = at->next) {
        uint32_t known = 0;
        while (known < names.len && !str_eq(names.items[known], at->string))
            known++;
        if (known < names.len)
            continue;
        const char *near = nearest_name(&names, at->string);
        set_fault(fault, json_line(at),
                  near == NULL
                      ? arena_printf(arena, "there is no member '%s' here", at->string)
                      : arena_printf(arena, "there is no member '%s' here, did you mean '%s'?",
                                     at->string, near));
        return -1;
    }
    return 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

cJSON *json_add_object(cJSON *array) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    return object;
}

int json_put(cJSON *root, FILE *out) {
    char *text = cJSON_Print(root);
    cJSON_Delete(root);
    if (text == NULL)
        return -1;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return 0;
}
