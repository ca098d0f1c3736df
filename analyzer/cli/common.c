/* common: small things that several commands need: messages, paths, the model headers, clocks. */
#include "analyzer/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(Cli *cli, const char *format, va_list args) {
    fputs("irqlint: ", stderr);
    report_put(stderr, arena_vprintf(cli->arena, format, args)); /* names of files are untrusted */
    fputc('\n', stderr);
}

void cli_complain(Cli *cli, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    cli->incomplete = true;
}

void cli_note(Cli *cli, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
}

const char *cli_shown_path(Cli *cli, const char *path) {
    return path_relative(cli->arena, cli_base_dir(cli), path);
}

const char *cli_base_dir(Cli *cli) {
    return path_absolute(cli->arena, ".");
}

bool cli_wants_colour(const Cli *cli, bool to_stdout) {
    if (cli->color != COLOR_AUTO)
        return cli->color == COLOR_ALWAYS;
    const char *terminal = getenv("TERM"), *refused = getenv("NO_COLOR");
    bool dumb = terminal == NULL || str_eq(terminal, "dumb");
    return to_stdout && isatty(STDOUT_FILENO) && !dumb && (refused == NULL || refused[0] == '\0');
}

/* ---- files --------------------------------------------------------------------------------- */

const char cli_default_database[] = ".irqlint/irqlint.db";

int cli_read_last_run(Cli *cli, const char *path, StoredRun *run) {
    Store *store;
    Error err = {0};
    int64_t id = 0;
    if (access(path, F_OK) != 0) {
        cli_complain(cli, "%s: no such database; `irqlint check` makes one", path);
        return -1;
    }
    if (store_open_existing(cli->arena, path, &store, &err) != 0) {
        cli_complain(cli, "%s", err.message);
        return -1;
    }
    int status = store_last_run(store, &id, &err);
    if (status == 0 && id == 0)
        status = error_set(&err, "%s: holds no run; `irqlint check` makes one", path);
    if (status == 0)
        status = store_read_run(cli->arena, store, id, run, &err);
    store_close(store);
    if (status != 0)
        cli_complain(cli, "%s", err.message);
    return status;
}

static bool is_stdout(const char *path) {
    return path == NULL || str_eq(path, "-");
}

/* Devices, pipes and links are written to as they are. */
static bool is_replaced(const char *path) {
    struct stat info;
    return lstat(path, &info) != 0 || S_ISREG(info.st_mode);
}

/* A file is written to memory and then takes the place of the old one, so that whoever reads it
 * sees the one or the other, whole. */
FILE *cli_open_output(Cli *cli, const char *path) {
    if (is_stdout(path))
        return stdout;
    cli->written = (Text){0};
    cli->replaces = is_replaced(path);
    FILE *out = cli->replaces ? text_stream(&cli->written, cli->arena) : fopen(path, "w");
    if (out == NULL)
        cli_complain(cli, "%s: %s", path, strerror(errno));
    return out;
}

void cli_close_output(Cli *cli, const char *path, FILE *out) {
    Error err;
    if ((out == stdout ? fflush(out) : fclose(out)) != 0)
        cli_complain(cli, "%s: %s", is_stdout(path) ? "standard output" : path, strerror(errno));
    else if (out != stdout && cli->replaces &&
             file_write(path, text_cstr(&cli->written, cli->arena), cli->written.len, &err) != 0)
        cli_complain(cli, "%s", err.message);
}

const char *cli_cache_dir(Cli *cli) {
    const char *named = getenv("IRQLINT_CACHE"), *base = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (cli->cache_dir != NULL)
        return cli->cache_dir;
    if (named != NULL && named[0] != '\0')
        return str_eq(named, "off") ? NULL : named;
    if (base != NULL && base[0] == '/')
        return path_join(cli->arena, base, "irqlint");
    return home != NULL && home[0] == '/' ? path_join(cli->arena, home, ".cache/irqlint") : NULL;
}

int cli_exit_code(int pid) {
    int status = process_wait(pid);
    return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- model headers ------------------------------------------------------------------------- */

static const char *executable_dir(Cli *cli) {
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        return ".";
    path[len] = '\0';
    return path_dir(cli->arena, path);
}

static bool holds_model(Cli *cli, const char *dir) {
    return access(path_join(cli->arena, dir, "wdm.h"), R_OK) == 0;
}

static int find_model(Cli *cli, Error *err) {
    const char *asked = getenv("IRQLINT_DATA");
    if (asked != NULL && asked[0] != '\0') {
        cli->model_dir = path_absolute(cli->arena, asked);
        if (!holds_model(cli, cli->model_dir))
            return error_set(err, "IRQLINT_DATA: no model headers (wdm.h) in %s", asked);
        return 0;
    }
    cli->model_dir = path_join(cli->arena, executable_dir(cli), "../share/irqlint/wdk");
    if (!holds_model(cli, cli->model_dir))
        cli->model_dir = IRQLINT_BUILD_MODEL_DIR;
    if (!holds_model(cli, cli->model_dir))
        return error_set(err, "no model headers (wdm.h) in ../share/irqlint/wdk beside the program "
                              "nor in the build tree; set IRQLINT_DATA to their folder");
    return 0;
}

/* --model. 0, or -1 after a complaint of everything that is wrong with the files. */
static int read_overlays(Cli *cli) {
    ModelErrors errors;
    cli->model = model_overlay(cli->arena, cli->overlays.items, cli->overlays.len, &errors);
    for (uint32_t i = 0; i < errors.len; i++)
        cli_complain(cli, "%s", errors.items[i]);
    return cli->model == NULL ? -1 : 0;
}

int cli_begin_analysis(Cli *cli) {
    Error err = {0};
    if (cli->paths.len == 0)
        cli_complain(cli, "%s: no PATH is given (`irqlint help %s`)", cli->command->name,
                     cli->command->name);
    else if (find_model(cli, &err) != 0)
        cli_complain(cli, "%s", err.message);
    else
        return read_overlays(cli);
    return -1;
}

/* ---- clocks -------------------------------------------------------------------------------- */

void stage_begin(StageTimes *self) {
    self->mark = clock_seconds();
    self->busy_mark = busy_seconds();
}

void stage_end(StageTimes *self, Stage stage) {
    self->seconds[stage] += clock_seconds() - self->mark;
    self->busy[stage] += busy_seconds() - self->busy_mark;
}
