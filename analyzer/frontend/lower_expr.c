/* lower_expr: expressions to values, their side effects to operations in C's order.
 *
 * Invariant: a value is valid where it is used next; what a later operation of the same expression
 * may change (the old value of i++, a conditional's result) is kept in a temporary. Constants are
 * already converted to the type they are cast to. Errs towards UNKNOWN, with a note and
 * IR_OP_UNKNOWN where an effect may have been lost.
 */
#include "analyzer/frontend/lower.h"

#define UNDECLARED "name that nobody declares"

static IrValue guarded_value(Body *self, NodeId node, bool wanted);

static bool is_unknown(const Body *self, IrValue value) {
    return self->lower->tables->values.items[value].kind == IR_VALUE_UNKNOWN;
}

static IrValue string_value(Body *self, NodeId node) {
    CXString spelling = clang_getCursorSpelling(node_cursor(self, node));
    const char *text = clang_getCString(spelling);
    const char *begin = text == NULL ? NULL : strchr(text, '"');
    size_t len = begin == NULL ? 0 : strlen(begin + 1);
    if (len > 0 && begin[len] == '"')
        len--;
    char *copy = arena_strndup(self->lower->scratch, begin == NULL ? "" : begin + 1, len);
    clang_disposeString(spelling);
    return irb_value(self->lower->builder, IR_VALUE_STRING, irb_str(self->lower->builder, copy), 0,
                     0);
}

static IrValue enumerator_value(Body *self, CXCursor enumerator) {
    Lower *lower = self->lower;
    bool created;
    uint32_t *slot = map64_put(lower->enum_ids, cursor_id(enumerator), &created);
    if (created) {
        *slot = lower->enums.len;
        array_push(&lower->enums, lower->scratch, clang_getEnumConstantDeclValue(enumerator));
    }
    return value_const(self, lower->enums.items[*slot]);
}

/* ---- names and casts ------------------------------------------------------------------------ */

/* A constant integer that outlives functions: its value, where the initialiser is in sight. */
static bool is_constant(Body *self, CXCursor variable, NodeId node, IrValue *result) {
    CXType type = clang_getCanonicalType(clang_getCursorType(variable));
    int64_t value;
    if (variable.kind != CXCursor_VarDecl || !clang_isConstQualifiedType(type) ||
        clang_isVolatileQualifiedType(type) || node_class(self, node) != TYPE_INT ||
        clang_Cursor_hasVarDeclGlobalStorage(variable) != 1 || !eval_int(variable, &value))
        return false;
    *result = value_const(self, type_convert(type_info(self->lower, node_type(self, node)), value));
    return true;
}

static IrValue name_value(Body *self, NodeId node) {
    CXCursor decl = clang_getCursorReferenced(node_cursor(self, node));
    IrPath bound;
    IrValue value;
    int64_t constant;
    switch (decl.kind) {
    case CXCursor_FunctionDecl:
    case CXCursor_FunctionTemplate:
    case CXCursor_CXXMethod:
    case CXCursor_Constructor:
    case CXCursor_Destructor:
    case CXCursor_ConversionFunction:
        return irb_value(self->lower->builder, IR_VALUE_FUNC, func_of(self->lower, decl), 0, 0);
    case CXCursor_EnumConstantDecl:
        return enumerator_value(self, decl);
    case CXCursor_VarDecl:
        if (is_stand_in(self->lower, decl)) {
            note_unknown(self, UNDECLARED, node_loc(self, node));
            return value_unknown(self);
        }
        if (is_constant(self, decl, node, &value))
            return value;
        return value_read(self, lower_path(self, node), node_type(self, node), node);
    case CXCursor_ParmDecl:
    case CXCursor_FieldDecl:
        return value_read(self, lower_path(self, node), node_type(self, node), node);
    case CXCursor_NonTypeTemplateParameter:
        return lower_constant(self, node);
    default:
        if (binding_path(self, decl, &bound))
            return value_read(self, bound, node_type(self, node), node);
        if (self->lower->cxx && eval_int(node_cursor(self, node), &constant))
            return value_const(self, constant); /* a parameter of a template */
        if (self->lower->cxx && node_child(self, node, 0) != 0)
            return lower_value(self, node_child(self, node, 0)); /* what stands for it */
        flow_unknown(self, node, "reference to something that is not known");
        return value_unknown(self);
    }
}

