/* oracle_eval: what a value is now. Arithmetic wraps; casts are transparent, as in the facts.
 *
 * An unknown is chosen by the operation that looks at it: compared with a number it is often that
 * number or next to it, followed as a pointer it points at memory of its own.
 */
#include "tests/oracle.h"

/* ---- places --------------------------------------------------------------------------------- */

static CellId index_cell(Machine *self, const Frame *frame, const IrPathRec *record) {
    const IrUnit *unit = frame->unit->ir;
    CellId whole = eval_cell(self, frame, record->a);
    Word index = record->b == 0 ? word_number(0) : eval_word(self, frame, record->b);
    index = word_decide(self, index, 1);
    if (whole == 0)
        return 0;
    if (unit->paths[record->a].kind == IR_PATH_DEREF)
        return cell_offset(self, whole, index.number);
    return cell_get(self, CELL_ELEMENT, whole, (uint32_t)index.number);
}

static CellId run_initialisers(Machine *self, uint32_t global, CellId cell) {
    const U32Array *stores = &self->initialisers[global];
    for (uint32_t i = 0; self->initialised && i + 1 < stores->len; i += 2) {
        const ProgUnit *unit = &self->program->units[stores->items[i]];
        const IrOpRec *store = &unit->ir->ops[stores->items[i + 1]];
        Frame frame = {.unit = unit};
        Word word = eval_word(self, &frame, store->b);
        cell_write(self, eval_cell(self, &frame, store->a), word);
    }
    return cell;
}

static CellId global_cell(Machine *self, uint32_t global) {
    uint32_t before = self->cells.len;
    CellId cell = cell_get(self, CELL_GLOBAL, global, 0);
    return cell < before ? cell : run_initialisers(self, global, cell);
}

CellId eval_cell(Machine *self, const Frame *frame, IrPath path) {
    const IrPathRec *record = &frame->unit->ir->paths[path];
    CellId cell = 0;
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return frame->locals == 0 ? cell_new(self, 1) : frame->locals + record->a;
    case IR_PATH_GLOBAL:
        return global_cell(self, frame->unit->globals[record->a]);
    case IR_PATH_DEREF:
        cell = word_target(self, eval_word(self, frame, record->a));
        if (cell == 0)
            machine_stop(self, STOP_NULL);
        return cell;
    case IR_PATH_FIELD:
        cell = eval_cell(self, frame, record->a);
        if (cell == 0)
            return 0;
        return cell_get(self, CELL_FIELD, cell, frame->unit->fields[path]);
    case IR_PATH_INDEX:
        return index_cell(self, frame, record);
    default:
        return cell_new(self, 1);
    }
}

/* ---- operators ------------------------------------------------------------------------------ */

static int64_t shift(IrBinary op, int64_t left, int64_t right) {
    if (right < 0 || right > 63)
        return 0;
    return op == IR_SHL ? (int64_t)((uint64_t)left << right) : left >> right;
}

static int64_t calculate(IrBinary op, int64_t left, int64_t right) {
    uint64_t a = (uint64_t)left, b = (uint64_t)right;
    bool divides = right != 0 && !(left == INT64_MIN && right == -1);
    switch (op) {
    case IR_ADD:
        return (int64_t)(a + b);
    case IR_SUB:
        return (int64_t)(a - b);
    case IR_MUL:
        return (int64_t)(a * b);
    case IR_DIV:
        return divides ? left / right : 0;
    case IR_MOD:
        return divides ? left % right : 0;
    case IR_AND:
        return left & right;
    case IR_OR:
        return left | right;
    case IR_XOR:
        return left ^ right;
    case IR_EQ:
        return left == right;
    case IR_NE:
        return left != right;
    case IR_LT:
        return left < right;
    case IR_LE:
        return left <= right;
    case IR_GT:
        return left > right;
    case IR_GE:
        return left >= right;
    default:
        return shift(op, left, right);
    }
}

/* A pointer and a distance. */
static Word move_pointer(Machine *self, Word pointer, int64_t distance) {
    Word moved = word_address(cell_offset(self, pointer.target, distance));
    moved.guessed = pointer.guessed;
    return moved;
}

Word eval_binary(Machine *self, IrBinary op, Word left, Word right) {
    left = word_resolve(self, left);
    right = word_resolve(self, right);
    if ((op == IR_EQ || op == IR_NE) && (left.symbol != 0 || right.symbol != 0) &&
        machine_chance(self, 2)) {
        if (left.symbol != 0)
            word_bind(self, left, right);
        else
            word_bind(self, right, left);
    }
    left = word_decide(self, left, word_resolve(self, right).number);
    right = word_decide(self, right, left.number);
    Word result = {.number = calculate(op, left.number, right.number),
                   .guessed = left.guessed || right.guessed};
    if ((op == IR_ADD || op == IR_SUB) && left.target != 0 && right.target == 0)
        return move_pointer(self, left, op == IR_ADD ? right.number : -right.number);
    if (op == IR_ADD && right.target != 0 && left.target == 0)
        return move_pointer(self, right, left.number);
    return result;
}

