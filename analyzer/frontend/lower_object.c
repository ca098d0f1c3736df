/* lower_object: C++ objects: what their constructors and destructors do, and how long they live.
 *
 * Invariant: an object with a destructor is destroyed on every way out of its scope, in reverse
 * order; one without a name at the end of its full expression, or with the reference bound to it.
 * Constructors and destructors that the compiler writes are functions here too, when there is
 * anything in them; their keys are those that clang would give them. Errs: copies by the compiler
 * are stores of the whole; bases of a template's instance are those of the template; an array of
 * more than MAX_ELEMENTS is built and destroyed as one element.
 */
#include "analyzer/frontend/lower.h"

enum { MAX_ELEMENTS = 4 };

typedef struct Members {
    Lower *lower;           /* owns the memory */
    Array(CXCursor) bases;  /* types as base specifiers, in order */
    Array(CXCursor) fields; /* in order */
    CXCursor constructor;   /* declared default constructor, null none */
    CXCursor destructor;    /* declared destructor, null none */
    bool has_constructor;   /* any is declared */
} Members;

static enum CXVisitorResult add_field(CXCursor field, CXClientData data) {
    Members *self = data;
    array_push(&self->fields, self->lower->scratch, field);
    return CXVisit_Continue;
}

static enum CXChildVisitResult add_member(CXCursor cursor, CXCursor parent, CXClientData data) {
    Members *self = data;
    (void)parent;
    if (cursor.kind == CXCursor_CXXBaseSpecifier)
        array_push(&self->bases, self->lower->scratch, cursor);
    if (cursor.kind == CXCursor_Destructor)
        self->destructor = cursor;
    if (cursor.kind != CXCursor_Constructor)
        return CXChildVisit_Continue;
    self->has_constructor = true;
    if (clang_CXXConstructor_isDefaultConstructor(cursor))
        self->constructor = cursor;
    return CXChildVisit_Continue;
}

/* libclang shows nothing inside a template's instance but its fields. */
static Members members_of(Lower *self, CXCursor class) {
    Members members = {.lower = self};
    CXCursor definition = clang_getCursorDefinition(class);
    CXCursor template = clang_getSpecializedCursorTemplate(class);
    members.constructor = members.destructor = clang_getNullCursor();
    clang_Type_visitFields(clang_getCanonicalType(clang_getCursorType(class)), add_field, &members);
    if (!clang_Cursor_isNull(definition))
        clang_visitChildren(definition, add_member, &members);
    bool seen = members.bases.len > 0 || members.has_constructor ||
                !clang_Cursor_isNull(members.destructor);
    if (!clang_Cursor_isNull(template) && !seen)
        clang_visitChildren(template, add_member, &members);
    return members;
}

static TypeId field_type(Lower *self, CXCursor field) {
    return type_of(self, clang_getCursorType(field));
}

/* The type of an object or of an array's elements. */
static TypeId object_type(Lower *self, TypeId type) {
    for (int i = 0; i < 4 && type_info(self, type)->kind == TYPE_ARRAY; i++)
        type = type_of(self, clang_getArrayElementType(type_info(self, type)->canonical));
    return type;
}

/* ---- functions that the compiler writes ------------------------------------------------------ */

static const char *special_usr(Lower *self, CXCursor class, bool is_destructor) {
    CXString usr = clang_getCursorUSR(class), name = clang_getCursorSpelling(class);
    const char *result = arena_printf(self->scratch, "%s@F@%s%s#", clang_getCString(usr),
                                      is_destructor ? "~" : "", clang_getCString(name));
    clang_disposeString(usr);
    clang_disposeString(name);
    CXType type = clang_getCursorType(class);
    return lambda_key(self, result, type, (CXType){CXType_Invalid, {NULL, NULL}});
}

