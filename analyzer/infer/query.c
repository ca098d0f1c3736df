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
    IrqlSet sure;      /* … without an assumption */
    uint8_t without;   /* bit per context: not there */
} Levels;

typedef Levels LevelsOf(const Instance *instance, const OpState *state, const void *data);

static bool site_is_empty(SitePairs pairs) {
    return (pairs.by[CERTAIN] | pairs.by[POSSIBLE] | pairs.by[POSSIBLE_WEAK]) == 0;
}

static SitePairs surest_only(SitePairs pairs) {
    pairs.by[POSSIBLE] &= ~pairs.by[CERTAIN];
    pairs.by[POSSIBLE_WEAK] &= ~(pairs.by[CERTAIN] | pairs.by[POSSIBLE]);
    return pairs;
}

static void add_levels(SitePairs *pairs, const Instance *instance, Levels levels) {
    for (unsigned context = 0; context < CONTEXT_COUNT; context++) {
        Certainty certainty = (Certainty)instance->nodes[context].certainty;
        if (certainty >= CERTAINTY_COUNT || (levels.without >> context & 1) != 0)
            continue;
        for (unsigned level = 0; level < IRQL_COUNT; level++) {
            IrqlSet bit = irql_bit(level);
            if ((levels.seen & bit) == 0 || ((levels.unclaimed & bit) == 0 && certainty != CERTAIN))
                continue;
            Certainty here = (levels.clear & bit) != 0 ? certainty : POSSIBLE_WEAK;
            if (here == CERTAIN && (levels.sure & bit) == 0)
                here = POSSIBLE;
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
        const OpState *state = state_at(instance, local);
        if (state != NULL)
            add_levels(&pairs, instance, levels_of(instance, state, data));
    }
    return surest_only(pairs);
}

static Levels levels_at(const Instance *instance, const OpState *state, const void *data) {
    (void)instance;
    (void)data;
    return (Levels){state->seen, state->unclaimed, state->clear, state->sure, 0};
}

SitePairs inferred_at(const Inferred *self, FuncId func, OpId op) {
    return collect(self, func, op, levels_at, NULL);
}

/* True when the function asserts on every path that it does not run at its entry level. */
static bool denies_entry(const Instance *instance) {
    for (uint32_t i = 0; i < instance->exits.len; i++) {
        if (!instance->exits.items[i]->world.claimed)
            return false;
    }
    return instance->exits.len != 0;
}

SitePairs inferred_entry(const Inferred *self, FuncId func) {
    SitePairs pairs = {{0}};
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        IrqlSet level = irql_bit(instance->entry);
        add_levels(&pairs, instance,
                   (Levels){level, denies_entry(instance) ? 0 : level, level, level, 0});
    }
    return surest_only(pairs);
}

static Levels levels_when(const Instance *instance, const OpState *state, const void *data) {
    const CondSet when = *(const CondSet *)data;
    Levels levels = levels_at(instance, state, NULL);
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

/* The origin as it is kept. */
static uint16_t bits_of(const Instance *instance, const SiteFilter *filter) {
    bool raw = filter->origin == ORIGIN_UNPROBED && instance->raw && !filter->strict;
    return (uint16_t)(filter->origin | (raw ? ORIGIN_RAW : 0));
}

bool query_has_origin(const Instance *instance, const OpState *state, const SiteFilter *filter,
                      bool *sure) {
    uint16_t seen = state->origin, surely = state->origin_sure;
    uint16_t wanted = bits_of(instance, filter);
    if (filter->arg > MAX_ARG_ORIGINS)
        return false;
    if (filter->arg != 0) {
        seen = state->arg_origin[filter->arg - 1];
        surely = state->arg_sure[filter->arg - 1];
    }
    *sure = wanted == 0 || (surely & wanted) != 0;
    return wanted == 0 || (seen & wanted) != 0;
}

static Levels levels_filtered(const Instance *instance, const OpState *state, const void *data) {
    const SiteFilter *filter = data;
    bool sure;
    if (!query_has_origin(instance, state, filter, &sure))
        return (Levels){0};
    Levels levels = levels_at(instance, state, NULL);
    if (!sure)
        levels.clear = 0;
    if (filter->unguarded)
        levels.without = (uint8_t)~instance->bare;
    return levels;
}

static bool is_in_try(const Inferred *self, FuncId func, OpId op);

SitePairs inferred_at_filtered(const Inferred *self, FuncId func, OpId op,
                               const SiteFilter *filter) {
    if (filter->unguarded && is_in_try(self, func, op))
        return (SitePairs){{0}};
    return collect(self, func, op, levels_filtered, filter);
}

SitePairs inferred_at_origin(const Inferred *self, FuncId func, OpId op, Origin origin) {
    return inferred_at_filtered(self, func, op, &(SiteFilter){.origin = origin});
}

SitePairs inferred_arg_origin(const Inferred *self, FuncId func, OpId op, unsigned arg,
                              Origin origin) {
    if (arg >= MAX_ARG_ORIGINS)
        return (SitePairs){{0}};
    return inferred_at_filtered(self, func, op,
                                &(SiteFilter){.origin = origin, .arg = (uint8_t)(arg + 1)});
}

static Levels levels_raised(const Instance *instance, const OpState *state, const void *data) {
    (void)instance;
    (void)data;
    IrqlSet high = (IrqlSet)(IRQL_SET_ALL & ~(irql_bit(IRQL_DISPATCH) - 1));
    bool low_before = (state->seen & ~high) != 0;
    IrqlSet after = low_before ? (IrqlSet)(state->raised & high & ~state->seen) : 0;
    return (Levels){after, after, state->clear != 0 ? after : 0, state->sure != 0 ? after : 0, 0};
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

/* ---- locks, guards, misuses ------------------------------------------------------------------ */

/* The pairs of an operation in one instance, whatever the certainty. */
static PairSet pairs_of_state(const Instance *instance, const OpState *state) {
    PairSet pairs = 0;
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        for (unsigned level = 0; level < IRQL_COUNT; level++) {
            if (instance->nodes[c].certainty < CERTAINTY_COUNT &&
                (state->seen & irql_bit(level)) != 0)
                pairs |= pair_bit((Context)c, (Irql)level);
        }
    }
    return pairs;
}

LockNames inferred_locks(const Inferred *self, FuncId func, OpId op, PairSet pairs) {
    LockNames names = ~(LockNames)0;
    IrOp local = op - self->program->units[self->program->funcs[func].unit].op_base;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        const OpState *state = state_at(instance, local);
        if (state != NULL && (pairs_of_state(instance, state) & pairs) != 0)
            names &= (instance->entry_held & ~state->dropped) | state->held;
    }
    return names;
}