static Word eval_unary(Machine *self, IrUnary op, Word word) {
    if (op == IR_NOT) {
        bool truth = word_truth(self, word);
        return (Word){.number = !truth, .guessed = word.guessed};
    }
    word = word_decide(self, word, 1);
    int64_t number = op == IR_NEG ? (int64_t)(0 - (uint64_t)word.number) : ~word.number;
    return (Word){.number = number, .guessed = word.guessed};
}

Word eval_word(Machine *self, const Frame *frame, IrValue value) {
    const IrValueRec *record = &frame->unit->ir->values[value];
    CellId cell;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_CONST:
        return word_number(ir_const(record));
    case IR_VALUE_STRING:
        return word_address(
            cell_get(self, CELL_STRING, (uint32_t)(frame->unit - self->program->units), record->a));
    case IR_VALUE_PATH:
        return cell_read(self, eval_cell(self, frame, record->a));
    case IR_VALUE_ADDR:
        cell = eval_cell(self, frame, record->a);
        return cell == 0 ? word_number(0) : word_address(cell);
    case IR_VALUE_FUNC: {
        FuncId func = frame->unit->funcs[record->a];
        return (Word){.number = ((int64_t)1 << 50) + func * 64, .func = func};
    }
    case IR_VALUE_CALL:
        if (record->a < frame->first_op || record->a - frame->first_op >= frame->op_count)
            return word_symbol(self);
        return word_resolve(self, frame->results[record->a - frame->first_op]);
    case IR_VALUE_UNARY:
        return eval_unary(self, (IrUnary)record->a, eval_word(self, frame, record->b));
    case IR_VALUE_BINARY: {
        Word left = eval_word(self, frame, record->b);
        return eval_binary(self, (IrBinary)record->a, left, eval_word(self, frame, record->c));
    }
    default:
        return word_symbol(self);
    }
}

/* Chooses unknowns so that `value` has that truth, where that is a matter of one comparison. */
void eval_hope(Machine *self, const Frame *frame, IrValue value, bool truth) {
    const IrValueRec *record = &frame->unit->ir->values[value];
    if (record->kind == IR_VALUE_UNARY && record->a == IR_NOT) {
        eval_hope(self, frame, record->b, !truth);
        return;
    }
    bool equality = record->kind == IR_VALUE_BINARY && (record->a == IR_EQ || record->a == IR_NE);
    if (!equality) {
        if (record->kind == IR_VALUE_PATH)
            word_bind(self, eval_word(self, frame, value), word_number(truth));
        return;
    }
    Word left = eval_word(self, frame, record->b);
    Word right = eval_word(self, frame, record->c);
    if ((record->a == IR_EQ) == truth && word_resolve(self, left).symbol != 0)
        word_bind(self, left, right);
    else if ((record->a == IR_EQ) == truth)
        word_bind(self, right, left);
    else if (right.symbol == 0)
        word_decide(self, left, right.number + 1);
}

/* ---- conditions of the API tables ------------------------------------------------------------ */

/* What a pointer points at; of a union whose members were written, one of those. */
static Word pointed_word(Machine *self, CellId cell) {
    if (self->cells.items[cell].written)
        return cell_read(self, cell);
    CellId chosen = 0;
    uint32_t count = 0;
    for (CellId part = self->cells.items[cell].child; part != 0;
         part = self->cells.items[part].next) {
        if (self->cells.items[part].written && self->cells.items[part].kind == CELL_FIELD &&
            machine_chance(self, ++count))
            chosen = part;
    }
    return cell_read(self, chosen != 0 ? chosen : cell);
}

static bool eval_deref(Machine *self, const Cond *cond, Word pointer) {
    bool equal = cond->kind == COND_DEREF_EQ;
    if (!word_truth(self, pointer))
        return !equal;
    CellId cell = word_target(self, pointer);
    if (cell == 0)
        return machine_chance(self, 2);
    Word word = eval_binary(self, IR_EQ, pointed_word(self, cell), word_number(cond->value));
    return (word.number != 0) == equal;
}

static bool eval_atom(Machine *self, const Cond *cond, const Word *args, uint32_t count) {
    if (cond->kind == COND_OPAQUE || cond->arg >= count)
        return machine_chance(self, 2);
    Word word = args[cond->arg], number = word_number(cond->value);
    switch ((CondKind)cond->kind) {
    case COND_ARG_EQ:
        return eval_binary(self, IR_EQ, word, number).number != 0;
    case COND_ARG_NE:
        return eval_binary(self, IR_NE, word, number).number != 0;
    case COND_ARG_LT:
        return eval_binary(self, IR_LT, word, number).number != 0;
    case COND_ARG_GT:
        return eval_binary(self, IR_GT, word, number).number != 0;
    case COND_ARG_BITS:
        return eval_binary(self, IR_AND, word, number).number != 0;
    case COND_ARG_NO_BITS:
        return eval_binary(self, IR_AND, word, number).number == 0;
    case COND_DEREF_EQ:
    case COND_DEREF_NE:
        return eval_deref(self, cond, word);
    default: /* where memory lies is not simulated */
        return false;
    }
}

bool eval_when(Machine *self, const Ddi *ddi, CondSet when, const Word *args, uint32_t count) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((when & (1u << i)) != 0 && !eval_atom(self, &ddi->conds[i], args, count))
            return false;
    }
    return true;
}
