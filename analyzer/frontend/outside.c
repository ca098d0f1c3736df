/* outside: includes that leave the given trees.
 *
 * A sandbox keeps such files shut (sandbox.c), and of those that a source names in so many words
 * there is an error in their place (project/closure.c). What is left without a sandbox, `#include
 * MACRO`, is found here after the parse. Errs towards refusing the file.
 */
#include "analyzer/frontend/outside.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct Search {
    Arena *arena;           /* for paths */
    const FrontendJob *job; /* what is inside, and what was not read from the disk */
    const char *found;      /* the first that is not */
} Search;

static bool is_same(const char *a, const char *b) {
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

static bool is_readable(const Search *self, const char *path) {
    const FrontendJob *job = self->job;
    const char *real = path_real(self->arena, path);
    bool readable = real == NULL; /* text in memory */
    for (uint32_t i = 0; !readable && i < job->readable->len; i++)
        readable = path_is_below(job->readable->items[i], real);
    for (uint32_t i = 0; !readable && i < job->generated_count; i++)
        readable = job->generated[i].text != NULL && is_same(path, job->generated[i].path);
    return readable;
}

static void see_file(CXFile file, CXSourceLocation *stack, unsigned stack_len, CXClientData data) {
    Search *self = data;
    (void)stack;
    if (self->found != NULL || stack_len == 0)
        return;
    CXString name = clang_getFileName(file);
    const char *path = clang_getCString(name);
    if (path != NULL && !is_readable(self, path))
        self->found = arena_strdup(self->arena, path);
    clang_disposeString(name);
}

const char *outside_first(Arena *arena, CXTranslationUnit tu, const FrontendJob *job) {
    Search search = {arena, job, NULL};
    if (job->readable != NULL)
        clang_getInclusions(tu, see_file, &search);
    return search.found;
}

const char *outside_explain(Arena *arena, const char *message) {
    static const char begin[] = "cannot open file '", end[] = "': Permission denied";
    size_t len = strlen(message), extra = sizeof begin + sizeof end - 2;
    if (len <= extra || !str_starts_with(message, begin) || !str_ends_with(message, end))
        return message;
    const char *path = arena_strndup(arena, message + sizeof begin - 1, len - extra);
    if (access(path, R_OK) != 0)
        return message;
    return arena_printf(arena, "'%s' lies %s", path, OUTSIDE_TEXT);
}
