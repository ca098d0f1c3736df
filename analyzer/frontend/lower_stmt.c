/* lower_stmt: statements that are not loops, switches or exception handling.
 *
 * Invariant: every statement of the AST is lowered or leaves IR_OP_UNKNOWN. clang drops statements
 * that it cannot parse at all, so in a function with errors an IR_OP_UNKNOWN stands where the error
 * was: after the statement that begins last before it.
 */
#include "analyzer/frontend/lower.h"

/* ---- what clang dropped --------------------------------------------------------------------- */

static bool error_before(const Body *self, uint32_t index, CXFile file, unsigned offset) {
    const Lower *lower = self->lower;
    if (index >= lower->errors.len)
        return false;
    const ErrorSpot *spot = &lower->errors.items[index];
    return clang_File_isEqual(spot->file, file) && spot->offset < offset;
}

/* Puts an IR_OP_UNKNOWN for the errors up to the given offset. */
static void mark_errors(Body *self, NodeId at, CXFile file, unsigned offset) {
    bool any = false;
    for (; error_before(self, self->next_error, file, offset); self->next_error++)
        any |= !self->lower->errors.items[self->next_error].is_told;
    if (any) {
        flow_emit(self, IR_OP_UNKNOWN,
                  irb_str(self->lower->builder, "statement with an error may be missing"), 0, 0,
                  at);
        self->incomplete = true;
    }
}

static void mark_errors_before(Body *self, NodeId node, NodeId at) {
    CXFile file;
    unsigned offset;
    CXSourceLocation start = clang_getCursorLocation(node_cursor(self, node));
    clang_getExpansionLocation(start, &file, NULL, NULL, &offset);
    mark_errors(self, at, file, offset);
}

static void mark_errors_at_end(Body *self, NodeId compound, NodeId at) {
    CXFile file;
    unsigned offset;
    CXSourceLocation end = clang_getRangeEnd(clang_getCursorExtent(node_cursor(self, compound)));
    clang_getExpansionLocation(end, &file, NULL, NULL, &offset);
    mark_errors(self, at, file, offset + 1);
}

/* ---- blocks --------------------------------------------------------------------------------- */

void lower_compound(Body *self, NodeId node) {
    NodeId done = node;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        if (self->has_errors)
            mark_errors_before(self, child, done);
        lower_stmt(self, child);
        done = child;
    }
    if (self->has_errors)
        mark_errors_at_end(self, node, done);
}

/* ({ … x; }) is x. */
IrValue lower_statement_expr(Body *self, NodeId node) {
    NodeId compound = node_child(self, node, 0);
    IrValue value = value_unknown(self);
    Scope *before = self->scope;
    if (compound == 0)
        return value;
    NodeId last = node_last(self, compound);
    for (NodeId child = node_first(self, compound); child != 0; child = node_next(self, child)) {
        bool has_value = child == last && clang_isExpression(node_cursor(self, child).kind) &&
                         node_class(self, child) != TYPE_VOID;
        if (has_value)
            value = lower_value(self, child);
        else
            lower_stmt(self, child);
    }
    close_cleanups(self, before);
    return value;
}

static enum CXChildVisitResult note_local_class(CXCursor cursor, CXCursor parent,
                                                CXClientData data) {
    Lower *lower = data;
    (void)parent;
    if (cursor.kind == CXCursor_StructDecl || cursor.kind == CXCursor_ClassDecl)
        array_push(&lower->local_classes, lower->scratch, cursor);
    return CXChildVisit_Continue;
}

static void lower_declarations(Body *self, NodeId node) {
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child))
        lower_variable(self, child);
    if (self->lower->cxx)
        clang_visitChildren(node_cursor(self, node), note_local_class, self->lower);
}

/* C++: `if (T x = f())`: the declaration comes first. */
static NodeId skip_variable(Body *self, NodeId node) {
    NodeId child = node_first(self, node);
    while (child != 0 && !clang_isExpression(node_cursor(self, child).kind) &&
           node_next(self, child) != 0) {
        if (node_kind(self, child) == CXCursor_VarDecl)
            lower_variable(self, child);
        else if (node_is_expr(self, child))
            lower_stmt(self, child);
        child = node_next(self, child);
    }
    return child;
}

