/* Paths in the database: what is put together from links is the witness that inference gives, for
 * every function and pair of the sample drivers; and databases of older schema versions are read.
 */
#include "analyzer/check/check.h"
#include "analyzer/frontend/frontend.h"
#include "analyzer/link/link.h"
#include "analyzer/project/project.h"
#include "analyzer/store/internal.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <unistd.h>

static Arena *arena;
static Error err;

static void set_up(void) {
    arena = arena_new();
    err.message[0] = '\0';
}

static void tear_down(void) {
    arena_free(arena);
}

typedef struct Analysed {
    const char *root;      /* of the paths in the store */
    StoreDriver driver;    /* analysed */
    FindingArray findings; /* in it */
} Analysed;

static void analyse(Analysed *self, const char *path) {
    const char *paths[] = {path};
    ProjectOptions options = {.paths = paths, .path_count = 1, .model_dir = IRQLINT_MODEL_DIR};
    Project *project = project_load(arena, &options);
    ck_assert_uint_eq(project->drivers.len, 1);
    ExtractOptions extract = {.model_dir = IRQLINT_MODEL_DIR, .jobs = 1};
    ExtractResult facts = {0};
    Facts *parsed =
        frontend_parse_all(arena, project->view, &project->drivers.items[0], 1, &extract);
    frontend_facts(parsed, 0, arena, &facts);
    frontend_close(parsed);
    Program *program = link_units(arena, "drv", project->drivers.items[0].dir, model_builtin(),
                                  facts.units, facts.unit_count);
    *self = (Analysed){.root = project->root};
    self->driver = (StoreDriver){.program = program,
                                 .inferred = infer_program(arena, program),
                                 .findings = &self->findings,
                                 .units = facts.units,
                                 .unit_count = facts.unit_count};
    check_program(arena, self->driver.inferred, &(CheckOptions){0}, &self->findings);
}

static int64_t write_keyed_run(Store *store, const Analysed *analysed, const char *key) {
    StoreRows rows = store_record_driver(arena, analysed->root, &analysed->driver);
    snprintf(rows.key, sizeof rows.key, "%s", key);
    StoreRun run = {.root = analysed->root, .command = "", .drivers = &rows, .driver_count = 1};
    int64_t id = 0;
    ck_assert_msg(store_write_run(store, &run, &id, &err) == 0, "%s", err.message);
    return id;
}

static int64_t write_run(Store *store, const Analysed *analysed) {
    return write_keyed_run(store, analysed, "");
}

/* ---- paths ------------------------------------------------------------------------------------
 */

static FuncId func_of(const Analysed *self, const StoredFunction *function) {
    const Program *program = self->driver.program;
    for (FuncId f = 1; f < program->func_count; f++) {
        const ProgFunc *func = &program->funcs[f];
        if (func->defined && str_eq(func->name, function->name) && func->line == function->line &&
            str_ends_with(func->file, function->file))
            return f;
    }
    ck_abort_msg("%s is unknown", function->name);
    return 0;
}

static void compare_path(const StoredPath *path, const StepArray *steps, const char *name) {
    ck_assert_msg(path->step_count == steps->len, "%s: %u steps, not %u", name, path->step_count,
                  steps->len);
    for (uint32_t i = 0; i < steps->len; i++) {
        const Step *is = &path->steps[i], *should = &steps->items[i];
        ck_assert_int_eq(is->kind, should->kind);
        ck_assert(str_ends_with(should->file, is->file));
        ck_assert_uint_eq(is->line, should->line);
        ck_assert_uint_eq(is->column, should->column);
        ck_assert_str_eq(is->function, should->function);
        ck_assert_int_eq(is->irql, should->irql);
        if (is->kind != STEP_CALL) /* calls through pointers are told more exactly */
            ck_assert_str_eq(is->message, should->message);
    }
}

