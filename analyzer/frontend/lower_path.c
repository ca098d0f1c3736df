/* lower_path: places: which memory an lvalue names, and reading it.
 *
 * Invariant: one place has one path where C says so: `*&x` is x, `p[0]` is `*p`, `(&s)->f` is
 * `s.f`, `a[i]` of an array is INDEX(a, i) however it decayed. A read that is not of a plain local
 * leaves an IR_OP_LOAD. Errs: an index is kept as written, elements are not told apart.
 */
#include "analyzer/frontend/lower.h"

static const IrPathRec *path_rec(const Body *self, IrPath path) {
    return &self->lower->tables->paths.items[path];
}

static const IrValueRec *value_rec(const Body *self, IrValue value) {
    return &self->lower->tables->values.items[value];
}

static IrPath path_unknown(Body *self) {
    return irb_path(self->lower->builder, IR_PATH_UNKNOWN, 0, 0, 0);
}

IrPath path_local(Body *self, uint32_t local) {
    return irb_path(self->lower->builder, IR_PATH_LOCAL, local, 0, 0);
}

IrPath path_deref(Body *self, IrValue pointer) {
    const IrValueRec *value = value_rec(self, pointer);
    if (value->kind == IR_VALUE_ADDR)
        return value->a;
    if (value->kind == IR_VALUE_UNKNOWN)
        return path_unknown(self);
    return irb_path(self->lower->builder, IR_PATH_DEREF, pointer, 0, 0);
}

/* base[index]; base is the pointer value, an array already decayed. */
IrPath path_index(Body *self, IrValue base, IrValue index) {
    const IrValueRec *value = value_rec(self, base);
    int64_t constant;
    if (value->kind == IR_VALUE_ADDR) {
        IrPathRec path = *path_rec(self, value->a);
        if (path.kind == IR_PATH_INDEX && value_is_const(self, path.b, &constant) && constant == 0)
            return irb_path(self->lower->builder, IR_PATH_INDEX, path.a, index, 0);
    }
    if (value_is_const(self, index, &constant) && constant == 0)
        return path_deref(self, base);
    IrPath element = path_deref(self, base);
    if (path_rec(self, element)->kind == IR_PATH_UNKNOWN)
        return element;
    return irb_path(self->lower->builder, IR_PATH_INDEX, element, index, 0);
}

IrPath path_field(Body *self, IrPath base, CXCursor field) {
    if (field.kind != CXCursor_FieldDecl)
        return path_unknown(self);
    const FieldItem *item = field_item(self->lower, field);
    if (item->name == 0 || path_rec(self, base)->kind == IR_PATH_UNKNOWN)
        return base;
    return irb_path(self->lower->builder, IR_PATH_FIELD, base, item->owner, item->name);
}

IrValue value_addr(Body *self, IrPath path) {
    const IrPathRec *record = path_rec(self, path);
    if (record->kind == IR_PATH_DEREF)
        return record->a;
    if (record->kind == IR_PATH_UNKNOWN)
        return value_unknown(self);
    return irb_value(self->lower->builder, IR_VALUE_ADDR, path, 0, 0);
}

static bool is_plain_local(const Body *self, IrPath path) {
    for (;;) {
        const IrPathRec *record = path_rec(self, path);
        if (record->kind == IR_PATH_LOCAL)
            return true;
        if (record->kind != IR_PATH_FIELD && record->kind != IR_PATH_INDEX)
            return false;
        path = record->a;
    }
}

IrValue value_read(Body *self, IrPath path, TypeId type, NodeId at) {
    uint32_t kind = type_info(self->lower, type)->kind;
    if (path_rec(self, path)->kind == IR_PATH_UNKNOWN)
        return value_unknown(self);
    if (kind == TYPE_ARRAY) {
        IrValue zero = value_const(self, 0);
        return value_addr(self, irb_path(self->lower->builder, IR_PATH_INDEX, path, zero, 0));
    }
    if (kind == TYPE_FUNCTION)
        return value_addr(self, path);
    if (!is_plain_local(self, path))
        flow_emit(self, IR_OP_LOAD, path, 0, 0, at);
    return irb_value(self->lower->builder, IR_VALUE_PATH, path, 0, 0);
}

