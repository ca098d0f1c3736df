/* graph: the call graph of the last run as DOT, for Graphviz, or as JSON.
 *
 * A node has the colour of the context in which the function can be entered at its highest level;
 * pageable ones have a dashed border and name their section, calls through pointers are dashed.
 * Invariant: nodes come by file, line, name, edges by their nodes, so equal runs give equal bytes.
 */
#include "analyzer/report/internal.h"

enum { MAX_PLACES = 4 }; /* (context, level) pairs that a node names */

typedef struct Graph {
    Arena *arena;
    const StoredRun *run;        /* the functions */
    const StoredCalls *calls;    /* among them */
    const GraphOptions *options; /* as asked */
    Map64 *index;                /* id -> position in run->functions */
    uint32_t *above;             /* by position: calls to a chosen one, NOT_KEPT: too many */
    uint32_t *below;             /* … from a chosen one */
} Graph;

enum { NOT_KEPT = UINT32_MAX };

/* ---- which functions -------------------------------------------------------------------------
 */

static bool find(const Graph *self, int64_t id, uint32_t *position) {
    const uint32_t *at = map64_get(self->index, (uint64_t)id);
    if (at != NULL)
        *position = *at;
    return at != NULL;
}

/* One step further up or down; true when something came in reach. */
static bool spread(const Graph *self, uint32_t *distance, bool up, uint32_t step) {
    bool grown = false;
    for (uint32_t i = 0; i < self->calls->len; i++) {
        const StoredCall *call = &self->calls->items[i];
        uint32_t from, to;
        if (!find(self, up ? call->callee : call->caller, &from) ||
            !find(self, up ? call->caller : call->callee, &to))
            continue;
        if (distance[from] != step - 1 || distance[to] != NOT_KEPT)
            continue;
        distance[to] = step;
        grown = true;
    }
    return grown;
}

static uint32_t *reach(const Graph *self, bool up) {
    uint32_t count = self->run->functions.len;
    uint32_t *distance = arena_array_of(self->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        distance[i] = self->options->chosen[i] ? 0 : NOT_KEPT;
    for (uint32_t step = 1; step <= self->options->around && spread(self, distance, up, step);)
        step++;
    return distance;
}

static bool is_kept(const Graph *self, uint32_t at) {
    return self->above[at] != NOT_KEPT || self->below[at] != NOT_KEPT;
}

/* ---- what is said of one ----------------------------------------------------------------------
 */

/* The pair of the highest level, of these the last context; -1: never entered. */
static int highest(PairSet pairs) {
    int best = -1;
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((pairs >> pair & 1) != 0 && (best < 0 || pair_irql(pair) >= pair_irql((unsigned)best)))
            best = (int)pair;
    }
    return best;
}

static const char *colour_of(int pair) {
    static const char *const colours[CONTEXT_COUNT] = {[CONTEXT_INIT] = "#e2e6ea",
                                                       [CONTEXT_CALLER_THREAD] = "#d3f0da",
                                                       [CONTEXT_ARBITRARY_THREAD] = "#f6efc0",
                                                       [CONTEXT_SYSTEM_THREAD] = "#d0e4fb",
                                                       [CONTEXT_DPC] = "#ffdcae",
                                                       [CONTEXT_ISR] = "#ffc4bc",
                                                       [CONTEXT_PASSIVE_ISR] = "#f7cfe4",
                                                       [CONTEXT_APC] = "#c9eeea"};
    return pair < 0 ? "#ffffff" : colours[pair_context((unsigned)pair)];
}

static void put_quoted(const char *text, FILE *out) {
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, out);
    }
}

/* ---- DOT --------------------------------------------------------------------------------------
 */

static void put_places(PairSet pairs, FILE *out) {
    unsigned shown = 0, left = 0;
    for (unsigned pair = CONTEXT_COUNT * IRQL_COUNT; pair-- > 0;) {
        if ((pairs >> pair & 1) == 0)
            continue;
        if (shown == MAX_PLACES) {
            left++;
            continue;
        }
        shown++;
        fprintf(out, "\\n%s %s", context_name(pair_context(pair)), irql_name(pair_irql(pair)));
    }
    if (left > 0)
        fprintf(out, "\\n%u more", left);
    if (pairs == 0)
        fputs("\\nnot reached", out);
}

