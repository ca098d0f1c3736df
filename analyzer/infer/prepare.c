/* prepare: facts about functions that the engine needs before it runs: which parameters may decide
 * something, which fields a call may write, whether it may lower the level.
 *
 * All are may-facts, closed over calls. Errs towards more: a parameter too many costs an instance,
 * a write too many costs knowledge about a variable.
 */
#include "analyzer/infer/internal.h"

typedef struct Prepare {
    Inferred *self;   /* the inference */
    bool changed;     /* something grew in this visit */
    uint64_t *locals; /* by local of the function at hand: parameters that flow into it */
} Prepare;

static uint64_t params_in_path(const Prepare *prepare, const IrUnit *unit, IrPath path,
                               unsigned depth);

/* Parameters that a value depends on. */
static uint64_t params_in(const Prepare *prepare, const IrUnit *unit, IrValue value,
                          unsigned depth) {
    const IrValueRec *record = &unit->values[value];
    if (depth > 16)
        return 0;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_PATH:
    case IR_VALUE_ADDR:
        return params_in_path(prepare, unit, record->a, depth + 1);
    case IR_VALUE_UNARY:
        return params_in(prepare, unit, record->b, depth + 1);
    case IR_VALUE_BINARY:
        return params_in(prepare, unit, record->b, depth + 1) |
               params_in(prepare, unit, record->c, depth + 1);
    default:
        return 0;
    }
}

static uint64_t params_in_path(const Prepare *prepare, const IrUnit *unit, IrPath path,
                               unsigned depth) {
    const IrPathRec *record = &unit->paths[path];
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return prepare->locals[record->a];
    case IR_PATH_DEREF:
        return params_in(prepare, unit, record->a, depth + 1);
    case IR_PATH_FIELD: {
        /* what a big object holds is not passed on: only pointers to scalars and small unions */
        const IrPathRec *parent = &unit->paths[record->a];
        return parent->kind == IR_PATH_DEREF || parent->kind == IR_PATH_LOCAL
                   ? params_in_path(prepare, unit, record->a, depth + 1)
                   : 0;
    }
    default:
        return 0;
    }
}

/* The local that the path names or lies in; UINT32_MAX when it does not. */
static uint32_t local_of_path(const IrUnit *unit, IrPath path) {
    while (unit->paths[path].kind == IR_PATH_FIELD || unit->paths[path].kind == IR_PATH_INDEX)
        path = unit->paths[path].a;
    return unit->paths[path].kind == IR_PATH_LOCAL ? unit->paths[path].a : UINT32_MAX;
}

/* Which parameters flow into which locals, by a few rounds over the stores. */
static void find_local_flows(Prepare *prepare, const IrUnit *unit, const IrFuncRec *record) {
    for (uint32_t i = 0; i < record->local_count; i++)
        prepare->locals[i] = i < record->param_count ? param_bit(i) : 0;
    for (int round = 0; round < 3; round++) {
        for (uint32_t b = 0; b < record->block_count; b++) {
            const IrBlockRec *block = &unit->blocks[record->first_block + b];
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
                const IrOpRec *store = &unit->ops[op];
                uint32_t local =
                    store->kind == IR_OP_STORE ? local_of_path(unit, store->a) : UINT32_MAX;
                if (local != UINT32_MAX)
                    prepare->locals[local] |= params_in(prepare, unit, store->b, 0);
            }
        }
    }
}

/* Arguments of an API call that its conditions and effects look at. */
static bool ddi_uses_arg(const Ddi *ddi, unsigned arg) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if (ddi->conds[i].kind != COND_OPAQUE && ddi->conds[i].arg == arg)
            return true;
    }
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if ((effect->from.kind == PLACE_ARG && effect->from.arg == arg) ||
            (effect->saved.kind != PLACE_NONE && effect->saved.kind != PLACE_RETURN &&
             effect->saved.arg == arg) ||
            effect->kind == EFFECT_CLAIM)
            return true;
    }
    return false;
}

static void grow64(Prepare *prepare, uint64_t *into, uint64_t bits) {
    if ((*into | bits) != *into) {
        *into |= bits;
        prepare->changed = true;
    }
}

