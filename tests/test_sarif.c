/* test_sarif: what the SARIF report does with more findings than code hosts take. */
#include "analyzer/report/report.h"
#include "tests/suite.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

enum { MAX_RESULTS = 25000, MAX_SIZE = 10 << 20 };

static Arena *arena;

static void setup(void) {
    arena = arena_new();
}

static void teardown(void) {
    arena_free(arena);
}

/* `count` findings, each hundredth certain, the others possible, messages of `length` bytes. */
static StoredRun run_of(uint32_t count, size_t length) {
    StoredRun run = {.id = 1, .root = "/r", .tool_version = "0"};
    char *message = arena_alloc(arena, length + 1);
    memset(message, 'm', length);
    message[length] = '\0';
    static StoredStep steps[2] = {
        {{STEP_ROOT, "a.c", 1, 1, "F", "runs [here]", IRQL_DISPATCH}, 1, ""},
        {{STEP_SINK, "a.c", 2, 1, "F", "calls G", IRQL_DISPATCH}, 1, ""}};
    for (uint32_t i = 0; i < count; i++) {
        StoredFinding finding = {.id = i + 1,
                                 .driver = "d",
                                 .assumption = "",
                                 .snippet = "",
                                 .char_column = 1,
                                 .steps = steps};
        finding.finding = (Finding){.rule = "blocking-raised",
                                    .level = LEVEL_ERROR,
                                    .certainty = i % 100 == 0 ? CERTAIN : POSSIBLE,
                                    .file = "a.c",
                                    .line = i + 1,
                                    .function = "F",
                                    .message = message,
                                    .fingerprint = arena_printf(arena, "%016x", i),
                                    .step_count = 2};
        array_push(&run.findings, arena, finding);
    }
    return run;
}

static char *report_of(const StoredRun *run) {
    Error err;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ReportOptions options = {.format = REPORT_SARIF, .certainty = POSSIBLE};
    ck_assert_int_eq(report_write(arena, run, &options, out, &err), 0);
    fclose(out);
    return text;
}

static const cJSON *run_in(const cJSON *log) {
    return cJSON_GetArrayItem(cJSON_GetObjectItem(log, "runs"), 0);
}

static void expect_cut(uint32_t count, size_t length) {
    StoredRun run = run_of(count, length);
    char *text = report_of(&run);
    ck_assert_uint_le(strlen(text), MAX_SIZE + 1);
    cJSON *log = cJSON_Parse(text);
    const cJSON *results = cJSON_GetObjectItem(run_in(log), "results"), *result;
    uint32_t kept = 0, certain = 0;
    double line = 0;
    cJSON_ArrayForEach(result, results) {
        const cJSON *properties = cJSON_GetObjectItem(result, "properties");
        const cJSON *place = cJSON_GetArrayItem(cJSON_GetObjectItem(result, "locations"), 0);
        const cJSON *region =
            cJSON_GetObjectItem(cJSON_GetObjectItem(place, "physicalLocation"), "region");
        double at = cJSON_GetObjectItem(region, "startLine")->valuedouble;
        ck_assert_msg(at > line, "out of order");
        line = at;
        kept++;
        certain += str_eq(cJSON_GetObjectItem(properties, "certainty")->valuestring, "certain");
    }
    ck_assert_uint_le(kept, MAX_RESULTS);
    ck_assert_uint_gt(kept, 1000);
    ck_assert_uint_eq(certain, (count + 99) / 100);
    const cJSON *invocation =
        cJSON_GetArrayItem(cJSON_GetObjectItem(run_in(log), "invocations"), 0);
    const cJSON *notes = cJSON_GetObjectItem(invocation, "toolExecutionNotifications");
    const cJSON *message = cJSON_GetObjectItem(cJSON_GetArrayItem(notes, 0), "message");
    const char *said = cJSON_GetObjectItem(message, "text")->valuestring;
    ck_assert_uint_eq(strtoul(said, NULL, 10), count - kept);
    cJSON_Delete(log);
    free(text);
}

START_TEST(too_many_and_too_large_are_cut) {
    expect_cut(26000, 10);
    expect_cut(6000, 3000);
}
END_TEST

START_TEST(brackets_of_a_message_are_no_links) {
    StoredRun run = run_of(1, 3);
    char *text = report_of(&run);
    ck_assert_ptr_nonnull(strstr(text, "mmm. Path: [runs \\\\[here\\\\]](1)"));
    free(text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sarif");
    TCase *tests = tcase_create("sarif");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, too_many_and_too_large_are_cut);
    tcase_add_test(tests, brackets_of_a_message_are_no_links);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
