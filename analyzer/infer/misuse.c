/* misuse: what functions do wrong with levels and locks, noted while the final pass goes over them.
 *
 * Invariant: a note speaks of a state that inference foresees; whether it is reached, how sure and
 * in which context is decided when it is asked for. Errs towards silence: where returns can be told
 * apart by the result, or by what the caller can see, the caller may know what is held.
 */
#include "analyzer/infer/internal.h"

static bool same_note(const Misuse *a, const Misuse *b) {
    return a->kind == b->kind && a->op == b->op && a->other == b->other && a->lock == b->lock &&
           a->root_only == b->root_only && a->if_held == b->if_held && a->at.line == b->at.line &&
           a->at.file == b->at.file;
}

static void add_note(Inferred *self, Instance *instance, Misuse misuse) {
    for (uint32_t i = 0; i < instance->misuses.len; i++) {
        Misuse *known = &instance->misuses.items[i];
        if (!same_note(known, &misuse))
            continue;
        known->levels |= misuse.levels;
        known->after |= misuse.after;
        known->clear = known->clear || misuse.clear;
        known->claimed = known->claimed && misuse.claimed;
        return;
    }
    array_push(&instance->misuses, self->arena, misuse);
}

void misuse_note(Inferred *self, const World *world, Misuse misuse) {
    if (!self->recording)
        return;
    misuse.clear = !world->lossy;
    misuse.claimed = world->claimed;
    add_note(self, self->instances.items[self->current], misuse);
}

/* ---- returns --------------------------------------------------------------------------------- */

static bool is_disjoint(AbsValue a, AbsValue b) {
    return abs_compare(IR_EQ, a, b) == TRUTH_FALSE;
}

static bool is_pointer_type(const Inferred *self, FuncId func, uint32_t local) {
    const IrUnit *unit = program_unit(self->program, func);
    const IrLocalRec *record = &unit->locals[program_ir(self->program, func)->first_local + local];
    const char *type = ir_str(unit, record->type);
    return record->type_key != 0 || strchr(type, '*') != NULL;
}

/* True when the caller knows what the variable holds, and that it decides: an argument that is no
 * pointer, what a pointer passed points at, a mark left in memory that outlives the call. A test
 * of some object's state is none of these. */
static bool is_known_outside(const Inferred *self, FuncId func, const Var *var) {
    const PlaceRec *record = &self->places.items[var->place];
    if (record->kind == PLACE_LOCAL)
        return record->b < program_ir(self->program, func)->param_count &&
               (self->facts[func].reassigned & param_bit(record->b)) == 0 &&
               !is_pointer_type(self, func, record->b);
    if (record->kind == PLACE_DEREF)
        return true;
    return var->value.stored != 0 && !place_is_local(self, var->place);
}

/* True when the caller knows beforehand, or by what is left in memory, which of the returns it is.
 */
static bool can_foresee(const Inferred *self, FuncId func, const ReturnState *a,
                        const ReturnState *b) {
    for (uint8_t i = 0; i < a->world.var_len; i++) {
        const Var *var = &a->world.vars[i];
        AbsValue *other = world_var((World *)&b->world, var->place);
        if (other != NULL && is_disjoint(var->value, *other) && is_known_outside(self, func, var))
            return true;
    }
    return false;
}

/* True when the caller can see which of the two returns it was. */
static bool can_tell_apart(const Inferred *self, FuncId func, const ReturnState *a,
                           const ReturnState *b) {
    return is_disjoint(a->result, b->result) || can_foresee(self, func, a, b);
}

/* A failure, while the other one is a success: no routine that takes a lock for its caller keeps it
 * when it fails. */
static bool fails_only(const ReturnState *one, const ReturnState *other) {
    bool negative = one->result.hi < 0 && other->result.lo >= 0;
    bool zero = one->result.lo == 0 && one->result.hi == 0 &&
                abs_truth(other->result) == TRUTH_TRUE && other->result.hi > 0;
    return negative || zero;
}

