/* user-handle-kernel-mode (F4): a handle that the requester passed in is opened with the kernel's
 * rights.
 *
 * With KernelMode the object manager checks neither whether the handle is a user handle nor which
 * access it grants: a caller names a handle of the kernel, or one that grants less than the driver
 * uses. UserMode, or the request's RequestorMode, makes it check.
 *
 * A handle is the requester's when it was read out of its memory or out of the copy of it. Errs
 * towards silence: where the mode is not known to be KernelMode nothing is reported.
 */
#include "irqlint/rule.h"

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *call, const ProgFunc *callee) {
    const Ddi *ddi = callee->ddi;
    for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        if (role->kind != MEM_TRUSTED_HANDLE || role->arg >= call->c)
            continue;
        SitePairs pairs = inferred_arg_origin(run_inferred(run), func, op, role->arg, ORIGIN_GIVEN);
        if (role->when != 0)
            pairs = site_pairs_meet(pairs,
                                    inferred_at_when(run_inferred(run), func, op, ddi, role->when));
        RuleReport report = {
            .site = SITE_OP,
            .func = func,
            .op = op,
            .filter = {.origin = ORIGIN_GIVEN, .arg = (uint8_t)(role->arg + 1)},
            .pairs = pairs,
            .at_best = POSSIBLE, /* a driver may check for a privilege instead */
            .assumption = ASSUME_TRUSTED_CALLER,
            .subject = ddi->name,
            .message = run_text(
                run, "%s takes a handle of the requester with the rights of the kernel", ddi->name),
        };
        run_report(run, &report);
    }
}

static void check(RuleRun *run) {
    run_each_call(run, visit);
}

const Rule rule_user_handle_kernel_mode = {
    .id = "user-handle-kernel-mode",
    .title = "A handle of the requester is used with the rights of the kernel",
    .level = LEVEL_WARNING,
    .hint = "Open the object with the rights of the requester: ObReferenceObjectByHandle "
            "with UserMode, OBJ_FORCE_ACCESS_CHECK.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
