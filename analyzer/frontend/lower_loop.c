/* lower_loop: loops and switch, and the jumps that leave or continue them.
 *
 * Invariant: a loop's condition has a block of its own that the body leads back to. The parts of a
 * for-header that are absent are not in the AST either; which ones are there follows from the
 * semicolons in the source, or, inside a macro, from what the expressions are. Errs: in a macro a
 * condition that assigns and stands alone is taken for the step.
 */
#include "analyzer/frontend/lower.h"

void run_loop_body(Body *self, NodeId body, IrBlock break_to, IrBlock continue_to) {
    Scope scope = {.outer = self->scope, .kind = SCOPE_LOOP};
    scope.break_to = break_to;
    scope.continue_to = continue_to;
    self->scope = &scope;
    lower_stmt(self, body);
    self->scope = scope.outer;
}

/* C++: a variable declared in a condition. */
static NodeId take_variable(Body *self, NodeId child) {
    if (child != 0 && node_kind(self, child) == CXCursor_VarDecl) {
        lower_variable(self, child);
        child = node_next(self, child);
    }
    return child;
}

void end_round(Body *self, Scope *inner, Scope *outer, IrBlock block) {
    flow_start(self, block);
    self->scope = inner;
    close_cleanups(self, outer);
}

/* A variable of the condition lives for one round. */
void lower_while(Body *self, NodeId node) {
    IrBlock head = flow_new(self), body = flow_new(self), done = flow_new(self);
    IrBlock again = flow_new(self), left = flow_new(self);
    flow_continue(self, head);
    Scope *outer = self->scope;
    NodeId cond = take_variable(self, node_first(self, node));
    Scope *inner = self->scope;
    lower_branch(self, cond, body, left);
    flow_start(self, body);
    run_loop_body(self, cond == 0 ? 0 : node_next(self, cond), left, again);
    flow_goto(self, again);
    end_round(self, inner, outer, again);
    flow_goto(self, head);
    end_round(self, inner, outer, left);
    flow_goto(self, done);
    flow_start(self, done);
}

void lower_do(Body *self, NodeId node) {
    IrBlock body = flow_new(self), test = flow_new(self), done = flow_new(self);
    NodeId statement = node_child(self, node, 0);
    flow_continue(self, body);
    run_loop_body(self, statement, done, test);
    flow_continue(self, test);
    lower_branch(self, statement == 0 ? 0 : node_next(self, statement), body, done);
    flow_start(self, done);
}

/* ---- for ------------------------------------------------------------------------------------ */

typedef struct ForParts {
    NodeId init; /* 0: absent */
    NodeId test; /* 0: absent */
    NodeId step; /* 0: absent */
    NodeId body; /* the statement */
} ForParts;

static const char *skip_quoted(const char *at, const char *end) {
    char quote = *at++;
    for (; at < end && *at != quote; at++) {
        if (*at == '\\')
            at++;
    }
    return at;
}

static const char *skip_comment(const char *at, const char *end) {
    bool line = at[1] == '/';
    for (at += 2; at < end; at++) {
        if (line ? *at == '\n' : (at[0] == '*' && at + 1 < end && at[1] == '/'))
            return line ? at : at + 1;
    }
    return at;
}

/* Finds the two semicolons of the header that begins at `at`; false when they are not there. */
static bool find_semicolons(const char *text, size_t size, size_t at, size_t found[2]) {
    const char *end = text + size;
    int level = 0, count = 0;
    for (const char *p = text + at; p < end; p++) {
        if (*p == '"' || *p == '\'')
            p = skip_quoted(p, end);
        else if (*p == '/' && p + 1 < end && (p[1] == '/' || p[1] == '*'))
            p = skip_comment(p, end);
        else if (*p == '(' || *p == '{')
            level++;
        else if ((*p == ')' || *p == '}') && --level <= 0)
            return false;
        else if (*p == ';' && level == 1) {
            found[count++] = (size_t)(p - text);
            if (count == 2)
                return true;
        }
    }
    return false;
}

static unsigned offset_of(const Body *self, NodeId node, CXFile *file) {
    unsigned offset;
    CXSourceLocation location = clang_getCursorLocation(node_cursor(self, node));
    clang_getExpansionLocation(location, file, NULL, NULL, &offset);
    return offset;
}

static void place_part(ForParts *parts, NodeId child, size_t at, const size_t semicolons[2]) {
    if (at < semicolons[0])
        parts->init = child;
    else if (at < semicolons[1])
        parts->test = child;
    else
        parts->step = child;
}

