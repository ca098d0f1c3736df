/* contexts: how contexts flow from roots along calls, and the shortest cause of each.
 *
 * A node is (instance, context). Nodes are reached in order of certainty first and of distance from
 * the root second, so the first cause of a node is its surest and shortest one. An edge can only
 * weaken: several targets or lost precision make it weak, and a path on which an
 * assertion about the level fails is followed for certain levels only. Annotations of a function
 * deny levels that are no better than weak.
 */
#include "analyzer/infer/internal.h"

/* Nodes waiting, by certainty and distance. */
typedef struct Frontier {
    Array(U32Array) by_depth[CERTAINTY_COUNT]; /* items: instance * CONTEXT_COUNT + context */
} Frontier;

static void frontier_add(Inferred *self, Frontier *frontier, InstId id, Context context) {
    const Node *node = &self->instances.items[id]->nodes[context];
    uint32_t depth = node->depth;
    while (frontier->by_depth[node->certainty].len <= depth)
        array_push(&frontier->by_depth[node->certainty], self->arena, (U32Array){0});
    array_push(&frontier->by_depth[node->certainty].items[depth], self->arena,
               id * CONTEXT_COUNT + (uint32_t)context);
}

static bool better(const Node *a, const Node *b) {
    if (a->certainty != b->certainty)
        return a->certainty < b->certainty;
    return a->depth < b->depth;
}

/* True when the function's annotations deny its entry level and nothing better than a weak path or
 * a role type speaks for it: the author knows who calls it. */
static bool is_denied(const Inferred *self, const Instance *instance, const Node *node) {
    if ((self->facts[instance->func].claims & irql_bit(instance->entry)) != 0)
        return false;
    bool by_type = node->root != 0 && self->roots.items[node->root - 1].via == ROOT_BY_TYPE;
    return node->certainty == POSSIBLE_WEAK || (node->certainty == POSSIBLE && by_type);
}

static void reach(Inferred *self, Frontier *frontier, InstId id, Context context, Node node) {
    Node *known = &self->instances.items[id]->nodes[context];
    if (!better(&node, known) || is_denied(self, self->instances.items[id], &node))
        return;
    *known = node;
    frontier_add(self, frontier, id, context);
}

/* ---- roots ---------------------------------------------------------------------------------- */

static Node root_node(Certainty certainty, Assumption assumption, uint32_t root) {
    return (Node){.certainty = certainty, .assumption = assumption, .root = root + 1};
}

/* True when the driver makes a setting that the role's level depends on. */
static bool is_set_passive(const Inferred *self, const Role *role) {
    for (uint32_t i = 0; i < self->program->setting_count; i++) {
        if (strstr(role->depends, self->program->settings[i]) != NULL)
            return true;
    }
    return false;
}

/* How sure a level of a root is. Documented ranges that end at APC_LEVEL are hardly ever used to
 * the end, and where settings decide the level a range says little: both are weak. */
static Node node_of_root(const Inferred *self, const ProgRoot *root, Irql level, bool certain_level,
                         uint32_t index) {
    bool by_setting = (root->role->flags & ROLE_PASSIVE_IF_SET) != 0 && level > IRQL_PASSIVE &&
                      root->setting == SETTING_UNKNOWN;
    if ((root->role->flags & ROLE_WEAK) != 0)
        return root_node(POSSIBLE_WEAK, ASSUME_WEAK_ROW, index);
    bool rare = (root->role->flags & ROLE_RARELY) != 0 || level == IRQL_APC || level == IRQL_HIGH;
    if (!certain_level && rare)
        return root_node(POSSIBLE_WEAK, ASSUME_CALLBACK_LEVEL, index);
    if (by_setting && is_set_passive(self, root->role))
        return root_node(POSSIBLE_WEAK, ASSUME_SETTING, index);
    if (by_setting && !certain_level) /* without a setting the default holds, where there is one */
        return root_node(root->role->certain != 0 ? POSSIBLE : POSSIBLE_WEAK, ASSUME_SETTING,
                         index);
    if (root->via == ROOT_BY_TYPE)
        return root_node(POSSIBLE, ASSUME_SAL, index);
    if (!certain_level)
        return root_node(
            POSSIBLE,
            root->setting == SETTING_DEFAULT ? ASSUME_DEFAULT_LEVEL : ASSUME_CALLBACK_LEVEL, index);
    return root_node(CERTAIN, ASSUME_NOTHING, index);
}

