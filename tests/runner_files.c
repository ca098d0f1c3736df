/* runner_files: processes, files, comparison with goldens.
 *
 * Output goes through files in the work folder, never pipes, so a process that writes much cannot
 * block. A golden that does not exist is a failure unless goldens are being rewritten.
 */
#include "tests/runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGEST_FILE = 64 << 20 };

char *read_text(Runner *self, const char *path) {
    char *text;
    size_t size;
    Error err;
    return file_read(self->arena, path, LARGEST_FILE, &text, &size, &err) == 0 ? text : NULL;
}

void write_text(Runner *self, const char *path, const char *text) {
    Error err;
    (void)self;
    if (file_write(path, text, strlen(text), &err) != 0) {
        fprintf(stderr, "runner: %s\n", err.message);
        exit(2);
    }
}

bool is_dir(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

CStrArray list_dir(Runner *self, const char *dir) {
    CStrArray names = {0};
    DIR *stream = opendir(dir);
    if (stream == NULL)
        return names;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (entry->d_name[0] != '.')
            array_push(&names, self->arena, arena_strdup(self->arena, entry->d_name));
    closedir(stream);
    if (names.len > 0)
        qsort(names.items, names.len, sizeof names.items[0], by_name);
    return names;
}

char *replace_all(Runner *self, const char *text, const char *from, const char *to) {
    Text out = {0};
    const char *hit;
    while ((hit = strstr(text, from)) != NULL) {
        text_append_len(&out, self->arena, text, (size_t)(hit - text));
        text_append(&out, self->arena, to);
        text = hit + strlen(from);
    }
    text_append(&out, self->arena, text);
    return arena_strdup(self->arena, text_cstr(&out, self->arena));
}

/* ---- processes ----------------------------------------------------------------------------- */

static void redirect(const char *path, int flags, int target) {
    int fd = open(path, flags, 0666);
    if (fd < 0 || dup2(fd, target) < 0)
        _exit(126);
    close(fd);
}

static void become(const char *dir, const char *const *argv, const char *out, const char *err) {
    redirect("/dev/null", O_RDONLY, 0);
    redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
    redirect(err, O_WRONLY | O_CREAT | O_TRUNC, 2);
    if (chdir(dir) != 0)
        _exit(126);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

Output run_process(Runner *self, const char *dir, const char *const *argv) {
    Output output = {.exit_code = -1, .out = "", .err = ""};
    const char *out = arena_printf(self->arena, "%s.out", self->work);
    const char *err = arena_printf(self->arena, "%s.err", self->work);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become(dir, argv, out, err);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return output;
    output.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    output.out = read_text(self, out);
    output.err = read_text(self, err);
    unlink(out);
    unlink(err);
    return output;
}

/* ---- goldens ------------------------------------------------------------------------------- */

static void log_difference(Runner *self, const char *golden, const char *actual) {
    const char *file = arena_printf(self->arena, "%s/actual", self->work);
    write_text(self, file, actual);
    Output diff = run_process(self, "/", (const char *const[]){"diff", "-u", golden, file, NULL});
    size_t len = 0;
    for (int lines = 0; diff.out[len] != '\0' && lines < 80; len++)
        lines += diff.out[len] == '\n';
    text_append_len(&self->log, self->arena, diff.out, len);
    if (diff.out[len] != '\0')
        text_append(&self->log, self->arena, "  …\n");
}

int compare_golden(Runner *self, const char *golden, const char *actual) {
    const char *expected = read_text(self, golden);
    if (expected != NULL && str_eq(expected, actual))
        return 0;
    if (self->update) {
        write_text(self, golden, actual);
        return 0;
    }
    if (expected == NULL)
        return fail(self, "%s is missing (--update writes it)", golden);
    fail(self, "%s differs (--update rewrites it):", golden);
    log_difference(self, golden, actual);
    return 1;
}
