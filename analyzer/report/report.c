/* report: reads a run, keeps what is to be shown, counts it, hands it to a format.
 *
 * Invariant: what is shown is decided here, once; the formats only spell it.
 */
#include "analyzer/report/internal.h"

/* ---- paths ---------------------------------------------------------------------------------- */

static const char *rebase(const Report *self, const char *path) {
    return report_shown_path(self->arena, self->options->base_dir, self->run.root, path);
}

/* The run belongs to whoever read it: what is changed is copied. */
static void *copy_of(const Report *self, const void *items, uint32_t count, size_t size) {
    void *copy = arena_alloc(self->arena, (count + 1) * size);
    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

#define COPY_ITEMS(self, items, count) copy_of((self), (items), (count), sizeof(items)[0])

static void rebase_finding(Report *self, StoredFinding *finding) {
    finding->finding.file = rebase(self, finding->finding.file);
    if (finding->verdict.kind != VERDICT_OPEN)
        finding->verdict.file = rebase(self, finding->verdict.file);
    finding->steps = COPY_ITEMS(self, finding->steps, finding->finding.step_count);
    for (uint32_t i = 0; i < finding->finding.step_count; i++) {
        Step *step = &finding->steps[i].step;
        step->file = rebase(self, step->file);
    }
}

static void rebase_all(Report *self) {
    if (self->options->base_dir == NULL)
        return;
    self->run.units.items = COPY_ITEMS(self, self->run.units.items, self->run.units.len);
    self->run.functions.items =
        COPY_ITEMS(self, self->run.functions.items, self->run.functions.len);
    self->run.unresolved.items =
        COPY_ITEMS(self, self->run.unresolved.items, self->run.unresolved.len);
    self->run.notices.items = COPY_ITEMS(self, self->run.notices.items, self->run.notices.len);
    for (uint32_t i = 0; i < self->run.notices.len; i++)
        self->run.notices.items[i].file = rebase(self, self->run.notices.items[i].file);
    for (uint32_t i = 0; i < self->accepted.len; i++)
        rebase_finding(self, &self->accepted.items[i]);
    for (uint32_t i = 0; i < self->known.len; i++)
        rebase_finding(self, &self->known.items[i]);
    for (uint32_t i = 0; i < self->run.units.len; i++) {
        StoredUnit *unit = &self->run.units.items[i];
        unit->file = rebase(self, unit->file);
        unit->messages = COPY_ITEMS(self, unit->messages, unit->message_count);
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

const char *report_notice(const Report *self, const StoredNotice *notice) {
    if (notice->line == 0)
        return arena_printf(self->arena, "%s: %s", notice->file, notice->text);
    return arena_printf(self->arena, "%s:%u:%u: %s", notice->file, notice->line, notice->column,
                        notice->text);
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
    Array(StoredFinding) shown = {0};
    for (uint32_t i = 0; i < self->run.findings.len; i++) {
        const StoredFinding *finding = &self->run.findings.items[i];
        if (finding->finding.certainty > self->options->certainty)
            self->hidden += finding->verdict.kind == VERDICT_OPEN;
        else if (finding->verdict.kind == VERDICT_OPEN)
            array_push(&shown, self->arena, *finding);
        else if (finding->verdict.kind == VERDICT_IN_BASELINE)
            array_push(&self->known, self->arena, *finding);
        else
            array_push(&self->accepted, self->arena, *finding);
    }
    self->run.findings.items = shown.items;
    self->run.findings.len = shown.len;
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

static int write_format(const Report *self, FILE *out) {
    switch (self->options->format) {
    case REPORT_JSON:
        return report_json(self, out);
    case REPORT_SARIF:
        return report_sarif(self, out);
    case REPORT_HTML:
        return report_html(self, out);
    case REPORT_GITLAB:
        return report_gitlab(self, out);
    case REPORT_JUNIT:
        return report_junit(self, out);
    default:
        report_text(self, self->options->format == REPORT_BRIEF, out);
        return 0;
    }
}

int report_write(Arena *arena, const StoredRun *run, const ReportOptions *options, FILE *out,
                 Error *err) {
    Report self = {.arena = arena, .options = options, .run = *run};
    filter(&self);
    rebase_all(&self);
    count(&self);
    coverage_count(arena, &self.run, &self.coverage);
    if (write_format(&self, out) != 0)
        return error_set(err, "out of memory");
    if (ferror(out))
        return error_set(err, "the output could not be written");
    return 0;
}
