/* irql-lowered-under-lock (F8): the level falls below DISPATCH_LEVEL and a spin lock is still held.
 *
 * The thread can now be switched out, or interrupted by a DPC that wants the same lock: that spins
 * until the thread runs again, which on that processor is never. It comes from nested locks that
 * are given back in the wrong order with each other's saved level, from restoring out of the wrong
 * variable, or from a KeLowerIrql in between.
 *
 * Errs towards silence: a saved level that is not known is taken to be the right one.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *lock = run_lock_text(run, site);
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report(
        run, &(RuleReport){
                 .site = SITE_OP,
                 .func = site->func,
                 .op = site->op,
                 .pairs = site->pairs,
                 .subject = callee,
                 .source_func = site->func,
                 .source_op = site->other,
                 .source = run_text(run, "%s takes %s",
                                    run_callee_name(run, site->func, site->other), lock),
                 .message = run_text(run, "%s lowers from %%i to %s in %%c while %s is still held",
                                     callee, irql_name(irql_highest(site->after)), lock),
             });
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_LOWERED_UNDER_LOCK, visit);
}

const Rule rule_irql_lowered_under_lock = {
    .id = "irql-lowered-under-lock",
    .title = "The IRQL falls below DISPATCH_LEVEL while a spin lock is held",
    .level = LEVEL_ERROR,
    .hint = "Release the spin lock before lowering the level.",
    .requirement = "F8",
    .severity = "6.2",
    .check = check,
};
