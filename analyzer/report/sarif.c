/* sarif: the report as SARIF 2.1.0, for code scanning and editors.
 *
 * Columns are characters (columnKind unicodeCodePoints). Paths are relative URIs under %SRCROOT%,
 * whose place is left to the reader, so that the report is the same on every machine; a file
 * outside it has an absolute URI. A file that could not be analysed is a notification of the
 * invocation, never silence. Hosts refuse a report of more than 10 MB or 25,000 results: the least
 * sure are left out then, and a notification counts them.
 */
#include "analyzer/report/internal.h"
#include "irqlint/rule.h"

#include <stdlib.h>

enum { MAX_RESULTS = 25000, MAX_SIZE = 10 << 20 };

/* name: {"text": text} */
static void add_text(cJSON *object, const char *name, const char *text) {
    cJSON_AddStringToObject(cJSON_AddObjectToObject(object, name), "text", text);
}

/* ---- locations --------------------------------------------------------------------------------
 */

/* Percent-encodes everything but unreserved characters and slashes (RFC 3986). */
static const char *uri_of_path(Arena *arena, const char *path) {
    Text uri = {0};
    if (path[0] == '/')
        text_append(&uri, arena, "file://");
    for (const unsigned char *at = (const unsigned char *)path; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr("-._~/", *at) != NULL;
        if (plain)
            text_append_len(&uri, arena, (const char *)at, 1);
        else
            text_printf(&uri, arena, "%%%02X", *at);
    }
    return text_cstr(&uri, arena);
}

typedef struct Spot {
    const char *file;     /* as shown */
    uint32_t line;        /* 1-based, 0 unknown */
    uint32_t char_column; /* 1-based, 0 unknown */
    const char *snippet;  /* "" unknown */
    const char *function; /* "" none */
} Spot;

static void add_place(const Report *self, cJSON *location, const Spot *spot) {
    cJSON *place = cJSON_AddObjectToObject(location, "physicalLocation");
    cJSON *artifact = cJSON_AddObjectToObject(place, "artifactLocation");
    cJSON_AddStringToObject(artifact, "uri", uri_of_path(self->arena, spot->file));
    if (spot->file[0] != '/')
        cJSON_AddStringToObject(artifact, "uriBaseId", "%SRCROOT%");
    if (spot->line != 0) {
        cJSON *region = cJSON_AddObjectToObject(place, "region");
        cJSON_AddNumberToObject(region, "startLine", spot->line);
        if (spot->char_column != 0)
            cJSON_AddNumberToObject(region, "startColumn", spot->char_column);
        cJSON_AddNumberToObject(region, "endLine", spot->line);
        if (spot->snippet[0] != '\0')
            add_text(region, "snippet", spot->snippet);
    }
    if (spot->function[0] == '\0')
        return;
    cJSON *logical = json_add_object(cJSON_AddArrayToObject(location, "logicalLocations"));
    cJSON_AddStringToObject(logical, "name", spot->function);
    cJSON_AddStringToObject(logical, "kind", "function");
}

static Spot spot_of_step(const StoredStep *stored) {
    return (Spot){stored->step.file, stored->step.line, stored->char_column, stored->snippet,
                  stored->step.function};
}

/* ---- results -----------------------------------------------------------------------------------
 */

static void add_code_flow(const Report *self, cJSON *result, const StoredFinding *stored) {
    cJSON *flow = json_add_object(cJSON_AddArrayToObject(result, "codeFlows"));
    cJSON *thread = json_add_object(cJSON_AddArrayToObject(flow, "threadFlows"));
    cJSON *steps = cJSON_AddArrayToObject(thread, "locations");
    for (uint32_t i = 0; i < stored->finding.step_count; i++) {
        const Step *step = &stored->steps[i].step;
        Spot spot = spot_of_step(&stored->steps[i]);
        cJSON *object = json_add_object(steps);
        cJSON *location = cJSON_AddObjectToObject(object, "location");
        add_place(self, location, &spot);
        add_text(location, "message",
                 arena_printf(self->arena, "%s: %s", step_kind_name(step->kind), step->message));
        add_text(cJSON_AddObjectToObject(object, "state"), "irql", irql_name(step->irql));
        cJSON_AddStringToObject(object, "importance", "essential");
    }
}

/* Text of a message, in which brackets would begin a link. */
static void append_plain(Text *out, Arena *arena, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '[' || *text == ']' || *text == '\\')
            text_append(out, arena, "\\");
        text_append_len(out, arena, text, 1);
    }
}

