/* why, contexts: what the last run found out about functions, out of the database.
 *
 * Nothing is analysed and nothing written.
 */
#include "analyzer/cli/cli.h"

static void select_functions(Cli *cli, StoredRun *run) {
    bool *chosen = cli_choose_functions(cli, run);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < run->functions.len; i++) {
        if (chosen[i])
            run->functions.items[kept++] = run->functions.items[i];
    }
    run->functions.len = kept;
}

/* ---- the commands -------------------------------------------------------------------------- */

static void write_list(Cli *cli, Store *store, const StoredRun *run, bool paths) {
    ListingOptions options = {.format = cli->format,
                              .base_dir = cli->format == REPORT_TEXT ? cli_base_dir(cli) : NULL,
                              .context = cli->context,
                              .irql = cli->irql,
                              .paths = paths};
    Error err = {0};
    FILE *out = cli_open_output(cli, cli->output);
    if (out == NULL)
        return;
    if (report_list(cli->arena, store, run, &options, out, &err) != 0)
        cli_complain(cli, "%s", err.message);
    cli_close_output(cli, cli->output, out);
}

static int list(Cli *cli, bool paths) {
    StoredRun run;
    Store *store = cli_open_last_run(cli, &run);
    if (store == NULL)
        return EXIT_INCOMPLETE;
    select_functions(cli, &run);
    if (!cli->incomplete && run.functions.len == 0)
        cli_note(cli, "no function matches");
    if (!cli->incomplete || run.functions.len > 0)
        write_list(cli, store, &run, paths);
    store_close(store);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

int cmd_why(Cli *cli) {
    if (cli->paths.len > 0)
        return list(cli, true);
    cli_complain(cli, "why: no FUNCTION is given (`irqlint help why`)");
    return EXIT_INCOMPLETE;
}

int cmd_contexts(Cli *cli) {
    if (cli->paths.len == 0)
        return list(cli, false);
    cli_complain(cli, "'contexts' takes no arguments; `irqlint why %s` asks about one function",
                 cli->paths.items[0]);
    return EXIT_INCOMPLETE;
}
