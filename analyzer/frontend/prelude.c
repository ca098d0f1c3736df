/* prelude: which model headers are precompiled for which units.
 *
 * Units of one language whose options look the same to the model headers form a group. Each unit's
 * model headers, the group's most used first, are a way down a tree; a node gets a prelude, of the
 * headers on the way to it, when enough units end there; those of a node that gets none end at its
 * parent.
 *
 * Invariant: a unit only gets a prelude of which it includes every header itself, whatever the
 * driver's macros are, with the same language and macros, and without macros of its own that
 * model headers depend on: so it sees what it would see without, only earlier. Errs towards no
 * prelude, which costs time alone.
 */
#include "analyzer/frontend/extract.h"

#include <stdlib.h>

enum {
    MIN_UNITS = 3, /* with fewer a prelude costs more than it saves: it takes two to three parses */
    MIN_PRELUDES = 2, /* that begin at a node */
    MAX_WORDS_SIZE = 64 << 20
};

/* ---- options that model headers could see ---------------------------------------------------- */

struct ModelWords {
    const char *text; /* sorted lines; NULL: not known, every word may be one */
    size_t size;      /* bytes */
};

ModelWords *model_words_new(Arena *arena, const char *model_dir) {
    ModelWords *self = arena_new_of(arena, ModelWords);
    char *text;
    Error ignored;
    if (file_read(arena, path_join(arena, model_dir, "identifiers.txt"), MAX_WORDS_SIZE, &text,
                  &self->size, &ignored) == 0)
        self->text = text;
    return self;
}

/* strcmp of the word of `len` bytes with the line at `line`. */
static int compare_word(const char *word, size_t len, const char *line) {
    int order = strncmp(word, line, len);
    return order != 0 ? order : line[len] == '\n' ? 0 : -1;
}

static bool is_model_word(const ModelWords *self, const char *word, size_t len) {
    size_t low = 0, high = self->size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        while (middle > low && self->text[middle - 1] != '\n')
            middle--;
        const char *line = self->text + middle;
        int order = compare_word(word, len, line);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + strcspn(line, "\n") + 1;
    }
    return self->text == NULL;
}

/* Is this `-DNAME` or `-UNAME` of a name that no model header mentions? */
static bool is_invisible(const ModelWords *words, const char *arg) {
    if (arg[0] != '-' || (arg[1] != 'D' && arg[1] != 'U') || arg[2] == '\0')
        return false;
    return !is_model_word(words, arg + 2, strcspn(arg + 2, "=("));
}

/* The options that model headers could see: all but include folders, forced includes and macros
 * that mean nothing to them. */
