/* engine: tabulation. Every function is analysed once per entry state (level, deciding arguments);
 * summaries make callees transparent; recursion is a fixpoint over a worklist.
 *
 * Invariant: summaries only grow, so the analysis ends; when the worklist is empty, running any
 * instance again changes nothing. Joins that lose precision are marked in the world (`lossy`) and
 * can never make a finding certain.
 */
#include "analyzer/infer/run.h"

#include <assert.h>

/* ---- blocks -------------------------------------------------------------------------------- */

static void queue_block(Run *run, uint32_t block) {
    if (run->blocks[block].queued)
        return;
    run->blocks[block].queued = true;
    run->any_queued = true;
}

static World *push_world(Run *run, BlockState *state, const World *world) {
    World *added = arena_alloc(run->scratch, world_size(world));
    world_copy(added, world);
    added->merges = 0;
    array_push(&state->worlds, run->scratch, added);
    return added;
}

/* The block's catch-all world, made when there is none and no room for another; NULL: not needed.
 */
static World *find_lossy(Run *run, BlockState *state, const World *world) {
    for (uint32_t i = 0; i < state->worlds.len; i++) {
        if (state->worlds.items[i]->lossy)
            return state->worlds.items[i];
    }
    bool full = state->worlds.len >= MAX_WORLDS;
    if (!full && !world->lossy)
        return NULL;
    if (!full) {
        World *added = push_world(run, state, world);
        added->lock_len = 0;
        added->dirty = true;
        return added;
    }
    World *all = state->worlds.items[MAX_WORLDS - 1];
    all->lossy = true;
    all->lock_len = 0;
    return all;
}

/* Joins a world into the catch-all world, which knows little and says so. */
static bool join_lossy(Run *run, World *all, const World *world) {
    World before;
    world_copy(&before, all);
    instance_of(run)->lost_worlds++;
    all->level |= world->level;
    all->base |= world->base;
    all->claimed = all->claimed && world->claimed;
    all->attached = all->attached || world->attached;
    all->trusted = all->trusted && world->trusted;
    bool changed = world_merge(all, world, true);
    return changed || !world_same_state(all, &before);
}

/* The known world that differs from this one in variables only, or NULL. */
static World *find_same_state(BlockState *state, const World *world) {
    for (uint32_t i = 0; i < state->worlds.len; i++) {
        if (world_same_state(state->worlds.items[i], world))
            return state->worlds.items[i];
    }
    return NULL;
}

static void add_world(Run *run, uint32_t block, const World *world) {
    BlockState *state = &run->blocks[block];
    World *known = world->lossy ? NULL : find_same_state(state, world);
    if (known != NULL) {
        const Trace *traces = run->self->traces.items;
        if (traces[world->trace].len < traces[known->trace].len)
            known->trace = world->trace;
        if (!world_merge(known, world, known->merges > 3))
            return;
        known->merges += known->merges < 100;
    } else if (!world->lossy && state->worlds.len < MAX_WORLDS) {
        known = push_world(run, state, world);
    } else {
        known = find_lossy(run, state, world);
        if (!join_lossy(run, known, world) && !known->dirty)
            return;
    }
    known->dirty = true;
    queue_block(run, block);
}

/* True when `region` is `inside` or encloses it. */
static bool encloses(const Run *run, uint32_t region, uint32_t inside) {
    while (inside != 0 && inside != region)
        inside = run->unit->ir->regions[inside].parent;
    return inside == region;
}

static void flow_to_handler(Run *run, uint32_t region, const World *world);

static void flow(Run *run, uint32_t from_region, IrBlock target, const World *world) {
    uint32_t region = run->unit->ir->blocks[target].region;
    if (region != 0 && !encloses(run, region, from_region))
        flow_to_handler(run, region, world); /* something in the __try may fault at once */
    add_world(run, target - run->record->first_block, world);
}