/* Gives back what nobody took: the lock, or one that has no name. */
static bool gives_unheld(const World *world, const HeldLock *lock) {
    for (uint8_t i = 0; i < world->lock_len; i++) {
        const HeldLock *given = &world->locks[i];
        if (given->released && !given->again && given->lock_class == lock->lock_class &&
            (given->place == lock->place || given->place == 0))
            return true;
    }
    return false;
}

static bool holds(const World *world, const HeldLock *lock) {
    for (uint8_t i = 0; i < world->lock_len; i++) {
        const HeldLock *held = &world->locks[i];
        if (!held->released && held->place == lock->place && held->lock_class == lock->lock_class)
            return true;
    }
    return false;
}

/* The level a return should leave behind. */
static IrqlSet level_due(const Instance *instance) {
    return (instance->base & BASE_CANCEL) != 0 ? (IrqlSet)(instance->base & ~BASE_FLAGS)
                                               : irql_bit(instance->entry);
}

static bool is_balanced(const Instance *instance, const ReturnState *state) {
    return state->world.level == level_due(instance) && state->world.lock_len == 0;
}

/* Took the lock too, gave it back, and has none instead of it. */
static bool gave_back(Inferred *self, const World *world, const ReturnState *state,
                      const HeldLock *lock) {
    if ((world->given >> lockset_bit(self, lock->place) & 1) == 0 || holds(world, lock))
        return false;
    for (uint8_t i = 0; i < world->lock_len; i++) {
        if (!world->locks[i].released && !holds(&state->world, &world->locks[i]))
            return false;
    }
    return true;
}

/* True when another return gives back the lock (NULL: leaves all as it was), and the caller cannot
 * know. */
static bool is_leak(Inferred *self, const Instance *instance, const ReturnState *const *returns,
                    uint32_t count, const ReturnState *state, const HeldLock *lock) {
    for (uint32_t i = 0; i < count; i++) {
        const ReturnState *other = returns[i];
        bool without = lock != NULL ? gave_back(self, &other->world, state, lock)
                                    : is_balanced(instance, other);
        if (without && !other->world.lossy &&
            (!can_tell_apart(self, instance->func, state, other) || fails_only(state, other)))
            return true;
    }
    return false;
}

static bool has_given(Inferred *self, const World *world, const HeldLock *lock) {
    return (world->given >> lockset_bit(self, lock->place) & 1) != 0;
}

/* Some return took the lock in this function. */
static bool is_taken_here(Inferred *self, const ReturnState *const *returns, uint32_t count,
                          const HeldLock *lock) {
    for (uint32_t i = 0; i < count; i++) {
        if (has_given(self, &returns[i]->world, lock) || holds(&returns[i]->world, lock))
            return true;
    }
    return false;
}

/* True when the state looks like two tests of one condition that inference did not see as one: some
 * returns keep the lock and others give it back without having taken it, or do neither. */
static bool is_correlation(Inferred *self, const Instance *instance,
                           const ReturnState *const *returns, uint32_t count,
                           const ReturnState *state, const HeldLock *lock) {
    bool here = is_taken_here(self, returns, count, lock);
    for (uint32_t i = 0; i < count && here && !lock->again; i++) {
        const World *world = &returns[i]->world;
        bool without =
            !holds(world, lock) && !gives_unheld(world, lock) && !has_given(self, world, lock);
        if (!lock->released && gives_unheld(world, lock))
            return true;
        if (lock->released &&
            (holds(world, lock) ||
             (without && !can_tell_apart(self, instance->func, state, returns[i]))))
            return true;
    }
    return false;
}

/* True when the function gives back a lock that it took only on other ways to the same place, or
 * gives it back twice: whatever the caller holds. */
static bool is_own_release(Inferred *self, const Instance *instance,
                           const ReturnState *const *returns, uint32_t count,
                           const ReturnState *state, const HeldLock *lock) {
    if (lock->again || is_correlation(self, instance, returns, count, state, lock))
        return lock->again;
    bool taken = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!has_given(self, &returns[i]->world, lock))
            continue;
        if (can_foresee(self, instance->func, state, returns[i]))
            return false;
        taken = true;
    }
    return taken;
}

