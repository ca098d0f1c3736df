/* lower_lambda: C++ lambdas: the closure object and the body of its call operator.
 *
 * Invariant: a closure is a struct with a field for each captured variable, named like it, and
 * `this`; a variable captured by reference is the variable itself, its address stands in the field.
 * A lambda without captures is a plain function. Which variables are captured follows from what
 * the body names, how from the text between the brackets. Errs: inside a macro captures count as
 * by reference.
 */
#include "analyzer/frontend/lower.h"

bool is_closure(CXCursor class) {
    CXString name = clang_getTypeSpelling(clang_getCursorType(class));
    const char *text = clang_getCString(name);
    bool result = text != NULL && strncmp(text, "(lambda at ", 11) == 0;
    clang_disposeString(name);
    return result;
}

/* ---- the text between the brackets ----------------------------------------------------------- */

/* NULL when there is no bracket at that place. */
static const char *introducer(Lower *self, CXSourceLocation location) {
    CXFile file;
    unsigned offset;
    size_t size = 0;
    clang_getSpellingLocation(location, &file, NULL, NULL, &offset);
    const char *text = file == NULL ? NULL : clang_getFileContents(self->tu, file, &size);
    if (text == NULL || offset >= size || text[offset] != '[')
        return NULL;
    size_t end = offset + 1;
    for (int depth = 1; end < size && depth > 0; end++)
        depth += (text[end] == '[') - (text[end] == ']');
    return arena_strndup(self->scratch, text + offset + 1, end - offset - 2);
}