static void lower_if(Body *self, NodeId node) {
    NodeId cond = skip_variable(self, node);
    NodeId then = cond == 0 ? 0 : node_next(self, cond);
    NodeId otherwise = then == 0 ? 0 : node_next(self, then);
    IrBlock yes = flow_new(self), done = flow_new(self);
    IrBlock no = otherwise == 0 ? done : flow_new(self);
    lower_branch(self, cond, yes, no);
    flow_start(self, yes);
    lower_stmt(self, then);
    if (otherwise != 0) {
        flow_goto(self, done);
        flow_start(self, no);
        lower_stmt(self, otherwise);
    }
    flow_continue(self, done);
}

void lower_return(Body *self, NodeId node) {
    NodeId child = node_child(self, node, 0);
    IrLoc loc = node_loc(self, node);
    IrValue value = 0;
    int64_t constant;
    uint32_t mark = self->temps.len;
    if (child != 0) {
        IrFuncRec *func = func_rec(self->lower, self->func);
        bool reference = self->lower->cxx && func->return_type != 0 &&
                         str_ends_with(self->lower->tables->strings.items + func->return_type, "&");
        self->direct = self->lower->cxx ? strip_object(self, child) : 0;
        value = reference ? value_addr(self, lower_path(self, child)) : lower_value(self, child);
        if (node_class(self, child) == TYPE_VOID)
            value = 0;
    }
    if (unwind_needed(self, NULL) || self->temps.len > 0) {
        if (value != 0 && !value_is_const(self, value, &constant)) {
            IrPath kept = path_temp(self, value, node_type(self, child), node);
            value = irb_value(self->lower->builder, IR_VALUE_PATH, kept, 0, 0);
        }
        end_temporaries(self, mark, node);
        leave_temporaries(self, 0, node);
        Unwind saved = unwind_begin(self, NULL);
        flow_return(self, value, loc);
        unwind_end(self, saved);
        return;
    }
    flow_return(self, value, loc);
}

/* ---- labels --------------------------------------------------------------------------------- */

static bool is_within(const Body *self, NodeId node, NodeId ancestor) {
    return node > ancestor && node < self->nodes.items[ancestor].end;
}

/* A finally body is lowered several times; each copy has labels of its own. */
static IrBlock label_block(Body *self, NodeId label) {
    uint64_t copy = self->copy_of != 0 && is_within(self, label, self->copy_of) ? self->copy : 0;
    bool created;
    uint32_t *slot = map64_put(self->label_ids, copy << 32 | label, &created);
    if (created)
        *slot = flow_new(self);
    return *slot;
}

/* By its place: the cursor of a referenced label is not equal to that of the statement. */
static NodeId find_label(const Body *self, CXCursor label) {
    CXSourceLocation place = clang_getCursorLocation(label);
    for (NodeId node = 1; node < self->nodes.len; node++) {
        if (node_kind(self, node) == CXCursor_LabelStmt &&
            clang_equalLocations(clang_getCursorLocation(node_cursor(self, node)), place))
            return node;
    }
    return 0;
}

/* The innermost scope that both the goto and its label are in. */
static Scope *common_scope(const Body *self, NodeId label) {
    Scope *common = self->scope;
    for (Scope *scope = self->scope; scope != NULL; scope = scope->outer) {
        bool leaves = (scope->kind == SCOPE_TRY || scope->kind == SCOPE_CLEANUP) &&
                      !is_within(self, label, scope->body);
        if (leaves)
            common = scope->outer;
        if (scope->kind == SCOPE_LIMIT)
            break;
    }
    return common;
}

