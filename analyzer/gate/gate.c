/* gate: matches findings with marks in the sources and entries of files.
 *
 * Invariant: a finding has at most one verdict, the source's before that of a file; every mark and
 * entry that fits a finding counts as used, also beside another one.
 */
#include "analyzer/gate/internal.h"

#include <fnmatch.h>
#include <stdlib.h>

enum { MAX_SOURCE_SIZE = 64 * 1024 * 1024 };

typedef struct Judge {
    Arena *arena;
    const GateOptions *options; /* what was asked for */
    StoredRun *run;             /* its findings */
    StrTab *paths;              /* sources with marks, relative to the root where inside */
    Array(Marks *) marks;       /* by path: what they hold */
} Judge;

/* ---- notices --------------------------------------------------------------------------------- */

static void add_notice(Judge *self, const char *file, uint32_t line, uint32_t column,
                       const char *text) {
    StoredNotice notice = {file, line, column, text};
    array_push(&self->run->notices, self->arena, notice);
}

static const Rule *find_rule(const char *id) {
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(rules[i]->id, id))
            return rules[i];
    }
    return NULL;
}

static bool has_run(const Judge *self, const char *rule) {
    const CStrArray *rules = self->options->rules;
    for (uint32_t i = 0; i < rules->len; i++) {
        if (str_eq(rules->items[i], rule))
            return true;
    }
    return rules->len == 0;
}

/* ---- sources --------------------------------------------------------------------------------- */

static void read_marks(Judge *self, const char *path) {
    Marks *marks = arena_new_of(self->arena, Marks);
    const char *shown = path_relative(self->arena, self->run->root, path);
    char *text;
    size_t size;
    Error err;
    if (strtab_add(self->paths, shown) != self->marks.len)
        return; /* known */
    array_push(&self->marks, self->arena, marks);
    if (file_read(self->arena, path, MAX_SOURCE_SIZE, &text, &size, &err) == 0)
        marks_scan(self->arena, text, size, marks);
}

static Marks *marks_of(const Judge *self, const char *file) {
    StrId id = strtab_find(self->paths, file);
    return id == UINT32_MAX ? NULL : self->marks.items[id];
}

/* ---- comments and pragmas -------------------------------------------------------------------- */

/* Line of the function's definition that the finding is in, 0 unknown. Functions are sorted by file
 * and line. */
static uint32_t home_line(const Judge *self, const Finding *finding) {
    uint32_t line = 0;
    for (uint32_t i = 0; i < self->run->functions.len; i++) {
        const StoredFunction *function = &self->run->functions.items[i];
        if (str_eq(function->file, finding->file) && function->line <= finding->line &&
            str_eq(function->name, finding->function))
            line = function->line;
    }
    return line;
}

static bool is_about(const Judge *self, const Mark *mark, const Finding *finding) {
    if (finding->line >= mark->first && finding->line <= mark->last)
        return true;
    if (!mark->opens || finding->line < mark->first)
        return false;
    uint32_t home = home_line(self, finding);
    return home >= mark->first && home <= mark->last;
}

static bool is_related(const char *rule_id, uint32_t warning) {
    const Rule *rule = find_rule(rule_id);
    for (uint32_t i = 0; rule != NULL && rule->warnings[i] != 0; i++) {
        if (rule->warnings[i] == warning)
            return true;
    }
    return false;
}

static const char *pragma_text(const Judge *self, const Mark *mark) {
    return mark->reason[0] != '\0'
               ? mark->reason
               : arena_printf(self->arena, "a pragma silences warning C%u", mark->warning);
}

