/* user-pointer-unguarded (F4): a user address is used where no handler takes the exception.
 *
 * The requester's other threads can free or protect the memory at any moment, also just after a
 * probe. The access then raises an exception; without __try it stops the system, at the wish of any
 * user. A probe raises the same exceptions.
 *
 * Handlers of callers count. Only addresses that the requester passed in are looked at, in its own
 * thread. Of one address the first such use in a function is reported.
 */
#include "irqlint/rule.h"

static SitePairs wrong_pairs(const UserUse *use) {
    return site_pairs_and(use->unguarded, pairs_of_context(CONTEXT_CALLER_THREAD));
}

static bool is_wrong(const UserUse *use) {
    return !site_pairs_empty(wrong_pairs(use));
}

static void visit(RuleRun *run, const UserUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!is_wrong(&uses[i]) || run_is_repeated(uses, i, is_wrong))
            continue;
        RuleReport report = run_user_report(run, &uses[i], wrong_pairs(&uses[i]),
                                            "outside any __try that takes the exception");
        report.filter.origin = ORIGIN_GIVEN;
        report.filter.unguarded = true;
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_user_use(run, visit);
}

const Rule rule_user_pointer_unguarded = {
    .id = "user-pointer-unguarded",
    .title = "A user address is used outside __try",
    .level = LEVEL_ERROR,
    .hint = "Put the access into __try/__except.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
