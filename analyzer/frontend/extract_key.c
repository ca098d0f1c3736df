/* extract_key: on what the facts of a file depend, as one hash.
 *
 * It covers this program, clang, the model headers, the arguments, the source and the headers that
 * it reaches as text, whatever the conditionals, and for a source with trace headers the projects
 * beside it. Invariant: a file whose facts may depend on anything else has no key, or its facts are
 * not kept (extract_is_covered). Errs towards parsing again.
 */
#include "analyzer/frontend/extract.h"
#include "analyzer/frontend/trace.h"

#include <sys/stat.h>

enum { MAX_TRACED_SIZE = 64 << 20 };

static void add_text(Text *out, Arena *arena, const char *text) {
    text_append_len(out, arena, text, strlen(text) + 1);
}

static void add_hash(Text *out, Arena *arena, Hash128 hash) {
    text_append_len(out, arena, (const char *)&hash, sizeof hash);
}

static bool has_trace_headers(Arena *arena, const ProjectClosure *closure, const CStrArray *args) {
    for (uint32_t i = 0; i < args->len; i++) {
        if (trace_header_of(arena, args->items[i]) != NULL)
            return true;
    }
    for (uint32_t i = 0; i < closure->missing.len; i++) {
        const char *name = closure->missing.items[i];
        size_t len = strlen(name);
        if (len > 4 && str_icmp(name + len - 4, ".tmh") == 0)
            return true;
    }
    return false;
}

/* The projects of a folder, and the files that they name for the trace preprocessor. */
static void add_projects(const Facts *self, Work *work, const char *dir, Text *out,
                         Arena *scratch) {
    TraceFunctionArray functions = {0};
    CStrArray headers = {0};
    add_hash(out, scratch, trace_projects_content(scratch, dir));
    trace_read_projects(scratch, dir, &functions, &headers);
    for (uint32_t i = 0; i < headers.len; i++) {
        const char *path = path_absolute(self->arena, headers.items[i]);
        char *text;
        size_t size;
        Error ignored;
        Hash128 hash = {0, 0};
        if (file_read(scratch, path, MAX_TRACED_SIZE, &text, &size, &ignored) == 0)
            hash = hash128(text, size);
        add_text(out, scratch, path);
        add_hash(out, scratch, hash);
        array_push(&work->traced, self->arena, path);
    }
}

static Hash128 key_of(const Facts *self, Work *work, Arena *scratch) {
    Text all = {0};
    CStrArray args = {0};
    extract_own_args(self, work, scratch, &args);
    add_hash(&all, scratch, self->options.tool);
    add_text(&all, scratch, work->unit->path);
    add_text(&all, scratch, work->dir == NULL ? "" : work->dir);
    for (uint32_t i = 0; i < args.len; i++)
        add_text(&all, scratch, args.items[i]);
    add_hash(&all, scratch, work->closure->content);
    if (has_trace_headers(scratch, work->closure, &args)) {
        add_projects(self, work, path_dir(scratch, work->unit->path), &all, scratch);
        if (work->dir != NULL)
            add_projects(self, work, work->dir, &all, scratch);
    }
    return hash128(all.items, all.len);
}

void extract_keys(Facts *self) {
    if (self->options.cache == NULL || self->options.kit_dir != NULL)
        return; /* a kit's headers are too many to look at */
    Arena *scratch = arena_new();
    for (uint32_t i = 0; i < self->work.len; i++) {
        Work *work = &self->work.items[i];
        work->has_key = work->closure->is_complete;
        if (work->has_key)
            work->key = key_of(self, work, scratch);
        arena_reset(scratch);
    }
    arena_free(scratch);
}

static bool is_on_disk(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

bool extract_is_covered(const Facts *self, const Work *work, const FilesRead *read) {
    Arena *scratch = arena_new();
    StrTab *known = strtab_new(scratch);
    bool covered = true;
    strtab_add(known, work->unit->path);
    for (uint32_t i = 0; i < work->closure->files.len; i++)
        strtab_add(known, work->closure->files.items[i]);
    for (uint32_t i = 0; i < work->traced.len; i++)
        strtab_add(known, work->traced.items[i]);
    for (uint32_t i = 0; i < work->closure->others.len; i++)
        strtab_add(known, work->closure->others.items[i]);
    for (uint32_t i = 0; i < work->closure->generated.len; i++)
        strtab_add(known, work->closure->generated.items[i].path);
    for (uint32_t i = 0; covered && i < read->paths.len; i++) {
        const char *path = path_absolute(scratch, read->paths.items[i]);
        covered = strtab_find(known, path) != UINT32_MAX ||
                  path_is_below(self->options.model_dir, path) ||
                  path_is_below(frontend_resource_dir(), path) || !is_on_disk(path);
    }
    arena_free(scratch);
    return covered;
}
