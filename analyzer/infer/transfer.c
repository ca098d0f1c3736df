/* transfer: what API calls do to a world.
 *
 * Invariant: a world's level is never empty unless the world is dead (a call that does not return).
 * A lower whose target is unknown goes back to the level before the matching lock was taken, else
 * to the level before the last raise: this errs towards balanced code.
 */
#include "analyzer/infer/internal.h"

void trace_add(Inferred *self, World *world, FuncId func, OpId op, IrqlSet before) {
    bool raise = world->level > before;
    const Trace *last = &self->traces.items[world->trace];
    if (!raise && world->trace != 0 && last->raise && last->before == world->level) {
        world->trace = last->prev;
        return;
    }
    uint8_t level = 0;
    while (level + 1 < IRQL_COUNT && (world->level >> (level + 1)) != 0)
        level++;
    Trace event = {world->trace, last->len + 1, func, op, level, before, raise};
    uint64_t key = hash_bytes(&(uint32_t[]){event.prev, op, level, before}, 16, 0);
    bool created;
    uint32_t *id = map64_put(self->trace_ids, key, &created);
    if (created) {
        *id = self->traces.len;
        array_push(&self->traces, self->arena, event);
    }
    world->trace = *map64_get(self->trace_ids, key);
}

/* ---- effects ------------------------------------------------------------------------------- */

typedef struct EffectRun {
    Inferred *self;      /* the inference */
    World *world;        /* changed in place */
    FuncId func;         /* caller */
    IrOp op;             /* the call */
    const IrOpRec *call; /* its record */
    IrqlSet entry;       /* level at the call */
    IrqlSet before;      /* level before the lock that this row releases was taken; 0 unknown */
    bool releases;       /* the row releases a lock: it says what that one is about */
    HeldLock unraised; /* the lock that it releases, when it was taken without raising; else op 0 */
} EffectRun;

static IrValue argument(const EffectRun *run, unsigned arg) {
    return arg < run->call->c
               ? program_unit(run->self->program, run->func)->args[run->call->b + arg]
               : 0;
}

static OpId op_id(const EffectRun *run) {
    return program_op_id(run->self->program, run->func, run->op);
}

/* The driver's id of a documented member ("TYPE.field"); one past all fields when it names none. */
static FieldId member_field(Inferred *self, const char *name) {
    if (name == NULL)
        return self->program->field_count;
    bool created;
    uint32_t *known = map64_put(self->member_fields, (uint64_t)(uintptr_t)name, &created);
    if (!created)
        return *known;
    FieldId field = 1;
    while (field < self->program->field_count && !str_eq(self->program->field_names[field], name))
        field++;
    return *known = field;
}

/* Where a level or lock lives; hidden state is a member of the object. */
static PlaceId effect_place(const EffectRun *run, Place place) {
    PlaceId pointed;
    switch ((PlaceKind)place.kind) {
    case PLACE_RETURN:
        return place_make(run->self, PLACE_RESULT, op_id(run), 0);
    case PLACE_OUT:
        return place_pointed(run->self, run->func, argument(run, place.arg));
    case PLACE_HIDDEN:
        pointed = place_pointed(run->self, run->func, argument(run, place.arg));
        return pointed == 0 ? 0
                            : place_make(run->self, PLACE_FIELD, pointed,
                                         member_field(run->self, place.name));
    default:
        return 0;
    }
}

static PlaceId lock_place(const EffectRun *run, const Effect *effect) {
    if (effect->lock.kind == PLACE_GLOBAL)
        return lockset_global(run->self, effect->lock.name);
    if (effect->lock.kind == PLACE_NONE)
        return 0;
    return place_pointed(run->self, run->func, argument(run, effect->lock.arg));
}

static void note(const EffectRun *run, MisuseKind kind, const HeldLock *lock) {
    misuse_note(run->self, run->world,
                (Misuse){.kind = (uint8_t)kind,
                         .op = op_id(run),
                         .func = run->func,
                         .other = lock == NULL ? 0 : lock->via,
                         .levels = run->entry,
                         .after = run->world->level,
                         .lock = lock == NULL ? 0 : lock->place});
}

