/* user-pointer-context (F4): a user address is used where it does not mean what its owner meant.
 *
 * A user address names memory of one process. In a DPC or an ISR whichever process was running is
 * mapped, a system thread or work item has no user half at all: the access faults, or worse, it
 * reads and writes another process. The cure is to lock the pages and use a system address, or to
 * copy in the caller's thread. In an arbitrary thread (completion routines) it may be the right
 * process by luck: POSSIBLE at DISPATCH_LEVEL; below, an arbitrary thread is mostly the requester's
 * or the request comes from another driver: shown with all findings only.
 *
 * An address that the driver made itself (ZwAllocateVirtualMemory) belongs to the process that it
 * was made in: in a system thread it is wrong only when it was stored elsewhere.
 *
 * A probe there is wrong in the same way. Where a pointer comes from is inference's knowledge; a
 * pointer it lost track of is no finding. An APC is meant for one thread and is left alone.
 */
#include "irqlint/rule.h"

static SitePairs arbitrary_pairs(SitePairs pairs, PairSet levels) {
    return site_pairs_and(pairs, pairs_of_context(CONTEXT_ARBITRARY_THREAD) & levels);
}

static SitePairs wrong_pairs(SitePairs pairs) {
    return site_pairs_and(
        pairs, pairs_of_context(CONTEXT_ISR) | pairs_of_context(CONTEXT_PASSIVE_ISR) |
                   pairs_of_context(CONTEXT_DPC) | pairs_of_context(CONTEXT_SYSTEM_THREAD));
}

/* The line serves requests in the caller's thread too: a worker gets there with requests that the
 * driver chose to post, which are mostly those without user addresses. */
static bool is_shared_handler(SitePairs pairs) {
    return (site_pairs_any(pairs) & pairs_of_context(CONTEXT_CALLER_THREAD)) != 0;
}

/* The use in system threads, of an address that may belong to another process than theirs. */
static SitePairs foreign_pairs(RuleRun *run, const UserUse *use) {
    const PairSet worker = pairs_of_context(CONTEXT_SYSTEM_THREAD) | pairs_of_context(CONTEXT_INIT);
    FuncId func;
    OpId op;
    if (!inferred_field_source(run_inferred(run), use->field, &func, &op))
        return use->given;
    SitePairs stored = inferred_at(run_inferred(run), func, op);
    return (site_pairs_any(stored) & worker) != 0 ? use->given : use->pairs;
}

static SitePairs only_worker(SitePairs pairs, bool worker) {
    PairSet set = pairs_of_context(CONTEXT_SYSTEM_THREAD);
    return site_pairs_and(pairs, worker ? set : ~set);
}

static void report_use(RuleRun *run, const UserUse *use) {
    RuleReport report = run_user_report(run, use, only_worker(wrong_pairs(use->pairs), false),
                                        "at %i in %c, outside the requester's thread");
    run_report(run, &report);
    report.pairs = only_worker(wrong_pairs(foreign_pairs(run, use)), true);
    if (is_shared_handler(use->pairs)) {
        report.at_best = POSSIBLE_WEAK;
        report.assumption = ASSUME_SHARED_HANDLER;
    }
    run_report(run, &report);
    report.assumption = ASSUME_CALLBACK_LEVEL;
    report.pairs = arbitrary_pairs(use->pairs, pairs_at_or_above(IRQL_DISPATCH));
    report.at_best = POSSIBLE;
    report.needs_evidence = true; /* requests between drivers carry kernel addresses */
    run_report(run, &report);
    report.pairs = arbitrary_pairs(use->pairs, pairs_below(IRQL_DISPATCH));
    report.at_best = POSSIBLE_WEAK;
    run_report(run, &report);
}

static void visit(RuleRun *run, const UserUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        report_use(run, &uses[i]);
}

static void check(RuleRun *run) {
    run_each_user_use(run, visit);
}

const Rule rule_user_pointer_context = {
    .id = "user-pointer-context",
    .title = "A user address is used outside the thread of the request",
    .level = LEVEL_ERROR,
    .hint = "Lock the pages in the requester's thread (MmProbeAndLockPages) and use a "
            "system address here.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
