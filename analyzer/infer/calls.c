/* calls: carrying state into a callee and back.
 *
 * Invariant: what cannot be named on the other side is forgotten, except locks, which are kept
 * without a name so that the level stays right. Errs towards forgetting variables.
 */
#include "analyzer/infer/internal.h"

/* How well a held lock fits a release: 3 same object, 2 same field, 1 same class, 0 not. */
static int lock_fit(const Inferred *self, const HeldLock *held, PlaceId place,
                    unsigned lock_class) {
    if (held->released || held->lock_class != lock_class)
        return 0;
    if (place != 0 && (held->place == place || held->handle == place))
        return 3;
    FieldId field = place_field(self, place);
    return field != 0 && field == place_field(self, held->place) ? 2 : 1;
}

bool lock_take(const Inferred *self, World *world, PlaceId place, unsigned lock_class,
               HeldLock *taken) {
    int best = -1, fit = 0;
    for (int i = 0; i < world->lock_len; i++) {
        int here = lock_fit(self, &world->locks[i], place, lock_class);
        if (here != 0 && here >= fit) {
            fit = here;
            best = i;
        }
    }
    if (best < 0)
        return false;
    if (taken != NULL)
        *taken = world->locks[best];
    world->lock_len--;
    memmove(&world->locks[best], &world->locks[best + 1],
            sizeof(HeldLock) * (size_t)(world->lock_len - best));
    return true;
}

void lock_push(World *world, HeldLock lock) {
    if (world->lock_len == MAX_LOCKS)
        world->lossy = true;
    else
        world->locks[world->lock_len++] = lock;
}

void lock_push_taken(World *world, HeldLock lock) {
    for (uint8_t i = 0; i < world->lock_len; i++) {
        const HeldLock *given = &world->locks[i];
        if (!given->released || given->lock_class != lock.lock_class ||
            (given->place != lock.place && given->place != 0 && lock.place != 0))
            continue;
        world->lock_len--;
        memmove(&world->locks[i], &world->locks[i + 1],
                sizeof(HeldLock) * (size_t)(world->lock_len - i));
        return;
    }
    lock_push(world, lock);
}

/* What of a value is worth an instance of its own. */
static AbsValue key_value(AbsValue value, bool relevant) {
    AbsValue key = VALUE_TOP;
    key.origin = value.origin;
    if (!relevant)
        return key;
    if (value.lo >= -64 && value.hi <= INT64_MAX - 64 && value.hi - value.lo <= 16) {
        key.lo = value.lo;
        key.hi = value.hi;
    } else if (abs_is_const(value)) {
        key.lo = key.hi = value.lo;
    }
    key.nonzero = value.nonzero;
    key.stored = value.stored;
    return key;
}

static void key_add(Var *key, uint8_t *len, PlaceId place, AbsValue value) {
    if (*len == MAX_KEY_VARS || abs_is_top(value) || place == 0)
        return;
    uint8_t at = *len;
    while (at > 0 && key[at - 1].place > place)
        at--;
    memmove(&key[at + 1], &key[at], sizeof(Var) * (size_t)(*len - at));
    key[at] = (Var){place, value};
    ++*len;
}

/* True when some branch of the callee looks at the field or global. */
static bool is_tested(const Inferred *self, FuncId callee, PlaceId place) {
    unsigned word;
    uint64_t bit = place_bloom_bit(self, place, &word);
    return (self->facts[callee].tests[word] & bit) != 0;
}

/* What is known of the object that argument `index` points at: all of a variable of the caller, a
 * scalar whoever owns it, of any other object the fields that the callee tests and the addresses
 * that were probed. */
static void add_pointed(Inferred *self, World *world, FuncId caller, IrValue argument,
                        FuncId callee, uint32_t index, Var *key, uint8_t *len) {
    const IrUnit *unit = program_unit(self->program, caller);
    bool matters = (self->facts[callee].relevant & param_bit(index)) != 0;
    bool by_address = matters && unit->values[argument].kind == IR_VALUE_ADDR;
    PlaceId pointed = place_pointed(self, caller, argument);
    for (uint8_t v = 0; pointed != 0 && v < world->var_len; v++) {
        Var var = world->vars[v];
        if (!place_depends_on(self, var.place, pointed))
            continue;
        bool is_scalar = matters && var.place == pointed;
        bool is_probed = (var.value.origin & ORIGIN_PROBED) != 0;
        if (by_address || is_scalar || is_probed ||
            (place_field(self, var.place) != 0 && is_tested(self, callee, var.place)))
            key_add(key, len, place_to_callee(self, callee, index, pointed, var.place),
                    key_value(var.value, true));
    }
}

