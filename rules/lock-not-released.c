/* lock-not-released (F8): some return keeps a lock that nobody will give back.
 *
 * The next one who wants the lock spins for ever; with a spin lock the thread also stays at
 * DISPATCH_LEVEL, where its next page fault or wait is a bug check. The early return after an error
 * is the classic, a cancel routine that forgets the cancel lock another.
 *
 * A function may well be meant to return with a lock: wrong are returns that the caller cannot tell
 * from others that give the lock back, and returns to the system. Errs towards silence: where the
 * result or memory tells the returns apart the caller may know.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const MisuseSite *site) {
    const char *lock = run_lock_text(run, site);
    const char *name = run_program(run)->funcs[site->at_func].name;
    run_report(
        run, &(RuleReport){
                 .site = site->op == 0 ? SITE_ENTRY : SITE_OP,
                 .func = site->func,
                 .op = site->op,
                 .pairs = site->pairs,
                 .subject = run_lock_subject(run, site),
                 .source_func = site->func,
                 .source_op = site->op,
                 .source =
                     run_text(run, "%s takes %s", run_callee_name(run, site->func, site->op), lock),
                 .raised_to = irql_highest(site->after),
                 .at = &site->at,
                 .at_func = site->at_func,
                 .sink = run_text(run, "returns with %s", lock),
                 .message = site->to_system
                                ? run_text(run, "%s returns to the system, at %%i in %%c, with %s",
                                           name, lock)
                                : run_text(run,
                                           "this return of %s, at %%i in %%c, keeps %s, which "
                                           "other returns give back",
                                           name, lock),
             });
}

static void check(RuleRun *run) {
    run_each_misuse(run, MISUSE_HELD_AT_RETURN, visit);
}

const Rule rule_lock_not_released = {
    .id = "lock-not-released",
    .title = "A function returns with a lock that it should have given back",
    .level = LEVEL_ERROR,
    .hint = "Release the lock on every path that leaves the function.",
    .requirement = "F8",
    .severity = "6.2",
    .warnings = {26165, 26167},
    .check = check,
};