/* The number of pairs compared. */
static unsigned compare_function(const Analysed *self, Store *store,
                                 const StoredFunction *function) {
    FuncId func = func_of(self, function);
    SitePairs entry = inferred_entry(self->driver.inferred, func);
    unsigned count = 0;
    for (unsigned c = 0; c < CERTAINTY_COUNT; c++) {
        ck_assert_uint_eq(entry.by[c], function->pairs.by[c]);
        for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
            if ((entry.by[c] >> pair & 1) == 0)
                continue;
            StepArray steps = {0};
            Assumption assumption;
            StoredPath path;
            infer_witness(self->driver.inferred, arena, func, 0, pair, (Certainty)c, NULL, &steps,
                          &assumption);
            ck_assert_int_eq(store_read_path(arena, store, function->id, pair, &path, &err), 0);
            ck_assert_uint_eq(path.certainty, c);
            ck_assert_str_eq(path.assumption, c == CERTAIN ? "" : assumption_text(assumption));
            compare_path(&path, &steps, function->name);
            count++;
        }
    }
    return count;
}

START_TEST(paths_are_the_witnesses) {
    static const char *const names[] = {"drivers/isrdev", "drivers/startio", "drivers/neither",
                                        "infer/wrappers.c", "infer/recursion.c"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        Analysed analysed;
        analyse(&analysed, arena_printf(arena, "%s/%s", IRQLINT_TESTDATA, names[i]));
        Store *store;
        ck_assert_int_eq(store_open(arena, NULL, &store, &err), 0);
        write_run(store, &analysed);
        int64_t id = write_run(store, &analysed), last = 0;
        ck_assert_int_eq(store_last_run(store, &last, &err), 0);
        ck_assert_int_eq(last, id);
        StoredRun run;
        ck_assert_int_eq(store_read_functions(arena, store, id, &run, &err), 0);
        unsigned pairs = 0;
        for (uint32_t f = 0; f < run.functions.len; f++)
            pairs += compare_function(&analysed, store, &run.functions.items[f]);
        ck_assert_uint_gt(pairs, 5);
        store_close(store);
    }
}
END_TEST

/* ---- versions ---------------------------------------------------------------------------------
 */

/* What version 5 lacked. */
static const char *const back_to_5 = "DROP VIEW finding_history; PRAGMA user_version = 5;";

/* What version 4 had instead: nothing was accepted. */
static const char *const back_to_4 =
    "DROP VIEW finding_history; DROP VIEW new_findings; DROP VIEW open_findings; DROP TABLE "
    "verdicts; DROP TABLE notices;"
    "CREATE VIEW open_findings AS SELECT f.* FROM findings AS f JOIN last_run AS r ON r.id = "
    "f.run_id;"
    "CREATE VIEW new_findings AS SELECT * FROM open_findings; PRAGMA user_version = 4;";

/* What version 3 had instead: each run had drivers of its own. */
static const char *const back_to_3 =
    "DROP VIEW finding_history; DROP TABLE verdicts; DROP TABLE notices;"
    "DROP VIEW open_findings; DROP VIEW new_findings; DROP VIEW raised_functions;"
    "DROP VIEW function_contexts; DROP VIEW call_graph; DROP VIEW api_gaps; DROP VIEW gaps;"
    "DROP VIEW run_findings; DROP TRIGGER keep_shared_drivers; DROP TABLE run_drivers;"
    "DROP INDEX drivers_by_key; DROP INDEX findings_by_driver; ALTER TABLE drivers DROP COLUMN key;"
    "CREATE INDEX findings_by_run ON findings (run_id, file, line);"
    "CREATE VIEW open_findings AS SELECT f.* FROM findings AS f JOIN last_run AS r ON r.id = "
    "f.run_id;"
    "CREATE VIEW new_findings AS SELECT * FROM open_findings;"
    "CREATE VIEW function_contexts AS SELECT f.name, k.name AS context FROM contexts AS x JOIN "
    "functions AS f ON f.id = x.function_id JOIN context_kinds AS k ON k.id = x.context;"
    "CREATE VIEW raised_functions AS SELECT * FROM function_contexts;"
    "CREATE VIEW api_gaps AS SELECT * FROM api_calls;"
    "PRAGMA user_version = 3;";

