/* witness: the path that proves a pair: who is called by the system, each call, each raise.
 *
 * Invariant: steps are in the order of execution; the first one is a root. Of several instances the
 * surest, then the nearest to its root, then the first made is shown.
 */
#include "analyzer/infer/shared.h"

static const char *file_of(const Inferred *self, FuncId func, const IrOpRec *record) {
    const IrUnit *unit = program_unit(self->program, func);
    return ir_str(unit, unit->files[record->loc.file]);
}

static const char *callee_name(const Inferred *self, OpId op) {
    const ProgTargets *targets = &self->program->targets[op];
    return targets->len == 0 ? "a function pointer" : self->program->funcs[targets->items[0]].name;
}

static const char *root_message(const Inferred *self, Arena *arena, const ProgRoot *root,
                                Irql level, Context context) {
    const char *name = self->program->funcs[root->func].name;
    const char *at = irql_name(level);
    switch (root->via) {
    case ROOT_BY_ARGUMENT:
    case ROOT_BY_FIELD:
        return arena_printf(arena, "%s is registered through %s as %s: runs at %s (%s)", name,
                            root->through, root->role->name, at, context_name(context));
    case ROOT_BY_NAME:
        return arena_printf(arena, "%s is called by the system at %s (%s)", name, at,
                            context_name(context));
    case ROOT_BY_TYPE:
        return arena_printf(arena, "%s is declared as %s: runs at %s (%s)", name, root->role->name,
                            at, context_name(context));
    default:
        return arena_printf(arena, "%s is not %scalled from any known root: %s %s", name,
                            root->via == ROOT_POINTED ? "surely " : "",
                            level == IRQL_PASSIVE ? "taken to start at" : "its annotations allow",
                            at);
    }
}

void witness_root(const Inferred *self, Arena *arena, const ProgRoot *root, Irql level,
                  Context context, StepArray *steps) {
    const char *in = self->program->funcs[root->in_func != 0 ? root->in_func : root->func].name;
    Step step = {.kind = STEP_ROOT,
                 .file = root->file,
                 .line = root->line,
                 .function = in,
                 .message = root_message(self, arena, root, level, context),
                 .irql = level};
    array_push(steps, arena, step);
}

static void add_event(const Inferred *self, Arena *arena, const Trace *event, StepArray *steps) {
    const IrOpRec *record = program_op(self->program, event->func, event->op);
    const char *verb = event->raise ? "raises to" : "lowers to";
    Step step = {.kind = event->raise ? STEP_RAISE : STEP_LOWER,
                 .file = file_of(self, event->func, record),
                 .line = record->loc.line,
                 .column = record->loc.column,
                 .function = self->program->funcs[event->func].name,
                 .message = arena_printf(arena, "%s %s %s", callee_name(self, event->op), verb,
                                         irql_name((Irql)event->level)),
                 .irql = (Irql)event->level};
    array_push(steps, arena, step);
}

void witness_events(const Inferred *self, Arena *arena, TraceId trace, StepArray *steps) {
    const Trace *event = &self->traces.items[trace];
    const Trace **list = arena_array_of(arena, const Trace *, event->len + 1);
    uint32_t count = event->len;
    for (uint32_t i = count; i-- > 0; event = &self->traces.items[event->prev])
        list[i] = event;
    for (uint32_t i = 0; i < count; i++)
        add_event(self, arena, list[i], steps);
}

void witness_call(const Inferred *self, Arena *arena, FuncId caller, const CallEdge *edge,
                  Irql entry, StepArray *steps) {
    witness_events(self, arena, edge->trace, steps);
    OpId op = program_op_id(self->program, caller, edge->op);
    const IrOpRec *record = program_op(self->program, caller, op);
    const char *callee = self->program->funcs[self->instances.items[edge->callee]->func].name;
    const char *direct = callee_name(self, op);
    const char *message = str_eq(direct, callee)
                              ? arena_printf(arena, "calls %s", callee)
                              : arena_printf(arena, "%s calls %s", direct, callee);
    if (self->program->targets[op].len != 1 && !str_eq(direct, callee))
        message = arena_printf(arena, "calls %s through a pointer", callee);
    Step step = {.kind = STEP_CALL,
                 .file = file_of(self, caller, record),
                 .line = record->loc.line,
                 .column = record->loc.column,
                 .function = self->program->funcs[caller].name,
                 .message = message,
                 .irql = entry};
    array_push(steps, arena, step);
}

