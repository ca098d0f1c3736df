/* dump: what a stage found out, as text: the form of the golden tests.
 *
 * Prints driver by driver, in the order of the project; with several drivers each is headed by its
 * name. `commands` prints for each file the clang command whose tree the front end reads.
 */
#include "analyzer/cli/cli.h"
#include "analyzer/infer/infer.h"
#include "analyzer/ir/ir.h"
#include "analyzer/link/link.h"

#include <errno.h>

static void dump_facts(const ProjectDriver *driver, const DriverRun *run, FILE *out) {
    for (uint32_t i = 0; i < run->facts.unit_count; i++)
        ir_dump(run->facts.units[i], driver->dir, out);
}

/* ---- commands ------------------------------------------------------------------------------ */

/* One shell word, quoted where it has to be. */
static void print_word(const char *word, FILE *out) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./=:,+@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fprintf(out, " %s", word);
        return;
    }
    fputs(" '", out);
    for (const char *at = word; *at != '\0'; at++)
        if (*at == '\'')
            fputs("'\\''", out);
        else
            fputc(*at, out);
    fputc('\'', out);
}

/* The overlay of a driver, in a file beside the output; NULL (headers are then found by their exact
 * names only) when the commands go to standard output. */
static const char *write_overlay(Cli *cli, const Project *project, const ProjectDriver *driver) {
    CStrArray dirs = {0};
    Error err = {0};
    if (cli->output == NULL)
        return NULL;
    for (uint32_t i = 0; i < driver->units.len; i++) {
        ProjectClosure *closure = fileview_closure(project->view, &driver->units.items[i]);
        for (uint32_t d = 0; d < closure->dirs.len; d++)
            array_push(&dirs, cli->arena, closure->dirs.items[d]);
    }
    const char *path =
        arena_printf(cli->arena, "%s.%u.overlay.json", path_absolute(cli->arena, cli->output),
                     (uint32_t)(driver - project->drivers.items));
    const char *text = fileview_overlay(project->view, &dirs);
    if (file_write(path, text, strlen(text), &err) == 0)
        return path;
    cli_complain(cli, "%s", err.message);
    return NULL;
}

static void dump_command(Cli *cli, const ProjectUnit *unit, const char *overlay, FILE *out) {
    CStrArray args = {0};
    frontend_base_args(cli->arena, cli->model_dir, unit->cxx, &args);
    for (uint32_t i = 0; i < unit->args.len; i++)
        array_push(&args, cli->arena, unit->args.items[i]);
    if (overlay != NULL) {
        array_push(&args, cli->arena, "-ivfsoverlay");
        array_push(&args, cli->arena, overlay);
    }
    fputs("clang-19 -fsyntax-only", out);
    for (uint32_t i = 0; i < args.len; i++)
        print_word(args.items[i], out);
    print_word(unit->path, out);
    fputc('\n', out);
}

static void dump_commands(Cli *cli, const Project *project, FILE *out) {
    for (uint32_t d = 0; d < project->drivers.len; d++) {
        const ProjectDriver *driver = &project->drivers.items[d];
        const char *overlay = write_overlay(cli, project, driver);
        for (uint32_t i = 0; i < driver->units.len; i++)
            dump_command(cli, &driver->units.items[i], overlay, out);
    }
}

/* ---- the command --------------------------------------------------------------------------- */

static void dump_driver(Cli *cli, const Facts *facts, const Project *project, uint32_t index,
                        FILE *out) {
    static const Stage last[] = {
        [DUMP_IR] = STAGE_PARSE, [DUMP_LINK] = STAGE_LINK, [DUMP_CONTEXTS] = STAGE_INFER};
    const ProjectDriver *driver = &project->drivers.items[index];
    DriverRun run = {0};
    StageTimes times = {0};
    if (project->drivers.len > 1)
        fprintf(out, "driver %s\n", driver->name);
    cli_run_driver(cli, facts, project, index, last[cli->stage], cli->arena, &run, &times);
    if (cli->stage == DUMP_IR)
        dump_facts(driver, &run, out);
    if (cli->stage == DUMP_LINK)
        link_dump(run.program, out);
    if (cli->stage == DUMP_CONTEXTS)
        infer_dump(run.inferred, out);
    cli_complain_of_driver(cli, &run);
}

static void dump_project(Cli *cli, const Project *project, FILE *out) {
    StageTimes times = {0};
    Facts *facts = cli_plan_files(cli, project, &times);
    cli_parse_files(facts, project, &times);
    for (uint32_t i = 0; i < project->drivers.len; i++)
        dump_driver(cli, facts, project, i, out);
    cli_close_facts(cli, facts);
    cli_complain_of_more_units(cli);
}

int cmd_dump(Cli *cli) {
    StageTimes times = {0};
    if (cli->stage == DUMP_NONE) {
        cli_complain(cli, "dump: --stage=%s is missing", options_all[OPTION_STAGE].argument);
        return EXIT_INCOMPLETE;
    }
    if (cli_begin_analysis(cli) != 0)
        return EXIT_INCOMPLETE;
    FILE *out = cli_open_output(cli, cli->output);
    if (out == NULL)
        return EXIT_INCOMPLETE;
    Project *project = cli_load_project(cli, &times);
    if (cli->stage == DUMP_COMMANDS)
        dump_commands(cli, project, out);
    else
        dump_project(cli, project, out);
    cli_close_output(cli, cli->output, out);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
