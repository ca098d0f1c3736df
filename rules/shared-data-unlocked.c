/* draft */
#include "irqlint/rule.h"
#include <stdio.h>
#include <stdlib.h>

static void visit(RuleRun *run, const SharedData *data) {
    const Program *program = run_program(run);
    if (getenv("DUMPSH") == NULL) return;
    uint32_t writes = 0;
    for (uint32_t i = 0; i < data->len; i++) writes += data->items[i].update != UPDATE_READ;
    if (!writes) return;
    printf("## %s\n", data->name);
    for (uint32_t i = 0; i < data->len; i++) {
        const SharedAccess *a = &data->items[i];
        const IrOpRec *op = program_op(program, a->func, a->op);
        static const char *const u[] = {"r", "W", "++", "--", "|=", "links"};
        static const char *const h[] = {"unknown", "field", "inside", "global", "result", "many", "private"};
        const char *hn = a->holder.kind == HOLDER_FIELD || a->holder.kind == HOLDER_INSIDE ? program->field_names[a->holder.id] :
            a->holder.kind == HOLDER_GLOBAL ? program->global_names[a->holder.id] : a->holder.kind == HOLDER_RESULT ? program->funcs[a->holder.id].name : "";
        printf("  %s %s:%u root %s %s %s sure %s%s may %s%s (%s %s)\n", u[a->update], program->funcs[a->func].name, op->loc.line, program->funcs[a->root->func].name, context_name(a->context), irql_name(a->irql),
            inferred_lock_name(run_inferred(run), a->sure), a->sure>>63?"+?":"", inferred_lock_name(run_inferred(run), a->maybe & ~a->sure), a->maybe>>63?"+?":"", h[a->holder.kind], hn);
    }
}
static void check(RuleRun *run) { run_each_shared(run, visit); }
const Rule rule_shared_data_unlocked = {
    .id = "shared-data-unlocked",
    .title = "Data that two contexts change is changed without a common lock",
    .level = LEVEL_WARNING,
    .requirement = "F10",
    .check = check,
};
