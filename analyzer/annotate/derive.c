/* derive: which annotations follow for a function, for certain.
 *
 * Invariants: nothing is added to a function that says something of the kind itself, and nothing
 * that denies a level at which inference, sure or not, sees the function entered; so the annotated
 * driver is analysed as before. Where only assumptions bring the system or a caller to the
 * function, an annotation would start the analysis at more levels: then PASSIVE_LEVEL alone is
 * said. Errs towards saying nothing.
 */
#include "analyzer/annotate/internal.h"

typedef struct Derivation {
    Arena *arena;             /* owns the lines */
    const Inferred *inferred; /* what is known */
    const Program *program;   /* its driver */
    FuncId id;                /* the function */
    const ProgFunc *func;     /* likewise */
    const IrUnit *unit;       /* its unit */
    const IrFuncRec *record;  /* its record */
    SitePairs entry;          /* where it is entered */
    Derived *out;             /* what follows */
} Derivation;

static bool has_kind(const Derivation *self, uint32_t kinds) {
    for (uint32_t i = 0; i < self->func->fact_count; i++) {
        if ((kinds >> self->func->facts[i].kind & 1) != 0)
            return true;
    }
    return false;
}

/* Declared by a function type: the annotations stand there. */
static bool has_role(const Derivation *self) {
    return self->func->role_count != 0 || self->record->role_count != 0;
}

static void add_line(Derivation *self, const char *line) {
    array_push(&self->out->lines, self->arena, line);
}

/* ---- levels of the entry -------------------------------------------------------------------- */

/* True when it is entered at these levels only, and for certain somewhere, or just at the lowest.
 */
static bool is_entered_within(const Derivation *self, Irql min, Irql max) {
    PairSet all = site_pairs_any(self->entry);
    PairSet outside = pairs_below(min) | pairs_at_or_above((Irql)(max + 1));
    bool sure = self->entry.by[CERTAIN] != 0 || max == IRQL_PASSIVE;
    return all != 0 && (all & outside) == 0 && sure;
}

static void derive_levels(Derivation *self) {
    BodyLimit limit = inferred_body_limit(self->inferred, self->id);
    if (has_kind(self, 1u << SAL_MALFORMED | 1u << SAL_REQUIRES | 1u << SAL_MAX | 1u << SAL_MIN |
                           1u << SAL_FUNCTION_MAX | 1u << SAL_FUNCTION_MIN) ||
        has_role(self) || limit.min > limit.max || !is_entered_within(self, limit.min, limit.max))
        return;
    const char *word = NULL;
    Irql level = limit.max;
    if (limit.max <= IRQL_DISPATCH) {
        word = limit.min == limit.max && limit.min != IRQL_PASSIVE ? "_IRQL_requires_"
                                                                   : "_IRQL_requires_max_";
    } else if (limit.min == IRQL_DISPATCH) {
        word = "_IRQL_requires_min_";
        level = limit.min;
    }
    if (word != NULL)
        add_line(self, arena_printf(self->arena, "%s(%s)", word, irql_name(level)));
}

/* ---- wrappers of locks ---------------------------------------------------------------------- */

static const char *param_name(const Derivation *self, uint32_t param) {
    return ir_str(self->unit, self->unit->locals[self->record->first_local + param].name);
}

static bool param_is(const Derivation *self, uint32_t param, const char *a, const char *b) {
    const char *type =
        ir_str(self->unit, self->unit->locals[self->record->first_local + param].type);
    return param_name(self, param)[0] != '\0' && (str_eq(type, a) || str_eq(type, b));
}

static const char *at_param(Derivation *self, uint32_t param, const char *format) {
    self->out->param = param_name(self, param);
    return arena_printf(self->arena, format, param_name(self, param));
}

/* Every return leaves at DISPATCH_LEVEL; the old level is where the caller finds it. */
static bool derive_raise(Derivation *self) {
    if (inferred_exits(self->inferred, self->id, IRQL_PASSIVE) != irql_bit(IRQL_DISPATCH))
        return false;
    Place saved = inferred_saves_level(self->inferred, self->id);
    const char *saves = NULL;
    if (saved.kind == PLACE_RETURN &&
        str_eq(ir_str(self->unit, self->record->return_type), "KIRQL"))
        saves = "_IRQL_saves_";
    else if (saved.kind == PLACE_OUT && param_is(self, saved.arg, "PKIRQL", "KIRQL *"))
        saves = at_param(self, saved.arg, "_At_(*%s, _IRQL_saves_)");
    add_line(self, "_IRQL_raises_(DISPATCH_LEVEL)");
    if (saves != NULL)
        add_line(self, saves);
    return true;
}

typedef struct LowerSite {
    uint32_t count; /* calls that change the level */
    IrBlock block;  /* of the last one */
    int64_t param;  /* parameter that it takes the level from, -1 none */
} LowerSite;

