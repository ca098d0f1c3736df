/* lower_decl: functions and globals: one record each, merged from all declarations.
 *
 * Invariant: a record's id is given at its first mention and never changes; ranges that belong to a
 * function (annotations, roles, locals, blocks) are written in one go by lower_function. A static
 * function's key carries its file. Errs: annotations on the kernel's own declarations are not
 * recorded, the model knows better.
 */
#include "analyzer/frontend/lower.h"

IrFuncRec *func_rec(Lower *self, IrFunc func) {
    return &self->tables->funcs.items[func];
}

/* ---- records -------------------------------------------------------------------------------- */

static bool is_scope(enum CXCursorKind kind) {
    return kind == CXCursor_StructDecl || kind == CXCursor_ClassDecl ||
           kind == CXCursor_UnionDecl || kind == CXCursor_Namespace ||
           kind == CXCursor_ClassTemplate;
}

/* C++: with the classes and namespaces around it. */
static IrStr qualified_name(Lower *self, CXCursor cursor) {
    IrStr own = cursor_name(self, cursor);
    if (!self->cxx)
        return own;
    const char *name = arena_strdup(self->scratch, self->tables->strings.items + own);
    CXCursor parent = clang_getCursorSemanticParent(cursor);
    for (int i = 0; i < 16 && is_scope(parent.kind); i++) {
        CXString outer = clang_getCursorSpelling(parent);
        const char *text = clang_getCString(outer);
        if (text != NULL && text[0] != '\0' && strchr(text, '(') == NULL)
            name = arena_printf(self->scratch, "%s::%s", text, name);
        clang_disposeString(outer);
        parent = clang_getCursorSemanticParent(parent);
    }
    return irb_str(self->builder, name);
}

static bool is_noreturn(CXType type) {
    CXString spelling = clang_getTypeSpelling(clang_getCanonicalType(type));
    const char *text = clang_getCString(spelling);
    bool result = text != NULL && strstr(text, "noreturn") != NULL;
    clang_disposeString(spelling);
    return result;
}

static uint32_t func_flags(Lower *self, CXCursor cursor) {
    uint32_t flags = 0;
    bool is_method = cursor.kind == CXCursor_CXXMethod || cursor.kind == CXCursor_Constructor ||
                     cursor.kind == CXCursor_Destructor ||
                     cursor.kind == CXCursor_ConversionFunction;
    if (clang_getCursorLinkage(cursor) == CXLinkage_Internal)
        flags |= IR_FUNC_STATIC;
    if (clang_Cursor_isFunctionInlined(cursor))
        flags |= IR_FUNC_INLINE;
    if (clang_Cursor_isVariadic(cursor))
        flags |= IR_FUNC_VARIADIC;
    if (is_noreturn(clang_getCursorType(cursor)))
        flags |= IR_FUNC_NORETURN;
    if (is_model_cursor(self, cursor))
        flags |= IR_FUNC_MODEL;
    if (is_method && !clang_CXXMethod_isStatic(cursor))
        flags |= IR_FUNC_METHOD;
    if (is_method && clang_CXXMethod_isVirtual(cursor))
        flags |= IR_FUNC_VIRTUAL;
    return flags;
}

static IrStr static_key(Lower *self, const char *usr, CXCursor cursor) {
    IrLoc loc = loc_of(self, clang_getCursorLocation(cursor));
    IrStr file = self->tables->files.items[loc.file];
    const char *path = self->tables->strings.items + file;
    return irb_str(self->builder, arena_printf(self->scratch, "%s@%s", usr, path));
}

static IrFunc add_func(Lower *self, CXCursor cursor, const char *usr) {
    IrFuncRec func = {.flags = func_flags(self, cursor)};
    func.key = (func.flags & IR_FUNC_STATIC) != 0 ? static_key(self, usr, cursor)
                                                  : irb_str(self->builder, usr);
    func.name = qualified_name(self, cursor);
    func.loc = loc_of(self, clang_getCursorLocation(cursor));
    TypeId result = type_of(self, clang_getCursorResultType(cursor));
    func.return_type = type_spelling(self, result);
    array_push(&self->tables->funcs, self->arena, func);
    SymbolItem item = {0, 0, 0, 0};
    array_push(&self->funcs, self->scratch, item);
    return self->tables->funcs.len - 1;
}

static void add_overrides(Lower *self, IrFunc func, CXCursor cursor) {
    CXCursor *overridden = NULL;
    unsigned count = 0;
    if ((func_rec(self, func)->flags & IR_FUNC_VIRTUAL) == 0)
        return;
    clang_getOverriddenCursors(cursor, &overridden, &count);
    for (unsigned i = 0; i < count; i++) {
        IrOverrideRec record = {func, func_of(self, overridden[i])};
        array_push(&self->tables->overrides, self->arena, record);
    }
    clang_disposeOverriddenCursors(overridden);
}

