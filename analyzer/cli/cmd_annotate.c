/* annotate: prints a patch that adds the annotations which follow from the code (docs/annotate.md).
 *
 * The sources stay as they are; the patch is applied by whoever agrees with it. Exit code 0 when
 * there is something to add and when there is not, 2 when not all could be analysed.
 */
#include "analyzer/annotate/annotate.h"
#include "analyzer/cli/cli.h"

/* Paths are as seen from here, where `git apply` will be run; else relative to what was checked. */
static const char *patch_base(Cli *cli, const Project *project) {
    const char *here = cli_base_dir(cli);
    bool inside = str_eq(here, project->root) ||
                  !str_eq(path_relative(cli->arena, here, project->root), project->root);
    return inside ? here : project->root;
}

static void annotate_drivers(Cli *cli, const Project *project, Annotations *annotations) {
    StageTimes times = {0};
    Facts *facts = cli_plan_files(cli, project, &times);
    cli_parse_files(facts, project, &times);
    for (uint32_t i = 0; i < project->drivers.len; i++) {
        DriverRun run = {0};
        cli_run_driver(cli, facts, project, i, STAGE_INFER, cli->arena, &run, &times);
        annotate_program(annotations, run.inferred);
        cli_complain_of_driver(cli, &run);
    }
    cli_close_facts(cli, facts);
    cli_complain_of_more_units(cli);
}

int cmd_annotate(Cli *cli) {
    StageTimes times = {0};
    if (cli_begin_analysis(cli) != 0)
        return EXIT_INCOMPLETE;
    FILE *out = cli_open_output(cli, cli->output);
    if (out == NULL)
        return EXIT_INCOMPLETE;
    Project *project = cli_load_project(cli, &times);
    AnnotateOptions options = {.root = project->root,
                               .base = patch_base(cli, project),
                               .only = &cli->only,
                               .paged_code = !cli->no_paged_code};
    Annotations *annotations = annotate_new(cli->arena, &options);
    annotate_drivers(cli, project, annotations);
    AnnotateCounts counts = annotate_write(annotations, out);
    cli_close_output(cli, cli->output, out);
    cli_note(cli, "annotations for %u function%s in %u file%s", counts.functions,
             counts.functions == 1 ? "" : "s", counts.files, counts.files == 1 ? "" : "s");
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