static void flow_to_handler(Run *run, uint32_t region, const World *world) {
    while (region != 0 && run->unit->ir->regions[region].kind != IR_REGION_EXCEPT)
        region = run->unit->ir->regions[region].parent;
    if (region != 0 && run->unit->ir->regions[region].handler != 0)
        add_world(run, run->unit->ir->regions[region].handler - run->record->first_block, world);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void run_instance(Inferred *self, InstId id, InstId reader);

/* The instance for this call, analysed as far as it can be now. */
static Instance *visit_callee(Run *run, const World *world, IrOp op, FuncId callee, Irql level,
                              Irql entry, const Var *key, uint8_t key_len, IrqlSet base,
                              uint8_t weak) {
    Inferred *self = run->self;
    InstId id = instance_get(self, callee, entry, base, key, key_len);
    Instance *instance = self->instances.items[id];
    record_edge(run, world, op, level, id, weak);
    bool first = instance_add_caller(self, id, run->id);
    if (!instance->started && self->depth < CALL_DEPTH_LIMIT)
        run_instance(self, id, first ? run->id : 0);
    return instance;
}

static void call_defined(Run *run, const World *start, IrOp op, FuncId callee, uint8_t weak,
                         WorldArray *out) {
    const IrOpRec *call = &run->unit->ir->ops[op];
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        if ((start->level & irql_bit(level)) == 0)
            continue;
        World world;
        world_copy(&world, start);
        world.level = irql_bit(level);
        Var key[MAX_KEY_VARS];
        uint8_t key_len = call_key(run->self, &world, run->func, call, callee, key);
        IrqlSet base = call_base(run->self, &world, callee);
        bool widened = !instance_has_room(run->self, callee, (Irql)level, base, key, key_len);
        instance_of(run)->widened += widened;
        const Instance *instance =
            visit_callee(run, &world, op, callee, (Irql)level, (Irql)level, key,
                         widened ? 0 : key_len, base, widened ? (uint8_t)ASSUME_LOST_WORLD : weak);
        for (uint32_t e = 0; e < instance->exits.len; e++) {
            World *after = worlds_add(out, run->self->arena, &world);
            call_apply_exit(run->self, after, run->func, op, callee, instance->exits.items[e]);
            after->lossy = after->lossy || widened || instance_is_doubtful(instance, e) ||
                           (weak != ASSUME_NOTHING && after->level != world.level);
        }
    }
}

/* Callbacks that an API function calls before it returns: analysed for their own sake. */
static void call_callbacks(Run *run, const World *world, IrOp op, const Ddi *ddi) {
    const uint32_t *first = map64_get(run->self->callbacks, run->unit->op_base + op);
    for (unsigned i = 0; first != NULL && i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind != EFFECT_CALL)
            continue;
        for (uint32_t s = *first; s != 0; s = run->self->sync.items[s - 1].next) {
            for (unsigned level = 0; level < IRQL_COUNT; level++) {
                if ((world->level & irql_bit(level)) == 0)
                    continue;
                Irql entry = effect->level < IRQL_COUNT && effect->level > level
                                 ? (Irql)effect->level
                                 : (Irql)level;
                visit_callee(run, world, op, run->self->sync.items[s - 1].func, (Irql)level, entry,
                             NULL, 0, irql_bit(entry), ASSUME_NOTHING);
            }
        }
    }
}

static bool may_raise_exception(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_RAISES_EXCEPTION ||
            ddi->effects[i].kind == EFFECT_NORETURN)
            return true;
    }
    return false;
}

static void call_api(Run *run, const World *start, IrOp op, const Ddi *ddi, uint32_t region,
                     WorldArray *out) {
    worlds_add(out, run->self->arena, start);
    uint32_t index = out->len - 1;
    if (ddi == NULL) {
        transfer_havoc(run->self, &out->items[index], run->func, &run->unit->ir->ops[op], NULL);
        stores_by_call(run->self, &out->items[index], run->func, op);
        return;
    }
    if (region != 0 && may_raise_exception(ddi))
        flow_to_handler(run, region, start);
    call_callbacks(run, start, op, ddi);
    transfer_ddi(run->self, out, index, run->func, op, ddi, run->self->arena);
}

/* Merges worlds that agree, so that many targets do not multiply them. */
static void compact(WorldArray *worlds) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < worlds->len; i++) {
        bool merged = worlds->items[i].level == 0; /* dead */
        for (uint32_t k = 0; k < kept && !merged && worlds->len > 4; k++) {
            if (!world_same_state(&worlds->items[k], &worlds->items[i]))
                continue;
            world_merge(&worlds->items[k], &worlds->items[i], false);
            merged = true;
        }
        if (!merged && kept != i)
            world_copy(&worlds->items[kept], &worlds->items[i]);
        kept += !merged;
    }
    worlds->len = kept;
}

/* Targets that leave different levels or locks: which of them was called decides what follows. */
static void doubt_if_different(WorldArray *worlds, uint32_t first) {
    bool differ = false;
    for (uint32_t i = first + 1; i < worlds->len; i++)
        differ = differ || worlds->items[i].level != worlds->items[first].level ||
                 worlds->items[i].lock_len != worlds->items[first].lock_len;
    for (uint32_t i = first; differ && i < worlds->len; i++)
        worlds->items[i].lossy = true;
}