static IrFunc find_or_add_func(Lower *self, CXCursor canonical) {
    CXString usr = clang_getCursorUSR(canonical);
    const char *text = clang_getCString(usr);
    char *copy = arena_strdup(self->scratch, text == NULL ? "" : text);
    clang_disposeString(usr);
    uint64_t hash = hash_bytes(copy, strlen(copy), 0);
    bool created;
    uint32_t *slot = map64_put(self->usr_ids, hash, &created);
    if (!created)
        return *slot;
    IrFunc func = add_func(self, canonical, copy);
    *map64_put(self->usr_ids, hash, NULL) = func;
    *map64_put(self->func_ids, cursor_id(canonical), NULL) = func;
    lower_declared_params(self, func, canonical);
    add_overrides(self, func, canonical);
    return func;
}

IrFunc func_of(Lower *self, CXCursor function) {
    const uint32_t *known = map64_get(self->func_ids, cursor_id(function));
    if (known != NULL)
        return *known;
    CXCursor canonical = clang_getCanonicalCursor(function);
    known = map64_get(self->func_ids, cursor_id(canonical));
    IrFunc func = known != NULL ? *known : find_or_add_func(self, canonical);
    *map64_put(self->func_ids, cursor_id(canonical), NULL) = func;
    *map64_put(self->func_ids, cursor_id(function), NULL) = func;
    return func;
}

IrFunc func_named(Lower *self, const char *name) {
    bool created;
    uint32_t *slot = map64_put(self->usr_ids, hash_bytes(name, strlen(name), 1), &created);
    if (created) {
        IrFuncRec func = {.flags = IR_FUNC_MODEL};
        SymbolItem item = {0, 0, 0, 0};
        func.key = func.name = irb_str(self->builder, name);
        *slot = self->tables->funcs.len;
        array_push(&self->tables->funcs, self->arena, func);
        array_push(&self->funcs, self->scratch, item);
    }
    return *slot;
}

/* ---- parameters ----------------------------------------------------------------------------- */

static IrLocalRec this_local(Lower *self, CXCursor method) {
    IrLocalRec local = {.name = irb_str(self->builder, "this"), .flags = IR_LOCAL_PARAM};
    CXCursor class = clang_getCursorSemanticParent(method);
    local.type_key = record_key(self, class);
    CXString spelling = clang_getTypeSpelling(clang_getCursorType(class));
    const char *text = clang_getCString(spelling);
    local.type =
        irb_str(self->builder, arena_printf(self->scratch, "%s *", text == NULL ? "?" : text));
    clang_disposeString(spelling);
    return local;
}

static IrLocalRec param_local(Lower *self, CXCursor param) {
    TypeId type = type_of(self, clang_getCursorType(param));
    IrLocalRec local = {cursor_name(self, param), type_spelling(self, type), type_key(self, type),
                        IR_LOCAL_PARAM};
    if (type_info(self, type)->kind == TYPE_RECORD)
        local.flags |= IR_LOCAL_AGGREGATE;
    return local;
}

void lower_declared_params(Lower *self, IrFunc func, CXCursor function) {
    int count = clang_Cursor_getNumArguments(function);
    IrLocalRec params[64];
    uint32_t len = 0;
    if ((func_rec(self, func)->flags & IR_FUNC_METHOD) != 0)
        params[len++] = this_local(self, function);
    for (int i = 0; i < count && len < 64; i++)
        params[len++] = param_local(self, clang_Cursor_getArgument(function, (unsigned)i));
    IrFuncRec *record = func_rec(self, func);
    record->first_local = self->tables->locals.len;
    record->local_count = record->param_count = len;
    for (uint32_t i = 0; i < len; i++)
        array_push(&self->tables->locals, self->arena, params[i]);
}

static void begin_params(Body *self, CXCursor definition) {
    Lower *lower = self->lower;
    if ((func_rec(lower, self->func)->flags & IR_FUNC_METHOD) != 0) {
        CXCursor method = definition;
        if (definition.kind == CXCursor_LambdaExpr) {
            IrLocalRec local = {irb_str(lower->builder, "this"), 0, 0, IR_LOCAL_PARAM};
            array_push(&self->locals, lower->scratch, local);
        } else {
            array_push(&self->locals, lower->scratch, this_local(lower, method));
        }
    }
    for (NodeId node = node_first(self, 1); node != 0; node = node_next(self, node)) {
        if (node_kind(self, node) != CXCursor_ParmDecl)
            continue;
        CXCursor param = node_cursor(self, node);
        array_push(&self->locals, lower->scratch, param_local(lower, param));
        *map64_put(self->local_ids, cursor_id(param), NULL) = self->locals.len;
    }
    func_rec(lower, self->func)->param_count = self->locals.len;
}

