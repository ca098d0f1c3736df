/* lower_seh: __try, __except, __finally, __leave, and what runs on the way out of scopes.
 *
 * Invariant: on every normal way out of a __try … __finally (end, __leave, break, continue, goto,
 * return) a copy of the finally body stands before the jump, outside the region; one more copy is
 * the region's handler and ends UNREACHABLE: the exception goes on. In each copy
 * AbnormalTermination() is a constant. An __except handler begins with its filter. C++ destructors
 * are run the same way. Errs: a jump out of a finally body itself (undefined in C) ends there.
 */
#include "analyzer/frontend/lower.h"

static void lower_finally(Body *self, NodeId finally, Leaving leaving) {
    Scope limit = {.outer = self->scope, .kind = SCOPE_LIMIT};
    NodeId outer_body = self->copy_of;
    uint32_t outer_copy = self->copy;
    Leaving outer_leaving = self->leaving;
    self->leaving = leaving;
    self->copy_of = finally;
    self->copy = ++self->copies;
    self->scope = &limit;
    lower_stmt(self, finally);
    self->scope = limit.outer;
    self->copy_of = outer_body;
    self->copy = outer_copy;
    self->leaving = outer_leaving;
}

bool unwind_needed(const Body *self, const Scope *until) {
    for (const Scope *scope = self->scope; scope != until && scope != NULL; scope = scope->outer) {
        if (scope->kind == SCOPE_CLEANUP || scope->kind == SCOPE_TRY)
            return true;
    }
    return false;
}

static void leave_scope(Body *self, const Scope *scope) {
    self->scope = scope->outer;
    if (scope->kind == SCOPE_CLEANUP)
        emit_destructor(self, scope, node_loc(self, self->statement));
    if (scope->kind != SCOPE_TRY)
        return;
    self->region = scope->outer_region;
    flow_continue(self, flow_new(self));
    if (scope->finally != 0)
        lower_finally(self, scope->finally, LEAVING_ABNORMALLY);
}

Unwind unwind_begin(Body *self, const Scope *until) {
    Unwind saved = {self->scope, self->region};
    while (self->scope != until && self->scope != NULL)
        leave_scope(self, self->scope);
    return saved;
}

void unwind_end(Body *self, Unwind saved) {
    self->scope = saved.scope;
    if (self->region != saved.region) {
        self->region = saved.region;
        flow_start(self, flow_new(self));
    }
}

/* The handler is entered from anywhere in the region, with the region left. */
static void lower_except(Body *self, NodeId handler, IrBlock entry, IrBlock done) {
    NodeId filter = node_child(self, handler, 0), body = node_child(self, handler, 1);
    IrBlock taken = flow_new(self), passed = flow_new(self);
    flow_start(self, entry);
    lower_branch(self, filter, taken, passed);
    flow_start(self, passed);
    flow_unreachable(self, node_loc(self, handler));
    flow_start(self, taken);
    lower_stmt(self, body);
    flow_continue(self, done);
}

void lower_try(Body *self, NodeId node) {
    NodeId guarded = node_child(self, node, 0), handler = node_child(self, node, 1);
    bool is_finally = handler != 0 && node_kind(self, handler) == CXCursor_SEHFinallyStmt;
    IrBlock entry = flow_new(self), left = flow_new(self), done = flow_new(self);
    Scope scope = {.outer = self->scope, .kind = SCOPE_TRY, .break_to = left, .body = guarded};
    scope.outer_region = self->region;
    scope.finally = is_finally ? node_child(self, handler, 0) : 0;
    uint32_t region = flow_region(self, is_finally ? IR_REGION_FINALLY : IR_REGION_EXCEPT, entry);
    self->region = region;
    self->scope = &scope;
    flow_continue(self, flow_new(self));
    lower_stmt(self, guarded);
    self->scope = scope.outer;
    self->region = scope.outer_region;
    flow_continue(self, left);
    if (is_finally)
        lower_finally(self, scope.finally, LEAVING_NORMALLY);
    flow_goto(self, done);
    if (is_finally) {
        flow_start(self, entry);
        lower_finally(self, scope.finally, LEAVING_ABNORMALLY);
        flow_unreachable(self, node_loc(self, handler));
        flow_start(self, done);
    } else if (handler != 0) {
        lower_except(self, handler, entry, done);
    } else {
        flow_start(self, entry);
        flow_unreachable(self, node_loc(self, node));
        flow_start(self, done);
    }
}

void lower_leave(Body *self, NodeId node) {
    Scope *target = self->scope;
    while (target != NULL && target->kind != SCOPE_TRY && target->kind != SCOPE_LIMIT)
        target = target->outer;
    if (target == NULL || target->kind != SCOPE_TRY) {
        flow_unknown(self, node, "__leave outside of __try");
        return;
    }
    Unwind saved = unwind_begin(self, target);
    flow_goto(self, target->break_to);
    unwind_end(self, saved);
}

/* C++ try: any catch block may run instead of the rest of the body. */
void lower_cxx_try(Body *self, NodeId node) {
    IrBlock entry = flow_new(self), done = flow_new(self);
    uint32_t outer = self->region;
    NodeId guarded = node_child(self, node, 0);
    self->region = flow_region(self, IR_REGION_EXCEPT, entry);
    flow_continue(self, flow_new(self));
    lower_stmt(self, guarded);
    self->region = outer;
    flow_goto(self, done);
    flow_start(self, entry);
    for (NodeId handler = guarded == 0 ? 0 : node_next(self, guarded); handler != 0;
         handler = node_next(self, handler)) {
        IrBlock body = flow_new(self), other = flow_new(self);
        flow_branch(self, value_unknown(self), body, other, node_loc(self, handler));
        flow_start(self, body);
        lower_stmt(self, node_last(self, handler));
        flow_goto(self, done);
        flow_start(self, other);
    }
    flow_unreachable(self, node_loc(self, node));
    flow_start(self, done);
}
