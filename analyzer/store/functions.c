/* functions: writes the functions of a driver and who calls whom; causes.c says where each can run.
 *
 * Calls through pointers with no known target are kept with an empty name: a gap that can be
 * counted. Of the model headers' helpers only those are kept that paths may lead through.
 */
#include "analyzer/store/internal.h"

static bool is_stored(const StoreDriver *driver, FuncId func) {
    const Program *program = driver->program;
    if (!program->funcs[func].defined)
        return false;
    uint32_t flags = program_ir(program, func)->flags;
    if ((flags & IR_FUNC_MODEL) != 0)
        return !site_pairs_empty(inferred_entry(driver->inferred, func));
    return (flags & IR_FUNC_GLOBALS) == 0;
}

static void write_function(DriverWriter *self, FuncId func) {
    const Program *program = self->driver->program;
    const ProgFunc *record = &program->funcs[func];
    uint32_t flags = program_ir(program, func)->flags;
    const char *segment_file =
        record->segment_file == NULL ? "" : writer_path(self->writer, record->segment_file);
    self->row_ids[func] = query_insert(
        &self->functions, "isssussuuuu", self->driver_id, record->name, record->key,
        writer_path(self->writer, record->file), record->line, record->segment, segment_file,
        record->segment_line, (uint32_t)((flags & IR_FUNC_INLINE) != 0),
        (uint32_t)((flags & IR_FUNC_INCOMPLETE) != 0), (uint32_t)((flags & IR_FUNC_MODEL) != 0));
}

/* ---- calls -------------------------------------------------------------------------------- */

static void write_call(DriverWriter *self, FuncId func, IrOp op) {
    const Program *program = self->driver->program;
    const IrUnit *unit = program_unit(program, func);
    IrLoc loc = unit->ops[op].loc;
    const char *file = writer_path(self->writer, ir_str(unit, unit->files[loc.file]));
    OpId id = program_op_id(program, func, op);
    const ProgTargets *targets = &program->targets[id];
    uint32_t rows = targets->len == 0 ? 1 : targets->len;
    for (uint32_t i = 0; i < rows; i++) {
        FuncId target = targets->len == 0 ? 0 : targets->items[i];
        const char *name = target == 0 ? "" : program->funcs[target].name;
        int64_t row;
        if (self->row_ids[target] != 0)
            row = query_insert(&self->calls, "iissuuu", self->row_ids[func], self->row_ids[target],
                               name, file, loc.line, loc.column, (uint32_t)targets->complete);
        else
            row = query_insert(&self->calls, "isssuuu", self->row_ids[func], (const char *)NULL,
                               name, file, loc.line, loc.column, (uint32_t)targets->complete);
        if (i == 0)
            self->call_ids[id] = row;
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

/* ---- the driver --------------------------------------------------------------------------- */

static Query insert_into(Writer *self, const char *table, const char *columns, unsigned count) {
    Text sql = {0};
    text_printf(&sql, self->arena, "INSERT INTO %s (%s) VALUES (", table, columns);
    for (unsigned i = 0; i < count; i++)
        text_append(&sql, self->arena, i == 0 ? "?" : ",?");
    text_append(&sql, self->arena, ")");
    return query_new(self->store, text_cstr(&sql, self->arena), self->err);
}

static void prepare(DriverWriter *self, Writer *writer) {
    const Program *program = self->driver->program;
    self->row_ids = arena_array_of(writer->arena, int64_t, program->func_count + 1);
    self->call_ids = arena_array_of(writer->arena, int64_t, program->op_count + 1);
    self->cause_numbers = map64_new(writer->arena);
    self->root_rows = map64_new(writer->arena);
    self->functions = insert_into(writer, "functions",
                                  "driver_id, name, key, file, line, segment, segment_file, "
                                  "segment_line, is_inline, incomplete, is_model",
                                  11);
    self->calls =
        insert_into(writer, "calls", "caller_id, callee_id, callee, file, line, column, direct", 7);
    self->roots = insert_into(writer, "roots",
                              "function_id, via, through, role, file, line, registered_in", 7);
    self->causes = insert_into(writer, "causes",
                               "driver_id, number, function_id, irql, parent, call_id, root_id", 7);
    self->raises =
        insert_into(writer, "raises", "driver_id, cause, ordinal, call_id, irql, raises", 6);
    self->contexts = insert_into(writer, "contexts",
                                 "function_id, context, irql, certainty, assumption, cause", 6);
    self->assumptions = insert_into(writer, "assumptions", "text", 1);
    self->find_assumption =
        query_new(writer->store, "SELECT id FROM assumptions WHERE text = ?", writer->err);
}

static int finish(DriverWriter *self) {
    Query *queries[] = {&self->functions,   &self->calls,          &self->roots,
                        &self->causes,      &self->raises,         &self->contexts,
                        &self->assumptions, &self->find_assumption};
    bool ok = true;
    for (unsigned i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        ok = ok && queries[i]->stmt != NULL;
        query_end(queries[i]);
    }
    return ok ? 0 : -1;
}

int write_functions(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    DriverWriter writer = {.writer = self, .driver = driver, .driver_id = driver_id};
    uint32_t count = driver->program->func_count;
    prepare(&writer, self);
    for (FuncId func = 1; func < count; func++) {
        if (is_stored(driver, func))
            write_function(&writer, func);
    }
    for (FuncId func = 1; func < count; func++) {
        if (writer.row_ids[func] != 0)
            write_calls(&writer, func);
    }
    for (FuncId func = 1; func < count; func++) {
        if (writer.row_ids[func] != 0)
            write_contexts(&writer, func);
    }
    return finish(&writer);
}
