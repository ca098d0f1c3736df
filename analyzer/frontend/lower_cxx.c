/* lower_cxx: what only C++ has: this, new, delete, lambdas, constructors, destructors.
 *
 * Invariant: a member function's local 0 is `this`, and calls pass the object's address first. A
 * local of a class with a declared destructor is destroyed at the end of its scope, in reverse
 * order (RAII locks). Errs: destructors of members, bases and temporaries, and of array elements,
 * are not called; constructors written by the compiler are plain copies or nothing.
 */
#include "analyzer/frontend/lower.h"

/* ---- constructors and destructors ----------------------------------------------------------- */

/* The compiler's own constructor has the place of its class. */
static bool is_compilers_own(CXCursor method) {
    CXCursor class = clang_getCursorSemanticParent(method);
    return clang_equalLocations(clang_getCursorLocation(method), clang_getCursorLocation(class));
}

static IrValue argument_value(Body *self, NodeId arg, CXType constructor, uint32_t index) {
    TypeId type = type_of(self->lower, clang_getArgType(constructor, index));
    if (type_info(self->lower, type)->kind == TYPE_REFERENCE)
        return value_addr(self, lower_path(self, arg));
    return lower_value(self, arg);
}

bool lower_construct(Body *self, IrPath path, NodeId node) {
    if (!self->lower->cxx || node_kind(self, node) != CXCursor_CallExpr)
        return false;
    CXCursor constructor = clang_getCursorReferenced(node_cursor(self, node));
    if (constructor.kind != CXCursor_Constructor)
        return false;
    NodeId first = node_child(self, node, 0);
    if (is_compilers_own(constructor)) {
        if (first != 0)
            store(self, path, lower_value(self, first), node);
        return true;
    }
    CXType type = clang_getCanonicalType(clang_getCursorType(constructor));
    Array(IrValue) args = {0};
    array_push(&args, self->lower->scratch, value_addr(self, path));
    for (NodeId arg = first; arg != 0; arg = node_next(self, arg)) {
        IrValue value = argument_value(self, arg, type, args.len - 1);
        array_push(&args, self->lower->scratch, value);
    }
    IrFunc func = func_of(self->lower, constructor);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    emit_call(self, callee, args.items, args.len, node, first == 0 ? IR_OP_IMPLICIT : 0);
    return true;
}

static enum CXChildVisitResult find_destructor(CXCursor cursor, CXCursor parent,
                                               CXClientData data) {
    CXCursor *found = data;
    (void)parent;
    if (cursor.kind != CXCursor_Destructor)
        return CXChildVisit_Continue;
    *found = cursor;
    return CXChildVisit_Break;
}

IrFunc destructor_of(Lower *self, TypeId type) {
    if (type_info(self, type)->kind != TYPE_RECORD)
        return 0;
    CXCursor class = clang_getTypeDeclaration(type_info(self, type)->canonical);
    bool created;
    uint32_t *slot = map64_put(self->dtor_ids, cursor_id(class), &created);
    if (!created)
        return *slot;
    CXCursor found = clang_getNullCursor();
    clang_visitChildren(class, find_destructor, &found);
    IrFunc func = clang_Cursor_isNull(found) ? 0 : func_of(self, found);
    *map64_put(self->dtor_ids, cursor_id(class), NULL) = func;
    return func;
}

void emit_destructor(Body *self, const Scope *scope) {
    IrValue object = value_addr(self, path_local(self, scope->local));
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, scope->destructor, 0, 0);
    emit_call(self, callee, &object, 1, scope->body, IR_OP_IMPLICIT);
}

/* ---- expressions ---------------------------------------------------------------------------- */

static IrValue named_call(Body *self, const char *name, const IrValue *args, uint32_t count,
                          NodeId at) {
    IrFunc func = func_named(self->lower, name);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    return emit_call(self, callee, args, count, at, 0);
}