IrPath path_temp(Body *self, IrValue value, TypeId type, NodeId at) {
    IrPath path = path_local(self, flow_temp(self, type));
    flow_emit(self, IR_OP_STORE, path, value, 0, at);
    return path;
}

void store(Body *self, IrPath path, IrValue value, NodeId at) {
    const IrValueRec *record = value_rec(self, value);
    if (record->kind == IR_VALUE_PATH && record->a == path)
        return;
    flow_emit(self, IR_OP_STORE, path, value, 0, at);
}

/* ---- lvalues -------------------------------------------------------------------------------- */

static IrPath local_or_global(Body *self, CXCursor variable) {
    const uint32_t *slot = map64_get(self->local_ids, cursor_id(variable));
    if (slot != NULL)
        return path_local(self, *slot - 1);
    enum CXLinkageKind linkage = clang_getCursorLinkage(variable);
    bool is_static = clang_Cursor_getStorageClass(variable) == CX_SC_Static;
    if (linkage == CXLinkage_NoLinkage && !is_static) {
        /* a variable of the function around (C++ lambda), or one whose declaration was broken */
        TypeId type = type_of(self->lower, clang_getCursorType(variable));
        uint32_t local = flow_local(self, cursor_name(self->lower, variable), type, 0);
        *map64_put(self->local_ids, cursor_id(variable), NULL) = local + 1;
        return path_local(self, local);
    }
    IrGlobal global = global_of(self->lower, variable);
    return irb_path(self->lower->builder, IR_PATH_GLOBAL, global, 0, 0);
}

IrPath path_variable(Body *self, CXCursor variable, NodeId at) {
    IrPath captured;
    if (self->lambda != NULL && captured_path(self, variable, at, &captured))
        return captured;
    IrPath path = local_or_global(self, variable);
    TypeId type = type_of(self->lower, clang_getCursorType(variable));
    if (type_info(self->lower, type)->kind != TYPE_REFERENCE)
        return path;
    return path_deref(self, value_read(self, path, 0, at));
}

/* A member that is a reference stands for what it is bound to. */
static IrPath field_place(Body *self, IrPath path, CXCursor field, NodeId at) {
    TypeId type = type_of(self->lower, clang_getCursorType(field));
    if (type_info(self->lower, type)->kind != TYPE_REFERENCE)
        return path;
    return path_deref(self, value_read(self, path, 0, at));
}

static IrPath member_path(Body *self, NodeId node) {
    CXCursor field = clang_getCursorReferenced(node_cursor(self, node));
    NodeId base = node_child(self, node, 0);
    if (field.kind == CXCursor_VarDecl)
        return path_variable(self, field, node);
    IrPath object;
    if (base == 0)
        object = path_deref(self, this_value(self, 0, node));
    else if (node_class(self, base) == TYPE_POINTER)
        object = path_deref(self, lower_value(self, base));
    else
        object = lower_path(self, base);
    return field_place(self, path_field(self, object, field), field, node);
}

static IrPath subscript_path(Body *self, NodeId node) {
    NodeId base = node_child(self, node, 0), index = node_child(self, node, 1);
    if (base == 0 || index == 0)
        return path_unknown(self);
    if (node_class(self, base) == TYPE_INT && node_class(self, index) == TYPE_POINTER) {
        NodeId swap = base;
        base = index;
        index = swap;
    }
    IrValue pointer = lower_value(self, base);
    return path_index(self, pointer, lower_value(self, index));
}

static IrPath name_path(Body *self, NodeId node) {
    CXCursor decl = clang_getCursorReferenced(node_cursor(self, node));
    IrPath bound;
    switch (decl.kind) {
    case CXCursor_VarDecl:
    case CXCursor_ParmDecl:
        if (is_stand_in(self->lower, decl)) {
            lower_effect(self, node);
            return path_unknown(self);
        }
        return path_variable(self, decl, node);
    case CXCursor_UnexposedDecl:
        if (binding_path(self, decl, &bound))
            return bound;
        return path_temp(self, lower_value(self, node), node_type(self, node), node);
    case CXCursor_FieldDecl:
        bound = path_field(self, path_deref(self, this_value(self, 0, node)), decl);
        return field_place(self, bound, decl, node);
    default:
        return path_temp(self, lower_value(self, node), node_type(self, node), node);
    }
}

