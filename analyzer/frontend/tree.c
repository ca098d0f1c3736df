/* tree: the AST of one function as an array of nodes in preorder.
 *
 * One recursive visit by libclang's own worklist, so that deep expressions cost no stack of ours.
 * Invariant: a node's descendants are the indices [node + 1, node.end). References to types and
 * nested declarations of types are left out; references to members stay (designated initialisers).
 */
#include "analyzer/frontend/lower.h"

typedef struct Collector {
    Body *body;     /* takes the nodes */
    U32Array stack; /* open nodes, outermost first */
} Collector;

/* Has this kind nothing below it that is evaluated where it stands? */
static bool is_leaf(enum CXCursorKind kind) {
    return kind == CXCursor_UnaryExpr || kind == CXCursor_LambdaExpr || clang_isReference(kind);
}

static bool is_left_out(enum CXCursorKind kind) {
    switch (kind) {
    case CXCursor_TypeRef:
    case CXCursor_TemplateRef:
    case CXCursor_NamespaceRef:
    case CXCursor_OverloadedDeclRef:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_ClassDecl:
    case CXCursor_EnumDecl:
    case CXCursor_TypedefDecl:
    case CXCursor_TypeAliasDecl:
    case CXCursor_FunctionDecl:
    case CXCursor_StaticAssert:
    case CXCursor_TemplateTypeParameter:
        return true;
    default:
        return false;
    }
}

static void close_until(Collector *self, CXCursor parent) {
    Node *nodes = self->body->nodes.items;
    while (self->stack.len > 1 &&
           !clang_equalCursors(nodes[self->stack.items[self->stack.len - 1]].cursor, parent)) {
        self->stack.len--;
        nodes[self->stack.items[self->stack.len]].end = self->body->nodes.len;
    }
}

static void append_child(Body *body, NodeId parent, NodeId child) {
    Node *nodes = body->nodes.items;
    if (nodes[parent].first == 0)
        nodes[parent].first = child;
    else
        nodes[nodes[parent].last].next = child;
    nodes[parent].last = child;
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data) {
    Collector *self = data;
    Arena *scratch = self->body->lower->scratch;
    if (is_left_out(cursor.kind))
        return CXChildVisit_Continue;
    close_until(self, parent);
    NodeId id = self->body->nodes.len;
    Node node = {.cursor = cursor, .end = id + 1};
    array_push(&self->body->nodes, scratch, node);
    append_child(self->body, self->stack.items[self->stack.len - 1], id);
    if (is_leaf(cursor.kind))
        return CXChildVisit_Continue;
    array_push(&self->stack, scratch, id);
    return CXChildVisit_Recurse;
}

void tree_collect(Body *self, CXCursor function) {
    Collector collector = {.body = self};
    Arena *scratch = self->lower->scratch;
    Node none = {.cursor = clang_getNullCursor()};
    self->nodes.len = 0;
    array_push(&self->nodes, scratch, none);
    Node root = {.cursor = function};
    array_push(&self->nodes, scratch, root);
    array_push(&collector.stack, scratch, 1);
    clang_visitChildren(function, visit, &collector);
    close_until(&collector, function);
    self->nodes.items[1].end = self->nodes.len;
}

NodeId tree_append(Body *self, CXCursor expression) {
    Collector collector = {.body = self};
    NodeId id = self->nodes.len;
    Node root = {.cursor = expression};
    array_push(&self->nodes, self->lower->scratch, root);
    array_push(&collector.stack, self->lower->scratch, id);
    if (!is_leaf(expression.kind))
        clang_visitChildren(expression, visit, &collector);
    close_until(&collector, expression);
    self->nodes.items[id].end = self->nodes.len;
    return id;
}

bool node_is_expr(const Body *self, NodeId node) {
    enum CXCursorKind kind = self->nodes.items[node].cursor.kind;
    return clang_isExpression(kind) || clang_isStatement(kind);
}

NodeId node_child(const Body *self, NodeId node, uint32_t index) {
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child)) {
        if (node_is_expr(self, child) && index-- == 0)
            return child;
    }
    return 0;
}

uint32_t node_child_count(const Body *self, NodeId node) {
    uint32_t count = 0;
    for (NodeId child = node_first(self, node); child != 0; child = node_next(self, child))
        count += node_is_expr(self, child);
    return count;
}

NodeId node_strip(const Body *self, NodeId node) {
    for (;;) {
        uint32_t kind = node_kind(self, node);
        NodeId child = node_child(self, node, 0);
        bool transparent = kind == CXCursor_ParenExpr || kind == CXCursor_UnexposedExpr;
        if (!transparent || child == 0 || node_last(self, node) != child ||
            node_first(self, node) != child || node_class(self, node) == TYPE_DEPENDENT)
            return node;
        node = child;
    }
}

TypeId node_type(const Body *self, NodeId node) {
    return type_of(self->lower, clang_getCursorType(node_cursor(self, node)));
}

TypeClass node_class(const Body *self, NodeId node) {
    return (TypeClass)type_info(self->lower, node_type(self, node))->kind;
}

IrLoc node_loc(const Body *self, NodeId node) {
    if (self->place.file != 0)
        return self->place;
    return loc_of(self->lower, clang_getCursorLocation(node_cursor(self, node)));
}

/* A token of a macro's body has its spelling elsewhere, and even the file location, which follows
 * macro arguments to where they are written, is the place of the expansion. */
uint32_t node_flags(const Body *self, NodeId node) {
    CXSourceLocation location = clang_getCursorLocation(node_cursor(self, node));
    CXFile spelling_file, expansion_file;
    unsigned spelling, expansion, file_offset;
    clang_getSpellingLocation(location, &spelling_file, NULL, NULL, &spelling);
    clang_getExpansionLocation(location, &expansion_file, NULL, NULL, &expansion);
    if (spelling == expansion && spelling_file == expansion_file)
        return 0;
    clang_getFileLocation(location, NULL, NULL, NULL, &file_offset);
    return file_offset == expansion ? IR_OP_MACRO : 0;
}
