/* shared: who reads and writes the data that several roots share, and under which locks.
 *
 * Starting at each root that is no start or stop of the device, the recorded calls are followed
 * with the locks held: a *way* is an instance entered with one set of locks and with what is known
 * of the objects its arguments point at. Invariant: a way rests on calls that inference is sure of;
 * `sure` locks are held on it, and what is not in `maybe` is not. It errs towards fewer accesses:
 * weak calls, lossy states, data reached through pointers that are no fields are left out.
 */
#include "analyzer/infer/shared.h"

#include <stdlib.h>

enum { MAX_WAYS = 6000 /* per root and context */ };

/* ---- ways ------------------------------------------------------------------------------------ */

/* Ways come shortest first: how far above the objects are known makes no other way. */
static uint64_t way_key(const Way *way) {
    const LockSet locks[] = {way->held, way->maybe};
    Holder holders[WAY_HOLDERS];
    memcpy(holders, way->holders, sizeof holders);
    for (unsigned i = 0; i < WAY_HOLDERS; i++)
        holders[i].up = 0;
    return hash_bytes(holders, sizeof holders, hash_bytes(locks, sizeof locks, way->instance));
}

static void add_way(InferShared *self, Map64 *seen, uint32_t first, Way way) {
    bool created;
    if (self->ways.len - first >= MAX_WAYS)
        return;
    map64_put(seen, way_key(&way), &created);
    if (created)
        array_push(&self->ways, self->arena, way);
}

static void follow_edge(InferShared *self, Map64 *seen, uint32_t first, uint32_t from,
                        uint32_t edge_index) {
    Way way = self->ways.items[from];
    const Instance *caller = self->inferred->instances.items[way.instance];
    const CallEdge *edge = &caller->edges.items[edge_index];
    if (edge->weak != ASSUME_NOTHING || edge->claimed)
        return;
    Way next = {.instance = edge->callee,
                .root = way.root,
                .context = way.context,
                .parent = from,
                .edge = edge_index,
                .held = (way.held & ~edge->dropped) | edge->held,
                .maybe = (way.maybe & ~edge->gone) | edge->maybe};
    holder_of_arguments(self, &way, caller->func, edge->op, next.holders);
    add_way(self, seen, first, next);
}

static LockSet held_by_system(Inferred *inferred, const Role *role) {
    LockSet held = 0;
    if ((role->flags & ROLE_CANCEL_LOCK_HELD) != 0)
        held |= (LockSet)1 << lockset_bit(inferred, lockset_global(inferred, "cancel"));
    if ((role->flags & ROLE_STARTIO_LOCK_HELD) != 0)
        held |= (LockSet)1 << lockset_bit(inferred, lockset_global(inferred, "startio"));
    return held;
}

static void explore(InferShared *self, InstId start, Context context) {
    const Node *node = &self->inferred->instances.items[start]->nodes[context];
    const ProgRoot *root = &self->inferred->roots.items[node->root - 1];
    if (root->role == NULL || (root->role->flags & ROLE_LIFECYCLE) != 0)
        return;
    Map64 *seen = map64_new(self->arena);
    uint32_t first = self->ways.len;
    LockSet held = held_by_system(self->inferred, root->role);
    add_way(self, seen, first,
            (Way){.instance = start,
                  .root = node->root - 1,
                  .context = (uint8_t)context,
                  .parent = NO_WAY,
                  .held = held,
                  .maybe = held});
    for (uint32_t i = first; i < self->ways.len; i++) {
        uint32_t edges = self->inferred->instances.items[self->ways.items[i].instance]->edges.len;
        for (uint32_t e = 0; e < edges; e++)
            follow_edge(self, seen, first, i, e);
    }
}

static void find_ways(InferShared *self) {
    for (InstId id = 1; id < self->inferred->instances.len; id++) {
        for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
            const Node *node = &self->inferred->instances.items[id]->nodes[c];
            if (c != CONTEXT_INIT && node->certainty <= POSSIBLE && node->root != 0)
                explore(self, id, (Context)c);
        }
    }
}

/* ---- accesses -------------------------------------------------------------------------------- */

static Irql highest(IrqlSet levels) {
    Irql level = IRQL_PASSIVE;
    while ((levels >> (level + 1)) != 0)
        level++;
    return level;
}

/* Of the struct type that the field belongs to; of a global: of its name. */
static uint64_t type_hash(const InferShared *self, uint32_t key) {
    const Program *program = self->inferred->program;
    if (key >= program->field_count)
        return key;
    uint64_t *known = &self->of_type[key];
    if (*known == 0) {
        const char *name = program->field_names[key];
        *known = hash_bytes(name, strcspn(name, "."), 7);
    }
    return *known;
}