static void add_globals(Inferred *self, const World *world, FuncId callee, Var *key, uint8_t *len) {
    for (uint8_t v = 0; v < world->var_len; v++) {
        Var var = world->vars[v];
        if (self->places.items[var.place].kind == PLACE_OF_GLOBAL &&
            is_tested(self, callee, var.place))
            key_add(key, len, var.place, key_value(var.value, true));
    }
}

uint8_t call_key(Inferred *self, World *world, FuncId caller, const IrOpRec *call, FuncId callee,
                 Var *key) {
    const IrUnit *unit = program_unit(self->program, caller);
    uint32_t params = program_ir(self->program, callee)->param_count;
    uint64_t relevant = self->facts[callee].sensitive ? self->facts[callee].relevant : 0;
    uint8_t len = 0;
    for (uint32_t i = 0; i < call->c && i < params; i++) {
        IrValue argument = unit->args[call->b + i];
        bool matters = (relevant & param_bit(i)) != 0;
        AbsValue value = key_value(eval(self, world, caller, argument), matters);
        if (!self->facts[callee].syncs) /* only where other threads could write meanwhile */
            value.origin &= (uint16_t)~ORIGIN_PRIVATE;
        key_add(key, &len, place_make(self, PLACE_LOCAL, callee, i), value);
    }
    bool state = self->facts[callee].sensitive || world->probed != 0;
    for (uint32_t i = 0; state && i < call->c && i < params; i++)
        add_pointed(self, world, caller, unit->args[call->b + i], callee, i, key, &len);
    if (self->facts[callee].sensitive)
        add_globals(self, world, callee, key, &len);
    return len;
}

IrqlSet call_base(const Inferred *self, const World *world, FuncId callee) {
    IrqlSet flags =
        (IrqlSet)((world->attached ? BASE_ATTACHED : 0) | (world->trusted ? BASE_TRUSTED : 0));
    if (!self->facts[callee].lowers)
        return flags;
    for (uint8_t i = world->lock_len; i-- > 0;) {
        if (!world->locks[i].released)
            return world->locks[i].before | flags;
    }
    return world->base | flags;
}

/* ---- after the call ------------------------------------------------------------------------ */

static void forget_written(Inferred *self, World *world, const uint64_t *writes) {
    for (uint8_t i = 0; i < world->var_len;) {
        PlaceId place = world->vars[i].place;
        unsigned word;
        uint64_t bit = place_bloom_bit(self, place, &word);
        bool named =
            place_field(self, place) != 0 || self->places.items[place].kind == PLACE_OF_GLOBAL;
        if (named && (writes[word] & bit) != 0 && !place_is_private(self, place))
            world_drop(world, place);
        else
            i++;
    }
}

/* `via`: the call. */
static void apply_locks(Inferred *self, World *world, FuncId caller, OpId via, FuncId callee,
                        const Exit *exit) {
    const IrOpRec *call = program_op(self->program, caller, via);
    world->given |= world->held & exit->world.dropped & ~exit->world.held;
    world->held = (world->held & ~exit->world.dropped) | exit->world.held;
    world->dropped |= exit->world.dropped;
    world->maybe = (world->maybe & ~exit->world.gone) | exit->world.maybe;
    world->gone = (world->gone & ~exit->world.maybe) | exit->world.gone;
    for (uint8_t i = 0; i < exit->world.lock_len; i++) {
        HeldLock lock = exit->world.locks[i];
        lock.place = place_to_caller(self, caller, call, callee, lock.place);
        lock.handle = place_to_caller(self, caller, call, callee, lock.handle);
        lock.via = via;
        lock.again = lock.released && (world->given >> lockset_bit(self, lock.place) & 1) != 0;
        if (lock.released)
            lockset_drop(self, world, lock.place);
        else
            lockset_take(self, world, lock.place, lock.lock_class);
        if (!lock.released)
            lock_push_taken(world, lock);
        else if (!lock_take(self, world, lock.place, lock.lock_class, NULL))
            lock_push(world, lock);
    }
}

