/* oracle_report: the trace of a path that left the inferred sets. */
#include "tests/oracle.h"

enum { MAX_EVENTS = 4096, SHOWN_EVENTS = 60 };

void machine_event(Machine *self, Event event) {
    if (self->events.len < MAX_EVENTS)
        array_push(&self->events, self->scratch, event);
}

static const char *name_of(const Machine *self, FuncId func) {
    return func == 0 ? "?" : self->program->funcs[func].name;
}

static const char *callee_name(const Machine *self, const Event *event) {
    const IrOpRec *record = program_op(self->program, event->func, event->op);
    ProgTargets targets = self->program->targets[event->op];
    return record->kind == IR_OP_CALL && targets.len != 0 ? name_of(self, targets.items[0]) : "?";
}

static void print_event(const Machine *self, const Event *event) {
    fprintf(self->out, "    %*s", (int)event->depth * 2, "");
    switch (event->kind) {
    case EVENT_CALL:
        fprintf(self->out, "%s:%u calls %s at level %u\n", name_of(self, event->func), event->line,
                name_of(self, event->callee), event->level);
        break;
    case EVENT_RETURN:
        fprintf(self->out, "%s returns\n", name_of(self, event->func));
        break;
    case EVENT_LEVEL:
        fprintf(self->out, "%s:%u %s: level %u\n", name_of(self, event->func), event->line,
                callee_name(self, event), event->level);
        break;
    case EVENT_BRANCH:
        fprintf(self->out, "%s:%u %s\n", name_of(self, event->func), event->line,
                event->level != 0 ? "true" : "false");
        break;
    }
}

static void print_trace(const Machine *self) {
    uint32_t first = 0;
    if (self->events.len > SHOWN_EVENTS)
        first = self->events.len - SHOWN_EVENTS;
    if (first != 0)
        fprintf(self->out, "    … %u earlier events\n", first);
    for (uint32_t i = first; i < self->events.len; i++) {
        if (self->verbose || self->events.items[i].kind != EVENT_BRANCH)
            print_event(self, &self->events.items[i]);
    }
}

static void print_pairs(const Machine *self, PairSet pairs) {
    const char *separator = "";
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((pairs >> pair & 1) == 0)
            continue;
        fprintf(self->out, "%s%s %s", separator, context_name(pair_context(pair)),
                irql_name(pair_irql(pair)));
        separator = ", ";
    }
    fprintf(self->out, "%s\n", pairs == 0 ? "nothing" : "");
}

static void print_violation(const Machine *self, const Violation *violation) {
    const ProgFunc *func = &self->program->funcs[violation->func];
    uint32_t line = func->line;
    if (violation->op != 0)
        line = program_op(self->program, violation->func, violation->op)->loc.line;
    fprintf(self->out, "%s:%u: %s: ", func->file, line, func->name);
    if (violation->unexpected != 0)
        fprintf(self->out, "calls %s, which is no target of this call\n",
                name_of(self, violation->unexpected));
    else
        fprintf(self->out, "%s runs in %s at %s, outside what was inferred\n",
                violation->op == 0 ? "the function" : "the operation",
                context_name(pair_context(violation->pair)), irql_name(pair_irql(violation->pair)));
    fprintf(self->out, "  inferred: ");
    print_pairs(self,
                violation->op == 0 ? self->entries[violation->func] : self->inside[violation->op]);
    fprintf(self->out, "  root %s in %s at %s\n", name_of(self, self->start.func),
            context_name(self->start.context), irql_name(self->start.level));
    print_trace(self);
}

void machine_violation(Machine *self, Violation violation) {
    uint64_t key = hash_bytes(
        &(uint32_t[]){violation.func, violation.op, violation.pair, violation.unexpected}, 16, 0);
    bool created;
    *map64_put(self->known_violations, key, &created) = 1;
    machine_stop(self, STOP_VIOLATION);
    if (!created)
        return;
    self->violations++;
    print_violation(self, &violation);
}
