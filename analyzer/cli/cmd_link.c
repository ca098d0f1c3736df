/* link: the second half of a check, out of what extract kept.
 *
 * The facts go into a cache of this run alone, and a check follows: it takes from there what is of
 * today's sources, and parses the rest. So the report cannot differ from that of check.
 */
#include "analyzer/cache/cache.h"
#include "analyzer/cli/cli.h"

/* What the facts were made for, each once. */
static void add_roots(Cli *cli, const Pack *pack, CStrArray *roots) {
    for (uint32_t i = 0; i < pack->roots.len; i++) {
        bool known = false;
        for (uint32_t k = 0; k < roots->len; k++)
            known |= str_eq(roots->items[k], pack->roots.items[i]);
        if (!known)
            array_push(roots, cli->arena, pack->roots.items[i]);
    }
}

/* What the files were made for; those that say it. */
static CStrArray read_heads(Cli *cli, CStrArray *roots) {
    CStrArray good = {0};
    for (uint32_t i = 0; i < cli->paths.len; i++) {
        Pack pack;
        Error err = {0};
        if (pack_read(cli->arena, cli->paths.items[i], cli->tool, NULL, &pack, &err) != 0) {
            cli_complain(cli, "%s", err.message);
            continue;
        }
        add_roots(cli, &pack, roots);
        array_push(&good, cli->arena, cli->paths.items[i]);
    }
    return good;
}

/* The configuration beside what is checked, unless --of has said where that is. */
static int load_config(Cli *cli, const CStrArray *roots) {
    Error err = {0};
    if (cli->of.len > 0)
        return 0;
    cli->of = *roots;
    if (config_load(cli, &err) == 0)
        return 0;
    cli_complain(cli, "%s", err.message);
    return -1;
}

int cmd_link(Cli *cli) {
    CStrArray roots = {0};
    if (cli->paths.len == 0)
        cli_complain(cli, "link: files that `irqlint extract` made are wanted");
    CStrArray files = read_heads(cli, &roots);
    cli->paths = cli->of.len > 0 ? cli->of : roots;
    if (cli->paths.len == 0 || load_config(cli, &roots) != 0 || cli_begin_analysis(cli) != 0 ||
        cli_open_own_cache(cli) != 0)
        return EXIT_INCOMPLETE;
    for (uint32_t i = 0; i < files.len; i++) {
        Pack pack;
        Error err = {0};
        if (pack_read(cli->arena, files.items[i], cli->tool, cli->cache, &pack, &err) != 0)
            cli_complain(cli, "%s", err.message);
    }
    return cmd_check(cli);
}