/* What an API call does with the level; it, or a body that it calls, may do anything else. */
static void look_at_call(const Derivation *self, IrBlock block, IrOp op, LowerSite *site) {
    const ProgTargets *targets =
        &self->program->targets[program_op_id(self->program, self->id, op)];
    const IrOpRec *call = &self->unit->ops[op];
    const Ddi *ddi = targets->len == 1 ? self->program->funcs[targets->items[0]].ddi : NULL;
    for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind != EFFECT_RAISE && effect->kind != EFFECT_LOWER)
            continue;
        site->count++;
        site->block = block;
        site->param = -1;
        if (effect->kind != EFFECT_LOWER || effect->when != 0 || effect->level < IRQL_COUNT ||
            effect->saved.kind != PLACE_ARG || effect->saved.arg >= call->c)
            continue;
        const IrValueRec *value =
            &self->unit->values[self->unit->args[call->b + effect->saved.arg]];
        const IrPathRec *path = &self->unit->paths[value->kind == IR_VALUE_PATH ? value->a : 0];
        if (path->kind == IR_PATH_LOCAL && path->a < self->record->param_count)
            site->param = path->a;
    }
}

static bool is_written(const Derivation *self, uint32_t param) {
    uint32_t end = self->record->first_block + self->record->block_count;
    for (IrBlock b = self->record->first_block; b < end; b++) {
        const IrBlockRec *block = &self->unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *record = &self->unit->ops[op];
            const IrPathRec *path = &self->unit->paths[record->kind == IR_OP_STORE ? record->a : 0];
            if (path->kind == IR_PATH_LOCAL && path->a == param)
                return true;
        }
    }
    return false;
}

/* One call in the first block gives the level of a parameter back. Wrappers have one block. */
static void derive_restore(Derivation *self) {
    LowerSite site = {0, 0, -1};
    uint32_t end = self->record->first_block + self->record->block_count;
    for (IrBlock b = self->record->first_block; b < end; b++) {
        const IrBlockRec *block = &self->unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (self->unit->ops[op].kind == IR_OP_CALL)
                look_at_call(self, b, op, &site);
        }
    }
    if (site.count == 1 && site.param >= 0 && site.block == self->record->first_block &&
        param_is(self, (uint32_t)site.param, "KIRQL", "const KIRQL") &&
        !is_written(self, (uint32_t)site.param))
        add_line(self, at_param(self, (uint32_t)site.param, "_At_(%s, _IRQL_restores_)"));
}

static void derive_wrapper(Derivation *self) {
    bool incomplete = (self->record->flags & IR_FUNC_INCOMPLETE) != 0;
    if (incomplete || has_role(self) ||
        has_kind(self, 1u << SAL_MALFORMED | 1u << SAL_RAISES | 1u << SAL_SAVES |
                           1u << SAL_RESTORES | 1u << SAL_SAME | 1u << SAL_USES_CANCEL))
        return;
    if (!derive_raise(self))
        derive_restore(self);
}

/* ---- PAGED_CODE ----------------------------------------------------------------------------- */

/* True when the body, or what it expands from, asserts a level somewhere. */
static bool has_claim(const Derivation *self) {
    uint32_t end = self->record->first_block + self->record->block_count;
    for (IrBlock b = self->record->first_block; b < end; b++) {
        const IrBlockRec *block = &self->unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (self->unit->ops[op].kind != IR_OP_CALL)
                continue;
            OpId id = program_op_id(self->program, self->id, op);
            const ProgTargets *targets = &self->program->targets[id];
            const Ddi *ddi = targets->len == 1 ? self->program->funcs[targets->items[0]].ddi : NULL;
            for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
                if (ddi->effects[i].kind == EFFECT_CLAIM_MAX)
                    return true;
            }
        }
    }
    return false;
}

static void derive_paged_code(Derivation *self) {
    PairSet all = site_pairs_any(self->entry);
    self->out->paged_code = segment_is_pageable(self->func->segment) &&
                            !program_locks_section(self->program, self->func->segment) &&
                            (self->record->flags & (IR_FUNC_INLINE | IR_FUNC_INCOMPLETE)) == 0 &&
                            all != 0 && (all & pairs_at_or_above(IRQL_DISPATCH)) == 0 &&
                            !has_claim(self);
}

void derive_annotations(Arena *arena, const Inferred *inferred, FuncId func, Derived *out) {
    const Program *program = inferred_program(inferred);
    Derivation self = {.arena = arena,
                       .inferred = inferred,
                       .program = program,
                       .id = func,
                       .func = &program->funcs[func],
                       .unit = program_unit(program, func),
                       .record = program_ir(program, func),
                       .entry = inferred_entry(inferred, func),
                       .out = out};
    derive_levels(&self);
    derive_wrapper(&self);
    derive_paged_code(&self);
}
