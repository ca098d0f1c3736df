/* lower_call: calls: direct, through values, of members, of operators.
 *
 * Invariant: the callee and the arguments are evaluated before the call, left to right; a call that
 * does not return ends its block. The callee is a FUNC value when C names the function, whatever
 * parentheses, `*` and `&` stand around the name.
 */
#include "analyzer/frontend/lower.h"

typedef struct Call {
    IrValue callee;      /* FUNC or a pointer value */
    Array(IrValue) args; /* in order */
    uint32_t flags;      /* IR_OP_VIRTUAL … */
    CXCursor function;   /* null when called through a pointer */
} Call;

IrValue emit_call(Body *self, IrValue callee, const IrValue *args, uint32_t count, NodeId at,
                  uint32_t flags) {
    IrTables *tables = self->lower->tables;
    uint32_t first = tables->args.len;
    for (uint32_t i = 0; i < count; i++)
        array_push(&tables->args, self->lower->arena, args[i]);
    uint32_t op = flow_emit(self, IR_OP_CALL, callee, first, count, at);
    tables->ops.items[op].flags |= flags;
    const IrValueRec *value = &tables->values.items[callee];
    if (value->kind == IR_VALUE_FUNC &&
        (func_rec(self->lower, value->a)->flags & IR_FUNC_NORETURN) != 0)
        flow_unreachable(self, node_loc(self, at));
    return irb_value(self->lower->builder, IR_VALUE_CALL, op, 0, 0);
}

static void push_arg(Body *self, Call *call, NodeId node) {
    IrValue value =
        node_class(self, node) == TYPE_RECORD && node_kind(self, node) != CXCursor_CallExpr
            ? value_read(self, lower_path(self, node), node_type(self, node), node)
            : lower_value(self, node);
    array_push(&call->args, self->lower->scratch, value);
}

/* A parameter that is a C++ reference gets the address. */
static void push_arg_as(Body *self, Call *call, NodeId node, CXType function, uint32_t index) {
    CXType param = clang_getArgType(function, index);
    TypeId type = type_of(self->lower, param);
    if (type_info(self->lower, type)->kind != TYPE_REFERENCE) {
        push_arg(self, call, node);
        return;
    }
    array_push(&call->args, self->lower->scratch, value_addr(self, lower_path(self, node)));
}

static void push_args(Body *self, Call *call, NodeId first) {
    CXType function = clang_getCanonicalType(clang_getCursorType(call->function));
    uint32_t index = 0;
    for (NodeId arg = first; arg != 0; arg = node_next(self, arg)) {
        if (!node_is_expr(self, arg))
            continue;
        if (self->lower->cxx && function.kind == CXType_FunctionProto)
            push_arg_as(self, call, arg, function, index++);
        else
            push_arg(self, call, arg);
    }
}

/* Down to the name: parentheses, decay, `*f` and `&f` all denote the function. */
static NodeId callee_name(const Body *self, NodeId node) {
    for (;;) {
        node = node_strip(self, node);
        if (node_kind(self, node) != CXCursor_UnaryOperator)
            return node;
        NodeId child = node_child(self, node, 0);
        if (child == 0 || node_class(self, node_strip(self, child)) != TYPE_FUNCTION)
            return node;
        node = child;
    }
}

static bool is_function(CXCursor cursor) {
    switch (cursor.kind) {
    case CXCursor_FunctionDecl:
    case CXCursor_CXXMethod:
    case CXCursor_Constructor:
    case CXCursor_Destructor:
    case CXCursor_ConversionFunction:
    case CXCursor_FunctionTemplate:
        return true;
    default:
        return false;
    }
}

static IrValue func_value(Body *self, CXCursor function) {
    return irb_value(self->lower->builder, IR_VALUE_FUNC, func_of(self->lower, function), 0, 0);
}

static enum CXChildVisitResult find_qualifier(CXCursor cursor, CXCursor parent, CXClientData data) {
    bool *found = data;
    (void)parent;
    *found |= cursor.kind == CXCursor_TypeRef;
    return CXChildVisit_Continue;
}

/* `Base::Method()` is not virtual: a reference to the class stands in front of the name. */
static bool is_virtual_call(Body *self, CXCursor method, NodeId member) {
    bool qualified = false;
    if (!clang_CXXMethod_isVirtual(method))
        return false;
    clang_visitChildren(node_cursor(self, member), find_qualifier, &qualified);
    return !qualified;
}

