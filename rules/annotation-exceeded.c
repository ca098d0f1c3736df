/* annotation-exceeded (F11): a function of the driver is called above, or below, the levels that
 * its own annotation allows.
 *
 * The annotation is the contract that the body was written against. A call that breaks it works
 * until somebody relies on the contract inside; checkers that look at one function at a time
 * believe it and miss the defect. Functions without a body are ddi-irql's business.
 *
 * Only certain paths count, and only direct calls. Where the callee itself does something that the
 * level forbids, or lies in a pageable section, other rules speak of it; this one is silent then.
 */
#include "irqlint/rule.h"

/* The levels that a fact denies; 0 when it is not about the entry, or not known. */
static PairSet denied_by(const SalFact *fact) {
    if (fact->level >= IRQL_COUNT || fact->cond_count != 0 || (fact->flags & SAL_BAD_VALUE) != 0)
        return 0;
    Irql level = (Irql)fact->level;
    PairSet above = pairs_at_or_above((Irql)(level + 1));
    switch ((SalKind)fact->kind) {
    case SAL_MAX:
        return above;
    case SAL_MIN:
        return pairs_below(level);
    case SAL_REQUIRES:
        return above | pairs_below(level);
    default:
        return 0;
    }
}

/* The fact that denies most of the pairs; NULL when none does. */
static const SalFact *find_denial(const ProgFunc *func, SitePairs *pairs) {
    for (uint32_t i = 0; i < func->fact_count; i++) {
        SitePairs denied = site_pairs_and(*pairs, denied_by(&func->facts[i]));
        denied.by[POSSIBLE] = denied.by[POSSIBLE_WEAK] = 0;
        if (site_pairs_empty(denied))
            continue;
        *pairs = denied;
        return &func->facts[i];
    }
    return NULL;
}

/* True when what the callee does is reported there, or at this very line. */
static bool is_said_elsewhere(RuleRun *run, FuncId callee, SitePairs pairs) {
    const Program *program = run_program(run);
    const ProgFunc *func = &program->funcs[callee];
    PairSet any = site_pairs_any(pairs);
    BodyLimit limit = inferred_body_limit(run_inferred(run), callee);
    bool pageable =
        segment_is_pageable(func->segment) && (any & pairs_at_or_above(IRQL_DISPATCH)) != 0;
    bool breaks = limit.max_op != 0 && limit.max < IRQL_HIGH &&
                  (any & pairs_at_or_above((Irql)(limit.max + 1))) != 0;
    return pageable || breaks;
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *call, const ProgFunc *callee) {
    (void)call;
    const Program *program = run_program(run);
    FuncId id = (FuncId)(callee - program->funcs);
    if (!callee->defined || callee->fact_count == 0 || !program->targets[op].complete)
        return;
    SitePairs pairs = inferred_at(run_inferred(run), func, op);
    const SalFact *fact = find_denial(callee, &pairs);
    if (fact == NULL || is_said_elsewhere(run, id, pairs))
        return;
    run_report_op(
        run, func, op, pairs, callee->name,
        run_text(run, "%s is called at %%i in %%c, but is annotated %s", callee->name, fact->text));
}

/* Pairs at which the system surely enters through this root. */
static PairSet entered_by(const ProgRoot *root) {
    if (root->role == NULL || root->role->context >= CONTEXT_COUNT ||
        (root->role->flags & (ROLE_CALLER | ROLE_WEAK)) != 0 ||
        (root->via != ROOT_BY_ARGUMENT && root->via != ROOT_BY_FIELD))
        return 0;
    IrqlSet possible, levels = program_root_levels(root, &possible);
    PairSet pairs = 0;
    for (unsigned irql = 0; irql < IRQL_COUNT; irql++) {
        if ((levels >> irql & 1) != 0)
            pairs |= pair_bit(program_root_context(root), (Irql)irql);
    }
    return pairs;
}

static void check_root(RuleRun *run, const ProgRoot *root) {
    const ProgFunc *func = &run_program(run)->funcs[root->func];
    SitePairs pairs =
        site_pairs_and(inferred_entry(run_inferred(run), root->func), entered_by(root));
    const SalFact *fact = find_denial(func, &pairs);
    if (fact == NULL || is_said_elsewhere(run, root->func, pairs))
        return;
    run_report_entry(
        run, root->func, pairs, func->name,
        run_text(run, "%s is entered at %%i in %%c, but is annotated %s", func->name, fact->text));
}

static void check(RuleRun *run) {
    run_each_call(run, visit);
    const Program *program = run_program(run);
    for (uint32_t i = 0; i < program->root_count; i++)
        check_root(run, &program->roots[i]);
}

const Rule rule_annotation_exceeded = {
    .id = "annotation-exceeded",
    .title = "A function is called at a level that its annotation excludes",
    .level = LEVEL_WARNING,
    .hint = "Call it below that level, or, if its body allows more, raise the annotation.",
    .requirement = "F11",
    .severity = "0.0",
    .warnings = {28118, 28120, 28121, 28123},
    .check = check,
};
