/* main: the program, from the command line to the exit code.
 *
 *     project ──▶ frontend ──▶ link ──▶ infer ──▶ check ──▶ store ──▶ report
 *
 * Each command is a file of its own (cmd_check.c …, listed in commands.def); options are listed in
 * options.def. This file takes a driver through the stages; check then stores and reports, dump
 * prints. Invariant: whatever one driver or one file is like, the others are analysed all the same;
 * what could not be done is said on standard error and makes the exit code 2.
 */
#include "analyzer/cli/cli.h"
#include "analyzer/infer/infer.h"
#include "analyzer/link/link.h"

#include <unistd.h>

Facts *cli_parse_files(Cli *cli, const Project *project, StageTimes *times) {
    stage_begin(times);
    ExtractOptions options = {.model_dir = cli->model_dir,
                              .kit_dir = project->kit_dir,
                              .jobs = cli->jobs,
                              .timeout_s = cli->unit_timeout_s,
                              .memory_bytes = (uint64_t)cli->unit_memory_mb << 20};
    Facts *facts = frontend_parse_all(cli->arena, project->view, project->drivers.items,
                                      project->drivers.len, &options);
    stage_end(times, STAGE_PARSE);
    return facts;
}

static void findings_of_driver(Cli *cli, Arena *arena, DriverRun *run) {
    CheckOptions options = {.rules = cli->rules.items, .rule_count = cli->rules.len};
    check_program(arena, run->inferred, &options, &run->findings);
}

void cli_run_driver(Cli *cli, const Facts *facts, const Project *project, uint32_t index,
                    Stage last, Arena *arena, DriverRun *run, StageTimes *times) {
    const ProjectDriver *driver = &project->drivers.items[index];
    for (Stage stage = STAGE_PARSE; stage <= last; stage++) {
        stage_begin(times);
        switch (stage) {
        case STAGE_PARSE:
            frontend_facts(facts, index, arena, &run->facts);
            break;
        case STAGE_LINK:
            run->program = link_units(arena, driver->name, driver->dir, cli->model,
                                      run->facts.units, run->facts.unit_count);
            break;
        case STAGE_INFER:
            run->inferred = infer_program(arena, run->program);
            break;
        case STAGE_CHECK:
            findings_of_driver(cli, arena, run);
            break;
        default:
            break;
        }
        stage_end(times, stage);
    }
}

const char *problem_text(const ProjectProblem *problem) {
    size_t len = strlen(problem->path);
    bool repeats = strncmp(problem->message, problem->path, len) == 0;
    return repeats && str_starts_with(problem->message + len, ": ") ? problem->message + len + 2
                                                                    : problem->message;
}

Project *cli_load_project(Cli *cli, StageTimes *times) {
    stage_begin(times);
    ProjectOptions options = {.paths = cli->paths.items,
                              .path_count = cli->paths.len,
                              .clang_args = cli->clang_args.items,
                              .clang_arg_count = cli->clang_args.len,
                              .model_dir = cli->model_dir,
                              .configuration = cli->configuration,
                              .platform = cli->platform,
                              .wdk = cli->wdk,
                              .allow_outside = cli->allow_outside};
    Project *project = project_load(cli->arena, &options);
    for (uint32_t i = 0; i < project->problems.len; i++) {
        const ProjectProblem *problem = &project->problems.items[i];
        cli_complain(cli, "%s: %s", cli_shown_path(cli, problem->path), problem_text(problem));
    }
    stage_end(times, STAGE_PROJECT);
    return project;
}

static uint32_t processor_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (uint32_t)count;
}

int main(int argc, char **argv) {
    Arena *arena = arena_new();
    Cli cli = {.arena = arena,
               .jobs = processor_count(),
               .certainty = POSSIBLE,
               .stage = DUMP_NONE,
               .irql = -1,
               .context = -1};
    Error err = {0};
    int code = EXIT_INCOMPLETE;
    if (cli_parse(&cli, argc, argv, &err) != 0)
        cli_complain(&cli, "%s", err.message);
    else
        code = cli.help ? cmd_help(&cli) : cli.command->run(&cli);
    arena_free(arena);
    return code;
}
