/* uses: whether a body looks at one of its parameters. Errs towards yes: what was not understood
 * may use anything. */
#include "analyzer/link/link.h"

static bool value_uses(const IrUnit *unit, IrValue value, uint32_t local, unsigned depth);

static bool path_uses(const IrUnit *unit, IrPath path, uint32_t local, unsigned depth) {
    const IrPathRec *record = &unit->paths[path];
    if (depth > IR_MAX_DEPTH)
        return true;
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return record->a == local;
    case IR_PATH_DEREF:
        return value_uses(unit, record->a, local, depth + 1);
    case IR_PATH_FIELD:
        return path_uses(unit, record->a, local, depth + 1);
    case IR_PATH_INDEX:
        return path_uses(unit, record->a, local, depth + 1) ||
               value_uses(unit, record->b, local, depth + 1);
    default:
        return record->kind == IR_PATH_UNKNOWN;
    }
}

static bool value_uses(const IrUnit *unit, IrValue value, uint32_t local, unsigned depth) {
    const IrValueRec *record = &unit->values[value];
    if (depth > IR_MAX_DEPTH)
        return true;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_PATH:
    case IR_VALUE_ADDR:
        return path_uses(unit, record->a, local, depth + 1);
    case IR_VALUE_UNARY:
        return value_uses(unit, record->b, local, depth + 1);
    case IR_VALUE_BINARY:
        return value_uses(unit, record->b, local, depth + 1) ||
               value_uses(unit, record->c, local, depth + 1);
    default:
        return record->kind == IR_VALUE_UNKNOWN;
    }
}

static bool op_uses(const IrUnit *unit, const IrOpRec *op, uint32_t local) {
    if (op->kind == IR_OP_UNKNOWN)
        return true;
    if (op->kind == IR_OP_STORE)
        return path_uses(unit, op->a, local, 0) || value_uses(unit, op->b, local, 0);
    if (op->kind == IR_OP_LOAD)
        return path_uses(unit, op->a, local, 0);
    bool uses = op->kind == IR_OP_CALL && value_uses(unit, op->a, local, 0);
    for (uint32_t i = 0; op->kind == IR_OP_CALL && i < op->c && !uses; i++)
        uses = value_uses(unit, unit->args[op->b + i], local, 0);
    return uses;
}

bool program_uses_param(const Program *self, FuncId func, uint32_t param) {
    const IrUnit *unit = program_unit(self, func);
    const IrFuncRec *record = program_ir(self, func);
    for (uint32_t b = record->first_block; b < record->first_block + record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[b];
        if (block->cond != 0 && value_uses(unit, block->cond, param, 0))
            return true;
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (op_uses(unit, &unit->ops[op], param))
                return true;
        }
    }
    return false;
}
