/* lower_ms: expressions that the Microsoft compiler accepts and clang does not.
 *
 * A cast is an lvalue there: `(ULONG_PTR)p += n`, `((LONG)x)++`, `&(LONG)s->x`. clang reports an
 * error and keeps the operands without the operator; the operator is read from the source beside
 * the first operand. Invariant: the cast is transparent, as everywhere. Errs: inside a macro the
 * operator of an assignment is not known: UNKNOWN is stored, and a step is IR_OP_UNKNOWN.
 */
#include "analyzer/frontend/lower.h"

#define REFUSED_ADDRESS "cannot take the address of an rvalue"

bool ms_accepts(Lower *self, const char *message, CXSourceLocation location) {
    static const char *const parts[] = {"conflicting types for",
                                        "lvalue casts are not supported",
                                        REFUSED_ADDRESS,
                                        "member of anonymous union redeclares",
                                        "member of anonymous struct redeclares",
                                        "must specify the same code segment as its",
                                        "expression is not assignable",
                                        "initializer element is not a compile-time constant"};
    if (strstr(message, REFUSED_ADDRESS) != NULL) {
        ErrorSpot spot = {.is_told = false};
        clang_getExpansionLocation(location, &spot.file, NULL, NULL, &spot.offset);
        array_push(&self->addresses, self->scratch, spot);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(message, parts[i]) != NULL)
            return true;
    }
    return false;
}

/* Inside a macro the place of the expansion tells that an address was meant. */
static bool is_refused_address(const Body *self, NodeId node) {
    CXFile file;
    unsigned offset;
    CXSourceLocation location = clang_getCursorLocation(node_cursor(self, node));
    clang_getExpansionLocation(location, &file, NULL, NULL, &offset);
    for (uint32_t i = 0; i < self->lower->addresses.len; i++) {
        const ErrorSpot *spot = &self->lower->addresses.items[i];
        if (spot->offset == offset && clang_File_isEqual(spot->file, file))
            return true;
    }
    return false;
}

/* The text of a file around an operand. */
typedef struct Around {
    const char *begin; /* of the file */
    const char *left;  /* one behind the last character before the operand that is no blank */
    const char *right; /* first character behind the operand that is no blank */
    const char *end;   /* of the file */
} Around;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\';
}

static bool find_around(Body *self, NodeId node, Around *around) {
    CXSourceRange range = clang_getCursorExtent(node_cursor(self, node));
    CXFile file, end_file;
    unsigned begin, end;
    size_t size = 0;
    clang_getExpansionLocation(clang_getRangeStart(range), &file, NULL, NULL, &begin);
    clang_getExpansionLocation(clang_getRangeEnd(range), &end_file, NULL, NULL, &end);
    const char *text = clang_getFileContents(self->lower->tu, file, &size);
    if (text == NULL || !clang_File_isEqual(file, end_file) || end > size || begin > end)
        return false;
    *around = (Around){text, text + begin, text + end, text + size};
    while (around->left > text && (is_blank(around->left[-1]) || around->left[-1] == '('))
        around->left--;
    while (around->right < around->end && (is_blank(*around->right) || *around->right == ')'))
        around->right++;
    return true;
}

/* `=`, `+=`, `|=` … at `at`. */
static bool read_assignment(const char *at, const char *end, bool *plain, IrBinary *op) {
    static const char signs[] = "+-*/%&|^";
    static const IrBinary ops[] = {IR_ADD, IR_SUB, IR_MUL, IR_DIV, IR_MOD, IR_AND, IR_OR, IR_XOR};
    if (end - at < 3)
        return false;
    *plain = at[0] == '=' && at[1] != '=';
    if (*plain)
        return true;
    const char *sign = strchr(signs, at[0]);
    if (sign != NULL && at[0] != '\0' && at[1] == '=') {
        *op = ops[sign - signs];
        return true;
    }
    *op = at[0] == '<' ? IR_SHL : IR_SHR;
    return (at[0] == '<' || at[0] == '>') && at[1] == at[0] && at[2] == '=';
}

static IrValue assign_cast(Body *self, NodeId node, NodeId cast, NodeId right) {
    NodeId operand = node_last(self, cast);
    Around around;
    bool plain = false;
    IrBinary op = IR_ADD;
    IrPath path = lower_path(self, operand);
    IrValue value = lower_value(self, right);
    bool known = node_flags(self, node) == 0 && find_around(self, cast, &around) &&
                 read_assignment(around.right, around.end, &plain, &op);
    if (!known)
        value = value_unknown(self);
    else if (!plain)
        value = value_binary(self, op, value_read(self, path, node_type(self, operand), node),
                             value, node_type(self, operand));
    store(self, path, value, node);
    return value;
}

static IrValue step_cast(Body *self, NodeId node, NodeId operand, int step) {
    TypeId type = node_type(self, operand);
    IrPath path = lower_path(self, operand);
    IrPath kept = path_temp(self, value_read(self, path, type, node), type, node);
    IrValue old = irb_value(self->lower->builder, IR_VALUE_PATH, kept, 0, 0);
    IrBinary op = step > 0 ? IR_ADD : IR_SUB;
    store(self, path, value_binary(self, op, old, value_const(self, 1), type), node);
    return old;
}

static int step_before(const Around *around) {
    const char *at = around->left;
    if (at - around->begin < 2 || at[-1] != at[-2])
        return 0;
    return at[-1] == '+' ? 1 : at[-1] == '-' ? -1 : 0;
}

static int step_behind(const Around *around) {
    const char *at = around->right;
    if (around->end - at < 2 || at[0] != at[1])
        return 0;
    return at[0] == '+' ? 1 : at[0] == '-' ? -1 : 0;
}

static IrValue single_cast(Body *self, NodeId node, NodeId cast, bool *done) {
    NodeId operand = node_last(self, cast);
    Around around;
    *done = node_flags(self, node) != 0 && is_refused_address(self, node);
    if (*done)
        return value_addr(self, lower_path(self, operand));
    if (node_flags(self, node) != 0 || !find_around(self, cast, &around))
        return 0;
    int step = step_before(&around) != 0 ? step_before(&around) : step_behind(&around);
    *done = true;
    if (step != 0)
        return step_cast(self, node, operand, step);
    if (around.left > around.begin && around.left[-1] == '&')
        return value_addr(self, lower_path(self, operand));
    *done = false;
    return 0;
}

static bool is_dependent(const Body *self, NodeId node) {
    uint32_t kind = node_kind(self, node);
    return (kind == CXCursor_UnexposedExpr || kind == CXCursor_ParenExpr) &&
           node_class(self, node) == TYPE_DEPENDENT;
}

static NodeId without_parentheses(const Body *self, NodeId node) {
    while (node_kind(self, node) == CXCursor_ParenExpr && node_child(self, node, 0) != 0)
        node = node_child(self, node, 0);
    return node;
}

IrValue lower_ms_expr(Body *self, NodeId node, bool *done) {
    *done = false;
    while (is_dependent(self, node) && node_child_count(self, node) == 1 &&
           is_dependent(self, node_child(self, node, 0)))
        node = node_child(self, node, 0);
    uint32_t count = node_child_count(self, node);
    if (!is_dependent(self, node) || count == 0 || count > 2)
        return 0;
    NodeId cast = without_parentheses(self, node_child(self, node, 0));
    if (node_kind(self, cast) != CXCursor_CStyleCastExpr || node_last(self, cast) == 0)
        return 0;
    if (count == 1)
        return single_cast(self, node, cast, done);
    *done = true;
    return assign_cast(self, node, cast, node_child(self, node, 1));
}
