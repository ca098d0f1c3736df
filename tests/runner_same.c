/* runner_same: what must not make a difference: order of input, number of processes, form.
 */
#include "tests/runner.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* ---- order and processes ------------------------------------------------------------------- */

static const char *const forms[] = {"text", "json", "sarif"};
enum { FORM_COUNT = 3, MOST_PATHS = 16 };

/* The report of `check -j <jobs>` over paths, or NULL (logged). */
static const char *report_of(Runner *self, const char *form, const char *jobs,
                             const CStrArray *paths) {
    const char *argv[MOST_PATHS + 8];
    int count = 0;
    argv[count++] = self->irqlint;
    argv[count++] = "check";
    argv[count++] = "--no-db";
    argv[count++] = "--all";
    argv[count++] = arena_printf(self->arena, "--format=%s", form);
    argv[count++] = arena_printf(self->arena, "-j%s", jobs);
    for (uint32_t i = 0; i < paths->len && i < MOST_PATHS; i++)
        argv[count++] = paths->items[i];
    argv[count] = NULL;
    Output output = run_process(self, self->testdata, argv);
    if (output.exit_code == 1 && output.out[0] != '\0')
        return output.out;
    fail(self, "check --format=%s: exit code %d: %s", form, output.exit_code, output.err);
    return NULL;
}

static CStrArray reversed(Runner *self, const CStrArray *paths) {
    CStrArray result = {0};
    for (uint32_t i = paths->len; i-- > 0;)
        array_push(&result, self->arena, paths->items[i]);
    return result;
}

static CStrArray rotated(Runner *self, const CStrArray *paths) {
    CStrArray result = {0};
    for (uint32_t i = 0; i < paths->len; i++)
        array_push(&result, self->arena, paths->items[(i + paths->len / 2) % paths->len]);
    return result;
}

static int same_report(Runner *self, const char *form, const CStrArray *paths) {
    CStrArray backwards = reversed(self, paths), turned = rotated(self, paths);
    const char *first = report_of(self, form, "1", paths);
    const char *second = report_of(self, form, "2", &backwards);
    const char *third = report_of(self, form, "2", &turned);
    if (first == NULL || second == NULL || third == NULL)
        return 1;
    const char *kept = arena_printf(self->arena, "%s/first", self->work);
    write_text(self, kept, first);
    return compare_golden(self, kept, second) + compare_golden(self, kept, third);
}

static CStrArray paths_below(Runner *self, const char *dir, bool sources) {
    CStrArray names = list_dir(self, path_join(self->arena, self->testdata, dir)), paths = {0};
    for (uint32_t i = 0; i < names.len && paths.len < MOST_PATHS; i++)
        if (!sources || str_ends_with(names.items[i], ".c"))
            array_push(&paths, self->arena,
                       arena_printf(self->arena, "%s/%s", dir, names.items[i]));
    return paths;
}

int test_order(Runner *self, const char *unused) {
    CStrArray drivers = paths_below(self, "drivers", false);
    CStrArray files = paths_below(self, "drivers/isrdev", true);
    int failures = 0;
    (void)unused;
    self->update = false; /* the first run is no golden to rewrite */
    if (drivers.len < 2 || files.len < 2)
        return fail(self, "nothing to shuffle");
    for (int i = 0; i < FORM_COUNT; i++)
        failures += same_report(self, forms[i], &drivers) + same_report(self, forms[i], &files);
    return failures;
}

/* ---- forms --------------------------------------------------------------------------------- */

