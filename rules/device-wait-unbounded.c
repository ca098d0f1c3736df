/* device-wait-unbounded (F9): at DISPATCH_LEVEL or above, a loop spins until a register of the
 * device has some value, and nothing else ends it.
 *
 * Hardware breaks, is pulled out, loses power: then the register reads as all ones, or never
 * changes, and the processor is gone for good, in an ISR with everything below its level. A counter
 * or a clock costs nothing.
 *
 * Which routines read the device is their row's knowledge (device-result). Errs towards silence:
 * loops that also serve the device, waits on mapped memory without a routine, and whatever else
 * might end the loop.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, const DeviceWait *wait) {
    SitePairs pairs = site_pairs_and(wait->pairs, pairs_at_or_above(IRQL_DISPATCH));
    const char *name = run_callee_name(run, wait->func, wait->read);
    run_report_op(run, wait->func, wait->read, pairs, name,
                  run_text(run,
                           "the loop around %s ends only when the device lets it: if it never "
                           "does, the processor hangs at %%i in %%c",
                           name));
}

static void check(RuleRun *run) {
    run_each_device_wait(run, visit);
}

const Rule rule_device_wait_unbounded = {
    .id = "device-wait-unbounded",
    .title = "A loop at DISPATCH_LEVEL or above waits for the device without a limit",
    .level = LEVEL_WARNING,
    .hint = "Count the turns and give up after a limit, or wait for the device with a timer.",
    .requirement = "F9",
    .severity = "4.7",
    .check = check,
};
