/* lock-pair-mixed (F8): a lock taken at DISPATCH_LEVEL is given back by a routine that lowers.
 *
 * KeAcquireSpinLockAtDpcLevel saves no level, so there is none to hand to KeReleaseSpinLock:
 * whatever it gets becomes the level. The caller, who raised and relies on it, goes on below
 * DISPATCH_LEVEL, or the level saved by someone else is spent.
 *
 * Handing a level over from one lock to the next is legal: whoever raised in this function, or gave
 * back another lock before without lowering, may lower here.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *lock = run_lock_text(run, site);
    const char *taker = run_callee_name(run, site->func, site->other);
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report(run,
               &(RuleReport){
                   .site = SITE_OP,
                   .func = site->func,
                   .op = site->op,
                   .pairs = site->pairs,
                   .subject = callee,
                   .source_func = site->func,
                   .source_op = site->other,
                   .source = run_text(run, "%s takes %s and leaves the level", taker, lock),
                   .message = run_text(run,
                                       "%s, called at %%i in %%c, lowers the level, but %s took "
                                       "%s without raising it",
                                       callee, taker, lock),
               });
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_MIXED_PAIR, visit);
}

const Rule rule_lock_pair_mixed = {
    .id = "lock-pair-mixed",
    .title = "A lock taken without raising is given back by a routine that lowers",
    .level = LEVEL_WARNING,
    .hint = "Release it with the counterpart of the routine that acquired it.",
    .requirement = "F8",
    .severity = "4.7",
    .check = check,
};
