/* report: reads a run, keeps what is to be shown, counts it, hands it to a format.
 *
 * Invariant: what is shown is decided here, once; the formats only spell it.
 */
#include "analyzer/report/internal.h"

/* ---- paths ---------------------------------------------------------------------------------- */

static const char *rebase(const Report *self, const char *path) {
    return report_shown_path(self->arena, self->options->base_dir, self->run.root, path);
}

static void rebase_finding(Report *self, StoredFinding *finding) {
    finding->finding.file = rebase(self, finding->finding.file);
    for (uint32_t i = 0; i < finding->finding.step_count; i++) {
        Step *step = &finding->steps[i].step;
        step->file = rebase(self, step->file);
    }
}

static void rebase_all(Report *self) {
    for (uint32_t i = 0; i < self->run.units.len; i++) {
        StoredUnit *unit = &self->run.units.items[i];
        unit->file = rebase(self, unit->file);
        for (uint32_t k = 0; k < unit->message_count; k++) {
            StoredMessage *message = &unit->messages[k];
            message->file = rebase(self, message->file);
        }
    }
    for (uint32_t i = 0; i < self->run.functions.len; i++)
        self->run.functions.items[i].file = rebase(self, self->run.functions.items[i].file);
    for (uint32_t i = 0; i < self->run.findings.len; i++)
        rebase_finding(self, &self->run.findings.items[i]);
    for (uint32_t i = 0; i < self->run.unresolved.len; i++)
        self->run.unresolved.items[i].file = rebase(self, self->run.unresolved.items[i].file);
}

const char *report_unit_message(const Report *self, const StoredMessage *message) {
    if (message->file[0] == '\0')
        return message->text;
    if (message->line == 0)
        return arena_printf(self->arena, "%s: %s", message->file, message->text);
    return arena_printf(self->arena, "%s:%u:%u: %s", message->file, message->line, message->column,
                        message->text);
}

/* ---- what is shown --------------------------------------------------------------------------- */

static void filter(Report *self) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->run.findings.len; i++) {
        if (self->run.findings.items[i].finding.certainty <= self->options->certainty)
            self->run.findings.items[kept++] = self->run.findings.items[i];
    }
    self->hidden = self->run.findings.len - kept;
    self->run.findings.len = kept;
}

/* Rules sorted by insertion: there are few. */
static void count_rule(Report *self, const char *rule) {
    uint32_t at = 0;
    while (at < self->by_rule.len && strcmp(self->by_rule.items[at].rule, rule) < 0)
        at++;
    if (at == self->by_rule.len || !str_eq(self->by_rule.items[at].rule, rule)) {
        RuleCount none = {rule, 0};
        array_push(&self->by_rule, self->arena, none);
        for (uint32_t i = self->by_rule.len - 1; i > at; i--)
            self->by_rule.items[i] = self->by_rule.items[i - 1];
        self->by_rule.items[at] = none;
    }
    self->by_rule.items[at].count++;
}

static void count(Report *self) {
    for (uint32_t i = 0; i < self->run.findings.len; i++) {
        const Finding *finding = &self->run.findings.items[i].finding;
        if (finding->certainty == CERTAIN)
            self->certain++;
        else
            self->possible++;
        count_rule(self, finding->rule);
    }
    for (uint32_t i = 0; i < self->run.units.len; i++) {
        const StoredUnit *unit = &self->run.units.items[i];
        self->units[unit->status]++;
        self->functions += unit->functions;
        self->incomplete += unit->incomplete_functions;
    }
}

int report_write(Arena *arena, Store *store, int64_t run_id, const ReportOptions *options,
                 FILE *out, uint32_t *shown, Error *err) {
    Report self = {.arena = arena, .options = options};
    if (store_read_run(arena, store, run_id, &self.run, err) != 0)
        return -1;
    filter(&self);
    rebase_all(&self);
    count(&self);
    coverage_count(arena, &self.run, &self.coverage);
    if (shown != NULL)
        *shown = self.run.findings.len;
    int result = 0;
    if (options->format == REPORT_TEXT)
        report_text(&self, out);
    else if (options->format == REPORT_JSON)
        result = report_json(&self, out);
    else
        result = report_sarif(&self, out);
    if (result != 0)
        return error_set(err, "out of memory");
    if (ferror(out))
        return error_set(err, "the output could not be written");
    return 0;
}
