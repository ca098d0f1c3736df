/* causes: writes at which (context, IRQL) each function can be entered, and the paths that show it.
 *
 * A path is kept as links, each with its parent, and a link says no more than which call it is:
 * paths share their first links, and file, line and names are those of the call. Invariant: a link
 * is written after its parent, so its number is greater and following parents ends.
 */
#include "analyzer/store/internal.h"

#include <assert.h>

/* ---- roots -------------------------------------------------------------------------------- */

static int64_t write_root(DriverWriter *self, const Cause *cause) {
    static const char *const words[] = {
        [ROOT_BY_ARGUMENT] = "argument", [ROOT_BY_FIELD] = "field", [ROOT_BY_NAME] = "name",
        [ROOT_BY_TYPE] = "type",         [ROOT_UNREACHED] = "none", [ROOT_UNCALLED] = "none",
        [ROOT_POINTED] = "none",
    };
    bool created;
    uint32_t *known = map64_put(self->root_rows, cause->root_index, &created);
    if (!created)
        return self->root_ids.items[*known];
    const ProgRoot *root = cause->root;
    const Program *program = self->driver->program;
    FuncId in = root->in_func != 0 ? root->in_func : root->func;
    int64_t id =
        row_add(&self->writer->log, ROW_ROOT, "rssssus", self->row_ids[root->func],
                words[root->via], root->through, root->role == NULL ? "" : root->role->name,
                writer_path(self->writer, root->file), root->line, program->funcs[in].name);
    *known = self->root_ids.len;
    array_push(&self->root_ids, self->writer->arena, id);
    return id;
}

/* ---- links -------------------------------------------------------------------------------- */

/* The row of the call that goes to `callee`; of a kernel routine that calls it, the first row. */
static int64_t call_row(const DriverWriter *self, OpId op, FuncId callee) {
    const ProgTargets *targets = &self->driver->program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        if (targets->items[i] == callee)
            return self->call_ids[op] + i;
    }
    return self->call_ids[op];
}

static void write_link(DriverWriter *self, const Cause *cause, uint32_t number) {
    int64_t function = self->row_ids[cause->func];
    if (cause->parent == 0) {
        row_add(&self->writer->log, ROW_CAUSE, "rurussr", self->driver_id, number, function,
                (uint32_t)cause->irql, (const char *)NULL, (const char *)NULL,
                write_root(self, cause));
        return;
    }
    uint32_t parent = *map64_get(self->cause_numbers, cause->parent);
    row_add(&self->writer->log, ROW_CAUSE, "ruruurs", self->driver_id, number, function,
            (uint32_t)cause->irql, parent, call_row(self, cause->op, cause->func),
            (const char *)NULL);
    for (uint32_t i = 0; i < cause->event_count; i++) {
        const CauseEvent *event = &cause->events[i];
        row_add(&self->writer->log, ROW_RAISE, "ruuruu", self->driver_id, number, i,
                call_row(self, event->op, 0), (uint32_t)event->level, (uint32_t)event->raise);
    }
}

/* Writes the links that are not there yet, from the root on; the number of the last one. */
static uint32_t write_path(DriverWriter *self, Arena *scratch, CauseId last) {
    Array(Cause) chain = {0};
    U32Array ids = {0};
    CauseId id = last;
    while (id != 0 && map64_get(self->cause_numbers, id) == NULL) {
        Cause cause = infer_cause(self->driver->inferred, scratch, id);
        array_push(&chain, scratch, cause);
        array_push(&ids, scratch, id);
        id = cause.parent;
    }
    for (uint32_t i = chain.len; i-- > 0;) {
        bool created;
        uint32_t number = map64_count(self->cause_numbers) + 1;
        *map64_put(self->cause_numbers, ids.items[i], &created) = number;
        write_link(self, &chain.items[i], number);
    }
    return *map64_get(self->cause_numbers, last);
}

/* ---- contexts ----------------------------------------------------------------------------- */

/* The clause, which has a row from now on. */
static const char *assumption_row(DriverWriter *self, Assumption assumption) {
    const char *text = assumption_text(assumption);
    if (!self->has_assumption[assumption])
        row_add(&self->writer->log, ROW_ASSUMPTION, "s", text);
    self->has_assumption[assumption] = true;
    return text;
}

static void write_context(DriverWriter *self, Arena *scratch, FuncId func, unsigned pair,
                          Certainty certainty) {
    const Inferred *inferred = self->driver->inferred;
    CauseId id = infer_cause_of(inferred, func, pair, certainty);
    assert(id != 0);
    Assumption assumption = infer_cause(inferred, scratch, id).assumption;
    uint32_t context = (uint32_t)pair_context(pair), irql = (uint32_t)pair_irql(pair);
    uint32_t number = write_path(self, scratch, id);
    bool is_certain = certainty == CERTAIN || assumption == ASSUME_NOTHING;
    row_add(&self->writer->log, ROW_CONTEXT, "ruuusu", self->row_ids[func], context, irql,
            (uint32_t)certainty, is_certain ? NULL : assumption_row(self, assumption), number);
}

void write_contexts(DriverWriter *self, FuncId func) {
    SitePairs entry = inferred_entry(self->driver->inferred, func);
    Arena *scratch = arena_new();
    for (unsigned certainty = 0; certainty < CERTAINTY_COUNT; certainty++) {
        for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
            if ((entry.by[certainty] >> pair & 1) != 0)
                write_context(self, scratch, func, pair, (Certainty)certainty);
        }
    }
    arena_free(scratch);
}
