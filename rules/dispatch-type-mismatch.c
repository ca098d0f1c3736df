/* dispatch-type-mismatch (F11): a dispatch routine is annotated for one function code and stored in
 * the table's entry of another.
 *
 * _Dispatch_type_ tells readers and checkers which requests the routine gets, hence which stack
 * parameters, buffers and levels to expect. An entry for another code is either a slip in the
 * table, and then requests go to the wrong routine, or an annotation that nobody kept up to date.
 *
 * Only entries with a constant index count; a loop over the table says nothing. Errs towards
 * silence.
 */
#include "irqlint/rule.h"

/* The index of the array element that a store writes to; false when it is not constant. */
static bool entry_of(const Program *program, const ProgRoot *root, int64_t *index) {
    if (root->via != ROOT_BY_FIELD || root->in_func == 0 || root->op == 0)
        return false;
    const IrUnit *unit = program_unit(program, root->in_func);
    const IrOpRec *op = program_op(program, root->in_func, root->op);
    const IrPathRec *path = &unit->paths[op->kind == IR_OP_STORE ? op->a : 0];
    if (path->kind != IR_PATH_INDEX || unit->values[path->b].kind != IR_VALUE_CONST)
        return false;
    *index = ir_const(&unit->values[path->b]);
    return true;
}

/* The first annotation whose code is known, when none of them allows the entry; else NULL. */
static const SalFact *find_mismatch(const Program *program, const ProgFunc *func, int64_t index) {
    const SalFact *other = NULL;
    for (uint32_t i = 0; i < func->fact_count; i++) {
        const SalFact *fact = &func->facts[i];
        int64_t code;
        if (fact->kind != SAL_DISPATCH_TYPE || (fact->flags & SAL_BAD_VALUE) != 0)
            continue;
        if (!model_constant(program->model, fact->name, &code) || code == index)
            return NULL;
        other = other == NULL ? fact : other;
    }
    return other;
}

static void check_root(RuleRun *run, const ProgRoot *root) {
    const Program *program = run_program(run);
    const ProgFunc *func = &program->funcs[root->func];
    int64_t index = 0;
    if (!entry_of(program, root, &index))
        return;
    const SalFact *fact = find_mismatch(program, func, index);
    if (fact == NULL)
        return;
    RulePlace at = run_place_of_op(run, root->in_func, root->op);
    at.clause = run_text(run, "stored in %s[0x%02llx]", root->through, (long long)index);
    run_remark(run, &(RuleRemark){
                        .func = root->func,
                        .because = {fact->file, fact->line, 0, root->func, fact->text},
                        .at = at,
                        .subject = func->name,
                        .message = run_text(run,
                                            "%s is annotated as dispatch routine for %s, but "
                                            "stored in the entry of function code 0x%02llx",
                                            func->name, fact->name, (long long)index),
                    });
}

static void check(RuleRun *run) {
    const Program *program = run_program(run);
    for (uint32_t i = 0; i < program->root_count; i++)
        check_root(run, &program->roots[i]);
}

const Rule rule_dispatch_type_mismatch = {
    .id = "dispatch-type-mismatch",
    .title = "A dispatch routine is stored in another table entry than its _Dispatch_type_ says",
    .level = LEVEL_WARNING,
    .hint = "Store it in the entry of its own function code, or correct the annotation.",
    .requirement = "F11",
    .severity = "0.0",
    .warnings = {28168, 28169},
    .check = check,
};