/* What version 2 had instead. */
static const char *const back_to_2 = "DROP VIEW api_gaps; DROP TABLE api_calls;"
                                     "PRAGMA user_version = 2;";

/* What version 1 had instead of version 2. */
static const char *const back_to_1 =
    "DROP VIEW raised_functions; DROP VIEW function_contexts; DROP TABLE contexts;"
    "DROP TABLE causes; DROP TABLE raises; DROP TABLE roots; DROP TABLE assumptions;"
    "ALTER TABLE functions DROP COLUMN is_model;"
    "CREATE TABLE contexts (function_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE "
    "CASCADE, context INTEGER NOT NULL, irql INTEGER NOT NULL, certainty INTEGER NOT NULL, "
    "assumption TEXT NOT NULL, cause TEXT NOT NULL, caller TEXT NOT NULL, file TEXT NOT NULL, "
    "line INTEGER NOT NULL, message TEXT NOT NULL, PRIMARY KEY (function_id, context, irql)) "
    "WITHOUT ROWID;"
    "CREATE VIEW function_contexts AS SELECT f.name, k.name AS context FROM contexts AS x JOIN "
    "functions AS f ON f.id = x.function_id JOIN context_kinds AS k ON k.id = x.context;"
    "CREATE VIEW raised_functions AS SELECT * FROM function_contexts;"
    "INSERT INTO contexts SELECT id, 4, 2, 1, 'the system may call it at this level', 'root', '', "
    "'a.c', 1, 'x' FROM functions;"
    "INSERT INTO contexts SELECT id, 0, 0, 0, '', 'call', 'y', 'a.c', 1, 'x' FROM functions;"
    "PRAGMA user_version = 1;";

static void expect_count(Store *store, const char *what, int64_t expected) {
    int64_t count = -1;
    const char *sql = arena_printf(arena, "SELECT count(*) FROM %s", what);
    ck_assert_msg(store_query_int(store, sql, &count, &err) == 0, "%s", err.message);
    ck_assert_msg(count == expected, "%s: %lld", what, (long long)count);
}

static void open_database(const char *path, Store **store) {
    ck_assert_msg(store_open(arena, path, store, &err) == 0, "%s", err.message);
}

/* The schema as its tables and views are, sorted. */
static int64_t schema_objects(Store *store) {
    int64_t count = 0;
    ck_assert_int_eq(store_query_int(store, "SELECT count(*) FROM sqlite_master", &count, &err), 0);
    return count;
}