/* The sentence, then links to where the path begins and to each place that raises the level. */
static const char *message_of(const Report *self, const StoredFinding *stored) {
    Text text = {0};
    append_plain(&text, self->arena, stored->finding.message);
    for (uint32_t i = 0; i + 1 < stored->finding.step_count; i++) {
        const Step *step = &stored->steps[i].step;
        if (step->kind == STEP_CALL)
            continue;
        text_append(&text, self->arena, text.len == 0 || i == 0 ? ". Path: [" : "; [");
        append_plain(&text, self->arena, step->message);
        text_printf(&text, self->arena, "](%u)", i + 1);
    }
    return text_cstr(&text, self->arena);
}

/* Everything on the path but the line itself. */
static void add_related(const Report *self, cJSON *result, const StoredFinding *stored) {
    cJSON *related = cJSON_AddArrayToObject(result, "relatedLocations");
    for (uint32_t i = 0; i + 1 < stored->finding.step_count; i++) {
        Spot spot = spot_of_step(&stored->steps[i]);
        cJSON *location = json_add_object(related);
        cJSON_AddNumberToObject(location, "id", i + 1);
        add_place(self, location, &spot);
        add_text(location, "message", stored->steps[i].step.message);
    }
}

static void add_properties(cJSON *result, const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    cJSON *properties = cJSON_AddObjectToObject(result, "properties");
    cJSON_AddStringToObject(properties, "driver", stored->driver);
    cJSON_AddStringToObject(properties, "certainty", certainty_name(finding->certainty));
    cJSON_AddStringToObject(properties, "context", context_name(finding->context));
    cJSON_AddStringToObject(properties, "irql", irql_name(finding->irql));
    if (stored->assumption[0] != '\0')
        cJSON_AddStringToObject(properties, "assumption", stored->assumption);
}

static int rule_index(const Report *self, const char *rule) {
    for (uint32_t i = 0; i < self->run.rules.len; i++) {
        if (str_eq(self->run.rules.items[i].id, rule))
            return (int)i;
    }
    return -1;
}

/* Where some result is suppressed, the others say that they are not. */
static void add_suppressions(const Report *self, cJSON *result, const Verdict *verdict) {
    if (self->accepted.len == 0)
        return;
    cJSON *list = cJSON_AddArrayToObject(result, "suppressions");
    if (verdict->kind == VERDICT_OPEN || verdict->kind == VERDICT_IN_BASELINE)
        return;
    bool in_source = verdict->kind == VERDICT_IN_SOURCE;
    cJSON *object = json_add_object(list);
    cJSON_AddStringToObject(object, "kind", in_source ? "inSource" : "external");
    cJSON_AddStringToObject(object, "status", "accepted");
    cJSON_AddStringToObject(object, "justification", verdict->reason);
    Spot spot = {verdict->file, verdict->line, 0, "", ""};
    if (in_source)
        add_place(self, cJSON_AddObjectToObject(object, "location"), &spot);
}

static void add_result(const Report *self, cJSON *results, const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    cJSON *result = json_add_object(results);
    cJSON_AddStringToObject(result, "ruleId", finding->rule);
    if (rule_index(self, finding->rule) >= 0)
        cJSON_AddNumberToObject(result, "ruleIndex", rule_index(self, finding->rule));
    cJSON_AddStringToObject(result, "level", finding_level_name(finding->level));
    add_text(result, "message", message_of(self, stored));
    Spot spot = {finding->file, finding->line, stored->char_column, stored->snippet,
                 finding->function};
    add_place(self, json_add_object(cJSON_AddArrayToObject(result, "locations")), &spot);
    add_code_flow(self, result, stored);
    add_related(self, result, stored);
    cJSON *prints = cJSON_AddObjectToObject(result, "partialFingerprints");
    if (stored->line_hash != NULL)
        cJSON_AddStringToObject(prints, "primaryLocationLineHash", stored->line_hash);
    cJSON_AddStringToObject(prints, "irqlintFingerprint/v1", finding->fingerprint);
    if (self->options->compared && stored->verdict.kind == VERDICT_OPEN)
        cJSON_AddStringToObject(result, "baselineState", "new");
    if (stored->verdict.kind == VERDICT_IN_BASELINE)
        cJSON_AddStringToObject(result, "baselineState", "unchanged");
    add_suppressions(self, result, &stored->verdict);
    add_properties(result, stored);
}

/* ---- tool and invocation ------------------------------------------------------------------------
 */

static bool has_result(const Report *self, const char *rule) {
    for (uint32_t i = 0; i < self->by_rule.len; i++) {
        if (str_eq(self->by_rule.items[i].rule, rule))
            return true;
    }
    return false;
}

