/* lower_init: declarations of variables and their initialisers, field by field.
 *
 * Invariant: a variable whose value is indeterminate begins with IR_OP_SCOPE. An initialiser list
 * stores what it names; the rest of a small struct becomes stores of 0, of a large one a single
 * store of 0 to the whole. Brace elision follows the type. Errs: in a global's table of scalars
 * only the first elements are stored.
 */
#include "analyzer/frontend/lower.h"

enum { MAX_ZERO_STORES = 16, MAX_SCALAR_ELEMENTS = 64, MAX_ELEMENTS = 4096 };

typedef Array(CXCursor) CursorArray;

typedef struct FieldList {
    Lower *lower;     /* owns the memory */
    CursorArray list; /* fields of a struct in order */
} FieldList;

static enum CXVisitorResult add_field(CXCursor field, CXClientData data) {
    FieldList *self = data;
    array_push(&self->list, self->lower->scratch, field);
    return CXVisit_Continue;
}

static CursorArray fields_of(Body *self, TypeId type) {
    FieldList fields = {.lower = self->lower};
    clang_Type_visitFields(type_info(self->lower, type)->canonical, add_field, &fields);
    return fields.list;
}

static bool is_union(Body *self, TypeId type) {
    CXCursor decl = clang_getTypeDeclaration(type_info(self->lower, type)->canonical);
    return decl.kind == CXCursor_UnionDecl;
}

static TypeId element_type(Body *self, TypeId type) {
    CXType array = type_info(self->lower, type)->canonical;
    return type_of(self->lower, clang_getArrayElementType(array));
}

static IrPath element_path(Body *self, IrPath path, int64_t index) {
    return irb_path(self->lower->builder, IR_PATH_INDEX, path, value_const(self, index), 0);
}

/* ---- zeroes --------------------------------------------------------------------------------- */

/* Counts the scalars that `= {0}` would store; past the budget it stops. */
static uint32_t count_scalars(Body *self, TypeId type, uint32_t budget) {
    uint32_t kind = type_info(self->lower, type)->kind;
    if (kind == TYPE_ARRAY)
        return MAX_ZERO_STORES + 1;
    if (kind != TYPE_RECORD)
        return 1;
    CursorArray fields = fields_of(self, type);
    uint32_t count = 0;
    for (uint32_t i = 0; i < fields.len && count <= budget; i++) {
        TypeId field = type_of(self->lower, clang_getCursorType(fields.items[i]));
        count += count_scalars(self, field, budget - count);
    }
    return count;
}

static void zero_scalars(Body *self, IrPath path, TypeId type, NodeId at) {
    if (type_info(self->lower, type)->kind != TYPE_RECORD) {
        flow_emit(self, IR_OP_STORE, path, value_const(self, 0), 0, at);
        return;
    }
    CursorArray fields = fields_of(self, type);
    for (uint32_t i = 0; i < fields.len; i++) {
        TypeId field = type_of(self->lower, clang_getCursorType(fields.items[i]));
        zero_scalars(self, path_field(self, path, fields.items[i]), field, at);
    }
}

static void zero_all(Body *self, IrPath path, TypeId type, NodeId at) {
    if (self->in_globals)
        return;
    if (count_scalars(self, type, MAX_ZERO_STORES) <= MAX_ZERO_STORES)
        zero_scalars(self, path, type, at);
    else
        flow_emit(self, IR_OP_STORE, path, value_const(self, 0), 0, at);
}

/* ---- lists ---------------------------------------------------------------------------------- */

typedef struct List {
    NodeId next;    /* the next initialiser that is not used yet, 0 none */
    uint32_t inner; /* members around that are filled without braces of their own */
} List;

static bool is_designated(const Body *self, NodeId node) {
    if (node_kind(self, node) != CXCursor_UnexposedExpr)
        return false;
    CXType type = clang_getCursorType(node_cursor(self, node));
    return type.kind == CXType_Void && node_first(self, node) != node_last(self, node);
}

static void init_place(Body *self, IrPath path, TypeId type, List *list);

static void take_list(Body *self, IrPath path, TypeId type, List *list);

