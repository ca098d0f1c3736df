/* role-mismatch (F11): a function is declared as one kind of callback and registered as another.
 *
 * The role type (or _Function_class_) is what every reader and every checker believes: at which
 * level the routine runs, in which context, which locks are held when it is entered. When the
 * registration says something else, the code was reviewed against the wrong rules.
 *
 * Roles that agree in context, levels and locks are alike for the code (self-managed I/O init and
 * restart served by one routine), so they are silent; so is a role of which no level is known. Errs
 * towards silence.
 */
#include "irqlint/rule.h"

#include <string.h>

enum { LOCK_FLAGS = ROLE_CANCEL_LOCK_HELD | ROLE_INTERRUPT_LOCK_HELD };

static bool is_known(const Role *role) {
    return role->context < CONTEXT_COUNT && (role->certain | role->possible) != 0 &&
           (role->flags & (ROLE_CALLER | ROLE_SUPPLIED)) == 0;
}

/* Variants of one role, "DRIVER_DISPATCH:IRP_MJ_READ" and "…:IRP_MJ_WRITE". */
static bool is_variant(const Role *a, const Role *b) {
    size_t len = strcspn(a->name, ":");
    return strcspn(b->name, ":") == len && strncmp(a->name, b->name, len) == 0;
}

/* True when code that is right in one of the two roles is right in the other, or when it is one
 * role by type: which table entry it is for is dispatch-type-mismatch's business. */
static bool is_alike(const Role *a, const Role *b) {
    return is_variant(a, b) ||
           (a->context == b->context && a->certain == b->certain && a->possible == b->possible &&
            ((a->flags ^ b->flags) & LOCK_FLAGS) == 0);
}

/* "at DISPATCH_LEVEL", "at PASSIVE_LEVEL to DISPATCH_LEVEL". */
static const char *levels_text(RuleRun *run, const Role *role) {
    IrqlSet levels = (IrqlSet)(role->certain | role->possible);
    unsigned low = 0, high = IRQL_COUNT - 1;
    while ((levels >> low & 1) == 0)
        low++;
    while ((levels >> high & 1) == 0)
        high--;
    if (low == high)
        return run_text(run, "at %s", irql_name((Irql)low));
    return run_text(run, "at %s to %s", irql_name((Irql)low), irql_name((Irql)high));
}

static void check_conflict(RuleRun *run, const RoleConflict *conflict) {
    const Program *program = run_program(run);
    const ProgRoot *root = &program->roots[conflict->root];
    const ProgFunc *func = &program->funcs[conflict->func];
    const Role *declared = conflict->declared, *registered = root->role;
    if (!is_known(declared) || !is_known(registered) || is_alike(declared, registered))
        return;
    bool weak = ((declared->flags | registered->flags) & ROLE_WEAK) != 0;
    RulePlace at = run_place_of_op(run, root->in_func, root->op);
    if (root->in_func == 0 || root->op == 0)
        at = (RulePlace){root->file, root->line, 0, conflict->func, NULL};
    at.clause = run_text(run, "registered through %s as %s", root->through, registered->name);
    const char *clause = run_text(run, "%s is declared as %s", func->name, declared->name);
    run_remark(run, &(RuleRemark){
                        .func = conflict->func,
                        .because = {func->file, func->line, 0, conflict->func, clause},
                        .at = at,
                        .certainty = weak ? POSSIBLE_WEAK : CERTAIN,
                        .assumption = weak ? ASSUME_WEAK_ROW : ASSUME_NOTHING,
                        .subject = func->name,
                        .message = run_text(run,
                                            "%s is declared as %s, which runs %s, but registered "
                                            "as %s, which runs %s",
                                            func->name, declared->name, levels_text(run, declared),
                                            registered->name, levels_text(run, registered)),
                    });
}

static void check(RuleRun *run) {
    const Program *program = run_program(run);
    for (uint32_t i = 0; i < program->conflict_count; i++)
        check_conflict(run, &program->conflicts[i]);
}

const Rule rule_role_mismatch = {
    .id = "role-mismatch",
    .title = "A callback is declared with one role type and registered as another",
    .level = LEVEL_WARNING,
    .hint = "Declare the callback with the role type that it is registered as.",
    .requirement = "F11",
    .severity = "0.0",
    .warnings = {28127, 28165, 28166, 28167, 28168, 28169, 28268},
    .check = check,
};