static IrFunc add_implicit(Lower *self, CXCursor class, bool is_destructor, IrFunc overridden) {
    CXString name = clang_getCursorSpelling(class);
    IrStr qualified = qualified_name(self, class);
    const char *class_text = is_closure(class) ? "lambda" : clang_getCString(name);
    const char *scope = is_closure(class) ? class_text : self->tables->strings.items + qualified;
    const char *text =
        arena_printf(self->scratch, "%s::%s%s", scope, is_destructor ? "~" : "", class_text);
    clang_disposeString(name);
    IrFuncRec record = {.name = irb_str(self->builder, text)};
    record.flags = IR_FUNC_INLINE | IR_FUNC_METHOD | IR_FUNC_LIFETIME |
                   (overridden != 0 ? IR_FUNC_VIRTUAL : 0u);
    record.loc = loc_of(self, clang_getCursorLocation(class));
    record.return_type = irb_str(self->builder, "void");
    IrFunc func = add_usr(self, special_usr(self, class, is_destructor), &record);
    if (overridden != 0) {
        IrOverrideRec override = {func, overridden};
        array_push(&self->tables->overrides, self->arena, override);
    }
    ImplicitItem item = {class, func, is_destructor};
    array_push(&self->implicits, self->scratch, item);
    return func;
}

static bool is_virtual(Lower *self, IrFunc func) {
    return func != 0 && (func_rec(self, func)->flags & IR_FUNC_VIRTUAL) != 0;
}

/* One is written when a member or a base has one; *overridden gets a base's virtual one. */
static bool needs_destructor(Lower *self, const Members *members, IrFunc *overridden) {
    bool needed = false;
    for (uint32_t i = 0; i < members->bases.len; i++) {
        TypeId base = type_of(self, clang_getCursorType(members->bases.items[i]));
        IrFunc func = destructor_of(self, base);
        needed = needed || func != 0;
        if (is_virtual(self, func))
            *overridden = func;
    }
    for (uint32_t i = 0; i < members->fields.len; i++) {
        TypeId type = object_type(self, field_type(self, members->fields.items[i]));
        needed = needed || destructor_of(self, type) != 0;
    }
    return needed;
}

static IrFunc find_destructor(Lower *self, CXCursor class) {
    IrFunc overridden = 0;
    Members members = members_of(self, class);
    IrFunc known = find_usr(self, special_usr(self, class, true));
    if (known != 0)
        return known;
    bool own = !clang_Cursor_isNull(members.destructor) &&
               clang_equalCursors(clang_getCursorSemanticParent(members.destructor),
                                  clang_getCursorDefinition(class));
    bool plain = own && clang_CXXMethod_isDefaulted(members.destructor) &&
                 !clang_CXXMethod_isVirtual(members.destructor);
    if (own && !plain)
        return func_of(self, members.destructor);
    if (!needs_destructor(self, &members, &overridden))
        return 0;
    return own ? func_of(self, members.destructor) : add_implicit(self, class, true, overridden);
}

IrFunc destructor_of(Lower *self, TypeId type) {
    if (!self->cxx || type_info(self, type)->kind != TYPE_RECORD)
        return 0;
    CXCursor class = clang_getTypeDeclaration(type_info(self, type)->canonical);
    bool created;
    uint32_t *slot = map64_put(self->dtor_ids, cursor_id(class), &created);
    if (!created)
        return *slot;
    *slot = 0;
    IrFunc func = find_destructor(self, class);
    *map64_put(self->dtor_ids, cursor_id(class), NULL) = func;
    return func;
}

static IrFunc constructor_of(Lower *self, TypeId type);

static enum CXChildVisitResult find_expr(CXCursor cursor, CXCursor parent, CXClientData data) {
    CXCursor *found = data;
    (void)parent;
    if (clang_isExpression(cursor.kind))
        *found = cursor;
    return CXChildVisit_Continue;
}

/* `int state = 0;` in a class, and not the width of a bit field. */
static CXCursor member_initialiser(CXCursor field) {
    CXCursor found = clang_getNullCursor();
    clang_visitChildren(field, find_expr, &found);
    if (clang_Cursor_isNull(found) || !clang_Cursor_isBitField(field))
        return found;
    return clang_getNullCursor();
}

static bool needs_constructor(Lower *self, const Members *members) {
    for (uint32_t i = 0; i < members->bases.len; i++) {
        if (constructor_of(self, type_of(self, clang_getCursorType(members->bases.items[i]))) != 0)
            return true;
    }
    for (uint32_t i = 0; i < members->fields.len; i++) {
        CXCursor field = members->fields.items[i];
        if (!clang_Cursor_isNull(member_initialiser(field)) ||
            constructor_of(self, object_type(self, field_type(self, field))) != 0)
            return true;
    }
    return false;
}

