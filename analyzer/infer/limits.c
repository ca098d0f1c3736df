/* limits: what a body asks of its callers: the highest and the lowest level of an entry.
 *
 * A call that runs at the level of the entry asks for what its row, or the body of its target, asks
 * for. Going backwards over the graph, a branch takes the laxer arm, as the caller may have chosen
 * it; where the result of an API routine decides (a status, a pointer), no caller can choose, so
 * the stricter arm counts. Over the call graph limits only become stricter, so this ends.
 *
 * Invariant: without a reason there is no limit. Errs towards lax: calls after a raise count only
 * when the entry at PASSIVE_LEVEL shows that the level was given back.
 */
#include "analyzer/infer/internal.h"

enum { DEAD = -1 }; /* a path that does not return */

/* What a path asks for. */
typedef struct Demand {
    int level; /* an Irql, or DEAD */
    OpId op;   /* who asks, 0 nobody */
} Demand;

typedef struct PathLimit {
    Demand max; /* at most */
    Demand min; /* at least */
} PathLimit;

static const PathLimit FREE = {{IRQL_HIGH, 0}, {IRQL_PASSIVE, 0}};

typedef struct Limits {
    Inferred *self;          /* the inference */
    FuncId func;             /* the function at hand */
    const IrUnit *unit;      /* its unit */
    const IrFuncRec *record; /* its record */
    Arena *scratch;          /* of one function */
    PathLimit *paths;        /* by block: from its start to the return */
    bool *dirty;             /* by block: the level may have changed before it */
    bool *moves;             /* by FuncId: it, or what it calls, may change the level */
    bool changed;            /* something did */
} Limits;

/* ---- what changes the level ----------------------------------------------------------------- */

static bool ddi_moves(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        unsigned kind = ddi->effects[i].kind;
        if (kind == EFFECT_RAISE || kind == EFFECT_LOWER || kind == EFFECT_ACQUIRE ||
            kind == EFFECT_RELEASE)
            return true;
    }
    return false;
}

static bool call_moves(const Limits *self, OpId op) {
    const Program *program = self->self->program;
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        const ProgFunc *callee = &program->funcs[targets->items[i]];
        if (callee->defined ? self->moves[targets->items[i]]
                            : callee->ddi != NULL && ddi_moves(callee->ddi))
            return true;
    }
    return false;
}

static bool block_moves(const Limits *self, const IrBlockRec *block) {
    for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
        if (self->unit->ops[op].kind == IR_OP_CALL &&
            call_moves(self, program_op_id(self->self->program, self->func, op)))
            return true;
    }
    return false;
}

/* Blocks that a block goes to, as block ids; their number. */
static uint32_t successors(const Limits *self, const IrBlockRec *block, U32Array *out) {
    out->len = 0;
    if (block->term == IR_TERM_GOTO || block->term == IR_TERM_BRANCH)
        array_push(out, self->scratch, block->a);
    if (block->term == IR_TERM_BRANCH)
        array_push(out, self->scratch, block->b);
    if (block->term == IR_TERM_SWITCH) {
        for (uint32_t i = block->a; i < block->a + block->b; i++)
            array_push(out, self->scratch, self->unit->cases[i].target);
        array_push(out, self->scratch, block->c);
    }
    return out->len;
}

/* Which functions may change the level: a fixpoint over calls. */
static void find_moves(Limits *self) {
    const Program *program = self->self->program;
    do {
        self->changed = false;
        for (FuncId func = 1; func < program->func_count; func++) {
            if (!program->funcs[func].defined || self->moves[func])
                continue;
            self->func = func;
            self->unit = program_unit(program, func);
            self->record = program_ir(program, func);
            for (uint32_t b = 0; b < self->record->block_count && !self->moves[func]; b++)
                self->moves[func] =
                    block_moves(self, &self->unit->blocks[self->record->first_block + b]);
            self->changed = self->changed || self->moves[func];
        }
    } while (self->changed);
}

/* Which blocks may begin at another level than that of the entry. */
static void find_dirty(Limits *self) {
    U32Array next = {0};
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t b = 0; b < self->record->block_count; b++) {
            const IrBlockRec *block = &self->unit->blocks[self->record->first_block + b];
            if (!self->dirty[b] && !block_moves(self, block))
                continue;
            successors(self, block, &next);
            for (uint32_t i = 0; i < next.len; i++) {
                bool *dirty = &self->dirty[next.items[i] - self->record->first_block];
                changed = changed || !*dirty;
                *dirty = true;
            }
        }
    }
}