/* ---- what declarations say ------------------------------------------------------------------ */

static CXType without_sugar_step(CXType type) {
    if (type.kind == CXType_Elaborated)
        return clang_Type_getNamedType(type);
    if (type.kind == CXType_Attributed)
        return clang_Type_getModifiedType(type);
    return clang_getTypedefDeclUnderlyingType(clang_getTypeDeclaration(type));
}

static bool is_function_type(CXType type) {
    CXType canonical = clang_getCanonicalType(type);
    return canonical.kind == CXType_FunctionProto || canonical.kind == CXType_FunctionNoProto;
}

static CXType pointee_or_element(CXType type) {
    CXType inner = clang_getPointeeType(type);
    return inner.kind == CXType_Invalid ? clang_getArrayElementType(type) : inner;
}

static bool leads_to_function(CXType type) {
    CXType canonical = clang_getCanonicalType(type);
    for (int i = 0; i < 4 && canonical.kind != CXType_Invalid; i++) {
        if (is_function_type(canonical))
            return true;
        canonical = clang_getCanonicalType(pointee_or_element(canonical));
    }
    return false;
}

/* Follows the type as it is written. Of PDRIVER_DISPATCH, a pointer to DRIVER_DISPATCH, the inner
 * name counts; a pointer typedef without one is known by its own name. */
IrStr role_of_type(Lower *self, CXType type, CXCursor *typedef_decl) {
    IrStr role = 0;
    if (!leads_to_function(type))
        return 0;
    for (int i = 0; i < 32 && type.kind != CXType_Invalid; i++) {
        if (type.kind == CXType_Typedef) {
            CXCursor decl = clang_getTypeDeclaration(type);
            bool named = is_function_type(type);
            if (named || role == 0) {
                role = cursor_name(self, decl);
                if (typedef_decl != NULL)
                    *typedef_decl = decl;
            }
            if (named)
                return role;
        }
        bool sugar = type.kind == CXType_Typedef || type.kind == CXType_Elaborated ||
                     type.kind == CXType_Attributed;
        type = sugar ? without_sugar_step(type) : pointee_or_element(type);
    }
    return role;
}

static void add_role(Lower *self, IrFuncRec *func, IrStr role) {
    for (uint32_t i = 0; i < func->role_count; i++) {
        if (self->tables->roles.items[func->first_role + i] == role)
            return;
    }
    array_push(&self->tables->roles, self->arena, role);
    func->role_count++;
}

typedef struct DeclVisit {
    Lower *lower;     /* the TU */
    IrFunc func;      /* whose declaration is visited */
    CXCursor decl;    /* the declaration */
    uint32_t first;   /* first annotation of the function */
    int32_t param;    /* number of the parameter being visited, -1 none yet */
    const char *name; /* of the function, as in alloc_text */
} DeclVisit;

static enum CXChildVisitResult visit_param(CXCursor cursor, CXCursor parent, CXClientData data) {
    DeclVisit *self = data;
    (void)parent;
    sal_add(self->lower, self->first, cursor, self->param);
    return CXChildVisit_Continue;
}

static enum CXChildVisitResult visit_decl(CXCursor cursor, CXCursor parent, CXClientData data) {
    DeclVisit *self = data;
    (void)parent;
    if (cursor.kind == CXCursor_CompoundStmt)
        return CXChildVisit_Break;
    if (cursor.kind == CXCursor_ParmDecl) {
        self->param++;
        clang_visitChildren(cursor, visit_param, self);
        return CXChildVisit_Continue;
    }
    sal_add(self->lower, self->first, cursor, -1);
    IrLoc loc;
    IrStr segment = place_of_attribute(self->lower, cursor, self->name, self->decl, &loc);
    IrFuncRec *func = func_rec(self->lower, self->func);
    if (segment != 0 && func->segment == 0) {
        func->segment = segment;
        func->segment_loc = loc;
    }
    return CXChildVisit_Continue;
}