/* One finding as a line "file:line:column rule fingerprint". */
static const char *finding_line(Runner *self, const char *file, double line, double column,
                                const char *rule) {
    return arena_printf(self->arena, "%s:%.0f:%.0f %s", file, line, column, rule);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sorted_lines(Runner *self, CStrArray *lines) {
    Text text = {0};
    if (lines->len > 0)
        qsort(lines->items, lines->len, sizeof lines->items[0], by_text);
    for (uint32_t i = 0; i < lines->len; i++)
        text_printf(&text, self->arena, "%s\n", lines->items[i]);
    return text_cstr(&text, self->arena);
}

static const char *lines_of_json(Runner *self, const char *json) {
    CStrArray lines = {0};
    FoundArray found = {0};
    int bad = 0;
    if (read_json_report(self, json, &found, &bad) != 0)
        return NULL;
    for (uint32_t i = 0; i < found.len; i++) {
        const Found *one = &found.items[i];
        array_push(&lines, self->arena,
                   finding_line(self, one->file, one->line, one->column, one->rule));
    }
    return sorted_lines(self, &lines);
}

/* The member at a path of names; "0" is the first element of an array. */
static const cJSON *member(const cJSON *object, const char *const *path) {
    for (; *path != NULL && object != NULL; path++)
        object = str_eq(*path, "0") ? cJSON_GetArrayItem(object, 0)
                                    : cJSON_GetObjectItemCaseSensitive(object, *path);
    return object;
}
#define MEMBER(object, ...) member((object), (const char *const[]){__VA_ARGS__, NULL})

static const char *line_of_result(Runner *self, const cJSON *result) {
    const cJSON *place = MEMBER(result, "locations", "0", "physicalLocation");
    const cJSON *uri = MEMBER(place, "artifactLocation", "uri");
    const cJSON *line = MEMBER(place, "region", "startLine");
    const cJSON *column = MEMBER(place, "region", "startColumn");
    const cJSON *rule = MEMBER(result, "ruleId");
    if (!cJSON_IsString(uri) || !cJSON_IsNumber(line) || !cJSON_IsString(rule))
        return "a result without place or rule";
    return finding_line(self, uri->valuestring, line->valuedouble,
                        cJSON_IsNumber(column) ? column->valuedouble : 0, rule->valuestring);
}

static const char *lines_of_sarif(Runner *self, const char *sarif) {
    CStrArray lines = {0};
    cJSON *log = cJSON_Parse(sarif);
    const cJSON *result;
    cJSON_ArrayForEach(result, MEMBER(log, "runs", "0", "results")) {
        array_push(&lines, self->arena, line_of_result(self, result));
    }
    cJSON_Delete(log);
    return sorted_lines(self, &lines);
}

/* A finding's first line in the text report: "file:line:column: level: message [rule]", with more
 * words allowed inside the brackets; the column may be missing. NULL when the line is another one.
 * Paths are relative to where irqlint ran, in the other forms to the folder of all drivers. */
static const char *line_of_text(Runner *self, const char *line) {
    char file[1024], rule[64];
    unsigned line_number, column = 0;
    if (line[0] == ' ' || sscanf(line, "%1023[^:]:%u:%u:", file, &line_number, &column) < 2)
        return NULL;
    const char *bracket = strrchr(line, '[');
    if (bracket == NULL || sscanf(bracket, "[%63[a-z0-9-]", rule) != 1)
        return NULL;
    const char *below = str_starts_with(file, "drivers/") ? file + strlen("drivers/") : file;
    return finding_line(self, below, line_number, column, rule);
}

static const char *lines_of_text(Runner *self, const char *text) {
    CStrArray lines = {0};
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        const char *line = line_of_text(self, arena_strndup(self->arena, text, len));
        if (line != NULL)
            array_push(&lines, self->arena, line);
        text += len + (text[len] == '\n');
    }
    return sorted_lines(self, &lines);
}

int test_forms(Runner *self, const char *unused) {
    CStrArray drivers = paths_below(self, "drivers", false);
    const char *reports[FORM_COUNT];
    (void)unused;
    self->update = false;
    for (int i = 0; i < FORM_COUNT; i++)
        if ((reports[i] = report_of(self, forms[i], "2", &drivers)) == NULL)
            return 1;
    const char *json = lines_of_json(self, reports[1]);
    const char *kept = arena_printf(self->arena, "%s/json-findings", self->work);
    if (json == NULL || json[0] == '\0')
        return fail(self, "the JSON report has no findings");
    write_text(self, kept, json);
    return compare_golden(self, kept, lines_of_text(self, reports[0])) +
           compare_golden(self, kept, lines_of_sarif(self, reports[2]));
}