/* new (args) T(…): operator new, then the constructor on what it gave. */
static IrValue new_value(Body *self, NodeId node) {
    Array(IrValue) args = {0};
    NodeId construct = 0;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        CXCursor called = clang_getCursorReferenced(node_cursor(self, child));
        if (!node_is_expr(self, child))
            continue;
        if (node_kind(self, child) == CXCursor_CallExpr && called.kind == CXCursor_Constructor)
            construct = child;
        else
            array_push(&args, self->lower->scratch, lower_value(self, child));
    }
    TypeId type = node_type(self, node);
    IrValue memory = named_call(self, "operator new", args.items, args.len, node);
    if (construct == 0)
        return memory;
    IrPath kept = path_temp(self, memory, type, node);
    IrValue pointer = irb_value(self->lower->builder, IR_VALUE_PATH, kept, 0, 0);
    lower_construct(self, path_deref(self, pointer), construct);
    return pointer;
}

static IrValue delete_value(Body *self, NodeId node) {
    NodeId child = node_child(self, node, 0);
    IrValue pointer = lower_value(self, child);
    if (child != 0) {
        CXType type = type_info(self->lower, node_type(self, node_strip(self, child)))->canonical;
        TypeId object = type_of(self->lower, clang_getPointeeType(type));
        IrFunc destructor = object == 0 ? 0 : destructor_of(self->lower, object);
        if (destructor != 0) {
            IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, destructor, 0, 0);
            emit_call(self, callee, &pointer, 1, node, IR_OP_IMPLICIT);
        }
    }
    return named_call(self, "operator delete", &pointer, 1, node);
}

static enum CXChildVisitResult find_call_operator(CXCursor cursor, CXCursor parent,
                                                  CXClientData data) {
    CXCursor *found = data;
    (void)parent;
    if (cursor.kind != CXCursor_CXXMethod)
        return CXChildVisit_Continue;
    CXString name = clang_getCursorSpelling(cursor);
    const char *text = clang_getCString(name);
    bool is_call = text != NULL && str_eq(text, "operator()");
    clang_disposeString(name);
    if (!is_call)
        return CXChildVisit_Continue;
    *found = cursor;
    return CXChildVisit_Break;
}

static CXCursor call_operator(CXCursor lambda) {
    CXCursor found = clang_getNullCursor();
    CXType type = clang_getCanonicalType(clang_getCursorType(lambda));
    clang_visitChildren(clang_getTypeDeclaration(type), find_call_operator, &found);
    return found;
}

static IrValue lambda_value(Body *self, NodeId node) {
    CXCursor lambda = node_cursor(self, node);
    CXCursor method = call_operator(lambda);
    if (clang_Cursor_isNull(method)) {
        flow_unknown(self, node, "lambda");
        return value_unknown(self);
    }
    array_push(&self->lower->lambdas, self->lower->scratch, lambda);
    return irb_value(self->lower->builder, IR_VALUE_FUNC, func_of(self->lower, method), 0, 0);
}

/* The array grows while inner lambdas are met. */
void lower_lambdas(Lower *self) {
    for (uint32_t i = 0; i < self->lambdas.len; i++) {
        CXCursor lambda = self->lambdas.items[i];
        IrFunc func = func_of(self, call_operator(lambda));
        SymbolItem *item = &self->funcs.items[func];
        if (item->definition != 0)
            continue;
        item->definition = item->first_decl = item->last_decl = self->decls.len;
        DeclItem decl = {lambda, 0};
        array_push(&self->decls, self->scratch, decl);
        lower_function(self, func);
    }
}

static IrValue this_value(Body *self, NodeId node) {
    if ((func_rec(self->lower, self->func)->flags & IR_FUNC_METHOD) == 0)
        return value_unknown(self);
    return value_read(self, path_local(self, 0), node_type(self, node), node);
}

IrValue lower_cxx_expr(Body *self, NodeId node, bool *done) {
    *done = true;
    switch (node_kind(self, node)) {
    case CXCursor_CXXThisExpr:
        return this_value(self, node);
    case CXCursor_CXXNewExpr:
        return new_value(self, node);
    case CXCursor_CXXDeleteExpr:
        return delete_value(self, node);
    case CXCursor_LambdaExpr:
        return lambda_value(self, node);
    case CXCursor_SizeOfPackExpr:
    case CXCursor_CXXTypeidExpr:
    case CXCursor_TypeRef:
        return value_unknown(self);
    default:
        *done = false;
        return 0;
    }
}
