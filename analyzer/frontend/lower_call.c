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

static IrValue plain_argument(Body *self, NodeId node) {
    return node_class(self, node) == TYPE_RECORD && node_kind(self, node) != CXCursor_CallExpr
               ? value_read(self, lower_path(self, node), node_type(self, node), node)
               : lower_value(self, node);
}

static enum CXChildVisitResult find_default(CXCursor cursor, CXCursor parent, CXClientData data) {
    CXCursor *found = data;
    (void)parent;
    if (clang_isExpression(cursor.kind))
        *found = cursor;
    return CXChildVisit_Continue;
}

/* The default of a parameter, as one of the declarations gives it; null none. */
static CXCursor default_argument(CXCursor function, uint32_t index) {
    CXCursor found = clang_getNullCursor();
    CXCursor declarations[] = {function, clang_getCanonicalCursor(function),
                               clang_getCursorDefinition(function)};
    for (size_t i = 0; i < 3 && clang_Cursor_isNull(found); i++) {
        CXCursor param = clang_Cursor_getArgument(declarations[i], index);
        if (!clang_Cursor_isNull(param))
            clang_visitChildren(param, find_default, &found);
    }
    return found;
}

/* A default argument is a node with nothing in it and no place. */
static bool is_default_argument(const Body *self, NodeId node) {
    CXSourceLocation place = clang_getCursorLocation(node_cursor(self, node));
    return node_kind(self, node) == CXCursor_UnexposedExpr && node_first(self, node) == 0 &&
           clang_equalLocations(place, clang_getNullLocation());
}

static IrValue typed_argument(Body *self, NodeId arg, TypeId type) {
    if (type_info(self->lower, type)->kind == TYPE_REFERENCE)
        return value_addr(self, lower_path(self, arg));
    return plain_argument(self, arg);
}

IrValue lower_argument(Body *self, NodeId arg, CXCursor function, uint32_t index) {
    CXType signature = clang_getCanonicalType(clang_getCursorType(function));
    TypeId type = type_of(self->lower, clang_getArgType(signature, index));
    CXCursor expression = clang_getNullCursor();
    if (is_default_argument(self, arg))
        expression = default_argument(function, index);
    if (clang_Cursor_isNull(expression))
        return typed_argument(self, arg, type);
    IrLoc before = self->place;
    self->place = node_loc(self, self->statement);
    IrValue value = typed_argument(self, tree_append(self, expression), type);
    self->place = before;
    return value;
}

