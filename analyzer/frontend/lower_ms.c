/* lower_ms: expressions that the Microsoft compiler accepts and clang does not.
 *
 * A cast is an lvalue there: `(ULONG_PTR)p += n`, `((LONG)x)++`, `&(LONG)s->x`. clang reports an
 * error and keeps the operands without the operator; the operator is read from the source beside
 * the first operand. Invariant: the cast is transparent, as everywhere. Errs: inside a macro the
 * operator of an assignment is not known: UNKNOWN is stored, and a step is IR_OP_UNKNOWN.
 * Arguments behind the last parameter are a warning there: clang keeps name and arguments.
 */
#include "analyzer/frontend/lower.h"

#include <ctype.h>

#define REFUSED_ADDRESS "cannot take the address of an rvalue"
#define SURPLUS         "too many arguments to function call"

enum { MAX_ASM_SIZE = 20000 };

static bool contains_any(const char *message, const char *const *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strstr(message, parts[i]) != NULL)
            return true;
    }
    return false;
}

/* "typedef redefinition with different types ('long' vs 'int')": what has one size means the same.
 */
static bool is_same_size(const char *message) {
    static const char *const pairs[] = {"('long' vs 'int')", "('int' vs 'long')",
                                        "('unsigned long' vs 'unsigned int')",
                                        "('unsigned int' vs 'unsigned long')"};
    size_t count = sizeof pairs / sizeof pairs[0];
    if (!str_starts_with(message, "typedef redefinition with different types"))
        return false;
    const char *aka = strstr(message, "(aka '");
    return aka == NULL && contains_any(message, pairs, count);
}

static ErrorSpot spot_of(CXSourceLocation location) {
    ErrorSpot spot = {.is_told = false};
    clang_getExpansionLocation(location, &spot.file, NULL, NULL, &spot.offset);
    return spot;
}

static bool is_word_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* `__asm`, `_asm` with its underlines: one behind the word that ends at `at`, else NULL. */
static bool ends_with_asm(const char *begin, const char *at) {
    if (at - begin < 4 || strncmp(at - 3, "asm", 3) != 0 || at[-4] != '_')
        return false;
    at -= 4;
    at -= at > begin && at[-1] == '_';
    return at == begin || !is_word_char(at[-1]);
}

/* Does the place lie in `__asm { … }` or behind `__asm` on its line? */
static bool is_in_asm(Lower *self, CXSourceLocation location) {
    ErrorSpot spot = spot_of(location);
    size_t size = 0;
    const char *text = spot.file == NULL ? NULL : clang_getFileContents(self->tu, spot.file, &size);
    bool same_line = true;
    if (text == NULL || spot.offset > size)
        return false;
    const char *end = text + spot.offset;
    for (const char *at = end; at > text && end - at < MAX_ASM_SIZE; at--) {
        if (ends_with_asm(text, at) && (at == end || !is_word_char(*at))) {
            while (at < end && isspace((unsigned char)*at))
                at++;
            return same_line || (*at == '{' && memchr(at, '}', (size_t)(end - at)) == NULL);
        }
        same_line &= at[-1] != '\n';
    }
    return false;
}

/* Assembly of another machine is not understood, as is all assembly. */
static bool is_assembly(Lower *self, const char *message, CXSourceLocation location) {
    return str_starts_with(message, "'naked' attribute is not supported") ||
           is_in_asm(self, location);
}

MsVerdict ms_accepts(Lower *self, const char *message, CXSourceLocation location) {
    static const char *const fine[] = {"conflicting types for",
                                       "lvalue casts are not supported",
                                       REFUSED_ADDRESS,
                                       "member of anonymous union redeclares",
                                       "member of anonymous struct redeclares",
                                       "must specify the same code segment as its",
                                       "expression is not assignable",
                                       "causes a section type conflict with",
                                       "initializer element is not a compile-time constant"};
    /* Layouts and sizes of the model mean nothing, and the driver was compiled for its machine. */
    static const char *const layout[] = {"static assertion failed",
                                         "declared as an array with a negative size"};
    static const char *const fine_in_c[] = {
        SURPLUS, "function declared in block scope cannot have 'static' storage class"};
    if (strstr(message, REFUSED_ADDRESS) != NULL)
        array_push(&self->addresses, self->scratch, spot_of(location));
    if (!self->cxx && strstr(message, SURPLUS) != NULL)
        array_push(&self->surplus, self->scratch, spot_of(location));
    if (contains_any(message, fine, sizeof fine / sizeof fine[0]) ||
        contains_any(message, layout, sizeof layout / sizeof layout[0]))
        return MS_FINE;
    if (!self->cxx && (contains_any(message, fine_in_c, sizeof fine_in_c / sizeof fine_in_c[0]) ||
                       is_same_size(message)))
        return MS_FINE;
    return is_assembly(self, message, location) ? MS_DROPPED : MS_ERROR;
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

/* Does the call end behind such an argument? */
static bool is_surplus_call(const Body *self, NodeId node) {
    CXFile file;
    unsigned begin, end;
    CXSourceRange range = clang_getCursorExtent(node_cursor(self, node));
    clang_getExpansionLocation(clang_getRangeStart(range), &file, NULL, NULL, &begin);
    clang_getExpansionLocation(clang_getRangeEnd(range), NULL, NULL, NULL, &end);
    for (uint32_t i = 0; i < self->lower->surplus.len; i++) {
        const ErrorSpot *spot = &self->lower->surplus.items[i];
        if (spot->offset >= begin && spot->offset <= end && clang_File_isEqual(spot->file, file))
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
    if (!is_dependent(self, node) || count == 0)
        return 0;
    if (count > 1 && is_surplus_call(self, node)) {
        IrValue value = lower_surplus_call(self, node, done);
        if (*done)
            return value;
    }
    if (count > 2)
        return 0;
    NodeId cast = without_parentheses(self, node_child(self, node, 0));
    if (node_kind(self, cast) != CXCursor_CStyleCastExpr || node_last(self, cast) == 0)
        return 0;
    if (count == 1)
        return single_cast(self, node, cast, done);
    *done = true;
    return assign_cast(self, node, cast, node_child(self, node, 1));
}
