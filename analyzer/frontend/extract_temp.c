/* extract_temp: the folder for preludes and facts on their way from worker to parent.
 *
 * Invariant: the folder is gone when its owner is gone. A guard process of its own session waits
 * for the end of a pipe that only the owner and its workers hold, and then removes the folder: it
 * works for an exit, a signal and a kill alike, and needs no handler. Without a guard (no process
 * to be had) the owner removes the folder itself.
 */
#include "analyzer/frontend/extract.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The folder is flat: workers only make files. */
static void remove_folder(const char *path) {
    DIR *stream = opendir(path);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            unlinkat(dirfd(stream), entry->d_name, 0);
    }
    if (stream != NULL)
        closedir(stream);
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
