/* check: the main job: analyse, store, report.
 *
 * The store is written in one transaction after every driver is done, and all reports of a run are
 * made from it. A database that cannot be written costs the record on disk, not the report: a
 * private one in memory takes its place. Exit code: what could not be done goes before findings.
 */
#include "analyzer/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* One run of the command. */
typedef struct CheckRun {
    Project *project;       /* what was asked for */
    DriverResult *drivers;  /* by index into project->drivers */
    CStrArray problems;     /* one line each, for the record */
    StageTimes times;       /* for --stats */
    Suppressions *accepted; /* of --suppressions */
    Baseline *before;       /* of --baseline or --new-since, NULL: neither */
    Store *store;           /* on disk or in memory */
    StoredRun stored;       /* this run out of the store, judged */
    uint32_t cached_files;  /* of the drivers that were analysed: whose facts were in the cache */
    ParseCosts costs;       /* of the files that were parsed */
} CheckRun;

/* ---- the store ----------------------------------------------------------------------------- */

/* The default place, `.irqlint/` beneath the current folder, kept out of version control. */
static const char *default_database(void) {
    if (mkdir(".irqlint", 0777) == 0) {
        Error ignored = {0};
        file_write(".irqlint/.gitignore", "*\n", 2, &ignored);
    }
    return cli_default_database;
}

static void describe_run(Cli *cli, const CheckRun *run, StoreRun *record) {
    uint32_t count = run->project->drivers.len, kept = 0;
    StoreRows *drivers = arena_array_of(cli->arena, StoreRows, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (run->drivers[i].failure == NULL)
            drivers[kept++] = run->drivers[i].rows;
    }
    *record = (StoreRun){.root = run->project->root,
                         .command = cli->command_line,
                         .drivers = drivers,
                         .driver_count = kept,
                         .problems = run->problems.items,
                         .problem_count = run->problems.len};
}

/* What of the findings is accepted. */
static void judge(Cli *cli, CheckRun *run) {
    char today[16];
    time_t now = time(NULL);
    struct tm utc;
    strftime(today, sizeof today, "%Y-%m-%d", gmtime_r(&now, &utc));
    CStrArray marked = fileview_gating(run->project->view);
    GateOptions options = {.marked = &marked,
                           .suppressions = run->accepted,
                           .baseline = run->before,
                           .rules = &cli->rules,
                           .today = today};
    gate_judge(cli->arena, &options, &run->stored);
}

static int write_store(Cli *cli, CheckRun *run, const char *path, Error *err) {
    StoreRun record;
    describe_run(cli, run, &record);
    if (store_open(cli->arena, path, &run->store, err) != 0)
        return -1;
    int64_t id;
    if (store_begin_run(run->store, &record, &id, err) == 0 &&
        store_read_run(cli->arena, run->store, id, &run->stored, err) == 0) {
        cli_set_levels(cli, &run->stored);
        judge(cli, run);
        if (store_write_verdicts(run->store, &run->stored, err) == 0 &&
            store_commit(run->store, err) == 0)
            return 0;
    }
    store_close(run->store);
    run->store = NULL;
    return -1;
}

/* On disk, else in memory. */
static int keep_run(Cli *cli, CheckRun *run) {
    Error err = {0};
    const char *path = cli->db != NULL ? cli->db : cli->no_db ? NULL : default_database();
    if (write_store(cli, run, path, &err) == 0)
        return 0;
    cli_complain(cli, "the database could not be written: %s", err.message);
    if (path == NULL || write_store(cli, run, NULL, &err) == 0)
        return path == NULL ? -1 : 0;
    cli_complain(cli, "no report: %s", err.message);
    return -1;
}

/* ---- reports ------------------------------------------------------------------------------- */

/* True when git, too, would not look there nor above. */
static bool is_ceiling(const char *dir) {
    const char *at = getenv("GIT_CEILING_DIRECTORIES");
    for (size_t len; at != NULL && *at != '\0'; at += len + (at[len] == ':')) {
        len = strcspn(at, ":");
        if (len == strlen(dir) && strncmp(at, dir, len) == 0)
            return true;
    }
    return false;
}

/* The git work tree that a folder lies in, NULL: none. */
static const char *repository_of(Cli *cli, const char *folder) {
    for (const char *dir = folder; !is_ceiling(dir); dir = path_dir(cli->arena, dir)) {
        if (access(path_join(cli->arena, dir, ".git"), F_OK) == 0)
            return dir;
        if (str_eq(dir, "/") || str_eq(dir, "."))
            break;
    }
    return NULL;
}

/* What paths are shown relative to: people read where they stand, code hosts know a repository, and
 * other programs the folder that holds all that was checked (NULL). */
static const char *base_of(Cli *cli, const CheckRun *run, ReportFormat format) {
    switch (format) {
    case REPORT_TEXT:
    case REPORT_BRIEF:
        return cli_base_dir(cli);
    case REPORT_SARIF:
    case REPORT_GITLAB:
    case REPORT_JUNIT:
        return repository_of(cli, run->project->root);
    default:
        return NULL;
    }
}

static void write_report(Cli *cli, CheckRun *run, ReportFormat format, const char *path) {
    bool to_stdout = path == NULL;
    ReportOptions options = {.format = format,
                             .certainty = cli->certainty,
                             .colour = cli_wants_colour(cli, to_stdout),
                             .compared = run->before != NULL,
                             .coverage = cli->coverage,
                             .base_dir = base_of(cli, run, format)};
    Error err = {0};
    FILE *out = cli_open_output(cli, path);
    if (out == NULL)
        return;
    int result = report_write(cli->arena, &run->stored, &options, out, &err);
    if (result != 0)
        cli_complain(cli, "the report could not be made: %s", err.message);
    cli_close_output(cli, path, out);
}

