/* sarif: the report as SARIF 2.1.0, for code scanning and editors.
 *
 * Columns are characters (columnKind unicodeCodePoints). Paths are relative URIs under %SRCROOT%,
 * whose place is left to the reader, so that the report is the same on every machine; a file
 * outside it has an absolute URI. A file that could not be analysed is a notification of the
 * invocation, never silence.
 */
#include "analyzer/report/internal.h"

static cJSON *add_object(cJSON *array) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    return object;
}

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
    cJSON *logical = add_object(cJSON_AddArrayToObject(location, "logicalLocations"));
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
    cJSON *flow = add_object(cJSON_AddArrayToObject(result, "codeFlows"));
    cJSON *thread = add_object(cJSON_AddArrayToObject(flow, "threadFlows"));
    cJSON *steps = cJSON_AddArrayToObject(thread, "locations");
    for (uint32_t i = 0; i < stored->finding.step_count; i++) {
        const Step *step = &stored->steps[i].step;
        Spot spot = spot_of_step(&stored->steps[i]);
        cJSON *object = add_object(steps);
        cJSON *location = cJSON_AddObjectToObject(object, "location");
        add_place(self, location, &spot);
        add_text(location, "message",
                 arena_printf(self->arena, "%s: %s", step_kind_name(step->kind), step->message));
        add_text(cJSON_AddObjectToObject(object, "state"), "irql", irql_name(step->irql));
        cJSON_AddStringToObject(object, "importance", "essential");
    }
}

/* Everything on the path but the line itself. */
static void add_related(const Report *self, cJSON *result, const StoredFinding *stored) {
    cJSON *related = cJSON_AddArrayToObject(result, "relatedLocations");
    for (uint32_t i = 0; i + 1 < stored->finding.step_count; i++) {
        Spot spot = spot_of_step(&stored->steps[i]);
        cJSON *location = add_object(related);
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
    cJSON *object = add_object(list);
    cJSON_AddStringToObject(object, "kind", in_source ? "inSource" : "external");
    cJSON_AddStringToObject(object, "status", "accepted");
    cJSON_AddStringToObject(object, "justification", verdict->reason);
    Spot spot = {verdict->file, verdict->line, 0, "", ""};
    if (in_source)
        add_place(self, cJSON_AddObjectToObject(object, "location"), &spot);
}

static void add_result(const Report *self, cJSON *results, const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    cJSON *result = add_object(results);
    cJSON_AddStringToObject(result, "ruleId", finding->rule);
    if (rule_index(self, finding->rule) >= 0)
        cJSON_AddNumberToObject(result, "ruleIndex", rule_index(self, finding->rule));
    cJSON_AddStringToObject(result, "level", finding_level_name(finding->level));
    add_text(result, "message", finding->message);
    Spot spot = {finding->file, finding->line, stored->char_column, stored->snippet,
                 finding->function};
    add_place(self, add_object(cJSON_AddArrayToObject(result, "locations")), &spot);
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

static void add_rule(const Report *self, cJSON *rules, const StoredRule *rule) {
    cJSON *object = add_object(rules);
    cJSON_AddStringToObject(object, "id", rule->id);
    add_text(object, "shortDescription", rule->title);
    add_text(object, "fullDescription", arena_printf(self->arena, "%s.", rule->title));
    add_text(object, "help",
             arena_printf(self->arena,
                          "%s (requirement %s). The page rules/%s.md says why it hurts, how to "
                          "mend it and when the finding is wrong.",
                          rule->title, rule->requirement, rule->id));
    cJSON *defaults = cJSON_AddObjectToObject(object, "defaultConfiguration");
    cJSON_AddStringToObject(defaults, "level", finding_level_name(rule->level));
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    cJSON *tags = cJSON_AddArrayToObject(properties, "tags");
    cJSON_AddItemToArray(tags, cJSON_CreateString("windows-driver"));
    cJSON_AddItemToArray(tags, cJSON_CreateString("irql"));
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
    cJSON *object = add_object(notifications);
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
    add_place(self, add_object(cJSON_AddArrayToObject(object, "locations")), &spot);
    cJSON *drivers =
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(object, "properties"), "drivers");
    for (uint32_t i = 0; i < file->drivers.len; i++)
        cJSON_AddItemToArray(drivers, cJSON_CreateString(file->drivers.items[i]));
}

static void add_invocation(const Report *self, cJSON *run) {
    cJSON *invocation = add_object(cJSON_AddArrayToObject(run, "invocations"));
    bool successful = self->units[IR_FAILED] == 0 && self->run.problems.len == 0;
    cJSON_AddBoolToObject(invocation, "executionSuccessful", successful);
    cJSON *notifications = cJSON_AddArrayToObject(invocation, "toolExecutionNotifications");
    for (uint32_t i = 0; i < self->coverage.files.len; i++) {
        if (self->coverage.files.items[i].unit->status != IR_OK)
            add_file_notification(self, notifications, &self->coverage.files.items[i]);
    }
    for (uint32_t i = 0; i < self->run.problems.len; i++)
        add_notification(notifications, "error", self->run.problems.items[i]);
    cJSON *notices = cJSON_AddArrayToObject(invocation, "toolConfigurationNotifications");
    for (uint32_t i = 0; i < self->run.notices.len; i++) {
        const StoredNotice *notice = &self->run.notices.items[i];
        cJSON *object = add_notification(notices, "warning", notice->text);
        Spot spot = {notice->file, notice->line, 0, "", ""};
        add_place(self, add_object(cJSON_AddArrayToObject(object, "locations")), &spot);
    }
    report_add_coverage(self, cJSON_AddObjectToObject(invocation, "properties"), false);
}

static void add_run(const Report *self, cJSON *run) {
    add_tool(self, run);
    add_invocation(self, run);
    cJSON *bases = cJSON_AddObjectToObject(run, "originalUriBaseIds");
    cJSON *root = cJSON_AddObjectToObject(bases, "%SRCROOT%");
    add_text(root, "description", "The folder that holds everything that was checked.");
    cJSON_AddStringToObject(run, "columnKind", "unicodeCodePoints");
    cJSON *results = cJSON_AddArrayToObject(run, "results");
    for (uint32_t i = 0; i < self->run.findings.len; i++)
        add_result(self, results, &self->run.findings.items[i]);
    for (uint32_t i = 0; i < self->known.len; i++)
        add_result(self, results, &self->known.items[i]);
    for (uint32_t i = 0; i < self->accepted.len; i++)
        add_result(self, results, &self->accepted.items[i]);
}

int report_sarif(const Report *self, FILE *out) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    cJSON_AddStringToObject(root, "version", "2.1.0");
    add_run(self, add_object(cJSON_AddArrayToObject(root, "runs")));
    char *text = cJSON_Print(root);
    cJSON_Delete(root);
    if (text == NULL)
        return -1;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    return 0;
}
