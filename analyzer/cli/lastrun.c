/* lastrun: the last run in the database, and the functions of it that are asked about.
 *
 * A function is meant by its name, in C++ with or without what stands before the last "::"; several
 * may be.
 */
#include "analyzer/cli/cli.h"

#include <fnmatch.h>
#include <unistd.h>

enum { SUGGESTIONS = 5 };

/* ---- the run ------------------------------------------------------------------------------- */

static const char *database_of(const Cli *cli) {
    return cli->db != NULL ? cli->db : cli_default_database;
}

Store *cli_open_database(Cli *cli) {
    const char *path = database_of(cli);
    Store *store = NULL;
    Error err = {0};
    if (access(path, F_OK) != 0)
        cli_complain(cli, "%s: no such database; `irqlint check` makes it, --db names another",
                     path);
    else if (store_open_existing(cli->arena, path, &store, &err) == 0)
        return store;
    else
        cli_complain(cli, "%s", err.message);
    return NULL;
}

static int read_last_run(Cli *cli, Store *store, const char *path, StoredRun *run, Error *err) {
    int64_t id = 0;
    if (store_last_run(store, &id, err) != 0)
        return -1;
    if (id == 0)
        return error_set(err, "%s: holds no run; `irqlint check` makes one", path);
    return store_read_functions(cli->arena, store, id, run, err);
}

Store *cli_open_last_run(Cli *cli, StoredRun *run) {
    Store *store = cli_open_database(cli);
    Error err = {0};
    if (store == NULL || read_last_run(cli, store, database_of(cli), run, &err) == 0)
        return store;
    cli_complain(cli, "%s", err.message);
    store_close(store);
    return NULL;
}

/* ---- selection ----------------------------------------------------------------------------- */

/* The pattern may be about the path as shown, as stored, or the file's name alone. */
static bool is_in_file(Cli *cli, const StoredRun *run, const StoredFunction *function) {
    const char *path = function->file;
    const char *shown = report_shown_path(cli->arena, cli_base_dir(cli), run->root, path);
    return cli->file == NULL || fnmatch(cli->file, path, 0) == 0 ||
           fnmatch(cli->file, shown, 0) == 0 || fnmatch(cli->file, path_base(path), 0) == 0;
}

static bool is_called(const StoredFunction *function, const char *name) {
    size_t len = strlen(function->name), name_len = strlen(name);
    if (len < name_len || !str_ends_with(function->name, name))
        return false;
    return len == name_len || (len - name_len >= 2 && name_len > 0 &&
                               strncmp(function->name + len - name_len - 2, "::", 2) == 0);
}

static bool is_named(const Cli *cli, const StoredFunction *function) {
    for (uint32_t i = 0; i < cli->paths.len; i++) {
        if (is_called(function, cli->paths.items[i]))
            return true;
    }
    return cli->paths.len == 0;
}

static void complain_of_name(Cli *cli, const CStrArray *names, const char *what, const char *name) {
    CStrArray near = nearest_names(cli->arena, names, name, SUGGESTIONS);
    Text text = {0};
    for (uint32_t i = 0; i < near.len; i++)
        text_printf(&text, cli->arena, "%s%s", i == 0 ? "; nearest: " : ", ", near.items[i]);
    cli_complain(cli, "no %s '%s' in the last run%s", what, name, text_cstr(&text, cli->arena));
}

/* Complains of a driver or a function that is not there. */
static void check_names(Cli *cli, const StoredRun *run) {
    CStrArray functions = {0}, drivers = {0};
    bool has_driver = cli->driver == NULL;
    for (uint32_t i = 0; i < run->functions.len; i++) {
        const StoredFunction *function = &run->functions.items[i];
        array_push(&functions, cli->arena, function->name);
        array_push(&drivers, cli->arena, function->driver);
        has_driver = has_driver || str_eq(function->driver, cli->driver);
    }
    if (!has_driver)
        complain_of_name(cli, &drivers, "driver", cli->driver);
    for (uint32_t p = 0; p < cli->paths.len; p++) {
        bool found = false;
        for (uint32_t i = 0; i < run->functions.len && !found; i++)
            found = is_called(&run->functions.items[i], cli->paths.items[p]);
        if (!found)
            complain_of_name(cli, &functions, "function", cli->paths.items[p]);
    }
}

bool *cli_choose_functions(Cli *cli, const StoredRun *run) {
    bool *chosen = arena_array_of(cli->arena, bool, run->functions.len + 1);
    check_names(cli, run);
    for (uint32_t i = 0; i < run->functions.len; i++) {
        const StoredFunction *function = &run->functions.items[i];
        chosen[i] = (cli->driver == NULL || str_eq(function->driver, cli->driver)) &&
                    is_named(cli, function) && is_in_file(cli, run, function);
    }
    return chosen;
}
