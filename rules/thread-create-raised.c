/* thread-create-raised (F7): a thread is created above PASSIVE_LEVEL.
 *
 * Creating a thread allocates pageable memory, opens handles and waits for the process's locks with
 * APCs enabled. Under a fast mutex, in a DPC or an ISR that is a deadlock or a bug check. The cure
 * is a thread made at start, or a work item.
 *
 * Which routines create threads is a flag in the table. Errs towards silence: a routine the table
 * does not know is no finding.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    if (record->kind != IR_OP_CALL)
        return;
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    SitePairs pairs = inferred_at(run_inferred(run), func, op);
    pairs = site_pairs_and(pairs, pairs_at_or_above(IRQL_APC));
    for (uint32_t i = 0; i < targets->len; i++) {
        const Ddi *ddi = program->funcs[targets->items[i]].ddi;
        if (ddi == NULL || (ddi->flags & DDI_CREATES_THREAD) == 0)
            continue;
        run_report_op(run, func, op, pairs, ddi->name,
                      run_text(run,
                               "%s is called at %%i in %%c, but threads can be created at "
                               "PASSIVE_LEVEL only",
                               ddi->name));
    }
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
}

const Rule rule_thread_create_raised = {
    .id = "thread-create-raised",
    .title = "A thread is created above PASSIVE_LEVEL",
    .level = LEVEL_ERROR,
    .hint = "Create the thread at PASSIVE_LEVEL, for instance in DriverEntry or a work item.",
    .requirement = "F7",
    .severity = "6.2",
    .warnings = {28121, 28123},
    .check = check,
};
