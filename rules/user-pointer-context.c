/* user-pointer-context (F4): a user address is used where it does not mean what its owner meant.
 *
 * A user address names memory of one process. In a DPC or an ISR whichever process was running is
 * mapped, a system thread or work item has no user half at all: the access faults, or worse, it
 * reads and writes another process. The cure is to lock the pages and use a system address, or to
 * copy in the caller's thread. In an arbitrary thread (completion routines) it may be the right
 * process by luck: POSSIBLE at DISPATCH_LEVEL; below, an arbitrary thread is mostly the requester's
 * or the request comes from another driver: shown with all findings only.
 *
 * Where a pointer comes from is inference's knowledge; a pointer it lost track of is no finding. An
 * APC is meant for one thread and is left alone.
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

/* The name of the place a pointer comes from; *lasting: it is more than a local's name. */
static const char *value_name(RuleRun *run, FuncId func, IrValue value, bool *lasting) {
    const IrUnit *unit = program_unit(run_program(run), func);
    const IrFuncRec *ir = program_ir(run_program(run), func);
    const IrValueRec *record = &unit->values[value];
    while (record->kind == IR_VALUE_BINARY)
        record = &unit->values[record->b];
    if (record->kind != IR_VALUE_PATH && record->kind != IR_VALUE_ADDR)
        return NULL;
    const IrPathRec *place = &unit->paths[record->a];
    if (place->kind == IR_PATH_INDEX)
        place = &unit->paths[place->a];
    *lasting = place->kind != IR_PATH_LOCAL;
    if (place->kind == IR_PATH_LOCAL)
        return ir_str(unit, unit->locals[ir->first_local + place->a].name);
    if (place->kind == IR_PATH_GLOBAL)
        return ir_str(unit, unit->globals[place->a].name);
    if (place->kind == IR_PATH_FIELD)
        return run_text(run, "%s.%s", ir_str(unit, place->b), ir_str(unit, place->c));
    return NULL;
}

/* The name of the pointer that a path goes through. */
static const char *pointer_name(RuleRun *run, FuncId func, IrPath path, bool *lasting) {
    const IrUnit *unit = program_unit(run_program(run), func);
    const IrPathRec *record = &unit->paths[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX)
        record = &unit->paths[record->a];
    return record->kind == IR_PATH_DEREF ? value_name(run, func, record->a, lasting) : NULL;
}

typedef struct Use {
    FuncId func;      /* where */
    OpId op;          /* the load, store or call */
    const char *name; /* of the pointer; NULL or "": none */
    bool lasting;     /* the name may be the subject */
    const char *verb; /* "read", "written" */
} Use;

static void report_use(RuleRun *run, const Use *use, SitePairs pairs) {
    bool named = use->name != NULL && use->name[0] != '\0';
    const char *what = named ? run_text(run, "user address %s", use->name) : "a user address";
    RuleReport report = {
        .site = SITE_OP,
        .func = use->func,
        .op = use->op,
        .subject = named && use->lasting ? use->name : "",
        .sink = run_text(run, "%s is %s", what, use->verb),
        .message = run_text(run, "%s is %s at %%i in %%c, outside the requester's thread", what,
                            use->verb),
    };
    report.pairs = wrong_pairs(pairs);
    run_report(run, &report);
    report.assumption = ASSUME_CALLBACK_LEVEL;
    report.pairs = arbitrary_pairs(pairs, pairs_at_or_above(IRQL_DISPATCH));
    report.at_best = POSSIBLE;
    run_report(run, &report);
    report.pairs = arbitrary_pairs(pairs, pairs_below(IRQL_DISPATCH));
    report.at_best = POSSIBLE_WEAK;
    run_report(run, &report);
}

static void check_access(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    SitePairs pairs = inferred_at_origin(run_inferred(run), func, op, ORIGIN_USER);
    if (site_pairs_empty(pairs))
        return;
    Use use = {func, op, NULL, false, record->kind == IR_OP_LOAD ? "read" : "written"};
    use.name = pointer_name(run, func, record->a, &use.lasting);
    report_use(run, &use, pairs);
}

/* Routines that read or write what an argument points at (copying, comparing, filling). */
static void check_capture(RuleRun *run, FuncId func, OpId op, const IrOpRec *record,
                          const Ddi *ddi) {
    const Inferred *inferred = run_inferred(run);
    const IrUnit *unit = program_unit(run_program(run), func);
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        if ((role->kind != MEM_CAPTURE_SRC && role->kind != MEM_CAPTURE_DST) ||
            role->arg >= record->c)
            continue;
        SitePairs pairs = inferred_arg_origin(inferred, func, op, role->arg, ORIGIN_USER);
        if (role->when != 0)
            pairs = site_pairs_meet(pairs, inferred_at_when(inferred, func, op, ddi, role->when));
        Use use = {func, op, NULL, false, NULL};
        use.name = value_name(run, func, unit->args[record->b + role->arg], &use.lasting);
        use.verb = run_text(run, "%s by %s", role->kind == MEM_CAPTURE_SRC ? "read" : "written",
                            ddi->name);
        report_use(run, &use, pairs);
    }
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    if (record->kind == IR_OP_LOAD || record->kind == IR_OP_STORE)
        check_access(run, func, op, record);
    if (record->kind != IR_OP_CALL)
        return;
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        const Ddi *ddi = program->funcs[targets->items[i]].ddi;
        if (ddi != NULL)
            check_capture(run, func, op, record, ddi);
    }
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
}

const Rule rule_user_pointer_context = {
    .id = "user-pointer-context",
    .title = "A user address is used outside the thread of the request",
    .level = LEVEL_ERROR,
    .requirement = "F4",
    .check = check,
};
