/* pageable-code-raised (F1): code in a pageable section runs at DISPATCH_LEVEL or above.
 *
 * Its page may be out. A page fault at DISPATCH_LEVEL cannot be served: the machine stops with
 * IRQL_NOT_LESS_OR_EQUAL, but only under memory pressure, so on the customer's machine and not on
 * the desk. Three ways lead there: a call at a raised level, the system calling a pageable callback
 * at one, and a pageable function that raises the level itself.
 *
 * Only the first pageable function on a path is reported: what it calls is its consequence. Inline
 * functions lie in their caller's section and are never pageable themselves. A driver that locks
 * the section in memory may be right: then every finding about it is POSSIBLE.
 */
#include "irqlint/rule.h"

static bool is_pageable(const Program *program, FuncId func) {
    const ProgFunc *record = &program->funcs[func];
    return record->defined && segment_is_pageable(record->segment) &&
           (program_ir(program, func)->flags & IR_FUNC_INLINE) == 0;
}

/* A report about a pageable function; its section may be locked. */
static RuleReport report_of(const RuleRun *run, FuncId paged, ReportSite site, FuncId func, OpId op,
                            SitePairs pairs) {
    const Program *program = run_program(run);
    bool locked = program_locks_section(program, program->funcs[paged].segment);
    return (RuleReport){.site = site,
                        .func = func,
                        .op = op,
                        .pairs = pairs,
                        .at_best = locked ? POSSIBLE : CERTAIN,
                        .assumption = locked ? ASSUME_SECTION_LOCKED : ASSUME_NOTHING};
}

/* What is called through a pointer lies in its own section, inline or not. */
static bool is_pageable_target(const Program *program, FuncId caller, OpId op, FuncId target) {
    const ProgFunc *record = &program->funcs[target];
    bool is_virtual = (program_op(program, caller, op)->flags & IR_OP_VIRTUAL) != 0;
    if (program->targets[op].complete && !is_virtual)
        return is_pageable(program, target);
    return record->defined && segment_is_pageable(record->segment);
}

/* A pointer with several targets: when all of them are pageable one finding speaks for all; when
 * only some are, those may be called for other objects, at other levels. */
static void check_call(RuleRun *run, FuncId func, OpId op, SitePairs pairs) {
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    FuncId first = 0;
    uint32_t pageable = 0, others = 0;
    for (uint32_t i = 0; i < targets->len; i++) {
        const ProgFunc *target = &program->funcs[targets->items[i]];
        bool pure = !target->defined && target->ddi == NULL && targets->len > 1;
        if (is_pageable_target(program, func, op, targets->items[i])) {
            first = pageable++ == 0 ? targets->items[i] : first;
        } else if (!pure) { /* what is never defined is only overridden */
            others++;
        }
    }
    if (pageable == 0)
        return;
    RuleReport report = report_of(run, first, SITE_OP, func, op, pairs);
    const char *more = pageable == 1 ? "" : run_text(run, " (or %u more)", pageable - 1);
    report.subject = program->funcs[first].name;
    report.message =
        run_text(run, "pageable function %s%s is called at %%i in %%c", report.subject, more);
    if (others != 0) {
        report.at_best = POSSIBLE_WEAK;
        report.assumption = ASSUME_CALL_TARGET;
    }
    run_report(run, &report);
}

static void check_raise(RuleRun *run, FuncId func, OpId op) {
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    if (targets->len == 0)
        return;
    RuleReport report =
        report_of(run, func, SITE_RAISE, func, op, inferred_raised_by(run_inferred(run), func, op));
    report.subject = program->funcs[targets->items[0]].name;
    report.message = run_text(run, "pageable function %s runs at %%i in %%c after its call of %s",
                              program->funcs[func].name, report.subject);
    run_report(run, &report);
}

static bool is_inline(const Program *program, FuncId func) {
    return program->funcs[func].defined && (program_ir(program, func)->flags & IR_FUNC_INLINE) != 0;
}

/* The call in an inline function, or in an inline function that it calls, which raises the level.
 */
