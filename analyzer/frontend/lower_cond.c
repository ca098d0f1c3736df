/* lower_cond: conditions: `&& || ! ?:` as control flow.
 *
 * Invariant: a branch tests one comparison or one value; what C evaluates only sometimes stands in
 * a block that is reached only then. A constant condition is a jump, so `do { } while (0)` is
 * straight-line code. Errs: a temporary of a part that is evaluated only sometimes is destroyed at
 * the end of that part, not of the full expression.
 */
#include "analyzer/frontend/lower.h"

static enum CXBinaryOperatorKind logical_kind(const Body *self, NodeId node) {
    if (node_kind(self, node) != CXCursor_BinaryOperator)
        return CXBinaryOperator_Invalid;
    return clang_getCursorBinaryOperatorKind(node_cursor(self, node));
}

static bool is_not(const Body *self, NodeId node) {
    return node_kind(self, node) == CXCursor_UnaryOperator && node_child(self, node, 0) != 0 &&
           clang_getCursorUnaryOperatorKind(node_cursor(self, node)) == CXUnaryOperator_LNot;
}

static void branch_both(Body *self, NodeId node, IrBlock yes, IrBlock no, bool is_and) {
    IrBlock second = flow_new(self);
    NodeId left = node_child(self, node, 0), right = node_child(self, node, 1);
    lower_branch(self, left, is_and ? second : yes, is_and ? no : second);
    flow_start(self, second);
    lower_branch(self, right, yes, no);
}

static void branch_conditional(Body *self, NodeId node, IrBlock yes, IrBlock no) {
    IrBlock on_true = flow_new(self), on_false = flow_new(self);
    lower_branch(self, node_child(self, node, 0), on_true, on_false);
    flow_start(self, on_true);
    lower_branch(self, node_child(self, node, 1), yes, no);
    flow_start(self, on_false);
    lower_branch(self, node_child(self, node, 2), yes, no);
}

static void branch_value(Body *self, NodeId node, IrBlock yes, IrBlock no) {
    uint32_t mark = self->temps.len;
    IrValue value = lower_value(self, node);
    end_temporaries(self, mark, node);
    flow_branch(self, value, yes, no, node_loc(self, node));
}

static void branch_plain(Body *self, NodeId node, IrBlock yes, IrBlock no) {
    enum CXBinaryOperatorKind kind = logical_kind(self, node);
    if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr)
        branch_both(self, node, yes, no, kind == CXBinaryOperator_LAnd);
    else if (is_not(self, node))
        lower_branch(self, node_child(self, node, 0), no, yes);
    else if (node_kind(self, node) == CXCursor_ConditionalOperator)
        branch_conditional(self, node, yes, no);
    else
        branch_value(self, node, yes, no);
}

void lower_branch(Body *self, NodeId node, IrBlock yes, IrBlock no) {
    if (node == 0) {
        flow_branch(self, value_unknown(self), yes, no, (IrLoc){0, 0, 0});
        return;
    }
    if (self->depth >= MAX_DEPTH) {
        flow_unknown(self, node, "too deeply nested");
        flow_branch(self, value_unknown(self), yes, no, node_loc(self, node));
        return;
    }
    self->depth++;
    branch_plain(self, node_strip(self, node), yes, no);
    self->depth--;
}

IrValue lower_logical(Body *self, NodeId node, bool wanted) {
    if (!wanted) {
        IrBlock behind = flow_new(self);
        lower_branch(self, node, behind, behind);
        flow_start(self, behind);
        return value_unknown(self);
    }
    IrBlock yes = flow_new(self), no = flow_new(self), done = flow_new(self);
    IrPath result = path_local(self, flow_temp(self, node_type(self, node)));
    lower_branch(self, node, yes, no);
    flow_start(self, yes);
    store(self, result, value_const(self, 1), node);
    flow_goto(self, done);
    flow_start(self, no);
    store(self, result, value_const(self, 0), node);
    flow_continue(self, done);
    return irb_value(self->lower->builder, IR_VALUE_PATH, result, 0, 0);
}

static void store_arm(Body *self, NodeId arm, IrPath result, bool has_value) {
    uint32_t mark = self->temps.len;
    if (has_value)
        store(self, result, lower_value(self, arm), arm);
    else
        lower_effect(self, arm);
    end_temporaries(self, mark, arm);
}

/* What is always evaluated keeps its temporaries until the end of the full expression. */
static void branch_first(Body *self, NodeId node, IrBlock yes, IrBlock no) {
    NodeId inner = node == 0 ? 0 : node_strip(self, node);
    bool plain = self->lower->cxx && inner != 0 && !is_not(self, inner) &&
                 node_kind(self, inner) != CXCursor_ConditionalOperator &&
                 logical_kind(self, inner) != CXBinaryOperator_LAnd &&
                 logical_kind(self, inner) != CXBinaryOperator_LOr;
    if (plain)
        flow_branch(self, lower_value(self, inner), yes, no, node_loc(self, inner));
    else
        lower_branch(self, node, yes, no);
}

/* C++: an arm makes the object in the place of the whole. */
static void construct_arm(Body *self, NodeId arm, IrPath result, TypeId type) {
    uint32_t mark = self->temps.len;
    lower_init(self, result, type, arm);
    end_temporaries(self, mark, arm);
}

static bool makes_object(Body *self, NodeId node) {
    NodeId a = node_child(self, node, 1), b = node_child(self, node, 2);
    return self->lower->cxx && a != 0 && b != 0 && node_class(self, node) == TYPE_RECORD &&
           is_new_object(self, a) && is_new_object(self, b);
}

static void lower_arm(Body *self, NodeId node, NodeId arm, IrPath result) {
    if (result != 0 && makes_object(self, node))
        construct_arm(self, arm, result, node_type(self, node));
    else
        store_arm(self, arm, result, result != 0);
}

/* cond ? a : b, where only the chosen arm is evaluated. A constant condition chooses now. */
IrValue lower_conditional(Body *self, NodeId node, bool wanted) {
    NodeId cond = node_child(self, node, 0), a = node_child(self, node, 1);
    NodeId b = node_child(self, node, 2);
    TypeId type = node_type(self, node);
    bool direct = self->direct == node;
    bool has_value =
        (wanted || makes_object(self, node)) && type_info(self->lower, type)->kind != TYPE_VOID;
    IrPath result = has_value ? path_local(self, flow_temp(self, type)) : 0;
    IrBlock yes = flow_new(self), no = flow_new(self), done = flow_new(self);
    branch_first(self, cond, yes, no);
    flow_start(self, yes);
    lower_arm(self, node, a, result);
    flow_goto(self, done);
    flow_start(self, no);
    lower_arm(self, node, b, result);
    flow_continue(self, done);
    if (!has_value)
        return value_unknown(self);
    if (!direct && makes_object(self, node))
        add_temporary(self, result, type);
    return irb_value(self->lower->builder, IR_VALUE_PATH, result, 0, 0);
}