static bool judge_by_marks(Judge *self, StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    Marks *marks = marks_of(self, finding->file);
    bool found = false;
    for (uint32_t i = 0; marks != NULL && i < marks->items.len; i++) {
        Mark *mark = &marks->items.items[i];
        bool meant = mark->rule != NULL ? str_eq(mark->rule, finding->rule)
                                        : is_related(finding->rule, mark->warning);
        if (!meant || !is_about(self, mark, finding))
            continue;
        mark->used = true;
        if (found)
            continue;
        found = true;
        stored->verdict = (Verdict){VERDICT_IN_SOURCE,
                                    mark->rule != NULL ? mark->reason : pragma_text(self, mark),
                                    finding->file, mark->line};
    }
    return found;
}

static int by_place(const void *left, const void *right) {
    const StoredNotice *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return strcmp(a->text, b->text);
}

static void notice_marks(Judge *self, const char *file, const Marks *marks) {
    uint32_t first = self->run->notices.len;
    for (uint32_t i = 0; i < marks->problems.len; i++) {
        const MarkProblem *problem = &marks->problems.items[i];
        add_notice(self, file, problem->line, problem->column, problem->text);
    }
    for (uint32_t i = 0; i < marks->items.len; i++) {
        const Mark *mark = &marks->items.items[i];
        if (mark->rule == NULL || mark->used)
            continue;
        const char *text;
        if (find_rule(mark->rule) == NULL) {
            const char *near = gate_nearest_rule(self->arena, mark->rule);
            text = near == NULL
                       ? arena_printf(self->arena, "there is no rule '%s'", mark->rule)
                       : arena_printf(self->arena, "there is no rule '%s', did you mean '%s'?",
                                      mark->rule, near);
        } else if (has_run(self, mark->rule)) {
            text = arena_printf(self->arena,
                                "the suppression of %s is not needed: nothing is reported here",
                                mark->rule);
        } else {
            continue;
        }
        add_notice(self, file, mark->line, mark->column, text);
    }
    if (self->run->notices.len - first > 1)
        qsort(self->run->notices.items + first, self->run->notices.len - first,
              sizeof *self->run->notices.items, by_place);
}

/* ---- entries of files ------------------------------------------------------------------------ */

static bool fits(const char *pattern, const char *text) {
    return pattern == NULL || fnmatch(pattern, text, 0) == 0;
}

/* The path, or its end after some slash. */
static bool fits_path(const char *pattern, const char *path) {
    if (fits(pattern, path))
        return true;
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        if (fits(pattern, at + 1))
            return true;
    }
    return false;
}

static bool has_expired(const Judge *self, const Suppression *entry) {
    return entry->until != NULL && strcmp(entry->until, self->options->today) < 0;
}

static const char *file_of_run(const Judge *self, const char *path) {
    return path_relative(self->arena, self->run->root, path_absolute(self->arena, path));
}

static void judge_by_entries(Judge *self, StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    const Suppressions *all = self->options->suppressions;
    const char *path = path_join(self->arena, self->run->root, finding->file);
    for (uint32_t i = 0; all != NULL && i < all->entries.len; i++) {
        Suppression *entry = &all->entries.items[i];
        if (!str_eq(entry->rule, finding->rule) || !fits_path(entry->file, path) ||
            !fits(entry->function, finding->function) || !fits(entry->driver, stored->driver) ||
            !fits(entry->message, finding->message))
            continue;
        entry->used = true;
        if (has_expired(self, entry) || stored->verdict.kind != VERDICT_OPEN)
            continue;
        stored->verdict =
            (Verdict){VERDICT_IN_FILE, entry->reason, file_of_run(self, entry->path), entry->line};
    }
}

static void notice_entries(Judge *self) {
    const Suppressions *all = self->options->suppressions;
    for (uint32_t i = 0; all != NULL && i < all->entries.len; i++) {
        const Suppression *entry = &all->entries.items[i];
        const char *text = NULL;
        if (entry->used && has_expired(self, entry))
            text = arena_printf(self->arena, "the suppression of %s expired on %s", entry->rule,
                                entry->until);
        else if (!entry->used && has_run(self, entry->rule))
            text =
                arena_printf(self->arena, "the suppression of %s is not needed: it fits no finding",
                             entry->rule);
        if (text != NULL)
            add_notice(self, file_of_run(self, entry->path), entry->line, 1, text);
    }
}

