/* runner_inline: the annotated sources: testdata/rules/<id>/ and testdata/drivers/<name>/.
 *
 * A rule's file says by its name what it holds: bad*.c at least one expect (bad.c itself six),
 * ok*.c no tag at all, gaps*.c at least one known mistake. Every file must parse without error: a
 * finding cannot be missed because its file was not read.
 */
#include "tests/runner.h"

#include <cjson/cJSON.h>

enum { EXPECTS_OF_BAD = 6 };

/* ---- the JSON report ----------------------------------------------------------------------- */

static const char *json_text(Runner *self, const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return arena_strdup(self->arena, cJSON_IsString(item) ? item->valuestring : "");
}

static uint32_t json_number(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? (uint32_t)item->valuedouble : 0;
}

static void read_findings(Runner *self, const cJSON *findings, FoundArray *found) {
    const cJSON *item;
    cJSON_ArrayForEach(item, findings) {
        Found one = {.file = json_text(self, item, "file"),
                     .line = json_number(item, "line"),
                     .column = json_number(item, "column"),
                     .rule = json_text(self, item, "rule"),
                     .message = json_text(self, item, "message"),
                     .irql = json_text(self, item, "irql"),
                     .fingerprint = json_text(self, item, "fingerprint")};
        array_push(found, self->arena, one);
    }
}

static int count_bad_units(Runner *self, const cJSON *units) {
    int bad = 0;
    const cJSON *unit;
    cJSON_ArrayForEach(unit, units) {
        const char *status = json_text(self, unit, "status");
        uint32_t errors = json_number(unit, "errors");
        if (!str_eq(status, "ok") || errors > 0)
            bad += fail(self, "%s: not parsed cleanly: %s, %u errors",
                        json_text(self, unit, "file"), status, errors);
    }
    return bad;
}

int read_json_report(Runner *self, const char *json, FoundArray *found, int *bad_units) {
    cJSON *report = cJSON_Parse(json);
    const cJSON *units = cJSON_GetObjectItemCaseSensitive(report, "units");
    const cJSON *findings = cJSON_GetObjectItemCaseSensitive(report, "findings");
    bool whole = cJSON_IsArray(units) && cJSON_IsArray(findings);
    if (whole) {
        read_findings(self, findings, found);
        *bad_units = count_bad_units(self, units);
        if (cJSON_GetArraySize(units) == 0)
            *bad_units += fail(self, "the report lists no unit");
    }
    cJSON_Delete(report);
    return whole ? 0 : -fail(self, "the JSON report has no units or no findings: %.200s", json);
}

/* ---- tags of files and folders ------------------------------------------------------------- */

static bool is_source(const char *name) {
    return str_ends_with(name, ".c") || str_ends_with(name, ".cpp") || str_ends_with(name, ".cxx");
}

static bool is_header(const char *name) {
    return str_ends_with(name, ".h") || str_ends_with(name, ".hpp");
}

static int tags_of_file(Runner *self, const char *dir, const char *name, TagArray *tags) {
    const char *source = read_text(self, path_join(self->arena, dir, name));
    return source == NULL ? fail(self, "%s/%s cannot be read", dir, name)
                          : read_tags(self, name, source, tags);
}

static int tags_of_matching(Runner *self, const char *dir, bool (*wanted)(const char *name),
                            TagArray *tags) {
    CStrArray names = list_dir(self, dir);
    int bad = 0;
    for (uint32_t i = 0; i < names.len; i++)
        if (wanted(names.items[i]))
            bad += tags_of_file(self, dir, names.items[i], tags);
    return bad;
}

static uint32_t count_kind(const TagArray *tags, TagKind kind) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < tags->len; i++)
        count += tags->items[i].kind == kind;
    return count;
}

/* A misspelt id in an expect-missed would hold for ever. */
static int check_ids(Runner *self, const TagArray *tags) {
    Output rules =
        run_process(self, self->work, (const char *const[]){self->irqlint, "rules", NULL});
    const char *list = arena_printf(self->arena, "\n%s", rules.out);
    int bad = 0;
    for (uint32_t i = 0; i < tags->len; i++) {
        const Tag *tag = &tags->items[i];
        if (strstr(list, arena_printf(self->arena, "\n%s ", tag->rule)) == NULL)
            bad += fail(self, "%s:%u: there is no rule '%s'", tag->file, tag->line, tag->rule);
    }
    return bad;
}

/* ---- running ------------------------------------------------------------------------------- */