/* ---- what a call asks for ------------------------------------------------------------------- */

/* True when the condition surely holds, whatever the function's arguments are. */
static bool surely_holds(const Limits *self, const IrOpRec *call, const Cond *cond) {
    if (cond->kind == COND_OPAQUE || cond->arg >= call->c)
        return false;
    const IrValueRec *value = &self->unit->values[self->unit->args[call->b + cond->arg]];
    if (value->kind != IR_VALUE_CONST)
        return false;
    int64_t number = ir_const(value);
    switch ((CondKind)cond->kind) {
    case COND_ARG_EQ:
        return number == cond->value;
    case COND_ARG_NE:
        return number != cond->value;
    case COND_ARG_BITS:
        return (number & cond->value) != 0;
    case COND_ARG_NO_BITS:
        return (number & cond->value) == 0;
    case COND_ARG_LT:
        return number < cond->value;
    case COND_ARG_GT:
        return number > cond->value;
    case COND_DEREF_NE:
        return number == 0;
    default:
        return false;
    }
}

static bool surely_hold(const Limits *self, const IrOpRec *call, const Ddi *ddi, CondSet when) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((when >> i & 1) != 0 && !surely_holds(self, call, &ddi->conds[i]))
            return false;
    }
    return true;
}

static Irql lower_of(Irql level, unsigned limit) {
    return limit < level ? (Irql)limit : level;
}

static BodyLimit limit_of_ddi(const Limits *self, const IrOpRec *call, const Ddi *ddi) {
    BodyLimit limit = {.max = IRQL_HIGH, .min = IRQL_PASSIVE};
    if ((ddi->flags & DDI_WEAK) != 0)
        return limit;
    limit.max = lower_of(limit.max, ddi->max);
    for (unsigned i = 0; i < ddi->limit_count; i++) {
        if (surely_hold(self, call, ddi, ddi->limits[i].when))
            limit.max = lower_of(limit.max, ddi->limits[i].max);
    }
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind == EFFECT_CLAIM_MAX && effect->when == 0)
            limit.max = lower_of(limit.max, effect->level);
    }
    if ((ddi->flags & DDI_EXACT_MIN) != 0 && ddi->min <= limit.max)
        limit.min = (Irql)ddi->min;
    return limit;
}

static const OpState *passive_state(const Instance *instance, IrOp op) {
    return instance->entry == IRQL_PASSIVE ? state_at(instance, op) : NULL;
}

/* True when an entry at PASSIVE_LEVEL shows that the level is given back before the operation. */
static bool is_given_back(const Limits *self, IrOp op) {
    const U32Array *instances = &self->self->of_func[self->func];
    bool shown = false;
    for (uint32_t i = 0; i < instances->len; i++) {
        const OpState *state = passive_state(self->self->instances.items[instances->items[i]], op);
        if (state == NULL || state->seen == IRQL_SET_NONE)
            continue;
        if (state->seen != irql_bit(IRQL_PASSIVE) || state->clear != state->seen)
            return false;
        shown = true;
    }
    return shown;
}

static BodyLimit limit_of_call(const Limits *self, OpId id, const IrOpRec *call) {
    const Program *program = self->self->program;
    const ProgTargets *targets = &program->targets[id];
    BodyLimit none = {.max = IRQL_HIGH, .min = IRQL_PASSIVE};
    if (targets->len != 1 || !targets->complete)
        return none;
    const ProgFunc *callee = &program->funcs[targets->items[0]];
    if (callee->defined)
        return self->self->limits[targets->items[0]];
    return callee->ddi == NULL ? none : limit_of_ddi(self, call, callee->ddi);
}

/* ---- paths ---------------------------------------------------------------------------------- */

static void ask_max(Demand *demand, int level, OpId op) {
    if (demand->level == DEAD || level < demand->level)
        *demand = (Demand){level, op};
}

static void ask_min(Demand *demand, int level, OpId op) {
    if (demand->level != DEAD && level > demand->level)
        *demand = (Demand){level, op};
}