/* An element, memory allocated while the device runs, what an object of the same type links to. */
static bool is_one_of_many(const InferShared *self, Holder holder, uint32_t key) {
    if (holder.kind == HOLDER_MANY)
        return true;
    if (holder.kind == HOLDER_PRIVATE)
        return holder.id == HOLDER_ALLOCATED;
    return holder.kind == HOLDER_FIELD && key < self->inferred->program->field_count &&
           type_hash(self, holder.id) == type_hash(self, key);
}

/* Ways come shortest first: of accesses that differ in nothing else one is enough. */
static uint64_t access_key(const SharedAccess *access) {
    const uint64_t parts[] = {access->sure, access->maybe,
                              (uint64_t)access->op << 32 | access->root->func,
                              (uint64_t)access->holder.id << 32 | access->holder.inside,
                              (uint64_t)access->holder.kind << 32 | access->irql};
    return hash_bytes(parts, sizeof parts, 0);
}

static void add_access(InferShared *self, uint32_t index, const FuncAccess *site) {
    const Way *way = &self->ways.items[index];
    const Instance *instance = self->inferred->instances.items[way->instance];
    const OpState *state = state_at(instance, site->op);
    if (state == NULL || (state->clear & state->unclaimed) == 0 ||
        highest(state->clear & state->unclaimed) == IRQL_HIGH) /* the machine is going down */
        return;
    SharedAccess access = {
        .func = instance->func,
        .op = program_op_id(self->inferred->program, instance->func, site->op),
        .update = site->update,
        .holder = holder_of_path(self, way, instance->func, site->path),
        .root = &self->inferred->roots.items[way->root],
        .context = (Context)way->context,
        .irql = highest(state->clear & state->unclaimed),
        .sure = (way->held & ~state->dropped) | state->held,
        .maybe = (way->maybe & ~state->gone) | state->maybe,
        .way = index,
    };
    if (is_one_of_many(self, access.holder, site->key))
        map64_put(self->many, type_hash(self, site->key), NULL);
    if (access.holder.kind == HOLDER_PRIVATE)
        return;
    bool created;
    map64_put(self->seen, access_key(&access), &created);
    if (created)
        array_push(&self->of_key[site->key], self->arena, access);
}

/* C++: sets up or takes down an object that nobody else has. */
static bool makes_object(const char *name) {
    const char *last = NULL;
    for (const char *at = strstr(name, "::"); at != NULL; at = strstr(at + 1, "::"))
        last = at;
    if (last == NULL)
        return false;
    size_t len = strlen(last + 2);
    if (last[2] == '~')
        return true;
    const char *start = last;
    while (start > name && start[-1] != ':')
        start--;
    return strncmp(start, last + 2, len) == 0 && (start[len] == ':' || start[len] == '<');
}

/* False when a way from the same root, in another context, showed the same accesses. */
static bool is_new_way(const InferShared *self, Map64 *collected, const Way *way) {
    bool created;
    FuncId root = self->inferred->roots.items[way->root].func;
    map64_put(collected, hash_bytes(&root, sizeof root, way_key(way)), &created);
    return created;
}

static void collect(InferShared *self) {
    Map64 *collected = map64_new(self->arena);
    self->seen = map64_new(self->arena);
    for (uint32_t i = 0; i < self->ways.len; i++) {
        if (!is_new_way(self, collected, &self->ways.items[i]))
            continue;
        FuncId func = self->inferred->instances.items[self->ways.items[i].instance]->func;
        if (makes_object(self->inferred->program->funcs[func].name))
            continue;
        const FuncAccesses *sites = shared_sites(self, func);
        for (uint32_t k = 0; k < sites->len; k++)
            add_access(self, i, &sites->items[k]);
    }
}

/* What is kept in an object of which there are many is one of many too. */
static void spread_many(InferShared *self, uint32_t keys) {
    for (int pass = 0; pass < 3; pass++) {
        for (uint32_t key = 1; key < keys; key++) {
            for (uint32_t i = 0; i < self->of_key[key].len; i++) {
                Holder *holder = &self->of_key[key].items[i].holder;
                if (holder->kind != HOLDER_FIELD ||
                    map64_get(self->many, type_hash(self, holder->id)) == NULL)
                    continue;
                holder->kind = HOLDER_MANY;
                map64_put(self->many, type_hash(self, key), NULL);
            }
        }
    }
}

static bool has_two_roots(const SharedAccesses *accesses) {
    for (uint32_t i = 1; i < accesses->len; i++) {
        if (accesses->items[i].root->func != accesses->items[0].root->func)
            return true;
    }
    return false;
}