/* The classes as which locks of any of those names are taken; all when a name is not known. */
static uint32_t classes_of(const Inferred *self, LockNames names) {
    uint32_t classes = (names >> LOCK_BIT_UNKNOWN) != 0 ? ~0u : 0;
    for (unsigned bit = 0; bit < LOCK_BIT_UNKNOWN; bit++) {
        if ((names >> bit & 1) != 0)
            classes |= self->lock_classes[bit];
    }
    return classes;
}

bool inferred_may_exclude(const Inferred *self, LockNames names) {
    return (classes_of(self, names) & ~(1u << LOCK_NONE | 1u << LOCK_RUNDOWN)) != 0;
}

bool inferred_may_spin(const Inferred *self, LockNames names) {
    uint32_t spinning = 1u << LOCK_SPIN | 1u << LOCK_QUEUED | 1u << LOCK_RW_SPIN |
                        1u << LOCK_CANCEL | 1u << LOCK_INTERRUPT | 1u << LOCK_FRAMEWORK;
    return (classes_of(self, names) & spinning) != 0;
}

bool inferred_may_mask(const Inferred *self, LockNames names) {
    if ((classes_of(self, names) & (1u << LOCK_INTERRUPT | 1u << LOCK_FRAMEWORK)) != 0)
        return true;
    for (unsigned bit = 0; bit < LOCK_BIT_UNKNOWN; bit++) {
        const PlaceRec *place = &self->places.items[self->lock_places[bit]];
        if ((names >> bit & 1) != 0 && place->kind == PLACE_OF_GLOBAL &&
            place->a >= self->program->global_count) /* the system's own: perhaps this one */
            return true;
    }
    return false;
}

/* True when the operation itself lies in a __try with a handler. */
static bool is_in_try(const Inferred *self, FuncId func, OpId op) {
    const IrUnit *unit = program_unit(self->program, func);
    const IrFuncRec *record = program_ir(self->program, func);
    IrOp local = op - self->program->units[self->program->funcs[func].unit].op_base;
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[record->first_block + b];
        if (local >= block->first_op && local < block->first_op + block->op_count &&
            ir_in_except(unit, block->region))
            return true;
    }
    return false;
}

bool inferred_is_guarded(const Inferred *self, FuncId func, OpId op) {
    return site_is_empty(inferred_at_filtered(self, func, op, &(SiteFilter){.unguarded = true}));
}

/* What nothing calls is no callback: its caller may be elsewhere. */
static bool is_called_by_system(const Inferred *self, const Node *node) {
    return node->root != 0 && self->roots.items[node->root - 1].role != NULL;
}

/* How sure a misuse of an instance is, by pair. */
static SitePairs pairs_of_misuse(const Inferred *self, const Instance *instance,
                                 const Misuse *misuse) {
    SitePairs pairs = {{0}};
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        Certainty certainty = (Certainty)instance->nodes[c].certainty;
        bool counts = certainty < CERTAINTY_COUNT && (!misuse->claimed || certainty == CERTAIN) &&
                      (!misuse->root_only || is_called_by_system(self, &instance->nodes[c]));
        for (unsigned level = 0; counts && level < IRQL_COUNT; level++) {
            if ((misuse->levels & irql_bit(level)) != 0)
                pairs.by[misuse->clear ? certainty : POSSIBLE_WEAK] |=
                    pair_bit((Context)c, (Irql)level);
        }
    }
    return pairs;
}

static bool same_site(const MisuseSite *a, const MisuseSite *b) {
    return a->func == b->func && a->op == b->op && a->other == b->other &&
           a->at_func == b->at_func && a->to_system == b->to_system;
}