static void visit_call(Run *run, IrOp op, uint32_t region) {
    const Program *program = run->self->program;
    const ProgTargets *targets = &program->targets[run->unit->op_base + op];
    WorldArray *out = &run->next;
    uint8_t weak = targets->len > 1 ? ASSUME_CALL_TARGET : ASSUME_NOTHING;
    IrqlSet before = 0;
    out->len = 0;
    for (uint32_t w = 0; w < run->now.len; w++) {
        const World *start = &run->now.items[w];
        uint32_t first = out->len;
        before |= start->level;
        if (targets->len == 0)
            call_api(run, start, op, NULL, region, out);
        for (uint32_t t = 0; t < targets->len; t++) {
            const ProgFunc *callee = &program->funcs[targets->items[t]];
            if (callee->defined && region != 0 && run->self->facts[targets->items[t]].raises)
                flow_to_handler(run, region, start);
            if (callee->defined)
                call_defined(run, start, op, targets->items[t], weak, out);
            else
                call_api(run, start, op, callee->ddi, region, out);
        }
        if (targets->len > 1)
            doubt_if_different(out, first);
    }
    compact(out);
    WorldArray used = run->now;
    run->now = run->next;
    run->next = used;
    record_raise(run, &run->now, op, before);
}

/* ---- one function --------------------------------------------------------------------------- */

static void forget_local(Run *run, World *world, uint32_t index) {
    PlaceId local = place_make(run->self, PLACE_LOCAL, run->func, index);
    for (uint8_t v = 0; v < world->var_len;) {
        if (place_depends_on(run->self, world->vars[v].place, local))
            world_drop(world, world->vars[v].place);
        else
            v++;
    }
}

static void visit_op(Run *run, IrOp op, uint32_t region) {
    const IrOpRec *record = &run->unit->ir->ops[op];
    for (uint32_t w = 0; w < run->now.len; w++) {
        World *world = &run->now.items[w];
        record_op(run, world, op);
        if (record->kind == IR_OP_STORE)
            transfer_store(run->self, world, run->func, op);
        else if (record->kind == IR_OP_SCOPE)
            forget_local(run, world, record->a);
    }
    if (record->kind == IR_OP_CALL)
        visit_call(run, op, region);
}

static void drop_results(Run *run, World *world) {
    for (uint8_t v = 0; v < world->var_len;) {
        if (run->self->places.items[world->vars[v].place].kind == PLACE_RESULT)
            world_drop(world, world->vars[v].place);
        else
            v++;
    }
}

static void add_exit(Run *run, World *world, const IrBlockRec *block) {
    Exit exit;
    call_make_exit(run->self, world, run->func, block->cond, &exit);
    if (instance_add_exit(run->self, instance_of(run), &exit))
        run->exits_changed = true;
    ReturnState *state =
        arena_alloc(run->scratch, offsetof(ReturnState, world) + world_size(world));
    state->at = block->term_loc;
    state->result = exit.result;
    world_copy(&state->world, world);
    array_push(&run->returns, run->scratch, state);
}

static void visit_switch(Run *run, uint32_t index, World *world) {
    const IrBlockRec *block = &run->unit->ir->blocks[run->record->first_block + index];
    AbsValue value = eval(run->self, world, run->func, block->cond);
    bool decided = false;
    for (uint32_t i = block->a; i < block->a + block->b; i++) {
        const IrCaseRec *one = &run->unit->ir->cases[i];
        if (value.hi < one->low || value.lo > one->high)
            continue;
        World taken;
        world_copy(&taken, world);
        if (one->low == one->high &&
            !assume(run->self, &taken, run->func, block->cond, one->low != 0))
            continue;
        drop_results(run, &taken);
        flow(run, block->region, one->target, &taken);
        decided = decided || (abs_is_const(value) && one->low <= value.lo && value.lo <= one->high);
    }
    choice_note_branch(run, index, world, !decided);
    if (!decided && block->c != 0) {
        drop_results(run, world);
        flow(run, block->region, block->c, world);
    }
}

