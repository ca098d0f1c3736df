/* init-code-late (F1): code of an INIT section runs when the section is gone.
 *
 * The system gives the memory of the section back once initialisation is over, and somebody else's
 * data lies there: a call runs whatever it finds. DriverEntry and reinitialisation routines may
 * call such code; AddDevice, dispatch routines, threads, DPCs and Unload come later.
 *
 * Only the step from code that stays into the section is reported: what the discarded function
 * calls is its consequence. Inline functions lie in their caller's section. What nothing is seen to
 * call may be called by DriverEntry of another file: weak. Errs towards silence where a routine may
 * run before DriverEntry returns: reinitialisation routines, and callbacks of port drivers that
 * call back at once.
 */
#include "irqlint/rule.h"

static bool is_discarded(const Program *program, FuncId func) {
    const ProgFunc *record = &program->funcs[func];
    return record->defined && segment_is_discarded(record->segment) &&
           (program_ir(program, func)->flags & IR_FUNC_INLINE) == 0;
}

static SitePairs late(SitePairs pairs) {
    return site_pairs_and(pairs, ~pairs_of_context(CONTEXT_INIT));
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    const Program *program = run_program(run);
    if (record->kind != IR_OP_CALL || is_discarded(program, func))
        return;
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        if (!is_discarded(program, targets->items[i]))
            continue;
        const ProgFunc *callee = &program->funcs[targets->items[i]];
        RuleReport report = {.site = SITE_OP,
                             .func = func,
                             .op = op,
                             .pairs = late(inferred_at(run_inferred(run), func, op)),
                             .needs_root = true,
                             .subject = callee->name};
        report.message = run_text(run,
                                  "%s lies in the discarded section %s, but is called in %%c, "
                                  "after initialisation",
                                  callee->name, callee->segment);
        if (targets->len > 1) { /* for other objects, perhaps */
            report.at_best = POSSIBLE_WEAK;
            report.assumption = ASSUME_CALL_TARGET;
        }
        run_report(run, &report);
    }
}

/* Where the system enters the root late, by itself or for its caller. */
static SitePairs entered_by(RuleRun *run, const ProgRoot *root) {
    SitePairs none = {{0}};
    if (root->role == NULL)
        return none;
    SitePairs pairs = late(inferred_entry(run_inferred(run), root->func));
    if ((root->role->flags & ROLE_AT_ONCE) != 0) {
        bool known = root->in_func != 0 && root->op != 0;
        SitePairs there = known ? inferred_at(run_inferred(run), root->in_func, root->op) : none;
        return site_pairs_empty(late(there)) ? none : pairs;
    }
    if ((root->role->flags & ROLE_CALLER) != 0 || root->role->context >= CONTEXT_COUNT)
        return pairs;
    return site_pairs_and(pairs, pairs_of_context(program_root_context(root)));
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
    const Program *program = run_program(run);
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        const ProgFunc *func = &program->funcs[root->func];
        if (!is_discarded(program, root->func))
            continue;
        const char *message = run_text(
            run, "%s lies in the discarded section %s, but is entered in %%c, after initialisation",
            func->name, func->segment);
        run_report_entry(run, root->func, entered_by(run, root), func->name, message);
    }
}

const Rule rule_init_code_late = {
    .id = "init-code-late",
    .title = "Code of a discarded section runs after initialisation",
    .level = LEVEL_ERROR,
    .hint = "Take the function out of the INIT section.",
    .requirement = "F1",
    .severity = "6.2",
    .check = check,
};
