/* resident-object-pageable (F3): an object that the system requires resident lies in pageable
 * memory.
 *
 * The system touches events, timers, locks and their like at DISPATCH_LEVEL and above, whatever
 * level the driver uses them at: a signal from elsewhere, the clock, another processor that waits
 * for the lock. When the page is out then, the machine stops. That the driver's own code is at
 * PASSIVE_LEVEL does not help.
 *
 * Which arguments those are is their row's knowledge (needs-nonpaged). Reported where the object is
 * made ready, once a function. A field that points at resident memory too makes it weak.
 */
#include "irqlint/rule.h"

static bool is_wrong(const PagedUse *use) {
    return use->resident && use->readies;
}

static bool is_repeated(const PagedUse *uses, uint32_t index) {
    for (uint32_t i = 0; i < index && uses[index].path != 0; i++) {
        if (uses[i].path == uses[index].path && is_wrong(&uses[i]) && uses[i].op != uses[index].op)
            return true;
    }
    return false;
}

static void visit(RuleRun *run, const PagedUse *uses, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!is_wrong(&uses[i]) || is_repeated(uses, i))
            continue;
        RuleReport report =
            run_paged_report(run, &uses[i], uses[i].pairs, ", which needs resident memory");
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_paged_use(run, visit);
}

const Rule rule_resident_object_pageable = {
    .id = "resident-object-pageable",
    .title = "An object that must be resident lies in pageable memory",
    .level = LEVEL_ERROR,
    .hint = "Put the object into the device extension or nonpaged pool.",
    .requirement = "F3",
    .severity = "6.2",
    .check = check,
};
