/* query: what rules ask. Pure reading of the recorded instances.
 *
 * Invariant: a pair is answered with its surest certainty only. A world whose claims contradict its
 * level counts for certain nodes only; a world in which something was lost counts as weak.
 */
#include "analyzer/infer/internal.h"

/* Levels of an operation of an instance that count, and how sure the least sure part of each is. */
typedef struct Levels {
    IrqlSet seen;      /* reached at all */
    IrqlSet unclaimed; /* … without a failed claim */
    IrqlSet clear;     /* … without loss */
} Levels;

typedef Levels LevelsOf(const Inferred *self, const OpState *state, const void *data);

static SitePairs surest_only(SitePairs pairs) {
    pairs.by[POSSIBLE] &= ~pairs.by[CERTAIN];
    pairs.by[POSSIBLE_WEAK] &= ~(pairs.by[CERTAIN] | pairs.by[POSSIBLE]);
    return pairs;
}

static void add_levels(SitePairs *pairs, const Instance *instance, Levels levels) {
    for (unsigned context = 0; context < CONTEXT_COUNT; context++) {
        Certainty certainty = (Certainty)instance->nodes[context].certainty;
        if (certainty >= CERTAINTY_COUNT)
            continue;
        for (unsigned level = 0; level < IRQL_COUNT; level++) {
            IrqlSet bit = irql_bit(level);
            if ((levels.seen & bit) == 0 || ((levels.unclaimed & bit) == 0 && certainty != CERTAIN))
                continue;
            Certainty here = (levels.clear & bit) != 0 ? certainty : POSSIBLE_WEAK;
            pairs->by[here] |= pair_bit((Context)context, (Irql)level);
        }
    }
}

static SitePairs collect(const Inferred *self, FuncId func, OpId op, LevelsOf *levels_of,
                         const void *data) {
    SitePairs pairs = {{0}};
    IrOp local = op - self->program->units[self->program->funcs[func].unit].op_base;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        if (instance->ops == NULL || local < instance->first_op ||
            local - instance->first_op >= instance->op_count)
            continue;
        const OpState *state = &instance->ops[local - instance->first_op];
        add_levels(&pairs, instance, levels_of(self, state, data));
    }
    return surest_only(pairs);
}

static Levels levels_at(const Inferred *self, const OpState *state, const void *data) {
    (void)self;
    (void)data;
    return (Levels){state->seen, state->unclaimed, state->clear};
}

SitePairs inferred_at(const Inferred *self, FuncId func, OpId op) {
    return collect(self, func, op, levels_at, NULL);
}

/* True when the function asserts on every path that it does not run at its entry level. */
static bool denies_entry(const Instance *instance) {
    for (uint32_t i = 0; i < instance->exits.len; i++) {
        if (!instance->exits.items[i].world.claimed)
            return false;
    }
    return instance->exits.len != 0;
}

SitePairs inferred_entry(const Inferred *self, FuncId func) {
    SitePairs pairs = {{0}};
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        IrqlSet level = irql_bit(instance->entry);
        add_levels(&pairs, instance, (Levels){level, denies_entry(instance) ? 0 : level, level});
    }
    return surest_only(pairs);
}

static Levels levels_when(const Inferred *self, const OpState *state, const void *data) {
    const CondSet when = *(const CondSet *)data;
    Levels levels = levels_at(self, state, NULL);
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        IrqlSet bit = irql_bit(level);
        if ((state->may_hold[level] & when) != when)
            levels.seen &= (IrqlSet)~bit; /* some condition is certainly false */
        else if ((state->may_fail[level] & when) != 0)
            levels.clear &= (IrqlSet)~bit; /* undecided */
    }
    return levels;
}

SitePairs inferred_at_when(const Inferred *self, FuncId func, OpId op, const Ddi *ddi,
                           CondSet when) {
    (void)ddi;
    return collect(self, func, op, levels_when, &when);
}

static Levels levels_origin(const Inferred *self, const OpState *state, const void *data) {
    if ((state->origin & *(const uint8_t *)data) == 0)
        return (Levels){0, 0, 0};
    Levels levels = levels_at(self, state, NULL);
    if ((state->origin_sure & *(const uint8_t *)data) == 0)
        levels.clear = 0;
    return levels;
}

SitePairs inferred_at_origin(const Inferred *self, FuncId func, OpId op, Origin origin) {
    uint8_t wanted = (uint8_t)origin;
    return collect(self, func, op, levels_origin, &wanted);
}

static Levels levels_arg(const Inferred *self, const OpState *state, const void *data) {
    unsigned arg = *(const unsigned *)data;
    if (arg >= MAX_ARG_ORIGINS || (state->arg_user & (1u << arg)) == 0)
        return (Levels){0, 0, 0};
    Levels levels = levels_at(self, state, NULL);
    if ((state->arg_sure & (1u << arg)) == 0)
        levels.clear = 0;
    return levels;
}

SitePairs inferred_arg_origin(const Inferred *self, FuncId func, OpId op, unsigned arg,
                              Origin origin) {
    return origin == ORIGIN_USER ? collect(self, func, op, levels_arg, &arg) : (SitePairs){{0}};
}

static Levels levels_raised(const Inferred *self, const OpState *state, const void *data) {
    (void)self;
    (void)data;
    IrqlSet high = (IrqlSet)(IRQL_SET_ALL & ~(irql_bit(IRQL_DISPATCH) - 1));
    bool low_before = (state->seen & ~high) != 0;
    IrqlSet after = low_before ? (IrqlSet)(state->raised & high & ~state->seen) : 0;
    return (Levels){after, after, state->clear != 0 ? after : 0};
}

SitePairs inferred_raised_by(const Inferred *self, FuncId func, OpId op) {
    return collect(self, func, op, levels_raised, NULL);
}

bool inferred_field_source(const Inferred *self, FieldId field, FuncId *func, OpId *op) {
    if (field == 0 || self->field_source[field] == 0 || self->field_source_func[field] == 0)
        return false;
    *func = self->field_source_func[field];
    *op = self->field_source[field];
    return true;
}
