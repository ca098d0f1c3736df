/* cache: how much is kept from run to run, and where; empties it. */
#include "analyzer/cli/cli.h"

static int show(const char *dir) {
    CacheStats stats = cache_stats(dir);
    printf("%s: %llu files, %.1f MB\n", dir, (unsigned long long)stats.entries,
           (double)stats.bytes / 1e6);
    return EXIT_CLEAN;
}

static int clear(Cli *cli, const char *dir) {
    Error err = {0};
    if (cache_clear(dir, &err) == 0)
        return EXIT_CLEAN;
    cli_complain(cli, "%s", err.message);
    return EXIT_INCOMPLETE;
}

int cmd_cache(Cli *cli) {
    const char *dir = cli_cache_dir(cli);
    const char *what = cli->paths.len == 1 ? cli->paths.items[0] : "";
    if (!str_eq(what, "stats") && !str_eq(what, "clear"))
        cli_complain(cli, "cache: say `stats` or `clear` (`irqlint help cache`)");
    else if (dir == NULL)
        cli_complain(cli, "cache: there is none: neither --cache nor $IRQLINT_CACHE, "
                          "$XDG_CACHE_HOME or $HOME name a folder");
    else
        return str_eq(what, "stats") ? show(dir) : clear(cli, dir);
    return EXIT_INCOMPLETE;
}