static void apply_raise(EffectRun *run, const Effect *effect) {
    World *world = run->world;
    IrqlSet target = effect->level < IRQL_COUNT ? irql_bit(effect->level) : IRQL_SET_ALL;
    if (effect->level >= IRQL_COUNT && effect->from.kind == PLACE_ARG)
        target = abs_levels(eval(run->self, world, run->func, argument(run, effect->from.arg)));
    world_set(world, effect_place(run, effect->saved), abs_of_levels(run->entry));
    if (target == IRQL_SET_ALL)
        return;
    IrqlSet lowest = run->entry & (IrqlSet)-run->entry;
    if (effect->from.kind == PLACE_ARG && (target & ~(lowest - 1)) == 0)
        note(run, MISUSE_RAISE_BELOW, NULL);
    IrqlSet raised = target & (IrqlSet) ~(lowest - 1); /* a raise never lowers */
    IrqlSet next = raised != 0 ? raised : run->entry;
    if (next == run->entry)
        return;
    world->level = next;
    trace_add(run->self, world, run->func, op_id(run), run->entry);
    if ((effect->flags & EFFECT_PASSIVE_IF_SET) != 0 && run->self->program->setting_count != 0)
        world->lossy = true; /* the driver asks for passive level somewhere: perhaps here */
    if ((effect->flags & EFFECT_ONE_WAY) != 0)
        world->lossy = true;
}

static bool needs_dispatch(const HeldLock *lock) {
    return !lock->released && (lock->lock_class == LOCK_SPIN || lock->lock_class == LOCK_QUEUED ||
                               lock->lock_class == LOCK_RW_SPIN);
}

/* The level fell: below DISPATCH_LEVEL no spin lock may be held; and what the caller set is not for
 * this function to undo, unless it gives back the caller's lock. */
static void note_lowered(const EffectRun *run) {
    const World *world = run->world;
    bool of_caller = false;
    for (uint8_t i = 0; i < world->lock_len; i++) {
        of_caller = of_caller || world->locks[i].released;
        if (world->level < irql_bit(IRQL_DISPATCH) && needs_dispatch(&world->locks[i]))
            note(run, MISUSE_LOWERED_UNDER_LOCK, &world->locks[i]);
    }
    const Instance *instance = run->self->instances.items[run->self->current];
    bool may_lower = (instance->base & BASE_CANCEL) != 0 || of_caller || run->before != 0;
    if (world->level < irql_bit(instance->entry) && !may_lower)
        misuse_note(run->self, world,
                    (Misuse){.kind = MISUSE_LOWERED_BELOW_ENTRY,
                             .op = op_id(run),
                             .func = run->func,
                             .levels = run->entry,
                             .after = world->level,
                             .root_only = true});
}

/* Of several levels that a lower may go back to, the one that undoes the last raise. */
static IrqlSet balanced_target(const EffectRun *run, IrqlSet target) {
    const World *world = run->world;
    const Trace *last = &run->self->traces.items[world->trace];
    IrqlSet undo = run->before != 0 ? run->before : world->base;
    if (run->before == 0 && world->trace != 0 && last->raise)
        undo = last->before;
    if (target == IRQL_SET_ALL)
        return undo;
    bool several = (target & (target - 1)) != 0;
    return several && undo != 0 && (target & undo) == undo ? undo : target;
}

/* True when the level to go back to is handed in by the caller, who then knows. */
static bool is_parameter(const EffectRun *run, const Effect *effect) {
    if (effect->saved.kind != PLACE_ARG)
        return false;
    const ProgUnit *unit = &run->self->program->units[run->self->program->funcs[run->func].unit];
    const IrValueRec *value = &unit->ir->values[argument(run, effect->saved.arg)];
    if (value->kind != IR_VALUE_PATH)
        return false;
    const PlaceRec *place = &run->self->places.items[place_of_path(run->self, run->func, value->a)];
    while (place->kind == PLACE_DEREF)
        place = &run->self->places.items[place->a];
    return place->kind == PLACE_LOCAL &&
           place->b < program_ir(run->self->program, run->func)->param_count;
}

