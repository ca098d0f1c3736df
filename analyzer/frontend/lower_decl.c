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

/* `(lambda at /a/b.cpp:3:12)` becomes `lambda`: places differ between machines. */
static const char *without_lambdas(Lower *self, const char *text) {
    Text result = {0};
    const char *at;
    while ((at = strstr(text, "(lambda at ")) != NULL && strchr(at, ')') != NULL) {
        text_printf(&result, self->scratch, "%.*slambda", (int)(at - text), text);
        text = strchr(at, ')') + 1;
    }
    text_printf(&result, self->scratch, "%s", text);
    return text_cstr(&result, self->scratch);
}

const char *class_name(Lower *self, CXCursor class) {
    CXString own = clang_getCursorSpelling(class);
    CXString spelling = clang_getTypeSpelling(clang_getCursorType(class));
    const char *name = clang_getCString(own), *type = clang_getCString(spelling);
    const char *result = arena_strdup(self->scratch, name == NULL ? "" : name);
    size_t len = strlen(result);
    const char *at =
        type == NULL || len == 0 || class.kind == CXCursor_Namespace ? NULL : strstr(type, result);
    for (; at != NULL && at[len] != '<'; at = strstr(at + 1, result))
        ;
    if (at != NULL)
        result = without_lambdas(self, at);
    clang_disposeString(own);
    clang_disposeString(spelling);
    return result;
}

/* Twice<int>: what the template was instantiated with. */
static const char *with_arguments(Lower *self, CXCursor cursor, const char *name) {
    int count = clang_Cursor_getNumTemplateArguments(cursor);
    if (cursor.kind == CXCursor_VarDecl || count <= 0 ||
        clang_Cursor_isNull(clang_getSpecializedCursorTemplate(cursor)))
        return name;
    Text text = {0};
    for (unsigned i = 0; i < (unsigned)count; i++) {
        const char *separator = i == 0 ? "" : ", ";
        enum CXTemplateArgumentKind kind = clang_Cursor_getTemplateArgumentKind(cursor, i);
        if (kind == CXTemplateArgumentKind_Type) {
            CXString type = clang_getTypeSpelling(clang_Cursor_getTemplateArgumentType(cursor, i));
            text_printf(&text, self->scratch, "%s%s", separator,
                        without_lambdas(self, clang_getCString(type)));
            clang_disposeString(type);
        } else if (kind == CXTemplateArgumentKind_Integral) {
            text_printf(&text, self->scratch, "%s%lld", separator,
                        clang_Cursor_getTemplateArgumentValue(cursor, i));
        } else {
            text_printf(&text, self->scratch, "%s?", separator);
        }
    }
    return arena_printf(self->scratch, "%s<%s>", name, text_cstr(&text, self->scratch));
}

/* C++: with the classes and namespaces around it. */
IrStr qualified_name(Lower *self, CXCursor cursor) {
    IrStr own = cursor_name(self, cursor);
    if (!self->cxx)
        return own;
    const char *name = arena_strdup(self->scratch, self->tables->strings.items + own);
    CXCursor parent = clang_getCursorSemanticParent(cursor);
    name = is_closure(parent) ? "lambda" : with_arguments(self, cursor, name);
    for (int i = 0; i < 16 && is_scope(parent.kind); i++) {
        const char *text = class_name(self, parent);
        if (text[0] != '\0' && text[0] != '(')
            name = arena_printf(self->scratch, "%s::%s", text, name);
        parent = clang_getCursorSemanticParent(parent);
    }
    return irb_str(self->builder, name);
}

/* [[noreturn]] and _Noreturn are no part of the type; libclang tells their place alone. */
static enum CXChildVisitResult find_noreturn(CXCursor cursor, CXCursor parent, CXClientData data) {
    bool *found = data;
    CXFile file;
    unsigned offset;
    size_t size = 0;
    (void)parent;
    if (cursor.kind != CXCursor_UnexposedAttr)
        return clang_isAttribute(cursor.kind) ? CXChildVisit_Continue : CXChildVisit_Break;
    clang_getSpellingLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, &offset);
    CXTranslationUnit tu = clang_Cursor_getTranslationUnit(cursor);
    const char *text = file == NULL ? NULL : clang_getFileContents(tu, file, &size);
    for (size_t skip = 0; text != NULL && skip < 3; skip++)
        *found |= offset + skip + 8 < size && strncmp(text + offset + skip, "oreturn", 7) == 0;
    return CXChildVisit_Continue;
}