static void put_node(const Graph *self, uint32_t at, FILE *out) {
    const StoredFunction *function = &self->run->functions.items[at];
    PairSet pairs = report_pairs(function, self->options->certainty);
    fprintf(out, "  n%u [label=\"", at);
    put_quoted(function->name, out);
    if (function->segment[0] != '\0') {
        fputs("\\n[", out);
        put_quoted(function->segment, out);
        fputc(']', out);
    }
    put_places(pairs, out);
    fprintf(out, "\", fillcolor=\"%s\"", colour_of(highest(pairs)));
    if (str_starts_with(function->segment, "PAGE"))
        fputs(", style=\"filled,dashed\"", out);
    if (self->options->around != UINT32_MAX && self->options->chosen[at])
        fputs(", penwidth=2.5", out);
    fputs(", tooltip=\"", out);
    put_quoted(function->file, out);
    fprintf(out, ":%u\"];\n", function->line);
}

static void put_dot(const Graph *self, FILE *out) {
    fputs("digraph calls {\n  rankdir=LR;\n"
          "  node [shape=box, style=filled, fontname=\"Helvetica\", fontsize=11];\n"
          "  edge [color=\"#59636e\"];\n",
          out);
    for (uint32_t i = 0; i < self->run->functions.len; i++) {
        if (is_kept(self, i))
            put_node(self, i, out);
    }
    for (uint32_t i = 0; i < self->calls->len; i++) {
        const StoredCall *call = &self->calls->items[i];
        uint32_t from, to;
        if (find(self, call->caller, &from) && find(self, call->callee, &to) &&
            is_kept(self, from) && is_kept(self, to))
            fprintf(out, "  n%u -> n%u%s;\n", from, to, call->direct ? "" : " [style=dashed]");
    }
    fputs("}\n", out);
}

/* ---- JSON -------------------------------------------------------------------------------------
 */

static void add_node(const Graph *self, uint32_t at, cJSON *nodes) {
    const StoredFunction *function = &self->run->functions.items[at];
    cJSON *object = json_add_object(nodes);
    cJSON_AddNumberToObject(object, "id", at);
    cJSON_AddStringToObject(object, "function", function->name);
    cJSON_AddStringToObject(object, "driver", function->driver);
    cJSON_AddStringToObject(object, "file", function->file);
    cJSON_AddNumberToObject(object, "line", function->line);
    cJSON_AddStringToObject(object, "segment", function->segment);
    report_add_contexts(object, report_pairs(function, self->options->certainty));
}

static int put_json(const Graph *self, FILE *out) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "version", 1);
    cJSON *nodes = cJSON_AddArrayToObject(root, "nodes");
    for (uint32_t i = 0; i < self->run->functions.len; i++) {
        if (is_kept(self, i))
            add_node(self, i, nodes);
    }
    cJSON *edges = cJSON_AddArrayToObject(root, "edges");
    for (uint32_t i = 0; i < self->calls->len; i++) {
        const StoredCall *call = &self->calls->items[i];
        uint32_t from, to;
        if (!find(self, call->caller, &from) || !find(self, call->callee, &to) ||
            !is_kept(self, from) || !is_kept(self, to))
            continue;
        cJSON *edge = json_add_object(edges);
        cJSON_AddNumberToObject(edge, "caller", from);
        cJSON_AddNumberToObject(edge, "callee", to);
        cJSON_AddBoolToObject(edge, "direct", call->direct);
    }
    return json_put(root, out);
}

int report_graph(Arena *arena, const StoredRun *run, const StoredCalls *calls,
                 const GraphOptions *options, FILE *out, Error *err) {
    Graph self = {
        .arena = arena, .run = run, .calls = calls, .options = options, .index = map64_new(arena)};
    for (uint32_t i = 0; i < run->functions.len; i++) {
        bool created;
        *map64_put(self.index, (uint64_t)run->functions.items[i].id, &created) = i;
    }
    self.above = reach(&self, true);
    self.below = reach(&self, false);
    if (!options->json)
        put_dot(&self, out);
    else if (put_json(&self, out) != 0)
        return error_set(err, "out of memory");
    return 0;
}