/* "external/cwe/cwe-476" for each CWE that the page names. */
static void add_weaknesses(const Report *self, cJSON *tags, const char *page) {
    for (const char *at = page; (at = strstr(at, "CWE-")) != NULL; at++) {
        unsigned long number = strtoul(at + 4, NULL, 10);
        const char *tag = arena_printf(self->arena, "external/cwe/cwe-%03lu", number);
        if (number != 0)
            cJSON_AddItemToArray(tags, cJSON_CreateString(tag));
    }
}

/* What the page of the rule gives: its help where there is a result, tags, how grave. */
static void add_rule_page(const Report *self, cJSON *object, const StoredRule *stored) {
    static const char *const severities[] = {
        [LEVEL_NOTE] = "recommendation", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};
    const Rule *rule = check_rule(stored->id);
    const char *page = rule == NULL ? "" : rule_page(rule);
    const char *hint = rule == NULL ? "" : rule->hint;
    cJSON *help = cJSON_AddObjectToObject(object, "help");
    cJSON_AddStringToObject(help, "text", arena_printf(self->arena, "%s. %s", stored->title, hint));
    if (has_result(self, stored->id))
        cJSON_AddStringToObject(help, "markdown", page);
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    cJSON_AddStringToObject(properties, "precision", "high");
    cJSON_AddStringToObject(properties, "problem.severity", severities[stored->level]);
    bool grave = rule != NULL && !str_eq(rule->severity, "0.0");
    if (grave)
        cJSON_AddStringToObject(properties, "security-severity", rule->severity);
    cJSON *tags = cJSON_AddArrayToObject(properties, "tags");
    cJSON_AddItemToArray(tags, cJSON_CreateString("windows-driver"));
    cJSON_AddItemToArray(tags, cJSON_CreateString("irql"));
    if (grave)
        cJSON_AddItemToArray(tags, cJSON_CreateString("security"));
    add_weaknesses(self, tags, page);
}

static void add_rule(const Report *self, cJSON *rules, const StoredRule *rule) {
    cJSON *object = json_add_object(rules);
    cJSON_AddStringToObject(object, "id", rule->id);
    add_text(object, "shortDescription", rule->title);
    add_text(object, "fullDescription", arena_printf(self->arena, "%s.", rule->title));
    cJSON *defaults = cJSON_AddObjectToObject(object, "defaultConfiguration");
    cJSON_AddStringToObject(defaults, "level", finding_level_name(rule->level));
    add_rule_page(self, object, rule);
}

static void add_tool(const Report *self, cJSON *run) {
    cJSON *tool = cJSON_AddObjectToObject(run, "tool");
    cJSON *driver = cJSON_AddObjectToObject(tool, "driver");
    cJSON_AddStringToObject(driver, "name", "irqlint");
    cJSON_AddStringToObject(driver, "version", self->run.tool_version);
    cJSON *rules = cJSON_AddArrayToObject(driver, "rules");
    for (uint32_t i = 0; i < self->run.rules.len; i++)
        add_rule(self, rules, &self->run.rules.items[i]);
}

static cJSON *add_notification(cJSON *notifications, const char *level, const char *text) {
    cJSON *object = json_add_object(notifications);
    cJSON_AddStringToObject(object, "level", level);
    add_text(object, "message", text);
    return object;
}

static void add_file_notification(const Report *self, cJSON *notifications,
                                  const FileCoverage *file) {
    const StoredUnit *unit = file->unit;
    bool failed = unit->status == IR_FAILED;
    const char *text = failed ? "The file could not be analysed" : "The file was analysed in part";
    if (unit->message_count != 0) {
        const StoredMessage *first = &unit->messages[0];
        const char *what = first->line == 0 ? first->text : report_unit_message(self, first);
        text = arena_printf(self->arena, "%s: %s", text, what);
    }
    cJSON *object = add_notification(notifications, failed ? "error" : "warning", text);
    Spot spot = {unit->file, 0, 0, "", ""};
    add_place(self, json_add_object(cJSON_AddArrayToObject(object, "locations")), &spot);
    cJSON *drivers =
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(object, "properties"), "drivers");
    for (uint32_t i = 0; i < file->drivers.len; i++)
        cJSON_AddItemToArray(drivers, cJSON_CreateString(file->drivers.items[i]));
}

