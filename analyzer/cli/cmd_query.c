/* query: one SELECT over the database of runs. */
#include "analyzer/cli/cli.h"

static int answer(Cli *cli, QueryResult *result) {
    Error err = {0};
    Store *store = cli_open_database(cli);
    if (store == NULL)
        return -1;
    int status = store_query(cli->arena, store, cli->paths.items[0], result, &err);
    store_close(store);
    if (status != 0)
        cli_complain(cli, "%s", err.message);
    return status;
}

int cmd_query(Cli *cli) {
    QueryResult result;
    Error err = {0};
    if (cli->paths.len != 1) {
        cli_complain(cli, "query: one SQL statement is wanted, in quotes; docs/database.md has the "
                          "tables and some questions");
    } else if (answer(cli, &result) == 0) {
        FILE *out = cli_open_output(cli, cli->output);
        if (out == NULL)
            return EXIT_INCOMPLETE;
        if (report_table(cli->arena, &result, cli->table, out, &err) != 0)
            cli_complain(cli, "%s", err.message);
        cli_close_output(cli, cli->output, out);
    }
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