START_TEST(version_1_is_brought_up_to_date) {
    char folder[] = "/tmp/irqlint-paths-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = arena_printf(arena, "%s/a.db", folder);
    Analysed analysed;
    analyse(&analysed, arena_printf(arena, "%s/drivers/isrdev", IRQLINT_TESTDATA));
    Store *store;
    open_database(path, &store);
    write_run(store, &analysed);
    int64_t objects = schema_objects(store), functions = 0;
    ck_assert_msg(store_exec(store, back_to_3, &err) == 0, "%s", err.message);
    ck_assert_msg(store_exec(store, back_to_2, &err) == 0, "%s", err.message);
    ck_assert_msg(store_exec(store, back_to_1, &err) == 0, "%s", err.message);
    store_query_int(store, "SELECT count(*) FROM functions", &functions, &err);
    store_close(store);

    ck_assert_msg(store_open_existing(arena, path, &store, &err) == 0, "%s", err.message);
    ck_assert_int_eq(schema_objects(store), objects);
    expect_count(store, "contexts", functions * 2);
    expect_count(store, "contexts WHERE assumption IS NULL", functions);
    expect_count(store,
                 "function_contexts WHERE certainty = 'possible' AND assumption = 'the "
                 "system may call it at this level'",
                 functions);
    StoredRun run;
    StoredPath none;
    ck_assert_int_eq(store_read_functions(arena, store, 1, &run, &err), 0);
    ck_assert_int_eq(store_read_path(arena, store, run.functions.items[0].id, 0, &none, &err), 0);
    ck_assert_uint_eq(none.step_count, 0);
    write_run(store, &analysed); /* the next run is whole */
    expect_count(store, "runs", 2);
    ck_assert_int_eq(store_exec(store, "DELETE FROM runs WHERE id = 2", &err), 0);
    expect_count(store, "causes", 0);
    expect_count(store, "roots", 0);
    store_close(store);
    ck_assert_int_eq(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
}
END_TEST

START_TEST(version_2_is_brought_up_to_date) {
    char folder[] = "/tmp/irqlint-paths-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = arena_printf(arena, "%s/a.db", folder);
    Analysed analysed;
    analyse(&analysed, arena_printf(arena, "%s/drivers/isrdev", IRQLINT_TESTDATA));
    Store *store;
    open_database(path, &store);
    write_run(store, &analysed);
    int64_t objects = schema_objects(store), functions = 0, contexts = 0, calls = 0;
    store_query_int(store, "SELECT count(*) FROM functions", &functions, &err);
    store_query_int(store, "SELECT count(*) FROM contexts", &contexts, &err);
    store_query_int(store, "SELECT sum(calls) FROM api_calls", &calls, &err);
    ck_assert_int_gt(calls, 50);
    ck_assert_msg(store_exec(store, back_to_3, &err) == 0, "%s", err.message);
    ck_assert_msg(store_exec(store, back_to_2, &err) == 0, "%s", err.message);
    store_close(store);

    ck_assert_msg(store_open_existing(arena, path, &store, &err) == 0, "%s", err.message);
    ck_assert_int_eq(schema_objects(store), objects);
    expect_count(store, "functions", functions);
    expect_count(store, "contexts", contexts);
    expect_count(store, "api_calls", 0); /* what it called is not known */
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, store, 1, &run, &err), 0);
    ck_assert_uint_eq(run.apis.len, 0);
    write_run(store, &analysed);
    int64_t again = 0;
    store_query_int(store, "SELECT sum(calls) FROM api_calls", &again, &err);
    ck_assert_int_eq(again, calls);
    const char *weaker = "UPDATE api_calls SET level = 'weak' WHERE name = 'KeSetEvent'";
    ck_assert_int_eq(store_exec(store, weaker, &err), 0);
    expect_count(store, "api_gaps WHERE name = 'KeSetEvent' AND level = 'weak'", 1);
    ck_assert_int_eq(store_exec(store, "DELETE FROM runs WHERE id = 2", &err), 0);
    expect_count(store, "api_calls", 0);
    store_close(store);
    ck_assert_int_eq(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
}
END_TEST

/* A run written by this version, after the database was one of an older one. */
static void expect_up_to_date(const char *back) {
    char folder[] = "/tmp/irqlint-paths-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = arena_printf(arena, "%s/a.db", folder);
    Analysed analysed;
    analyse(&analysed, arena_printf(arena, "%s/drivers/isrdev", IRQLINT_TESTDATA));
    Store *store;
    open_database(path, &store);
    write_run(store, &analysed);
    int64_t objects = schema_objects(store), open = 0;
    store_query_int(store, "SELECT count(*) FROM open_findings", &open, &err);
    ck_assert_msg(store_exec(store, back, &err) == 0, "%s", err.message);
    store_close(store);

    ck_assert_msg(store_open_existing(arena, path, &store, &err) == 0, "%s", err.message);
    ck_assert_int_eq(schema_objects(store), objects);
    expect_count(store, "open_findings", open);
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, store, 1, &run, &err), 0);
    run.findings.items[0].verdict = (Verdict){VERDICT_IN_FILE, "why", "a.json", 0};
    ck_assert_int_eq(store_write_verdicts(store, &run, &err), 0);
    expect_count(store, "open_findings",
                 open - (run.findings.items[0].finding.certainty <= POSSIBLE));
    ck_assert_int_eq(store_read_run(arena, store, 1, &run, &err), 0);
    ck_assert_str_eq(run.findings.items[0].verdict.reason, "why");
    store_close(store);
    ck_assert_int_eq(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
}

START_TEST(version_4_is_brought_up_to_date) {
    expect_up_to_date(back_to_4);
}
END_TEST

