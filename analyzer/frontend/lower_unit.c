/* lower_unit: the walk over a TU: which declarations there are, then every function and global.
 *
 * Invariant: two passes, so that a function's record is complete whatever the order of its
 * declarations; the order of records is the order of the source. Declarations of the precompiled
 * prelude are never visited, those of the model headers are skipped by their file. Errs: nothing is
 * left out silently.
 */
#include "analyzer/frontend/lower.h"

/* ---- globals -------------------------------------------------------------------------------- */

typedef struct PlaceVisit {
    Lower *lower;      /* the TU */
    CXCursor variable; /* whose attributes are visited */
    IrStr segment;     /* found so far */
} PlaceVisit;

/* In C, clang places a variable without an initialiser at the end of the unit only, by a pragma
 * that may stand behind it. */
static bool is_later(const PlaceVisit *self, IrLoc pragma) {
    IrLoc variable = loc_of(self->lower, clang_getCursorLocation(self->variable));
    return pragma.file == variable.file && pragma.line > variable.line;
}

static enum CXChildVisitResult visit_place(CXCursor cursor, CXCursor parent, CXClientData data) {
    PlaceVisit *self = data;
    IrLoc loc;
    (void)parent;
    if (!clang_isAttribute(cursor.kind))
        return CXChildVisit_Break;
    if (self->segment == 0)
        self->segment = place_of_attribute(self->lower, cursor, NULL, self->variable, &loc);
    if (self->segment != 0 && is_later(self, loc))
        self->segment = 0;
    return CXChildVisit_Continue;
}

static IrStr global_segment(Lower *self, CXCursor variable) {
    PlaceVisit visit = {self, variable, 0};
    clang_visitChildren(variable, visit_place, &visit);
    return visit.segment;
}

static IrGlobal add_global(Lower *self, CXCursor variable) {
    TypeId type = type_of(self, clang_getCursorType(variable));
    IrGlobalRec global = {.name = qualified_name(self, variable)};
    global.key = intern_cx(self, clang_getCursorUSR(variable));
    global.type = type_spelling(self, type);
    global.type_key = type_key(self, type);
    global.loc = loc_of(self, clang_getCursorLocation(variable));
    CXType element = clang_getArrayElementType(type_info(self, type)->canonical);
    if (type_info(self, type)->is_const || clang_isConstQualifiedType(element))
        global.flags |= IR_GLOBAL_CONST;
    if (clang_Cursor_getStorageClass(variable) == CX_SC_Static)
        global.flags |= IR_GLOBAL_STATIC;
    if (is_model_cursor(self, variable))
        global.flags |= IR_GLOBAL_MODEL;
    else
        global.segment = global_segment(self, variable);
    array_push(&self->tables->globals, self->arena, global);
    SymbolItem item = {0, 0, 0, 0};
    array_push(&self->globals, self->scratch, item);
    return self->tables->globals.len - 1;
}

IrGlobal global_of(Lower *self, CXCursor variable) {
    const uint32_t *known = map64_get(self->global_ids, cursor_id(variable));
    if (known != NULL)
        return *known;
    CXCursor canonical = clang_getCanonicalCursor(variable);
    known = map64_get(self->global_ids, cursor_id(canonical));
    IrGlobal global = known != NULL ? *known : add_global(self, canonical);
    *map64_put(self->global_ids, cursor_id(canonical), NULL) = global;
    *map64_put(self->global_ids, cursor_id(variable), NULL) = global;
    return global;
}

static bool has_initialiser(CXCursor variable) {
    return !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable));
}

/* A header's `extern` says nothing that a use of the variable does not. */
static void define_global(Lower *self, CXCursor variable) {
    bool is_extern = clang_Cursor_getStorageClass(variable) == CX_SC_Extern;
    bool is_definition = !is_extern || has_initialiser(variable);
    if (!is_definition && !clang_Cursor_hasAttrs(variable))
        return;
    IrGlobal id = global_of(self, variable);
    IrGlobalRec *global = &self->tables->globals.items[id];
    if (!is_definition)
        return;
    global->flags |= IR_GLOBAL_DEFINED;
    global->loc = loc_of(self, clang_getCursorLocation(variable));
    IrStr segment = global_segment(self, variable);
    global = &self->tables->globals.items[id];
    if (segment != 0)
        global->segment = segment;
    if (has_initialiser(variable) && self->globals.items[id].definition == 0) {
        self->globals.items[id].definition = self->decls.len;
        DeclItem item = {variable, 0};
        array_push(&self->decls, self->scratch, item);
    }
}

