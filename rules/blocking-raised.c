/* blocking-raised (F5): a call that makes the thread wait, at DISPATCH_LEVEL or above.
 *
 * At DISPATCH_LEVEL the scheduler does not run on this processor. A routine that has to wait there
 * never gets the processor back: the machine stops with IRQL_NOT_LESS_OR_EQUAL,
 * ATTEMPTED_SWITCH_FROM_DPC or hangs, and only when the object was not free already, so a test run
 * may well miss it.
 *
 * Which routine blocks, and under which conditions (a time-out of zero is a test, Wait == FALSE
 * gives up), is in the table. An undecided condition makes the finding weak, an unknown routine is
 * no finding. Below DISPATCH_LEVEL a routine's own limit is ddi-irql's business.
 */
#include "irqlint/rule.h"

static const char *what_it_does(BlockingKind kind) {
    switch (kind) {
    case BLOCK_WAIT:
        return "waits for an object";
    case BLOCK_SLEEP:
        return "puts the thread to sleep";
    case BLOCK_LOCK:
        return "waits for a lock";
    case BLOCK_SYNC_IO:
        return "waits for I/O or a system service";
    case BLOCK_DRAIN:
        return "waits until outstanding work is done";
    case BLOCK_PAGING:
        return "touches pageable memory";
    case BLOCK_NONE:
    case BLOCK_BUSY:
        break;
    }
    return "blocks";
}

static void check_target(RuleRun *run, FuncId func, OpId op, const Ddi *ddi) {
    Irql illegal = IRQL_DISPATCH;
    if (ddi->blocking_max < IRQL_COUNT && ddi->blocking_max >= IRQL_DISPATCH)
        illegal = (Irql)(ddi->blocking_max + 1);
    SitePairs pairs = inferred_at_when(run_inferred(run), func, op, ddi, ddi->blocking_when);
    pairs = site_pairs_and(pairs, pairs_at_or_above(illegal));
    if (site_pairs_empty(pairs))
        return;
    run_report_op(run, func, op, pairs, ddi->name,
                  run_text(run, "%s %s, but is called at %%i in %%c, where nothing may block",
                           ddi->name, what_it_does((BlockingKind)ddi->blocking)));
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    if (record->kind != IR_OP_CALL)
        return;
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        const Ddi *ddi = program->funcs[targets->items[i]].ddi;
        if (ddi != NULL && ddi->blocking != BLOCK_NONE && ddi->blocking != BLOCK_BUSY &&
            (ddi->flags & DDI_CREATES_THREAD) == 0)
            check_target(run, func, op, ddi);
    }
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
}

const Rule rule_blocking_raised = {
    .id = "blocking-raised",
    .title = "A routine that waits is called at DISPATCH_LEVEL or above",
    .level = LEVEL_ERROR,
    .hint = "Wait after the lock is released, or leave the waiting to a work item or "
            "system thread.",
    .requirement = "F5",
    .severity = "6.2",
    .warnings = {28118, 28121, 28123, 28150},
    .check = check,
};
