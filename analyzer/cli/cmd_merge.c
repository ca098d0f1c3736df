/* merge: the last checks of several databases in one. */
#include "analyzer/cli/cli.h"

int cmd_merge(Cli *cli) {
    Error err = {0};
    if (cli->output == NULL || cli->paths.len == 0)
        cli_complain(cli, "merge: databases, and the one to put them into (-o ALL.db), are wanted");
    else if (store_merge(cli->arena, cli->output, cli->paths.items, cli->paths.len, &err) != 0)
        cli_complain(cli, "%s", err.message);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
