/* baseline: keeps the findings of the last run in a file, for `check --baseline`. */
#include "analyzer/cli/cli.h"

static int write_baseline(Cli *cli, const StoredRun *run, const char *path) {
    Error err;
    Baseline *present = baseline_of_run(cli->arena, run, cli->certainty, "");
    if (baseline_write(present, path, &err) != 0) {
        cli_complain(cli, "%s", err.message);
        return EXIT_INCOMPLETE;
    }
    printf("%u finding%s\n", baseline_count(present), baseline_count(present) == 1 ? "" : "s");
    return EXIT_CLEAN;
}

static int update_baseline(Cli *cli, const StoredRun *run, const char *path) {
    Error err;
    Baseline *baseline = baseline_read(cli->arena, path, &err);
    Baseline *present = baseline_of_run(cli->arena, run, POSSIBLE_WEAK, "");
    uint32_t gone = baseline == NULL ? 0 : baseline_keep(baseline, present);
    if (baseline == NULL || baseline_write(baseline, path, &err) != 0) {
        cli_complain(cli, "%s", err.message);
        return EXIT_INCOMPLETE;
    }
    printf("%u taken out, %u left\n", gone, baseline_count(baseline));
    return EXIT_CLEAN;
}

int cmd_baseline(Cli *cli) {
    StoredRun run;
    const char *what = cli->paths.len == 2 ? cli->paths.items[0] : "";
    bool update = str_eq(what, "update");
    if (!update && !str_eq(what, "write")) {
        cli_complain(cli,
                     "baseline: it takes `write FILE` or `update FILE` (`irqlint help baseline`)");
        return EXIT_INCOMPLETE;
    }
    const char *database = cli->db != NULL ? cli->db : cli_default_database;
    if (cli_read_last_run(cli, database, &run) != 0)
        return EXIT_INCOMPLETE;
    return update ? update_baseline(cli, &run, cli->paths.items[1])
                  : write_baseline(cli, &run, cli->paths.items[1]);
}
