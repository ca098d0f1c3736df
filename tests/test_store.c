/* Store and reports: opening, refusing, a run written and read again, and what reports make of it.
 *
 * The run is made by hand: two functions, one of them pageable, and findings of every certainty in
 * a source that is no valid UTF-8. */
#include "analyzer/check/internal.h"
#include "analyzer/ir/ir.h"
#include "analyzer/link/link.h"
#include "analyzer/report/report.h"
#include "analyzer/store/internal.h"
#include "tests/suite.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Arena *arena;
static char folder[64];
static Error err;

static void set_up(void) {
    arena = arena_new();
    strcpy(folder, "/tmp/irqlint-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    err.message[0] = '\0';
}

static void tear_down(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    arena_free(arena);
}

static const char *in_folder(const char *name) {
    return arena_printf(arena, "%s/%s", folder, name);
}

static const char *write_file(const char *name, const char *data, size_t size) {
    const char *path = in_folder(name);
    ck_assert_int_eq(file_write(path, data, size, &err), 0);
    return path;
}

/* ---- opening ----------------------------------------------------------------------------------
 */

static void refuse(const char *path, const char *why) {
    Store *store = NULL;
    ck_assert_int_eq(store_open(arena, path, &store, &err), -1);
    ck_assert_ptr_null(store);
    ck_assert_msg(strstr(err.message, why) != NULL, "%s: not: %s", err.message, why);
    ck_assert_msg(str_starts_with(err.message, path), "%s", err.message);
    ck_assert_ptr_null(strchr(err.message, '\n'));
}

static void run_sql(const char *path, const char *sql) {
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

START_TEST(opens_in_memory_and_on_disk) {
    Store *store;
    ck_assert_int_eq(store_open(arena, NULL, &store, &err), 0);
    store_close(store);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(store_open(arena, in_folder("a.db"), &store, &err), 0);
        store_close(store);
    }
    store_close(NULL);
}
END_TEST

START_TEST(refuses_what_it_cannot_open) {
    refuse(in_folder("missing/a.db"), "cannot be opened: No such file or directory");
    refuse(folder, "cannot be opened");
}
END_TEST

START_TEST(refuses_a_file_that_is_no_database) {
    char text[2000];
    memset(text, 'x', sizeof text);
    const char *path = write_file("text.db", text, sizeof text);
    refuse(path, "is not a database");
    char *data;
    size_t size;
    ck_assert_int_eq(file_read(arena, path, 1 << 20, &data, &size, &err), 0);
    ck_assert_uint_eq(size, sizeof text);
    ck_assert_mem_eq(data, text, size);
}
END_TEST

START_TEST(refuses_other_databases_and_versions) {
    const char *path = in_folder("other.db");
    run_sql(path, "CREATE TABLE t (x)");
    refuse(path, "is a database of another program");
    Store *store;
    path = in_folder("version.db");
    ck_assert_int_eq(store_open(arena, path, &store, &err), 0);
    store_close(store);
    run_sql(path, "PRAGMA user_version = 999");
    refuse(path, "was written by a newer irqlint");
    run_sql(path, "PRAGMA user_version = 0");
    refuse(path, "was written by an older irqlint");
}
END_TEST

START_TEST(refuses_a_locked_database) {
    const char *path = in_folder("locked.db");
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    refuse(path, "is locked by another process");
    sqlite3_close(db);
}
END_TEST

START_TEST(refuses_a_file_without_write_permission) {
    if (geteuid() == 0)
        return; /* root may write anything */
    const char *path = write_file("closed.db", "", 0);
    chmod(path, 0400);
    refuse(path, "is not writable");
}
END_TEST

static void expect_names(Store *store, const char *table, int id, const char *name) {
    int64_t count = 0;
    const char *sql = arena_printf(arena, "SELECT count(*) FROM %s WHERE id = %d AND name = '%s'",
                                   table, id, name);
    ck_assert_int_eq(store_query_int(store, sql, &count, &err), 0);
    ck_assert_msg(count == 1, "%s: %d is not %s", table, id, name);
}

START_TEST(schema_and_program_use_the_same_names) {
    Store *store;
    ck_assert_int_eq(store_open(arena, NULL, &store, &err), 0);
    for (int i = 0; i < IRQL_COUNT; i++)
        expect_names(store, "irqls", i, irql_name((Irql)i));
    for (int i = 0; i < CONTEXT_COUNT; i++)
        expect_names(store, "context_kinds", i, context_name((Context)i));
    store_close(store);
}
END_TEST

/* ---- source text -------------------------------------------------------------------------------
 */

static void expect_hashes(const char *text, const char *const *expected) {
    LineHashes hashes = {0};
    line_hashes(arena, text, strlen(text), &hashes);
    uint32_t i = 0;
    for (; expected[i] != NULL; i++) {
        ck_assert_uint_gt(hashes.len, i);
        ck_assert_str_eq(hashes.items[i], expected[i]);
    }
    ck_assert_uint_eq(hashes.len, i);
}

/* The values that code scanning computes for these texts. */
START_TEST(line_hashes_are_those_of_code_scanning) {
    expect_hashes("", (const char *[]){"c129715d7a2bc9a3:1", NULL});
    expect_hashes(" a\nb\n  \t\tc\n d",
                  (const char *[]){"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1",
                                   "a23a3dc5e078b07b:1", NULL});
    const char *const greetings[] = {
        "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1", NULL};
    expect_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", greetings);
    expect_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", greetings);
    expect_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", greetings);
    expect_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", greetings);
    const char *line = "Lorem ipsum dolor sit amet.\n";
    Text text = {0};
    for (int i = 0; i < 10; i++)
        text_append(&text, arena, line);
    expect_hashes(text_cstr(&text, arena),
                  (const char *[]){"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3",
                                   "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
                                   "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1",
                                   "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1", NULL});
}
END_TEST

START_TEST(text_becomes_valid_utf8) {
    const char *valid = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
    ck_assert_ptr_eq(utf8_clean(arena, valid), valid);
    ck_assert_str_eq(utf8_clean(arena, "a\xe4z"), "a\xef\xbf\xbdz");
    ck_assert_str_eq(utf8_clean(arena, "\xc0\x80"), "\xef\xbf\xbd\xef\xbf\xbd");
    ck_assert_str_eq(utf8_clean(arena, "x\xe2\x82"), "x\xef\xbf\xbd\xef\xbf\xbd");
    ck_assert_str_eq(utf8_clean(arena, "\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}
END_TEST

START_TEST(lines_are_found_whatever_ends_them) {
    Sources *sources = sources_new(arena);
    const char *path = write_file("ends.c", "a\r\nb\rc\n\n  e", 12);
    const char *const lines[] = {"a", "b", "c", "", "  e"};
    for (uint32_t i = 0; i < 5; i++)
        ck_assert_str_eq(sources_spot(sources, path, i + 1, 1).text, lines[i]);
    ck_assert_str_eq(sources_spot(sources, path, 0, 1).text, "");
    ck_assert_str_eq(sources_spot(sources, path, 6, 1).text, "");
    ck_assert_str_eq(sources_spot(sources, in_folder("none.c"), 1, 1).text, "");
    ck_assert_ptr_null(sources_line_hash(sources, in_folder("none.c"), 1));
    ck_assert_uint_eq(sources_spot(sources, path, 1, 9).char_column, 0);
}
END_TEST

START_TEST(columns_count_characters) {
    Sources *sources = sources_new(arena);
    const char *path = write_file("utf8.c", "\xc3\xa4\xe4 x", 5);
    ck_assert_uint_eq(sources_spot(sources, path, 1, 5).char_column, 4);
    path = write_file("utf16.c", "\xff\xfe\xe4\0\n\0b\0\x3d\xd8\0\xde", 12);
    ck_assert_str_eq(sources_spot(sources, path, 1, 1).text, "\xc3\xa4");
    ck_assert_str_eq(sources_spot(sources, path, 2, 1).text, "b\xf0\x9f\x98\x80");
    ck_assert_uint_eq(sources_spot(sources, path, 2, 6).char_column, 3);
}
END_TEST

/* ---- findings ----------------------------------------------------------------------------------
 */

static Finding finding_at(const char *file, uint32_t line, Certainty certainty) {
    Step *steps = arena_array_of(arena, Step, 2);
    steps[0] = (Step){STEP_ROOT, file, 1, 1, "Root", "the system calls Root", IRQL_DISPATCH};
    steps[1] = (Step){STEP_SINK, file, line, 3, "Root", "calls Wait", IRQL_DISPATCH};
    return (Finding){.rule = "blocking-raised",
                     .level = LEVEL_ERROR,
                     .certainty = certainty,
                     .assumption = certainty == CERTAIN ? ASSUME_NOTHING : ASSUME_CALLBACK_LEVEL,
                     .file = file,
                     .line = line,
                     .column = 3,
                     .function = "Root",
                     .subject = "Wait",
                     .message = "Wait \"waits\" in a DPC\x1b[31m",
                     .context = CONTEXT_DPC,
                     .irql = IRQL_DISPATCH,
                     .steps = steps,
                     .step_count = 2,
                     .fingerprint = "0123456789abcdef"};
}

static void finish(const Finding *list, uint32_t len, FindingArray *findings) {
    DraftArray drafts = {0};
    for (uint32_t i = 0; i < len; i++) {
        Draft draft = {list[i], false};
        array_push(&drafts, arena, draft);
    }
    drafts_finish(&drafts, arena, "/src", findings);
}

START_TEST(equal_findings_become_the_surest_one) {
    Finding list[] = {finding_at("/src/a.c", 7, POSSIBLE), finding_at("/src/a.c", 3, CERTAIN),
                      finding_at("/src/a.c", 7, CERTAIN)};
    FindingArray findings = {0};
    finish(list, 3, &findings);
    ck_assert_uint_eq(findings.len, 2);
    ck_assert_uint_eq(findings.items[0].line, 3);
    ck_assert_int_eq(findings.items[1].certainty, CERTAIN);
    ck_assert_str_ne(findings.items[0].fingerprint, findings.items[1].fingerprint);
}
END_TEST

START_TEST(fingerprints_outlive_moved_lines) {
    Finding before[] = {finding_at("/src/a.c", 7, CERTAIN), finding_at("/src/a.c", 9, CERTAIN)};
    Finding after[] = {finding_at("/src/a.c", 107, POSSIBLE), finding_at("/src/a.c", 209, CERTAIN)};
    FindingArray old = {0}, new = {0};
    finish(before, 2, &old);
    finish(after, 2, &new);
    ck_assert_str_eq(old.items[0].fingerprint, new.items[0].fingerprint);
    ck_assert_str_eq(old.items[1].fingerprint, new.items[1].fingerprint);
    ck_assert_uint_eq(strlen(old.items[0].fingerprint), 16);
    ck_assert_str_eq(old.items[0].fingerprint, "2fe5a94ac47f6150");
}
END_TEST

/* ---- a run -------------------------------------------------------------------------------------
 */

typedef struct Fixture {
    Store *store;          /* in memory */
    IrUnit *units[2];      /* one parsed, one failed */
    FindingArray findings; /* of the driver */
    StoreDriver driver;    /* the only one */
    StoreRun run;          /* what is written */
} Fixture;

/* DriverEntry, in INIT, with an empty body. */
static IrUnit *small_unit(const char *path) {
    IrBuilder *builder = irb_new(arena);
    IrTables *tables = irb_tables(builder);
    IrLoc loc = {irb_file(builder, path), 2, 6};
    IrBlockRec block = {.first_op = tables->ops.len, .term = IR_TERM_RETURN, .term_loc = loc};
    IrFuncRec func = {.key = irb_str(builder, "c:@F@DriverEntry"),
                      .name = irb_str(builder, "DriverEntry"),
                      .flags = IR_FUNC_BODY,
                      .loc = loc,
                      .segment = irb_str(builder, "INIT"),
                      .segment_loc = loc,
                      .first_block = tables->blocks.len,
                      .block_count = 1,
                      .end_line = 3};
    IrNoteRec note = {IR_NOTE_UNKNOWN, irb_str(builder, "a \xe4 construct"), loc};
    array_push(&tables->blocks, arena, block);
    array_push(&tables->funcs, arena, func);
    array_push(&tables->notes, arena, note);
    return irb_finish(builder, path);
}

static void make_run(Fixture *self) {
    const char *source = "int x;\nvoid DriverEntry(void) { \xe4; }\n\tWait(); /* \xe4 */\n}\n";
    const char *path = write_file("odd name#\xc3\xa4.c", source, strlen(source));
    *self = (Fixture){
        .units = {small_unit(path), ir_failed(arena, in_folder("broken.c"), "cannot be read")}};
    Program *program =
        link_units(arena, "drv", arena_strdup(arena, folder), model_builtin(), self->units, 2);
    Finding list[] = {finding_at(path, 3, CERTAIN), finding_at(path, 4, POSSIBLE),
                      finding_at(path, 1, POSSIBLE_WEAK)};
    finish(list, 3, &self->findings);
    self->driver =
        (StoreDriver){program, infer_program(arena, program), &self->findings, self->units, 2};
    static const char *const problems[] = {"nothing.c: no such file"};
    self->run = (StoreRun){.root = folder,
                           .command = "check .",
                           .driver_count = 1,
                           .problems = problems,
                           .problem_count = 1};
    ck_assert_int_eq(store_open(arena, NULL, &self->store, &err), 0);
}

static int try_to_write_run(Fixture *self, int64_t *id) {
    StoreRows rows = store_record_driver(arena, folder, &self->driver);
    self->run.drivers = &rows;
    return store_write_run(self->store, &self->run, id, &err);
}

static int64_t write_run(Fixture *self) {
    int64_t id = 0;
    int result = try_to_write_run(self, &id);
    ck_assert_msg(result == 0, "%s", err.message);
    return id;
}

static const char *report_of(Fixture *self, int64_t run_id, ReportFormat format,
                             Certainty certainty) {
    ReportOptions options = {.format = format, .certainty = certainty};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, self->store, run_id, &run, &err), 0);
    ck_assert_int_eq(report_write(arena, &run, &options, out, &err), 0);
    fclose(out);
    const char *copy = arena_strdup(arena, text);
    free(text);
    return copy;
}

START_TEST(a_run_comes_back_as_it_was_written) {
    Fixture fixture;
    make_run(&fixture);
    int64_t id = write_run(&fixture);
    StoredRun run;
    ck_assert_int_eq(store_read_run(arena, fixture.store, id, &run, &err), 0);
    ck_assert_str_eq(run.root, folder);
    ck_assert_uint_eq(run.problems.len, 1);
    ck_assert_uint_eq(run.units.len, 2);
    ck_assert_str_eq(run.units.items[0].file, "broken.c");
    ck_assert_int_eq(run.units.items[0].status, IR_FAILED);
    ck_assert_uint_eq(run.units.items[1].functions, 1);
    ck_assert_str_eq(run.units.items[1].messages[0].text,
                     "not understood: a \xef\xbf\xbd construct");
    ck_assert_uint_eq(run.functions.len, 1);
    ck_assert_str_eq(run.functions.items[0].segment, "INIT");
    ck_assert(!site_pairs_empty(run.functions.items[0].pairs));
    ck_assert_uint_eq(run.findings.len, 3);
    const StoredFinding *finding = &run.findings.items[1];
    ck_assert_uint_eq(finding->finding.line, 3);
    ck_assert_uint_eq(finding->finding.step_count, 2);
    ck_assert_str_eq(finding->snippet, "\tWait(); /* \xef\xbf\xbd */");
    ck_assert_ptr_nonnull(finding->line_hash);
    ck_assert_int_eq(finding->steps[1].step.kind, STEP_SINK);
    ck_assert_int_eq(store_read_run(arena, fixture.store, id + 1, &run, &err), -1);
    ck_assert_str_eq(err.message, "the database has no run 2");
    store_close(fixture.store);
}
END_TEST

START_TEST(runs_add_up_and_a_failed_one_leaves_nothing) {
    Fixture fixture;
    make_run(&fixture);
    write_run(&fixture);
    fixture.findings.items[2].level = LEVEL_NOTE;
    write_run(&fixture);
    fixture.findings.items[2].context = CONTEXT_COUNT; /* breaks a foreign key */
    int64_t id, count = 0;
    ck_assert_int_eq(try_to_write_run(&fixture, &id), -1);
    ck_assert_int_eq(store_query_int(fixture.store, "SELECT count(*) FROM runs", &count, &err), 0);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(store_query_int(fixture.store, "SELECT count(*) FROM findings", &count, &err),
                     0);
    ck_assert_int_eq(count, 6);
    store_exec(fixture.store, "DELETE FROM runs WHERE id = 1", &err);
    ck_assert_int_eq(store_query_int(fixture.store, "SELECT count(*) FROM steps", &count, &err), 0);
    ck_assert_int_eq(count, 6);
    store_close(fixture.store);
}
END_TEST

START_TEST(views_answer) {
    static const char *const views[] = {
        "last_run",         "open_findings", "new_findings", "function_contexts",
        "raised_functions", "call_graph",    "gaps"};
    static const int expected[] = {1, 2, 0, 1, 0, 0, 1};
    Fixture fixture;
    make_run(&fixture);
    write_run(&fixture);
    write_run(&fixture);
    for (unsigned i = 0; i < sizeof views / sizeof views[0]; i++) {
        int64_t count = -1;
        const char *sql = arena_printf(arena, "SELECT count(*) FROM %s", views[i]);
        ck_assert_int_eq(store_query_int(fixture.store, sql, &count, &err), 0);
        ck_assert_msg(count == expected[i], "%s: %lld", views[i], (long long)count);
    }
    store_close(fixture.store);
}
END_TEST

START_TEST(reports_of_equal_runs_are_equal) {
    Fixture fixture;
    make_run(&fixture);
    int64_t first = write_run(&fixture), second = write_run(&fixture);
    for (int format = REPORT_TEXT; format <= REPORT_SARIF; format++)
        ck_assert_str_eq(report_of(&fixture, first, (ReportFormat)format, POSSIBLE_WEAK),
                         report_of(&fixture, second, (ReportFormat)format, POSSIBLE_WEAK));
    store_close(fixture.store);
}
END_TEST

static const cJSON *child(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    ck_assert_msg(item != NULL, "no %s", name);
    return item;
}

static const char *string(const cJSON *object, const char *name) {
    return cJSON_GetStringValue(child(object, name));
}

START_TEST(json_holds_what_is_promised) {
    Fixture fixture;
    make_run(&fixture);
    int64_t id = write_run(&fixture);
    const char *text = report_of(&fixture, id, REPORT_JSON, POSSIBLE);
    ck_assert_ptr_eq(utf8_clean(arena, text), text);
    cJSON *json = cJSON_Parse(text);
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(child(json, "version")->valueint, 1);
    ck_assert_str_eq(string(cJSON_GetArrayItem(child(json, "units"), 0), "status"), "failed");
    const cJSON *function = cJSON_GetArrayItem(child(json, "functions"), 0);
    ck_assert_str_eq(string(cJSON_GetArrayItem(child(function, "contexts"), 0), "irql"),
                     "PASSIVE_LEVEL");
    const cJSON *finding = cJSON_GetArrayItem(child(json, "findings"), 0);
    ck_assert_str_eq(string(finding, "file"), "odd name#\xc3\xa4.c");
    ck_assert_str_eq(string(finding, "message"), "Wait \"waits\" in a DPC\x1b[31m");
    ck_assert_str_eq(string(finding, "irql"), "DISPATCH_LEVEL");
    ck_assert_str_eq(string(cJSON_GetArrayItem(child(finding, "steps"), 1), "kind"), "sink");
    const cJSON *summary = child(json, "summary");
    ck_assert_int_eq(child(summary, "findings")->valueint, 2);
    ck_assert_int_eq(child(summary, "not_shown")->valueint, 1);
    ck_assert_int_eq(cJSON_GetArraySize(child(summary, "problems")), 1);
    cJSON_Delete(json);
    store_close(fixture.store);
}
END_TEST

START_TEST(sarif_has_relative_uris_fingerprints_and_failures) {
    Fixture fixture;
    make_run(&fixture);
    int64_t id = write_run(&fixture);
    cJSON *json = cJSON_Parse(report_of(&fixture, id, REPORT_SARIF, CERTAIN));
    ck_assert_ptr_nonnull(json);
    const cJSON *run = cJSON_GetArrayItem(child(json, "runs"), 0);
    const cJSON *result = cJSON_GetArrayItem(child(run, "results"), 0);
    const cJSON *place =
        child(cJSON_GetArrayItem(child(result, "locations"), 0), "physicalLocation");
    ck_assert_str_eq(string(child(place, "artifactLocation"), "uri"), "odd%20name%23%C3%A4.c");
    ck_assert_str_eq(string(child(place, "artifactLocation"), "uriBaseId"), "%SRCROOT%");
    ck_assert_int_eq(child(child(place, "region"), "startColumn")->valueint, 3);
    const cJSON *prints = child(result, "partialFingerprints");
    ck_assert_ptr_nonnull(string(prints, "primaryLocationLineHash"));
    ck_assert_uint_eq(strlen(string(prints, "irqlintFingerprint/v1")), 16);
    const cJSON *invocation = cJSON_GetArrayItem(child(run, "invocations"), 0);
    ck_assert(cJSON_IsFalse(child(invocation, "executionSuccessful")));
    ck_assert_int_eq(cJSON_GetArraySize(child(invocation, "toolExecutionNotifications")), 2);
    const cJSON *rules = child(child(child(run, "tool"), "driver"), "rules");
    const cJSON *rule = cJSON_GetArrayItem(rules, child(result, "ruleIndex")->valueint);
    ck_assert_str_eq(string(rule, "id"), "blocking-raised");
    cJSON_Delete(json);
    store_close(fixture.store);
}
END_TEST

START_TEST(text_shows_the_line_and_no_control_characters) {
    Fixture fixture;
    make_run(&fixture);
    int64_t id = write_run(&fixture);
    const char *text = report_of(&fixture, id, REPORT_TEXT, POSSIBLE);
    ck_assert_ptr_null(strchr(text, '\x1b'));
    const char *start = "odd name#\xc3\xa4.c:3:3: error: Wait \"waits\" in a DPC?[31m "
                        "[blocking-raised] (certain)\n"
                        "    3 | \tWait(); /* \xef\xbf\xbd */\n"
                        "      | \t ^\n"
                        "    1. root   odd name#\xc3\xa4.c:1: Root: the system calls Root "
                        "[DISPATCH_LEVEL]\n";
    ck_assert_msg(str_starts_with(text, start), "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "2 findings (1 certain, 1 possible): blocking-raised 2; "
                                       "1 less sure not shown (--all shows it)\n"));
    ck_assert_ptr_nonnull(strstr(text, "failed: broken.c: "));
    ck_assert_ptr_nonnull(strstr(text, "cannot be read"));
    ck_assert_ptr_nonnull(strstr(text, "problem: nothing.c: no such file\n"));
    store_close(fixture.store);
}
END_TEST

static void add_case(Suite *suite, const char *name, const TTest *const *tests, size_t count) {
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
}

#define ADD_CASE(suite, name, ...)                                                                 \
    do {                                                                                           \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        add_case(suite, name, tests, sizeof tests / sizeof tests[0]);                              \
    } while (0)

int main(void) {
    Suite *suite = suite_create("store");
    ADD_CASE(suite, "open", opens_in_memory_and_on_disk, refuses_what_it_cannot_open,
             refuses_a_file_that_is_no_database, refuses_other_databases_and_versions,
             refuses_a_locked_database, refuses_a_file_without_write_permission,
             schema_and_program_use_the_same_names);
    ADD_CASE(suite, "source", line_hashes_are_those_of_code_scanning, text_becomes_valid_utf8,
             lines_are_found_whatever_ends_them, columns_count_characters);
    ADD_CASE(suite, "findings", equal_findings_become_the_surest_one,
             fingerprints_outlive_moved_lines);
    ADD_CASE(suite, "run", a_run_comes_back_as_it_was_written,
             runs_add_up_and_a_failed_one_leaves_nothing, views_answer,
             reports_of_equal_runs_are_equal, json_holds_what_is_promised,
             sarif_has_relative_uris_fingerprints_and_failures,
             text_shows_the_line_and_no_control_characters);
    return run_suite(suite);
}
