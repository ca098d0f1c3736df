/* user-pointer-unprobed (F4): a user address is used before anything has checked that it is one.
 *
 * For METHOD_NEITHER and for pointers inside a buffer the I/O manager checks nothing: the requester
 * may pass an address of the kernel, and the driver reads or writes it with the kernel's rights.
 * __try does not help; the access succeeds.
 *
 * IRP.UserBuffer counts only where every way there starts at a routine for device control, and is a
 * possible finding: reads, writes, queries and control codes of the other methods are probed by the
 * system. Errs towards "probed": a probe of a part counts for
 * the whole, and where only some paths probe the finding is weak. Of one address the first use in a
 * function is reported.
 */
#include "irqlint/rule.h"

static SitePairs wrong_pairs(const UserUse *use) {
    return site_pairs_and(use->unprobed, pairs_of_context(CONTEXT_CALLER_THREAD));
}

static bool is_wrong(const UserUse *use) {
    return !site_pairs_empty(wrong_pairs(use));
}

static void visit(RuleRun *run, const UserUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!is_wrong(&uses[i]) || run_is_repeated(uses, i, is_wrong))
            continue;
        RuleReport report =
            run_user_report(run, &uses[i], wrong_pairs(&uses[i]), "without having been probed");
        report.filter.origin = ORIGIN_UNPROBED;
        if (site_pairs_empty(uses[i].bare)) {
            report.at_best = POSSIBLE;
            report.assumption = ASSUME_METHOD_NEITHER;
        }
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_user_use(run, visit);
}

const Rule rule_user_pointer_unprobed = {
    .id = "user-pointer-unprobed",
    .title = "A user address is used without having been probed",
    .level = LEVEL_ERROR,
    .hint = "Call ProbeForRead or ProbeForWrite in __try before the first access.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