static void apply_lower(EffectRun *run, const Effect *effect) {
    World *world = run->world;
    IrqlSet target = IRQL_SET_ALL;
    if (effect->level < IRQL_COUNT) {
        target = irql_bit(effect->level);
    } else if (effect->saved.kind == PLACE_ARG) {
        AbsValue value = eval(run->self, world, run->func, argument(run, effect->saved.arg));
        target = value.lo == INT64_MIN && value.hi == INT64_MAX ? IRQL_SET_ALL : abs_levels(value);
    } else if (effect->saved.kind == PLACE_HIDDEN || effect->saved.kind == PLACE_OUT) {
        AbsValue *saved = world_var(world, effect_place(run, effect->saved));
        target = saved == NULL ? IRQL_SET_ALL : abs_levels(*saved);
    }
    if (run->unraised.op != 0 && (target == IRQL_SET_ALL || target >> IRQL_DISPATCH == 0) &&
        !is_parameter(run, effect))
        note(run, MISUSE_MIXED_PAIR, &run->unraised);
    bool guessed = target == IRQL_SET_ALL;
    target = balanced_target(run, target);
    IrqlSet highest = run->entry;
    while ((highest & (highest - 1)) != 0)
        highest &= (IrqlSet)(highest - 1);
    IrqlSet lowered = target & (IrqlSet)(highest * 2 - 1); /* a lower never raises */
    if (lowered == 0 && !run->releases)
        note(run, MISUSE_LOWER_ABOVE, NULL);
    if (lowered == 0 || lowered == world->level)
        return;
    world->level = lowered;
    trace_add(run->self, world, run->func, op_id(run), run->entry);
    if (!guessed)
        note_lowered(run);
}

/* Locks that never change the level are not part of a world: they would only multiply states. */
static bool is_tracked(const Effect *effect) {
    return effect->lock_class != LOCK_NONE && effect->lock_class != LOCK_RUNDOWN &&
           effect->lock_class != LOCK_RESOURCE && effect->lock_class != LOCK_PUSH &&
           effect->lock_class != LOCK_MUTEX;
}

/* A lock of which there is one only, so that its name is enough: callers may hold it. */
static void note_taken_again(const EffectRun *run, PlaceId place) {
    const World *world = run->world;
    LockSet bit = (LockSet)1 << lockset_bit(run->self, place);
    if (run->self->places.items[place].kind != PLACE_OF_GLOBAL ||
        bit == (LockSet)1 << LOCK_BIT_UNKNOWN || ((world->held | world->dropped) & bit) != 0)
        return;
    misuse_note(run->self, world,
                (Misuse){.kind = MISUSE_TAKEN_TWICE,
                         .op = op_id(run),
                         .func = run->func,
                         .levels = run->entry,
                         .after = world->level,
                         .lock = place,
                         .if_held = bit});
}

static bool may_take_again(unsigned held, unsigned wanted) {
    bool upgrade = (held & EFFECT_SHARED) != 0 && (wanted & EFFECT_SHARED) == 0;
    return (held & wanted & EFFECT_SHARED) != 0 ||
           ((held & wanted & EFFECT_RECURSIVE) != 0 && !upgrade);
}

/* The same object, not only one of the same name: it would wait for itself. */
static void note_taken_twice(const EffectRun *run, const Effect *effect, PlaceId place) {
    const World *world = run->world;
    if ((effect->flags & (EFFECT_SHARED | EFFECT_RECURSIVE)) == 0)
        note_taken_again(run, place);
    for (uint8_t i = 0; place != 0 && i < world->lock_len; i++) {
        const HeldLock *held = &world->locks[i];
        if (held->place == place && !held->released && !may_take_again(held->flags, effect->flags))
            note(run, MISUSE_TAKEN_TWICE, held);
    }
}