InferShared *infer_shared(Arena *arena, const Inferred *inferred) {
    const Program *program = inferred->program;
    InferShared *self = arena_new_of(arena, InferShared);
    self->arena = arena;
    self->inferred = (Inferred *)inferred; /* names of the system's locks are made on demand */
    uint32_t keys = program->field_count + program->global_count;
    self->of_key = arena_array_of(arena, SharedAccesses, keys + 1);
    self->of_func = arena_array_of(arena, FuncAccesses *, program->func_count);
    self->locals = arena_array_of(arena, LocalStore *, program->func_count);
    self->of_type = arena_array_of(arena, uint64_t, program->field_count + 1);
    self->many = map64_new(arena);
    find_ways(self);
    collect(self);
    spread_many(self, keys);
    for (uint32_t key = 1; key < keys; key++) {
        if (!has_two_roots(&self->of_key[key]))
            continue;
        bool is_field = key < program->field_count;
        SharedData data = {.name = is_field ? program->field_names[key]
                                            : program->global_names[key - program->field_count],
                           .field = is_field ? key : 0,
                           .single = map64_get(self->many, type_hash(self, key)) == NULL,
                           .items = self->of_key[key].items,
                           .len = self->of_key[key].len};
        array_push(&self->data, arena, data);
    }
    return self;
}

uint32_t infer_shared_count(const InferShared *self) {
    return self->data.len;
}

const SharedData *infer_shared_item(const InferShared *self, uint32_t index) {
    return &self->data.items[index];
}

/* ---- overlap --------------------------------------------------------------------------------- */

bool inferred_may_overlap(const Inferred *self, const SharedAccess *a, const SharedAccess *b) {
    (void)self;
    bool serial = a->root->setting == SETTING_SERIAL && b->root->setting == SETTING_SERIAL;
    bool raised = a->irql >= IRQL_DIRQL && b->irql >= IRQL_DIRQL; /* both hold the interrupt lock */
    return !serial && !raised;
}

/* ---- the path -------------------------------------------------------------------------------- */

/* The way into the function `up` calls above the access. */
static uint32_t way_above(const InferShared *self, const SharedAccess *access, uint32_t up) {
    uint32_t at = access->way;
    for (; up > 0 && self->ways.items[at].parent != NO_WAY; up--)
        at = self->ways.items[at].parent;
    return at;
}

/* From the root to the entry of the way's function. */
static void add_ways(const InferShared *self, Arena *arena, const SharedAccess *access,
                     uint32_t last, StepArray *steps) {
    const Inferred *inferred = self->inferred;
    U32Array chain = {0};
    for (uint32_t at = last; at != NO_WAY; at = self->ways.items[at].parent)
        array_push(&chain, arena, at);
    for (uint32_t i = chain.len; i-- > 0;) {
        const Way *way = &self->ways.items[chain.items[i]];
        Irql entry = inferred->instances.items[way->instance]->entry;
        if (way->parent == NO_WAY) {
            witness_root(inferred, arena, access->root, entry, access->context, steps);
            continue;
        }
        const Instance *parent = inferred->instances.items[self->ways.items[way->parent].instance];
        witness_call(inferred, arena, parent->func, &parent->edges.items[way->edge], entry, steps);
    }
}

/* The call by which the way into the function below is entered. */
static const CallEdge *edge_below(const InferShared *self, const SharedAccess *access,
                                  uint32_t up) {
    const Way *below = &self->ways.items[way_above(self, access, up - 1)];
    const Instance *caller =
        self->inferred->instances.items[self->ways.items[below->parent].instance];
    return &caller->edges.items[below->edge];
}

void infer_shared_path_above(const InferShared *self, Arena *arena, const SharedAccess *access,
                             uint32_t up, StepArray *steps) {
    const Inferred *inferred = self->inferred;
    uint32_t last = way_above(self, access, up);
    const Instance *instance = inferred->instances.items[self->ways.items[last].instance];
    add_ways(self, arena, access, last, steps);
    if (up > 0) {
        witness_events(inferred, arena, edge_below(self, access, up)->trace, steps);
        return;
    }
    IrOp op = access->op - program_op_id(inferred->program, instance->func, 0);
    witness_events(inferred, arena, state_at(instance, op)->trace[access->irql], steps);
}

void infer_shared_path(const InferShared *self, Arena *arena, const SharedAccess *access,
                       StepArray *steps) {
    infer_shared_path_above(self, arena, access, 0, steps);
}

OpId infer_shared_site(const InferShared *self, const SharedAccess *access, uint32_t up,
                       FuncId *func) {
    *func = access->func;
    if (up == 0)
        return access->op;
    const Way *way = &self->ways.items[way_above(self, access, up)];
    *func = self->inferred->instances.items[way->instance]->func;
    return program_op_id(self->inferred->program, *func, edge_below(self, access, up)->op);
}
