/* text: the report for people: each finding with its line, a caret, and its path; then a summary.
 *
 * What comes from the sources is untrusted: control characters never reach the terminal.
 */
#include "analyzer/report/internal.h"

#define RED   "\x1b[1;31m"
#define BOLD  "\x1b[1m"
#define GREEN "\x1b[1;32m"
#define PLAIN "\x1b[0m"

static const char *colour(const Report *self, const char *code) {
    return self->options->colour ? code : "";
}

/* Control characters (C0 but for tabs, DEL, C1) become '?'. Text is valid UTF-8. */
static void print_text(FILE *out, const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool c1 = at[0] == 0xc2 && at[1] < 0xa0;
        if ((*at < 0x20 && *at != '\t') || *at == 0x7f || c1)
            fputc('?', out);
        else
            fputc(*at, out);
        at += c1;
    }
}

static void print_snippet(const Report *self, const StoredFinding *finding, FILE *out) {
    if (finding->snippet[0] == '\0')
        return;
    fprintf(out, "%5u | ", finding->finding.line);
    print_text(out, finding->snippet);
    fputs("\n", out);
    if (finding->char_column == 0)
        return;
    fputs("      | ", out);
    const char *at = finding->snippet;
    for (uint32_t column = 1; column < finding->char_column && *at != '\0'; column++) {
        fputc(*at == '\t' ? '\t' : ' ', out);
        do {
            at++;
        } while (((unsigned char)*at & 0xc0) == 0x80);
    }
    fprintf(out, "%s^%s\n", colour(self, GREEN), colour(self, PLAIN));
}

static void print_step(const StoredStep *stored, uint32_t number, FILE *out) {
    const Step *step = &stored->step;
    fprintf(out, "  %3u. %-6s ", number, step_kind_name(step->kind));
    print_text(out, step->file);
    fprintf(out, ":%u: ", step->line);
    if (step->function[0] != '\0')
        fprintf(out, "%s: ", step->function);
    print_text(out, step->message);
    fprintf(out, " [%s]\n", irql_name(step->irql));
}

static void print_finding(const Report *self, const StoredFinding *stored, FILE *out) {
    const Finding *finding = &stored->finding;
    fputs(colour(self, BOLD), out);
    print_text(out, finding->file);
    fprintf(out, ":%u:%u: %s%s:%s ", finding->line, finding->column, colour(self, RED),
            finding_level_name(finding->level), colour(self, PLAIN));
    print_text(out, finding->message);
    fprintf(out, " [%s] (%s", finding->rule, certainty_name(finding->certainty));
    if (stored->assumption[0] != '\0') {
        fputs(": ", out);
        print_text(out, stored->assumption);
    }
    fputs(")\n", out);
    print_snippet(self, stored, out);
    for (uint32_t i = 0; i < finding->step_count; i++)
        print_step(&stored->steps[i], i + 1, out);
    fputs("\n", out);
}

/* ---- summary --------------------------------------------------------------------------------- */

static const char *plural(uint32_t count) {
    return count == 1 ? "" : "s";
}

static void print_counts(const Report *self, FILE *out) {
    uint32_t total = self->run.findings.len;
    if (total == 0)
        fputs("no findings", out);
    else
        fprintf(out, "%u finding%s (%u certain, %u possible):", total, plural(total), self->certain,
                self->possible);
    for (uint32_t i = 0; i < self->by_rule.len; i++)
        fprintf(out, "%s %s %u", i == 0 ? "" : ",", self->by_rule.items[i].rule,
                self->by_rule.items[i].count);
    if (self->hidden != 0)
        fprintf(out, "; %u less sure not shown", self->hidden);
    fprintf(out, "\n%u file%s: %u ok, %u partial, %u failed; %u function%s", self->run.units.len,
            plural(self->run.units.len), self->units[IR_OK], self->units[IR_PARTIAL],
            self->units[IR_FAILED], self->functions, plural(self->functions));
    if (self->incomplete != 0)
        fprintf(out, ", %u not understood completely", self->incomplete);
    fputs("\n", out);
}

/* A unit that is not ok, with the first thing that is wrong. */
static void print_gap(const Report *self, const StoredUnit *unit, FILE *out) {
    fprintf(out, "%s: ", unit->status == IR_FAILED ? "failed" : "partial");
    print_text(out, unit->file);
    if (unit->errors != 0)
        fprintf(out, ": %u error%s", unit->errors, plural(unit->errors));
    if (unit->message_count != 0) {
        fputs(unit->errors > 1 ? ", first " : ": ", out);
        const StoredMessage *message = &unit->messages[0];
        print_text(out, message->line == 0 ? message->text : report_unit_message(self, message));
    }
    fputs("\n", out);
}

void report_text(const Report *self, FILE *out) {
    for (uint32_t i = 0; i < self->run.findings.len; i++)
        print_finding(self, &self->run.findings.items[i], out);
    print_counts(self, out);
    for (uint32_t i = 0; i < self->run.units.len; i++) {
        if (self->run.units.items[i].status != IR_OK)
            print_gap(self, &self->run.units.items[i], out);
    }
    for (uint32_t i = 0; i < self->run.problems.len; i++) {
        fputs("problem: ", out);
        print_text(out, self->run.problems.items[i]);
        fputs("\n", out);
    }
}
