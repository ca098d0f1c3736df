/* runner_same: what must not make a difference: order of input, number of processes, form.
 */
#include "tests/runner.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* ---- order and processes ------------------------------------------------------------------- */

static const char *const forms[] = {"json", "sarif", "html", "gitlab", "junit", "text", "brief"};
enum { FORM_COUNT = sizeof forms / sizeof forms[0], MOST_PATHS = 16 };

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

/* One finding as a line "file:line rule fingerprint". */
static void add_line(Runner *self, Text *out, const char *file, double line, const char *rule,
                     const char *fingerprint) {
    text_printf(out, self->arena, "%s:%.0f %s %s\n", file, line, rule, fingerprint);
}

/* The member at a path of names; "0" is the first element of an array. */
static const cJSON *member(const cJSON *object, const char *const *path) {
    for (; *path != NULL && object != NULL; path++)
        object = str_eq(*path, "0") ? cJSON_GetArrayItem(object, 0)
                                    : cJSON_GetObjectItemCaseSensitive(object, *path);
    return object;
}
#define MEMBER(object, ...) member((object), (const char *const[]){__VA_ARGS__, NULL})

static const char *string_of(const cJSON *node) {
    return cJSON_IsString(node) ? node->valuestring : "?";
}

static double number_of(const cJSON *node) {
    return cJSON_IsNumber(node) ? node->valuedouble : -1;
}

static void lines_of_findings(Runner *self, const cJSON *findings, Text *out) {
    const cJSON *finding;
    cJSON_ArrayForEach(finding, findings) {
        add_line(self, out, string_of(MEMBER(finding, "file")), number_of(MEMBER(finding, "line")),
                 string_of(MEMBER(finding, "rule")), string_of(MEMBER(finding, "fingerprint")));
    }
}

static void lines_of_sarif(Runner *self, const cJSON *log, Text *out) {
    const cJSON *result;
    cJSON_ArrayForEach(result, MEMBER(log, "runs", "0", "results")) {
        const cJSON *place = MEMBER(result, "locations", "0", "physicalLocation");
        add_line(self, out, string_of(MEMBER(place, "artifactLocation", "uri")),
                 number_of(MEMBER(place, "region", "startLine")),
                 string_of(MEMBER(result, "ruleId")),
                 string_of(MEMBER(result, "partialFingerprints", "irqlintFingerprint/v1")));
    }
}

static void lines_of_gitlab(Runner *self, const cJSON *findings, Text *out) {
    const cJSON *finding;
    cJSON_ArrayForEach(finding, findings) {
        add_line(self, out, string_of(MEMBER(finding, "location", "path")),
                 number_of(MEMBER(finding, "location", "lines", "begin")),
                 string_of(MEMBER(finding, "check_name")),
                 string_of(MEMBER(finding, "fingerprint")));
    }
}

/* Of a JSON form, or of the data in the page. */
static void lines_of_json(Runner *self, const char *form, const char *text, Text *out) {
    const char *mark = "id=\"data\">", *data = strstr(text, mark);
    const char *start = str_eq(form, "html") && data != NULL ? data + strlen(mark) : text;
    cJSON *json = cJSON_ParseWithOpts(start, NULL, false);
    if (str_eq(form, "sarif"))
        lines_of_sarif(self, json, out);
    else if (str_eq(form, "gitlab"))
        lines_of_gitlab(self, json, out);
    else
        lines_of_findings(self, MEMBER(json, "findings"), out);
    cJSON_Delete(json);
}

/* <testcase … name="RULE at …" file="FILE" line="LINE">, behind it the fingerprint. */
static void lines_of_junit(Runner *self, const char *text, Text *out) {
    char rule[64], file[1024], fingerprint[32];
    unsigned line;
    while ((text = strstr(text, "<testcase")) != NULL) {
        const char *print = strstr(text, "value=\"");
        if (print != NULL &&
            sscanf(text,
                   "<testcase classname=\"%*[^\"]\" name=\"%63[^ ] %*[^\"]\" "
                   "file=\"%1023[^\"]\" line=\"%u\"",
                   rule, file, &line) == 3 &&
            sscanf(print, "value=\"%31[0-9a-f]", fingerprint) == 1)
            add_line(self, out, file, line, rule, fingerprint);
        text++;
    }
}

/* A finding's first line in a text report: "file:line:column: level: message [rule]", with more
 * words allowed inside the brackets; the column may be missing. Paths are relative to where irqlint
 * ran, in the other forms to the folder of all drivers. There is no fingerprint. */
static void line_of_text(Runner *self, const char *line, Text *out) {
    char file[1024], rule[64];
    unsigned number;
    if (line[0] == ' ' || sscanf(line, "%1023[^:]:%u:", file, &number) != 2)
        return;
    const char *bracket = strrchr(line, '[');
    if (bracket == NULL || sscanf(bracket, "[%63[a-z0-9-]", rule) != 1)
        return;
    const char *below = str_starts_with(file, "drivers/") ? file + strlen("drivers/") : file;
    add_line(self, out, below, number, rule, "");
}

static void lines_of_text(Runner *self, const char *text, Text *out) {
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        line_of_text(self, arena_strndup(self->arena, text, len), out);
        text += len + (text[len] == '\n');
    }
}

static const char *lines_of(Runner *self, const char *form, const char *text) {
    Text out = {0};
    if (str_eq(form, "junit"))
        lines_of_junit(self, text, &out);
    else if (str_eq(form, "text") || str_eq(form, "brief"))
        lines_of_text(self, text, &out);
    else
        lines_of_json(self, form, text, &out);
    return text_cstr(&out, self->arena);
}

/* The lines without what follows their last space. */
static const char *without_fingerprints(Runner *self, const char *lines) {
    Text out = {0};
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n"), end = len;
        while (end > 0 && lines[end - 1] != ' ')
            end--;
        text_printf(&out, self->arena, "%.*s\n", (int)end, lines);
        lines += len + (lines[len] == '\n');
    }
    return text_cstr(&out, self->arena);
}

/* Every form shows the same findings, in the same order, with the same fingerprints. */
int test_forms(Runner *self, const char *unused) {
    CStrArray drivers = paths_below(self, "drivers", false);
    const char *wanted = NULL;
    int failures = 0;
    (void)unused;
    self->update = false;
    for (int i = 0; i < FORM_COUNT; i++) {
        const char *report = report_of(self, forms[i], "2", &drivers);
        if (report == NULL)
            return 1;
        const char *lines = lines_of(self, forms[i], report);
        if (wanted == NULL)
            wanted = lines;
        if (wanted[0] == '\0')
            return fail(self, "the JSON report has no findings");
        bool is_text = str_eq(forms[i], "text") || str_eq(forms[i], "brief");
        const char *kept = arena_printf(self->arena, "%s/%s-wanted", self->work, forms[i]);
        write_text(self, kept, is_text ? without_fingerprints(self, wanted) : wanted);
        failures += compare_golden(self, kept, lines);
    }
    return failures;
}
