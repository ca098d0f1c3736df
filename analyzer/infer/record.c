/* record: what an analysis sees at every operation of an instance.
 *
 * Invariant: each analysis of an instance takes the place of the one before, and whatever it
 * depended on makes it run again when it grows, so what is there in the end is the finished
 * fixpoint. Of several ways to reach an operation at a level the shortest one is kept.
 */
#include "analyzer/infer/run.h"

void record_start(Run *run) {
    Instance *instance = instance_of(run);
    const IrUnit *unit = run->unit->ir;
    uint32_t first = UINT32_MAX, end = 0;
    for (uint32_t b = 0; b < run->record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[run->record->first_block + b];
        if (block->op_count == 0)
            continue;
        first = block->first_op < first ? block->first_op : first;
        end = block->first_op + block->op_count > end ? block->first_op + block->op_count : end;
    }
    instance->first_op = first == UINT32_MAX ? 0 : first;
    instance->op_count = first == UINT32_MAX ? 0 : end - first;
    run->states = arena_array_of(run->scratch, OpState, instance->op_count + 1);
    for (uint32_t i = 0; i < instance->op_count; i++)
        run->states[i].held = run->states[i].gone = ~(LockSet)0;
    instance->edges.len = instance->misuses.len = 0;
    instance->lost_worlds = instance->widened = 0;
    run->edge_of_op = arena_array_of(run->scratch, uint32_t, instance->op_count + 1);
}

/* The kept state of the same content; thousands of operations share a few hundred. */
static const OpState *keep_state(Inferred *self, const OpState *state) {
    for (uint64_t seed = 0;; seed++) {
        bool created;
        uint32_t *id = map64_put(self->state_ids, hash_bytes(state, sizeof *state, seed), &created);
        if (!created && memcmp(self->states.items[*id], state, sizeof *state) == 0)
            return self->states.items[*id];
        if (!created)
            continue;
        OpState *kept = arena_alloc(self->arena, sizeof *kept);
        *kept = *state;
        *id = self->states.len;
        array_push(&self->states, self->arena, kept);
        return kept;
    }
}

void record_end(Run *run) {
    Instance *instance = instance_of(run);
    const OpState *last = NULL;
    if (instance->ops == NULL)
        instance->ops = arena_array_of(run->self->arena, const OpState *, instance->op_count + 1);
    for (uint32_t i = 0; i < instance->op_count; i++) {
        if (last == NULL || memcmp(last, &run->states[i], sizeof *last) != 0)
            last = keep_state(run->self, &run->states[i]);
        instance->ops[i] = last;
    }
}

static OpState *op_state(const Run *run, IrOp op) {
    return &run->states[op - instance_of(run)->first_op];
}

static void record_trace(const Run *run, OpState *state, unsigned level, TraceId trace,
                         bool known) {
    const Trace *traces = run->self->traces.items;
    if (!known || traces[trace].len < traces[state->trace[level]].len)
        state->trace[level] = trace;
}

/* In another process the requester's addresses mean something else: who attaches knows. */
static void add_origin(const World *world, uint16_t origin, uint16_t *seen, uint16_t *sure) {
    const uint16_t of_user = ORIGIN_USER | ORIGIN_GIVEN | ORIGIN_BARE;
    if (world->attached)
        origin &= (uint16_t)~of_user;
    *seen |= origin;
    if ((origin & ORIGIN_PARTLY) != 0)
        origin &= (uint16_t)~ORIGIN_BARE;
    if ((origin & ORIGIN_MAYBE) == 0)
        *sure |= origin;
}

static void record_args(Run *run, OpState *state, World *world, const IrOpRec *record) {
    for (uint32_t i = 0; i < record->c && i < MAX_ARG_ORIGINS; i++) {
        AbsValue value = eval(run->self, world, run->func, run->unit->ir->args[record->b + i]);
        add_origin(world, value.origin, &state->arg_origin[i], &state->arg_sure[i]);
    }
}

