/* paged: the operations that touch pageable memory, named as the source names it.
 *
 * Which memory is pageable is inference's knowledge. A routine of the API touches what an argument
 * points at when its row says so: it reads or writes it (capture-src, capture-dst), or has a lower
 * limit when that is pageable. Errs towards silence: what an unknown routine does with memory is no
 * use.
 */
#include "analyzer/check/internal.h"

typedef struct Paged {
    RuleRun *run;          /* the run */
    FuncId func;           /* function at hand */
    Array(PagedUse) found; /* its uses */
} Paged;

static void name_use(PagedUse *use, const AddressName *name) {
    use->path = name->path;
    use->name = name->text;
    use->lasting = name->lasting;
    use->field = name->field;
    use->section = name->section;
}

/* The operation that the memory in a local comes from: the only call whose result it ever holds. */
static OpId source_of_local(const Program *program, FuncId func, IrPath path) {
    const IrUnit *unit = program_unit(program, func);
    const IrFuncRec *ir = program_ir(program, func);
    IrOp found = 0;
    if (unit->paths[path].kind != IR_PATH_LOCAL)
        return 0;
    for (uint32_t b = ir->first_block; b < ir->first_block + ir->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *store = &unit->ops[op];
            if (store->kind != IR_OP_STORE || store->a != path ||
                unit->values[store->b].kind != IR_VALUE_CALL)
                continue;
            if (found != 0)
                return 0;
            found = unit->values[store->b].a;
        }
    }
    return found == 0 ? 0 : program_op_id(program, func, found);
}

static void find_source(const Paged *self, PagedUse *use, const AddressName *name) {
    const Program *program = run_program(self->run);
    if (inferred_field_source(self->run->inferred, use->field, &use->source_func,
                              &use->source_op) ||
        name->path == 0 || use->section[0] != '\0')
        return;
    use->source_op = source_of_local(program, use->func, name->path);
    use->source_func = use->source_op != 0 ? use->func : 0;
}

static void found(Paged *self, PagedUse *use, const AddressName *name) {
    if (site_pairs_empty(use->pairs))
        return;
    name_use(use, name);
    find_source(self, use, name);
    array_push(&self->found, self->run->arena, *use);
}

static void add_access(Paged *self, OpId op, const IrOpRec *record) {
    PagedUse use = {.func = self->func, .op = op, .limit = IRQL_APC};
    use.pairs = inferred_at_origin(self->run->inferred, use.func, op, ORIGIN_PAGED);
    use.verb = record->kind == IR_OP_LOAD ? "read" : "written";
    AddressName name = address_of_access(run_program(self->run), use.func, record->a);
    found(self, &use, &name);
}

static bool touches(const MemoryRole *role, unsigned arg, const char **verb) {
    if (role->arg != arg || (role->kind != MEM_CAPTURE_SRC && role->kind != MEM_CAPTURE_DST))
        return false;
    *verb = role->kind == MEM_CAPTURE_SRC ? "read" : "written";
    return true;
}

/* How the row uses what argument `arg` points at; NULL when it does not say. */
static const char *verb_of(RuleRun *run, const Ddi *ddi, unsigned arg, PagedUse *use) {
    const char *verb = NULL;
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        if (ddi->memory[i].arg == arg && ddi->memory[i].kind == MEM_NEEDS_NONPAGED) {
            use->resident = true;
            use->readies = ddi->effect_count == 0 && ddi->blocking == BLOCK_NONE;
            return run_text(run, "handed to %s", ddi->name);
        }
        if (touches(&ddi->memory[i], arg, &verb))
            return run_text(run, "%s by %s", verb, ddi->name);
        if (ddi->memory[i].arg == arg && ddi->memory[i].kind == MEM_FREE)
            verb = "given to";
    }
    for (unsigned i = 0; i < ddi->limit_count; i++) {
        for (unsigned c = 0; c < ddi->cond_count; c++) {
            if (ddi->limits[i].when != 1u << c || ddi->conds[c].kind != COND_ARG_PAGEABLE ||
                ddi->conds[c].arg != arg)
                continue;
            use->limit = (Irql)ddi->limits[i].max;
            use->weak_row = (ddi->flags & DDI_WEAK) != 0;
            return run_text(run, "%s %s", verb != NULL ? verb : "handed to", ddi->name);
        }
    }
    return NULL;
}

static void add_argument(Paged *self, OpId op, const IrOpRec *call, const Ddi *ddi, unsigned arg) {
    PagedUse use = {.func = self->func, .op = op, .arg = (uint8_t)(arg + 1), .limit = IRQL_APC};
    use.pairs = inferred_arg_origin(self->run->inferred, use.func, op, arg, ORIGIN_PAGED);
    if (site_pairs_empty(use.pairs))
        return;
    use.verb = verb_of(self->run, ddi, arg, &use);
    if (use.verb == NULL)
        return;
    const Program *program = run_program(self->run);
    AddressName name =
        address_of_value(program, use.func, program_unit(program, use.func)->args[call->b + arg]);
    found(self, &use, &name);
}

static void add_op(Paged *self, OpId op, const IrOpRec *record) {
    const Program *program = run_program(self->run);
    if (record->kind == IR_OP_LOAD || record->kind == IR_OP_STORE)
        add_access(self, op, record);
    if (record->kind != IR_OP_CALL)
        return;
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = program->funcs[targets->items[t]].ddi;
        for (unsigned arg = 0; ddi != NULL && arg < record->c; arg++)
            add_argument(self, op, record, ddi, arg);
    }
}

void run_each_paged_use(RuleRun *self, PagedVisitor *visit) {
    const Program *program = run_program(self);
    Paged paged = {.run = self};
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].defined)
            continue;
        const IrUnit *unit = program_unit(program, func);
        const IrFuncRec *ir = program_ir(program, func);
        paged.func = func;
        paged.found.len = 0;
        for (uint32_t b = ir->first_block; b < ir->first_block + ir->block_count; b++) {
            const IrBlockRec *block = &unit->blocks[b];
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++)
                add_op(&paged, program_op_id(program, func, op), &unit->ops[op]);
        }
        if (paged.found.len != 0)
            visit(self, paged.found.items, paged.found.len);
    }
}

RuleReport run_paged_report(RuleRun *self, const PagedUse *use, SitePairs pairs,
                            const char *where) {
    bool named = use->name[0] != '\0';
    const char *what = named ? run_text(self, "pageable memory %s", use->name) : "pageable memory";
    if (use->section[0] != '\0')
        what = run_text(self, "variable %s of section %s", use->name, use->section);
    const Program *program = run_program(self);
    bool locked = use->section[0] != '\0' && program_locks_section(program, use->section);
    RuleReport report = {
        .site = SITE_OP,
        .func = use->func,
        .op = use->op,
        .filter = {.origin = ORIGIN_PAGED, .arg = use->arg},
        .pairs = pairs,
        .subject = named && use->lasting ? use->name : "",
        .at_best = use->weak_row ? POSSIBLE_WEAK
                   : locked      ? POSSIBLE
                                 : CERTAIN,
        .assumption = use->weak_row ? ASSUME_WEAK_ROW
                      : locked      ? ASSUME_SECTION_LOCKED
                                    : ASSUME_NOTHING,
        .source_func = use->source_func,
        .source_op = use->source_op,
        .source = use->field != 0 ? run_text(self, "pageable memory is stored in %s", use->name)
                                  : "hands out pageable memory",
        .sink = run_text(self, "%s is %s", what, use->verb),
        .message =
            run_text(self, "%s is %s%s%s", what, use->verb, where[0] == ',' ? "" : " ", where),
    };
    return report;
}
