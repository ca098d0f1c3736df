/* rule: all that a rule needs: the inferred program to read and a way to report.
 *
 * A rule is a pure function of the inferred program: no state, no order, no list of API names
 * (those are rows in rules/ddi). It asks at which (context, IRQL) pairs an operation can run, keeps
 * the pairs that are wrong, and reports; the path is built for it.
 */
#ifndef IRQLINT_RULE_H
#define IRQLINT_RULE_H

#include "irqlint/finding.h"
#include "irqlint/program.h"

/* What inference found out; opaque here. */
typedef struct Inferred Inferred;

/* Pairs by how sure it is that the operation runs there; a pair is in one set only, the surest. */
typedef struct SitePairs {
    PairSet by[CERTAINTY_COUNT]; /* indexed by Certainty */
} SitePairs;

/* ---- sets --------------------------------------------------------------------------------- */

/* All pairs at `irql` or above / strictly below, in any context. */
PairSet pairs_at_or_above(Irql irql);
PairSet pairs_below(Irql irql);
/* All pairs of a context. */
PairSet pairs_of_context(Context context);
SitePairs site_pairs_and(SitePairs pairs, PairSet mask);
bool site_pairs_empty(SitePairs pairs);

/* ---- questions ---------------------------------------------------------------------------- */

const Program *inferred_program(const Inferred *self);
/* Where the function can be entered. */
SitePairs inferred_entry(const Inferred *self, FuncId func);
/* Where the operation can run. */
SitePairs inferred_at(const Inferred *self, FuncId func, OpId op);
/* Where the call `op` runs while the conditions of `ddi` hold; undecided ones make it weak. */
SitePairs inferred_at_when(const Inferred *self, FuncId func, OpId op, const Ddi *ddi,
                           CondSet when);
/* Where the load or store `op` goes through a pointer of that origin. */
typedef enum Origin {
    ORIGIN_USER = 1,
    ORIGIN_PAGED = 2,
    ORIGIN_NONPAGED = 4,
    ORIGIN_STACK = 8
} Origin;
SitePairs inferred_at_origin(const Inferred *self, FuncId func, OpId op, Origin origin);

/* ---- reporting ---------------------------------------------------------------------------- */

typedef struct RuleRun RuleRun;

typedef struct Rule {
    const char *id;          /* the only spelling: file stem, page stem, folder, SARIF ruleId */
    const char *title;       /* one line */
    FindingLevel level;      /* how bad */
    const char *requirement; /* "F1" */
    void (*check)(RuleRun *run);
} Rule;

const Inferred *run_inferred(const RuleRun *self);
const Program *run_program(const RuleRun *self);

/* Called for every operation of every defined function, in a fixed order. */
typedef void RuleVisitor(RuleRun *run, FuncId func, OpId op, const IrOpRec *record);
void run_each_op(RuleRun *self, RuleVisitor *visit);

/* Reports at operation `op`: the surest of `pairs`, then the highest level, then the shortest path.
 * Nothing is reported for empty pairs. `subject` is what it is about (callee, field); the message
 * may use %c for the context's name in words and %i for the level, nothing else. */
void run_report_op(RuleRun *self, FuncId func, OpId op, SitePairs pairs, const char *subject,
                   const char *message);
/* The same for the entry of a function. */
void run_report_entry(RuleRun *self, FuncId func, SitePairs pairs, const char *subject,
                      const char *message);

/* printf into the run's memory. */
const char *run_text(RuleRun *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Every rule, sorted by id. */
const Rule *const *rules_all(uint32_t *count);

#endif
