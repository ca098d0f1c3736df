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

/* The line serves requests in the caller's thread too: a worker gets there with requests that the
 * driver chose to post, which are mostly those without user addresses. */
static bool is_shared_handler(SitePairs pairs) {
    return (site_pairs_any(pairs) & pairs_of_context(CONTEXT_CALLER_THREAD)) != 0;
}

static SitePairs only_worker(SitePairs pairs, bool worker) {
    PairSet set = pairs_of_context(CONTEXT_SYSTEM_THREAD);
    return site_pairs_and(pairs, worker ? set : ~set);
}

typedef struct Use {
    FuncId func;      /* where */
    OpId op;          /* the load, store or call */
    const char *name; /* of the pointer; NULL or "": none */
    bool lasting;     /* the name may be the subject */
    FieldId field;    /* the pointer is read from, 0 none */
    const char *verb; /* "read", "written" */
} Use;

/* Names the place that the pointer comes from. */
static void name_pointer(RuleRun *run, Use *use, IrValue value) {
    const Program *program = run_program(run);
    const ProgUnit *unit = &program->units[program->funcs[use->func].unit];
    const IrValueRec *record = &unit->ir->values[value];
    while (record->kind == IR_VALUE_BINARY)
        record = &unit->ir->values[record->b];
    if (record->kind != IR_VALUE_PATH && record->kind != IR_VALUE_ADDR)
        return;
    IrPath path = record->a;
    if (unit->ir->paths[path].kind == IR_PATH_INDEX)
        path = unit->ir->paths[path].a;
    const IrPathRec *place = &unit->ir->paths[path];
    use->lasting = place->kind != IR_PATH_LOCAL;
    if (place->kind == IR_PATH_LOCAL) {
        uint32_t first = program_ir(program, use->func)->first_local;
        use->name = ir_str(unit->ir, unit->ir->locals[first + place->a].name);
    } else if (place->kind == IR_PATH_GLOBAL) {
        use->name = ir_str(unit->ir, unit->ir->globals[place->a].name);
    } else if (place->kind == IR_PATH_FIELD) {
        use->field = unit->fields[path];
        use->name = program->field_names[use->field];
    }
}

/* Names the pointer that an access goes through. */
static void name_access(RuleRun *run, Use *use, IrPath path) {
    const IrUnit *unit = program_unit(run_program(run), use->func);
    const IrPathRec *record = &unit->paths[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX)
        record = &unit->paths[record->a];
    if (record->kind == IR_PATH_DEREF)
        name_pointer(run, use, record->a);
}

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
    if (inferred_field_source(run_inferred(run), use->field, &report.source_func,
                              &report.source_op))
        report.source = run_text(run, "a user address is stored in %s", use->name);
    SitePairs wrong = wrong_pairs(pairs);
    report.pairs = only_worker(wrong, false);
    run_report(run, &report);
    report.pairs = only_worker(wrong, true);
    if (is_shared_handler(pairs)) {
        report.at_best = POSSIBLE_WEAK;
        report.assumption = ASSUME_SHARED_HANDLER;
    }
    run_report(run, &report);
    report.assumption = ASSUME_CALLBACK_LEVEL;
    report.pairs = arbitrary_pairs(pairs, pairs_at_or_above(IRQL_DISPATCH));
    report.at_best = POSSIBLE;
    report.needs_evidence = true; /* requests between drivers carry kernel addresses */
    run_report(run, &report);
    report.pairs = arbitrary_pairs(pairs, pairs_below(IRQL_DISPATCH));
    report.at_best = POSSIBLE_WEAK;
    run_report(run, &report);
}

static void check_access(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    SitePairs pairs = inferred_at_origin(run_inferred(run), func, op, ORIGIN_USER);
    if (site_pairs_empty(pairs))
        return;
    Use use = {.func = func, .op = op, .verb = record->kind == IR_OP_LOAD ? "read" : "written"};
    name_access(run, &use, record->a);
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
        Use use = {.func = func, .op = op};
        name_pointer(run, &use, unit->args[record->b + role->arg]);
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
