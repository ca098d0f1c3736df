/* functions: writes the functions of a driver, who calls whom, and where each can run and why.
 *
 * The cause of a context is the last call of its shortest witness, or the root when there is no
 * call: following callers back gives the whole path. Calls through pointers with no known target
 * are kept with an empty name: a gap that can be counted.
 */
#include "analyzer/store/internal.h"

typedef struct DriverWriter {
    Writer *writer;            /* the run */
    const StoreDriver *driver; /* what is written */
    int64_t *row_ids;          /* by FuncId: row of functions, 0 none */
    Query functions;           /* inserts */
    Query calls;               /* inserts */
    Query contexts;            /* inserts */
} DriverWriter;

static bool is_stored(const Program *program, FuncId func) {
    return program->funcs[func].defined &&
           (program_ir(program, func)->flags & (IR_FUNC_MODEL | IR_FUNC_GLOBALS)) == 0;
}

static void write_function(DriverWriter *self, FuncId func, int64_t driver_id) {
    const Program *program = self->driver->program;
    const ProgFunc *record = &program->funcs[func];
    uint32_t flags = program_ir(program, func)->flags;
    const char *segment_file =
        record->segment_file == NULL ? "" : writer_path(self->writer, record->segment_file);
    self->row_ids[func] =
        query_insert(&self->functions, "isssussuuu", driver_id, record->name, record->key,
                     writer_path(self->writer, record->file), record->line, record->segment,
                     segment_file, record->segment_line, (uint32_t)((flags & IR_FUNC_INLINE) != 0),
                     (uint32_t)((flags & IR_FUNC_INCOMPLETE) != 0));
}

/* ---- calls -------------------------------------------------------------------------------- */

static void write_call(DriverWriter *self, FuncId func, IrOp op) {
    const Program *program = self->driver->program;
    const IrUnit *unit = program_unit(program, func);
    IrLoc loc = unit->ops[op].loc;
    const char *file = writer_path(self->writer, ir_str(unit, unit->files[loc.file]));
    const ProgTargets *targets = &program->targets[program_op_id(program, func, op)];
    uint32_t rows = targets->len == 0 ? 1 : targets->len;
    for (uint32_t i = 0; i < rows; i++) {
        FuncId target = targets->len == 0 ? 0 : targets->items[i];
        const char *name = target == 0 ? "" : program->funcs[target].name;
        if (self->row_ids[target] != 0)
            query_insert(&self->calls, "iissuuu", self->row_ids[func], self->row_ids[target], name,
                         file, loc.line, loc.column, (uint32_t)targets->complete);
        else
            query_insert(&self->calls, "isssuuu", self->row_ids[func], (const char *)NULL, name,
                         file, loc.line, loc.column, (uint32_t)targets->complete);
    }
}

static void write_calls(DriverWriter *self, FuncId func) {
    const Program *program = self->driver->program;
    const IrUnit *unit = program_unit(program, func);
    const IrFuncRec *ir = program_ir(program, func);
    for (uint32_t i = 0; i < ir->block_count; i++) {
        const IrBlockRec *block = &unit->blocks[ir->first_block + i];
        for (uint32_t k = 0; k < block->op_count; k++) {
            if (unit->ops[block->first_op + k].kind == IR_OP_CALL)
                write_call(self, func, block->first_op + k);
        }
    }
}

/* ---- contexts ----------------------------------------------------------------------------- */

static const Step *find_cause(const StepArray *steps) {
    for (uint32_t i = steps->len; i-- > 0;) {
        if (steps->items[i].kind == STEP_CALL)
            return &steps->items[i];
    }
    return steps->len == 0 ? NULL : &steps->items[0];
}

static void write_context(DriverWriter *self, Arena *scratch, FuncId func, unsigned pair,
                          Certainty certainty) {
    StepArray steps = {0};
    Assumption assumption = ASSUME_NOTHING;
    infer_witness(self->driver->inferred, scratch, func, 0, pair, certainty, &steps, &assumption);
    const Step *cause = find_cause(&steps);
    bool is_call = cause != NULL && cause->kind == STEP_CALL;
    query_insert(&self->contexts, "iuuussssus", self->row_ids[func], (uint32_t)pair_context(pair),
                 (uint32_t)pair_irql(pair), (uint32_t)certainty,
                 certainty == CERTAIN ? "" : assumption_text(assumption), is_call ? "call" : "root",
                 is_call ? cause->function : "",
                 cause == NULL ? "" : writer_path(self->writer, cause->file),
                 cause == NULL ? 0 : cause->line, cause == NULL ? "" : cause->message);
}

static void write_contexts(DriverWriter *self, FuncId func) {
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

int write_functions(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    const Program *program = driver->program;
    DriverWriter writer = {
        .writer = self,
        .driver = driver,
        .row_ids = arena_array_of(self->arena, int64_t, program->func_count + 1),
        .functions = query_new(
            self->store,
            "INSERT INTO functions (driver_id, name, key, file, line, segment, segment_file, "
            "segment_line, is_inline, incomplete) VALUES (?,?,?,?,?,?,?,?,?,?)",
            self->err),
        .calls = query_new(self->store,
                           "INSERT INTO calls (caller_id, callee_id, callee, file, line, column, "
                           "direct) VALUES (?,?,?,?,?,?,?)",
                           self->err),
        .contexts = query_new(
            self->store,
            "INSERT INTO contexts (function_id, context, irql, certainty, assumption, cause, "
            "caller, file, line, message) VALUES (?,?,?,?,?,?,?,?,?,?)",
            self->err),
    };
    for (FuncId func = 1; func < program->func_count; func++) {
        if (is_stored(program, func))
            write_function(&writer, func, driver_id);
    }
    for (FuncId func = 1; func < program->func_count; func++) {
        if (writer.row_ids[func] == 0)
            continue;
        write_calls(&writer, func);
        write_contexts(&writer, func);
    }
    bool ok =
        writer.functions.stmt != NULL && writer.calls.stmt != NULL && writer.contexts.stmt != NULL;
    query_end(&writer.functions);
    query_end(&writer.calls);
    query_end(&writer.contexts);
    return ok ? 0 : -1;
}