static bool is_increment(const Body *self, NodeId node) {
    if (node_kind(self, node) == CXCursor_CompoundAssignOperator)
        return true;
    if (node_kind(self, node) != CXCursor_UnaryOperator)
        return false;
    enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node_cursor(self, node));
    return op <= CXUnaryOperator_PreDec && op != CXUnaryOperator_Invalid;
}

/* A declaration, an assignment, a list of them, a call without a value: no condition. */
static bool is_action(const Body *self, NodeId node) {
    if (node_kind(self, node) == CXCursor_DeclStmt || node_class(self, node) == TYPE_VOID)
        return true;
    if (node_kind(self, node) != CXCursor_BinaryOperator)
        return false;
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node_cursor(self, node));
    return op == CXBinaryOperator_Assign || op == CXBinaryOperator_Comma;
}

/* Inside a macro: i++ is the step, an action before everything else is the start. */
static void guess_part(const Body *self, ForParts *parts, NodeId child) {
    NodeId inner = node_strip(self, child);
    if (is_increment(self, inner))
        parts->step = child;
    else if (is_action(self, inner) && parts->init == 0 && parts->test == 0)
        parts->init = child;
    else if (is_action(self, inner) || parts->test != 0)
        parts->step = child;
    else
        parts->test = child;
}

static ForParts for_parts(Body *self, NodeId node) {
    ForParts parts = {.body = node_last(self, node)};
    CXFile file, child_file;
    unsigned at = offset_of(self, node, &file);
    size_t semicolons[2], size = 0;
    const char *text = clang_getFileContents(self->lower->tu, file, &size);
    bool in_source =
        text != NULL && node_flags(self, node) == 0 && find_semicolons(text, size, at, semicolons);
    for (NodeId child = node_first(self, node); child != parts.body;
         child = node_next(self, child)) {
        if (node_kind(self, child) == CXCursor_VarDecl)
            continue;
        unsigned offset = offset_of(self, child, &child_file);
        if (in_source && clang_File_isEqual(file, child_file))
            place_part(&parts, child, offset, semicolons);
        else
            guess_part(self, &parts, child);
    }
    return parts;
}

/* With all four parts there the order says which is which. */
static ForParts split_for(Body *self, NodeId node) {
    if (node_child_count(self, node) != 4)
        return for_parts(self, node);
    ForParts parts = {.init = node_child(self, node, 0)};
    parts.test = node_child(self, node, 1);
    parts.step = node_child(self, node, 2);
    parts.body = node_last(self, node);
    return parts;
}

void lower_for(Body *self, NodeId node) {
    ForParts parts = split_for(self, node);
    IrBlock head = flow_new(self), body = flow_new(self), step = flow_new(self);
    IrBlock left = flow_new(self), done = flow_new(self);
    lower_stmt(self, parts.init);
    flow_continue(self, head);
    Scope *outer = self->scope;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child))
        take_variable(self, child);
    Scope *inner = self->scope;
    if (parts.test != 0)
        lower_branch(self, parts.test, body, left);
    else
        flow_goto(self, body);
    flow_start(self, body);
    run_loop_body(self, parts.body, left, step);
    flow_continue(self, step);
    uint32_t mark = self->temps.len;
    if (parts.step != 0)
        lower_effect(self, parts.step);
    end_temporaries(self, mark, parts.step);
    close_cleanups(self, outer);
    flow_goto(self, head);
    end_round(self, inner, outer, left);
    flow_goto(self, done);
    flow_start(self, done);
}

/* ---- switch --------------------------------------------------------------------------------- */

/* What no constant matches may go to any case whose constant is not known, or to the default. */
static IrBlock default_block(Body *self, const Scope *scope, IrLoc loc) {
    IrBlock block = scope->default_to != 0 ? scope->default_to : scope->break_to;
    for (uint32_t i = scope->unknown_cases.len; i-- > 0;) {
        IrBlock test = flow_new(self);
        flow_start(self, test);
        flow_branch(self, value_unknown(self), scope->unknown_cases.items[i], block, loc);
        block = test;
    }
    return block;
}

static void end_switch(Body *self, IrBlock head, const Scope *scope, IrLoc loc) {
    IrBlock otherwise = default_block(self, scope, loc);
    IrBlockRec *block = &self->blocks.items[head];
    block->a = self->cases.len;
    block->b = scope->cases.len;
    block->c = otherwise;
    block->term = IR_TERM_SWITCH;
    block->term_loc = loc;
    for (uint32_t i = 0; i < scope->cases.len; i++)
        array_push(&self->cases, self->lower->scratch, scope->cases.items[i]);
}