/* Operations of a block in front of what follows it. */
static PathLimit before_ops(const Limits *self, uint32_t index, PathLimit after) {
    const IrBlockRec *block = &self->unit->blocks[self->record->first_block + index];
    bool dirty = self->dirty[index];
    PathLimit path = after;
    for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
        const IrOpRec *record = &self->unit->ops[op];
        if (record->kind != IR_OP_CALL || after.max.level == DEAD)
            continue;
        OpId id = program_op_id(self->self->program, self->func, op);
        BodyLimit limit = limit_of_call(self, id, record);
        if (!dirty || is_given_back(self, op)) {
            ask_max(&path.max, (int)limit.max, id);
            if (!dirty)
                ask_min(&path.min, (int)limit.min, id);
        }
        dirty = dirty || call_moves(self, id);
    }
    return path;
}

/* True when the value is what an API routine returned that no caller foresees. */
static bool is_outcome(const Limits *self, IrValue value, unsigned depth);

static bool is_api_outcome(const Limits *self, IrOp op) {
    const Program *program = self->self->program;
    const ProgTargets *targets = &program->targets[program_op_id(program, self->func, op)];
    if (targets->len != 1 || program->funcs[targets->items[0]].ddi == NULL)
        return false;
    FuncId callee = targets->items[0];
    const char *type =
        ir_str(program_unit(program, callee), program_ir(program, callee)->return_type);
    return str_eq(type, "NTSTATUS") || str_eq(type, "PVOID");
}

/* A variable that holds nothing but outcomes and constants. */
static bool is_outcome_local(const Limits *self, uint32_t local, unsigned depth) {
    bool found = false;
    if (local < self->record->param_count)
        return false;
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = &self->unit->blocks[self->record->first_block + b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *record = &self->unit->ops[op];
            const IrPathRec *path = &self->unit->paths[record->a];
            if (record->kind != IR_OP_STORE || path->kind != IR_PATH_LOCAL || path->a != local)
                continue;
            bool constant = self->unit->values[record->b].kind == IR_VALUE_CONST;
            if (!constant && !is_outcome(self, record->b, depth + 1))
                return false;
            found = found || !constant;
        }
    }
    return found;
}

static bool is_outcome(const Limits *self, IrValue value, unsigned depth) {
    const IrValueRec *record = &self->unit->values[value];
    if (depth > 6)
        return false;
    if (record->kind == IR_VALUE_CALL)
        return is_api_outcome(self, record->a);
    if (record->kind == IR_VALUE_UNARY)
        return is_outcome(self, record->b, depth + 1);
    if (record->kind == IR_VALUE_BINARY)
        return (is_outcome(self, record->b, depth + 1) &&
                self->unit->values[record->c].kind == IR_VALUE_CONST) ||
               (is_outcome(self, record->c, depth + 1) &&
                self->unit->values[record->b].kind == IR_VALUE_CONST);
    const IrPathRec *path = &self->unit->paths[record->kind == IR_VALUE_PATH ? record->a : 0];
    return path->kind == IR_PATH_LOCAL && is_outcome_local(self, path->a, depth);
}

static Demand meet_arms(Demand a, Demand b, bool take_higher) {
    if (a.level == DEAD || b.level == DEAD)
        return a.level == DEAD ? b : a;
    bool a_higher = a.level > b.level || (a.level == b.level && a.op > b.op);
    return a_higher == take_higher ? a : b;
}

static PathLimit after_block(const Limits *self, const IrBlockRec *block, U32Array *next) {
    if (block->term == IR_TERM_UNREACHABLE)
        return (PathLimit){{DEAD, 0}, {DEAD, 0}};
    if (successors(self, block, next) == 0)
        return FREE;
    bool strict = block->term == IR_TERM_BRANCH && is_outcome(self, block->cond, 0);
    PathLimit path = {{DEAD, 0}, {DEAD, 0}};
    for (uint32_t i = 0; i < next->len; i++) {
        PathLimit arm = self->paths[next->items[i] - self->record->first_block];
        path.max = meet_arms(path.max, arm.max, !strict);
        path.min = meet_arms(path.min, arm.min, strict);
    }
    return path;
}

static bool same_path(PathLimit a, PathLimit b) {
    return a.max.level == b.max.level && a.min.level == b.min.level && a.max.op == b.max.op &&
           a.min.op == b.min.op;
}

static PathLimit solve_paths(Limits *self) {
    U32Array next = {0};
    uint32_t count = self->record->block_count;
    for (uint32_t b = 0; b < count; b++)
        self->paths[b] = FREE;
    bool changed = true;
    for (uint32_t round = 0; changed && round < count + 8; round++) {
        changed = false;
        for (uint32_t b = count; b-- > 0;) {
            const IrBlockRec *block = &self->unit->blocks[self->record->first_block + b];
            PathLimit path = before_ops(self, b, after_block(self, block, &next));
            changed = changed || !same_path(path, self->paths[b]);
            self->paths[b] = path;
        }
    }
    return changed || count == 0 ? FREE : self->paths[0];
}