static void visit_branch(Run *run, uint32_t index, World *world) {
    const IrBlockRec *block = &run->unit->ir->blocks[run->record->first_block + index];
    World other;
    world_copy(&other, world);
    bool yes = assume(run->self, world, run->func, block->cond, true);
    bool no = assume(run->self, &other, run->func, block->cond, false);
    choice_note_branch(run, index, world, yes && no);
    if (yes) {
        drop_results(run, world);
        flow(run, block->region, block->a, world);
    }
    if (no) {
        drop_results(run, &other);
        flow(run, block->region, block->b, &other);
    }
}

static void visit_terminator(Run *run, uint32_t index, World *world) {
    const IrBlockRec *block = &run->unit->ir->blocks[run->record->first_block + index];
    switch ((IrTermKind)block->term) {
    case IR_TERM_GOTO:
        drop_results(run, world);
        flow(run, block->region, block->a, world);
        break;
    case IR_TERM_BRANCH:
        visit_branch(run, index, world);
        break;
    case IR_TERM_SWITCH:
        visit_switch(run, index, world);
        break;
    case IR_TERM_RETURN:
        add_exit(run, world, block);
        break;
    default:
        break;
    }
}

uint32_t run_block_of(const Run *run, OpId op) {
    IrOp local = op - run->unit->op_base;
    for (uint32_t b = 0; b < run->record->block_count; b++) {
        const IrBlockRec *block = &run->unit->ir->blocks[run->record->first_block + b];
        if (local >= block->first_op && local < block->first_op + block->op_count)
            return b;
    }
    return UINT32_MAX;
}

static void visit_block(Run *run, uint32_t index) {
    const IrBlockRec *block = &run->unit->ir->blocks[run->record->first_block + index];
    for (uint32_t w = 0; w < run->blocks[index].worlds.len; w++) {
        World *start = run->blocks[index].worlds.items[w];
        if (!start->dirty)
            continue;
        start->dirty = false;
        run->now.len = 0;
        worlds_add(&run->now, run->self->arena, start);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++)
            visit_op(run, op, block->region);
        choice_note_block(run, index, start);
        for (uint32_t i = 0; i < run->now.len; i++)
            visit_terminator(run, index, &run->now.items[i]);
    }
}

typedef struct OrderItem {
    uint32_t block; /* of the function */
    uint32_t next;  /* successor to look at */
} OrderItem;

uint32_t run_successor(const Run *run, uint32_t index, uint32_t n) {
    const IrUnit *unit = run->unit->ir;
    const IrBlockRec *block = &unit->blocks[run->record->first_block + index];
    uint32_t first = run->record->first_block, handler = 0;
    if (block->region != 0)
        handler = unit->regions[block->region].handler;
    if (n == 0)
        return handler != 0 ? handler - first : run_successor(run, index, 1);
    if (block->term == IR_TERM_GOTO && n == 1)
        return block->a - first;
    if (block->term == IR_TERM_BRANCH && n <= 2)
        return (n == 1 ? block->a : block->b) - first;
    if (block->term == IR_TERM_SWITCH && n <= block->b)
        return unit->cases[block->a + n - 1].target - first;
    if (block->term == IR_TERM_SWITCH && n == block->b + 1 && block->c != 0)
        return block->c - first;
    return UINT32_MAX;
}

/* Reverse postorder: predecessors before successors, but for loops. */
static void find_order(Run *run) {
    uint32_t count = run->record->block_count;
    bool *seen = arena_array_of(run->scratch, bool, count + 1);
    Array(OrderItem) stack = {0};
    array_reserve(&run->order, run->scratch, count + 1);
    uint32_t at = count;
    seen[0] = true;
    array_push(&stack, run->scratch, (OrderItem){0, 0});
    while (stack.len != 0) {
        OrderItem *top = &stack.items[stack.len - 1];
        uint32_t next = run_successor(run, top->block, top->next++);
        if (next == UINT32_MAX) {
            run->order.items[--at] = top->block;
            stack.len--;
        } else if (!seen[next]) {
            seen[next] = true;
            array_push(&stack, run->scratch, (OrderItem){next, 0});
        }
    }
    memmove(run->order.items, run->order.items + at, sizeof(uint32_t) * (count - at));
    run->order.len = count - at;
}

static void visit_blocks(Run *run) {
    while (run->any_queued) {
        run->any_queued = false;
        for (uint32_t i = 0; i < run->order.len; i++) {
            uint32_t block = run->order.items[i];
            if (!run->blocks[block].queued)
                continue;
            run->blocks[block].queued = false;
            visit_block(run, block);
        }
    }
}

