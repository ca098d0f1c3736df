/* user-wait-on-stack (F3): a wait in UserMode for an object on the thread's own stack.
 *
 * While a thread waits in UserMode, the memory manager may take its kernel stack out. Who signals
 * the object then touches a page that is not there, at DISPATCH_LEVEL. The cure is to wait in
 * KernelMode, or to keep the object in resident memory.
 *
 * Which arguments those are, and when, is their row's knowledge (not-on-stack). A wait that does
 * not block is no wait. An object that a caller has on its stack is missed.
 */
#include "irqlint/rule.h"

/* The name of the local variable whose address the value is (part of); NULL when it is none. */
static const char *local_of(const Program *program, FuncId func, IrValue value) {
    const IrUnit *unit = program_unit(program, func);
    if (unit->values[value].kind != IR_VALUE_ADDR)
        return NULL;
    const IrPathRec *path = &unit->paths[unit->values[value].a];
    while (path->kind == IR_PATH_FIELD || path->kind == IR_PATH_INDEX)
        path = &unit->paths[path->a];
    if (path->kind != IR_PATH_LOCAL)
        return NULL;
    const IrLocalRec *local = &unit->locals[program_ir(program, func)->first_local + path->a];
    return (local->flags & IR_LOCAL_STATIC) != 0 ? NULL : ir_str(unit, local->name);
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *call, const ProgFunc *callee) {
    const Program *program = run_program(run);
    const Ddi *ddi = callee->ddi;
    for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        if (role->kind != MEM_NOT_ON_STACK || role->arg >= call->c)
            continue;
        const char *name =
            local_of(program, func, program_unit(program, func)->args[call->b + role->arg]);
        if (name == NULL)
            continue;
        const Inferred *inferred = run_inferred(run);
        SitePairs pairs = inferred_at_when(inferred, func, op, ddi, role->when);
        if (ddi->blocking_when != 0)
            pairs = site_pairs_meet(pairs,
                                    inferred_at_when(inferred, func, op, ddi, ddi->blocking_when));
        run_report_op(run, func, op, pairs, ddi->name,
                      run_text(run,
                               "%s waits in UserMode at %%i for %s, which lies on the stack that "
                               "may be paged out meanwhile",
                               ddi->name, name));
    }
}

static void check(RuleRun *run) {
    run_each_call(run, visit);
}

const Rule rule_user_wait_on_stack = {
    .id = "user-wait-on-stack",
    .title = "A wait in UserMode for an object on the stack",
    .level = LEVEL_ERROR,
    .hint = "Wait in KernelMode, or put the object into nonpaged memory.",
    .requirement = "F3",
    .severity = "6.2",
    .check = check,
};
