/* user: the operations that use user addresses, named as the source names them.
 *
 * Which values are user addresses is inference's knowledge. What an API routine does with an
 * argument is its row's (capture-src, capture-dst, probe); a condition of the row that cannot be
 * decided makes the use weak.
 */
#include "analyzer/check/internal.h"

typedef struct Uses {
    RuleRun *run;         /* the run */
    FuncId func;          /* function at hand */
    Array(UserUse) found; /* its uses */
} Uses;

static void name_use(UserUse *use, const AddressName *name) {
    use->path = name->path;
    use->name = name->text;
    use->lasting = name->lasting;
    use->field = name->field;
}

static void add_access(Uses *uses, OpId op, const IrOpRec *record) {
    const Inferred *inferred = uses->run->inferred;
    UserUse use = {.func = uses->func, .op = op, .name = ""};
    use.pairs = inferred_at_origin(inferred, use.func, op, ORIGIN_USER);
    if (site_pairs_empty(use.pairs))
        return;
    use.given = inferred_at_origin(inferred, use.func, op, ORIGIN_GIVEN);
    use.unprobed = inferred_at_origin(inferred, use.func, op, ORIGIN_UNPROBED);
    use.bare = inferred_at_filtered(inferred, use.func, op,
                                    &(SiteFilter){.origin = ORIGIN_UNPROBED, .strict = true});
    use.unguarded = inferred_at_filtered(inferred, use.func, op,
                                         &(SiteFilter){.origin = ORIGIN_GIVEN, .unguarded = true});
    use.verb = record->kind == IR_OP_LOAD ? "read" : "written";
    AddressName name = address_of_access(run_program(uses->run), use.func, record->a);
    name_use(&use, &name);
    array_push(&uses->found, uses->run->arena, use);
}

static bool has_role(const Ddi *ddi, MemoryKind kind, unsigned arg) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind == kind && ddi->memory[i].arg == arg)
            return true;
    }
    return false;
}

static const char *verb_of(MemoryKind kind) {
    switch (kind) {
    case MEM_CAPTURE_SRC:
        return "read";
    case MEM_CAPTURE_DST:
        return "written";
    case MEM_PROBE:
        return "probed";
    default:
        return NULL;
    }
}

/* Routines that read, write or probe what an argument points at. */
static void add_argument(Uses *uses, OpId op, const IrOpRec *call, const Ddi *ddi,
                         const MemoryRole *role) {
    const Inferred *inferred = uses->run->inferred;
    const char *verb = verb_of((MemoryKind)role->kind);
    UserUse use = {.func = uses->func, .op = op, .name = ""};
    use.arg = (uint8_t)(role->arg + 1);
    use.probes = role->kind == MEM_PROBE;
    if (verb == NULL || role->arg >= call->c ||
        (use.probes &&
         (has_role(ddi, MEM_CAPTURE_SRC, role->arg) || has_role(ddi, MEM_CAPTURE_DST, role->arg))))
        return;
    use.pairs = inferred_arg_origin(inferred, use.func, op, role->arg, ORIGIN_USER);
    if (role->when != 0)
        use.pairs =
            site_pairs_meet(use.pairs, inferred_at_when(inferred, use.func, op, ddi, role->when));
    if (site_pairs_empty(use.pairs))
        return;
    use.given = site_pairs_meet(
        use.pairs, inferred_arg_origin(inferred, use.func, op, role->arg, ORIGIN_GIVEN));
    if (!use.probes && !has_role(ddi, MEM_PROBE, role->arg)) {
        SiteFilter filter = {.origin = ORIGIN_UNPROBED, .arg = use.arg};
        use.unprobed =
            site_pairs_meet(use.pairs, inferred_at_filtered(inferred, use.func, op, &filter));
        filter.strict = true;
        use.bare =
            site_pairs_meet(use.pairs, inferred_at_filtered(inferred, use.func, op, &filter));
    }
    use.unguarded = site_pairs_meet(
        use.given, inferred_at_filtered(
                       inferred, use.func, op,
                       &(SiteFilter){.origin = ORIGIN_GIVEN, .arg = use.arg, .unguarded = true}));
    use.verb = run_text(uses->run, "%s by %s", verb, ddi->name);
    AddressName name =
        address_of_value(run_program(uses->run), use.func,
                         program_unit(run_program(uses->run), use.func)->args[call->b + role->arg]);
    name_use(&use, &name);
    array_push(&uses->found, uses->run->arena, use);
}

static void add_uses(Uses *uses, OpId op, const IrOpRec *record) {
    const Program *program = run_program(uses->run);
    if (record->kind == IR_OP_LOAD || record->kind == IR_OP_STORE)
        add_access(uses, op, record);
    if (record->kind != IR_OP_CALL)
        return;
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = program->funcs[targets->items[t]].ddi;
        for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++)
            add_argument(uses, op, record, ddi, &ddi->memory[i]);
    }
}

void run_each_user_use(RuleRun *self, UserVisitor *visit) {
    const Program *program = run_program(self);
    Uses uses = {.run = self};
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].defined)
            continue;
        const IrUnit *unit = program_unit(program, func);
        const IrFuncRec *ir = program_ir(program, func);
        uses.func = func;
        uses.found.len = 0;
        for (uint32_t i = 0; i < ir->block_count; i++) {
            const IrBlockRec *block = &unit->blocks[ir->first_block + i];
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++)
                add_uses(&uses, program_op_id(program, func, op), &unit->ops[op]);
        }
        if (uses.found.len != 0)
            visit(self, uses.found.items, uses.found.len);
    }
}

bool run_is_repeated(const UserUse *uses, uint32_t index, bool (*wrong)(const UserUse *use)) {
    for (uint32_t i = 0; i < index && uses[index].path != 0; i++) {
        if (uses[i].path == uses[index].path && wrong(&uses[i]))
            return true;
    }
    return false;
}

RuleReport run_user_report(RuleRun *self, const UserUse *use, SitePairs pairs, const char *where) {
    bool named = use->name[0] != '\0';
    const char *what = named ? run_text(self, "user address %s", use->name) : "a user address";
    RuleReport report = {
        .site = SITE_OP,
        .func = use->func,
        .op = use->op,
        .filter = {.origin = ORIGIN_USER, .arg = use->arg},
        .pairs = pairs,
        .subject = named && use->lasting ? use->name : "",
        .sink = run_text(self, "%s is %s", what, use->verb),
        .message = run_text(self, "%s is %s %s", what, use->verb, where),
    };
    if (inferred_field_source(self->inferred, use->field, &report.source_func, &report.source_op))
        report.source = run_text(self, "a user address is stored in %s", use->name);
    return report;
}
