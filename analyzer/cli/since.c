/* since: the findings of an earlier revision, as a baseline.
 *
 * The revision is written into a temporary folder by way of an index of its own, so that neither
 * the user's index nor the work tree is touched and no hook runs, and checked there by a child
 * process with the same options. Invariant: the folder lies as the work tree does, so that drivers
 * have the same names and files the same fingerprints.
 */
#include "analyzer/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ANSWER = 16384, MAX_ARGS = 12 };

typedef struct Since {
    Cli *cli;
    const char *revision; /* as given */
    const char *top;      /* of the work tree */
    const char *commit;   /* full name */
    TempDir temp;         /* holds what follows */
    const char *tree;     /* the files of the revision */
    const char *db;       /* the run on them */
} Since;

/* ---- processes ------------------------------------------------------------------------------- */

static void exec_git(const char *const *args, const char *index, int out) {
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(out < 0 ? nothing : out, 1);
    dup2(nothing, 2);
    if (index != NULL)
        setenv("GIT_INDEX_FILE", index, 1);
    execvp("git", (char *const *)args);
    _exit(127);
}

/* Runs git; what it says, without the line's end, goes to *answer unless NULL. 0, or -1. */
static int git(const Since *self, const char *const *words, const char *index,
               const char **answer) {
    const char *args[MAX_ARGS + 2] = {"git"};
    int ends[2], count = 1;
    for (; *words != NULL && count < MAX_ARGS; words++)
        args[count++] = *words;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        exec_git(args, index, ends[1]);
    close(ends[1]);
    char *text = arena_alloc(self->cli->arena, MAX_ANSWER + 1);
    size_t len = 0;
    ssize_t more;
    while (pid > 0 && len < MAX_ANSWER && (more = read(ends[0], text + len, MAX_ANSWER - len)) > 0)
        len += (size_t)more;
    close(ends[0]);
    if (pid < 0 || cli_exit_code(pid) != 0)
        return -1;
    while (len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    if (answer != NULL)
        *answer = text;
    return 0;
}

/* ---- the tree -------------------------------------------------------------------------------- */

static int find_revision(Since *self, Error *err) {
    const char *top[] = {"rev-parse", "--show-toplevel", NULL};
    const char *wanted = arena_printf(self->cli->arena, "%s^{commit}", self->revision);
    const char *commit[] = {"rev-parse", "--verify", "--quiet", "--end-of-options", wanted, NULL};
    if (git(self, top, NULL, &self->top) != 0)
        return error_set(err, "--new-since: this is no git work tree, or there is no git");
    if (git(self, commit, NULL, &self->commit) != 0)
        return error_set(err, "--new-since: git knows no revision '%s'", self->revision);
    return 0;
}

static int write_tree(Since *self, Error *err) {
    Arena *arena = self->cli->arena;
    const char *index = path_join(arena, self->temp.path, "index");
    self->tree = path_join(arena, self->temp.path, path_base(self->top));
    self->db = path_join(arena, self->temp.path, "since.db");
    const char *prefix = arena_printf(arena, "--prefix=%s/", self->tree);
    const char *read[] = {"-C", self->top, "read-tree", self->commit, NULL};
    const char *write[] = {"-C",      self->top, "checkout-index", "--all",
                           "--force", "--quiet", prefix,           NULL};
    if (mkdir(self->tree, 0700) != 0 || git(self, read, index, NULL) != 0 ||
        git(self, write, index, NULL) != 0)
        return error_set(err, "--new-since: the files of '%s' could not be written to %s",
                         self->revision, self->temp.path);
    return 0;
}

/* A path of the work tree in that of the revision; NULL: it lies outside. */
static const char *path_then(const Since *self, const char *path) {
    const char *real = path_real(self->cli->arena, path);
    if (real == NULL || !path_is_below(self->top, real))
        return NULL;
    return path_join(self->cli->arena, self->tree,
                     path_relative(self->cli->arena, self->top, real));
}

/* ---- the run --------------------------------------------------------------------------------- */

static void run_check(const Since *self, const CStrArray *paths, const char *folder) {
    Cli *cli = self->cli;
    int log = open(path_join(cli->arena, self->temp.path, "log"), O_WRONLY | O_CREAT, 0600);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(log, 1);
    dup2(log, 2);
    if (chdir(folder) != 0)
        _exit(EXIT_INCOMPLETE);
    cli->paths = *paths;
    cli->db = self->db;
    cli->quiet = true;
    cli->output = cli->new_since = cli->baseline = NULL;
    memset(cli->reports, 0, sizeof cli->reports);
    cli->suppressions.len = 0;
    cli->stats = cli->incomplete = false;
    _exit(cmd_check(cli));
}

/* Paths that the revision does not have are new as a whole. */
static int check_tree(Since *self, Error *err) {
    Cli *cli = self->cli;
    CStrArray paths = {0};
    const char *folder = path_then(self, ".");
    for (uint32_t i = 0; i < cli->paths.len; i++) {
        const char *path = path_then(self, cli->paths.items[i]);
        if (path == NULL || folder == NULL)
            return error_set(err, "--new-since: %s lies outside the work tree %s",
                             path == NULL ? cli->paths.items[i] : ".", self->top);
        if (access(path, F_OK) == 0)
            array_push(&paths, cli->arena, path);
    }
    if (paths.len == 0)
        return 0;
    if (access(folder, F_OK) != 0)
        folder = self->tree;
    pid_t pid = fork();
    if (pid == 0)
        run_check(self, &paths, folder);
    int status = pid < 0 ? -1 : cli_exit_code(pid);
    if (status < 0 || access(self->db, F_OK) != 0)
        return error_set(err, "--new-since: '%s' could not be checked", self->revision);
    return 0;
}

static int read_baseline(const Since *self, Baseline **baseline) {
    StoredRun run = {0};
    if (access(self->db, F_OK) == 0 && cli_read_last_run(self->cli, self->db, &run) != 0)
        return -1;
    *baseline =
        baseline_of_run(self->cli->arena, &run, POSSIBLE_WEAK,
                        arena_printf(self->cli->arena, "it was there at %s", self->revision));
    return 0;
}

Baseline *cli_findings_at(Cli *cli, const char *revision) {
    Since self = {.cli = cli, .revision = revision};
    Baseline *baseline = NULL;
    Error err = {0};
    if (find_revision(&self, &err) != 0 || temp_dir_open(&self.temp, cli->arena, &err) != 0) {
        cli_complain(cli, "%s", err.message);
        return NULL;
    }
    if (write_tree(&self, &err) != 0 || check_tree(&self, &err) != 0)
        cli_complain(cli, "%s", err.message);
    else
        read_baseline(&self, &baseline);
    temp_dir_close(&self.temp);
    return baseline;
}