static FuncId func_of_op(const Inferred *self, OpId op);

static void note_lock(Inferred *self, Instance *instance, const ReturnState *state,
                      const HeldLock *lock, bool leak, bool doubtful) {
    bool own = leak || lock->op == 0; /* shown as this function sees it, else where it happened */
    IrqlSet before = lock->before != 0 && lock->op != 0 ? lock->before : irql_bit(instance->entry);
    add_note(self, instance,
             (Misuse){.kind = lock->released ? MISUSE_RELEASED_UNHELD : MISUSE_HELD_AT_RETURN,
                      .clear = !state->world.lossy && !doubtful,
                      .claimed = state->world.claimed,
                      .root_only = !leak,
                      .levels = before,
                      .after = state->world.level,
                      .op = own ? lock->via : lock->op,
                      .taken = lock->op,
                      .func = own ? instance->func : func_of_op(self, lock->op),
                      .at = state->at,
                      .lock = lock->place});
}

/* True when the call has to do with locks. */
static bool is_about_locks(const Inferred *self, OpId op) {
    const ProgTargets *targets = &self->program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        const ProgFunc *callee = &self->program->funcs[targets->items[i]];
        if (callee->defined && self->facts[targets->items[i]].syncs)
            return true;
        for (unsigned e = 0; callee->ddi != NULL && e < callee->ddi->effect_count; e++) {
            EffectKind kind = (EffectKind)callee->ddi->effects[e].kind;
            if (kind == EFFECT_ACQUIRE || kind == EFFECT_RELEASE)
                return true;
        }
    }
    return false;
}

/* Leaves at another level, with no lock to show for it. A level that a lock raised and that
 * outlives it belongs to a pair that inference did not see as one. */
static void note_level(Inferred *self, Instance *instance, const ReturnState *state, bool leak) {
    const Trace *last = &self->traces.items[state->world.trace];
    bool own = last->op != 0 && last->func == instance->func;
    if (state->world.level > level_due(instance) && last->op != 0 && is_about_locks(self, last->op))
        return;
    add_note(self, instance,
             (Misuse){.kind = MISUSE_LEVEL_AT_RETURN,
                      .clear = (state->world.level & level_due(instance)) == 0,
                      .claimed = state->world.claimed,
                      .root_only = !leak,
                      .levels = own ? last->before : irql_bit(instance->entry),
                      .after = state->world.level,
                      .op = own ? last->op : 0,
                      .func = instance->func,
                      .at = state->at});
}

void misuse_at_returns(Inferred *self, Instance *instance, const ReturnState *const *returns,
                       uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const ReturnState *state = returns[i];
        for (uint8_t l = 0; l < state->world.lock_len; l++) {
            const HeldLock *lock = &state->world.locks[l];
            bool leak = lock->released ? is_own_release(self, instance, returns, count, state, lock)
                                       : is_leak(self, instance, returns, count, state, lock);
            if (lock->place != 0) /* without a name it may be any */
                note_lock(self, instance, state, lock, leak,
                          is_correlation(self, instance, returns, count, state, lock));
        }
        if (state->world.level != level_due(instance) && !state->world.lossy &&
            state->world.lock_len == 0)
            note_level(self, instance, state, is_leak(self, instance, returns, count, state, NULL));
    }
}

/* The function that an operation belongs to. */
static FuncId func_of_op(const Inferred *self, OpId op) {
    const Program *program = self->program;
    uint32_t unit = 0;
    while (unit + 1 < program->unit_count && program->units[unit + 1].op_base <= op)
        unit++;
    const IrUnit *ir = program->units[unit].ir;
    IrOp local = op - program->units[unit].op_base;
    for (IrFunc f = 1; f < ir->funcs_len; f++) {
        const IrFuncRec *record = &ir->funcs[f];
        for (uint32_t b = 0; b < record->block_count; b++) {
            const IrBlockRec *block = &ir->blocks[record->first_block + b];
            if (local >= block->first_op && local < block->first_op + block->op_count)
                return program->units[unit].funcs[f];
        }
    }
    return 0;
}
