/* suppressions: reads files of accepted findings (JSON, docs/suppressions.md).
 *
 * Invariant: an entry has a rule and a reason, and nothing in it is unknown; one mistake makes the
 * file no good, for a suppression that is silently left out, or reaches too far, is worse.
 */
#include "analyzer/gate/internal.h"

#include <cjson/cJSON.h>

enum { MAX_FILE_SIZE = 16 * 1024 * 1024 };

typedef struct Reader {
    Arena *arena;     /* of the result */
    const char *path; /* of the file */
    uint32_t entry;   /* number from 1, 0 outside */
    Error *err;       /* where the reason goes */
} Reader;

static int fail(const Reader *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(const Reader *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(self->arena, format, args);
    va_end(args);
    if (self->entry == 0)
        return error_set(self->err, "%s: %s", self->path, what);
    return error_set(self->err, "%s: suppression %u: %s", self->path, self->entry, what);
}

int gate_syntax_error(const char *path, const char *text, Error *err) {
    const char *at = cJSON_GetErrorPtr();
    uint32_t line = 1, column = 1;
    for (const char *byte = text; at != NULL && byte < at && *byte != '\0'; byte++) {
        column = *byte == '\n' ? 1 : column + 1;
        line += *byte == '\n';
    }
    return error_set(err, "%s:%u:%u: this is no JSON", path, line, column);
}

static int check_keys(const Reader *self, const cJSON *object, const char *const *keys) {
    for (const cJSON *at = object->child; at != NULL; at = at->next) {
        const char *const *key = keys;
        while (*key != NULL && !str_eq(*key, at->string))
            key++;
        if (*key != NULL)
            continue;
        CStrArray names = {0};
        for (key = keys; *key != NULL; key++)
            array_push(&names, self->arena, *key);
        const char *near = nearest_name(&names, at->string);
        return near == NULL
                   ? fail(self, "there is no member '%s'", at->string)
                   : fail(self, "there is no member '%s', did you mean '%s'?", at->string, near);
    }
    return 0;
}

/* A text member; NULL when it is not there. */
static int read_text(const Reader *self, const cJSON *object, const char *key, const char **text) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    *text = NULL;
    if (member == NULL)
        return 0;
    if (!cJSON_IsString(member) || member->valuestring[0] == '\0')
        return fail(self, "'%s' is not a text", key);
    *text = arena_strdup(self->arena, member->valuestring);
    return 0;
}

static bool is_date(const char *text) {
    static const char form[] = "dddd-dd-dd";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (const char *at = form; *at != '\0'; at++, text++) {
        if (*at == 'd' ? *text < '0' || *text > '9' : *text != *at)
            return false;
    }
    return true;
}

const char *gate_nearest_rule(Arena *arena, const char *id) {
    CStrArray ids = {0};
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < count; i++)
        array_push(&ids, arena, rules[i]->id);
    return nearest_name(&ids, id);
}

static int check_rule_id(const Reader *self, const char *id) {
    const char *near = gate_nearest_rule(self->arena, id);
    if (near != NULL && str_eq(near, id))
        return 0;
    return near == NULL ? fail(self, "there is no rule '%s'", id)
                        : fail(self, "there is no rule '%s', did you mean '%s'?", id, near);
}

static int read_entry(const Reader *self, const cJSON *object, Suppression *entry) {
    static const char *const keys[] = {"rule",    "file",   "function", "driver",
                                       "message", "reason", "until",    NULL};
    *entry = (Suppression){.path = self->path, .number = self->entry};
    if (!cJSON_IsObject(object))
        return fail(self, "it is not an object");
    if (check_keys(self, object, keys) != 0 || read_text(self, object, "rule", &entry->rule) != 0 ||
        read_text(self, object, "file", &entry->file) != 0 ||
        read_text(self, object, "function", &entry->function) != 0 ||
        read_text(self, object, "driver", &entry->driver) != 0 ||
        read_text(self, object, "message", &entry->message) != 0 ||
        read_text(self, object, "reason", &entry->reason) != 0 ||
        read_text(self, object, "until", &entry->until) != 0)
        return -1;
    if (entry->rule == NULL)
        return fail(self, "it names no rule");
    if (entry->reason == NULL)
        return fail(self, "it has no reason");
    if (entry->until != NULL && !is_date(entry->until))
        return fail(self, "'until' is not a date like 2027-03-31");
    return check_rule_id(self, entry->rule);
}

static int read_root(Reader *self, const cJSON *root, Suppressions *result) {
    static const char *const keys[] = {"$schema", "version", "suppressions", NULL};
    if (!cJSON_IsObject(root))
        return fail(self, "the whole is not an object");
    if (check_keys(self, root, keys) != 0)
        return -1;
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "version");
    if (!cJSON_IsNumber(version) || version->valuedouble != 1)
        return fail(self, "'version' is not 1");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "suppressions");
    if (!cJSON_IsArray(list))
        return fail(self, "'suppressions' is not a list");
    for (const cJSON *at = list->child; at != NULL; at = at->next) {
        Suppression entry;
        self->entry++;
        if (read_entry(self, at, &entry) != 0)
            return -1;
        array_push(&result->entries, self->arena, entry);
    }
    return 0;
}

static int read_file(Arena *arena, const char *path, Suppressions *result, Error *err) {
    Reader reader = {.arena = arena, .path = path, .err = err};
    char *text;
    size_t size;
    if (file_read(arena, path, MAX_FILE_SIZE, &text, &size, err) != 0)
        return -1;
    cJSON *root = cJSON_ParseWithOpts(text, NULL, true);
    if (root == NULL)
        return gate_syntax_error(path, text, err);
    int status = read_root(&reader, root, result);
    cJSON_Delete(root);
    return status;
}

Suppressions *suppressions_read(Arena *arena, const char *const *paths, uint32_t path_count,
                                Error *err) {
    Suppressions *self = arena_new_of(arena, Suppressions);
    for (uint32_t i = 0; i < path_count; i++) {
        if (read_file(arena, paths[i], self, err) != 0)
            return NULL;
    }
    return self;
}
