/* lock-taken-twice (F8): a lock is taken by who holds it.
 *
 * Spin locks and fast mutexes do not count: the second taking waits for the first one to end, on
 * the same processor, for ever.
 *
 * The lock must be the same object, held by this function, or a lock of which there is only one (a
 * global, the cancel lock, the miniport's interrupt lock) that all callers or the system hold. Two
 * objects of one type are told apart; what may be the same object is no finding.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *lock = run_lock_text(run, site);
    const char *callee = run_callee_name(run, site->func, site->op);
    run_report(
        run,
        &(RuleReport){
            .site = SITE_OP,
            .func = site->func,
            .op = site->op,
            .pairs = site->pairs,
            .subject = run_lock_subject(run, site),
            .source_func = site->func,
            .source_op = site->other,
            .source =
                run_text(run, "%s takes %s", run_callee_name(run, site->func, site->other), lock),
            .message = run_text(run, "%s takes %s at %%i in %%c, but it is held already%s", callee,
                                lock, site->other == 0 ? " by the caller or the system" : ""),
        });
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_TAKEN_TWICE, visit);
}

const Rule rule_lock_taken_twice = {
    .id = "lock-taken-twice",
    .title = "A lock is taken that is held already",
    .level = LEVEL_ERROR,
    .hint = "Release it before, or split the function so that the caller may hold the lock.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {26166},
    .check = check,
};
