/* lower_value: values: making them, and what constants are worth.
 *
 * Invariant: an operator over constants is a constant, converted to the type of the expression; an
 * operator over UNKNOWN is UNKNOWN. Errs towards leaving an expression as it is: division of
 * negative numbers is not folded.
 */
#include "analyzer/frontend/lower.h"

IrValue value_unknown(Body *self) {
    return irb_value(self->lower->builder, IR_VALUE_UNKNOWN, 0, 0, 0);
}

IrValue value_const(Body *self, int64_t value) {
    return irb_const(self->lower->builder, value);
}

bool value_is_const(const Body *self, IrValue value, int64_t *constant) {
    const IrValueRec *record = &self->lower->tables->values.items[value];
    if (record->kind != IR_VALUE_CONST)
        return false;
    *constant = ir_const(record);
    return true;
}

static bool is_unknown(const Body *self, IrValue value) {
    return self->lower->tables->values.items[value].kind == IR_VALUE_UNKNOWN;
}

/* ---- constants ------------------------------------------------------------------------------ */

static int64_t shift(int64_t left, int64_t right, bool to_left) {
    if (right < 0 || right > 63)
        return 0;
    return to_left ? (int64_t)((uint64_t)left << right) : left >> right;
}

static int compare(int64_t left, int64_t right, bool is_signed) {
    if (is_signed)
        return left < right ? -1 : left > right;
    return (uint64_t)left<(uint64_t)right ? -1 : (uint64_t)left>(uint64_t) right;
}

/* Does left op right have a value? */
static bool fold(IrBinary op, int64_t left, int64_t right, bool is_signed, int64_t *result) {
    uint64_t a = (uint64_t)left, b = (uint64_t)right;
    int order = compare(left, right, is_signed);
    switch (op) {
    case IR_ADD:
        *result = (int64_t)(a + b);
        return true;
    case IR_SUB:
        *result = (int64_t)(a - b);
        return true;
    case IR_MUL:
        *result = (int64_t)(a * b);
        return true;
    case IR_DIV:
        *result = right > 0 && left >= 0 ? left / right : 0;
        return right > 0 && left >= 0;
    case IR_MOD:
        *result = right > 0 && left >= 0 ? left % right : 0;
        return right > 0 && left >= 0;
    case IR_AND:
        *result = left & right;
        return true;
    case IR_OR:
        *result = left | right;
        return true;
    case IR_XOR:
        *result = left ^ right;
        return true;
    case IR_SHL:
        *result = shift(left, right, true);
        return true;
    case IR_SHR:
        *result = shift(left, right, false);
        return true;
    case IR_EQ:
        *result = order == 0;
        return true;
    case IR_NE:
        *result = order != 0;
        return true;
    case IR_LT:
        *result = order < 0;
        return true;
    case IR_LE:
        *result = order <= 0;
        return true;
    case IR_GT:
        *result = order > 0;
        return true;
    case IR_GE:
        *result = order >= 0;
        return true;
    }
    return false;
}

IrValue value_binary(Body *self, IrBinary op, IrValue left, IrValue right, TypeId type) {
    int64_t a, b, result;
    const TypeInfo *info = type_info(self->lower, type);
    if (value_is_const(self, left, &a) && value_is_const(self, right, &b) &&
        fold(op, a, b, info->is_signed || info->kind != TYPE_INT, &result))
        return value_const(self, op >= IR_EQ ? result : type_convert(info, result));
    if (is_unknown(self, left) || is_unknown(self, right))
        return value_unknown(self);
    return irb_value(self->lower->builder, IR_VALUE_BINARY, (uint32_t)op, left, right);
}

IrValue value_unary(Body *self, IrUnary op, IrValue value, TypeId type) {
    int64_t constant;
    const TypeInfo *info = type_info(self->lower, type);
    if (is_unknown(self, value))
        return value;
    if (!value_is_const(self, value, &constant))
        return irb_value(self->lower->builder, IR_VALUE_UNARY, (uint32_t)op, value, 0);
    if (op == IR_NOT)
        return value_const(self, constant == 0);
    uint64_t bits = (uint64_t)constant;
    return value_const(self, type_convert(info, (int64_t)(op == IR_NEG ? 0 - bits : ~bits)));
}

bool eval_int(CXCursor cursor, int64_t *value) {
    CXEvalResult result = clang_Cursor_Evaluate(cursor);
    bool is_int = result != NULL && clang_EvalResult_getKind(result) == CXEval_Int;
    if (is_int && clang_EvalResult_isUnsignedInt(result))
        *value = (int64_t)clang_EvalResult_getAsUnsigned(result);
    else if (is_int)
        *value = clang_EvalResult_getAsLongLong(result);
    if (result != NULL)
        clang_EvalResult_dispose(result);
    return is_int;
}

IrValue lower_constant(Body *self, NodeId node) {
    int64_t value;
    if (!eval_int(node_cursor(self, node), &value))
        return value_unknown(self);
    return value_const(self, type_convert(type_info(self->lower, node_type(self, node)), value));
}