bool is_captureless(Lower *self, CXCursor class) {
    const char *text = introducer(self, clang_getCursorLocation(class));
    return text != NULL && text[strspn(text, " \t\r\n")] == '\0';
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `&name` or `name` in the list, else the default: `&` unless there is a `=`. */
static bool is_by_reference(const char *text, const char *name) {
    size_t len = strlen(name);
    if (text == NULL)
        return true;
    for (const char *at = text; (at = strstr(at, name)) != NULL; at += len) {
        const char *before = at;
        if (is_word(at[len]) || (at > text && is_word(at[-1])))
            continue;
        while (before > text && (before[-1] == ' ' || before[-1] == '\n'))
            before--;
        if (before == text || before[-1] == ',' || before[-1] == '&')
            return before > text && before[-1] == '&';
    }
    text += strspn(text, " \t\r\n");
    return *text != '=';
}

/* ---- captures -------------------------------------------------------------------------------- */

typedef struct Finder {
    Body *body;       /* the function around */
    LambdaItem *item; /* takes the captures */
    const char *text; /* between the brackets */
} Finder;

static void add_capture(Finder *self, CXCursor variable, bool by_reference) {
    for (uint32_t i = 0; i < self->item->captures.len; i++) {
        if (clang_equalCursors(self->item->captures.items[i].variable, variable))
            return;
    }
    Capture capture = {variable, by_reference};
    array_push(&self->item->captures, self->body->lower->scratch, capture);
}

static bool captures_variable(const LambdaItem *item, CXCursor variable) {
    for (uint32_t i = 0; item != NULL && i < item->captures.len; i++) {
        if (clang_equalCursors(item->captures.items[i].variable, variable))
            return true;
    }
    return false;
}

static bool has_this(const Body *body) {
    bool method = (func_rec(body->lower, body->func)->flags & IR_FUNC_METHOD) != 0;
    return body->lambda == NULL ? method : captures_variable(body->lambda, clang_getNullCursor());
}

/* An implicit `this->` has no node. */
static enum CXChildVisitResult find_any(CXCursor cursor, CXCursor parent, CXClientData data) {
    bool *found = data;
    (void)parent;
    *found |= clang_isExpression(cursor.kind) != 0;
    return CXChildVisit_Continue;
}

static bool names_this(CXCursor cursor) {
    bool has_base = false;
    if (cursor.kind == CXCursor_CXXThisExpr)
        return true;
    if (cursor.kind != CXCursor_MemberRefExpr)
        return false;
    clang_visitChildren(cursor, find_any, &has_base);
    return !has_base;
}

static void find_variable(Finder *self, CXCursor variable) {
    Body *body = self->body;
    bool known = map64_get(body->local_ids, cursor_id(variable)) != NULL ||
                 captures_variable(body->lambda, variable);
    if (!known)
        return;
    CXString name = clang_getCursorSpelling(variable);
    const char *text = clang_getCString(name);
    add_capture(self, variable, is_by_reference(self->text, text == NULL ? "" : text));
    clang_disposeString(name);
}

static enum CXChildVisitResult find_capture(CXCursor cursor, CXCursor parent, CXClientData data) {
    Finder *self = data;
    (void)parent;
    if (names_this(cursor) && has_this(self->body))
        add_capture(self, clang_getNullCursor(), false);
    if (cursor.kind != CXCursor_DeclRefExpr && cursor.kind != CXCursor_VariableRef)
        return CXChildVisit_Recurse;
    CXCursor named = clang_getCursorReferenced(cursor);
    if (named.kind == CXCursor_VarDecl || named.kind == CXCursor_ParmDecl)
        find_variable(self, named);
    return CXChildVisit_Recurse;
}

/* `[x = expression]` declares x in the brackets. */
typedef struct InitCapture {
    Finder *finder; /* the lambda */
    IrPath closure; /* takes the values */
} InitCapture;

static IrPath capture_field(Body *self, const LambdaItem *item, IrPath closure, CXCursor variable) {
    Lower *lower = self->lower;
    IrStr name = clang_Cursor_isNull(variable) ? irb_str(lower->builder, "this")
                                               : cursor_name(lower, variable);
    return irb_path(lower->builder, IR_PATH_FIELD, closure, item->key, name);
}

static bool is_reference(Body *self, CXCursor variable) {
    TypeId type = type_of(self->lower, clang_getCursorType(variable));
    return type_info(self->lower, type)->kind == TYPE_REFERENCE;
}

static enum CXChildVisitResult find_init(CXCursor cursor, CXCursor parent, CXClientData data) {
    InitCapture *self = data;
    Body *body = self->finder->body;
    (void)parent;
    if (cursor.kind != CXCursor_VariableRef)
        return CXChildVisit_Continue;
    CXCursor variable = clang_getCursorReferenced(cursor);
    CXCursor init = clang_Cursor_getVarDeclInitializer(variable);
    if (map64_get(body->local_ids, cursor_id(variable)) != NULL ||
        captures_variable(body->lambda, variable) || clang_Cursor_isNull(init))
        return CXChildVisit_Continue;
    IrPath field = capture_field(body, self->finder->item, self->closure, variable);
    TypeId type = type_of(body->lower, clang_getCursorType(variable));
    add_capture(self->finder, variable, is_reference(body, variable));
    lower_init(body, field, type, tree_append(body, init));
    return CXChildVisit_Continue;
}

/* ---- the closure ----------------------------------------------------------------------------- */

static CXCursor closure_class(CXCursor lambda) {
    return clang_getTypeDeclaration(clang_getCanonicalType(clang_getCursorType(lambda)));
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

/* Null for a generic lambda, which has a template. */
static CXCursor call_operator(CXCursor lambda) {
    CXCursor found = clang_getNullCursor();
    clang_visitChildren(closure_class(lambda), find_call_operator, &found);
    return found;
}

static void store_captures(Body *self, const LambdaItem *item, IrPath path, NodeId node) {
    for (uint32_t i = 0; i < item->captures.len; i++) {
        const Capture *capture = &item->captures.items[i];
        CXCursor variable = capture->variable;
        IrPath field = capture_field(self, item, path, variable);
        if (clang_Cursor_isNull(variable)) {
            IrPath object = path_local(self, 0);
            if (self->lambda != NULL)
                captured_path(self, variable, node, &object);
            store(self, field, value_read(self, object, 0, node), node);
            continue;
        }
        TypeId type = type_of(self->lower, clang_getCursorType(variable));
        IrPath place = path_variable(self, variable, node);
        store(self, field,
              capture->by_reference ? value_addr(self, place) : value_read(self, place, type, node),
              node);
    }
}

/* The item of the lambda; the same one when its place is lowered again (a copy of a finally). */
static uint32_t add_lambda(Body *self, NodeId node, IrPath path) {
    Lower *lower = self->lower;
    CXCursor lambda = node_cursor(self, node), class = closure_class(lambda);
    LambdaItem item = {.lambda = lambda, .key = record_key(lower, class)};
    Finder finder = {self, &item, introducer(lower, clang_getCursorLocation(lambda))};
    clang_visitChildren(lambda, find_capture, &finder);
    if (path != 0)
        store_captures(self, &item, path, node);
    InitCapture init = {&finder, path};
    if (path != 0)
        clang_visitChildren(lambda, find_init, &init);
    bool created;
    uint32_t *slot = map64_put(lower->lambda_ids, cursor_id(class), &created);
    if (created) {
        array_push(&lower->lambdas, lower->scratch, item);
        *slot = lower->lambdas.len;
    }
    return *slot - 1;
}

void lambda_init(Body *self, IrPath path, NodeId node) {
    CXCursor lambda = node_cursor(self, node), method = call_operator(lambda);
    if (!is_captureless(self->lower, closure_class(lambda))) {
        add_lambda(self, node, path);
        return;
    }
    add_lambda(self, node, 0);
    if (clang_Cursor_isNull(method))
        return;
    IrFunc func = func_of(self->lower, method);
    store(self, path, irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0), node);
}

IrValue lambda_value(Body *self, NodeId node) {
    CXCursor lambda = node_cursor(self, node), method = call_operator(lambda);
    if (is_captureless(self->lower, closure_class(lambda)) && !clang_Cursor_isNull(method)) {
        add_lambda(self, node, 0);
        IrFunc func = func_of(self->lower, method);
        return irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    }
    IrPath path = path_local(self, flow_temp(self, node_type(self, node)));
    lambda_init(self, path, node);
    return irb_value(self->lower->builder, IR_VALUE_PATH, path, 0, 0);
}

/* ---- the body -------------------------------------------------------------------------------- */

const LambdaItem *lambda_of(Lower *self, CXCursor method) {
    CXCursor class = method.kind == CXCursor_LambdaExpr ? closure_class(method)
                                                        : clang_getCursorSemanticParent(method);
    const uint32_t *slot = map64_get(self->lambda_ids, cursor_id(class));
    return slot == NULL ? NULL : &self->lambdas.items[*slot - 1];
}

bool captured_path(Body *self, CXCursor variable, NodeId at, IrPath *path) {
    const LambdaItem *item = self->lambda;
    for (uint32_t i = 0; item != NULL && i < item->captures.len; i++) {
        const Capture *capture = &item->captures.items[i];
        if (!clang_equalCursors(capture->variable, variable))
            continue;
        IrValue closure = value_read(self, path_local(self, 0), 0, at);
        IrPath field = capture_field(self, item, path_deref(self, closure), variable);
        *path = capture->by_reference ? path_deref(self, value_read(self, field, 0, at)) : field;
        return true;
    }
    return false;
}

/* The method has the attributes, the expression the body. */
static void lower_definition(Lower *self, CXCursor method, CXCursor cursor) {
    IrFunc func = func_of(self, method);
    SymbolItem *item = &self->funcs.items[func];
    if (item->definition != 0)
        return;
    item->first_decl = self->decls.len;
    item->definition = item->last_decl = self->decls.len + 1;
    DeclItem declared = {method, item->definition}, defined = {cursor, 0};
    array_push(&self->decls, self->scratch, declared);
    array_push(&self->decls, self->scratch, defined);
    lower_function(self, func);
}

void lower_lambda(Lower *self, uint32_t index) {
    CXCursor lambda = self->lambdas.items[index].lambda, method = call_operator(lambda);
    if (!clang_Cursor_isNull(method))
        lower_definition(self, method, lambda);
}

void queue_instance(Lower *self, CXCursor method) {
    if (method.kind != CXCursor_CXXMethod || !is_closure(clang_getCursorSemanticParent(method)) ||
        clang_Cursor_isNull(clang_getSpecializedCursorTemplate(method)))
        return;
    array_push(&self->instances, self->scratch, method);
}

void lower_instance(Lower *self, CXCursor method) {
    CXCursor definition = clang_getCursorDefinition(method);
    lower_definition(self, method, clang_Cursor_isNull(definition) ? method : definition);
}