/* The routine works on what the argument points at: a local that holds it is not NULL from here. */
static void note_not_null(const EffectRun *run, unsigned arg) {
    const ProgUnit *unit = &run->self->program->units[run->self->program->funcs[run->func].unit];
    const IrValueRec *value = &unit->ir->values[argument(run, arg)];
    if (value->kind != IR_VALUE_PATH)
        return;
    PlaceId place = place_of_path(run->self, run->func, value->a);
    if (run->self->places.items[place].kind != PLACE_LOCAL)
        return;
    const AbsValue *known = world_var(run->world, place);
    AbsValue pointer = known == NULL ? VALUE_TOP : *known;
    pointer.nonzero = 1;
    world_set(run->world, place, pointer);
}

static void apply_acquire(EffectRun *run, const Effect *effect) {
    PlaceId place = lock_place(run, effect);
    PlaceId handle = effect->saved.kind == PLACE_HIDDEN
                         ? place_pointed(run->self, run->func, argument(run, effect->saved.arg))
                         : 0;
    bool tracked = is_tracked(effect);
    if (tracked && (effect->flags & EFFECT_TRY) == 0)
        note_taken_twice(run, effect, place);
    if (effect->lock_class != LOCK_RUNDOWN)
        lockset_take(run->self, run->world, place, effect->lock_class);
    if (!tracked)
        return;
    if (effect->lock.kind == PLACE_ARG || effect->lock.kind == PLACE_OUT)
        note_not_null(run, effect->lock.arg);
    lock_push_taken(run->world, (HeldLock){.place = place,
                                           .handle = handle,
                                           .lock_class = effect->lock_class,
                                           .flags = effect->flags,
                                           .before = run->entry,
                                           .op = op_id(run),
                                           .via = op_id(run)});
}

/* A lock taken without raising is given back by a routine that lowers, nothing in this function
 * raised before and it gave no lock of its caller back without lowering: there is nothing to lower.
 */
static bool is_mixed_pair(const EffectRun *run, const Effect *effect, const HeldLock *taken) {
    const World *world = run->world;
    const Instance *instance = run->self->instances.items[run->self->current];
    bool may_lower = (instance->base & BASE_CANCEL) != 0;
    for (uint8_t i = 0; i < world->lock_len; i++) {
        if (world->locks[i].released)
            return false;
        may_lower = may_lower && world->locks[i].lock_class != LOCK_CANCEL;
    }
    return (taken->flags & EFFECT_AT_DPC) != 0 && (effect->flags & EFFECT_AT_DPC) == 0 &&
           taken->lock_class == LOCK_SPIN && world->trace == 0 && !may_lower;
}

/* True when a cancel routine gave the cancel lock back without lowering, so that the level it has
 * to restore goes with a lock that it took without raising. */
static bool is_cancel_level(const EffectRun *run, const HeldLock *taken) {
    const Instance *instance = run->self->instances.items[run->self->current];
    if ((instance->base & BASE_CANCEL) == 0 || (taken->flags & EFFECT_AT_DPC) == 0)
        return false;
    for (uint8_t i = 0; i < run->world->lock_len; i++) {
        if (run->world->locks[i].lock_class == LOCK_CANCEL)
            return false;
    }
    return true;
}

static void apply_release(EffectRun *run, const Effect *effect) {
    World *world = run->world;
    bool by_handle = effect->lock.kind == PLACE_HIDDEN;
    PlaceId place = lock_place(run, effect);
    HeldLock taken;
    run->releases = true;
    if (effect->lock_class != LOCK_RUNDOWN && !by_handle)
        lockset_drop(run->self, world, place);
    if (!is_tracked(effect))
        return;
    if (lock_take(run->self, world, place, effect->lock_class, &taken)) {
        run->before = is_cancel_level(run, &taken) ? 0 : taken.before;
        if (by_handle)
            lockset_drop(run->self, world, taken.place);
        if (taken.place == place && place != 0 && is_mixed_pair(run, effect, &taken))
            run->unraised = taken;
        return;
    }
    if (by_handle) { /* whichever lock of the caller it stands for */
        world->held = 0;
        world->dropped = ~(LockSet)0;
    }
    bool again = !by_handle && (world->given >> lockset_bit(run->self, place) & 1) != 0;
    lock_push(world, (HeldLock){.place = place,
                                .lock_class = effect->lock_class,
                                .released = true,
                                .again = again,
                                .before = run->entry,
                                .op = op_id(run),
                                .via = op_id(run)});
}