static void record_conds(Run *run, OpState *state, World *world, const IrOpRec *record, IrOp op) {
    const ProgTargets *targets = &run->self->program->targets[run->unit->op_base + op];
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = run->self->program->funcs[targets->items[t]].ddi;
        for (unsigned c = 0; ddi != NULL && c < ddi->cond_count; c++) {
            Truth truth = eval_cond(run->self, world, run->func, record, &ddi->conds[c]);
            for (unsigned level = 0; level < IRQL_COUNT; level++) {
                if ((world->level & irql_bit(level)) == 0)
                    continue;
                if (truth != TRUTH_FALSE)
                    state->may_hold[level] |= (uint16_t)(1u << c);
                if (truth != TRUTH_TRUE)
                    state->may_fail[level] |= (uint16_t)(1u << c);
            }
        }
    }
}

void record_op(Run *run, World *world, IrOp op) {
    const IrOpRec *record = &run->unit->ir->ops[op];
    OpState *state = op_state(run, op);
    if (world->assumed != ASSUME_NOTHING)
        state->assumed = world->assumed;
    state->held &= world->held;
    state->dropped |= world->dropped;
    state->maybe |= world->maybe;
    state->gone &= world->gone;
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        IrqlSet bit = irql_bit(level);
        if ((world->level & bit) == 0)
            continue;
        record_trace(run, state, level, world->trace, (state->seen & bit) != 0);
        state->seen |= bit;
        if (!world->claimed)
            state->unclaimed |= bit;
        if (!world->lossy)
            state->clear |= bit;
        if (!world->lossy && world->assumed == ASSUME_NOTHING)
            state->sure |= bit;
    }
    if (record->kind == IR_OP_CALL) {
        record_args(run, state, world, record);
        record_conds(run, state, world, record, op);
    } else if (record->kind == IR_OP_LOAD || record->kind == IR_OP_STORE) {
        add_origin(world, eval_access_origin(run->self, world, run->func, record->a),
                   &state->origin, &state->origin_sure);
    }
}

void record_raise(Run *run, const WorldArray *worlds, IrOp op, IrqlSet before) {
    OpState *state = op_state(run, op);
    for (uint32_t i = 0; i < worlds->len; i++) {
        const World *world = &worlds->items[i];
        for (unsigned level = 0; level < IRQL_COUNT; level++) {
            IrqlSet bit = irql_bit(level);
            if ((world->level & bit) == 0 || before == 0 || bit <= before)
                continue;
            record_trace(run, state, level, world->trace,
                         ((state->seen | state->raised) & bit) != 0);
            state->raised |= bit;
        }
    }
}

void record_edge(Run *run, const World *world, IrOp op, Irql level, InstId callee, uint8_t weak) {
    Instance *instance = instance_of(run);
    if (world->lossy)
        weak = ASSUME_LOST_WORLD;
    else if (weak == ASSUME_NOTHING)
        weak = world->assumed;
    IrqlSet meant = run->self->registered[run->self->instances.items[callee]->func];
    if (weak == ASSUME_NOTHING && meant != 0 && irql_bit(level) > meant)
        weak = ASSUME_DIRECT_CALL; /* such calls stand behind conditions of their own */
    uint32_t *newest = &run->edge_of_op[op - instance->first_op];
    for (uint32_t i = *newest; i != 0; i = instance->edges.items[i - 1].next) {
        CallEdge *edge = &instance->edges.items[i - 1];
        if (edge->callee == callee && edge->level == level && edge->weak == weak) {
            edge->claimed = edge->claimed && world->claimed;
            edge->held &= world->held;
            edge->some |= world->held;
            edge->dropped |= world->dropped;
            edge->maybe |= world->maybe;
            edge->gone &= world->gone;
            return;
        }
    }
    CallEdge edge = {.op = op,
                     .level = level,
                     .callee = callee,
                     .weak = weak,
                     .claimed = world->claimed,
                     .trace = world->trace,
                     .held = world->held,
                     .some = world->held,
                     .dropped = world->dropped,
                     .maybe = world->maybe,
                     .gone = world->gone,
                     .next = *newest};
    array_push(&instance->edges, run->self->arena, edge);
    *newest = instance->edges.len;
}
