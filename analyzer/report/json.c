/* json: the report for programs, version 1 (docs/json-report.md).
 *
 * A field is never left out and never changes its type; new fields do not change the version. The
 * store gives valid UTF-8 only, so the JSON is valid whatever the sources hold.
 */
#include "analyzer/report/internal.h"

static void add_unit(const Report *self, cJSON *units, const StoredUnit *unit) {
    cJSON *object = json_add_object(units);
    cJSON_AddStringToObject(object, "file", unit->file);
    cJSON_AddStringToObject(object, "driver", unit->driver);
    cJSON_AddStringToObject(object, "status", ir_status_name(unit->status));
    cJSON_AddNumberToObject(object, "errors", unit->errors);
    cJSON_AddNumberToObject(object, "functions", unit->functions);
    cJSON_AddNumberToObject(object, "incomplete_functions", unit->incomplete_functions);
    cJSON_AddBoolToObject(object, "cached", unit->cached);
    cJSON *messages = cJSON_AddArrayToObject(object, "messages");
    for (uint32_t i = 0; i < unit->message_count; i++) {
        const char *text = report_unit_message(self, &unit->messages[i]);
        cJSON_AddItemToArray(messages, cJSON_CreateString(text));
    }
}

PairSet report_pairs(const StoredFunction *function, Certainty certainty) {
    PairSet pairs = 0;
    for (unsigned i = 0; i <= certainty && i < CERTAINTY_COUNT; i++)
        pairs |= function->pairs.by[i];
    return pairs;
}

void report_add_contexts(cJSON *parent, PairSet pairs) {
    cJSON *contexts = cJSON_AddArrayToObject(parent, "contexts");
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((pairs >> pair & 1) == 0)
            continue;
        cJSON *context = json_add_object(contexts);
        cJSON_AddStringToObject(context, "context", context_name(pair_context(pair)));
        cJSON_AddStringToObject(context, "irql", irql_name(pair_irql(pair)));
    }
}

static void add_function(const Report *self, cJSON *functions, const StoredFunction *function) {
    cJSON *object = json_add_object(functions);
    cJSON_AddStringToObject(object, "name", function->name);
    cJSON_AddStringToObject(object, "file", function->file);
    cJSON_AddNumberToObject(object, "line", function->line);
    cJSON_AddStringToObject(object, "segment", function->segment);
    report_add_contexts(object, report_pairs(function, self->options->certainty));
}

void report_add_step(cJSON *steps, const Step *step) {
    cJSON *object = json_add_object(steps);
    cJSON_AddStringToObject(object, "kind", step_kind_name(step->kind));
    cJSON_AddStringToObject(object, "file", step->file);
    cJSON_AddNumberToObject(object, "line", step->line);
    cJSON_AddStringToObject(object, "function", step->function);
    cJSON_AddStringToObject(object, "message", step->message);
    cJSON_AddStringToObject(object, "irql", irql_name(step->irql));
}

cJSON *report_add_finding(cJSON *findings, const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    cJSON *object = json_add_object(findings);
    cJSON_AddStringToObject(object, "rule", finding->rule);
    cJSON_AddStringToObject(object, "level", finding_level_name(finding->level));
    cJSON_AddStringToObject(object, "certainty", certainty_name(finding->certainty));
    cJSON_AddStringToObject(object, "file", finding->file);
    cJSON_AddNumberToObject(object, "line", finding->line);
    cJSON_AddNumberToObject(object, "column", finding->column);
    cJSON_AddStringToObject(object, "function", finding->function);
    cJSON_AddStringToObject(object, "message", finding->message);
    cJSON_AddStringToObject(object, "context", context_name(finding->context));
    cJSON_AddStringToObject(object, "irql", irql_name(finding->irql));
    cJSON_AddStringToObject(object, "fingerprint", finding->fingerprint);
    cJSON *steps = cJSON_AddArrayToObject(object, "steps");
    for (uint32_t i = 0; i < finding->step_count; i++)
        report_add_step(steps, &stored->steps[i].step);
    return object;
}

static void add_accepted(cJSON *findings, const StoredFinding *stored) {
    cJSON *verdict = cJSON_AddObjectToObject(report_add_finding(findings, stored), "suppression");
    cJSON_AddStringToObject(verdict, "kind",
                            stored->verdict.kind == VERDICT_IN_SOURCE ? "source" : "file");
    cJSON_AddStringToObject(verdict, "reason", stored->verdict.reason);
    cJSON_AddStringToObject(verdict, "file", stored->verdict.file);
    cJSON_AddNumberToObject(verdict, "line", stored->verdict.line);
}

static void add_summary(const Report *self, cJSON *root) {
    cJSON *summary = cJSON_AddObjectToObject(root, "summary");
    cJSON_AddNumberToObject(summary, "findings", self->run.findings.len);
    cJSON_AddNumberToObject(summary, "certain", self->certain);
    cJSON_AddNumberToObject(summary, "possible", self->possible);
    cJSON_AddNumberToObject(summary, "not_shown", self->hidden);
    cJSON_AddNumberToObject(summary, "in_baseline", self->known.len);
    cJSON_AddNumberToObject(summary, "suppressed", self->accepted.len);
    cJSON *by_rule = cJSON_AddObjectToObject(summary, "by_rule");
    for (uint32_t i = 0; i < self->by_rule.len; i++)
        cJSON_AddNumberToObject(by_rule, self->by_rule.items[i].rule, self->by_rule.items[i].count);
    cJSON *units = cJSON_AddObjectToObject(summary, "units");
    cJSON_AddNumberToObject(units, "ok", self->units[IR_OK]);
    cJSON_AddNumberToObject(units, "partial", self->units[IR_PARTIAL]);
    cJSON_AddNumberToObject(units, "failed", self->units[IR_FAILED]);
    cJSON_AddNumberToObject(summary, "functions", self->functions);
    cJSON_AddNumberToObject(summary, "incomplete_functions", self->incomplete);
    cJSON *notices = cJSON_AddArrayToObject(summary, "notices");
    for (uint32_t i = 0; i < self->run.notices.len; i++) {
        const char *text = report_notice(self, &self->run.notices.items[i]);
        cJSON_AddItemToArray(notices, cJSON_CreateString(text));
    }
    cJSON *problems = cJSON_AddArrayToObject(summary, "problems");
    for (uint32_t i = 0; i < self->run.problems.len; i++)
        cJSON_AddItemToArray(problems, cJSON_CreateString(self->run.problems.items[i]));
}

int report_json(const Report *self, FILE *out) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "version", 1);
    cJSON *units = cJSON_AddArrayToObject(root, "units");
    for (uint32_t i = 0; i < self->run.units.len; i++)
        add_unit(self, units, &self->run.units.items[i]);
    cJSON *functions = cJSON_AddArrayToObject(root, "functions");
    for (uint32_t i = 0; i < self->run.functions.len; i++)
        add_function(self, functions, &self->run.functions.items[i]);
    cJSON *findings = cJSON_AddArrayToObject(root, "findings");
    for (uint32_t i = 0; i < self->run.findings.len; i++)
        report_add_finding(findings, &self->run.findings.items[i]);
    cJSON *known = cJSON_AddArrayToObject(root, "in_baseline");
    for (uint32_t i = 0; i < self->known.len; i++)
        report_add_finding(known, &self->known.items[i]);
    cJSON *accepted = cJSON_AddArrayToObject(root, "suppressed");
    for (uint32_t i = 0; i < self->accepted.len; i++)
        add_accepted(accepted, &self->accepted.items[i]);
    add_summary(self, root);
    report_add_coverage(self, root, true);
    return json_put(root, out);
}
