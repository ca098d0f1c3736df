/* suppressions: reads files of accepted findings (JSON, docs/suppressions.md).
 *
 * Invariant: an entry has a rule and a reason, and nothing in it is unknown; one mistake makes the
 * file no good, for a suppression that is silently left out, or reaches too far, is worse.
 */
#include "analyzer/gate/internal.h"
#include "analyzer/json/json.h"

enum { MAX_FILE_SIZE = 16 * 1024 * 1024 };

typedef struct Reader {
    Arena *arena;     /* of the result */
    const char *path; /* of the file */
    Error *err;       /* where the reason goes */
} Reader;

static int fail(const Reader *self, const cJSON *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(const Reader *self, const cJSON *where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(self->arena, format, args);
    va_end(args);
    return error_set(self->err, "%s:%u: %s", self->path, json_line(where), what);
}

static int check_keys(const Reader *self, const cJSON *object, const char *const *keys) {
    JsonFault fault;
    if (!cJSON_IsObject(object))
        return fail(self, object, "this is not an object: {…}");
    if (json_check_members(self->arena, object, keys, &fault) == 0)
        return 0;
    return error_set(self->err, "%s:%u: %s", self->path, fault.line, fault.text);
}

/* A text member; NULL when it is not there. */
static int read_text(const Reader *self, const cJSON *object, const char *key, const char **text) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    *text = NULL;
    if (member == NULL)
        return 0;
    if (!cJSON_IsString(member) || member->valuestring[0] == '\0')
        return fail(self, member, "'%s' is not a text", key);
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

static int check_rule_id(const Reader *self, const cJSON *where, const char *id) {
    const char *near = gate_nearest_rule(self->arena, id);
    if (near != NULL && str_eq(near, id))
        return 0;
    return near == NULL ? fail(self, where, "there is no rule '%s'", id)
                        : fail(self, where, "there is no rule '%s', did you mean '%s'?", id, near);
}

static int read_entry(const Reader *self, const cJSON *object, Suppression *entry) {
    static const char *const keys[] = {"rule",    "file",   "function", "driver",
                                       "message", "reason", "until",    NULL};
    if (check_keys(self, object, keys) != 0 || read_text(self, object, "rule", &entry->rule) != 0 ||
        read_text(self, object, "file", &entry->file) != 0 ||
        read_text(self, object, "function", &entry->function) != 0 ||
        read_text(self, object, "driver", &entry->driver) != 0 ||
        read_text(self, object, "message", &entry->message) != 0 ||
        read_text(self, object, "reason", &entry->reason) != 0 ||
        read_text(self, object, "until", &entry->until) != 0)
        return -1;
    if (entry->rule == NULL)
        return fail(self, object, "a suppression without 'rule'");
    if (entry->reason == NULL)
        return fail(self, object, "a suppression without 'reason'");
    if (entry->until != NULL && !is_date(entry->until))
        return fail(self, object, "'until' is not a date like 2027-03-31");
    return check_rule_id(self, object, entry->rule);
}

static int read_root(const Reader *self, const cJSON *root, Suppressions *result) {
    static const char *const keys[] = {"$schema", "version", "suppressions", NULL};
    if (check_keys(self, root, keys) != 0)
        return -1;
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "version");
    if (!cJSON_IsNumber(version) || version->valuedouble != 1)
        return fail(self, root, "'version' is not 1");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "suppressions");
    if (!cJSON_IsArray(list))
        return fail(self, root, "'suppressions' is not a list: […]");
    for (const cJSON *at = list->child; at != NULL; at = at->next) {
        Suppression entry = {.path = self->path, .line = json_line(at)};
        if (read_entry(self, at, &entry) != 0)
            return -1;
        array_push(&result->entries, self->arena, entry);
    }
    return 0;
}

static int read_file(Arena *arena, const char *path, Suppressions *result, Error *err) {
    Reader reader = {.arena = arena, .path = path, .err = err};
    cJSON *root = json_read(arena, path, MAX_FILE_SIZE, err);
    if (root == NULL)
        return -1;
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
