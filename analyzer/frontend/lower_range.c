/* lower_range: C++ `for (x : range)`.
 *
 * Invariant: begin() and end() of a class run once before the loop, operator!= before each round,
 * operator++ after it; libclang shows only begin(), behind the name of clang's own iterator, so the
 * others are looked up as members. The range lives until the loop is left, on whatever way. Errs:
 * operators that are no members, and those of a template's instance, are UNKNOWN; an iterator's
 * destructor is not run.
 */
#include "analyzer/frontend/lower.h"

typedef struct RangeParts {
    NodeId variable;  /* of each round, 0 none */
    NodeId range;     /* the expression */
    NodeId statement; /* the body */
} RangeParts;

/* clang's own iterator, in the initialiser of the variable: __begin1. */
static CXCursor find_iterator(const Body *self, NodeId variable) {
    for (NodeId node = variable; node < self->nodes.items[variable].end; node++) {
        CXCursor named = clang_getCursorReferenced(node_cursor(self, node));
        if (node_kind(self, node) != CXCursor_DeclRefExpr || named.kind != CXCursor_VarDecl)
            continue;
        CXString name = clang_getCursorSpelling(named);
        const char *text = clang_getCString(name);
        bool found = text != NULL && str_starts_with(text, "__begin");
        clang_disposeString(name);
        if (found)
            return named;
    }
    return clang_getNullCursor();
}

typedef struct MethodSearch {
    const char *name; /* wanted */
    int arg_count;    /* wanted */
    CXCursor found;   /* null none */
} MethodSearch;

static enum CXChildVisitResult visit_method(CXCursor cursor, CXCursor parent, CXClientData data) {
    MethodSearch *self = data;
    (void)parent;
    if (cursor.kind != CXCursor_CXXMethod ||
        clang_Cursor_getNumArguments(cursor) != self->arg_count)
        return CXChildVisit_Continue;
    CXString name = clang_getCursorSpelling(cursor);
    const char *text = clang_getCString(name);
    if (text != NULL && str_eq(text, self->name))
        self->found = cursor;
    clang_disposeString(name);
    return CXChildVisit_Continue;
}

/* Calls a member of the object by name; its result, 0 when there is no such member. */
static IrValue call_member(Body *self, IrPath object, TypeId type, const char *name,
                           const IrValue *argument, NodeId at) {
    CXCursor class = clang_getTypeDeclaration(type_info(self->lower, type)->canonical);
    MethodSearch search = {name, argument == NULL ? 0 : 1, clang_getNullCursor()};
    if (type_info(self->lower, type)->kind != TYPE_RECORD)
        return 0;
    clang_visitChildren(clang_getCursorDefinition(class), visit_method, &search);
    if (clang_Cursor_isNull(search.found))
        return 0;
    IrValue args[2] = {value_addr(self, object), argument == NULL ? 0 : *argument};
    IrFunc func = func_of(self->lower, search.found);
    IrValue callee = irb_value(self->lower->builder, IR_VALUE_FUNC, func, 0, 0);
    return emit_call(self, callee, args, argument == NULL ? 1 : 2, at, IR_OP_IMPLICIT);
}

/* What the range names, without the reference. */
static TypeId range_type(Body *self, NodeId range) {
    TypeId type = range == 0 ? 0 : node_type(self, range);
    if (type_info(self->lower, type)->kind != TYPE_REFERENCE)
        return type;
    return type_of(self->lower, clang_getPointeeType(type_info(self->lower, type)->canonical));
}

/* The iterator points at some element of an array; of a class begin() gives it. */
static void begin_iterator(Body *self, CXCursor iterator, IrPath range, TypeId type, NodeId at) {
    IrPath place = path_variable(self, iterator, at);
    if (type_info(self->lower, type)->kind == TYPE_ARRAY) {
        IrPath element =
            irb_path(self->lower->builder, IR_PATH_INDEX, range, value_unknown(self), 0);
        store(self, place, value_addr(self, element), at);
        return;
    }
    IrValue value = call_member(self, range, type, "begin", NULL, at);
    if (value == 0)
        flow_unknown(self, at, "begin and end of a range");
    store(self, place, value == 0 ? value_unknown(self) : value, at);
}

/* begin != end, where that is a call. */
static void test_end(Body *self, CXCursor iterator, IrPath end, IrBlock body, IrBlock done,
                     NodeId at) {
    IrValue more = 0, other = end == 0 ? 0 : value_addr(self, end);
    if (!clang_Cursor_isNull(iterator) && end != 0) {
        TypeId type = type_of(self->lower, clang_getCursorType(iterator));
        IrPath place = path_variable(self, iterator, at);
        more = call_member(self, place, type, "operator!=", &other, at);
    }
    flow_branch(self, more == 0 ? value_unknown(self) : more, body, done, node_loc(self, at));
}

static RangeParts find_parts(Body *self, NodeId node) {
    RangeParts parts = {.statement = node_last(self, node)};
    for (NodeId child = node_first(self, node); child != parts.statement;
         child = node_next(self, child)) {
        uint32_t kind = node_kind(self, child);
        if (kind == CXCursor_VarDecl || kind == CXCursor_UnexposedDecl)
            parts.variable = child;
        else if (kind == CXCursor_DeclStmt)
            lower_stmt(self, child);
        else if (node_is_expr(self, child))
            parts.range = child;
    }
    return parts;
}

/* Where end() is kept; 0: it is no call that we know. */
static IrPath keep_end(Body *self, CXCursor iterator, IrPath range, TypeId type, NodeId at) {
    IrValue value = call_member(self, range, type, "end", NULL, at);
    if (value == 0 || clang_Cursor_isNull(iterator))
        return 0;
    TypeId kept = type_of(self->lower, clang_getCursorType(iterator));
    return path_temp(self, value, kept, at);
}

/* One round: x begins anew, the body runs, the iterator moves on. */
static void lower_round(Body *self, const RangeParts *parts, CXCursor iterator, IrBlock done) {
    IrBlock again = flow_new(self), left = flow_new(self);
    Scope *outer = self->scope;
    if (parts->variable != 0)
        lower_variable(self, parts->variable);
    Scope *inner = self->scope;
    run_loop_body(self, parts->statement, left, again);
    flow_goto(self, again);
    end_round(self, inner, outer, left);
    flow_goto(self, done);
    end_round(self, inner, outer, again);
    if (clang_Cursor_isNull(iterator))
        return;
    TypeId type = type_of(self->lower, clang_getCursorType(iterator));
    call_member(self, path_variable(self, iterator, parts->range), type, "operator++", NULL,
                parts->range);
}

void lower_range_for(Body *self, NodeId node) {
    IrBlock head = flow_new(self), body = flow_new(self), done = flow_new(self);
    RangeParts parts = find_parts(self, node);
    CXCursor iterator =
        parts.variable == 0 ? clang_getNullCursor() : find_iterator(self, parts.variable);
    uint32_t mark = self->temps.len;
    TypeId type = range_type(self, parts.range);
    IrPath range = lower_path(self, parts.range);
    self->bound = range;
    keep_temporary(self, mark);
    if (!clang_Cursor_isNull(iterator))
        begin_iterator(self, iterator, range, type, parts.range);
    IrPath end = keep_end(self, iterator, range, type, parts.range);
    flow_continue(self, head);
    test_end(self, iterator, end, body, done, node);
    flow_start(self, body);
    lower_round(self, &parts, iterator, done);
    flow_goto(self, head);
    flow_start(self, done);
}
