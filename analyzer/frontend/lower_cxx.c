/* lower_cxx: expressions that only C++ has: this, new, delete, structured bindings.
 *
 * Invariant: a member function's local 0 is `this`, and calls pass the object's address first; in a
 * lambda `this` is that of the function around. Errs: of an array made by `new` one element is
 * constructed and destroyed.
 */
#include "analyzer/frontend/lower.h"

/* ---- expressions ---------------------------------------------------------------------------- */

static IrValue named_call(Body *self, const char *name, const IrValue *args, uint32_t count,
                          NodeId at) {
    IrFunc func = func_named(self->lower, name);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    return emit_call(self, callee, args, count, at, 0);
}

typedef struct NewParts {
    uint32_t placement; /* arguments before the type */
    uint32_t count;     /* expressions */
    bool seen_type;     /* the type was met */
} NewParts;

static enum CXChildVisitResult count_parts(CXCursor cursor, CXCursor parent, CXClientData data) {
    NewParts *self = data;
    (void)parent;
    if (clang_isExpression(cursor.kind))
        self->count++;
    else if (!self->seen_type) {
        self->seen_type = true;
        self->placement = self->count;
    }
    return CXChildVisit_Continue;
}

/* The text of an expression; *size is 0 when it is not there as it stands. */
static const char *text_of(Body *self, NodeId node, size_t *size) {
    CXFile file, end_file;
    unsigned begin, end;
    size_t file_size = 0;
    CXSourceRange range = clang_getCursorExtent(node_cursor(self, node));
    clang_getSpellingLocation(clang_getRangeStart(range), &file, NULL, NULL, &begin);
    clang_getSpellingLocation(clang_getRangeEnd(range), &end_file, NULL, NULL, &end);
    const char *text =
        file == NULL ? NULL : clang_getFileContents(self->lower->tu, file, &file_size);
    bool whole =
        text != NULL && clang_File_isEqual(file, end_file) && begin < end && end <= file_size;
    *size = whole ? end - begin : 0;
    return text == NULL ? "" : text + begin;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* `new T[n]`, `new T[n]()`, `delete[] p`. */
static bool is_array_form(Body *self, NodeId node) {
    size_t size, at = strlen("delete");
    const char *text = text_of(self, node, &size);
    if (size > at && strncmp(text, "delete", at) == 0) {
        while (at < size && is_space(text[at]))
            at++;
        return at < size && text[at] == '[';
    }
    while (size > 0 && (is_space(text[size - 1]) || strchr("(){}", text[size - 1]) != NULL))
        size--;
    return size > 0 && text[size - 1] == ']';
}

/* `new (a, b) int`: arguments in front of a type that has no node. */
static uint32_t written_placement(Body *self, NodeId node) {
    size_t size, at = strlen("new");
    const char *text = text_of(self, node, &size);
    uint32_t count = 1;
    int level = 0;
    while (at < size && is_space(text[at]))
        at++;
    if (at >= size || text[at] != '(')
        return 0;
    for (; at < size; at++) {
        level += (text[at] == '(') - (text[at] == ')');
        count += level == 1 && text[at] == ',';
        if (level == 0)
            return count;
    }
    return 0;
}

/* The driver's own operator that takes so many arguments: of the class, else the global one. */
static IrFunc own_operator(Lower *self, const char *class, const char *name, uint32_t params) {
    const char *member = arena_printf(self->scratch, "%s::%s", class, name);
    IrFunc found = 0;
    for (IrFunc func = 1; func < self->tables->funcs.len; func++) {
        const IrFuncRec *record = func_rec(self, func);
        const char *text = self->tables->strings.items + record->name;
        if (record->param_count != params)
            continue;
        if (str_eq(text, member))
            return func;
        if (str_eq(text, name) && (record->flags & IR_FUNC_MODEL) == 0)
            found = func;
    }
    return found;
}

static const char *pointee_class(Body *self, TypeId type) {
    CXType object = clang_getPointeeType(type_info(self->lower, type)->canonical);
    return class_name(self->lower, clang_getTypeDeclaration(object));
}

static IrValue operator_call(Body *self, const char *name, TypeId type, const IrValue *args,
                             uint32_t count, NodeId node) {
    const char *class = pointee_class(self, type);
    IrFunc own = 0;
    if (is_array_form(self, node))
        own = own_operator(self->lower, class, arena_printf(self->lower->scratch, "%s[]", name),
                           count);
    if (own == 0)
        own = own_operator(self->lower, class, name, count);
    if (own == 0)
        return named_call(self, name, args, count, node);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, own, 0, 0);
    return emit_call(self, callee, args, count, node, 0);
}

/* The memory: size and placement arguments go to operator new; a lone pointer is the place. */
static IrValue new_memory(Body *self, NodeId node, TypeId type, uint32_t placement) {
    Array(IrValue) args = {0};
    CXType object = clang_getPointeeType(type_info(self->lower, type)->canonical);
    long long size = clang_Type_getSizeOf(object);
    array_push(&args, self->lower->scratch,
               size < 0 || is_array_form(self, node) ? value_unknown(self)
                                                     : value_const(self, size));
    for (uint32_t i = 0; i < placement; i++)
        array_push(&args, self->lower->scratch, lower_value(self, node_child(self, node, i)));
    IrFunc own = own_operator(self->lower, pointee_class(self, type), "operator new", args.len);
    bool place =
        placement == 1 && own == 0 && node_class(self, node_child(self, node, 0)) == TYPE_POINTER;
    return place ? args.items[1]
                 : operator_call(self, "operator new", type, args.items, args.len, node);
}