/* Checks `path` in `dir` and holds the findings against the tags. */
static int check_against(Runner *self, const char *dir, const char *path, const TagArray *tags) {
    FoundArray found = {0};
    int bad_units = 0;
    Output output = run_process(
        self, dir,
        (const char *const[]){self->irqlint, "check", "--no-db", "--format=json", path, NULL});
    if (output.exit_code != 0 && output.exit_code != 1)
        return fail(self, "irqlint check %s: exit code %d: %s", path, output.exit_code, output.err);
    if (read_json_report(self, output.out, &found, &bad_units) != 0)
        return 1;
    int failures = bad_units + match_tags(self, tags, &found);
    if (output.exit_code != (found.len > 0))
        failures += fail(self, "exit code %d with %u findings", output.exit_code, found.len);
    return failures;
}

static int check_kinds(Runner *self, const char *name, const TagArray *tags) {
    uint32_t expects = count_kind(tags, TAG_EXPECT), known = tags->len - expects;
    if (str_starts_with(name, "bad")) {
        uint32_t least = str_eq(name, "bad.c") ? EXPECTS_OF_BAD : 1;
        return expects >= least ? 0 : fail(self, "%s: fewer than %u expects", name, least);
    }
    if (str_starts_with(name, "ok"))
        return tags->len == 0 ? 0 : fail(self, "%s: has tags", name);
    if (str_starts_with(name, "gaps"))
        return known > 0 ? 0 : fail(self, "%s: no known mistake", name);
    return fail(self, "%s: the name must begin with bad, ok or gaps", name);
}

static int test_rule_file(Runner *self, const char *dir, const char *name) {
    TagArray tags = {0};
    int failures = tags_of_file(self, dir, name, &tags);
    failures += check_kinds(self, name, &tags);
    failures += check_ids(self, &tags);
    failures += tags_of_matching(self, dir, is_header, &tags);
    return failures + check_against(self, dir, name, &tags);
}

int test_rule(Runner *self, const char *rule) {
    const char *dir =
        path_join(self->arena, self->testdata, arena_printf(self->arena, "rules/%s", rule));
    CStrArray names = list_dir(self, dir);
    int failures = 0, sources = 0;
    for (uint32_t i = 0; i < names.len; i++) {
        if (!is_source(names.items[i]))
            continue;
        failures += test_rule_file(self, dir, names.items[i]);
        sources++;
    }
    return sources >= 3 ? failures : failures + fail(self, "bad.c, ok.c and gaps.c are needed");
}

static bool is_annotated(const char *name) {
    return is_source(name) || is_header(name);
}

int test_driver(Runner *self, const char *driver) {
    TagArray tags = {0};
    const char *drivers = path_join(self->arena, self->testdata, "drivers");
    int failures =
        tags_of_matching(self, path_join(self->arena, drivers, driver), is_annotated, &tags);
    failures += check_ids(self, &tags);
    if (str_ends_with(driver, "-clean") != (tags.len == 0))
        failures += fail(self, "a driver has tags, its -clean twin none");
    return failures + check_against(self, drivers, driver, &tags);
}

/* ---- known mistakes ------------------------------------------------------------------------ */

static int tags_below(Runner *self, const char *dir, TagArray *tags) {
    CStrArray names = list_dir(self, dir);
    int bad = 0;
    for (uint32_t i = 0; i < names.len; i++)
        bad +=
            tags_of_matching(self, path_join(self->arena, dir, names.items[i]), is_annotated, tags);
    return bad;
}

/* ---- README.md ----------------------------------------------------------------------------- */

/* The text with what stands between two words of it replaced; NULL when it lacks one of them. */
static const char *put_between(Runner *self, const char *text, const char *after,
                               const char *before, const char *what) {
    const char *start = text == NULL ? NULL : strstr(text, after);
    const char *end = start == NULL ? NULL : strstr(start + strlen(after), before);
    if (end == NULL)
        return NULL;
    return arena_printf(self->arena, "%.*s%s%s", (int)(start + strlen(after) - text), text, what,
                        end);
}

/* README.md states how many mistakes are known, and lists the rules: both are generated. */
int test_counts(Runner *self, const char *unused) {
    TagArray tags = {0};
    (void)unused;
    int bad = tags_below(self, path_join(self->arena, self->testdata, "rules"), &tags);
    bad += tags_below(self, path_join(self->arena, self->testdata, "drivers"), &tags);
    const char *counts = arena_printf(
        self->arena, " %u expected findings, %u known misses and %u known false findings",
        count_kind(&tags, TAG_EXPECT), count_kind(&tags, TAG_MISSED), count_kind(&tags, TAG_FALSE));
    Output rules = run_process(
        self, "/", (const char *const[]){self->irqlint, "rules", "--format=markdown", NULL});
    const char *path = path_join(self->arena, self->testdata, "../README.md");
    const char *text =
        put_between(self, read_text(self, path), "The test cases hold", ".\n", counts);
    text = put_between(self, text, "<!-- rules: generated -->\n\n", "\n<!-- end of rules -->",
                       rules.out);
    if (text == NULL || rules.exit_code != 0)
        return bad + fail(self, "README.md has no count of findings or no list of rules");
    return bad + compare_golden(self, path, text);
}