static IrFunc find_constructor(Lower *self, CXCursor class) {
    Members members = members_of(self, class);
    IrFunc known = find_usr(self, special_usr(self, class, false));
    if (known != 0)
        return known;
    bool own = !clang_Cursor_isNull(members.constructor) &&
               clang_equalCursors(clang_getCursorSemanticParent(members.constructor),
                                  clang_getCursorDefinition(class));
    if (own && !clang_CXXMethod_isDefaulted(members.constructor))
        return func_of(self, members.constructor);
    if ((members.has_constructor && !own) || !needs_constructor(self, &members))
        return 0;
    return own ? func_of(self, members.constructor) : add_implicit(self, class, false, 0);
}

/* The default constructor; 0: it does nothing. */
static IrFunc constructor_of(Lower *self, TypeId type) {
    if (type_info(self, type)->kind != TYPE_RECORD)
        return 0;
    CXCursor class = clang_getTypeDeclaration(type_info(self, type)->canonical);
    bool created;
    uint32_t *slot = map64_put(self->ctor_ids, cursor_id(class), &created);
    if (!created)
        return *slot;
    *slot = 0;
    IrFunc func = find_constructor(self, class);
    *map64_put(self->ctor_ids, cursor_id(class), NULL) = func;
    return func;
}

/* ---- calls of them --------------------------------------------------------------------------- */

static uint32_t element_count(Body *self, TypeId type, TypeId *element) {
    CXType array = type_info(self->lower, type)->canonical;
    long long size = clang_getArraySize(array);
    *element = type_of(self->lower, clang_getArrayElementType(array));
    return size < 0 || size > MAX_ELEMENTS ? 1 : (uint32_t)size;
}

static IrPath element_path(Body *self, IrPath path, uint32_t index) {
    return irb_path(self->lower->builder, IR_PATH_INDEX, path, value_const(self, index), 0);
}

static void call_special(Body *self, IrFunc func, IrPath path, NodeId at) {
    IrValue object = value_addr(self, path);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    emit_call(self, callee, &object, 1, at, IR_OP_IMPLICIT);
}

static void destroy(Body *self, IrPath path, TypeId type, NodeId at) {
    TypeId element;
    if (type_info(self->lower, type)->kind == TYPE_ARRAY) {
        for (uint32_t i = element_count(self, type, &element); i-- > 0;)
            destroy(self, element_path(self, path, i), element, at);
        return;
    }
    IrFunc func = destructor_of(self->lower, type);
    if (func != 0)
        call_special(self, func, path, at);
}

static void construct_default(Body *self, IrPath path, TypeId type, NodeId at) {
    TypeId element;
    if (type_info(self->lower, type)->kind == TYPE_ARRAY) {
        uint32_t count = element_count(self, type, &element);
        for (uint32_t i = 0; i < count; i++)
            construct_default(self, element_path(self, path, i), element, at);
        return;
    }
    IrFunc func = constructor_of(self->lower, type);
    if (func != 0)
        call_special(self, func, path, at);
}

/* The compiler's own constructor has the place of its class. */
static bool is_compilers_own(CXCursor method) {
    CXCursor class = clang_getCursorSemanticParent(method);
    return clang_CXXMethod_isDefaulted(method) ||
           clang_equalLocations(clang_getCursorLocation(method), clang_getCursorLocation(class));
}

static void call_constructor(Body *self, IrPath path, CXCursor constructor, NodeId node) {
    NodeId first = node_child(self, node, 0);
    Array(IrValue) args = {0};
    array_push(&args, self->lower->scratch, value_addr(self, path));
    for (NodeId arg = first; arg != 0; arg = node_next(self, arg)) {
        if (!node_is_expr(self, arg))
            continue;
        IrValue value = lower_argument(self, arg, constructor, args.len - 1);
        array_push(&args, self->lower->scratch, value);
    }
    IrFunc func = func_of(self->lower, constructor);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    emit_call(self, callee, args.items, args.len, node, first == 0 ? IR_OP_IMPLICIT : 0);
}

NodeId strip_object(Body *self, NodeId node) {
    for (;;) {
        node = node_strip(self, node);
        uint32_t kind = node_kind(self, node);
        NodeId child = node_child(self, node, 0);
        bool is_cast = kind == CXCursor_CXXFunctionalCastExpr ||
                       kind == CXCursor_CXXStaticCastExpr || kind == CXCursor_CStyleCastExpr;
        if (!is_cast || child == 0 || node_class(self, child) != TYPE_RECORD ||
            node_class(self, node) != TYPE_RECORD)
            return node;
        node = child;
    }
}

