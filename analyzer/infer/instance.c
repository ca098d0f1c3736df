/* instance: functions at an entry state, found by that state, and the summaries they grow.
 *
 * Invariant: an entry state has one instance; a summary only grows, and its worlds only forget
 * variables, so an exit never needs more memory than it had at first. Argument values are kept
 * apart for MAX_KEYS states of a function and level; what comes later shares the instance that
 * knows nothing of them, and is marked where it calls.
 */
#include "analyzer/infer/internal.h"

void instance_queue(Inferred *self, InstId id) {
    Instance *instance = self->instances.items[id];
    if (instance->queued)
        return;
    instance->queued = true;
    array_push(&self->worklist, self->arena, id);
}

static uint64_t hash_key(FuncId func, Irql entry, IrqlSet base, const Var *key, uint8_t len) {
    uint64_t hash = hash_bytes(&(uint32_t[]){func, entry, base, len}, 4 * sizeof(uint32_t), 0);
    for (uint8_t i = 0; i < len; i++) {
        const AbsValue *value = &key[i].value;
        uint64_t parts[] = {key[i].place, (uint64_t)value->lo, (uint64_t)value->hi,
                            (uint64_t)value->nonzero << 16 | (uint64_t)value->origin << 8 |
                                value->stored};
        hash = hash_bytes(parts, sizeof parts, hash);
    }
    return hash;
}

static bool same_key(const Instance *instance, FuncId func, Irql entry, IrqlSet base,
                     const Var *key, uint8_t len) {
    if (instance->func != func || instance->entry != entry || instance->base != base ||
        instance->key_len != len)
        return false;
    for (uint8_t i = 0; i < len; i++) {
        if (instance->key[i].place != key[i].place ||
            !abs_equal(instance->key[i].value, key[i].value))
            return false;
    }
    return true;
}

static InstId add_instance(Inferred *self, FuncId func, Irql entry, IrqlSet base, const Var *key,
                           uint8_t key_len) {
    Instance *instance = arena_new_of(self->arena, Instance);
    instance->func = func;
    instance->entry = entry;
    instance->base = base;
    instance->key_len = key_len;
    if (key_len != 0)
        memcpy(instance->key, key, sizeof(Var) * key_len);
    for (unsigned c = 0; c < CONTEXT_COUNT; c++)
        instance->nodes[c].certainty = CERTAINTY_COUNT;
    array_push(&self->instances, self->arena, instance);
    InstId id = self->instances.len - 1;
    array_push(&self->of_func[func], self->arena, id);
    self->of_entry[func * IRQL_COUNT + entry]++;
    self->stats.instances++;
    instance_queue(self, id);
    return id;
}

/* The instance of that entry state, 0 when there is none. */
static InstId find_instance(const Inferred *self, uint64_t hash, FuncId func, Irql entry,
                            IrqlSet base, const Var *key, uint8_t key_len) {
    const uint32_t *newest = map64_get(self->instance_ids, hash);
    InstId id = newest == NULL ? 0 : *newest;
    while (id != 0 && !same_key(self->instances.items[id], func, entry, base, key, key_len))
        id = self->instances.items[id]->next;
    return id;
}

InstId instance_get(Inferred *self, FuncId func, Irql entry, IrqlSet base, const Var *key,
                    uint8_t key_len) {
    uint64_t hash = hash_key(func, entry, base, key, key_len);
    InstId id = find_instance(self, hash, func, entry, base, key, key_len);
    if (id != 0)
        return id;
    id = add_instance(self, func, entry, base, key, key_len);
    uint32_t *newest = map64_put(self->instance_ids, hash, NULL);
    self->instances.items[id]->next = *newest;
    *newest = id;
    return id;
}

bool instance_has_room(const Inferred *self, FuncId func, Irql entry, IrqlSet base, const Var *key,
                       uint8_t key_len) {
    if (key_len == 0 || self->of_entry[func * IRQL_COUNT + entry] < MAX_KEYS)
        return true;
    uint64_t hash = hash_key(func, entry, base, key, key_len);
    return find_instance(self, hash, func, entry, base, key, key_len) != 0;
}

bool instance_add_caller(Inferred *self, InstId callee, InstId caller) {
    bool created;
    map64_put(self->caller_pairs, (uint64_t)callee << 32 | caller, &created);
    if (created)
        array_push(&self->instances.items[callee]->callers, self->arena, caller);
    return created;
}

/* ---- summaries ------------------------------------------------------------------------------ */

bool instance_is_doubtful(const Instance *instance, uint32_t index) {
    const Exit *exit = instance->exits.items[index];
    IrqlSet entry = irql_bit(instance->entry);
    if (exit->world.level == entry && exit->world.lock_len == 0)
        return false;
    for (uint32_t i = 0; i < instance->exits.len; i++) {
        const Exit *other = instance->exits.items[i];
        if (other->world.level == entry && other->world.lock_len == 0 &&
            abs_compare(IR_EQ, other->result, exit->result) != TRUTH_FALSE)
            return true;
    }
    return false;
}

static bool merge_exit(Exit *known, const Exit *exit) {
    bool widen = known->world.merges > 6;
    AbsValue joined = abs_join(known->result, exit->result);
    bool changed = world_merge(&known->world, &exit->world, widen);
    if (!abs_equal(joined, known->result)) {
        changed = true;
        known->result = joined;
        if (widen)
            known->result.lo = INT64_MIN, known->result.hi = INT64_MAX, known->result.nonzero = 0;
    }
    known->world.merges += changed;
    return changed;
}

/* Locals in an exit are the parameters that the function probed (call_make_exit). */
static uint64_t probed_params(const Inferred *self, const World *world) {
    uint64_t probed = 0;
    for (uint8_t i = 0; i < world->var_len; i++) {
        const PlaceRec *place = &self->places.items[world->vars[i].place];
        if (place->kind == PLACE_LOCAL)
            probed |= param_bit(place->b);
    }
    return probed;
}

/* Exits that probed other parameters stay apart: their results may tell the caller. */
static bool is_same_exit(const Inferred *self, const Exit *a, const Exit *b) {
    return world_same_state(&a->world, &b->world) &&
           probed_params(self, &a->world) == probed_params(self, &b->world);
}

bool instance_add_exit(Inferred *self, Instance *instance, const Exit *exit) {
    for (uint32_t i = 0; i < instance->exits.len; i++) {
        Exit *known = instance->exits.items[i];
        if (is_same_exit(self, known, exit))
            return merge_exit(known, exit);
    }
    if (instance->exits.len < MAX_EXITS) {
        size_t size = offsetof(Exit, world) + world_size(&exit->world);
        Exit *added = arena_alloc(self->arena, size);
        memcpy(added, exit, size);
        array_push(&instance->exits, self->arena, added);
        return true;
    }
    Exit *all = instance->exits.items[MAX_EXITS - 1];
    World before;
    world_copy(&before, &all->world);
    all->world.level |= exit->world.level;
    all->world.attached = all->world.attached || exit->world.attached;
    all->world.trusted = all->world.trusted && exit->world.trusted;
    all->world.probed |= exit->world.probed;
    all->world.lock_len = 0;
    all->world.lossy = true;
    all->world.var_len = 0;
    all->result = VALUE_TOP;
    return !world_same_state(&all->world, &before);
}