/* Memory for an analysis at the present depth; where it lies may change when it goes deeper. */
static RunMemory memory_take(Inferred *self) {
    while (self->memory.len <= self->depth)
        array_push(&self->memory, self->arena, (RunMemory){.scratch = arena_new()});
    return self->memory.items[self->depth];
}

static void memory_give_back(Run *run) {
    arena_reset(run->scratch);
    run->self->memory.items[run->self->depth] = (RunMemory){run->scratch, run->now, run->next};
}

static void analyse(Run *run) {
    const Instance *instance = instance_of(run);
    World world = {.level = irql_bit(instance->entry),
                   .base = (IrqlSet)(instance->base & ~BASE_FLAGS),
                   .attached = (instance->base & BASE_ATTACHED) != 0,
                   .trusted = (instance->base & BASE_TRUSTED) != 0};
    if ((instance->base & BASE_CANCEL) != 0)
        lock_push(&world, (HeldLock){.place = lockset_global(run->self, "cancel"),
                                     .lock_class = LOCK_CANCEL,
                                     .before = irql_bit(IRQL_PASSIVE)});
    for (uint8_t i = 0; i < instance->key_len; i++)
        world_set(&world, instance->key[i].place, instance->key[i].value);
    run->blocks = arena_array_of(run->scratch, BlockState, run->record->block_count + 1);
    record_start(run);
    if (run->record->block_count != 0) {
        find_order(run);
        flow(run, 0, run->record->first_block, &world);
        visit_blocks(run);
    }
    record_end(run);
    misuse_at_returns(run);
}

/* `reader` (0: none) looks at the summary right after this and not before: it need not run again.
 */
static void run_instance(Inferred *self, InstId id, InstId reader) {
    Instance *instance = self->instances.items[id];
    RunMemory memory = memory_take(self);
    Run run = {.self = self,
               .id = id,
               .func = instance->func,
               .scratch = memory.scratch,
               .now = memory.now,
               .next = memory.next,
               .unit = &self->program->units[self->program->funcs[instance->func].unit],
               .record = program_ir(self->program, instance->func)};
    instance->started = true;
    self->stats.analyses++;
    instance->queued = false;
    InstId outer = self->current;
    self->current = id;
    self->depth++;
    analyse(&run);
    self->depth--;
    self->current = outer;
    memory_give_back(&run);
    for (uint32_t i = 0; run.exits_changed && i < instance->callers.len; i++) {
        if (instance->callers.items[i] != reader)
            instance_queue(self, instance->callers.items[i]);
    }
}

void engine_run(Inferred *self) {
    for (uint32_t next = 0; next < self->worklist.len; next++) {
        InstId id = self->worklist.items[next];
        if (self->instances.items[id]->queued)
            run_instance(self, id, 0);
    }
    self->worklist.len = 0;
}

static void forget(Instance *instance) {
    instance->ops = NULL;
    instance->op_count = 0;
    instance->edges.len = instance->misuses.len = 0;
}

/* Entry states that calls had only before something grew are reached no more. */
void engine_prune(Inferred *self) {
    self->stats.lost_worlds = self->stats.widened = 0;
    for (InstId id = 1; id < self->instances.len; id++)
        self->instances.items[id]->reached = false;
    self->pruning = true;
    contexts_make_roots(self);
    self->pruning = false;
    for (uint32_t next = 0; next < self->worklist.len; next++) {
        Instance *instance = self->instances.items[self->worklist.items[next]];
        assert(instance->started && !instance->queued); /* a fixpoint */
        if (instance->reached)
            continue;
        instance->reached = true;
        self->stats.lost_worlds += instance->lost_worlds;
        self->stats.widened += instance->widened;
        for (uint32_t e = 0; e < instance->edges.len; e++)
            array_push(&self->worklist, self->arena, instance->edges.items[e].callee);
    }
    self->worklist.len = 0;
    for (InstId id = 1; id < self->instances.len; id++) {
        if (!self->instances.items[id]->reached)
            forget(self->instances.items[id]);
    }
}

uint32_t engine_unstable(Inferred *self) {
    uint32_t before = self->instances.len;
    for (InstId id = 1; id < before; id++)
        run_instance(self, id, 0);
    uint32_t changes = self->instances.len - before;
    for (InstId id = 1; id < before; id++)
        changes += self->instances.items[id]->queued; /* a caller or reader of what changed */
    engine_end(self);
    return changes;
}

void engine_end(Inferred *self) {
    for (uint32_t i = 0; i < self->memory.len; i++)
        arena_free(self->memory.items[i].scratch);
    self->memory.len = 0;
}
