/* temp: a folder for files that nobody needs after the run.
 *
 * Invariant: the folder is gone when its owner is gone. A guard process of its own session waits
 * for the end of a pipe that only the owner and its workers hold, and then removes the folder: it
 * works for an exit, a signal and a kill alike, and needs no handler. Without a guard (no process
 * to be had) the owner removes the folder itself.
 */
#include "analyzer/base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_DEPTH = 200 };

/* Symbolic links are removed, never followed. */
static void remove_inside(int parent, const char *name, int depth) {
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = folder < 0 ? NULL : fdopendir(folder);
    if (stream == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        const char *inside = entry->d_name;
        if (str_eq(inside, ".") || str_eq(inside, "..") || unlinkat(folder, inside, 0) == 0)
            continue;
        if (depth < MAX_DEPTH)
            remove_inside(folder, inside, depth + 1);
        unlinkat(folder, inside, AT_REMOVEDIR);
    }
    closedir(stream);
}

static void remove_folder(const char *path) {
    remove_inside(AT_FDCWD, path, 0);
    rmdir(path);
}

static void run_guard(const char *path, int pipe_fd) {
    char byte;
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    dup2(pipe_fd, 0);
    close_range(1, ~0U, 0); /* whoever reads our parent's output is not kept waiting */
    while (read(0, &byte, 1) < 0 && errno == EINTR)
        continue;
    remove_folder(path);
    _exit(0);
}

static void start_guard(TempDir *self) {
    int ends[2];
    if (pipe(ends) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]);
        run_guard(self->path, ends[0]);
    }
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return;
    }
    self->guard_fd = ends[1];
    self->guard_pid = pid;
}

int temp_dir_open(TempDir *self, Arena *arena, Error *err) {
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/')
        parent = "/tmp";
    char *path = arena_printf(arena, "%s/irqlint-XXXXXX", parent);
    *self = (TempDir){.path = path, .guard_fd = -1};
    if (mkdtemp(path) == NULL)
        return error_set(err, "no temporary folder in %s: %s", parent, strerror(errno));
    start_guard(self);
    return 0;
}

void temp_dir_close(TempDir *self) {
    if (self->guard_pid == 0) {
        remove_folder(self->path);
        return;
    }
    close(self->guard_fd);
    while (waitpid(self->guard_pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}