/* ---- baseline -------------------------------------------------------------------------------- */

static const char *baseline_file(const Judge *self) {
    const char *path = self->options->baseline->path;
    return path == NULL ? "" : file_of_run(self, path);
}

/* Weak findings too: what was possible before may be weak now. */
static void judge_by_baseline(Judge *self, StoredFinding *stored) {
    Baseline *baseline = self->options->baseline;
    if (baseline == NULL || !baseline_take(baseline, stored->finding.fingerprint, stored->driver) ||
        stored->verdict.kind != VERDICT_OPEN)
        return;
    stored->verdict = (Verdict){VERDICT_IN_BASELINE, baseline->reason, baseline_file(self), 0};
}

static void notice_baseline(Judge *self) {
    Baseline *baseline = self->options->baseline;
    uint32_t gone = 0;
    for (uint32_t i = 0; baseline != NULL && i < baseline->entries.len; i++) {
        const BaselineEntry *entry = &baseline->entries.items[i];
        gone += has_run(self, entry->rule) &&
                baseline_take(baseline, entry->fingerprint, entry->driver);
    }
    if (gone != 0 && baseline->path != NULL)
        add_notice(self, baseline_file(self), 0, 0,
                   arena_printf(self->arena,
                                "%u finding%s of the baseline %s there no more "
                                "(`irqlint baseline update` takes %s out)",
                                gone, gone == 1 ? "" : "s", gone == 1 ? "is" : "are",
                                gone == 1 ? "it" : "them"));
}

static bool is_accepted(const StoredFinding *finding) {
    return finding->verdict.kind == VERDICT_IN_SOURCE || finding->verdict.kind == VERDICT_IN_FILE;
}

void gate_compare(Arena *arena, const StoredRun *before, const StoredRun *after,
                  Certainty certainty, GateDiff *diff) {
    Baseline *old = baseline_of_run(arena, before, POSSIBLE_WEAK, "");
    Baseline *new = baseline_of_run(arena, after, POSSIBLE_WEAK, "");
    for (uint32_t i = 0; i < after->findings.len; i++) {
        const StoredFinding *finding = &after->findings.items[i];
        bool known = !is_accepted(finding) &&
                     baseline_take(old, finding->finding.fingerprint, finding->driver);
        if (is_accepted(finding) || finding->finding.certainty > certainty)
            continue;
        if (known)
            array_push(&diff->unchanged, arena, finding);
        else
            array_push(&diff->introduced, arena, finding);
    }
    for (uint32_t i = 0; i < before->findings.len; i++) {
        const StoredFinding *finding = &before->findings.items[i];
        if (!is_accepted(finding) &&
            !baseline_take(new, finding->finding.fingerprint, finding->driver) &&
            finding->finding.certainty <= certainty)
            array_push(&diff->fixed, arena, finding);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

void gate_judge(Arena *arena, const GateOptions *options, StoredRun *run) {
    Judge self = {.arena = arena, .options = options, .run = run, .paths = strtab_new(arena)};
    if (options->baseline != NULL)
        baseline_rewind(options->baseline);
    array_push(&self.marks, arena, NULL);
    for (uint32_t i = 0; i < options->marked->len; i++)
        read_marks(&self, options->marked->items[i]);
    for (uint32_t i = 0; i < run->findings.len; i++) {
        judge_by_marks(&self, &run->findings.items[i]);
        judge_by_entries(&self, &run->findings.items[i]);
        judge_by_baseline(&self, &run->findings.items[i]);
    }
    for (uint32_t i = 1; i < self.marks.len; i++)
        notice_marks(&self, strtab_get(self.paths, i), self.marks.items[i]);
    notice_entries(&self);
    notice_baseline(&self);
}
