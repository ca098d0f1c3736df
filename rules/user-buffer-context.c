/* user-buffer-context (F4): a routine that hands out the requester's own buffer is called outside
 * the requester's thread.
 *
 * The address that WdfRequestRetrieveUnsafeUserInputBuffer returns means something in the process
 * of the requester only, so the framework refuses the call in any other thread. An I/O queue's
 * callbacks run in an arbitrary thread: the call works in the laboratory, where the request comes
 * straight through, and fails when the queue held the request back. EvtIoInCallerContext is the
 * place.
 *
 * Which routines those are is their row's knowledge (of-requester).
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *call, const ProgFunc *callee) {
    const Ddi *ddi = callee->ddi;
    const PairSet fine = pairs_of_context(CONTEXT_CALLER_THREAD) | pairs_of_context(CONTEXT_APC);
    for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind != MEM_OF_REQUESTER || ddi->memory[i].arg >= call->c)
            continue;
        SitePairs pairs = site_pairs_and(inferred_at(run_inferred(run), func, op), ~fine);
        run_report_op(
            run, func, op, pairs, ddi->name,
            run_text(run, "%s is called in %%c, outside the requester's thread", ddi->name));
    }
}

static void check(RuleRun *run) {
    run_each_call(run, visit);
}

const Rule rule_user_buffer_context = {
    .id = "user-buffer-context",
    .title = "The requester's buffer is asked for outside its thread",
    .level = LEVEL_WARNING,
    .hint = "Ask for the buffer in EvtIoInCallerContext, lock it there and keep the "
            "result for later.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