static void add_site(MisuseSites *sites, Arena *arena, MisuseSite site) {
    for (uint32_t i = 0; i < sites->len; i++) {
        MisuseSite *known = &sites->items[i];
        if (!same_site(known, &site))
            continue;
        for (unsigned c = 0; c < CERTAINTY_COUNT; c++)
            known->pairs.by[c] |= site.pairs.by[c];
        known->pairs = surest_only(known->pairs);
        known->after |= site.after;
        if (site.at.line < known->at.line)
            known->at = site.at;
        return;
    }
    array_push(sites, arena, site);
}

static const char *name_of_place(const Inferred *self, PlaceId place) {
    const PlaceRec *record = &self->places.items[place];
    if (record->kind == PLACE_ELEMENT || record->kind == PLACE_DEREF)
        return name_of_place(self, record->a);
    if (record->kind == PLACE_FIELD && record->b < self->program->field_count)
        return self->program->field_names[record->b];
    if (record->kind == PLACE_LOCAL) {
        const IrUnit *unit = program_unit(self->program, record->a);
        return ir_str(
            unit, unit->locals[program_ir(self->program, record->a)->first_local + record->b].name);
    }
    if (record->kind == PLACE_OF_GLOBAL && record->a < self->program->global_count)
        return self->program->global_names[record->a];
    return "";
}

const char *inferred_lock_name(const Inferred *self, LockNames names) {
    for (unsigned bit = 0; bit < LOCK_BIT_UNKNOWN; bit++) {
        if ((names >> bit & 1) != 0)
            return name_of_place(self, self->lock_places[bit]);
    }
    return "";
}

/* True when name_of_place says the name of a local. */
static bool is_named_by_local(const Inferred *self, PlaceId place) {
    const PlaceRec *record = &self->places.items[place];
    while (record->kind == PLACE_ELEMENT || record->kind == PLACE_DEREF)
        record = &self->places.items[record->a];
    return record->kind == PLACE_LOCAL;
}

/* True when the instance is to blame by itself for that lock, or level, and says so. */
static bool is_cause(const Inferred *self, const Instance *instance, unsigned kind, OpId taken) {
    for (uint32_t m = 0; m < instance->misuses.len; m++) {
        const Misuse *cause = &instance->misuses.items[m];
        if (cause->kind == kind && !cause->root_only && (taken == 0 || cause->taken == taken) &&
            !site_is_empty(pairs_of_misuse(self, instance, cause)))
            return true;
    }
    return false;
}

/* True when the level left behind is that of a callee that leaves it behind itself. */
static bool is_level_of_callee(const Inferred *self, OpId op) {
    const ProgTargets *targets = &self->program->targets[op];
    for (uint32_t t = 0; op != 0 && t < targets->len; t++) {
        const U32Array *of_func = &self->of_func[targets->items[t]];
        for (uint32_t i = 0; i < of_func->len; i++) {
            const Instance *callee = self->instances.items[of_func->items[i]];
            if (is_cause(self, callee, MISUSE_LEVEL_AT_RETURN, 0) ||
                is_cause(self, callee, MISUSE_HELD_AT_RETURN, 0))
                return true;
        }
    }
    return false;
}

/* True when a callee is to blame, and told so. */
static bool is_consequence(const Inferred *self, const Misuse *misuse) {
    if (misuse->kind == MISUSE_LEVEL_AT_RETURN)
        return is_level_of_callee(self, misuse->op);
    for (InstId id = 1; misuse->root_only && misuse->taken != 0 && id < self->instances.len; id++) {
        if (is_cause(self, self->instances.items[id], misuse->kind, misuse->taken))
            return true;
    }
    return false;
}

void infer_misuses(const Inferred *self, Arena *arena, FuncId func, MisuseKind kind,
                   MisuseSites *sites) {
    LockSet callers_hold = 0; /* some of them, whatever the entry state: by contract, it seems */
    for (uint32_t i = 0; i < self->of_func[func].len; i++)
        callers_hold |= self->instances.items[self->of_func[func].items[i]]->entry_some;
    for (uint32_t i = 0; i < self->of_func[func].len; i++) {
        const Instance *instance = self->instances.items[self->of_func[func].items[i]];
        for (uint32_t m = 0; m < instance->misuses.len; m++) {
            const Misuse *misuse = &instance->misuses.items[m];
            MisuseSite site = {.kind = kind,
                               .func = misuse->func,
                               .op = misuse->op,
                               .other = misuse->other,
                               .at_func = func,
                               .at = misuse->at,
                               .pairs = pairs_of_misuse(self, instance, misuse),
                               .after = misuse->after,
                               .lock = name_of_place(self, misuse->lock),
                               .lock_is_local = is_named_by_local(self, misuse->lock),
                               .to_system = misuse->root_only};
            bool held = (misuse->if_held & ~instance->entry_held) == 0 &&
                        (misuse->unless_held & callers_hold) == 0;
            if (misuse->kind == kind && held && !site_is_empty(site.pairs) &&
                !is_consequence(self, misuse))
                add_site(sites, arena, site);
        }
    }
}
