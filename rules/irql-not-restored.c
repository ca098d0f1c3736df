/* irql-not-restored (F8): some return leaves another level behind.
 *
 * The caller goes on at a level it does not know of: at DISPATCH_LEVEL its next page fault or wait
 * is a bug check; where the system is the caller it stops at once, for it compares the levels
 * before and after a dispatch routine, a DPC, a work item.
 *
 * Wrong are returns that the caller cannot tell from others that restore the level, and returns to
 * the system. An annotation that tells when the function raises lets the caller tell. A constructor
 * that raises on some paths leaves it to the object to remember, a destructor lowers when the
 * object says so: neither is looked at. Locks that are still held are lock-not-released's business.
 */
#include "irqlint/rule.h"

static bool is_lifetime(const Program *program, FuncId func) {
    return (program_ir(program, func)->flags & IR_FUNC_LIFETIME) != 0;
}

static void visit(RuleRun *run, const MisuseSite *site) {
    const Program *program = run_program(run);
    if (!site->to_system && (is_lifetime(program, site->at_func) ||
                             program_has_fact(&program->funcs[site->at_func], SAL_RAISES)))
        return;
    const char *name = run_program(run)->funcs[site->at_func].name;
    const char *after = irql_name(irql_highest(site->after));
    const char *rest =
        site->to_system ? "the system" : "its caller, though other returns restore the level";
    run_report(run, &(RuleReport){
                        .site = site->op == 0 ? SITE_ENTRY : SITE_OP,
                        .func = site->func,
                        .op = site->op,
                        .pairs = site->pairs,
                        .subject = run_callee_name(run, site->func, site->op),
                        .source_func = site->func,
                        .source_op = site->op,
                        .source = run_text(run, "%s sets %s",
                                           run_callee_name(run, site->func, site->op), after),
                        .at = &site->at,
                        .at_func = site->at_func,
                        .sink = run_text(run, "returns at %s", after),
                        .message = run_text(run, "%s, entered at %%i in %%c, returns at %s to %s",
                                            name, after, rest),
                    });
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_LEVEL_AT_RETURN, visit);
}

const Rule rule_irql_not_restored = {
    .id = "irql-not-restored",
    .title = "A function returns at another IRQL than it should",
    .level = LEVEL_ERROR,
    .hint = "Lower to the saved level on every path that leaves the function.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {28156, 28157, 28167},
    .check = check,
};