static void write_reports(Cli *cli, CheckRun *run) {
    const char *main_output = cli->output;
    if (main_output != NULL && str_eq(main_output, "-"))
        main_output = NULL;
    if (main_output != NULL || !cli->quiet)
        write_report(cli, run, cli->format, main_output);
    for (ReportFormat format = 0; format < REPORT_FORMAT_COUNT; format++) {
        if (cli->reports[format] != NULL)
            write_report(cli, run, format, cli->reports[format]);
    }
}

/* ---- the command --------------------------------------------------------------------------- */

static void record_problems(Cli *cli, CheckRun *run) {
    for (uint32_t i = 0; i < run->project->problems.len; i++) {
        const ProjectProblem *problem = &run->project->problems.items[i];
        array_push(&run->problems, cli->arena,
                   arena_printf(cli->arena, "%s: %s", problem->path, problem_text(problem)));
    }
}

static void add_times(StageTimes *sum, const StageTimes *times) {
    for (Stage stage = 0; stage < STAGE_COUNT; stage++)
        sum->busy[stage] += times->busy[stage];
}

static void see_result(Cli *cli, CheckRun *run, uint32_t index) {
    const DriverResult *result = &run->drivers[index];
    const char *name = run->project->drivers.items[index].name;
    if (!result->cached)
        add_times(&run->times, &result->figures.times);
    cli_complain_of_units(cli, result->report, result->report_size);
    if (result->failure == NULL)
        return;
    cli_complain(cli, "%s: %s", name, result->failure);
    array_push(&run->problems, cli->arena,
               arena_printf(cli->arena, "%s: %s", name, result->failure));
}

static void analyse_drivers(Cli *cli, CheckRun *run) {
    const Project *project = run->project;
    Facts *facts = cli_plan_files(cli, project, &run->times);
    run->drivers = arena_array_of(cli->arena, DriverResult, project->drivers.len + 1);
    cli_fetch_drivers(cli, project, facts, run->drivers);
    cli_parse_files(facts, project, &run->times);
    run->cached_files = frontend_cached(facts);
    run->costs = frontend_costs(facts, cli->arena);
    stage_begin(&run->times);
    cli_analyse_drivers(cli, project, facts, run->drivers);
    stage_end(&run->times, STAGE_CHECK);
    cli_close_facts(cli, facts);
    for (uint32_t i = 0; i < project->drivers.len; i++)
        see_result(cli, run, i);
    cli_complain_of_more_units(cli);
}

/* --suppressions, --baseline, --new-since. 0, or -1 after a complaint. */
static int read_judgements(Cli *cli, CheckRun *run) {
    Error err = {0};
    if (cli->baseline != NULL && cli->new_since != NULL)
        error_set(&err, "--baseline and --new-since cannot be had at once");
    else
        run->accepted =
            suppressions_read(cli->arena, cli->suppressions.items, cli->suppressions.len, &err);
    if (run->accepted != NULL && cli->baseline != NULL)
        run->before = baseline_read(cli->arena, cli->baseline, &err);
    if (err.message[0] != '\0') {
        cli_complain(cli, "%s", err.message);
        return -1;
    }
    if (cli->new_since != NULL)
        run->before = cli_findings_at(cli, cli->new_since);
    return cli->new_since != NULL && run->before == NULL ? -1 : 0;
}

/* Whether there are findings that the exit code tells of. */
static bool fails(const Cli *cli, const CheckRun *run) {
    static const int limits[] = {CERTAIN, POSSIBLE, -1};
    int limit = cli->fail_on < 0 ? (int)cli->certainty : limits[cli->fail_on];
    for (uint32_t i = 0; i < run->stored.findings.len; i++) {
        const StoredFinding *finding = &run->stored.findings.items[i];
        if (finding->verdict.kind == VERDICT_OPEN && (int)finding->finding.certainty <= limit)
            return true;
    }
    return false;
}

int cmd_check(Cli *cli) {
    CheckRun run = {0};
    if (cli_begin_analysis(cli) != 0)
        return EXIT_INCOMPLETE;
    if (read_judgements(cli, &run) != 0)
        return EXIT_INCOMPLETE;
    cli_select_rules(cli);
    cli->progress = progress_new(cli);
    run.project = cli_load_project(cli, &run.times);
    record_problems(cli, &run);
    analyse_drivers(cli, &run);

    stage_begin(&run.times);
    int kept = keep_run(cli, &run);
    stage_end(&run.times, STAGE_STORE);
    if (kept != 0)
        return EXIT_INCOMPLETE;

    stage_begin(&run.times);
    write_reports(cli, &run);
    store_close(run.store);
    stage_end(&run.times, STAGE_REPORT);
    if (cli->stats) {
        CheckStats stats = {.project = run.project,
                            .drivers = run.drivers,
                            .times = &run.times,
                            .costs = &run.costs,
                            .cached_files = run.cached_files};
        cli_print_stats(cli, &stats);
    }
    return cli->incomplete ? EXIT_INCOMPLETE : fails(cli, &run) ? EXIT_FINDINGS : EXIT_CLEAN;
}