static void apply_claim_max(World *world, unsigned level) {
    IrqlSet allowed = (IrqlSet)(irql_bit(level) * 2 - 1);
    if ((world->level & allowed) == 0)
        world->claimed = true;
    else
        world->level &= allowed;
}

static void apply_claim(EffectRun *run) {
    if (argument(run, 0) != 0 && !assume(run->self, run->world, run->func, argument(run, 0), true))
        run->world->claimed = true;
}

static void apply_effect(EffectRun *run, const Effect *effect) {
    switch ((EffectKind)effect->kind) {
    case EFFECT_RAISE:
        apply_raise(run, effect);
        break;
    case EFFECT_LOWER:
        apply_lower(run, effect);
        break;
    case EFFECT_ACQUIRE:
        apply_acquire(run, effect);
        break;
    case EFFECT_READ_IRQL:
        world_set(run->world, place_make(run->self, PLACE_RESULT, op_id(run), 0),
                  abs_of_levels(run->world->level));
        break;
    case EFFECT_CLAIM_MAX:
        apply_claim_max(run->world, effect->level);
        break;
    case EFFECT_CLAIM:
        apply_claim(run);
        break;
    case EFFECT_ATTACH:
    case EFFECT_DETACH:
        run->world->attached = effect->kind == EFFECT_ATTACH;
        break;
    case EFFECT_NORETURN:
        run->world->level = 0;
        break;
    default: /* releases came first; the rest changes nothing that a world holds */
        break;
    }
}

static void describe_memory(EffectRun *run, const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind == MEM_DESCRIBED)
            stores_described(run->self, run->world, run->func, run->op,
                             argument(run, ddi->memory[i].arg));
    }
}

static void apply_memory(EffectRun *run, const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        uint16_t origin = user_result_origin(ddi, (MemoryKind)role->kind);
        if (origin == 0 ||
            eval_conds(run->self, run->world, run->func, run->call, ddi, role->when) != TRUTH_TRUE)
            continue;
        PlaceId place = role->arg == 255
                            ? place_make(run->self, PLACE_RESULT, op_id(run), 0)
                            : place_pointed(run->self, run->func, argument(run, role->arg));
        if (place != 0)
            world_set(run->world, place, abs_of_origin(origin));
    }
}

/* Applies every effect of the row to one world; `try_taken`: the try succeeded. */
static void apply_all(EffectRun *run, const Ddi *ddi, bool try_taken, uint32_t chosen) {
    for (int releases = 1; releases >= 0; releases--) {
        for (unsigned i = 0; i < ddi->effect_count; i++) {
            const Effect *effect = &ddi->effects[i];
            bool is_try = (effect->flags & EFFECT_TRY) != 0;
            if ((effect->kind == EFFECT_RELEASE) != (releases == 1) || (is_try && !try_taken) ||
                (chosen & (1u << i)) == 0)
                continue;
            if (effect->kind == EFFECT_RELEASE)
                apply_release(run, effect);
            else
                apply_effect(run, effect);
        }
    }
}

/* The result of a try that succeeded, or did not; `flags` say how it tells. */
static void set_try_result(EffectRun *run, uint8_t flags, bool success) {
    bool zero = success == ((flags & EFFECT_SUCCESS_ZERO) != 0);
    AbsValue value = zero ? abs_const(0) : VALUE_TOP;
    value.nonzero = !zero;
    if ((flags & EFFECT_SUCCESS_STATUS) != 0) {
        value = VALUE_TOP;
        value.lo = success ? 0 : INT64_MIN;
        value.hi = success ? INT64_MAX : -1;
        value.nonzero = !success;
    }
    world_set(run->world, place_make(run->self, PLACE_RESULT, op_id(run), 0), value);
}

