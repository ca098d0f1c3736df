/* api: counts what a driver calls and has no body of, by what is known of its highest IRQL.
 *
 * Invariant: every call site in the driver's own functions counts once for each such function that
 * it may go to; calls with no known target are not here but in `calls`. Errs towards "unknown": a
 * function that the driver declares and that has no row may be a library's or the kernel's.
 */
#include "analyzer/store/internal.h"

static const char *const origin_names[] = {
    [API_OF_MODEL] = "model", [API_OF_DRIVER] = "driver", [API_UNDECLARED] = "undeclared"};

const char *api_origin_name(ApiOrigin origin) {
    return origin_names[origin];
}

const char *api_level_name(ApiLevel level) {
    static const char *const names[API_LEVEL_COUNT] = {[API_LEVEL_DEFINITE] = "definite",
                                                       [API_LEVEL_WEAK] = "weak",
                                                       [API_LEVEL_UNKNOWN] = "unknown",
                                                       [API_LEVEL_NO_ROW] = "none"};
    return names[level];
}

static ApiLevel level_of(const Ddi *ddi) {
    if (ddi == NULL)
        return API_LEVEL_NO_ROW;
    if (ddi->max >= IRQL_COUNT)
        return API_LEVEL_UNKNOWN;
    return (ddi->flags & DDI_WEAK) != 0 ? API_LEVEL_WEAK : API_LEVEL_DEFINITE;
}

static void count_call(const Program *program, FuncId func, IrOp op, uint32_t *calls) {
    OpId id = program_op_id(program, func, op);
    const IrOpRec *record = program_op(program, func, id);
    const ProgTargets *targets = &program->targets[id];
    for (uint32_t i = 0; record->kind == IR_OP_CALL && i < targets->len; i++)
        calls[targets->items[i]]++;
}

/* Adds the call sites of one driver function to `calls`, by FuncId of the target. */
static void count_calls(const Program *program, FuncId func, uint32_t *calls) {
    const IrFuncRec *ir = program_ir(program, func);
    for (uint32_t i = 0; i < ir->block_count; i++) {
        const IrBlockRec *block = &program_unit(program, func)->blocks[ir->first_block + i];
        for (uint32_t k = 0; k < block->op_count; k++)
            count_call(program, func, block->first_op + k, calls);
    }
}

static uint32_t *count_all(Arena *arena, const Program *program) {
    uint32_t *calls = arena_array_of(arena, uint32_t, program->func_count);
    for (FuncId func = 1; func < program->func_count; func++) {
        bool own = (program_ir(program, func)->flags & (IR_FUNC_MODEL | IR_FUNC_GLOBALS)) == 0;
        if (program->funcs[func].defined && own)
            count_calls(program, func, calls);
    }
    return calls;
}

/* Names that are called without a declaration. */
static StrTab *undeclared_names(Arena *arena, const StoreDriver *driver) {
    StrTab *names = strtab_new(arena);
    for (uint32_t i = 0; i < driver->unit_count; i++) {
        const IrUnit *unit = driver->units[i];
        for (uint32_t n = 1; n < unit->notes_len; n++) {
            if (unit->notes[n].kind == IR_NOTE_IMPLICIT)
                strtab_add(names, ir_str(unit, unit->notes[n].text));
        }
    }
    return names;
}

/* No call of the kernel: the compiler's own, and the copy of a structure that C++ makes a member
 * function of. */
static bool is_compilers(const ProgFunc *called) {
    return (called->ddi != NULL && (called->ddi->flags & DDI_INTRINSIC) != 0) ||
           (called->is_model && called->ddi == NULL && str_ends_with(called->name, "::operator="));
}

void write_api_calls(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    const Program *program = driver->program;
    const uint32_t *calls = count_all(self->arena, program);
    const StrTab *undeclared = undeclared_names(self->arena, driver);
    for (FuncId func = 1; func < program->func_count; func++) {
        const ProgFunc *called = &program->funcs[func];
        if (called->defined || is_compilers(called) || calls[func] == 0)
            continue;
        ApiOrigin origin = called->is_model                                      ? API_OF_MODEL
                           : strtab_find(undeclared, called->name) != UINT32_MAX ? API_UNDECLARED
                                                                                 : API_OF_DRIVER;
        row_add(&self->log, ROW_API_CALL, "rsssu", driver_id, called->name, api_origin_name(origin),
                api_level_name(level_of(called->ddi)), calls[func]);
    }
}
