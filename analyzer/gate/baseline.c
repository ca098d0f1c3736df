/* baseline: findings that were there before.
 *
 * A finding is known again by its fingerprint and its driver, however its line has moved. Of
 * several with the same ones as many are known as the baseline has. Invariant: a file of a baseline
 * is sorted, one finding a line, so that two versions of it can be compared and merged as text.
 */
#include "analyzer/gate/internal.h"
#include "analyzer/json/json.h"

#include <stdlib.h>

enum { MAX_FILE_SIZE = 256 * 1024 * 1024 };

static uint64_t key_of(const char *fingerprint, const char *driver) {
    uint64_t key = hash_bytes(fingerprint, strlen(fingerprint), 0);
    return hash_bytes(driver, strlen(driver), key);
}

static Baseline *baseline_new(Arena *arena, const char *path, const char *reason) {
    Baseline *self = arena_new_of(arena, Baseline);
    self->arena = arena;
    self->path = path;
    self->reason = reason;
    self->left = map64_new(arena);
    return self;
}

void baseline_rewind(Baseline *self) {
    self->left = map64_new(self->arena);
    for (uint32_t i = 0; i < self->entries.len; i++) {
        const BaselineEntry *entry = &self->entries.items[i];
        ++*map64_put(self->left, key_of(entry->fingerprint, entry->driver), NULL);
    }
}

static void add_entry(Baseline *self, const BaselineEntry *entry) {
    array_push(&self->entries, self->arena, *entry);
    ++*map64_put(self->left, key_of(entry->fingerprint, entry->driver), NULL);
}

bool baseline_take(Baseline *self, const char *fingerprint, const char *driver) {
    uint64_t key = key_of(fingerprint, driver);
    const uint32_t *left = map64_get(self->left, key);
    if (left == NULL || *left == 0)
        return false;
    --*map64_put(self->left, key, NULL);
    return true;
}

static BaselineEntry entry_of(const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    return (BaselineEntry){finding->fingerprint, stored->driver,    finding->rule,
                           finding->file,        finding->function, finding->message};
}

Baseline *baseline_of_run(Arena *arena, const StoredRun *run, Certainty certainty,
                          const char *reason) {
    Baseline *self = baseline_new(arena, NULL, reason);
    for (uint32_t i = 0; i < run->findings.len; i++) {
        const StoredFinding *finding = &run->findings.items[i];
        bool accepted =
            finding->verdict.kind == VERDICT_IN_SOURCE || finding->verdict.kind == VERDICT_IN_FILE;
        BaselineEntry entry = entry_of(finding);
        if (!accepted && finding->finding.certainty <= certainty)
            add_entry(self, &entry);
    }
    return self;
}

/* ---- the file -------------------------------------------------------------------------------- */

static const char *member(Arena *arena, const cJSON *object, const char *key) {
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(value) ? arena_strdup(arena, value->valuestring) : NULL;
}

static int read_entries(Baseline *self, const char *path, const cJSON *root, Error *err) {
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "version");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "baseline");
    if (!cJSON_IsArray(list) || !cJSON_IsNumber(version))
        return error_set(err, "%s: this is no baseline of irqlint", path);
    if (version->valuedouble != 1)
        return error_set(err, "%s: a baseline of another version (%g; this program reads 1)", path,
                         version->valuedouble);
    for (const cJSON *at = list->child; at != NULL; at = at->next) {
        BaselineEntry entry = {
            member(self->arena, at, "fingerprint"), member(self->arena, at, "driver"),
            member(self->arena, at, "rule"),        member(self->arena, at, "file"),
            member(self->arena, at, "function"),    member(self->arena, at, "message")};
        if (entry.fingerprint == NULL || entry.driver == NULL || entry.rule == NULL ||
            entry.file == NULL || entry.function == NULL || entry.message == NULL)
            return error_set(err, "%s:%u: a member is missing or no text", path, json_line(at));
        add_entry(self, &entry);
    }
    return 0;
}

Baseline *baseline_read(Arena *arena, const char *path, Error *err) {
    Baseline *self = baseline_new(arena, path, "it is in the baseline");
    cJSON *root = json_read(arena, path, MAX_FILE_SIZE, err);
    if (root == NULL)
        return NULL;
    int status = read_entries(self, path, root, err);
    cJSON_Delete(root);
    return status == 0 ? self : NULL;
}

static int by_content(const void *left, const void *right) {
    const BaselineEntry *a = left, *b = right;
    const char *const pairs[][2] = {{a->file, b->file},     {a->function, b->function},
                                    {a->rule, b->rule},     {a->fingerprint, b->fingerprint},
                                    {a->driver, b->driver}, {a->message, b->message}};
    int order = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0] && order == 0; i++)
        order = strcmp(pairs[i][0], pairs[i][1]);
    return order;
}

/* One line. */
static void put_entry(Text *out, Arena *arena, const BaselineEntry *entry) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", entry->file);
    cJSON_AddStringToObject(object, "function", entry->function);
    cJSON_AddStringToObject(object, "rule", entry->rule);
    cJSON_AddStringToObject(object, "message", entry->message);
    cJSON_AddStringToObject(object, "driver", entry->driver);
    cJSON_AddStringToObject(object, "fingerprint", entry->fingerprint);
    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    text_append(out, arena, text == NULL ? "{}" : text);
    cJSON_free(text);
}

int baseline_write(Baseline *self, const char *path, Error *err) {
    Text out = {0};
    if (self->entries.len > 1)
        qsort(self->entries.items, self->entries.len, sizeof *self->entries.items, by_content);
    text_append(&out, self->arena, "{\"version\": 1, \"baseline\": [");
    for (uint32_t i = 0; i < self->entries.len; i++) {
        text_append(&out, self->arena, i == 0 ? "\n" : ",\n");
        put_entry(&out, self->arena, &self->entries.items[i]);
    }
    text_append(&out, self->arena, "\n]}\n");
    return file_write(path, out.items, out.len, err);
}

uint32_t baseline_count(const Baseline *self) {
    return self->entries.len;
}

uint32_t baseline_keep(Baseline *self, Baseline *present) {
    uint32_t kept = 0, before = self->entries.len;
    for (uint32_t i = 0; i < before; i++) {
        const BaselineEntry *entry = &self->entries.items[i];
        if (baseline_take(present, entry->fingerprint, entry->driver))
            self->entries.items[kept++] = *entry;
    }
    self->entries.len = kept;
    return before - kept;
}