static bool is_opposite(const Cond *a, const Cond *b) {
    CondKind first = (CondKind)a->kind, second = (CondKind)b->kind;
    return a->arg == b->arg && a->value == b->value &&
           ((first == COND_ARG_EQ && second == COND_ARG_NE) ||
            (first == COND_ARG_NE && second == COND_ARG_EQ) ||
            (first == COND_ARG_BITS && second == COND_ARG_NO_BITS) ||
            (first == COND_ARG_NO_BITS && second == COND_ARG_BITS));
}

static bool exclude_each_other(const Ddi *ddi, const Effect *a, const Effect *b) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        for (unsigned k = 0; k < ddi->cond_count; k++) {
            if ((a->when >> i & 1) != 0 && (b->when >> k & 1) != 0 &&
                is_opposite(&ddi->conds[i], &ddi->conds[k]))
                return true;
        }
    }
    return false;
}

/* Of the effects whose condition is undecided those that cannot happen together with the first. */
static uint32_t other_side(const Ddi *ddi, uint32_t undecided) {
    const Effect *first = NULL;
    uint32_t result = 0;
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if ((undecided >> i & 1) == 0 || (effect->flags & EFFECT_TRY) != 0)
            continue;
        if (first == NULL)
            first = effect;
        else if (exclude_each_other(ddi, first, effect))
            result |= 1u << i;
    }
    return result;
}

/* Which effects happen in this world: bit i = effect i; effects whose condition is undecided are in
 * *undecided too. */
static uint32_t decide_effects(const EffectRun *run, const Ddi *ddi, uint32_t *undecided) {
    uint32_t chosen = 0;
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        Truth truth =
            eval_conds(run->self, run->world, run->func, run->call, ddi, ddi->effects[i].when);
        if (truth != TRUTH_FALSE)
            chosen |= 1u << i;
        if (truth == TRUTH_UNKNOWN)
            *undecided |= 1u << i;
    }
    return chosen;
}

static bool has_try(const Ddi *ddi, uint32_t chosen, uint8_t *flags) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        if ((chosen & (1u << i)) != 0 && (ddi->effects[i].flags & EFFECT_TRY) != 0) {
            *flags = ddi->effects[i].flags;
            return true;
        }
    }
    return false;
}

void transfer_ddi(Inferred *self, WorldArray *worlds, uint32_t index, FuncId func, IrOp op,
                  const Ddi *ddi, Arena *scratch) {
    const IrOpRec *call = &program_unit(self->program, func)->ops[op];
    EffectRun run = {
        self, &worlds->items[index], func, op, call, worlds->items[index].level, 0, false, {0}};
    uint32_t undecided = 0;
    uint32_t chosen = decide_effects(&run, ddi, &undecided);
    user_probe_call(self, run.world, func, call, ddi);
    describe_memory(&run, ddi);
    bool captures = user_is_captured(self, run.world, func, call, ddi);
    transfer_havoc(self, run.world, func, call, ddi);
    if (captures)
        user_capture(self, run.world, func, call, ddi);
    World havocked;
    world_copy(&havocked, run.world);
    uint8_t flags = 0;
    bool tries = has_try(ddi, chosen, &flags);
    apply_memory(&run, ddi);
    stores_by_call(self, run.world, func, op);
    uint32_t others = other_side(ddi, undecided);
    apply_all(&run, ddi, true, chosen & ~others);
    if (ddi_syncs(ddi))
        transfer_sync(run.world);
    if (tries)
        set_try_result(&run, flags, true);
    if (!tries && undecided == 0)
        return;
    EffectRun other = run;
    other.world = worlds_add(worlds, scratch, &havocked);
    other.before = 0;
    other.unraised.op = 0;
    apply_all(&other, ddi, false, (chosen & ~undecided) | others);
    if (tries)
        set_try_result(&other, flags, false);
}