static void construct(Body *self, IrPath path, TypeId type, CXCursor constructor, NodeId node) {
    NodeId first = node_child(self, node, 0);
    TypeId element;
    if (type_info(self->lower, type)->kind == TYPE_ARRAY) {
        uint32_t count = element_count(self, type, &element);
        for (uint32_t i = 0; i < count; i++)
            construct(self, element_path(self, path, i), element, constructor, node);
    } else if (!is_compilers_own(constructor)) {
        call_constructor(self, path, constructor, node);
    } else if (first != 0) {
        store(self, path, lower_value(self, first), node);
    } else {
        construct_default(self, path, type, node);
    }
}

bool lower_construct(Body *self, IrPath path, TypeId type, NodeId node) {
    if (!self->lower->cxx || node == 0)
        return false;
    node = strip_object(self, node);
    if (node_kind(self, node) == CXCursor_LambdaExpr) {
        lambda_init(self, path, node);
        return true;
    }
    if (node_kind(self, node) == CXCursor_ConditionalOperator)
        self->direct = node;
    if (node_kind(self, node) != CXCursor_CallExpr)
        return false;
    CXCursor constructor = clang_getCursorReferenced(node_cursor(self, node));
    if (constructor.kind != CXCursor_Constructor) {
        self->direct = node;
        return false;
    }
    construct(self, path, type, constructor, node);
    return true;
}

/* ---- lifetimes ------------------------------------------------------------------------------- */

void emit_destructor(Body *self, const Scope *scope, IrLoc loc) {
    IrLoc before = self->place;
    self->place = loc;
    destroy(self, scope->object, scope->object_type, scope->body);
    self->place = before;
}

void open_cleanup(Body *self, IrPath object, TypeId type) {
    if (destructor_of(self->lower, object_type(self->lower, type)) == 0 || self->in_globals)
        return;
    Scope *scope = arena_new_of(self->lower->scratch, Scope);
    scope->outer = self->scope;
    scope->kind = SCOPE_CLEANUP;
    scope->body = self->statement;
    scope->object = object;
    scope->object_type = type;
    self->scope = scope;
}

void close_cleanups(Body *self, const Scope *until) {
    while (self->scope != until) {
        const Scope *scope = self->scope;
        CXSourceRange range = clang_getCursorExtent(node_cursor(self, scope->body));
        if (scope->kind == SCOPE_CLEANUP)
            emit_destructor(self, scope, loc_of(self->lower, clang_getRangeEnd(range)));
        self->scope = scope->outer;
    }
}

void add_temporary(Body *self, IrPath path, TypeId type) {
    if (destructor_of(self->lower, type) == 0)
        return;
    Temporary temporary = {path, type};
    array_push(&self->temps, self->lower->scratch, temporary);
}

void end_temporaries(Body *self, uint32_t mark, NodeId at) {
    leave_temporaries(self, mark, at);
    self->temps.len = self->temps.len < mark ? self->temps.len : mark;
}

void leave_temporaries(Body *self, uint32_t mark, NodeId at) {
    for (uint32_t i = self->temps.len; i-- > mark;) {
        Temporary temporary = self->temps.items[i];
        destroy(self, temporary.path, temporary.type, at);
    }
}

bool is_new_object(Body *self, NodeId node) {
    node = strip_object(self, node);
    return node_kind(self, node) == CXCursor_CallExpr && !is_reference_call(self, node);
}

static IrPath whole_of(const Body *self, IrPath path) {
    const IrPathRec *record = &self->lower->tables->paths.items[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX) {
        path = record->a;
        record = &self->lower->tables->paths.items[path];
    }
    return path;
}

void keep_temporary(Body *self, uint32_t mark) {
    IrPath bound = self->bound == 0 ? 0 : whole_of(self, self->bound);
    for (uint32_t i = mark; i < self->temps.len; i++) {
        Temporary kept = self->temps.items[i];
        if (kept.path != bound)
            continue;
        for (self->temps.len--; i < self->temps.len; i++)
            self->temps.items[i] = self->temps.items[i + 1];
        open_cleanup(self, kept.path, kept.type);
        return;
    }
}

/* ---- constructors and destructors from inside ------------------------------------------------ */

static IrPath this_object(Body *self, NodeId at) {
    return path_deref(self, value_read(self, path_local(self, 0), 0, at));
}