static void push_args(Body *self, Call *call, NodeId first) {
    CXType function = clang_getCanonicalType(clang_getCursorType(call->function));
    uint32_t index = 0;
    for (NodeId arg = first; arg != 0; arg = node_next(self, arg)) {
        if (!node_is_expr(self, arg))
            continue;
        IrValue value = self->lower->cxx && function.kind == CXType_FunctionProto
                            ? lower_argument(self, arg, call->function, index++)
                            : plain_argument(self, arg);
        array_push(&call->args, self->lower->scratch, value);
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

static enum CXChildVisitResult count_types(CXCursor cursor, CXCursor parent, CXClientData data) {
    uint32_t *count = data;
    (void)parent;
    *count += cursor.kind == CXCursor_TypeRef || cursor.kind == CXCursor_TemplateRef;
    return CXChildVisit_Continue;
}

/* `Base::Method()` is not virtual: a reference to the class stands in front of the name. The name
 * of a destructor is one itself. */
static bool is_virtual_call(Body *self, CXCursor method, NodeId member) {
    uint32_t types = 0;
    if (!clang_CXXMethod_isVirtual(method))
        return false;
    clang_visitChildren(node_cursor(self, member), count_types, &types);
    return types <= (method.kind == CXCursor_Destructor ? 1u : 0u);
}

/* A variable of the class itself is of no derived one. */
static bool is_whole_object(const Body *self, NodeId base) {
    if (base == 0 || node_kind(self, node_strip(self, base)) != CXCursor_DeclRefExpr)
        return false;
    CXCursor variable = clang_getCursorReferenced(node_cursor(self, node_strip(self, base)));
    TypeId type = type_of(self->lower, clang_getCursorType(variable));
    return type_info(self->lower, type)->kind == TYPE_RECORD;
}

/* object.method(…), object->method(…), method(…) inside the class. */
static void method_callee(Body *self, Call *call, NodeId member) {
    NodeId base = node_child(self, member, 0);
    IrValue object;
    call->callee = func_value(self, call->function);
    queue_instance(self->lower, call->function);
    if (clang_CXXMethod_isStatic(call->function)) {
        if (base != 0)
            lower_effect(self, base);
        return;
    }
    if (base == 0)
        object = this_value(self, 0, member);
    else if (node_class(self, base) == TYPE_POINTER)
        object = lower_value(self, base);
    else
        object = value_addr(self, lower_path(self, base));
    array_push(&call->args, self->lower->scratch, object);
    if (is_virtual_call(self, call->function, member) && !is_whole_object(self, base))
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

/* The assignment of a plain structure, which copies it as in C. */
static bool is_plain_copy(CXCursor function) {
    CXCursor class = clang_getCursorSemanticParent(function);
    CXString name = clang_getCursorSpelling(function);
    const char *text = clang_getCString(name);
    bool assigns = text != NULL && str_eq(text, "operator=");
    clang_disposeString(name);
    return assigns && function.kind == CXCursor_CXXMethod &&
           clang_isPODType(clang_getCursorType(class));
}

static IrValue copy_value(Body *self, NodeId node, NodeId callee) {
    NodeId left = node_first(self, node), right = node_next(self, callee);
    IrPath path = lower_path(self, left);
    bool is_reference = node_kind(self, node_strip(self, right)) == CXCursor_CallExpr &&
                        is_reference_call(self, node_strip(self, right));
    IrValue value = is_reference
                        ? value_read(self, lower_path(self, right), node_type(self, right), node)
                        : lower_value(self, right);
    store(self, path, value, node);
    return value_addr(self, path);
}

/* a + b: the callee stands between the operands; a method takes the first one by address. */
static IrValue operator_call(Body *self, NodeId node, NodeId callee) {
    Call call = {.function = clang_getCursorReferenced(node_cursor(self, node))};
    bool is_method = call.function.kind == CXCursor_CXXMethod, object = is_method;
    uint32_t index = 0;
    call.callee = func_value(self, call.function);
    queue_instance(self->lower, call.function);
    IrFunc func = self->lower->tables->values.items[call.callee].a;
    bool plain = (func_rec(self->lower, func)->flags & IR_FUNC_METHOD) == 0;
    if (is_method && clang_CXXMethod_isVirtual(call.function))
        call.flags = IR_OP_VIRTUAL;
    for (NodeId arg = node_first(self, node); arg != 0; arg = node_next(self, arg)) {
        if (arg == callee || !node_is_expr(self, arg))
            continue;
        IrValue value;
        if (object && plain) {
            lower_effect(self, arg);
            object = false;
            continue;
        }
        value = object ? value_addr(self, lower_path(self, arg))
                       : lower_argument(self, arg, call.function, index++);
        object = false;
        array_push(&call.args, self->lower->scratch, value);
    }
    return emit_call(self, call.callee, call.args.items, call.args.len, node, call.flags);
}

static bool is_intrinsic(CXCursor function, const char *intrinsic) {
    if (clang_Cursor_isNull(function))
        return false;
    CXString name = clang_getCursorSpelling(function);
    const char *text = clang_getCString(name);
    bool result = text != NULL && str_eq(text, intrinsic);
    clang_disposeString(name);
    return result;
}

/* (object.*pointer)(…), (object->*pointer)(…). */
static bool member_pointer_callee(Body *self, Call *call, NodeId name) {
    enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(node_cursor(self, name));
    NodeId object = node_child(self, name, 0), pointer = node_child(self, name, 1);
    if (node_kind(self, name) != CXCursor_BinaryOperator || object == 0 || pointer == 0 ||
        (kind != CXBinaryOperator_PtrMemD && kind != CXBinaryOperator_PtrMemI))
        return false;
    IrValue this = kind == CXBinaryOperator_PtrMemI ? lower_value(self, object)
                                                    : value_addr(self, lower_path(self, object));
    array_push(&call->args, self->lower->scratch, this);
    call->callee = lower_value(self, pointer);
    return true;
}

/* An argument without a type leaves the choice open: the only function that takes so many. */
static CXCursor only_candidate(CXCursor set, int arg_count) {
    CXCursor found = clang_getNullCursor();
    unsigned count = clang_getNumOverloadedDecls(set);
    for (unsigned i = 0; i < count; i++) {
        CXCursor decl = clang_getCanonicalCursor(clang_getOverloadedDecl(set, i));
        bool takes = count == 1 || clang_Cursor_isVariadic(decl) ||
                     clang_Cursor_getNumArguments(decl) == arg_count;
        if (!is_function(decl) || !takes || clang_equalCursors(found, decl))
            continue;
        if (!clang_Cursor_isNull(found))
            return clang_getNullCursor();
        found = decl;
    }
    return found;
}

static void find_callee(Body *self, Call *call, NodeId callee, int arg_count) {
    NodeId name = callee_name(self, callee);
    if (member_pointer_callee(self, call, name))
        return;
    uint32_t kind = node_kind(self, name);
    CXCursor decl = clang_getNullCursor();
    if (kind == CXCursor_DeclRefExpr || kind == CXCursor_MemberRefExpr)
        decl = clang_getCursorReferenced(node_cursor(self, name));
    if (decl.kind == CXCursor_OverloadedDeclRef)
        decl = only_candidate(decl, arg_count);
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

/* A lambda without captures becomes a pointer to its function, which it is already. */
static bool is_lambda_conversion(const Body *self, CXCursor function, NodeId callee) {
    return function.kind == CXCursor_ConversionFunction && callee != 0 &&
           node_kind(self, callee) == CXCursor_MemberRefExpr && node_child(self, callee, 0) != 0 &&
           is_closure(clang_getCursorSemanticParent(function));
}

static IrValue call_value(Body *self, NodeId node) {
    NodeId callee = node_child(self, node, 0), operator_name = 0;
    CXCursor referenced = clang_getCursorReferenced(node_cursor(self, node));
    Call call = {.function = clang_getNullCursor()};
    if (self->lower->cxx) {
        if (referenced.kind == CXCursor_Constructor) {
            TypeId type = node_type(self, node);
            IrPath temp = path_local(self, flow_temp(self, type));
            bool direct = self->direct == node;
            lower_construct(self, temp, type, node);
            if (!direct)
                add_temporary(self, temp, type);
            return irb_value(self->lower->builder, IR_VALUE_PATH, temp, 0, 0);
        }
        if (is_lambda_conversion(self, referenced, callee))
            return lower_value(self, node_child(self, callee, 0));
        if (is_operator_call(self, node, &operator_name) && is_plain_copy(referenced))
            return copy_value(self, node, operator_name);
        if (operator_name != 0)
            return operator_call(self, node, operator_name);
    }
    if (callee == 0) {
        flow_unknown(self, node, "call of something that is not known");
        return value_unknown(self);
    }
    if (is_intrinsic(referenced, "__builtin_expect")) /* of (x, c) it is x */
        return lower_value(self, node_next(self, callee));
    if (self->leaving != LEAVING_NONE && is_intrinsic(referenced, "_abnormal_termination"))
        return value_const(self, self->leaving == LEAVING_ABNORMALLY);
    find_callee(self, &call, callee, (int)node_child_count(self, node) - 1);
    push_args(self, &call, node_next(self, callee));
    return emit_call(self, call.callee, call.args.items, call.args.len, node, call.flags);
}

/* An object that a call returns lives in a temporary, unless it becomes a variable. */
IrValue lower_call(Body *self, NodeId node) {
    bool direct = self->direct == node;
    IrValue value = call_value(self, node);
    bool is_object = self->lower->cxx && !direct &&
                     self->lower->tables->values.items[value].kind == IR_VALUE_CALL &&
                     !is_reference_call(self, node);
    if (!is_object || destructor_of(self->lower, node_type(self, node)) == 0)
        return value;
    IrPath path = path_temp(self, value, node_type(self, node), node);
    add_temporary(self, path, node_type(self, node));
    return irb_value(self->lower->builder, IR_VALUE_PATH, path, 0, 0);
}

/* A call that clang refused, because an argument does not fit: the name, then the arguments. */
IrValue lower_refused_call(Body *self, NodeId node, bool *done) {
    NodeId first = node_child(self, node, 0);
    int arg_count = (int)node_child_count(self, node) - 1;
    CXCursor set = clang_getNullCursor();
    Call call = {.function = clang_getNullCursor()};
    if (first != 0 && node_kind(self, first) == CXCursor_DeclRefExpr)
        set = clang_getCursorReferenced(node_cursor(self, first));
    *done = set.kind == CXCursor_OverloadedDeclRef;
    CXCursor function = *done ? only_candidate(set, arg_count) : set;
    *done = *done && !clang_Cursor_isNull(function);
    if (!*done)
        return 0;
    note_unknown(self, "call with an argument that does not fit", node_loc(self, node));
    push_args(self, &call, node_next(self, first));
    return emit_call(self, func_value(self, function), call.args.items, call.args.len, node, 0);
}

/* Parameters of a function or of what points at one; -1: any number. */
static int parameter_count(CXType callee) {
    CXType type = clang_getCanonicalType(callee);
    if (type.kind == CXType_Pointer)
        type = clang_getCanonicalType(clang_getPointeeType(type));
    return type.kind == CXType_FunctionProto ? clang_getNumArgTypes(type) : -1;
}

/* C: a call that clang refused for its surplus arguments, which the Microsoft compiler passes and
 * the function does not see: they are evaluated. */
IrValue lower_surplus_call(Body *self, NodeId node, bool *done) {
    NodeId callee = node_child(self, node, 0);
    int wanted = parameter_count(clang_getCursorType(node_cursor(self, callee)));
    Call call = {.function = clang_getNullCursor()};
    *done = wanted >= 0 && (int)node_child_count(self, node) - 1 > wanted;
    if (!*done)
        return 0;
    find_callee(self, &call, callee, wanted);
    push_args(self, &call, node_next(self, callee));
    return emit_call(self, call.callee, call.args.items, (uint32_t)wanted, node, call.flags);
}

bool is_reference_call(Body *self, NodeId node) {
    CXCursor function = clang_getCursorReferenced(node_cursor(self, node));
    if (!self->lower->cxx || clang_Cursor_isNull(function))
        return false;
    CXType result = clang_getCanonicalType(clang_getCursorResultType(function));
    return result.kind == CXType_LValueReference || result.kind == CXType_RValueReference;
}