static bool is_noreturn(CXCursor function) {
    CXString spelling =
        clang_getTypeSpelling(clang_getCanonicalType(clang_getCursorType(function)));
    const char *text = clang_getCString(spelling);
    bool result = text != NULL && strstr(text, "noreturn") != NULL;
    clang_disposeString(spelling);
    if (!result)
        clang_visitChildren(function, find_noreturn, &result);
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
    if (is_noreturn(cursor))
        flags |= IR_FUNC_NORETURN;
    if (is_model_cursor(self, cursor))
        flags |= IR_FUNC_MODEL;
    CXCursor class = clang_getCursorSemanticParent(cursor);
    bool plain = clang_CXXMethod_isStatic(cursor) ||
                 (is_method && is_closure(class) && is_captureless(self, class));
    if (is_method && !plain)
        flags |= IR_FUNC_METHOD;
    if (cursor.kind == CXCursor_Constructor || cursor.kind == CXCursor_Destructor)
        flags |= IR_FUNC_LIFETIME;
    if (is_method && clang_CXXMethod_isVirtual(cursor))
        flags |= IR_FUNC_VIRTUAL;
    if (is_method && clang_CXXMethod_isPureVirtual(cursor))
        flags |= IR_FUNC_PURE;
    if (!clang_Cursor_isNull(clang_getSpecializedCursorTemplate(cursor)) ||
        (is_method && !clang_Cursor_isNull(clang_getSpecializedCursorTemplate(class))))
        flags |= IR_FUNC_INSTANCE;
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

const char *lambda_key(Lower *self, const char *usr, CXType first, CXType second) {
    const CXType types[] = {first, second};
    for (size_t i = 0; self->cxx && i < 2; i++) {
        CXString spelling = clang_getTypeSpelling(clang_getCanonicalType(types[i]));
        const char *at = clang_getCString(spelling);
        while (at != NULL && (at = strstr(at, "(lambda at ")) != NULL) {
            size_t len = strcspn(at, ")");
            const char *place = arena_strndup(self->scratch, at, len);
            usr = arena_printf(self->scratch, "%s@%s", usr, path_base(place));
            at += len;
        }
        clang_disposeString(spelling);
    }
    return usr;
}

IrFunc find_usr(Lower *self, const char *usr) {
    const uint32_t *slot = map64_get(self->usr_ids, hash_bytes(usr, strlen(usr), 0));
    return slot == NULL ? 0 : *slot;
}

IrFunc add_usr(Lower *self, const char *usr, const IrFuncRec *func) {
    SymbolItem item = {0, 0, 0, 0};
    IrFuncRec record = *func;
    record.key = irb_str(self->builder, usr);
    *map64_put(self->usr_ids, hash_bytes(usr, strlen(usr), 0), NULL) = self->tables->funcs.len;
    array_push(&self->tables->funcs, self->arena, record);
    array_push(&self->funcs, self->scratch, item);
    return self->tables->funcs.len - 1;
}

static IrFunc find_or_add_func(Lower *self, CXCursor canonical) {
    CXString usr = clang_getCursorUSR(canonical);
    const char *text = clang_getCString(usr);
    const char *copy = arena_strdup(self->scratch, text == NULL ? "" : text);
    clang_disposeString(usr);
    copy = lambda_key(self, copy, clang_getCursorType(canonical),
                      clang_getCursorType(clang_getCursorSemanticParent(canonical)));
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

IrLocalRec this_local(Lower *self, CXCursor class) {
    IrLocalRec local = {.name = irb_str(self->builder, "this"),
                        .flags = IR_LOCAL_PARAM | IR_LOCAL_NOT_NULL};
    local.type_key = record_key(self, class);
    CXString spelling = clang_getTypeSpelling(clang_getCursorType(class));
    const char *text = clang_getCString(spelling);
    local.type =
        irb_str(self->builder, arena_printf(self->scratch, "%s *",
                                            without_lambdas(self, text == NULL ? "?" : text)));
    clang_disposeString(spelling);
    return local;
}

static IrLocalRec param_local(Lower *self, CXCursor param) {
    TypeId type = type_of(self, clang_getCursorType(param));
    IrLocalRec local = {cursor_name(self, param), type_spelling(self, type), type_key(self, type),
                        IR_LOCAL_PARAM};
    if (type_info(self, type)->kind == TYPE_RECORD)
        local.flags |= IR_LOCAL_AGGREGATE;
    if (type_info(self, type)->kind == TYPE_REFERENCE)
        local.flags |= IR_LOCAL_NOT_NULL;
    return local;
}

void lower_declared_params(Lower *self, IrFunc func, CXCursor function) {
    int count = clang_Cursor_getNumArguments(function);
    IrLocalRec params[64];
    uint32_t len = 0;
    if ((func_rec(self, func)->flags & IR_FUNC_METHOD) != 0)
        params[len++] = this_local(self, clang_getCursorSemanticParent(function));
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
        CXCursor class = definition.kind == CXCursor_LambdaExpr
                             ? clang_getTypeDeclaration(clang_getCursorType(definition))
                             : clang_getCursorSemanticParent(definition);
        array_push(&self->locals, lower->scratch, this_local(lower, class));
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

static NodeId body_node(const Body *self) {
    NodeId last = node_last(self, 1);
    uint32_t kind = last == 0 ? 0 : node_kind(self, last);
    return kind == CXCursor_CompoundStmt || kind == CXCursor_CXXTryStmt ? last : 0;
}

/* ---- places for annotations ----------------------------------------------------------------- */

static bool takes_annotations(Lower *self, CXCursor declaration) {
    CXCursor around = clang_getCursorLexicalParent(declaration);
    enum CXCursorKind kind = clang_getCursorKind(around);
    bool plain = kind == CXCursor_TranslationUnit || kind == CXCursor_Namespace ||
                 kind == CXCursor_LinkageSpec || kind == CXCursor_ClassDecl ||
                 kind == CXCursor_StructDecl;
    return plain && !is_model_cursor(self, declaration) &&
           clang_Cursor_isNull(clang_getSpecializedCursorTemplate(declaration)) &&
           clang_getCursorKind(declaration) != CXCursor_FunctionTemplate;
}

static enum CXChildVisitResult find_code(CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_DeclStmt)
        return CXChildVisit_Continue;
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

static enum CXChildVisitResult find_compound(CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_CompoundStmt)
        return CXChildVisit_Continue;
    clang_visitChildren(cursor, find_code, data);
    return CXChildVisit_Break;
}

static void find_places(Lower *self, IrFunc func, CXCursor definition) {
    CXCursor first = clang_getCanonicalCursor(definition), code = clang_getNullCursor();
    if (!takes_annotations(self, first) || is_model_cursor(self, definition))
        return;
    IrLoc start = loc_of(self, clang_getRangeStart(clang_getCursorExtent(first)));
    IrLoc name = loc_of(self, clang_getCursorLocation(first));
    clang_visitChildren(definition, find_compound, &code);
    IrLoc at = {0, 0, 0};
    if (!clang_Cursor_isNull(code))
        at = loc_of(self, clang_getRangeStart(clang_getCursorExtent(code)));
    IrFuncRec *record = func_rec(self, func);
    record->decl_start = start;
    record->decl_name = name;
    record->code_start = at;
}

static void lower_body(Lower *self, IrFunc func, CXCursor definition) {
    Body body = {.lower = self};
    tree_collect(&body, definition);
    NodeId compound = body_node(&body), last = node_last(&body, 1);
    bool coroutine = last != 0 && node_kind(&body, last) == CXCursor_UnexposedStmt;
    if (compound == 0 && !coroutine && !clang_CXXMethod_isDefaulted(definition))
        return;
    flow_begin(&body, func);
    begin_params(&body, definition);
    if (self->errors.len > 0)
        find_errors(&body, definition);
    if (self->cxx) {
        const LambdaItem *lambda = lambda_of(self, definition);
        body.lambda = lambda;
        begin_members(&body, definition);
    }
    if (coroutine)
        flow_unknown(&body, last, "coroutine");
    lower_stmt(&body, compound);
    close_cleanups(&body, NULL);
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
    if (definition != 0) {
        find_places(self, func, self->decls.items[definition].cursor);
        lower_body(self, func, self->decls.items[definition].cursor);
    }
    drop_bad_notes(self, func_rec(self, func));
}