START_TEST(version_5_is_brought_up_to_date) {
    expect_up_to_date(back_to_5);
}
END_TEST

START_TEST(version_3_is_brought_up_to_date) {
    char folder[] = "/tmp/irqlint-paths-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = arena_printf(arena, "%s/a.db", folder);
    Analysed analysed;
    analyse(&analysed, arena_printf(arena, "%s/drivers/isrdev", IRQLINT_TESTDATA));
    Store *store;
    open_database(path, &store);
    write_run(store, &analysed);
    int64_t objects = schema_objects(store), open = 0;
    store_query_int(store, "SELECT count(*) FROM open_findings", &open, &err);
    ck_assert_int_gt(open, 0);
    ck_assert_msg(store_exec(store, back_to_3, &err) == 0, "%s", err.message);
    store_close(store);

    ck_assert_msg(store_open_existing(arena, path, &store, &err) == 0, "%s", err.message);
    ck_assert_int_eq(schema_objects(store), objects);
    expect_count(store, "run_drivers", 1);
    expect_count(store, "open_findings", open);
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, store, 1, &run, &err), 0);
    ck_assert_uint_eq(run.drivers.len, 1);
    write_run(store, &analysed);
    expect_count(store, "drivers", 2); /* what the old one depended on is not known */
    expect_count(store, "new_findings", 0);
    store_close(store);
    ck_assert_int_eq(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
}
END_TEST

/* ---- runs that share drivers ------------------------------------------------------------------
 */

START_TEST(runs_share_a_driver_until_the_last_is_deleted) {
    Analysed analysed;
    analyse(&analysed, arena_printf(arena, "%s/drivers/isrdev", IRQLINT_TESTDATA));
    Store *store;
    ck_assert_int_eq(store_open(arena, NULL, &store, &err), 0);
    write_keyed_run(store, &analysed, "one");
    int64_t open = 0;
    store_query_int(store, "SELECT count(*) FROM open_findings", &open, &err);
    ck_assert_int_gt(open, 0);
    write_keyed_run(store, &analysed, "one");
    write_keyed_run(store, &analysed, "two");
    expect_count(store, "drivers", 2);
    expect_count(store, "run_drivers", 3);
    expect_count(store, "run_findings", open * 3);
    expect_count(store, "new_findings", 0);
    ck_assert_int_eq(store_exec(store, "DELETE FROM runs WHERE id = 1", &err), 0);
    expect_count(store, "drivers", 2);
    expect_count(store, "drivers WHERE run_id = 2", 1);
    expect_count(store, "findings", open * 2);
    expect_count(store, "findings WHERE run_id = 2", open);
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, store, 2, &run, &err), 0);
    ck_assert_uint_eq(run.findings.len, (uint32_t)open);
    ck_assert_int_eq(store_exec(store, "DELETE FROM runs WHERE id = 2", &err), 0);
    expect_count(store, "drivers", 1);
    expect_count(store, "findings", open);
    ck_assert_int_eq(store_exec(store, "DELETE FROM runs", &err), 0);
    expect_count(store, "drivers", 0);
    expect_count(store, "findings", 0);
    store_close(store);
}
END_TEST

START_TEST(reading_creates_nothing) {
    Store *store = NULL;
    ck_assert_int_eq(store_open_existing(arena, "/tmp/irqlint-is-not-there.db", &store, &err), -1);
    ck_assert_ptr_null(store);
    ck_assert_int_ne(access("/tmp/irqlint-is-not-there.db", F_OK), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("store_paths");
    TCase *tcase = tcase_create("paths");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, paths_are_the_witnesses);
    tcase_add_test(tcase, version_1_is_brought_up_to_date);
    tcase_add_test(tcase, version_2_is_brought_up_to_date);
    tcase_add_test(tcase, version_3_is_brought_up_to_date);
    tcase_add_test(tcase, version_4_is_brought_up_to_date);
    tcase_add_test(tcase, version_5_is_brought_up_to_date);
    tcase_add_test(tcase, runs_share_a_driver_until_the_last_is_deleted);
    tcase_add_test(tcase, reading_creates_nothing);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