static OpId find_raise(RuleRun *run, FuncId func, FuncId *in_func, int depth) {
    const Program *program = run_program(run);
    const IrUnit *unit = program_unit(program, func);
    const IrFuncRec *record = program_ir(program, func);
    for (uint32_t b = record->first_block; b < record->first_block + record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            OpId id = program_op_id(program, func, op);
            if (unit->ops[op].kind != IR_OP_CALL || program->targets[id].len != 1)
                continue;
            FuncId callee = program->targets[id].items[0];
            *in_func = func;
            if (!site_pairs_empty(inferred_raised_by(run_inferred(run), func, id)))
                return id;
            OpId inner = depth > 0 && is_inline(program, callee)
                             ? find_raise(run, callee, in_func, depth - 1)
                             : 0;
            if (inner != 0)
                return inner;
        }
    }
    return 0;
}

/* An inline function that raises the level is code of the pageable function that calls it. */
static void check_inlined(RuleRun *run, FuncId func, OpId op, FuncId callee) {
    const Program *program = run_program(run);
    const Inferred *inferred = run_inferred(run);
    if (!is_inline(program, callee) || !site_pairs_empty(inferred_raised_by(inferred, func, op)))
        return;
    FuncId in_func = 0;
    OpId raise = find_raise(run, callee, &in_func, 2);
    if (raise == 0)
        return;
    const char *lock = program->funcs[program->targets[raise].items[0]].name;
    const char *name = program->funcs[callee].name;
    run_report(run, &(RuleReport){
                        .site = SITE_OP,
                        .func = func,
                        .op = op,
                        .pairs = site_pairs_and(inferred_at(inferred, func, op),
                                                pairs_below(IRQL_DISPATCH)),
                        .at_best = POSSIBLE,
                        .assumption = ASSUME_INLINED,
                        .subject = name,
                        .source_func = in_func,
                        .source_op = raise,
                        .source = run_text(run, "%s raises to DISPATCH_LEVEL", lock),
                        .raised_to = IRQL_DISPATCH,
                        .message = run_text(run,
                                            "inline function %s raises to %%i in %%c and is code "
                                            "of pageable function %s",
                                            name, program->funcs[func].name),
                    });
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    if (record->kind != IR_OP_CALL)
        return;
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    SitePairs pairs = inferred_at(run_inferred(run), func, op);
    pairs = site_pairs_and(pairs, pairs_at_or_above(IRQL_DISPATCH));
    if (is_pageable(program, func)) {
        check_raise(run, func, op);
        PairSet entered = site_pairs_any(inferred_entry(run_inferred(run), func));
        pairs = site_pairs_and(pairs, ~entered);
    }
    for (uint32_t i = 0; is_pageable(program, func) && i < targets->len; i++)
        check_inlined(run, func, op, targets->items[i]);
    check_call(run, func, op, pairs);
}

/* Pairs at which the system itself may enter through this root. */
static PairSet entered_by(const ProgRoot *root) {
    const Role *role = root->role;
    if (role == NULL || role->context >= CONTEXT_COUNT || (role->flags & ROLE_CALLER) != 0)
        return pairs_at_or_above(IRQL_PASSIVE);
    IrqlSet possible, levels = program_root_levels(root, &possible);
    PairSet pairs = 0;
    for (unsigned irql = 0; irql < IRQL_COUNT; irql++) {
        if (((levels | possible) >> irql & 1) != 0)
            pairs |= pair_bit(program_root_context(root), (Irql)irql);
    }
    return pairs;
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
    const Program *program = run_program(run);
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        if (!is_pageable(program, root->func))
            continue;
        SitePairs pairs = inferred_entry(run_inferred(run), root->func);
        pairs = site_pairs_and(pairs, entered_by(root) & pairs_at_or_above(IRQL_DISPATCH));
        const char *name = program->funcs[root->func].name;
        RuleReport report = report_of(run, root->func, SITE_ENTRY, root->func, 0, pairs);
        report.subject = name;
        report.message = run_text(run, "pageable function %s is entered at %%i in %%c", name);
        run_report(run, &report);
    }
}

const Rule rule_pageable_code_raised = {
    .id = "pageable-code-raised",
    .title = "Pageable code runs at DISPATCH_LEVEL or above",
    .level = LEVEL_ERROR,
    .hint = "Make the function resident (drop the PAGE pragma), or leave the work to a thread.",
    .requirement = "F1",
    .severity = "6.2",
    .warnings = {28118, 28170, 28171, 28172},
    .check = check,
};