static void lower_global(Body *self, IrGlobal global, CXCursor variable) {
    Lower *lower = self->lower;
    tree_collect(self, variable);
    NodeId init = node_last(self, 1);
    if (init == 0 || !node_is_expr(self, init))
        return;
    IrPath path = irb_path(lower->builder, IR_PATH_GLOBAL, global, 0, 0);
    lower_init(self, path, type_of(lower, clang_getCursorType(variable)), init);
}

static bool any_initialiser(const Lower *self) {
    for (IrGlobal global = 1; global < self->globals.len; global++) {
        if (self->globals.items[global].definition != 0)
            return true;
    }
    return false;
}

void lower_globals(Lower *self) {
    Body body = {.lower = self, .in_globals = true};
    for (uint32_t i = 0; i < self->statics.len; i++)
        define_global(self, self->statics.items[i]);
    if (!any_initialiser(self))
        return;
    IrFunc func = func_named(self, "<globals>");
    func_rec(self, func)->flags = IR_FUNC_GLOBALS | IR_FUNC_STATIC;
    flow_begin(&body, func);
    for (IrGlobal global = 1; global < self->globals.len; global++) {
        uint32_t definition = self->globals.items[global].definition;
        if (definition != 0)
            lower_global(&body, global, self->decls.items[definition].cursor);
    }
    flow_return(&body, 0, (IrLoc){0, 0, 0});
    flow_finish(&body);
}

/* ---- fields of function type ---------------------------------------------------------------- */

static enum CXChildVisitResult visit_record(CXCursor cursor, CXCursor parent, CXClientData data) {
    Lower *self = data;
    (void)parent;
    if (cursor.kind == CXCursor_StructDecl || cursor.kind == CXCursor_UnionDecl)
        return CXChildVisit_Recurse;
    if (cursor.kind != CXCursor_FieldDecl)
        return CXChildVisit_Continue;
    IrStr role = role_of_type(self, clang_getCursorType(cursor), NULL);
    if (role == 0)
        return CXChildVisit_Continue;
    const FieldItem *item = field_item(self, cursor);
    IrFieldRec field = {item->owner, item->name, role};
    for (uint32_t i = 1; i < self->tables->fields.len; i++) {
        const IrFieldRec *other = &self->tables->fields.items[i];
        if (other->type == field.type && other->field == field.field)
            return CXChildVisit_Continue;
    }
    array_push(&self->tables->fields, self->arena, field);
    return CXChildVisit_Continue;
}

/* ---- the walk ------------------------------------------------------------------------------- */

static bool has_body(CXCursor function) {
    return clang_isCursorDefinition(function) != 0;
}

/* operator new and delete: clang has implicit declarations of its own, to which uses refer. */
static bool is_operator(Lower *self, CXCursor function) {
    CXString spelling = clang_getCursorSpelling(function);
    const char *name = clang_getCString(spelling);
    bool result = self->cxx && name != NULL && strncmp(name, "operator", 8) == 0;
    clang_disposeString(spelling);
    return result;
}

/* Whether the declaration says no more than the function's canonical one, which any use of it
 * records: most of what a driver's headers declare is never used in a unit. */
static bool is_plain(Lower *self, CXCursor function) {
    CXType type = clang_getCursorType(function);
    bool written = type.kind == CXType_FunctionProto || type.kind == CXType_FunctionNoProto;
    if (function.kind != CXCursor_FunctionDecl || has_body(function) ||
        clang_Cursor_hasAttrs(function) || (!written && role_of_type(self, type, NULL) != 0))
        return false;
    for (int i = clang_Cursor_getNumArguments(function) - 1; i >= 0; i--) {
        if (clang_Cursor_hasAttrs(clang_Cursor_getArgument(function, (unsigned)i)))
            return false;
    }
    return !is_model_cursor(self, clang_getCanonicalCursor(function)) &&
           !is_operator(self, function);
}