void lower_goto(Body *self, NodeId node) {
    NodeId reference = node_first(self, node);
    NodeId label = 0;
    if (reference != 0)
        label = find_label(self, clang_getCursorReferenced(node_cursor(self, reference)));
    if (label == 0) {
        flow_unknown(self, node, "goto without a known label");
        flow_unreachable(self, node_loc(self, node));
        return;
    }
    Unwind saved = unwind_begin(self, common_scope(self, label));
    flow_goto(self, label_block(self, label));
    unwind_end(self, saved);
}

void lower_label(Body *self, NodeId node) {
    flow_continue(self, label_block(self, node));
    lower_stmt(self, node_child(self, node, 0));
}

/* ---- all statements ------------------------------------------------------------------------- */

static void lower_unexposed_stmt(Body *self, NodeId node) {
    NodeId child = node_child(self, node, 0);
    if (child == 0)
        return;
    lower_stmt(self, node_last(self, node));
}

static void other_stmt(Body *self, NodeId node) {
    switch (node_kind(self, node)) {
    case CXCursor_CXXTryStmt:
        lower_cxx_try(self, node);
        break;
    case CXCursor_CXXForRangeStmt:
        lower_range_for(self, node);
        break;
    case CXCursor_UnexposedStmt:
        lower_unexposed_stmt(self, node);
        break;
    case CXCursor_GCCAsmStmt:
    case CXCursor_MSAsmStmt:
        flow_unknown(self, node, "inline assembly");
        break;
    case CXCursor_VarDecl:
        lower_variable(self, node);
        break;
    default:
        if (node_is_expr(self, node) && clang_isExpression(node_cursor(self, node).kind))
            lower_effect(self, node);
        else if (node_is_expr(self, node))
            flow_unknown(self, node, "statement of an unknown kind");
    }
}

static void stmt(Body *self, NodeId node) {
    switch (node_kind(self, node)) {
    case CXCursor_CompoundStmt:
        lower_compound(self, node);
        break;
    case CXCursor_DeclStmt:
        lower_declarations(self, node);
        break;
    case CXCursor_NullStmt:
        break;
    case CXCursor_IfStmt:
        lower_if(self, node);
        break;
    case CXCursor_WhileStmt:
        lower_while(self, node);
        break;
    case CXCursor_DoStmt:
        lower_do(self, node);
        break;
    case CXCursor_ForStmt:
        lower_for(self, node);
        break;
    case CXCursor_SwitchStmt:
        lower_switch(self, node);
        break;
    case CXCursor_CaseStmt:
        lower_case(self, node);
        break;
    case CXCursor_DefaultStmt:
        lower_default(self, node);
        break;
    case CXCursor_BreakStmt:
        lower_break(self, node);
        break;
    case CXCursor_ContinueStmt:
        lower_continue(self, node);
        break;
    case CXCursor_ReturnStmt:
        lower_return(self, node);
        break;
    case CXCursor_GotoStmt:
        lower_goto(self, node);
        break;
    case CXCursor_LabelStmt:
        lower_label(self, node);
        break;
    case CXCursor_SEHTryStmt:
        lower_try(self, node);
        break;
    case CXCursor_SEHLeaveStmt:
        lower_leave(self, node);
        break;
    default:
        other_stmt(self, node);
    }
}

/* Does what is declared in it outlive the statement? */
static bool has_open_end(uint32_t kind) {
    return kind == CXCursor_DeclStmt || kind == CXCursor_LabelStmt || kind == CXCursor_CaseStmt ||
           kind == CXCursor_DefaultStmt || kind == CXCursor_VarDecl;
}

void lower_stmt(Body *self, NodeId node) {
    if (node == 0)
        return;
    if (self->depth >= MAX_DEPTH || self->blocks.len >= MAX_BLOCKS) {
        flow_unknown(self, node, "too deeply nested or too large");
        return;
    }
    Scope *scope = self->scope;
    NodeId statement = self->statement;
    uint32_t mark = self->temps.len;
    bool open_end = has_open_end(node_kind(self, node));
    self->depth++;
    if (!open_end)
        self->statement = node;
    stmt(self, node);
    end_temporaries(self, mark, node);
    if (!open_end)
        close_cleanups(self, scope);
    self->statement = statement;
    self->depth--;
}