/* How the instance is reached; `bare`: on a way outside every __try. */
static Link link_of(const Inferred *self, InstId id, Context context, bool bare) {
    const Instance *instance = self->instances.items[id];
    const Node *node = &instance->nodes[context];
    if (node->root != 0)
        return (Link){0, 0};
    if (bare && (instance->bare >> context & 1) != 0 && instance->bare_by[context].parent != 0)
        return instance->bare_by[context];
    return (Link){node->parent, node->edge};
}

/* From the root down to the entry of `id`. */
static void add_path(const Inferred *self, Arena *arena, InstId id, Context context, bool bare,
                     StepArray *steps) {
    U32Array chain = {0};
    for (InstId at = id; at != 0; at = link_of(self, at, context, bare).parent)
        array_push(&chain, arena, at);
    for (uint32_t i = chain.len; i-- > 0;) {
        const Instance *instance = self->instances.items[chain.items[i]];
        const Node *node = &instance->nodes[context];
        Link link = link_of(self, chain.items[i], context, bare);
        if (link.parent == 0) {
            witness_root(self, arena, &self->roots.items[node->root - 1], instance->entry, context,
                         steps);
            continue;
        }
        const Instance *parent = self->instances.items[link.parent];
        const CallEdge *edge = &parent->edges.items[link.edge];
        witness_call(self, arena, parent->func, edge, instance->entry, steps);
    }
}

static const OpState *state_of(const Inferred *self, const Instance *instance, OpId op) {
    return state_at(instance,
                    op - self->program->units[self->program->funcs[instance->func].unit].op_base);
}

/* True when the instance shows the pair at the operation (0: its entry) with that certainty. */
static bool shows(const Inferred *self, const Instance *instance, OpId op, Irql irql,
                  Context context, Certainty certainty, const SiteFilter *filter) {
    const Node *node = &instance->nodes[context];
    if (node->certainty > certainty)
        return false;
    if (op == 0)
        return instance->entry == irql;
    const OpState *state = state_of(self, instance, op);
    if (state == NULL)
        return false;
    IrqlSet bit = irql_bit(irql);
    if (((state->seen | state->raised) & bit) == 0)
        return false;
    bool sure = true;
    if (filter != NULL && (!query_has_origin(instance, state, filter, &sure) ||
                           (filter->unguarded && (instance->bare >> context & 1) == 0)))
        return false;
    bool clear = sure && ((state->clear & bit) != 0 || (state->raised & bit) != 0);
    return clear || certainty == POSSIBLE_WEAK;
}

void infer_witness(const Inferred *self, Arena *arena, FuncId func, OpId op, unsigned pair,
                   Certainty certainty, const SiteFilter *filter, StepArray *steps,
                   Assumption *assumption) {
    Context context = pair_context(pair);
    Irql irql = pair_irql(pair);
    InstId best = 0;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        InstId id = self->of_func[func].items[i];
        const Instance *instance = self->instances.items[id];
        if (!shows(self, instance, op, irql, context, certainty, filter))
            continue;
        if (best == 0 ||
            instance->nodes[context].depth < self->instances.items[best]->nodes[context].depth)
            best = id;
    }
    *assumption = ASSUME_NOTHING;
    if (best == 0)
        return;
    const Instance *instance = self->instances.items[best];
    add_path(self, arena, best, context, filter != NULL && filter->unguarded, steps);
    *assumption = (Assumption)instance->nodes[context].assumption;
    if (op == 0)
        return;
    const OpState *state = state_of(self, instance, op);
    witness_events(self, arena, state->trace[irql], steps);
    if (certainty == POSSIBLE_WEAK && instance->nodes[context].certainty != POSSIBLE_WEAK)
        *assumption = (state->clear & irql_bit(irql)) != 0 ? ASSUME_CONDITION : ASSUME_LOST_WORLD;
    else if (certainty == POSSIBLE && *assumption == ASSUME_NOTHING)
        *assumption = (Assumption)state->assumed;
}