static void visible_options(Arena *arena, const ModelWords *words, const ProjectUnit *unit,
                            CStrArray *options) {
    for (uint32_t i = 0; i < unit->args.len; i++) {
        const char *arg = unit->args.items[i];
        if (str_eq(arg, "-include") || str_eq(arg, "-isystem") || str_eq(arg, "-I"))
            i++;
        else if (!str_starts_with(arg, "-I") && !str_starts_with(arg, "-isystem") &&
                 !is_invisible(words, arg))
            array_push(options, arena, arg);
    }
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* Units that see the model headers alike. */
typedef struct Group {
    bool cxx;          /* the language */
    CStrArray options; /* what model headers see */
    CStrArray headers; /* that its units include, as first used */
    U32Array users;    /* of each of `headers`: units */
} Group;

typedef struct Node {
    uint32_t parent;    /* index, NO_PRELUDE: a root */
    uint32_t group;     /* index */
    const char *header; /* what is added to the parent's, NULL: a root */
    U32Array units;     /* that end here */
    U32Array preludes;  /* that begin here */
} Node;

typedef struct Plan {
    Arena *arena;            /* the result's */
    const ModelWords *words; /* of the model headers */
    Array(Group) groups;     /* all */
    Array(Node) nodes;       /* parents before children; the first are the groups' roots */
    PreludeArray *preludes;  /* the result */
    uint32_t *choice;        /* … by unit */
} Plan;

static bool same_texts(const CStrArray *a, const CStrArray *b) {
    bool same = a->len == b->len;
    for (uint32_t i = 0; same && i < a->len; i++)
        same = str_eq(a->items[i], b->items[i]);
    return same;
}

static uint32_t index_of(const CStrArray *texts, const char *text) {
    uint32_t i = 0;
    while (i < texts->len && !str_eq(texts->items[i], text))
        i++;
    return i;
}

static uint32_t group_of(Plan *self, const ProjectUnit *unit) {
    Group group = {.cxx = unit->cxx};
    visible_options(self->arena, self->words, unit, &group.options);
    for (uint32_t i = 0; i < self->groups.len; i++) {
        if (self->groups.items[i].cxx == unit->cxx &&
            same_texts(&self->groups.items[i].options, &group.options))
            return i;
    }
    array_push(&self->groups, self->arena, group);
    return self->groups.len - 1;
}

static void count_headers(Plan *self, Group *group, const CStrArray *headers) {
    for (uint32_t i = 0; i < headers->len; i++) {
        uint32_t header = index_of(&group->headers, headers->items[i]);
        if (header == group->headers.len) {
            array_push(&group->headers, self->arena, headers->items[i]);
            array_push(&group->users, self->arena, 0);
        }
        group->users.items[header]++;
    }
}

/* ---- the tree ----------------------------------------------------------------------------------
 */

/* The node of `header` below `parent`, made when it is not there. */
static uint32_t child_of(Plan *self, uint32_t parent, const char *header) {
    for (uint32_t i = parent + 1; i < self->nodes.len; i++) {
        if (self->nodes.items[i].parent == parent && str_eq(self->nodes.items[i].header, header))
            return i;
    }
    Node node = {parent, self->nodes.items[parent].group, header, {0}, {0}};
    array_push(&self->nodes, self->arena, node);
    return self->nodes.len - 1;
}

/* The header of `headers` that most of the group use and that is not taken yet; the first of equal
 * ones in the group's order. */
static uint32_t next_header(const Group *group, const CStrArray *headers, const bool *taken) {
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < headers->len; i++) {
        uint32_t header = index_of(&group->headers, headers->items[i]);
        bool better = best == UINT32_MAX || group->users.items[header] > group->users.items[best] ||
                      (group->users.items[header] == group->users.items[best] && header < best);
        if (!taken[header] && better)
            best = header;
    }
    return best;
}

/* Puts a unit where the way of its headers ends. */
static void add_unit(Plan *self, uint32_t index, uint32_t group_index, const CStrArray *headers) {
    const Group *group = &self->groups.items[group_index];
    bool *taken = arena_array_of(self->arena, bool, group->headers.len + 1);
    uint32_t node = group_index;
    for (uint32_t i = 0; i < headers->len; i++) {
        uint32_t header = next_header(group, headers, taken);
        taken[header] = true;
        node = child_of(self, node, group->headers.items[header]);
    }
    array_push(&self->nodes.items[node].units, self->arena, index);
}

/* The headers from below node `above` (NO_PRELUDE: from the root) down to `node`. */
static void headers_between(const Plan *self, uint32_t node, uint32_t above, CStrArray *headers) {
    if (node == above || self->nodes.items[node].header == NULL)
        return;
    headers_between(self, self->nodes.items[node].parent, above, headers);
    array_push(headers, self->arena, self->nodes.items[node].header);
}

static bool deserves_prelude(const Node *node, bool stacks) {
    return node->units.len >= MIN_UNITS || (stacks && node->preludes.len >= MIN_PRELUDES);
}

static void make_prelude(Plan *self, uint32_t index) {
    const Node *node = &self->nodes.items[index];
    const Group *group = &self->groups.items[node->group];
    Prelude prelude = {.cxx = group->cxx,
                       .options = group->options,
                       .parent = NO_PRELUDE,
                       .unit_count = node->units.len};
    for (uint32_t i = 0; i < node->units.len; i++)
        self->choice[node->units.items[i]] = self->preludes->len;
    for (uint32_t i = 0; i < node->preludes.len; i++)
        self->preludes->items[node->preludes.items[i]].parent = self->preludes->len;
    array_push(self->preludes, self->arena, prelude);
}