/* The errors inside the expression are told with it. */
static void tell_errors(Body *self, NodeId node) {
    CXFile file;
    unsigned begin, end;
    CXSourceRange range = clang_getCursorExtent(node_cursor(self, node));
    clang_getExpansionLocation(clang_getRangeStart(range), &file, NULL, NULL, &begin);
    clang_getExpansionLocation(clang_getRangeEnd(range), NULL, NULL, NULL, &end);
    for (uint32_t i = self->next_error; self->has_errors && i < self->lower->errors.len; i++) {
        ErrorSpot *spot = &self->lower->errors.items[i];
        spot->is_told |= spot->offset >= begin && spot->offset <= end && file != NULL &&
                         clang_File_isEqual(spot->file, file);
    }
}

/* The parts are evaluated; an inner node of the same kind says already that something is lost. */
static IrValue lower_children(Body *self, NodeId node, const char *what) {
    NodeId only = node_child(self, node, 0);
    uint32_t kind = only == 0 ? 0 : node_kind(self, only);
    tell_errors(self, node);
    if (node_child_count(self, node) == 1 &&
        (kind == CXCursor_UnexposedExpr || kind == CXCursor_ParenExpr) &&
        node_class(self, only) == TYPE_DEPENDENT)
        return lower_value(self, only);
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        if (node_is_expr(self, child))
            lower_effect(self, child);
    }
    flow_unknown(self, node, what);
    return value_unknown(self);
}

static bool is_value_class(TypeClass class) {
    return class == TYPE_INT || class == TYPE_POINTER;
}

static IrValue cast_value(Body *self, NodeId node, NodeId child) {
    TypeId type = node_type(self, node);
    TypeClass class = (TypeClass)type_info(self->lower, type)->kind;
    IrValue value = lower_value(self, child);
    int64_t constant;
    if (class == TYPE_INT && value_is_const(self, value, &constant))
        return value_const(self, type_convert(type_info(self->lower, type), constant));
    if (class == TYPE_OTHER && !is_unknown(self, value) && is_value_class(node_class(self, child)))
        return value_unknown(self); /* to floating point */
    return value;
}

/* x ?: y comes as x, its test, x again, y. */
static IrValue elvis_value(Body *self, NodeId node) {
    TypeId type = node_type(self, node);
    IrPath result = path_temp(self, lower_value(self, node_child(self, node, 0)), type, node);
    IrBlock other = flow_new(self), done = flow_new(self);
    IrValue value = irb_value(self->lower->builder, IR_VALUE_PATH, result, 0, 0);
    flow_branch(self, value, done, other, node_loc(self, node));
    flow_start(self, other);
    store(self, result, lower_value(self, node_last(self, node)), node);
    flow_continue(self, done);
    return value;
}

/* What libclang has no name for: implicit conversions, offsetof, x ?: y, error recovery … */
static IrValue unexposed_value(Body *self, NodeId node) {
    uint32_t count = node_child_count(self, node);
    NodeId child = node_child(self, node, 0);
    int64_t constant;
    if (node_class(self, node) == TYPE_DEPENDENT && count == 0) {
        tell_errors(self, node);
        note_unknown(self, UNDECLARED, node_loc(self, node));
        return value_unknown(self);
    }
    bool refused = false;
    if (self->lower->cxx && count > 1) {
        IrValue value = lower_refused_call(self, node, &refused);
        if (refused) {
            tell_errors(self, node);
            return value;
        }
    }
    if (node_class(self, node) == TYPE_DEPENDENT) {
        bool done;
        IrValue value = lower_ms_expr(self, node, &done);
        return done ? value
                    : lower_children(self, node, "expression that clang could not work out");
    }
    if (count == 1 && node_first(self, node) == child && node_last(self, node) == child)
        return cast_value(self, node, child);
    if (eval_int(node_cursor(self, node), &constant))
        return value_const(self, constant);
    if (count == 4)
        return elvis_value(self, node);
    bool is_offsetof = node_first(self, node) != 0 &&
                       node_kind(self, node_first(self, node)) == CXCursor_MemberRef;
    if (count == 0 || is_offsetof)
        return value_unknown(self);
    return lower_children(self, node, "expression of an unknown kind");
}

/* ---- operators ------------------------------------------------------------------------------ */

