/* compdb: compile_commands.json as drivers.
 *
 * A driver is one target: what CMake calls CMakeFiles/<target>.dir in the output of an entry.
 * Entries that do not say form one driver named after the folder. The first entry of a file in a
 * target counts. Targets that only hold user-mode sources are left out.
 */
#include "analyzer/project/load.h"

#include <cjson/cJSON.h>

enum { MAX_JSON_SIZE = 256 * 1024 * 1024 };

static const char *string_member(const cJSON *object, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text == NULL ? "" : text;
}

/* The words of the entry's command, the compiler first. */
static void command_words(Loader *self, const cJSON *entry, CStrArray *words) {
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(entry, "arguments");
    const cJSON *item;
    cJSON_ArrayForEach(item, arguments) {
        if (cJSON_IsString(item))
            array_push(words, self->arena, arena_strdup(self->arena, item->valuestring));
    }
    if (words->len != 0)
        return;
    const char *command = string_member(entry, "command");
    bool windows = strstr(command, ".exe") != NULL || strchr(command, '/') == NULL;
    split_command(self->arena, command, windows, words);
}

/* "kbd" of "src/CMakeFiles/kbd.dir/main.c.obj"; `fallback` when it is not said. */
static const char *target_in(Loader *self, const char *output, const char *fallback) {
    const char *mark = strstr(output, "CMakeFiles/");
    const char *end = mark == NULL ? NULL : strstr(mark, ".dir/");
    if (end == NULL)
        return fallback;
    mark += strlen("CMakeFiles/");
    return arena_strndup(self->arena, mark, (size_t)(end - mark));
}

static const char *target_of(Loader *self, const cJSON *entry, const CStrArray *words,
                             const char *fallback) {
    const char *target = target_in(self, string_member(entry, "output"), NULL);
    for (uint32_t i = 0; target == NULL && i < words->len; i++)
        target = target_in(self, slashes(self->arena, words->items[i]), NULL);
    return target == NULL ? fallback : target;
}

static Found *target_named(Loader *self, uint32_t first, const char *name, const char *dir) {
    for (uint32_t i = first; i < self->found.len; i++) {
        if (str_eq(self->found.items[i]->driver.name, name))
            return self->found.items[i];
    }
    Found *found = add_found(self, name, dir);
    found->taken = true;
    return found;
}

static void load_entry(Loader *self, const cJSON *entry, const char *path, uint32_t first) {
    const char *home = path_dir(self->arena, path);
    const char *file = string_member(entry, "file");
    const char *dir = view_place(self->view, home, string_member(entry, "directory"));
    const char *source = view_find(self->view, dir, file, PATH_FILE);
    bool cxx;
    if (!path_is_source(file, &cxx))
        return; /* resources, assembly */
    if (source == NULL) {
        add_problem(self, file, "named in %s but not there", path);
        return;
    }
    CStrArray words = {0}, args = {0};
    command_words(self, entry, &words);
    ArgReader reader = {.loader = self, .dir = dir, .args = &args, .cxx = -1};
    if (words.len > 1)
        read_args(&reader, words.items + 1, words.len - 1);
    Found *found = target_named(self, first, target_of(self, entry, &words, path_base(home)), home);
    add_unit(self, found, source, reader.cxx == -1 ? cxx : reader.cxx != 0, &args);
}

/* Drops the targets without kernel sources, unless none would remain. */
static void drop_user_mode(Loader *self, uint32_t first) {
    uint32_t kept = first;
    for (uint32_t i = first; i < self->found.len; i++) {
        bool user_only = true;
        const ProjectUnitArray *units = &self->found.items[i]->driver.units;
        for (uint32_t u = 0; user_only && u < units->len; u++)
            user_only = classify_source(self, &units->items[u]) == SOURCE_USER;
        if (!user_only)
            self->found.items[kept++] = self->found.items[i];
    }
    self->found.len = kept;
}

void load_compile_commands(Loader *self, const char *path) {
    Arena *scratch = arena_new();
    char *text;
    size_t size;
    Error err;
    cJSON *document = NULL;
    uint32_t first = self->found.len;
    if (text_read(scratch, path, MAX_JSON_SIZE, &text, &size, &err) != 0)
        add_problem(self, path, "%s", err.message);
    else if ((document = cJSON_ParseWithLength(text, size)) == NULL || !cJSON_IsArray(document))
        add_problem(self, path, "not a compilation database: no JSON array of entries");
    const cJSON *entry;
    cJSON_ArrayForEach(entry, document) load_entry(self, entry, path, first);
    drop_user_mode(self, first);
    if (cJSON_IsArray(document) && self->found.len == first)
        add_problem(self, path, "names no driver source");
    cJSON_Delete(document);
    arena_free(scratch);
}
