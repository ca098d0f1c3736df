/* misuse: what functions do wrong with levels and locks, noted while they are analysed.
 *
 * Invariant: a note speaks of a state that inference foresees; whether it is reached, how sure and
 * in which context is decided when it is asked for. Errs towards silence: where returns can be told
 * apart by the result, or by what the caller can see, the caller may know what is held.
 */
#include "analyzer/infer/run.h"

static bool same_note(const Misuse *a, const Misuse *b) {
    return a->kind == b->kind && a->op == b->op && a->other == b->other && a->lock == b->lock &&
           a->root_only == b->root_only && a->if_held == b->if_held &&
           a->unless_held == b->unless_held && a->at.line == b->at.line && a->at.file == b->at.file;
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

/* True when the function says by 0 that it failed: it returns a pointer or a truth value. A number
 * may well say by 0 that all is well. */
static bool fails_by_zero(const Run *run) {
    static const char *const truths[] = {"BOOLEAN", "BOOL", "bool", "_Bool", "LOGICAL"};
    const char *type = ir_str(run->unit->ir, run->record->return_type);
    bool found = strchr(type, '*') != NULL;
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++)
        found = found || str_eq(type, truths[i]);
    return found;
}

/* A failure, while the other one is a success: no routine that takes a lock for its caller keeps it
 * when it fails. */
static bool fails_only(const Run *run, const ReturnState *one, const ReturnState *other) {
    bool negative = one->result.hi < 0 && other->result.lo >= 0;
    bool zero = one->result.lo == 0 && one->result.hi == 0 &&
                abs_truth(other->result) == TRUTH_TRUE && fails_by_zero(run);
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
static bool is_leak(const Run *run, const ReturnState *state, const HeldLock *lock) {
    for (uint32_t i = 0; i < run->returns.len; i++) {
        const ReturnState *other = run->returns.items[i];
        bool without = lock != NULL ? gave_back(run->self, &other->world, state, lock)
                                    : is_balanced(instance_of(run), other);
        if (without && !other->world.lossy &&
            (!can_tell_apart(run->self, run->func, state, other) || fails_only(run, state, other)))
            return true;
    }
    return false;
}

static bool has_given(Inferred *self, const World *world, const HeldLock *lock) {
    return (world->given >> lockset_bit(self, lock->place) & 1) != 0;
}

/* True when the state looks like two tests of one condition that inference did not see as one: some
 * return gives the lock back without having taken it. */
static bool is_kept_by_correlation(const Run *run, const HeldLock *lock) {
    for (uint32_t i = 0; i < run->returns.len; i++) {
        if (gives_unheld(&run->returns.items[i]->world, lock))
            return true;
    }
    return false;
}

/* … a branch on the way to the release may know, or what was called releases on some ways only:
 * then some return still holds it. */
static bool is_given_by_correlation(Run *run, const HeldLock *lock) {
    for (uint32_t i = 0; lock->via != lock->op && i < run->returns.len; i++) {
        if (holds(&run->returns.items[i]->world, lock))
            return true;
    }
    return choice_may_know(run, run_block_of(run, lock->via), lockset_bit(run->self, lock->place),
                           false);
}

/* True when the function gives back a lock that it took only on other ways to the same place, or
 * gives it back twice: whatever the caller holds. */
static bool is_own_release(const Run *run, const ReturnState *state, const HeldLock *lock) {
    bool taken = lock->again;
    for (uint32_t i = 0; i < run->returns.len && !lock->again; i++) {
        const ReturnState *other = run->returns.items[i];
        if (!has_given(run->self, &other->world, lock))
            continue;
        if (can_foresee(run->self, run->func, state, other))
            return false;
        taken = true;
    }
    return taken;
}

static FuncId func_of_op(const Inferred *self, OpId op);

/* What the callers must not hold, so that it is wrong to give back the lock: it may have a name
 * there that it has not here. */
static LockSet names_of(Inferred *self, const HeldLock *lock) {
    unsigned bit = lockset_bit(self, lock->place);
    LockSet unknown = (LockSet)1 << LOCK_BIT_UNKNOWN;
    return bit == LOCK_BIT_UNKNOWN ? ~(LockSet)0 : (LockSet)1 << bit | unknown;
}

static void note_lock(Run *run, const ReturnState *state, const HeldLock *lock) {
    Inferred *self = run->self;
    Instance *instance = instance_of(run);
    bool leak = lock->released ? is_own_release(run, state, lock) : is_leak(run, state, lock);
    bool doubtful =
        lock->released ? is_given_by_correlation(run, lock) : is_kept_by_correlation(run, lock);
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
                      .lock = lock->place,
                      .unless_held = leak && lock->released ? names_of(self, lock) : 0});
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

/* True when the function lowers and never raises: it is the second half of a pair whose first half
 * the driver wrote too, and may well lower on the last of several calls only. */
static bool only_lowers(const Run *run) {
    const Inferred *self = run->self;
    bool lowers = false;
    for (uint32_t i = 0; i < run->returns.len; i++) {
        TraceId at = run->returns.items[i]->world.trace;
        for (; at != 0; at = self->traces.items[at].prev) {
            const Trace *trace = &self->traces.items[at];
            if (trace->func == run->func && trace->op != 0 && trace->raise)
                return false;
            lowers |= trace->func == run->func && trace->op != 0;
        }
    }
    return lowers;
}

/* Leaves at another level, with no lock to show for it. A level that a lock raised and that
 * outlives it belongs to a pair that inference did not see as one. */
static void note_level(Run *run, const ReturnState *state) {
    Inferred *self = run->self;
    Instance *instance = instance_of(run);
    const Trace *last = &self->traces.items[state->world.trace];
    bool own = last->op != 0 && last->func == instance->func;
    if (state->world.level > level_due(instance) && last->op != 0 && is_about_locks(self, last->op))
        return;
    add_note(self, instance,
             (Misuse){.kind = MISUSE_LEVEL_AT_RETURN,
                      .clear = (state->world.level & level_due(instance)) == 0 &&
                               !choice_may_restore(run),
                      .claimed = state->world.claimed,
                      .root_only = !is_leak(run, state, NULL) || only_lowers(run),
                      .levels = own ? last->before : irql_bit(instance->entry),
                      .after = state->world.level,
                      .op = own ? last->op : 0,
                      .func = instance->func,
                      .at = state->at});
}

/* Locks taken twice that a branch may know to be free. */
static void doubt_taken_twice(Run *run) {
    Instance *instance = instance_of(run);
    for (uint32_t i = 0; i < instance->misuses.len; i++) {
        Misuse *misuse = &instance->misuses.items[i];
        if (misuse->kind == MISUSE_TAKEN_TWICE && misuse->other != 0 &&
            choice_may_know(run, run_block_of(run, misuse->op),
                            lockset_bit(run->self, misuse->lock), true))
            misuse->clear = false;
    }
}

void misuse_at_returns(Run *run) {
    Instance *instance = instance_of(run);
    doubt_taken_twice(run);
    for (uint32_t i = 0; i < run->returns.len; i++) {
        const ReturnState *state = run->returns.items[i];
        for (uint8_t l = 0; l < state->world.lock_len; l++) {
            if (state->world.locks[l].place != 0) /* without a name it may be any */
                note_lock(run, state, &state->world.locks[l]);
        }
        if (state->world.level != level_due(instance) && !state->world.lossy &&
            state->world.lock_len == 0)
            note_level(run, state);
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