static bool binary_operator(enum CXBinaryOperatorKind kind, IrBinary *op) {
    switch (kind) {
    case CXBinaryOperator_Mul:
    case CXBinaryOperator_MulAssign:
        *op = IR_MUL;
        return true;
    case CXBinaryOperator_Div:
    case CXBinaryOperator_DivAssign:
        *op = IR_DIV;
        return true;
    case CXBinaryOperator_Rem:
    case CXBinaryOperator_RemAssign:
        *op = IR_MOD;
        return true;
    case CXBinaryOperator_Add:
    case CXBinaryOperator_AddAssign:
        *op = IR_ADD;
        return true;
    case CXBinaryOperator_Sub:
    case CXBinaryOperator_SubAssign:
        *op = IR_SUB;
        return true;
    case CXBinaryOperator_Shl:
    case CXBinaryOperator_ShlAssign:
        *op = IR_SHL;
        return true;
    case CXBinaryOperator_Shr:
    case CXBinaryOperator_ShrAssign:
        *op = IR_SHR;
        return true;
    case CXBinaryOperator_LT:
        *op = IR_LT;
        return true;
    case CXBinaryOperator_GT:
        *op = IR_GT;
        return true;
    case CXBinaryOperator_LE:
        *op = IR_LE;
        return true;
    case CXBinaryOperator_GE:
        *op = IR_GE;
        return true;
    case CXBinaryOperator_EQ:
        *op = IR_EQ;
        return true;
    case CXBinaryOperator_NE:
        *op = IR_NE;
        return true;
    case CXBinaryOperator_And:
    case CXBinaryOperator_AndAssign:
        *op = IR_AND;
        return true;
    case CXBinaryOperator_Xor:
    case CXBinaryOperator_XorAssign:
        *op = IR_XOR;
        return true;
    case CXBinaryOperator_Or:
    case CXBinaryOperator_OrAssign:
        *op = IR_OR;
        return true;
    default:
        return false;
    }
}

static bool is_lvalue_struct(Body *self, NodeId node) {
    return node_class(self, node) == TYPE_RECORD;
}

/* The value an assignment leaves: read back from a plain local, else what was stored. */
static IrValue assigned_value(Body *self, IrPath path, IrValue value) {
    const IrPathRec *record = &self->lower->tables->paths.items[path];
    if (record->kind == IR_PATH_LOCAL)
        return irb_value(self->lower->builder, IR_VALUE_PATH, path, 0, 0);
    return value;
}

static IrValue assign_value(Body *self, NodeId node) {
    NodeId left = node_child(self, node, 0), right = node_child(self, node, 1);
    IrPath path = lower_path(self, left);
    IrValue value = lower_value(self, right);
    store(self, path, value, node);
    return assigned_value(self, path, value);
}

static IrValue compound_assign_value(Body *self, NodeId node) {
    NodeId left = node_child(self, node, 0), right = node_child(self, node, 1);
    enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(node_cursor(self, node));
    TypeId type = node_type(self, node);
    IrBinary op = IR_ADD;
    IrPath path = lower_path(self, left);
    IrValue other = lower_value(self, right);
    IrValue old = value_read(self, path, type, node);
    bool known = binary_operator(kind, &op);
    IrValue value = known ? value_binary(self, op, old, other, type) : value_unknown(self);
    store(self, path, value, node);
    return assigned_value(self, path, value);
}

static IrValue step_value(Body *self, NodeId node, int step, bool old_wanted, bool wanted) {
    TypeId type = node_type(self, node);
    IrPath path = lower_path(self, node_child(self, node, 0));
    IrValue old = value_read(self, path, type, node);
    IrBinary op = step > 0 ? IR_ADD : IR_SUB;
    if (old_wanted && wanted) {
        IrPath kept = path_temp(self, old, type, node);
        old = irb_value(self->lower->builder, IR_VALUE_PATH, kept, 0, 0);
    }
    IrValue value = value_binary(self, op, old, value_const(self, 1), type);
    store(self, path, value, node);
    return old_wanted ? old : assigned_value(self, path, value);
}

