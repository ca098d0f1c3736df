/* stages: a driver through the stages.
 *
 *     project ──▶ frontend ──▶ link ──▶ infer ──▶ check ──▶ store ──▶ report
 *
 * Each command is a file of its own (cmd_check.c …, listed in commands.def); options are listed in
 * options.def. Check then stores and reports, dump prints. Invariant: whatever one driver or one
 * file is like, the others are analysed all the same; what could not be done is said on standard
 * error and makes the exit code 2.
 */
#include "analyzer/cli/cli.h"
#include "analyzer/infer/infer.h"
#include "analyzer/link/link.h"

enum { MAX_IDENTITY_SIZE = 256 << 20 };

/* What results depend on besides the sources: the program itself, what it knows of the kernel, and
 * clang. */
static Hash128 tool_identity(Cli *cli) {
    static const char *const own[] = {"/proc/self/exe"};
    CStrArray paths = {0};
    Text all = {0};
    Error ignored;
    char *data;
    size_t size;
    array_push(&paths, cli->arena, own[0]);
    array_push(&paths, cli->arena, path_join(cli->arena, cli->model_dir, "identifiers.txt"));
    for (uint32_t i = 0; i < cli->overlays.len; i++)
        array_push(&paths, cli->arena, cli->overlays.items[i]);
    Arena *scratch = arena_new();
    for (uint32_t i = 0; i < paths.len; i++) {
        Hash128 hash = {0, 0};
        if (file_read(scratch, paths.items[i], MAX_IDENTITY_SIZE, &data, &size, &ignored) == 0)
            hash = hash128(data, size);
        text_append_len(&all, cli->arena, (const char *)&hash, sizeof hash);
    }
    arena_free(scratch);
    text_append(&all, cli->arena, frontend_version(cli->arena));
    text_append(&all, cli->arena, cli->model_dir);
    return hash128(all.items, all.len);
}

int cli_open_own_cache(Cli *cli) {
    Error err = {0};
    TempDir *temp = arena_new_of(cli->arena, TempDir);
    if (temp_dir_open(temp, cli->arena, &err) == 0)
        cli->cache = cache_open(cli->arena, temp->path, UINT64_MAX, &err);
    if (cli->cache == NULL) {
        cli_complain(cli, "no temporary folder: %s", err.message);
        return -1;
    }
    cli->tool = tool_identity(cli);
    return 0;
}

void cli_open_cache(Cli *cli) {
    const char *dir = cli_cache_dir(cli);
    Error err = {0};
    if (cli->cache != NULL || dir == NULL || cli->no_cache || cli->no_db)
        return;
    cli->cache = cache_open(cli->arena, dir, (uint64_t)cli->cache_mb << 20, &err);
    if (cli->cache == NULL)
        cli_note(cli, "nothing is kept for the next run: %s", err.message);
    else
        cli->tool = tool_identity(cli);
}

Facts *cli_plan_files(Cli *cli, const Project *project, StageTimes *times) {
    stage_begin(times);
    cli_open_cache(cli);
    ExtractOptions options = {.model_dir = cli->model_dir,
                              .kit_dir = project->kit_dir,
                              .jobs = cli->jobs,
                              .timeout_s = cli->unit_timeout_s,
                              .memory_bytes = (uint64_t)cli->unit_memory_mb << 20,
                              .cache = cli->cache,
                              .tool = cli->tool,
                              .progress = cli->progress == NULL ? NULL : progress_files,
                              .watcher = cli->progress};
    Facts *facts = frontend_plan(cli->arena, project->view, project->drivers.items,
                                 project->drivers.len, &options);
    stage_end(times, STAGE_PROJECT);
    return facts;
}

void cli_parse_files(Facts *facts, const Project *project, StageTimes *times) {
    stage_begin(times);
    frontend_parse_files(facts, project->view);
    stage_end(times, STAGE_PARSE);
}

void cli_close_facts(Cli *cli, Facts *facts) {
    frontend_close(facts);
    cache_trim(cli->cache);
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
    cli_select_sources(cli, project);
    stage_end(times, STAGE_PROJECT);
    return project;
}