/* .f[2].g = x: the children are the designators and, last, the value. */
static void init_designated(Body *self, IrPath path, TypeId type, NodeId node) {
    NodeId value = node_last(self, node);
    for (NodeId part = node_first(self, node); part != value; part = node_next(self, part)) {
        if (node_kind(self, part) == CXCursor_MemberRef) {
            CXCursor field = clang_getCursorReferenced(node_cursor(self, part));
            path = path_field(self, path, field);
            type = type_of(self->lower, clang_getCursorType(field));
        } else {
            path =
                irb_path(self->lower->builder, IR_PATH_INDEX, path, lower_constant(self, part), 0);
            type = element_type(self, type);
        }
    }
    lower_init(self, path, type, value);
}

static NodeId first_designator(const Body *self, NodeId node) {
    return node_first(self, node);
}

/* After `[5] = x` the next element without a designator is 6. */
static int64_t index_after(Body *self, NodeId designated, int64_t index) {
    int64_t value;
    NodeId part = first_designator(self, designated);
    IrValue constant = lower_constant(self, part);
    return value_is_const(self, constant, &value) ? value + 1 : index;
}

static void take_array(Body *self, IrPath path, TypeId type, List *list) {
    TypeId element = element_type(self, type);
    uint32_t kind = type_info(self->lower, element)->kind;
    int64_t declared = clang_getArraySize(type_info(self->lower, type)->canonical);
    int64_t limit = kind == TYPE_INT || kind == TYPE_OTHER ? MAX_SCALAR_ELEMENTS : MAX_ELEMENTS;
    for (int64_t index = 0; list->next != 0;) {
        NodeId node = list->next;
        bool designated = is_designated(self, node);
        if (designated ? list->inner > 0 : declared >= 0 && index >= declared)
            return;
        if (designated) {
            list->next = node_next(self, node);
            init_designated(self, path, type, node);
            index = index_after(self, node, index);
        } else if (index >= limit) {
            list->next = 0;
        } else {
            init_place(self, element_path(self, path, index++), element, list);
        }
    }
}

/* The number of the field that a designator names, or of the anonymous member around it. */
static uint32_t field_after(Body *self, const CursorArray *fields, NodeId node, uint32_t index) {
    CXCursor named = clang_getCursorReferenced(node_cursor(self, node_first(self, node)));
    for (uint32_t i = 0; i < fields->len; i++) {
        if (clang_equalCursors(fields->items[i], named))
            return i + 1;
    }
    return index;
}

static void take_fields(Body *self, IrPath path, TypeId type, List *list) {
    CursorArray fields = fields_of(self, type);
    uint32_t last = is_union(self, type) && fields.len > 1 ? 1 : fields.len;
    for (uint32_t i = 0; list->next != 0;) {
        NodeId node = list->next;
        bool designated = is_designated(self, node);
        if (designated && list->inner > 0)
            return;
        if (designated) {
            list->next = node_next(self, node);
            init_designated(self, path, type, node);
            i = field_after(self, &fields, node, i);
        } else if (i < last) {
            TypeId field = type_of(self->lower, clang_getCursorType(fields.items[i]));
            init_place(self, path_field(self, path, fields.items[i]), field, list);
            i++;
        } else {
            return;
        }
    }
}

static void take_list(Body *self, IrPath path, TypeId type, List *list) {
    uint32_t kind = type_info(self->lower, type)->kind;
    if (kind == TYPE_ARRAY)
        take_array(self, path, type, list);
    else if (kind == TYPE_RECORD)
        take_fields(self, path, type, list);
    else if (list->next != 0)
        init_place(self, path, type, list);
}

/* Does one initialiser without braces stand for the whole aggregate? */
static bool is_whole(Body *self, NodeId node, uint32_t kind) {
    uint32_t node_kind_now = node_kind(self, node_strip(self, node));
    if (node_kind_now == CXCursor_InitListExpr || node_kind_now == CXCursor_StringLiteral)
        return true;
    return kind == TYPE_RECORD && node_class(self, node) == TYPE_RECORD;
}

/* One member: its own initialiser, or, where the braces are left out, as many as it needs. */
static void init_place(Body *self, IrPath path, TypeId type, List *list) {
    uint32_t kind = type_info(self->lower, type)->kind;
    NodeId node = list->next;
    bool aggregate = kind == TYPE_ARRAY || kind == TYPE_RECORD;
    if (aggregate && !is_whole(self, node, kind)) {
        NodeId before = list->next;
        list->inner++;
        take_list(self, path, type, list);
        list->inner--;
        if (list->next == before)
            list->next = node_next(self, node);
        return;
    }
    list->next = node_next(self, node);
    lower_init(self, path, type, node);
}

