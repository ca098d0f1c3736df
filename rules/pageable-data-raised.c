/* pageable-data-raised (F3): pageable memory is touched at DISPATCH_LEVEL or above.
 *
 * Paged pool and variables of a PAGE section may be out. The page cannot be brought in at
 * DISPATCH_LEVEL: the machine stops with IRQL_NOT_LESS_OR_EQUAL, but only when memory is short, so
 * on the customer's machine and not on the desk. Reads, writes, and routines that read, write or
 * free what they are handed, all count.
 *
 * Memory is pageable when inference saw where it comes from: through assignments, arguments, and
 * fields of the driver's own structures. A field that holds resident memory as well makes the
 * finding weak. Memory that an MDL describes may be locked and is left alone. One finding a
 * function for one piece of memory. Errs towards silence.
 */
#include "irqlint/rule.h"

static SitePairs raised_pairs(const PagedUse *use) {
    PairSet wrong = use->resident ? 0 : pairs_at_or_above((Irql)(use->limit + 1));
    return site_pairs_and(use->pairs, wrong);
}

/* An earlier use of the same memory in the function was at least as wrong. */
static bool is_repeated(const PagedUse *uses, uint32_t index) {
    Certainty surest = site_pairs_surest(raised_pairs(&uses[index]));
    for (uint32_t i = 0; i < index && uses[index].path != 0; i++) {
        if (uses[i].path == uses[index].path && !uses[i].weak_row &&
            site_pairs_surest(raised_pairs(&uses[i])) <= surest)
            return true;
    }
    return false;
}

/* The function gets the memory at the raised level already: that call is the defect. */
static bool is_got_raised(RuleRun *run, const PagedUse *use) {
    if (use->source_op == 0 || use->source_func != use->func || use->field != 0)
        return false;
    SitePairs got = site_pairs_and(inferred_at(run_inferred(run), use->func, use->source_op),
                                   pairs_at_or_above(IRQL_DISPATCH));
    return site_pairs_surest(got) <= site_pairs_surest(raised_pairs(use));
}

static void visit(RuleRun *run, const PagedUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        SitePairs pairs = raised_pairs(&uses[i]);
        if (site_pairs_empty(pairs) || is_repeated(uses, i) || is_got_raised(run, &uses[i]))
            continue;
        RuleReport report = run_paged_report(run, &uses[i], pairs, "at %i in %c");
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_paged_use(run, visit);
}

const Rule rule_pageable_data_raised = {
    .id = "pageable-data-raised",
    .title = "Pageable memory is touched at DISPATCH_LEVEL or above",
    .level = LEVEL_ERROR,
    .hint = "Allocate it from nonpaged pool, or copy what is needed before the level goes up.",
    .requirement = "F3",
    .severity = "6.2",
    .check = check,
};