/* An rvalue used as a place: a struct returned by value, a conversion in between. */
static IrPath converted_path(Body *self, NodeId node) {
    NodeId child = node_child(self, node, 0);
    if (child != 0 && node_child_count(self, node) == 1 && node_class(self, node) != TYPE_DEPENDENT)
        return lower_path(self, child);
    IrValue value = lower_value(self, node);
    if (value_rec(self, value)->kind == IR_VALUE_UNKNOWN)
        return path_unknown(self);
    return path_temp(self, value, node_type(self, node), node);
}

static IrPath operator_path(Body *self, NodeId node) {
    CXCursor cursor = node_cursor(self, node);
    NodeId child = node_child(self, node, 0);
    switch (clang_getCursorUnaryOperatorKind(cursor)) {
    case CXUnaryOperator_Deref:
        return path_deref(self, lower_value(self, child));
    case CXUnaryOperator_PreInc:
    case CXUnaryOperator_PreDec:
        lower_effect(self, node);
        return lower_path(self, child);
    case CXUnaryOperator_Extension:
    case CXUnaryOperator_Real:
        return lower_path(self, child);
    default:
        return path_temp(self, lower_value(self, node), node_type(self, node), node);
    }
}

static IrPath binary_path(Body *self, NodeId node) {
    NodeId left = node_child(self, node, 0), right = node_child(self, node, 1);
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node_cursor(self, node));
    if (op == CXBinaryOperator_Comma && left != 0 && right != 0) {
        lower_effect(self, left);
        return lower_path(self, right);
    }
    if (op >= CXBinaryOperator_Assign && op < CXBinaryOperator_Comma && left != 0) {
        lower_effect(self, node);
        return lower_path(self, left);
    }
    return path_temp(self, lower_value(self, node), node_type(self, node), node);
}

/* The object that a call made is in a temporary already. */
static IrPath object_path(Body *self, NodeId node) {
    IrValue value = lower_value(self, node);
    if (value_rec(self, value)->kind == IR_VALUE_PATH)
        return value_rec(self, value)->a;
    return path_temp(self, value, node_type(self, node), node);
}

static IrPath lvalue_path(Body *self, NodeId node) {
    switch (node_kind(self, node)) {
    case CXCursor_DeclRefExpr:
        return name_path(self, node);
    case CXCursor_MemberRefExpr:
        return member_path(self, node);
    case CXCursor_ArraySubscriptExpr:
        return subscript_path(self, node);
    case CXCursor_UnaryOperator:
        return operator_path(self, node);
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
        return binary_path(self, node);
    case CXCursor_CompoundLiteralExpr:
        return lower_compound_literal(self, node);
    case CXCursor_StringLiteral:
        return path_deref(self, lower_value(self, node));
    case CXCursor_ParenExpr:
    case CXCursor_UnexposedExpr:
    case CXCursor_CStyleCastExpr:
    case CXCursor_CXXStaticCastExpr:
    case CXCursor_CXXConstCastExpr:
    case CXCursor_CXXReinterpretCastExpr:
    case CXCursor_CXXFunctionalCastExpr:
        return converted_path(self, node);
    case CXCursor_LambdaExpr:
    case CXCursor_ConditionalOperator:
        return object_path(self, node);
    case CXCursor_CallExpr:
        if (is_reference_call(self, node))
            return path_deref(self, lower_value(self, node));
        if (self->lower->cxx && node_class(self, node) == TYPE_RECORD)
            return object_path(self, node);
        return path_temp(self, lower_value(self, node), node_type(self, node), node);
    default:
        return path_temp(self, lower_value(self, node), node_type(self, node), node);
    }
}

IrPath lower_path(Body *self, NodeId node) {
    if (node == 0)
        return path_unknown(self);
    if (self->depth >= MAX_DEPTH) {
        flow_unknown(self, node, "too deeply nested");
        return path_unknown(self);
    }
    self->depth++;
    IrPath path = lvalue_path(self, node);
    self->depth--;
    return path;
}
