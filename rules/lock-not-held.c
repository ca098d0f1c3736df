/* lock-not-held (F8): a lock is given back that was not taken.
 *
 * If it happens to be free, the release corrupts its state or bug checks; if another processor
 * holds it, two are inside now. A release that also lowers sets a level that nobody saved.
 *
 * The whole path from the root is looked at: a function that gives back its caller's lock is fine
 * wherever the caller holds one. Errs towards silence: a lock of the same class counts as the one.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *lock = run_lock_text(run, site);
    run_report_op(run, site->func, site->op, site->pairs, run_lock_subject(run, site),
                  run_text(run, "%s gives back %s at %%i in %%c, but nobody on this path took it",
                           run_callee_name(run, site->func, site->op), lock));
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_RELEASED_UNHELD, visit);
}

const Rule rule_lock_not_held = {
    .id = "lock-not-held",
    .title = "A lock is released that nobody took",
    .level = LEVEL_ERROR,
    .hint = "Acquire the lock on every path that leads here, or do not release it on this one.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {26110, 26117},
    .check = check,
};