/* object.method(…), object->method(…), method(…) inside the class. */
static void method_callee(Body *self, Call *call, NodeId member) {
    NodeId base = node_child(self, member, 0);
    IrValue object;
    call->callee = func_value(self, call->function);
    if (clang_CXXMethod_isStatic(call->function)) {
        if (base != 0)
            lower_effect(self, base);
        return;
    }
    if (base == 0)
        object = value_read(self, path_local(self, 0), 0, member);
    else if (node_class(self, base) == TYPE_POINTER)
        object = lower_value(self, base);
    else
        object = value_addr(self, lower_path(self, base));
    array_push(&call->args, self->lower->scratch, object);
    if (is_virtual_call(self, call->function, member))
        call->flags |= IR_OP_VIRTUAL;
}

static bool is_operator_call(Body *self, NodeId node, NodeId *callee) {
    CXCursor function = clang_getCursorReferenced(node_cursor(self, node));
    CXString name = clang_getCursorSpelling(function);
    const char *text = clang_getCString(name);
    bool is_operator = text != NULL && str_starts_with(text, "operator");
    clang_disposeString(name);
    if (!is_operator || !is_function(function))
        return false;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        NodeId inner = node_is_expr(self, child) ? node_strip(self, child) : child;
        if (node_kind(self, inner) == CXCursor_DeclRefExpr &&
            clang_equalCursors(clang_getCursorReferenced(node_cursor(self, inner)), function)) {
            *callee = child;
            return true;
        }
    }
    return false;
}

/* a + b: the callee stands between the operands; a method takes the first one by address. */
static IrValue operator_call(Body *self, NodeId node, NodeId callee) {
    Call call = {.function = clang_getCursorReferenced(node_cursor(self, node))};
    bool is_method = call.function.kind == CXCursor_CXXMethod;
    CXType function = clang_getCanonicalType(clang_getCursorType(call.function));
    uint32_t index = 0;
    call.callee = func_value(self, call.function);
    for (NodeId arg = node_first(self, node); arg != 0; arg = node_next(self, arg)) {
        if (arg == callee || !node_is_expr(self, arg))
            continue;
        if (is_method && call.args.len == 0)
            array_push(&call.args, self->lower->scratch, value_addr(self, lower_path(self, arg)));
        else
            push_arg_as(self, &call, arg, function, index++);
    }
    return emit_call(self, call.callee, call.args.items, call.args.len, node, 0);
}

/* __builtin_expect(x, c) is x. */
static bool is_transparent(Body *self, CXCursor function) {
    CXString name = clang_getCursorSpelling(function);
    const char *text = clang_getCString(name);
    bool result = text != NULL && str_eq(text, "__builtin_expect");
    clang_disposeString(name);
    (void)self;
    return result;
}

static void find_callee(Body *self, Call *call, NodeId callee) {
    NodeId name = callee_name(self, callee);
    uint32_t kind = node_kind(self, name);
    CXCursor decl = clang_getNullCursor();
    if (kind == CXCursor_DeclRefExpr || kind == CXCursor_MemberRefExpr)
        decl = clang_getCursorReferenced(node_cursor(self, name));
    if (!is_function(decl)) {
        call->callee = lower_value(self, callee);
        return;
    }
    call->function = decl;
    if (kind == CXCursor_MemberRefExpr)
        method_callee(self, call, name);
    else
        call->callee = func_value(self, decl);
}

IrValue lower_call(Body *self, NodeId node) {
    NodeId callee = node_child(self, node, 0), operator_name = 0;
    CXCursor referenced = clang_getCursorReferenced(node_cursor(self, node));
    Call call = {.function = clang_getNullCursor()};
    if (self->lower->cxx) {
        if (referenced.kind == CXCursor_Constructor) {
            TypeId type = node_type(self, node);
            IrPath temp = path_local(self, flow_temp(self, type));
            lower_construct(self, temp, node);
            return irb_value(self->lower->builder, IR_VALUE_PATH, temp, 0, 0);
        }
        if (is_operator_call(self, node, &operator_name))
            return operator_call(self, node, operator_name);
    }
    if (callee == 0) {
        flow_unknown(self, node, "call of something that is not known");
        return value_unknown(self);
    }
    if (!clang_Cursor_isNull(referenced) && is_transparent(self, referenced))
        return lower_value(self, node_next(self, callee));
    find_callee(self, &call, callee);
    push_args(self, &call, node_next(self, callee));
    return emit_call(self, call.callee, call.args.items, call.args.len, node, call.flags);
}

bool is_reference_call(Body *self, NodeId node) {
    CXCursor function = clang_getCursorReferenced(node_cursor(self, node));
    if (!self->lower->cxx || clang_Cursor_isNull(function))
        return false;
    CXType result = clang_getCanonicalType(clang_getCursorResultType(function));
    return result.kind == CXType_LValueReference || result.kind == CXType_RValueReference;
}
