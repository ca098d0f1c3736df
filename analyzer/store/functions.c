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
    self->row_ids[func] = row_add(
        &self->writer->log, ROW_FUNCTION, "rsssussuuuu", self->driver_id, record->name, record->key,
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
            row = row_add(&self->writer->log, ROW_CALL, "rrssuuu", self->row_ids[func],
                          self->row_ids[target], name, file, loc.line, loc.column,
                          (uint32_t)targets->complete);
        else
            row = row_add(&self->writer->log, ROW_CALL, "rsssuuu", self->row_ids[func],
                          (const char *)NULL, name, file, loc.line, loc.column,
                          (uint32_t)targets->complete);
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

void write_functions(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    uint32_t count = driver->program->func_count;
    DriverWriter writer = {.writer = self,
                           .driver = driver,
                           .driver_id = driver_id,
                           .row_ids = arena_array_of(self->arena, int64_t, count + 1),
                           .call_ids =
                               arena_array_of(self->arena, int64_t, driver->program->op_count + 1),
                           .cause_numbers = map64_new(self->arena),
                           .root_rows = map64_new(self->arena)};
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
}
