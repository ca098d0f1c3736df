/* mention: where in an expression, and as what, the content of a place is used.
 *
 * A place is a path of one function: equal ids are the same expression. A mask, a remainder and a
 * comparison make something else of a value, which is no use of it. Errs towards silence.
 */
#include "analyzer/check/internal.h"

static unsigned path_uses(const IrUnit *unit, IrPath path, IrPath place);

static bool is_place(const IrUnit *unit, IrValue value, IrPath place) {
    return unit->values[value].kind == IR_VALUE_PATH && unit->values[value].a == place;
}

/* The value that a sum starts with: the pointer, when it is an address with an offset. */
static IrValue leftmost(const IrUnit *unit, IrValue value) {
    while (unit->values[value].kind == IR_VALUE_BINARY &&
           (unit->values[value].a == IR_ADD || unit->values[value].a == IR_SUB))
        value = unit->values[value].b;
    return value;
}

unsigned mention_in_value(const IrUnit *unit, IrValue value, IrPath place) {
    const IrValueRec *record = &unit->values[value];
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_PATH:
        return record->a == place ? MENTION_PLAIN : path_uses(unit, record->a, place);
    case IR_VALUE_ADDR:
        return path_uses(unit, record->a, place);
    case IR_VALUE_UNARY:
        return mention_in_value(unit, record->b, place);
    case IR_VALUE_BINARY: {
        unsigned uses =
            mention_in_value(unit, record->b, place) | mention_in_value(unit, record->c, place);
        bool bounded = record->a == IR_AND || record->a == IR_MOD || record->a >= IR_EQ;
        return bounded ? uses & ~(unsigned)MENTION_PLAIN : uses;
    }
    default:
        return 0;
    }
}

/* What a pointer value that is followed makes of the place. */
static unsigned followed_uses(const IrUnit *unit, IrValue pointer, IrPath place) {
    unsigned uses = mention_in_value(unit, pointer, place);
    if ((uses & MENTION_PLAIN) == 0)
        return uses;
    unsigned as = is_place(unit, leftmost(unit, pointer), place) ? MENTION_POINTER : MENTION_INDEX;
    return (uses & ~MENTION_PLAIN) | as;
}

static unsigned path_uses(const IrUnit *unit, IrPath path, IrPath place) {
    const IrPathRec *record = &unit->paths[path];
    unsigned uses = 0;
    switch ((IrPathKind)record->kind) {
    case IR_PATH_FIELD:
        return path_uses(unit, record->a, place);
    case IR_PATH_INDEX:
        uses = mention_in_value(unit, record->b, place);
        if ((uses & MENTION_PLAIN) != 0)
            uses = (uses & ~MENTION_PLAIN) | MENTION_INDEX;
        return uses | path_uses(unit, record->a, place);
    case IR_PATH_DEREF:
        return followed_uses(unit, record->a, place);
    default:
        return 0;
    }
}

unsigned mention_in_path(const IrUnit *unit, IrPath path, IrPath place) {
    return path_uses(unit, path, place);
}

unsigned mention_in_pointer(const IrUnit *unit, IrValue value, IrPath place) {
    return followed_uses(unit, value, place);
}

unsigned mention_in_op(const IrUnit *unit, const IrOpRec *op, IrPath place) {
    unsigned uses = 0;
    if (op->kind == IR_OP_LOAD || op->kind == IR_OP_STORE)
        uses = path_uses(unit, op->a, place);
    if (op->kind == IR_OP_STORE || op->kind == IR_OP_CALL)
        uses |= mention_in_value(unit, op->kind == IR_OP_STORE ? op->b : op->a, place);
    for (uint32_t i = 0; op->kind == IR_OP_CALL && i < op->c; i++)
        uses |= mention_in_value(unit, unit->args[op->b + i], place);
    return uses;
}

/* True when the value is the place, perhaps with something added, scaled or taken away. */
static bool is_size_of(const IrUnit *unit, IrValue value, IrPath place) {
    const IrValueRec *record = &unit->values[value];
    if (record->kind != IR_VALUE_BINARY)
        return is_place(unit, value, place);
    bool sums = record->a == IR_ADD || record->a == IR_SUB || record->a == IR_MUL ||
                record->a == IR_DIV || record->a == IR_SHL || record->a == IR_SHR;
    return sums && (is_size_of(unit, record->b, place) || is_size_of(unit, record->c, place));
}

static bool is_zero(const IrUnit *unit, IrValue value) {
    return unit->values[value].kind == IR_VALUE_CONST && ir_const(&unit->values[value]) == 0;
}

bool mention_is_limit(const IrUnit *unit, IrValue cond, IrPath place, bool *ordered) {
    const IrValueRec *record = &unit->values[cond];
    if (record->kind == IR_VALUE_UNARY && record->a == IR_NOT)
        return mention_is_limit(unit, record->b, place, ordered);
    if (record->kind != IR_VALUE_BINARY || record->a < IR_EQ)
        return false;
    bool left = is_size_of(unit, record->b, place), right = is_size_of(unit, record->c, place);
    IrValue other = left ? record->c : record->b;
    *ordered = record->a >= IR_LT;
    return left != right && !is_zero(unit, other);
}