static InstId root_instance(Inferred *self, const ProgRoot *root, Irql level) {
    IrqlSet base = self->facts[root->func].lowers ? irql_bit(level) : 0;
    if (root->role != NULL && (root->role->flags & ROLE_CANCEL_LOCK_HELD) != 0)
        base = irql_bit(IRQL_PASSIVE) | BASE_CANCEL;
    if (root->own_request ||
        (root->role != NULL && (root->role->flags & ROLE_KERNEL_REQUESTS) != 0))
        base |= BASE_TRUSTED;
    Var key[MAX_KEY_VARS];
    uint8_t key_len = user_root_key(self, root->func, root->role, key);
    return instance_get(self, root->func, level, base, key, key_len);
}

static void seed(Inferred *self, Frontier *frontier, InstId id, Context context, Node node) {
    if (frontier != NULL)
        reach(self, frontier, id, context, node);
    else if (self->pruning)
        array_push(&self->worklist, self->arena, id);
}

/* What nothing calls starts at the lowest level that its annotations allow; at the highest one too
 * when the author states it, for whoever calls it may do so there. */
static void seed_uncalled(Inferred *self, Frontier *frontier, const ProgRoot *root,
                          uint32_t index) {
    IrqlSet levels = self->facts[root->func].claims;
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        IrqlSet bit = irql_bit(level), below = (IrqlSet)(bit - 1);
        bool first = (levels & bit) != 0 && (levels & below) == 0;
        bool last = (levels & ~below) == bit && level < IRQL_HIGH;
        if (!first && !last)
            continue;
        Node node = root_node(POSSIBLE, level > 0 ? ASSUME_SAL : ASSUME_NO_ROOT, index);
        if (root->via == ROOT_UNREACHED) /* called, but only from where no root reaches */
            node = root_node(POSSIBLE_WEAK, ASSUME_NO_ROOT, index);
        else if (!first && level != IRQL_DISPATCH) /* hardly ever used to the end */
            node.certainty = POSSIBLE_WEAK;
        seed(self, frontier, root_instance(self, root, (Irql)level), CONTEXT_ARBITRARY_THREAD,
             node);
    }
}

/* Makes the instances of a root and, when pruning, lists them; with a frontier,
 * starts its contexts instead. */
static void seed_root(Inferred *self, Frontier *frontier, uint32_t index) {
    const ProgRoot *root = &self->roots.items[index];
    if (root->via == ROOT_POINTED)
        return; /* promote_pointed */
    if (root->role == NULL) {
        seed_uncalled(self, frontier, root, index);
        return;
    }
    if ((root->role->flags & ROLE_CALLER) != 0)
        return;
    Context context = program_root_context(root);
    IrqlSet possible, sure = program_root_levels(root, &possible);
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        bool certain = (sure & irql_bit(level)) != 0;
        if (!certain && (possible & irql_bit(level)) == 0)
            continue;
        seed(self, frontier, root_instance(self, root, (Irql)level), context,
             node_of_root(self, root, (Irql)level, certain, index));
    }
}

void contexts_make_roots(Inferred *self) {
    for (uint32_t i = 0; i < self->roots.len; i++)
        seed_root(self, NULL, i);
}

/* ---- spreading ------------------------------------------------------------------------------ */