static void add_invocation(const Report *self, cJSON *run, uint32_t left_out) {
    cJSON *invocation = json_add_object(cJSON_AddArrayToObject(run, "invocations"));
    bool successful = self->units[IR_FAILED] == 0 && self->run.problems.len == 0;
    cJSON_AddBoolToObject(invocation, "executionSuccessful", successful);
    cJSON *notifications = cJSON_AddArrayToObject(invocation, "toolExecutionNotifications");
    for (uint32_t i = 0; i < self->coverage.files.len; i++) {
        if (self->coverage.files.items[i].unit->status != IR_OK)
            add_file_notification(self, notifications, &self->coverage.files.items[i]);
    }
    for (uint32_t i = 0; i < self->run.problems.len; i++)
        add_notification(notifications, "error", self->run.problems.items[i]);
    if (left_out != 0)
        add_notification(notifications, "warning",
                         arena_printf(self->arena,
                                      "%u findings, the least sure, are left out: hosts take no "
                                      "larger report",
                                      left_out));
    cJSON *notices = cJSON_AddArrayToObject(invocation, "toolConfigurationNotifications");
    for (uint32_t i = 0; i < self->run.notices.len; i++) {
        const StoredNotice *notice = &self->run.notices.items[i];
        cJSON *object = add_notification(notices, "warning", notice->text);
        Spot spot = {notice->file, notice->line, 0, "", ""};
        add_place(self, json_add_object(cJSON_AddArrayToObject(object, "locations")), &spot);
    }
    report_add_coverage(self, cJSON_AddObjectToObject(invocation, "properties"), false);
}

/* Where the findings surer than `certainty` fit: how many of that certainty still do. */
static uint32_t room_for(const StoredFinding *findings, uint32_t count, Certainty certainty,
                         uint32_t most) {
    uint32_t surer = 0;
    for (uint32_t i = 0; i < count; i++)
        surer += findings[i].finding.certainty < certainty;
    return surer < most ? most - surer : 0;
}

/* In their order, without the least sure past the first `most`. */
static void add_results(const Report *self, cJSON *results, const StoredFinding *findings,
                        uint32_t count, uint32_t most) {
    uint32_t room[CERTAINTY_COUNT];
    for (unsigned i = 0; i < CERTAINTY_COUNT; i++)
        room[i] = room_for(findings, count, (Certainty)i, most);
    for (uint32_t i = 0; i < count; i++) {
        Certainty certainty = findings[i].finding.certainty;
        if (room[certainty] == 0)
            continue;
        room[certainty]--;
        add_result(self, results, &findings[i]);
    }
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* The first `most`: open ones go before known and suppressed ones. */
static void add_run(const Report *self, cJSON *run, uint32_t most) {
    uint32_t open = smaller(self->run.findings.len, most);
    uint32_t known = smaller(self->known.len, most - open);
    uint32_t accepted = smaller(self->accepted.len, most - open - known);
    uint32_t total = self->run.findings.len + self->known.len + self->accepted.len;
    add_tool(self, run);
    add_invocation(self, run, total - open - known - accepted);
    cJSON *bases = cJSON_AddObjectToObject(run, "originalUriBaseIds");
    cJSON *root = cJSON_AddObjectToObject(bases, "%SRCROOT%");
    add_text(root, "description", "The folder that holds everything that was checked.");
    cJSON_AddStringToObject(run, "columnKind", "unicodeCodePoints");
    cJSON *results = cJSON_AddArrayToObject(run, "results");
    add_results(self, results, self->run.findings.items, self->run.findings.len, open);
    add_results(self, results, self->known.items, self->known.len, known);
    add_results(self, results, self->accepted.items, self->accepted.len, accepted);
}

/* With `most` results at most; NULL out of memory. For cJSON_free. */
static char *text_of(const Report *self, uint32_t most, bool readable) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    cJSON_AddStringToObject(root, "version", "2.1.0");
    add_run(self, json_add_object(cJSON_AddArrayToObject(root, "runs")), most);
    char *text = readable ? cJSON_Print(root) : cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

/* Laid out for people, unless it would be too large; then as many results as fit. */
int report_sarif(const Report *self, FILE *out) {
    uint32_t total = self->run.findings.len + self->known.len + self->accepted.len;
    uint32_t most = smaller(total, MAX_RESULTS);
    char *text = text_of(self, most, true);
    for (bool first = true; text != NULL && strlen(text) > MAX_SIZE && most > 0; first = false) {
        if (!first)
            most = (uint32_t)((double)most * MAX_SIZE / (double)strlen(text) * 0.95);
        cJSON_free(text);
        text = text_of(self, most, false);
    }
    if (text == NULL)
        return -1;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return 0;
}