static void move_up(Plan *self, U32Array *items, U32Array *above) {
    for (uint32_t i = 0; i < items->len; i++)
        array_push(above, self->arena, items->items[i]);
}

/* From the leaves up: what is below is settled when a node is looked at. */
static void choose_nodes(Plan *self) {
    U32Array nodes = {0}; /* by prelude */
    for (uint32_t i = self->nodes.len; i-- > self->groups.len;) {
        Node *node = &self->nodes.items[i], *parent = &self->nodes.items[node->parent];
        bool stacks = !self->groups.items[node->group].cxx;
        if (!deserves_prelude(node, stacks)) {
            move_up(self, &node->units, &parent->units);
            move_up(self, &node->preludes, &parent->preludes);
            continue;
        }
        if (stacks)
            array_push(&parent->preludes, self->arena, self->preludes->len);
        make_prelude(self, i);
        array_push(&nodes, self->arena, i);
    }
    for (uint32_t i = 0; i < self->preludes->len; i++) {
        uint32_t base = self->preludes->items[i].parent;
        headers_between(self, nodes.items[i], base == NO_PRELUDE ? NO_PRELUDE : nodes.items[base],
                        &self->preludes->items[i].headers);
    }
}

void prelude_plan(Arena *arena, const ModelWords *words, const PreludeUnit *units,
                  uint32_t unit_count, PreludeArray *preludes, uint32_t *choice) {
    Plan self = {.arena = arena, .words = words, .preludes = preludes, .choice = choice};
    uint32_t *groups = arena_array_of(arena, uint32_t, unit_count + 1);
    for (uint32_t i = 0; i < unit_count; i++) {
        choice[i] = NO_PRELUDE;
        groups[i] = NO_PRELUDE;
        if (units[i].closure->configures)
            continue;
        groups[i] = group_of(&self, units[i].unit);
        count_headers(&self, &self.groups.items[groups[i]], &units[i].closure->prelude);
    }
    for (uint32_t i = 0; i < self.groups.len; i++)
        array_push(&self.nodes, arena, (Node){.parent = NO_PRELUDE, .group = i});
    for (uint32_t i = 0; i < unit_count; i++) {
        if (groups[i] != NO_PRELUDE)
            add_unit(&self, i, groups[i], &units[i].closure->prelude);
    }
    choose_nodes(&self);
}

void extract_args(Arena *arena, const char *overlay, CStrArray *args) {
    static const char *const fixed[] = {"-D__DATE__=\"Jan  1 1970\"", "-D__TIME__=\"00:00:00\"",
                                        "-D__TIMESTAMP__=\"Thu Jan  1 00:00:00 1970\"",
                                        "-Wno-builtin-macro-redefined"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        array_push(args, arena, fixed[i]);
    array_push(args, arena, "-ivfsoverlay");
    array_push(args, arena, overlay);
}

const char *prelude_text(Arena *arena, const Prelude *prelude) {
    Text text = {0};
    for (uint32_t i = 0; i < prelude->headers.len; i++)
        text_printf(&text, arena, "#include <%s>\n", prelude->headers.items[i]);
    return text_cstr(&text, arena);
}

int prelude_build(const Prelude *prelude, const char *header, const char *base,
                  const char *model_dir, const char *overlay, const char *output) {
    Arena *scratch = arena_new();
    CStrArray args = {0};
    Error err;
    frontend_base_args(scratch, model_dir, prelude->cxx, &args);
    for (uint32_t i = 0; i < prelude->options.len; i++)
        array_push(&args, scratch, prelude->options.items[i]);
    extract_args(scratch, overlay, &args);
    if (base != NULL) {
        array_push(&args, scratch, "-include-pch");
        array_push(&args, scratch, base);
    }
    int result = frontend_precompile(header, args.items, args.len, output, &err);
    arena_free(scratch);
    return result;
}