static void follow_edge(Inferred *self, Frontier *frontier, InstId id, Context context,
                        uint32_t index) {
    const Node *from = &self->instances.items[id]->nodes[context];
    const CallEdge *edge = &self->instances.items[id]->edges.items[index];
    if (edge->claimed && from->certainty != CERTAIN)
        return;
    Node node = {.certainty = from->certainty,
                 .assumption = from->assumption,
                 .depth = from->depth + 1,
                 .parent = id,
                 .edge = index};
    bool possible = edge->weak == ASSUME_LAST_REFERENCE || edge->weak == ASSUME_DIRECT_CALL;
    uint8_t weakest = edge->weak == ASSUME_NOTHING ? CERTAIN : possible ? POSSIBLE : POSSIBLE_WEAK;
    if (weakest > node.certainty) {
        node.certainty = weakest;
        node.assumption = edge->weak;
    }
    reach(self, frontier, edge->callee, context, node);
}

static void spread(Inferred *self, Frontier *frontier) {
    for (unsigned certainty = 0; certainty < CERTAINTY_COUNT; certainty++) {
        for (uint32_t depth = 0; depth < frontier->by_depth[certainty].len; depth++) {
            for (uint32_t i = 0; i < frontier->by_depth[certainty].items[depth].len; i++) {
                uint32_t item = frontier->by_depth[certainty].items[depth].items[i];
                InstId id = item / CONTEXT_COUNT;
                Context context = (Context)(item % CONTEXT_COUNT);
                const Node *node = &self->instances.items[id]->nodes[context];
                if (node->certainty != certainty || node->depth != depth)
                    continue; /* reached better since */
                for (uint32_t e = 0; e < self->instances.items[id]->edges.len; e++)
                    follow_edge(self, frontier, id, context, e);
            }
        }
    }
}

/* A function that only ambiguous pointers lead to is called from somewhere, and nothing lower than
 * PASSIVE_LEVEL: where one of the pointers leads to it there, it is taken to start there, no less
 * than if nothing called it at all. */
static void promote_pointed(Inferred *self, Frontier *frontier) {
    for (uint32_t i = 0; i < self->roots.len; i++) {
        const U32Array *instances = &self->of_func[self->roots.items[i].func];
        for (uint32_t j = 0; self->roots.items[i].via == ROOT_POINTED && j < instances->len; j++) {
            const Instance *instance = self->instances.items[instances->items[j]];
            for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
                if (instance->entry == IRQL_PASSIVE &&
                    instance->nodes[c].certainty == POSSIBLE_WEAK)
                    reach(self, frontier, instances->items[j], (Context)c,
                          root_node(POSSIBLE, ASSUME_NO_SURE_CALL, i));
            }
        }
    }
}

void contexts_spread(Inferred *self) {
    Frontier frontier = {0}, promoted = {0};
    for (InstId id = 1; id < self->instances.len; id++) {
        for (unsigned c = 0; c < CONTEXT_COUNT; c++)
            self->instances.items[id]->nodes[c] = (Node){.certainty = CERTAINTY_COUNT};
    }
    for (uint32_t i = 0; i < self->roots.len; i++)
        seed_root(self, &frontier, i);
    spread(self, &frontier);
    promote_pointed(self, &promoted);
    spread(self, &promoted);
}

static bool is_reached(const Inferred *self, FuncId func) {
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
            if (instance->nodes[c].certainty < CERTAINTY_COUNT)
                return true;
        }
    }
    return false;
}

bool contexts_add_unreached(Inferred *self) {
    uint32_t before = self->roots.len;
    for (FuncId func = 1; func < self->program->func_count; func++) {
        const ProgFunc *record = &self->program->funcs[func];
        if (!record->defined || program_ir(self->program, func)->block_count == 0 ||
            is_reached(self, func))
            continue;
        ProgRoot root = {.func = func,
                         .via = ROOT_UNREACHED,
                         .through = "",
                         .file = record->file,
                         .line = record->line};
        array_push(&self->roots, self->arena, root);
    }
    return self->roots.len != before;
}
