/* text: the report for people: each finding with its line, a caret, its path; then the counts. */
#include "analyzer/report/internal.h"
#include "irqlint/rule.h"

#define RED   "\x1b[1;31m"
#define BOLD  "\x1b[1m"
#define GREEN "\x1b[1;32m"
#define BLUE  "\x1b[1;34m"
#define PLAIN "\x1b[0m"

static const char *colour(const Report *self, const char *code) {
    return self->options->colour ? code : "";
}

static void print_snippet(const Report *self, const StoredFinding *finding, FILE *out) {
    if (finding->snippet[0] == '\0')
        return;
    fprintf(out, "%5u | ", finding->finding.line);
    report_put(out, finding->snippet);
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

static void print_steps(const Report *self, const StoredFinding *stored, FILE *out) {
    uint32_t width = 0, count = stored->finding.step_count;
    for (uint32_t i = 0; i < count; i++)
        width = report_place_width(self->arena, width, &stored->steps[i].step);
    for (uint32_t i = 0; i < count; i++)
        report_put_step(self->arena, out, &stored->steps[i].step, i + 1, width);
}

static void print_hint(const Report *self, const char *id, FILE *out) {
    const Rule *rule = check_rule(id);
    if (rule != NULL)
        fprintf(out, "  %shelp:%s %s (irqlint explain %s)\n", colour(self, BLUE),
                colour(self, PLAIN), rule->hint, id);
}

const char *report_certainty(const Report *self, const StoredFinding *stored) {
    const char *name = certainty_name(stored->finding.certainty);
    return stored->assumption[0] == '\0'
               ? arena_printf(self->arena, "(%s)", name)
               : arena_printf(self->arena, "(%s: %s)", name, stored->assumption);
}

static void print_head(const Report *self, const StoredFinding *stored, FILE *out) {
    const Finding *finding = &stored->finding;
    fputs(colour(self, BOLD), out);
    report_put(out, finding->file);
    fprintf(out, ":%u", finding->line);
    if (finding->column != 0) /* 0: an annotation, of which only the line is known */
        fprintf(out, ":%u", finding->column);
    fprintf(out, ": %s%s:%s ", colour(self, RED), finding_level_name(finding->level),
            colour(self, PLAIN));
    report_put(out, finding->message);
    fprintf(out, " [%s] ", finding->rule);
    report_put(out, report_certainty(self, stored));
    fputs("\n", out);
}

static void print_finding(const Report *self, const StoredFinding *stored, FILE *out) {
    print_head(self, stored, out);
    print_snippet(self, stored, out);
    print_steps(self, stored, out);
    print_hint(self, stored->finding.rule, out);
    fputs("\n", out);
}

/* ---- summary --------------------------------------------------------------------------------- */

/* "(2 certain, 1 possible)", "(all certain)", "(possible)". */
static void print_certainties(const Report *self, FILE *out) {
    const char *all = self->run.findings.len > 1 ? "all " : "";
    if (self->certain != 0 && self->possible != 0)
        fprintf(out, " (%u certain, %u possible)", self->certain, self->possible);
    else
        fprintf(out, " (%s%s)", all, certainty_name(self->certain != 0 ? CERTAIN : POSSIBLE));
}

static void print_findings_count(const Report *self, FILE *out) {
    uint32_t total = self->run.findings.len;
    if (total == 0) {
        fputs("no findings", out);
    } else {
        fprintf(out, "%u finding%s", total, report_plural(total));
        print_certainties(self, out);
    }
    for (uint32_t i = 0; i < self->by_rule.len; i++)
        fprintf(out, "%s %s %u", i == 0 ? ":" : ",", self->by_rule.items[i].rule,
                self->by_rule.items[i].count);
    if (self->known.len != 0)
        fprintf(out, "; %u in the baseline", self->known.len);
    if (self->accepted.len != 0)
        fprintf(out, "; %u suppressed", self->accepted.len);
    if (self->hidden != 0)
        fprintf(out, "; %u less sure not shown (--all shows %s)", self->hidden,
                self->hidden == 1 ? "it" : "them");
    fputs("\n", out);
}

void report_text(const Report *self, bool brief, FILE *out) {
    for (uint32_t i = 0; i < self->run.findings.len; i++)
        (brief ? print_head : print_finding)(self, &self->run.findings.items[i], out);
    print_findings_count(self, out);
    for (uint32_t i = 0; i < self->run.notices.len; i++) {
        fputs("notice: ", out);
        report_put(out, report_notice(self, &self->run.notices.items[i]));
        fputs("\n", out);
    }
    report_put_coverage(self, out);
    for (uint32_t i = 0; i < self->run.problems.len; i++) {
        fputs("problem: ", out);
        report_put(out, self->run.problems.items[i]);
        fputs("\n", out);
    }
    if (self->options->coverage)
        report_put_coverage_lists(self, out);
}
