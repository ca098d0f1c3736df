/* irql-wrong-direction (F8): a raise to a lower level, or a lower to a higher one.
 *
 * KeRaiseIrql to a level below the present one stops the system (IRQL_NOT_GREATER_OR_EQUAL in a
 * checked build) or really lowers it under a lock; KeLowerIrql to a level above raises without
 * telling anybody (IRQL_NOT_LESS_OR_EQUAL in a checked build). Mostly the saved level is another
 * one's.
 *
 * Errs towards silence: a level that is not known is no finding.
 */
#include "irqlint/rule.h"

static void visit_raise(RuleRun *run, const MisuseSite *site) {
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report_op(run, site->func, site->op, site->pairs, callee,
                  run_text(run, "%s is called at %%i in %%c to raise to a lower level", callee));
}

static void visit_lower(RuleRun *run, const MisuseSite *site) {
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report_op(run, site->func, site->op, site->pairs, callee,
                  run_text(run, "%s is called at %%i in %%c to lower to a higher level", callee));
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_RAISE_BELOW, visit_raise);
    run_each_misuse(run, MISUSE_LOWER_ABOVE, visit_lower);
}

const Rule rule_irql_wrong_direction = {
    .id = "irql-wrong-direction",
    .title = "KeRaiseIrql lowers, or KeLowerIrql raises",
    .level = LEVEL_ERROR,
    .hint = "Raise with KeRaiseIrql only, and lower with KeLowerIrql to the level that it saved.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {28141},
    .check = check,
};