/* Fields and globals that a condition looks at. */
static void find_tests(Prepare *prepare, FuncId func, const IrUnit *unit, IrValue value,
                       unsigned depth) {
    const IrValueRec *record = &unit->values[value];
    if (depth > 16)
        return;
    if (record->kind == IR_VALUE_PATH) {
        unsigned word;
        PlaceId place = place_of_path(prepare->self, func, record->a);
        uint64_t bit = place_bloom_bit(prepare->self, place, &word);
        grow64(prepare, &prepare->self->facts[func].tests[word], bit);
    } else if (record->kind == IR_VALUE_UNARY) {
        find_tests(prepare, func, unit, record->b, depth + 1);
    } else if (record->kind == IR_VALUE_BINARY) {
        find_tests(prepare, func, unit, record->b, depth + 1);
        find_tests(prepare, func, unit, record->c, depth + 1);
    }
}

/* The local whose address `value` is (part of); UINT32_MAX when there is none. */
static uint32_t address_of_local(const IrUnit *unit, IrValue value) {
    if (unit->values[value].kind != IR_VALUE_ADDR)
        return UINT32_MAX;
    return local_of_path(unit, unit->values[value].a);
}

/* The parameter whose value (or a part of what it points at) is the address, as a bit. */
static uint64_t pointer_params(const IrFuncRec *record, const IrUnit *unit, IrValue value) {
    const IrValueRec *pointer = &unit->values[value];
    if (pointer->kind == IR_VALUE_ADDR) {
        IrPath path = pointer->a;
        while (unit->paths[path].kind == IR_PATH_FIELD || unit->paths[path].kind == IR_PATH_INDEX)
            path = unit->paths[path].a;
        if (unit->paths[path].kind != IR_PATH_DEREF)
            return 0;
        pointer = &unit->values[unit->paths[path].a];
    }
    if (pointer->kind != IR_VALUE_PATH || unit->paths[pointer->a].kind != IR_PATH_LOCAL ||
        unit->paths[pointer->a].a >= record->param_count)
        return 0;
    return param_bit(unit->paths[pointer->a].a);
}

/* The callee keeps what the argument points at. */
static void note_kept(Prepare *prepare, FuncId func, IrValue argument) {
    FuncFacts *facts = &prepare->self->facts[func];
    const IrUnit *unit = program_unit(prepare->self->program, func);
    uint32_t local = address_of_local(unit, argument);
    if (local != UINT32_MAX)
        grow64(prepare, &facts->escaped, param_bit(local));
    grow64(prepare, &facts->keeps,
           pointer_params(program_ir(prepare->self->program, func), unit, argument));
}

static void visit_target(Prepare *prepare, FuncId func, const IrOpRec *call, FuncId target) {
    Inferred *self = prepare->self;
    FuncFacts *facts = &self->facts[func];
    const ProgFunc *callee = &self->program->funcs[target];
    const IrUnit *unit = program_unit(self->program, func);
    const FuncFacts *theirs = &self->facts[target];
    if (callee->defined) {
        for (unsigned i = 0; i < 4; i++) {
            grow64(prepare, &facts->writes[i], theirs->writes[i]);
            grow64(prepare, &facts->tests[i], theirs->tests[i]);
        }
        if (theirs->lowers && !facts->lowers)
            facts->lowers = prepare->changed = true;
        bool sensitive = theirs->sensitive || segment_is_discarded(callee->segment);
        if (sensitive && !facts->sensitive)
            facts->sensitive = prepare->changed = true;
        if (theirs->syncs && !facts->syncs)
            facts->syncs = prepare->changed = true;
        if (theirs->raises && !facts->raises)
            facts->raises = prepare->changed = true;
    } else if (callee->ddi != NULL && ddi_syncs(callee->ddi) && !facts->syncs) {
        facts->syncs = prepare->changed = true;
    }
    const Ddi *ddi = callee->ddi;
    if (ddi != NULL && !facts->sensitive &&
        (ddi->cond_count != 0 || ddi->effect_count != 0 || ddi->blocking != BLOCK_NONE))
        facts->sensitive = prepare->changed = true;
    for (uint32_t i = 0; i < call->c; i++) {
        bool used = callee->defined ? (theirs->relevant & param_bit(i)) != 0
                                    : callee->ddi != NULL && ddi_uses_arg(callee->ddi, i);
        if (callee->defined && (theirs->keeps & param_bit(i)) != 0)
            note_kept(prepare, func, unit->args[call->b + i]);
        if (used)
            grow64(prepare, &facts->relevant, params_in(prepare, unit, unit->args[call->b + i], 0));
    }
    for (unsigned i = 0; callee->ddi != NULL && i < callee->ddi->effect_count; i++) {
        EffectKind kind = (EffectKind)callee->ddi->effects[i].kind;
        if ((kind == EFFECT_RAISES_EXCEPTION || kind == EFFECT_NORETURN) && !facts->raises)
            facts->raises = prepare->changed = true;
        if ((kind == EFFECT_LOWER || kind == EFFECT_RELEASE) && !facts->lowers)
            facts->lowers = prepare->changed = true;
    }
}