static void init_from_braces(Body *self, IrPath path, TypeId type, NodeId init) {
    List list = {.next = node_child(self, init, 0)};
    uint32_t kind = type_info(self->lower, type)->kind;
    if (kind == TYPE_RECORD || kind == TYPE_ARRAY)
        zero_all(self, path, type, init);
    else if (list.next == 0)
        flow_emit(self, IR_OP_STORE, path, value_const(self, 0), 0, init);
    int64_t constant;
    NodeId only = list.next;
    bool zero = only != 0 && node_next(self, only) == 0 && kind != TYPE_INT &&
                kind != TYPE_POINTER && !is_designated(self, only) &&
                node_kind(self, node_strip(self, only)) == CXCursor_IntegerLiteral &&
                eval_int(node_cursor(self, node_strip(self, only)), &constant) && constant == 0;
    if (!zero)
        take_list(self, path, type, &list);
}

static void bind_reference(Body *self, IrPath path, NodeId init) {
    IrPath bound = lower_path(self, init);
    self->bound = bound;
    store(self, path, value_addr(self, bound), init);
}

static bool is_object(uint32_t kind) {
    return kind == TYPE_RECORD || kind == TYPE_ARRAY;
}

void lower_init(Body *self, IrPath path, TypeId type, NodeId init) {
    if (init == 0)
        return;
    if (self->depth >= MAX_DEPTH) {
        flow_unknown(self, init, "too deeply nested");
        return;
    }
    self->depth++;
    NodeId inner = node_strip(self, init);
    uint32_t kind = type_info(self->lower, type)->kind;
    if (node_kind(self, inner) == CXCursor_InitListExpr && kind != TYPE_REFERENCE)
        init_from_braces(self, path, type, inner);
    else if (kind == TYPE_REFERENCE)
        bind_reference(self, path, init);
    else if (!is_object(kind) || !lower_construct(self, path, type, inner))
        store(self, path, lower_value(self, init), init);
    self->depth--;
}

IrPath lower_compound_literal(Body *self, NodeId node) {
    TypeId type = node_type(self, node);
    uint32_t local = flow_temp(self, type);
    IrPath path = path_local(self, local);
    NodeId init = node_kind(self, node) == CXCursor_InitListExpr ? node : node_last(self, node);
    flow_emit(self, IR_OP_SCOPE, local, 0, 0, node);
    if (init != 0 && node_is_expr(self, init))
        lower_init(self, path, type, init);
    return path;
}

/* ---- variables ------------------------------------------------------------------------------ */

static NodeId initialiser(const Body *self, NodeId node) {
    NodeId last = node_last(self, node);
    CXCursor init = clang_Cursor_getVarDeclInitializer(node_cursor(self, node));
    if (last == 0 || clang_Cursor_isNull(init) || !node_is_expr(self, last))
        return 0;
    return last;
}

static bool is_global_storage(CXCursor variable) {
    enum CX_StorageClass storage = clang_Cursor_getStorageClass(variable);
    return storage == CX_SC_Static || storage == CX_SC_Extern;
}

void lower_variable(Body *self, NodeId node) {
    CXCursor variable = node_cursor(self, node);
    if (self->lower->cxx && variable.kind == CXCursor_UnexposedDecl)
        lower_bindings(self, node);
    if (variable.kind != CXCursor_VarDecl)
        return;
    if (is_global_storage(variable)) {
        global_of(self->lower, variable);
        if (clang_Cursor_getStorageClass(variable) == CX_SC_Static)
            array_push(&self->lower->statics, self->lower->scratch, variable);
        return;
    }
    TypeId type = type_of(self->lower, clang_getCursorType(variable));
    uint32_t *slot = map64_put(self->local_ids, cursor_id(variable), NULL);
    if (*slot == 0) {
        uint32_t local = flow_local(self, cursor_name(self->lower, variable), type, 0);
        *slot = local + 1;
    }
    uint32_t local = *slot - 1;
    uint32_t kind = type_info(self->lower, type)->kind;
    NodeId init = initialiser(self, node);
    if (init == 0 || kind == TYPE_RECORD || kind == TYPE_ARRAY)
        flow_emit(self, IR_OP_SCOPE, local, 0, 0, node);
    uint32_t mark = self->temps.len;
    lower_init(self, path_local(self, local), type, init);
    if (!self->lower->cxx)
        return;
    open_cleanup(self, path_local(self, local), type);
    if (kind == TYPE_REFERENCE)
        keep_temporary(self, mark);
    end_temporaries(self, mark, node);
}