static void add_declaration(Lower *self, CXCursor function) {
    if (is_plain(self, function))
        return;
    IrFunc func = func_of(self, function);
    uint32_t index = self->decls.len;
    DeclItem decl = {function, 0};
    array_push(&self->decls, self->scratch, decl);
    SymbolItem *item = &self->funcs.items[func];
    if (item->first_decl == 0)
        item->first_decl = index;
    else
        self->decls.items[item->last_decl].next = index;
    item->last_decl = index;
    if (item->definition == 0 && has_body(function))
        item->definition = index;
    func_rec(self, func)->flags &= ~(uint32_t)IR_FUNC_MODEL;
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data);

static void visit_inside(Lower *self, CXCursor cursor) {
    clang_visitChildren(cursor, visit_top, self);
}

static void visit_driver_decl(Lower *self, CXCursor cursor) {
    switch (cursor.kind) {
    case CXCursor_FunctionDecl:
    case CXCursor_CXXMethod:
    case CXCursor_Constructor:
    case CXCursor_Destructor:
    case CXCursor_ConversionFunction:
        add_declaration(self, cursor);
        break;
    case CXCursor_VarDecl:
        define_global(self, cursor);
        break;
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_ClassDecl:
        clang_visitChildren(cursor, visit_record, self);
        if (self->cxx) {
            visit_inside(self, cursor);
            if (clang_isCursorDefinition(cursor))
                array_push(&self->classes, self->scratch, cursor);
        }
        break;
    case CXCursor_Namespace:
    case CXCursor_LinkageSpec:
    case CXCursor_UnexposedDecl:
        visit_inside(self, cursor);
        break;
    default:
        break;
    }
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data) {
    Lower *self = data;
    (void)parent;
    if (clang_isDeclaration(cursor.kind) && !is_model_cursor(self, cursor) &&
        !is_stand_in(self, cursor))
        visit_driver_decl(self, cursor);
    return CXChildVisit_Continue;
}

/* The methods of a class that is declared in a function. */
static void lower_local_class(Lower *self, CXCursor class) {
    uint32_t first = self->decls.len;
    visit_driver_decl(self, class);
    for (uint32_t i = first; i < self->decls.len; i++)
        lower_function(self, func_of(self, self->decls.items[i].cursor));
}

/* Each may be the reason for more of the others. */
void lower_pending(Lower *self) {
    uint32_t lambdas = 0, implicits = 0, instances = 0;
    bool more = true;
    while (more) {
        uint32_t before = lambdas + implicits + instances + self->local_done;
        for (; self->local_done < self->local_classes.len; self->local_done++)
            lower_local_class(self, self->local_classes.items[self->local_done]);
        for (; lambdas < self->lambdas.len; lambdas++)
            lower_lambda(self, lambdas);
        for (; instances < self->instances.len; instances++)
            lower_instance(self, self->instances.items[instances]);
        for (; implicits < self->implicits.len; implicits++) {
            ImplicitItem item = self->implicits.items[implicits];
            if ((func_rec(self, item.func)->flags & IR_FUNC_BODY) == 0)
                lower_implicit(self, &item);
        }
        more = lambdas + implicits + instances + self->local_done != before;
    }
}

void lower_unit(Lower *self) {
    clang_visitChildren(clang_getTranslationUnitCursor(self->tu), visit_top, self);
    for (uint32_t i = 0; i < self->classes.len; i++)
        destructor_of(self, type_of(self, clang_getCursorType(self->classes.items[i])));
    for (IrFunc func = 1; func < self->funcs.len; func++) {
        if (self->funcs.items[func].first_decl != 0)
            lower_function(self, func);
    }
    lower_pending(self);
    lower_globals(self);
    lower_pending(self);
}