static void solve_function(Limits *self, FuncId func) {
    const Program *program = self->self->program;
    self->func = func;
    self->unit = program_unit(program, func);
    self->record = program_ir(program, func);
    self->paths = arena_array_of(self->scratch, PathLimit, self->record->block_count + 1);
    self->dirty = arena_array_of(self->scratch, bool, self->record->block_count + 1);
    find_dirty(self);
    PathLimit path = solve_paths(self);
    BodyLimit *limit = &self->self->limits[func];
    BodyLimit old = *limit;
    if (path.max.level != DEAD && path.max.level < (int)limit->max) {
        limit->max = (Irql)path.max.level;
        limit->max_op = path.max.op;
    }
    if (path.min.level != DEAD && path.min.level > (int)limit->min) {
        limit->min = (Irql)path.min.level;
        limit->min_op = path.min.op;
    }
    self->changed = self->changed || old.max != limit->max || old.min != limit->min;
}

static bool is_pageable(const Program *program, FuncId func) {
    const char *segment = program->funcs[func].segment;
    return segment_is_pageable(segment) && !program_locks_section(program, segment) &&
           (program_ir(program, func)->flags & IR_FUNC_INLINE) == 0;
}

void limits_find(Inferred *self) {
    const Program *program = self->program;
    self->limits = arena_array_of(self->arena, BodyLimit, program->func_count);
    Limits limits = {.self = self, .scratch = arena_new()};
    limits.moves = arena_array_of(self->arena, bool, program->func_count);
    find_moves(&limits);
    for (FuncId func = 1; func < program->func_count; func++) {
        bool paged = program->funcs[func].defined && is_pageable(program, func);
        self->limits[func].max = paged ? IRQL_APC : IRQL_HIGH;
    }
    do {
        limits.changed = false;
        for (FuncId func = 1; func < program->func_count; func++) {
            if (program->funcs[func].defined)
                solve_function(&limits, func);
            arena_reset(limits.scratch);
        }
    } while (limits.changed);
    arena_free(limits.scratch);
}

/* ---- questions ------------------------------------------------------------------------------ */

BodyLimit inferred_body_limit(const Inferred *self, FuncId func) {
    return self->limits[func];
}

IrqlSet inferred_exits(const Inferred *self, FuncId func, Irql entry) {
    IrqlSet levels = IRQL_SET_NONE;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        if (instance->entry != entry || !instance->reached)
            continue;
        for (uint32_t e = 0; e < instance->exits.len; e++) {
            const World *world = &instance->exits.items[e]->world;
            if (world->lossy)
                return IRQL_SET_NONE;
            levels |= world->level;
        }
    }
    return levels;
}

/* The place that holds PASSIVE_LEVEL for certain at an exit, as seen from outside. */
static Place saved_at_exit(const Inferred *self, FuncId func, const Exit *exit) {
    if (abs_is_const(exit->result) && exit->result.lo == 0)
        return (Place){.kind = PLACE_RETURN};
    for (uint8_t i = 0; i < exit->world.var_len; i++) {
        const Var *var = &exit->world.vars[i];
        const PlaceRec *place = &self->places.items[var->place];
        const PlaceRec *base = &self->places.items[place->kind == PLACE_DEREF ? place->a : 0];
        if (abs_is_const(var->value) && var->value.lo == 0 && base->kind == PLACE_LOCAL &&
            base->a == func && base->b < program_ir(self->program, func)->param_count)
            return (Place){.kind = PLACE_OUT, .arg = (uint8_t)base->b};
    }
    return (Place){.kind = PLACE_NONE};
}

Place inferred_saves_level(const Inferred *self, FuncId func) {
    Place saved = {.kind = PLACE_NONE};
    bool first = true;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        for (uint32_t e = 0; instance->entry == IRQL_PASSIVE && e < instance->exits.len; e++) {
            Place place = saved_at_exit(self, func, instance->exits.items[e]);
            if (!first && (place.kind != saved.kind || place.arg != saved.arg))
                return (Place){.kind = PLACE_NONE};
            saved = place;
            first = false;
        }
    }
    return saved;
}