static IrValue binary_value(Body *self, NodeId node, bool wanted) {
    NodeId left = node_child(self, node, 0), right = node_child(self, node, 1);
    enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(node_cursor(self, node));
    IrBinary op;
    int64_t constant;
    if ((left == 0 || right == 0) && eval_int(node_cursor(self, node), &constant))
        return value_const(self, constant);
    if (left == 0 || right == 0)
        return lower_children(self, node, "operator without operands");
    if (kind == CXBinaryOperator_Invalid)
        return lower_constant(self, node);
    if (kind == CXBinaryOperator_Assign)
        return assign_value(self, node);
    if (kind == CXBinaryOperator_Comma) {
        lower_effect(self, left);
        return guarded_value(self, right, wanted);
    }
    if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr)
        return lower_logical(self, node, wanted);
    IrValue a = lower_value(self, left);
    IrValue b = lower_value(self, right);
    if (!binary_operator(kind, &op))
        return value_unknown(self);
    TypeId type = op >= IR_EQ ? node_type(self, left) : node_type(self, node);
    return value_binary(self, op, a, b, type);
}

/* The offset that `((T *)0)->a.b` denotes: from the fields' own. */
static bool null_offset(Body *self, NodeId node, int64_t *offset) {
    *offset = 0;
    for (node = node_strip(self, node); node_kind(self, node) == CXCursor_MemberRefExpr;) {
        CXCursor field = clang_getCursorReferenced(node_cursor(self, node));
        long long bits = clang_Cursor_getOffsetOfField(field);
        NodeId base = node_child(self, node, 0);
        if (bits < 0 || base == 0)
            return false;
        *offset += bits / 8;
        node = node_class(self, base) == TYPE_POINTER ? base : node_strip(self, base);
    }
    int64_t start;
    IrValue base = node_class(self, node) == TYPE_POINTER ? lower_value(self, node) : 0;
    if (base == 0 || !value_is_const(self, base, &start))
        return false;
    *offset += start;
    return true;
}

static bool is_null_path(const Body *self, IrPath path) {
    const IrPathRec *record = &self->lower->tables->paths.items[path];
    int64_t constant;
    while (record->kind == IR_PATH_FIELD)
        record = &self->lower->tables->paths.items[record->a];
    return record->kind == IR_PATH_DEREF && value_is_const(self, record->a, &constant);
}

/* &x; `&((T *)0)->f` is a constant. */
static IrValue address_value(Body *self, NodeId child) {
    NodeId inner = node_strip(self, child);
    int64_t constant;
    if (node_kind(self, inner) == CXCursor_DeclRefExpr && node_class(self, inner) == TYPE_FUNCTION)
        return lower_value(self, inner);
    IrPath path = lower_path(self, child);
    if (is_null_path(self, path) && null_offset(self, child, &constant))
        return value_const(self, constant);
    return value_addr(self, path);
}

static IrValue unary_value(Body *self, NodeId node, bool wanted) {
    NodeId child = node_child(self, node, 0);
    TypeId type = node_type(self, node);
    if (child == 0)
        return lower_constant(self, node);
    switch (clang_getCursorUnaryOperatorKind(node_cursor(self, node))) {
    case CXUnaryOperator_Invalid: /* a constant expression around the operator */
        return lower_constant(self, node);
    case CXUnaryOperator_PostInc:
        return step_value(self, node, 1, true, wanted);
    case CXUnaryOperator_PostDec:
        return step_value(self, node, -1, true, wanted);
    case CXUnaryOperator_PreInc:
        return step_value(self, node, 1, false, wanted);
    case CXUnaryOperator_PreDec:
        return step_value(self, node, -1, false, wanted);
    case CXUnaryOperator_AddrOf:
        return address_value(self, child);
    case CXUnaryOperator_Deref:
        return value_read(self, lower_path(self, node), type, node);
    case CXUnaryOperator_Plus:
    case CXUnaryOperator_Extension:
        return lower_value(self, child);
    case CXUnaryOperator_Minus:
        return value_unary(self, IR_NEG, lower_value(self, child), type);
    case CXUnaryOperator_Not:
        return value_unary(self, IR_BITNOT, lower_value(self, child), type);
    case CXUnaryOperator_LNot:
        return value_unary(self, IR_NOT, lower_value(self, child), type);
    default:
        return lower_children(self, node, "unary operator");
    }
}

/* ---- all expressions ------------------------------------------------------------------------ */

static IrValue member_value(Body *self, NodeId node) {
    CXCursor member = clang_getCursorReferenced(node_cursor(self, node));
    if (member.kind == CXCursor_EnumConstantDecl)
        return enumerator_value(self, member);
    if (member.kind == CXCursor_FieldDecl || member.kind == CXCursor_VarDecl)
        return value_read(self, lower_path(self, node), node_type(self, node), node);
    if (member.kind == CXCursor_CXXMethod)
        return irb_value(self->lower->builder, IR_VALUE_FUNC, func_of(self->lower, member), 0, 0);
    return lower_children(self, node, "member that is not known");
}

