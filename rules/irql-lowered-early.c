/* irql-lowered-early (F8): a callback lowers the level that the system gave it.
 *
 * The system raised before it called, for a lock it holds, a queue it walks, a DPC it runs. Whoever
 * lowers to be able to wait or to touch pageable memory lets all of that happen in the middle of
 * it; raising again afterwards does not help.
 *
 * What has to run low belongs into a work item. A cancel routine that gives back the cancel lock is
 * no such case. Errs towards silence: a level that is not known is taken to be the right one.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report_op(run, site->func, site->op, site->pairs, callee,
                  run_text(run, "%s lowers from %%i to %s in %%c, but the system called at %%i",
                           callee, irql_name(irql_highest(site->after))));
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_LOWERED_BELOW_ENTRY, visit);
}

const Rule rule_irql_lowered_early = {
    .id = "irql-lowered-early",
    .title = "A callback lowers the IRQL below the level at which the system called it",
    .level = LEVEL_ERROR,
    .hint = "Return at the level of the call; leave what needs a lower level to a work item.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {28141, 28156},
    .check = check,
};
