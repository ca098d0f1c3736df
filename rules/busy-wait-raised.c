/* busy-wait-raised (F5): a call that spins the processor for long, at DISPATCH_LEVEL or above.
 *
 * Nothing else runs on this processor meanwhile: no thread, no other DPC and, in an ISR, no device
 * of the same or a lower level. It survives, but sound stutters, packets are lost, and whoever
 * spins for the lock that is held spins as long.
 *
 * Which routines spin, and from which interval on that is too long, is in the table. The interval
 * must be known, through constants and what callers pass: an undecided one makes the finding weak.
 * Errs towards silence: many short stalls in a loop are not added up.
 */
#include "irqlint/rule.h"

/* The longest interval, in microseconds, that the row lets pass; 0: the row names none, so
 * that the length of the spin is not the caller's choice. */
static int64_t longest_allowed(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((ddi->blocking_when >> i & 1) != 0 && ddi->conds[i].kind == COND_ARG_GT)
            return ddi->conds[i].value;
    }
    return 0;
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *call, const ProgFunc *callee) {
    (void)call;
    const Ddi *ddi = callee->ddi;
    if (ddi == NULL || ddi->blocking != BLOCK_BUSY || longest_allowed(ddi) == 0)
        return;
    SitePairs pairs = inferred_at_when(run_inferred(run), func, op, ddi, ddi->blocking_when);
    pairs = site_pairs_and(pairs, pairs_at_or_above(IRQL_DISPATCH));
    if (site_pairs_empty(pairs))
        return;
    run_report_op(run, func, op, pairs, ddi->name,
                  run_text(run,
                           "%s spins for more than %lld microseconds, but is called at %%i in "
                           "%%c, where the processor can do nothing else",
                           ddi->name, (long long)longest_allowed(ddi)));
}

static void check(RuleRun *run) {
    run_each_call(run, visit);
}

const Rule rule_busy_wait_raised = {
    .id = "busy-wait-raised",
    .title = "The processor is stalled for long at DISPATCH_LEVEL or above",
    .level = LEVEL_WARNING,
    .hint = "Stall for at most 50 microseconds; use a timer or a thread for longer delays.",
    .requirement = "F5",
    .severity = "4.7",
    .check = check,
};
