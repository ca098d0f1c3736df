/* temp: a folder for files that nobody needs after the run.
 *
 * Invariant: the folder is gone when its owner is gone. A guard process of its own session makes
 * the folder, waits for the end of a pipe that only the owner and its workers hold, and then
 * removes it: it works for an exit, a signal and a kill alike, at any moment, and needs no handler.
 * Without a guard (no process to be had) the owner makes and removes the folder itself.
 */
#include "analyzer/base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
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

enum { SUFFIX_SIZE = 6 }; /* of a template for mkdtemp */

/* What the guard says when it has tried to make the folder. */
typedef struct Made {
    int reason;               /* errno, 0: it is there */
    char suffix[SUFFIX_SIZE]; /* what its name ends with */
} Made;

static void run_guard(char *path, int owner, int answer) {
    char byte;
    Made made = {0};
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN); /* the owner may be gone already */
    made.reason = mkdtemp(path) == NULL ? errno : 0;
    memcpy(made.suffix, path + strlen(path) - SUFFIX_SIZE, SUFFIX_SIZE);
    bool told = write(answer, &made, sizeof made) == sizeof made;
    if (made.reason != 0)
        _exit(0);
    dup2(owner, 0);
    close_range(1, ~0U, 0); /* whoever reads our parent's output is not kept waiting */
    while (told && read(0, &byte, 1) < 0 && errno == EINTR)
        continue;
    remove_folder(path);
    _exit(0);
}

/* What the guard says; false: it is gone without a word. */
static bool hear(int answer, Made *made) {
    ssize_t got;
    do {
        got = read(answer, made, sizeof *made);
    } while (got < 0 && errno == EINTR);
    return got == sizeof *made;
}

/* A guard and the folder that it makes: its name replaces the end of `path`. False: there is no
 * guard. */
static bool start_guard(TempDir *self, char *path, Made *made) {
    int ends[2], answer[2];
    if (pipe(ends) != 0)
        return false;
    if (pipe(answer) != 0) {
        close(ends[0]), close(ends[1]);
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]), close(answer[0]);
        run_guard(path, ends[0], answer[1]);
    }
    close(ends[0]), close(answer[1]);
    bool heard = pid > 0 && hear(answer[0], made);
    close(answer[0]);
    if (heard && made->reason == 0) {
        memcpy(path + strlen(path) - SUFFIX_SIZE, made->suffix, SUFFIX_SIZE);
        self->guard_fd = ends[1];
        self->guard_pid = pid;
        return true;
    }
    close(ends[1]);
    if (pid > 0)
        process_wait(pid);
    return heard;
}

int temp_dir_open(TempDir *self, Arena *arena, Error *err) {
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/')
        parent = "/tmp";
    char *path = arena_printf(arena, "%s/irqlint-XXXXXX", parent);
    Made made = {0};
    *self = (TempDir){.path = path, .guard_fd = -1};
    if (!start_guard(self, path, &made) && mkdtemp(path) == NULL)
        made.reason = errno;
    if (made.reason != 0)
        return error_set(err, "no temporary folder in %s: %s", parent, strerror(made.reason));
    return 0;
}

void temp_dir_close(TempDir *self) {
    if (self->guard_pid == 0) {
        remove_folder(self->path);
        return;
    }
    close(self->guard_fd);
    process_wait(self->guard_pid);
}