static IrValue plain_read(Body *self, NodeId node) {
    return value_read(self, lower_path(self, node), node_type(self, node), node);
}

static IrValue cast_or_unknown(Body *self, NodeId node) {
    NodeId child = node_last(self, node);
    if (child == 0 || !node_is_expr(self, child))
        return value_unknown(self);
    return cast_value(self, node, child);
}

/* The chosen arm of _Generic is the one that has the type of the whole. */
static IrValue generic_value(Body *self, NodeId node) {
    CXType type = clang_getCursorType(node_cursor(self, node));
    for (uint32_t i = 1; i < node_child_count(self, node); i++) {
        NodeId arm = node_child(self, node, i);
        if (clang_equalTypes(clang_getCursorType(node_cursor(self, arm)), type))
            return lower_value(self, arm);
    }
    return value_unknown(self);
}

static IrValue other_value(Body *self, NodeId node) {
    bool done = false;
    IrValue value = lower_cxx_expr(self, node, &done);
    if (done)
        return value;
    CXString kind = clang_getCursorKindSpelling(node_cursor(self, node).kind);
    value = lower_children(self, node, clang_getCString(kind));
    clang_disposeString(kind);
    return value;
}

static IrValue expr_value(Body *self, NodeId node, bool wanted) {
    switch (node_kind(self, node)) {
    case CXCursor_ParenExpr:
        return guarded_value(self, node_child(self, node, 0), wanted);
    case CXCursor_UnexposedExpr:
        return unexposed_value(self, node);
    case CXCursor_CStyleCastExpr:
    case CXCursor_CXXStaticCastExpr:
    case CXCursor_CXXReinterpretCastExpr:
    case CXCursor_CXXConstCastExpr:
    case CXCursor_CXXDynamicCastExpr:
    case CXCursor_CXXFunctionalCastExpr:
        return cast_or_unknown(self, node);
    case CXCursor_IntegerLiteral:
    case CXCursor_CharacterLiteral:
    case CXCursor_UnaryExpr:
    case CXCursor_CXXBoolLiteralExpr:
        return lower_constant(self, node);
    case CXCursor_CXXNullPtrLiteralExpr:
    case CXCursor_GNUNullExpr:
        return value_const(self, 0);
    case CXCursor_FloatingLiteral:
    case CXCursor_ImaginaryLiteral:
    case CXCursor_AddrLabelExpr:
        return value_unknown(self);
    case CXCursor_StringLiteral:
        return string_value(self, node);
    case CXCursor_DeclRefExpr:
        return name_value(self, node);
    case CXCursor_MemberRefExpr:
        return member_value(self, node);
    case CXCursor_ArraySubscriptExpr:
    case CXCursor_CompoundLiteralExpr:
        return plain_read(self, node);
    case CXCursor_UnaryOperator:
        return unary_value(self, node, wanted);
    case CXCursor_BinaryOperator:
        return binary_value(self, node, wanted);
    case CXCursor_CompoundAssignOperator:
        return compound_assign_value(self, node);
    case CXCursor_ConditionalOperator:
        return lower_conditional(self, node, wanted);
    case CXCursor_CallExpr:
        return lower_call(self, node);
    case CXCursor_GenericSelectionExpr:
        return generic_value(self, node);
    case CXCursor_StmtExpr:
        return lower_statement_expr(self, node);
    case CXCursor_InitListExpr:
        return node_child_count(self, node) == 1 && !is_lvalue_struct(self, node)
                   ? lower_value(self, node_child(self, node, 0))
                   : value_read(self, lower_compound_literal(self, node), node_type(self, node),
                                node);
    default:
        return other_value(self, node);
    }
}

static IrValue guarded_value(Body *self, NodeId node, bool wanted) {
    if (node == 0)
        return value_unknown(self);
    if (self->depth >= MAX_DEPTH) {
        flow_unknown(self, node, "too deeply nested");
        return value_unknown(self);
    }
    self->depth++;
    IrValue value = expr_value(self, node, wanted);
    self->depth--;
    return value;
}

IrValue lower_value(Body *self, NodeId node) {
    return guarded_value(self, node, true);
}

void lower_effect(Body *self, NodeId node) {
    guarded_value(self, node, false);
}
