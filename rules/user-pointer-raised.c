/* user-pointer-raised (F4): a user address is used at DISPATCH_LEVEL or above.
 *
 * User memory is pageable, whatever was probed. A page fault at DISPATCH_LEVEL stops the system at
 * once; __try does not help, for the exception is never raised. The cure is to copy before the lock
 * is taken, or to lock the pages.
 *
 * This rule speaks of the requester's own thread; other contexts are user-pointer-context's. Errs
 * towards silence where inference does not know the address or the level.
 */
#include "irqlint/rule.h"

static SitePairs raised_pairs(const UserUse *use) {
    return site_pairs_and(use->pairs, pairs_of_context(CONTEXT_CALLER_THREAD) &
                                          pairs_at_or_above(IRQL_DISPATCH));
}

static void visit(RuleRun *run, const UserUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (uses[i].probes) /* its own limit: ddi-irql */
            continue;
        RuleReport report = run_user_report(run, &uses[i], raised_pairs(&uses[i]),
                                            "at %i, where its page cannot be brought in");
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_user_use(run, visit);
}

const Rule rule_user_pointer_raised = {
    .id = "user-pointer-raised",
    .title = "A user address is used at DISPATCH_LEVEL or above",
    .level = LEVEL_ERROR,
    .hint = "Copy the data at PASSIVE_LEVEL, or lock the pages and use a system address.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