static void read_declaration(Lower *self, IrFunc func, CXCursor decl, uint32_t first_note) {
    CXString name = clang_getCursorSpelling(decl);
    CXCursor typedef_decl = clang_getNullCursor();
    bool is_method = (func_rec(self, func)->flags & IR_FUNC_METHOD) != 0;
    DeclVisit visit = {self, func, decl, first_note, is_method ? 0 : -1, clang_getCString(name)};
    clang_visitChildren(decl, visit_decl, &visit);
    clang_disposeString(name);
    CXType type = clang_getCursorType(decl);
    if (type.kind == CXType_FunctionProto || type.kind == CXType_FunctionNoProto)
        return;
    IrStr role = role_of_type(self, type, &typedef_decl);
    if (role == 0)
        return;
    add_role(self, func_rec(self, func), role);
    if (!is_model_cursor(self, typedef_decl))
        sal_add_typedef(self, first_note, typedef_decl);
}

/* Parameters of a prototype may be more than those of the record when declarations disagree. */
static void drop_bad_notes(Lower *self, const IrFuncRec *func) {
    for (uint32_t i = func->first_note; i < self->tables->sal.len; i++) {
        IrSalRec *sal = &self->tables->sal.items[i];
        if (sal->param >= (int32_t)func->param_count)
            sal->param = -1;
    }
}

static void read_declarations(Lower *self, IrFunc func) {
    func_rec(self, func)->first_note = self->tables->sal.len;
    func_rec(self, func)->first_role = self->tables->roles.len;
    uint32_t first_note = self->tables->sal.len;
    uint32_t index = self->funcs.items[func].first_decl;
    for (; index != 0; index = self->decls.items[index].next)
        read_declaration(self, func, self->decls.items[index].cursor, first_note);
    func_rec(self, func)->note_count = self->tables->sal.len - first_note;
}

/* ---- bodies --------------------------------------------------------------------------------- */

static void find_errors(Body *self, CXCursor definition) {
    CXSourceRange range = clang_getCursorExtent(definition);
    CXFile file;
    unsigned begin, end;
    clang_getExpansionLocation(clang_getRangeStart(range), &file, NULL, NULL, &begin);
    clang_getExpansionLocation(clang_getRangeEnd(range), NULL, NULL, NULL, &end);
    for (uint32_t i = 0; i < self->lower->errors.len; i++) {
        const ErrorSpot *spot = &self->lower->errors.items[i];
        if (spot->offset >= begin && spot->offset <= end && clang_File_isEqual(spot->file, file)) {
            self->has_errors = true;
            self->next_error = i;
            return;
        }
    }
}

/* C++: `Device() : lock(x)`: a reference to the member, then its initialiser. */
static void lower_member_inits(Body *self) {
    CXCursor field = clang_getNullCursor();
    for (NodeId node = node_first(self, 1); node != 0; node = node_next(self, node)) {
        if (node_kind(self, node) == CXCursor_MemberRef)
            field = clang_getCursorReferenced(node_cursor(self, node));
        else if (clang_isExpression(node_cursor(self, node).kind)) {
            IrValue this_value = value_read(self, path_local(self, 0), 0, node);
            IrPath path = path_deref(self, this_value);
            TypeId type = node_type(self, node);
            if (field.kind == CXCursor_FieldDecl) {
                path = path_field(self, path, field);
                type = type_of(self->lower, clang_getCursorType(field));
            }
            lower_init(self, path, type, node);
            field = clang_getNullCursor();
        }
    }
}

static NodeId body_node(const Body *self) {
    NodeId last = node_last(self, 1);
    uint32_t kind = last == 0 ? 0 : node_kind(self, last);
    return kind == CXCursor_CompoundStmt || kind == CXCursor_CXXTryStmt ? last : 0;
}

static void lower_body(Lower *self, IrFunc func, CXCursor definition) {
    Body body = {.lower = self};
    tree_collect(&body, definition);
    NodeId compound = body_node(&body);
    if (compound == 0)
        return;
    flow_begin(&body, func);
    begin_params(&body, definition);
    if (self->errors.len > 0)
        find_errors(&body, definition);
    if (definition.kind == CXCursor_Constructor)
        lower_member_inits(&body);
    lower_stmt(&body, compound);
    CXSourceLocation end = clang_getRangeEnd(clang_getCursorExtent(definition));
    IrLoc loc = loc_of(self, end);
    flow_return(&body, 0, loc);
    flow_finish(&body);
    IrFuncRec *record = func_rec(self, func);
    record->loc = loc_of(self, clang_getCursorLocation(definition));
    record->end_line = loc.line;
}

void lower_function(Lower *self, IrFunc func) {
    read_declarations(self, func);
    uint32_t definition = self->funcs.items[func].definition;
    if (definition != 0)
        lower_body(self, func, self->decls.items[definition].cursor);
    drop_bad_notes(self, func_rec(self, func));
}