/* C++: `switch (T x(y); cond)`: libclang does not show the declaration. */
static bool has_hidden_part(Body *self, NodeId node, NodeId cond) {
    CXFile file, cond_file;
    unsigned begin = offset_of(self, node, &file), end = offset_of(self, cond, &cond_file);
    size_t size = 0;
    const char *text = clang_getFileContents(self->lower->tu, file, &size);
    return self->lower->cxx && node_flags(self, node) == 0 && text != NULL && begin < end &&
           end < size && clang_File_isEqual(file, cond_file) &&
           memchr(text + begin, ';', end - begin) != NULL;
}

void lower_switch(Body *self, NodeId node) {
    NodeId cond = node_first(self, node);
    while (cond != 0 && !clang_isExpression(node_cursor(self, cond).kind)) {
        lower_stmt(self, cond);
        cond = node_next(self, cond);
    }
    if (cond != 0 && cond == node_first(self, node) && has_hidden_part(self, node, cond))
        flow_unknown(self, node, "declaration in the head of a switch");
    uint32_t mark = self->temps.len;
    IrValue value = lower_value(self, cond);
    end_temporaries(self, mark, cond);
    Scope scope = {.outer = self->scope, .kind = SCOPE_SWITCH};
    scope.type = cond == 0 ? 0 : node_type(self, cond);
    scope.break_to = flow_new(self);
    IrBlock head = self->current;
    self->blocks.items[head].cond = value;
    flow_start(self, flow_new(self)); /* what stands before the first case is never reached */
    self->scope = &scope;
    lower_stmt(self, cond == 0 ? 0 : node_next(self, cond));
    self->scope = scope.outer;
    flow_goto(self, scope.break_to);
    end_switch(self, head, &scope, cond == 0 ? node_loc(self, node) : node_loc(self, cond));
    flow_start(self, scope.break_to);
}

static Scope *enclosing_switch(const Body *self) {
    for (Scope *scope = self->scope; scope != NULL; scope = scope->outer) {
        if (scope->kind == SCOPE_SWITCH)
            return scope;
        if (scope->kind == SCOPE_LIMIT)
            return NULL;
    }
    return NULL;
}

/* libclang shows the constant as its operator, but without telling which one: clang evaluates. */
static int64_t case_constant(Body *self, NodeId node, TypeId type, bool *known) {
    int64_t value = 0;
    *known = eval_int(node_cursor(self, node), &value);
    return type_convert(type_info(self->lower, type), value);
}

void lower_case(Body *self, NodeId node) {
    NodeId low = node_child(self, node, 0);
    NodeId statement = node_last(self, node);
    Scope *scope = enclosing_switch(self);
    IrBlock block = flow_new(self);
    flow_continue(self, block);
    if (scope != NULL && low != 0 && low != statement) {
        bool known;
        IrCaseRec record = {.target = block};
        record.low = record.high = case_constant(self, low, scope->type, &known);
        if (node_next(self, low) != statement)
            record.high = case_constant(self, node_next(self, low), scope->type, &known);
        if (known) {
            array_push(&scope->cases, self->lower->scratch, record);
        } else {
            array_push(&scope->unknown_cases, self->lower->scratch, block);
            note_unknown(self, "case that is no constant", node_loc(self, low));
        }
    }
    lower_stmt(self, statement);
}

void lower_default(Body *self, NodeId node) {
    Scope *scope = enclosing_switch(self);
    IrBlock block = flow_new(self);
    flow_continue(self, block);
    if (scope != NULL)
        scope->default_to = block;
    lower_stmt(self, node_child(self, node, 0));
}

/* ---- break and continue --------------------------------------------------------------------- */

static Scope *jump_target(const Body *self, bool is_continue) {
    for (Scope *scope = self->scope; scope != NULL; scope = scope->outer) {
        if (scope->kind == SCOPE_LOOP || (scope->kind == SCOPE_SWITCH && !is_continue))
            return scope;
        if (scope->kind == SCOPE_LIMIT)
            return NULL;
    }
    return NULL;
}

static void lower_jump(Body *self, NodeId node, bool is_continue) {
    Scope *target = jump_target(self, is_continue);
    if (target == NULL) {
        flow_unknown(self, node, "jump out of nothing");
        return;
    }
    Unwind saved = unwind_begin(self, target);
    flow_goto(self, is_continue ? target->continue_to : target->break_to);
    unwind_end(self, saved);
}

void lower_break(Body *self, NodeId node) {
    lower_jump(self, node, false);
}

void lower_continue(Body *self, NodeId node) {
    lower_jump(self, node, true);
}