static void visit_function(Prepare *prepare, FuncId func) {
    Inferred *self = prepare->self;
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrFuncRec *record = program_ir(self->program, func);
    FuncFacts *facts = &self->facts[func];
    find_local_flows(prepare, unit->ir, record);
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *rec = &unit->ir->ops[op];
            if (rec->kind == IR_OP_STORE) {
                unsigned word;
                uint64_t bit = place_bloom_bit(self, place_of_path(self, func, rec->a), &word);
                const IrPathRec *path = &unit->ir->paths[rec->a];
                if (path->kind == IR_PATH_LOCAL && path->a < record->param_count)
                    facts->reassigned |= param_bit(path->a);
                grow64(prepare, &facts->writes[word], bit);
                uint32_t local = address_of_local(unit->ir, rec->b);
                if (local != UINT32_MAX)
                    facts->escaped |= param_bit(local);
                if (path->kind != IR_PATH_LOCAL)
                    grow64(prepare, &facts->keeps, pointer_params(record, unit->ir, rec->b));
            } else if (rec->kind == IR_OP_CALL) {
                const ProgTargets *targets = &self->program->targets[unit->op_base + op];
                for (uint32_t t = 0; t < targets->len; t++)
                    visit_target(prepare, func, rec, targets->items[t]);
            }
        }
        if (block->term == IR_TERM_BRANCH || block->term == IR_TERM_SWITCH ||
            block->term == IR_TERM_RETURN) {
            grow64(prepare, &facts->relevant, params_in(prepare, unit->ir, block->cond, 0));
            find_tests(prepare, func, unit->ir, block->cond, 0);
        }
    }
}

/* Who calls whom, backwards: for every function the functions to look at again when it grows. */
static U32Array *find_callers(Inferred *self) {
    const Program *program = self->program;
    U32Array *callers = arena_array_of(self->arena, U32Array, program->func_count);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].defined)
            continue;
        const ProgUnit *unit = &program->units[program->funcs[func].unit];
        const IrFuncRec *record = program_ir(program, func);
        for (uint32_t b = 0; b < record->block_count; b++) {
            const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
                const ProgTargets *targets = &program->targets[unit->op_base + op];
                for (uint32_t t = 0; t < targets->len; t++)
                    array_push(&callers[targets->items[t]], self->arena, func);
            }
        }
    }
    return callers;
}

void prepare_facts(Inferred *self) {
    Prepare prepare = {.self = self};
    const Program *program = self->program;
    U32Array *callers = find_callers(self);
    U32Array worklist = {0};
    bool *queued = arena_array_of(self->arena, bool, program->func_count);
    uint32_t most = 1;
    for (FuncId func = program->func_count; func-- > 1;) {
        if (!program->funcs[func].defined)
            continue;
        const ProgFunc *record = &program->funcs[func];
        self->facts[func].claims = sal_entry_levels(record->facts, record->fact_count);
        uint32_t locals = program_ir(program, func)->local_count;
        most = locals > most ? locals : most;
        queued[func] = true;
        array_push(&worklist, self->arena, func);
    }
    prepare.locals = arena_array_of(self->arena, uint64_t, most);
    for (uint32_t next = 0; next < worklist.len; next++) {
        FuncId func = worklist.items[next];
        queued[func] = prepare.changed = false;
        visit_function(&prepare, func);
        for (uint32_t i = 0; prepare.changed && i < callers[func].len; i++) {
            FuncId caller = callers[func].items[i];
            if (queued[caller])
                continue;
            queued[caller] = true;
            array_push(&worklist, self->arena, caller);
        }
    }
}
