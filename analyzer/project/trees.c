/* trees: what of the disk a run may read.
 *
 * A driver in an audit is not trusted: what it includes is read only below what the user named.
 * Invariant: paths are compared without their symbolic links, so a link in a tree leads nowhere
 * else. Errs towards refusing.
 */
#include "analyzer/project/trees.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MIN_WORK_DEPTH = 2, MAX_GIT_FILE = 4096 };

static bool is_dir(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* ---- what is given -------------------------------------------------------------------------- */

void trees_add(Trees *self, Arena *arena, const char *path) {
    const char *real = path_real(arena, path);
    if (real != NULL && !trees_hold(self, real))
        array_push(&self->paths, arena, real);
}

/* `.git` of a submodule is a file that names a folder in the repository around it. */
static bool is_submodule(Arena *arena, const char *git) {
    Error err;
    char *text;
    size_t size;
    return !is_dir(git) && file_read(arena, git, MAX_GIT_FILE, &text, &size, &err) == 0 &&
           strstr(text, "/modules/") != NULL;
}

/* The repository around a folder, of a submodule the outer one; NULL without. */
static const char *repository_of(Arena *arena, const char *dir) {
    static const char *const marks[] = {".git", ".hg", ".svn", NULL};
    const char *found = NULL;
    for (;; dir = path_dir(arena, dir)) {
        for (uint32_t i = 0; marks[i] != NULL; i++) {
            const char *mark = path_join(arena, dir, marks[i]);
            if (access(mark, F_OK) != 0)
                continue;
            if (!is_submodule(arena, mark))
                return dir;
            found = dir;
        }
        if (str_eq(dir, "/"))
            return found;
    }
}

void trees_add_given(Trees *self, Arena *arena, const char *path) {
    const char *real = path_real(arena, path);
    if (real == NULL)
        return;
    /* of a link to a file: the file, and what lies around the link */
    const char *dir = is_dir(real) ? real : path_real(arena, path_dir(arena, path));
    const char *repository = dir == NULL ? NULL : repository_of(arena, dir);
    if (dir != NULL)
        trees_add(self, arena, repository != NULL ? repository : dir);
    trees_add(self, arena, real);
}

/* ---- what lies in them ---------------------------------------------------------------------- */

bool trees_hold(const Trees *self, const char *real_path) {
    for (uint32_t i = 0; i < self->paths.len; i++) {
        if (path_is_below(self->paths.items[i], real_path))
            return true;
    }
    return false;
}

static uint32_t depth_of(const char *path) {
    uint32_t depth = 0;
    for (; *path != '\0'; path++)
        depth += *path == '/' && path[1] != '\0';
    return depth;
}

/* The folder that two paths share. */
static const char *shared_folder(Arena *arena, const char *a, const char *b) {
    while (!path_is_below(a, b))
        a = path_dir(arena, a);
    return a;
}

static bool is_above_home(Arena *arena, const char *dir) {
    const char *home = getenv("HOME");
    const char *real = home == NULL || home[0] != '/' ? NULL : path_real(arena, home);
    return real != NULL && path_is_below(dir, real);
}

bool trees_are_near(const Trees *self, Arena *arena, const char *real_path) {
    if (trees_hold(self, real_path))
        return true;
    for (uint32_t i = 0; i < self->paths.len; i++) {
        const char *dir = shared_folder(arena, self->paths.items[i], real_path);
        if (depth_of(dir) >= MIN_WORK_DEPTH && !is_above_home(arena, dir))
            return true;
    }
    return false;
}