/* new (args) T(…): operator new, then the constructor on what it gave. */
static IrValue new_value(Body *self, NodeId node) {
    NewParts parts = {0};
    TypeId type = node_type(self, node);
    clang_visitChildren(node_cursor(self, node), count_parts, &parts);
    if (!parts.seen_type)
        parts.placement = written_placement(self, node);
    if (parts.placement > parts.count)
        parts.placement = parts.count;
    CXType pointee = clang_getPointeeType(type_info(self->lower, type)->canonical);
    TypeId object = type_of(self->lower, pointee);
    IrPath kept = path_temp(self, new_memory(self, node, type, parts.placement), type, node);
    IrValue pointer = irb_value(self->lower->builder, IR_VALUE_PATH, kept, 0, 0);
    for (uint32_t i = parts.placement; i < node_child_count(self, node); i++) {
        NodeId child = node_child(self, node, i);
        if (type_info(self->lower, object)->kind != TYPE_RECORD ||
            node_class(self, child) == TYPE_INT)
            lower_effect(self, child); /* the number of elements */
        else
            lower_init(self, path_deref(self, pointer),
                       node_class(self, child) == TYPE_ARRAY ? node_type(self, child) : object,
                       child);
    }
    return pointer;
}

static IrValue delete_value(Body *self, NodeId node) {
    NodeId child = node_child(self, node, 0);
    IrValue pointer = lower_value(self, child);
    TypeId type = child == 0 ? 0 : node_type(self, node_strip(self, child));
    if (child != 0) {
        CXType canonical = type_info(self->lower, type)->canonical;
        TypeId object = type_of(self->lower, clang_getPointeeType(canonical));
        IrFunc destructor = object == 0 ? 0 : destructor_of(self->lower, object);
        if (destructor != 0) {
            IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, destructor, 0, 0);
            uint32_t flags = func_rec(self->lower, destructor)->flags;
            emit_call(self, callee, &pointer, 1, node,
                      IR_OP_IMPLICIT | ((flags & IR_FUNC_VIRTUAL) != 0 ? IR_OP_VIRTUAL : 0u));
        }
    }
    return operator_call(self, "operator delete", type, &pointer, 1, node);
}

/* ---- structured bindings --------------------------------------------------------------------- */

typedef struct NthField {
    CXCursor field; /* found */
    uint32_t skip;  /* fields before it */
} NthField;

static enum CXVisitorResult take_field(CXCursor field, CXClientData data) {
    NthField *self = data;
    self->field = field;
    return self->skip-- == 0 ? CXVisit_Break : CXVisit_Continue;
}

static IrPath nth_part(Body *self, IrPath whole, TypeId type, uint32_t index) {
    CXType class = type_info(self->lower, type)->canonical;
    uint32_t kind = type_info(self->lower, type)->kind;
    if (kind == TYPE_ARRAY)
        return irb_path(self->lower->builder, IR_PATH_INDEX, whole, value_const(self, index), 0);
    NthField nth = {clang_getNullCursor(), index};
    if (kind == TYPE_RECORD)
        clang_Type_visitFields(class, take_field, &nth);
    return path_field(self, whole, nth.field);
}

/* The children: the bindings, then the initialiser, then how clang gets at the parts. */
void lower_bindings(Body *self, NodeId node) {
    NodeId init = node_child(self, node, 0);
    TypeId type = node_type(self, node);
    if (init == 0)
        return;
    if (node_class(self, init) == TYPE_ARRAY && node_child_count(self, init) == 2)
        init = node_child(self, init, 0); /* clang copies element by element */
    IrPath whole = lower_path(self, init);
    if (type_info(self->lower, type)->kind == TYPE_REFERENCE) {
        CXType target = clang_getPointeeType(type_info(self->lower, type)->canonical);
        type = type_of(self->lower, target);
    } else {
        IrPath copy = path_local(self, flow_temp(self, type));
        store(self, copy, irb_value(self->lower->builder, IR_VALUE_PATH, whole, 0, 0), node);
        whole = copy;
    }
    if (self->binding_ids == NULL)
        self->binding_ids = map64_new(self->lower->scratch);
    uint32_t index = 0;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        uint64_t id = cursor_id(node_cursor(self, child));
        if (node_kind(self, child) == CXCursor_UnexposedDecl)
            *map64_put(self->binding_ids, id, NULL) = nth_part(self, whole, type, index++);
    }
}

bool binding_path(Body *self, CXCursor binding, IrPath *path) {
    const uint32_t *slot =
        self->binding_ids == NULL ? NULL : map64_get(self->binding_ids, cursor_id(binding));
    if (slot != NULL)
        *path = *slot;
    return slot != NULL;
}

/* ---- all of them ----------------------------------------------------------------------------- */

IrValue this_value(Body *self, TypeId type, NodeId node) {
    IrPath captured;
    if (self->lambda != NULL)
        return captured_path(self, clang_getNullCursor(), node, &captured)
                   ? value_read(self, captured, type, node)
                   : value_unknown(self);
    if ((func_rec(self->lower, self->func)->flags & IR_FUNC_METHOD) == 0)
        return value_unknown(self);
    return value_read(self, path_local(self, 0), type, node);
}

IrValue lower_cxx_expr(Body *self, NodeId node, bool *done) {
    *done = true;
    switch (node_kind(self, node)) {
    case CXCursor_CXXThisExpr:
        return this_value(self, node_type(self, node), node);
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