/* The initialiser that the constructor writes: behind the reference to the member, or of the class;
 * 0 none. */
static NodeId written_initialiser(Body *self, CXCursor field, CXCursor class) {
    CXCursor named = clang_getNullCursor();
    for (NodeId node = node_first(self, 1); node != 0; node = node_next(self, node)) {
        uint32_t kind = node_kind(self, node);
        if (kind == CXCursor_MemberRef) {
            named = clang_getCursorReferenced(node_cursor(self, node));
            continue;
        }
        if (!clang_isExpression((enum CXCursorKind)kind))
            continue;
        bool is_member = !clang_Cursor_isNull(named);
        CXCursor type =
            clang_getTypeDeclaration(type_info(self->lower, node_type(self, node))->canonical);
        bool found = is_member ? clang_equalCursors(named, field)
                               : clang_Cursor_isNull(field) && clang_equalCursors(type, class);
        if (found)
            return node;
        named = clang_getNullCursor();
    }
    return 0;
}

static void init_member(Body *self, IrPath path, TypeId type, NodeId written, CXCursor field) {
    uint32_t mark = self->temps.len;
    CXCursor in_class = clang_Cursor_isNull(field) ? field : member_initialiser(field);
    NodeId init = written;
    if (written == 0 && !clang_Cursor_isNull(in_class))
        init = tree_append(self, in_class);
    if (init != 0)
        lower_init(self, path, type, init);
    else
        construct_default(self, path, type, 1);
    end_temporaries(self, mark, init == 0 ? 1 : init);
}

static void init_members(Body *self, const Members *members, CXCursor class) {
    CXCursor none = clang_getNullCursor();
    NodeId delegated = written_initialiser(self, none, class);
    if (delegated != 0) {
        init_member(self, this_object(self, delegated), node_type(self, delegated), delegated,
                    none);
        return;
    }
    for (uint32_t i = 0; i < members->bases.len; i++) {
        CXType type = clang_getCanonicalType(clang_getCursorType(members->bases.items[i]));
        NodeId written = written_initialiser(self, none, clang_getTypeDeclaration(type));
        init_member(self, this_object(self, 1), type_of(self->lower, type), written, none);
    }
    for (uint32_t i = 0; i < members->fields.len; i++) {
        CXCursor field = members->fields.items[i];
        IrPath path = path_field(self, this_object(self, 1), field);
        NodeId written = written_initialiser(self, field, none);
        init_member(self, path, field_type(self->lower, field), written, field);
    }
}

/* As scopes around the body: so they end after it, in reverse order. */
static void open_members(Body *self, const Members *members) {
    for (uint32_t i = 0; i < members->bases.len; i++) {
        TypeId type = type_of(self->lower, clang_getCursorType(members->bases.items[i]));
        open_cleanup(self, this_object(self, 1), type);
    }
    for (uint32_t i = 0; i < members->fields.len; i++) {
        CXCursor field = members->fields.items[i];
        IrPath path = path_field(self, this_object(self, 1), field);
        open_cleanup(self, path, field_type(self->lower, field));
    }
}

void begin_members(Body *self, CXCursor method) {
    CXCursor class = clang_getCursorSemanticParent(method);
    self->statement = 1;
    if (method.kind == CXCursor_Constructor) {
        Members members = members_of(self->lower, class);
        init_members(self, &members, class);
    } else if (method.kind == CXCursor_Destructor) {
        Members members = members_of(self->lower, class);
        open_members(self, &members);
    }
}

void lower_implicit(Lower *self, const ImplicitItem *item) {
    Body body = {.lower = self};
    Node none = {.cursor = clang_getNullCursor()}, root = {.cursor = item->class, .end = 2};
    array_push(&body.nodes, self->scratch, none);
    array_push(&body.nodes, self->scratch, root);
    Members members = members_of(self, item->class);
    flow_begin(&body, item->func);
    array_push(&body.locals, self->scratch, this_local(self, item->class));
    func_rec(self, item->func)->param_count = 1;
    body.statement = 1;
    if (item->is_destructor) {
        body.place = func_rec(self, item->func)->loc;
        open_members(&body, &members);
        close_cleanups(&body, NULL);
    } else {
        init_members(&body, &members, item->class);
    }
    flow_return(&body, 0, func_rec(self, item->func)->loc);
    flow_finish(&body);
    func_rec(self, item->func)->end_line = func_rec(self, item->func)->loc.line;
}
