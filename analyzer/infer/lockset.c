/* lockset: which locks are surely held, by name.
 *
 * A set has a bit for each field or global that holds locks, whatever the object. Invariant: in a
 * set of held locks a bit says that some lock of that name was taken and not given back on every
 * path; locks past the last bit, and those reached through unknown memory, share one bit that
 * means "some lock". Errs towards fewer locks where paths meet.
 */
#include "analyzer/infer/internal.h"

PlaceId lockset_global(Inferred *self, const char *name) {
    uint32_t id = (uint32_t)hash_bytes(name, strlen(name), 1) & 0xffff;
    return place_make(self, PLACE_OF_GLOBAL, self->program->global_count + id, 0);
}

unsigned lockset_bit(Inferred *self, PlaceId place) {
    while (self->places.items[place].kind == PLACE_ELEMENT ||
           self->places.items[place].kind == PLACE_DEREF) /* a handle goes by where it is kept */
        place = self->places.items[place].a;
    const PlaceRec *record = &self->places.items[place];
    uint64_t name;
    if (record->kind == PLACE_FIELD)
        name = (uint64_t)PLACE_FIELD << 32 | record->b;
    else if (record->kind == PLACE_OF_GLOBAL)
        name = (uint64_t)PLACE_OF_GLOBAL << 32 | record->a;
    else
        return LOCK_BIT_UNKNOWN;
    bool created;
    uint32_t *bit = map64_put(self->lock_bits, name, &created);
    if (created)
        *bit = self->lock_count < LOCK_BIT_LEVEL ? self->lock_count++ : LOCK_BIT_UNKNOWN;
    if (created && *bit != LOCK_BIT_UNKNOWN)
        self->lock_places[*bit] = place;
    return *bit;
}

void lockset_take(Inferred *self, World *world, PlaceId place, unsigned lock_class) {
    unsigned bit = lockset_bit(self, place);
    self->lock_classes[bit] |= 1u << lock_class;
    world->held |= (LockSet)1 << bit;
    world->maybe |= (LockSet)1 << bit;
    world->gone &= ~((LockSet)1 << bit);
}

void lockset_drop(Inferred *self, World *world, PlaceId place) {
    LockSet bit = (LockSet)1 << lockset_bit(self, place);
    world->given |= world->held & bit;
    world->held &= ~bit;
    world->dropped |= bit;
    world->maybe &= ~bit;
    world->gone |= bit;
}

/* ---- what callers hold ----------------------------------------------------------------------- */

static bool is_reached(const Instance *instance) {
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        if (instance->nodes[c].certainty < CERTAINTY_COUNT)
            return true;
    }
    return false;
}

static bool is_root(const Instance *instance) {
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        if (instance->nodes[c].certainty < CERTAINTY_COUNT && instance->nodes[c].root != 0)
            return true;
    }
    return false;
}

/* Contexts in which the system calls it: nobody has set up a handler. */
static uint8_t contexts_of_root(const Instance *instance) {
    uint8_t contexts = 0;
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        if (instance->nodes[c].certainty < CERTAINTY_COUNT && instance->nodes[c].root != 0)
            contexts |= (uint8_t)(1u << c);
    }
    return contexts;
}

/* True when whoever calls it hands on addresses that nobody has probed. */
static bool is_raw_root(const Inferred *self, const Instance *instance) {
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        uint32_t root = instance->nodes[c].root;
        if (instance->nodes[c].certainty >= CERTAINTY_COUNT || root == 0)
            continue;
        const Role *role = self->roots.items[root - 1].role;
        if (role == NULL || (role->flags & ROLE_RAW_BUFFERS) == 0)
            return false;
    }
    return true;
}

/* What the system surely holds when it calls a root. */
static LockSet held_by_system(Inferred *self, const Instance *instance) {
    LockSet held = ~(LockSet)0;
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        uint32_t root = instance->nodes[c].root;
        if (instance->nodes[c].certainty >= CERTAINTY_COUNT || root == 0)
            continue;
        const Role *role = self->roots.items[root - 1].role;
        LockSet here = 0;
        if (role != NULL && (role->flags & ROLE_CANCEL_LOCK_HELD) != 0)
            here = (LockSet)1 << lockset_bit(self, lockset_global(self, "cancel"));
        if (role != NULL && (role->flags & ROLE_INTERRUPT_LOCK_HELD) != 0)
            here = (LockSet)1 << lockset_bit(self, lockset_global(self, "interrupt"));
        if (role != NULL && (role->flags & ROLE_STARTIO_LOCK_HELD) != 0)
            here |= (LockSet)1 << lockset_bit(self, lockset_global(self, "startio"));
        held &= here;
    }
    return held;
}

/* True when the operation lies in a __try whose handler takes exceptions. */
static bool in_try(const Inferred *self, const Instance *instance, IrOp op) {
    const IrUnit *unit = program_unit(self->program, instance->func);
    const IrFuncRec *record = program_ir(self->program, instance->func);
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[record->first_block + b];
        if (op >= block->first_op && op < block->first_op + block->op_count)
            return ir_in_except(unit, block->region);
    }
    return false;
}

/* Sets of locks surely held only shrink, from "all locks" of what is reached, the others only grow;
 * so this ends. */
void lockset_spread(Inferred *self) {
    U32Array worklist = {0};
    for (InstId id = 1; id < self->instances.len; id++) {
        Instance *instance = self->instances.items[id];
        bool root = is_root(instance);
        instance->entry_held = root ? held_by_system(self, instance) : ~(LockSet)0;
        instance->entry_some = root ? instance->entry_held : 0;
        instance->bare = contexts_of_root(instance);
        instance->raw = is_raw_root(self, instance);
        if (is_reached(instance))
            array_push(&worklist, self->arena, id);
    }
    for (uint32_t next = 0; next < worklist.len; next++) {
        const Instance *caller = self->instances.items[worklist.items[next]];
        for (uint32_t e = 0; e < caller->edges.len; e++) {
            const CallEdge *edge = &caller->edges.items[e];
            Instance *callee = self->instances.items[edge->callee];
            LockSet held =
                callee->entry_held & ((caller->entry_held & ~edge->dropped) | edge->held);
            uint8_t bare = callee->bare;
            if ((caller->bare & ~bare) != 0 && !in_try(self, caller, edge->op))
                bare |= caller->bare;
            for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
                if (((bare & ~callee->bare) >> c & 1) != 0)
                    callee->bare_by[c] = (Link){worklist.items[next], e};
            }
            bool raw = callee->raw && caller->raw;
            LockSet some = callee->entry_some | caller->entry_some | edge->some;
            if (held == callee->entry_held && bare == callee->bare && raw == callee->raw &&
                some == callee->entry_some)
                continue;
            callee->entry_held = held;
            callee->entry_some = some;
            callee->bare = bare;
            callee->raw = raw;
            array_push(&worklist, self->arena, edge->callee);
        }
    }
}