/* True when the callee probed what its parameter holds since the entry. */
static bool is_probed_param(const Inferred *self, FuncId func, const Var *var) {
    const PlaceRec *record = &self->places.items[var->place];
    return record->kind == PLACE_LOCAL && record->a == func &&
           record->b < program_ir(self->program, func)->param_count &&
           (self->facts[func].reassigned & param_bit(record->b)) == 0 &&
           (var->value.origin & ORIGIN_PROBED) != 0;
}

void call_apply_exit(Inferred *self, World *world, FuncId caller, IrOp op, FuncId callee,
                     const Exit *exit) {
    const IrOpRec *call = &program_unit(self->program, caller)->ops[op];
    IrqlSet before = world->level;
    transfer_havoc(self, world, caller, call, NULL);
    forget_written(self, world, self->facts[callee].writes);
    if (self->facts[callee].syncs)
        transfer_sync(world);
    OpId id = program_op_id(self->program, caller, op);
    apply_locks(self, world, caller, id, callee, exit);
    world->level = exit->world.level;
    world->attached = exit->world.attached;
    if (exit->world.trusted && !world->trusted)
        user_trust(world);
    world->probed |= exit->world.probed;
    world->claimed = world->claimed || exit->world.claimed;
    world->lossy = world->lossy || exit->world.lossy;
    if (world->assumed == ASSUME_NOTHING)
        world->assumed = exit->world.assumed;
    if (world->level != before)
        trace_add(self, world, caller, id, before);
    for (uint8_t i = 0; i < exit->world.var_len; i++) {
        Var var = exit->world.vars[i];
        PlaceId place = place_to_caller(self, caller, call, callee, var.place);
        var.value.source = 0;
        if (place != 0)
            world_set(world, place, var.value);
        else if (is_probed_param(self, callee, &var) && self->places.items[var.place].b < call->c)
            user_probe(self, world, caller,
                       program_unit(self->program, caller)
                           ->args[call->b + self->places.items[var.place].b]);
    }
    AbsValue result = exit->result;
    result.source = 0;
    world_set(world, place_make(self, PLACE_RESULT, id, 0), result);
    stores_by_call(self, world, caller, op);
}

/* True when a place means something to the caller: reached through a parameter that still holds
 * what was passed, or a global. */
static bool outlives_call(const Inferred *self, FuncId func, PlaceId place) {
    bool through_pointer = false;
    while (place != 0 && self->places.items[place].kind >= PLACE_DEREF) {
        through_pointer = through_pointer || self->places.items[place].kind == PLACE_DEREF;
        place = self->places.items[place].a;
    }
    const PlaceRec *root = &self->places.items[place];
    if (root->kind == PLACE_OF_GLOBAL)
        return true;
    return root->kind == PLACE_LOCAL && through_pointer && root->a == func &&
           root->b < program_ir(self->program, func)->param_count &&
           (self->facts[func].reassigned & param_bit(root->b)) == 0;
}

void call_make_exit(Inferred *self, World *world, FuncId func, IrValue value, Exit *exit) {
    exit->result = value == 0 ? VALUE_TOP : eval(self, world, func, value);
    memcpy(&exit->world, world, offsetof(World, vars));
    exit->world.var_len = 0;
    exit->world.trace = 0;
    exit->world.base = 0;
    exit->world.merges = 0;
    exit->world.given = 0;
    for (uint8_t i = 0; i < world->var_len; i++) {
        if (outlives_call(self, func, world->vars[i].place) ||
            is_probed_param(self, func, &world->vars[i]))
            exit->world.vars[exit->world.var_len++] = world->vars[i];
    }
    for (uint8_t i = 0; i < exit->world.lock_len; i++) {
        if (!outlives_call(self, func, exit->world.locks[i].place))
            exit->world.locks[i].place = 0;
        if (!outlives_call(self, func, exit->world.locks[i].handle))
            exit->world.locks[i].handle = 0;
    }
}
