/* cause: the links that witnesses are made of, one at a time.
 *
 * A link is a node (instance, context): many witnesses share their first part, so whoever keeps
 * them all keeps each link once. Invariant: following parents from infer_cause_of ends at a root
 * and gives the path that infer_witness shows for the function's entry.
 */
#include "analyzer/infer/internal.h"

CauseId infer_cause_of(const Inferred *self, FuncId func, unsigned pair, Certainty certainty) {
    Context context = pair_context(pair);
    InstId best = 0;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        InstId id = self->of_func[func].items[i];
        const Instance *instance = self->instances.items[id];
        const Node *node = &instance->nodes[context];
        if (instance->entry != pair_irql(pair) || node->certainty > certainty)
            continue;
        if (best == 0 || node->depth < self->instances.items[best]->nodes[context].depth)
            best = id;
    }
    return best == 0 ? 0 : best * CONTEXT_COUNT + (CauseId)context;
}

/* The raises and lowers of a trace, oldest first. */
static void add_events(const Inferred *self, Arena *arena, TraceId trace, Cause *cause) {
    const Trace *event = &self->traces.items[trace];
    CauseEvent *events = arena_array_of(arena, CauseEvent, event->len + 1);
    cause->events = events;
    cause->event_count = event->len;
    for (uint32_t i = event->len; i-- > 0; event = &self->traces.items[event->prev])
        events[i] = (CauseEvent){event->op, (Irql)event->level, event->raise};
}

Cause infer_cause(const Inferred *self, Arena *arena, CauseId id) {
    Context context = (Context)(id % CONTEXT_COUNT);
    const Instance *instance = self->instances.items[id / CONTEXT_COUNT];
    const Node *node = &instance->nodes[context];
    Cause cause = {.func = instance->func,
                   .irql = instance->entry,
                   .assumption = (Assumption)node->assumption};
    if (node->root != 0) {
        cause.root_index = node->root - 1;
        cause.root = &self->roots.items[cause.root_index];
        return cause;
    }
    const Instance *parent = self->instances.items[node->parent];
    const CallEdge *edge = &parent->edges.items[node->edge];
    cause.parent = node->parent * CONTEXT_COUNT + (CauseId)context;
    cause.op = program_op_id(self->program, parent->func, edge->op);
    add_events(self, arena, edge->trace, &cause);
    return cause;
}
