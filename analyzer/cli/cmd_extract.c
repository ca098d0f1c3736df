/* extract: the first half of a check, for some files: parse, and keep the facts in a file. */
#include "analyzer/cache/cache.h"
#include "analyzer/cli/cli.h"

typedef struct Kept {
    Arena *arena;
    HashArray keys;    /* of the files with facts */
    uint32_t failures; /* files without */
    const char *first; /* of them */
} Kept;

static void see_file(void *data, const char *path, const Hash128 *key) {
    Kept *kept = data;
    if (key != NULL) {
        array_push(&kept->keys, kept->arena, *key);
    } else {
        kept->first = kept->failures == 0 ? path : kept->first;
        kept->failures++;
    }
}

static CStrArray absolute(Cli *cli, const CStrArray *paths) {
    CStrArray all = {0};
    for (uint32_t i = 0; i < paths->len; i++)
        array_push(&all, cli->arena, path_absolute(cli->arena, paths->items[i]));
    return all;
}

static void write_pack(Cli *cli, const Facts *facts, const Pack *pack) {
    Kept kept = {.arena = cli->arena};
    uint32_t missing = 0;
    Error err = {0};
    if (frontend_each(facts, see_file, &kept) == 0)
        cli_complain(cli, "extract: none of the files belongs to %s",
                     cli_shown_path(cli, pack->roots.items[0]));
    if (kept.failures > 0)
        cli_note(cli, "%s%s: no facts to keep; link parses %s", cli_shown_path(cli, kept.first),
                 kept.failures == 1
                     ? ""
                     : arena_printf(cli->arena, " and %u more files", kept.failures - 1),
                 kept.failures == 1 ? "it" : "them");
    if (pack_write(cli->output, pack, cli->cache, &kept.keys, &missing, &err) != 0)
        cli_complain(cli, "%s", err.message);
    else if (missing > 0)
        cli_note(cli, "the facts of %u files are gone from the cache; link parses them", missing);
}

int cmd_extract(Cli *cli) {
    StageTimes times = {0};
    if (cli->output == NULL || cli->paths.len == 0) {
        cli_complain(cli, "extract: files, and where to keep the facts (-o FACTS), are wanted");
        return EXIT_INCOMPLETE;
    }
    const CStrArray wanted = absolute(cli, &cli->paths);
    if (cli->of.len > 0)
        cli->paths = cli->of;
    if (cli_begin_analysis(cli) != 0)
        return EXIT_INCOMPLETE;
    cli_open_cache(cli);
    if (cli->cache == NULL && cli_open_own_cache(cli) != 0)
        return EXIT_INCOMPLETE;
    cli->progress = progress_new(cli);
    Project *project = cli_load_project(cli, &times);
    Facts *facts = cli_plan_files(cli, project, &times);
    if (cli->of.len > 0)
        frontend_select(facts, &wanted);
    cli_parse_files(facts, project, &times);
    const Pack pack = {.tool = cli->tool, .roots = absolute(cli, &cli->paths)};
    write_pack(cli, facts, &pack);
    cli_close_facts(cli, facts);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
