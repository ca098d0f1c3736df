/* infer: the stage's order: facts, roots, fixpoint, contexts.
 *
 * Result: for every function the set of (context, IRQL) pairs with the shortest cause of each, and
 * for every operation the levels at which it is reached. Errs towards fewer levels where the code
 * is not understood; whatever was assumed or lost weakens the certainty and is named.
 */
#include "analyzer/infer/internal.h"

static void find_sync_callbacks(Inferred *self) {
    self->callbacks = map64_new(self->arena);
    for (uint32_t i = 0; i < self->program->root_count; i++) {
        const ProgRoot *root = &self->program->roots[i];
        if (root->role == NULL || (root->role->flags & ROLE_CALLER) == 0 || root->op == 0)
            continue;
        uint32_t *first = map64_put(self->callbacks, root->op, NULL);
        SyncCallback callback = {root->op, root->func, *first};
        array_push(&self->sync, self->arena, callback);
        *first = self->sync.len;
    }
}

static uint8_t origin_of_fact(const FieldFact *fact) {
    switch ((FieldKind)fact->kind) {
    case FIELD_USER_POINTER:
        return ORIGIN_USER | ORIGIN_GIVEN | ORIGIN_UNPROBED;
    case FIELD_RAW_POINTER:
        return ORIGIN_USER | ORIGIN_GIVEN | ORIGIN_RAW;
    case FIELD_PROBED_POINTER:
        return ORIGIN_USER | ORIGIN_GIVEN;
    case FIELD_KERNEL_COPY:
        return ORIGIN_COPY;
    default:
        return 0;
    }
}

/* Fields whose content the model knows: user pointers and kernel copies of user buffers. */
static void find_field_facts(Inferred *self) {
    const Program *program = self->program;
    for (FieldId field = 1; field < program->field_count; field++) {
        const char *dot = strchr(program->field_names[field], '.');
        if (dot == NULL)
            continue;
        char *type = arena_strndup(self->arena, program->field_names[field],
                                   (size_t)(dot - program->field_names[field]));
        uint32_t count;
        const FieldFact *fact = model_field(program->model, type, dot + 1, &count);
        self->field_fact[field] = fact;
        if (fact != NULL)
            self->field_origin[field] = origin_of_fact(fact);
    }
}

/* Field that a value is read from, 0 none. */
static FieldId field_read(const ProgUnit *unit, IrValue value) {
    const IrValueRec *record = &unit->ir->values[value];
    bool is_field =
        record->kind == IR_VALUE_PATH && unit->ir->paths[record->a].kind == IR_PATH_FIELD;
    return is_field ? unit->fields[record->a] : 0;
}

/* A driver keeps the mode that it was started in: its field is known as the system's is. */
static bool copy_modes(Inferred *self, const ProgUnit *unit) {
    bool found = false;
    for (IrOp op = 0; op < unit->ir->ops_len; op++) {
        const IrOpRec *record = &unit->ir->ops[op];
        if (record->kind != IR_OP_STORE || unit->ir->paths[record->a].kind != IR_PATH_FIELD)
            continue;
        FieldId to = unit->fields[record->a];
        const FieldFact *fact = self->field_fact[field_read(unit, record->b)];
        if (fact == NULL || fact->kind != FIELD_DUMP_MODE || to == 0 ||
            self->field_fact[to] != NULL)
            continue;
        self->field_fact[to] = fact;
        found = true;
    }
    return found;
}

static void spread_modes(Inferred *self) {
    bool found = true;
    while (found) {
        found = false;
        for (uint32_t u = 0; u < self->program->unit_count; u++)
            found = copy_modes(self, &self->program->units[u]) || found;
    }
}

static Inferred *make(Arena *arena, const Program *program) {
    Inferred *self = arena_new_of(arena, Inferred);
    self->arena = arena;
    self->program = program;
    self->facts = arena_array_of(arena, FuncFacts, program->func_count);
    self->place_ids = map64_new(arena);
    self->trace_ids = map64_new(arena);
    self->member_fields = map64_new(arena);
    self->lock_bits = map64_new(arena);
    self->state_ids = map64_new(arena);
    self->path_places = arena_array_of(arena, PlaceId *, program->unit_count + 1);
    self->instance_ids = map64_new(arena);
    self->caller_pairs = map64_new(arena);
    self->reader_pairs = map64_new(arena);
    self->of_entry = arena_array_of(arena, uint32_t, (size_t)program->func_count *IRQL_COUNT);
    self->of_func = arena_array_of(arena, U32Array, program->func_count);
    self->field_fact = arena_array_of(arena, const FieldFact *, program->field_count + 1);
    self->field_origin = arena_array_of(arena, uint8_t, program->field_count + 1);
    self->field_source = arena_array_of(arena, OpId, program->field_count + 1);
    self->field_source_func = arena_array_of(arena, FuncId, program->field_count + 1);
    self->field_readers = arena_array_of(arena, U32Array, program->field_count + 1);
    array_push(&self->places, arena, (PlaceRec){0});
    array_push(&self->traces, arena, (Trace){0});
    array_push(&self->instances, arena, NULL);
    for (uint32_t i = 0; i < program->root_count; i++)
        array_push(&self->roots, arena, program->roots[i]);
    return self;
}

/* The levels at which the system calls what the driver hands to it. */
static void find_registered(Inferred *self) {
    self->registered = arena_array_of(self->arena, IrqlSet, self->program->func_count);
    for (uint32_t i = 0; i < self->program->root_count; i++) {
        const ProgRoot *root = &self->program->roots[i];
        if (root->role == NULL || (root->via != ROOT_BY_ARGUMENT && root->via != ROOT_BY_FIELD) ||
            (root->role->flags & (ROLE_CALLER | ROLE_WEAK)) != 0)
            continue;
        IrqlSet possible, certain = program_root_levels(root, &possible);
        self->registered[root->func] |= certain | possible;
    }
}

Inferred *infer_program(Arena *arena, const Program *program) {
    Inferred *self = make(arena, program);
    find_sync_callbacks(self);
    find_field_facts(self);
    spread_modes(self);
    find_registered(self);
    prepare_facts(self);
    do {
        contexts_make_roots(self);
        engine_run(self);
        contexts_spread(self);
    } while (contexts_add_unreached(self));
    engine_prune(self);
    lockset_spread(self);
    limits_find(self);
    engine_end(self);
    return self;
}

InferStats infer_stats(const Inferred *self) {
    return self->stats;
}

const Program *inferred_program(const Inferred *self) {
    return self->program;
}
