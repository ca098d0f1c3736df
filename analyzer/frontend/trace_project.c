/* trace_project: trace functions that only a project file names.
 *
 * WppTraceFunction and WppScanConfigurationData of .vcxproj and .props files, -func: and -scan: of
 * those and of `sources`. Read as text: conditions and macros are not evaluated, a path with a
 * macro is left out. Errs towards more names: all projects of the folder count.
 */
#include "analyzer/frontend/trace.h"

#include <ctype.h>
#include <dirent.h>
#include <sys/stat.h>

enum { MAX_PROJECT_SIZE = 4 * 1024 * 1024, MAX_PARTS = 32 };

typedef struct Reader {
    Arena *arena;                  /* owns everything */
    const char *dir;               /* of the project file */
    TraceFunctionArray *functions; /* takes the trace functions */
    CStrArray *headers;            /* takes the files with configuration blocks */
} Reader;

/* ---- paths as Windows sees them ------------------------------------------------------------- */

/* The entry of a folder that is called `name` in any case; NULL none. */
static const char *find_entry(Arena *arena, const char *dir, const char *name) {
    struct stat info;
    if (stat(path_join(arena, dir, name), &info) == 0)
        return name; /* also in a folder that may not be listed */
    DIR *stream = opendir(dir);
    const char *found = NULL;
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        if (str_icmp(entry->d_name, name) == 0 &&
            (found == NULL || strcmp(entry->d_name, found) < 0))
            found = arena_strdup(arena, entry->d_name);
    }
    if (stream != NULL)
        closedir(stream);
    return found;
}

static const char *find_path(Arena *arena, const char *dir, const char *name) {
    const char *path = dir;
    for (int parts = 0; *name != '\0' && parts < MAX_PARTS; parts++) {
        size_t len = strcspn(name, "/\\");
        char *part = arena_strndup(arena, name, len);
        name += len + (name[len] != '\0');
        if (len == 0 || str_eq(part, "."))
            continue;
        const char *entry = str_eq(part, "..") ? part : find_entry(arena, path, part);
        if (entry == NULL)
            return NULL;
        path = path_join(arena, path, entry);
    }
    return path;
}

/* ---- what the files say --------------------------------------------------------------------- */

/* `Name(…);Name(…)`. */
static void take_functions(const Reader *self, const char *at, const char *end) {
    while (at < end) {
        TraceFunction function = trace_read_function(self->arena, &at, end);
        if (function.name[0] != '\0')
            array_push(self->functions, self->arena, function);
    }
}

static void take_header(const Reader *self, const char *at, const char *end) {
    while (at < end && (isspace((unsigned char)*at) || *at == '"'))
        at++;
    while (end > at && (isspace((unsigned char)end[-1]) || end[-1] == '"'))
        end--;
    char *name = arena_strndup(self->arena, at, (size_t)(end - at));
    const char *path = strchr(name, '$') != NULL || strchr(name, '%') != NULL || *name == '\0'
                           ? NULL
                           : find_path(self->arena, self->dir, name);
    if (path != NULL)
        array_push(self->headers, self->arena, path);
}

typedef void Take(const Reader *self, const char *at, const char *end);

/* The text between `>` and `<` behind each `<tag`. */
static void read_tags(const Reader *self, const char *text, const char *tag, Take *take) {
    for (const char *at = text; (at = strstr(at, tag)) != NULL;) {
        at += strlen(tag);
        const char *begin = at + strcspn(at, "><");
        const char *end = *begin == '>' ? strchr(begin, '<') : NULL;
        if (end != NULL)
            take(self, begin + 1, end);
    }
}

static void read_options(const Reader *self, const char *text) {
    for (const char *at = text; (at = strstr(at, "-func:")) != NULL;) {
        at += strlen("-func:");
        TraceFunction function = trace_read_function(self->arena, &at, at + strcspn(at, "\r\n<"));
        if (function.name[0] != '\0')
            array_push(self->functions, self->arena, function);
    }
    for (const char *at = text; (at = strstr(at, "-scan:")) != NULL;) {
        at += strlen("-scan:");
        size_t len = *at == '"' ? 1 + strcspn(at + 1, "\"\r\n") : strcspn(at, " \t\r\n<");
        take_header(self, at, at + len);
    }
}

static bool is_project(const char *name) {
    return str_ends_with(name, ".vcxproj") || str_ends_with(name, ".props") ||
           str_icmp(name, "sources") == 0;
}

void trace_read_projects(Arena *arena, const char *dir, TraceFunctionArray *functions,
                         CStrArray *headers) {
    Reader self = {arena, dir, functions, headers};
    DIR *stream = opendir(dir);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        Error err = {""};
        char *text;
        size_t size;
        if (!is_project(entry->d_name) || file_read(arena, path_join(arena, dir, entry->d_name),
                                                    MAX_PROJECT_SIZE, &text, &size, &err) != 0)
            continue;
        read_tags(&self, text, "<WppTraceFunction", take_functions);
        read_tags(&self, text, "<WppScanConfigurationData", take_header);
        read_options(&self, text);
    }
    if (stream != NULL)
        closedir(stream);
}

Hash128 trace_projects_content(Arena *arena, const char *dir) {
    Text all = {0};
    Array(Hash128) files = {0};
    Hash128 sum = {0, 0};
    DIR *stream = opendir(dir);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        Error err;
        char *text;
        size_t size;
        if (!is_project(entry->d_name) || file_read(arena, path_join(arena, dir, entry->d_name),
                                                    MAX_PROJECT_SIZE, &text, &size, &err) != 0)
            continue;
        all.len = 0;
        text_append_len(&all, arena, entry->d_name, strlen(entry->d_name) + 1);
        text_append_len(&all, arena, text, size);
        array_push(&files, arena, hash128(all.items, all.len));
    }
    if (stream != NULL)
        closedir(stream);
    for (uint32_t i = 0; i < files.len; i++) { /* in any order */
        sum.low += files.items[i].low;
        sum.high += files.items[i].high;
    }
    return sum;
}
