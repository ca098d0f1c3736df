/* sal_row: what annotations promise, for those who use it: the levels of an entry, and the row of a
 * function whose body is elsewhere.
 *
 * Invariant: every part of a row follows from a fact; conditions about the result become a try, all
 * others conditions of the row. Errs towards doing less: a raise to a level that is not known, or a
 * promise under a condition on the result that is no test for success, is undecided or left out.
 */
#include "analyzer/link/sal.h"

typedef struct RowBuild {
    Arena *arena;                 /* owns the row */
    const SalFact *facts;         /* of the function */
    uint32_t count;               /* how many */
    Ddi ddi;                      /* the row so far */
    Array(Cond) conds;            /* its atoms */
    Array(Limit) limits;          /* its limits */
    Array(Effect) effects;        /* its effects */
    uint8_t success;              /* EFFECT_TRY … of what happens on success only */
    bool raises, saves, restores; /* some fact says so */
    bool gives_back;              /* the level goes back with the lock, though no fact says so */
    const SalFact *lock;          /* the first lock that it takes or gives back, or NULL */
} RowBuild;

static const char *const KIND_NAMES[SAL_KIND_COUNT] = {
    [SAL_MALFORMED] = "malformed",
    [SAL_REQUIRES] = "requires",
    [SAL_MAX] = "max",
    [SAL_MIN] = "min",
    [SAL_RAISES] = "raises",
    [SAL_SAVES] = "saves",
    [SAL_RESTORES] = "restores",
    [SAL_SAME] = "same",
    [SAL_FUNCTION_MAX] = "function-max",
    [SAL_FUNCTION_MIN] = "function-min",
    [SAL_USES_CANCEL] = "uses-cancel",
    [SAL_IS_CANCEL] = "is-cancel",
    [SAL_ACQUIRES] = "acquires",
    [SAL_RELEASES] = "releases",
    [SAL_HELD] = "held",
    [SAL_NOT_HELD] = "not-held",
    [SAL_NONE_HELD] = "none-held",
    [SAL_CLEARS_INIT] = "clears-init",
    [SAL_SUCCESS] = "success",
    [SAL_FUNCTION_CLASS] = "function-class",
    [SAL_DISPATCH_TYPE] = "dispatch-type",
};

const char *sal_kind_name(SalKind kind) {
    return (unsigned)kind < SAL_KIND_COUNT ? KIND_NAMES[kind] : "malformed";
}

/* ---- levels --------------------------------------------------------------------------------- */

static IrqlSet up_to(unsigned level) {
    return (IrqlSet)(irql_bit(level) * 2 - 1);
}

static IrqlSet from(unsigned level) {
    return (IrqlSet)(IRQL_SET_ALL & ~(irql_bit(level) - 1));
}

/* The levels at which one fact allows an entry. */
static IrqlSet levels_of(const SalFact *fact) {
    if (fact->level >= IRQL_COUNT || (fact->flags & SAL_BAD_VALUE) != 0)
        return IRQL_SET_ALL;
    switch ((SalKind)fact->kind) {
    case SAL_REQUIRES:
        return irql_bit(fact->level);
    case SAL_MAX:
    case SAL_FUNCTION_MAX:
        return up_to(fact->level);
    case SAL_MIN:
    case SAL_FUNCTION_MIN:
        return from(fact->level);
    default:
        return IRQL_SET_ALL;
    }
}

IrqlSet sal_entry_levels(const SalFact *facts, uint32_t count) {
    IrqlSet levels = IRQL_SET_ALL;
    for (uint32_t i = 0; i < count; i++) {
        if (facts[i].cond_count == 0)
            levels &= levels_of(&facts[i]);
    }
    return levels != 0 ? levels : IRQL_SET_ALL;
}

static uint8_t lowest(IrqlSet levels) {
    uint8_t level = 0;
    while (level < IRQL_HIGH && (levels & irql_bit(level)) == 0)
        level++;
    return level;
}

static uint8_t highest(IrqlSet levels) {
    uint8_t level = IRQL_HIGH;
    while (level > 0 && (levels & irql_bit(level)) == 0)
        level--;
    return level;
}

/* ---- conditions ----------------------------------------------------------------------------- */

/* The bit of an atom in the row; false when there is no room. */
static bool add_cond(RowBuild *self, Cond cond, CondSet *set) {
    uint32_t i = 0;
    while (i < self->conds.len && !str_eq(self->conds.items[i].text, cond.text))
        i++;
    if (i == DDI_MAX_CONDS)
        return false;
    if (i == self->conds.len)
        array_push(&self->conds, self->arena, cond);
    *set |= (CondSet)(1u << i);
    return true;
}

/* How a condition on the result tells success; 0: it does not. */
static uint8_t success_of(const Cond *cond) {
    if (cond->kind == COND_ARG_EQ && cond->value == 0)
        return EFFECT_TRY | EFFECT_SUCCESS_ZERO;
    if ((cond->kind == COND_ARG_NE && cond->value == 0) ||
        (cond->kind == COND_ARG_EQ && cond->value == 1))
        return EFFECT_TRY;
    if (cond->kind == COND_ARG_GT && cond->value == -1)
        return EFFECT_TRY | EFFECT_SUCCESS_STATUS;
    return 0;
}

static bool is_about_result(const SalFact *fact) {
    for (uint32_t i = 0; i < fact->cond_count; i++) {
        if (fact->conds[i].kind != COND_OPAQUE && fact->conds[i].arg == SAL_RETURN)
            return true;
    }
    return false;
}

/* The conditions of a fact: those on arguments into *set, one on the result into *flags. A row has
 * one kind of success; any other condition on the result can hold or not. */
static bool add_conds(RowBuild *self, const SalFact *fact, CondSet *set, uint8_t *flags) {
    for (uint32_t i = 0; i < fact->cond_count; i++) {
        Cond cond = fact->conds[i];
        if (cond.kind != COND_OPAQUE && cond.arg == SAL_RETURN) {
            uint8_t success = success_of(&cond);
            if (success != 0 && (self->success == 0 || self->success == success)) {
                self->success = success;
                *flags |= success;
                continue;
            }
            cond.kind = COND_OPAQUE;
        }
        if (!add_cond(self, cond, set))
            return false;
    }
    return true;
}

/* ---- parts ---------------------------------------------------------------------------------- */

static void add_limit(RowBuild *self, const SalFact *fact) {
    CondSet when = 0;
    uint8_t flags = 0;
    bool is_max = fact->kind == SAL_MAX || fact->kind == SAL_REQUIRES;
    if (!is_max || fact->cond_count == 0 || fact->level >= self->ddi.max || is_about_result(fact) ||
        !add_conds(self, fact, &when, &flags))
        return;
    array_push(&self->limits, self->arena, (Limit){.max = fact->level, .when = when});
}

static const SalFact *find_fact(const RowBuild *self, SalKind kind) {
    for (uint32_t i = 0; i < self->count; i++) {
        if (self->facts[i].kind == kind && (self->facts[i].flags & SAL_BAD_VALUE) == 0)
            return &self->facts[i];
    }
    return NULL;
}

/* Where the level lies that a lock keeps for itself. */
static Place inside_lock(const RowBuild *self) {
    if (self->lock == NULL || self->lock->place.kind == PLACE_GLOBAL)
        return (Place){.kind = PLACE_NONE};
    return (Place){.kind = PLACE_HIDDEN, .arg = self->lock->place.arg};
}

static void add_effect(RowBuild *self, const SalFact *fact, Effect effect, bool on_success) {
    effect.context_arg = 255;
    if (!add_conds(self, fact, &effect.when, &effect.flags))
        return;
    const SalFact *success = find_fact(self, SAL_SUCCESS);
    if (on_success && (effect.flags & EFFECT_TRY) == 0 && success != NULL &&
        success->cond_count == 1 && is_about_result(success))
        add_conds(self, success, &effect.when, &effect.flags);
    array_push(&self->effects, self->arena, effect);
}

/* A raise; where nothing else keeps the old level, the lock that it goes with does. */
static void add_raise(RowBuild *self, const SalFact *fact) {
    const SalFact *saves = find_fact(self, SAL_SAVES);
    Effect effect = {.kind = EFFECT_RAISE, .level = fact->level};
    effect.saved = saves != NULL ? saves->place : inside_lock(self);
    if (fact->level == IRQL_PASSIVE) { /* leaves at PASSIVE_LEVEL, wherever it came from */
        effect.kind = EFFECT_LOWER;
    } else if (fact->level >= IRQL_COUNT) {
        if (fact->place.kind != PLACE_ARG)
            return;
        effect.from = fact->place;
    }
    if (effect.kind == EFFECT_RAISE && effect.saved.kind == PLACE_NONE && self->lock == NULL)
        effect.flags |= EFFECT_ONE_WAY;
    add_effect(self, fact, effect, effect.kind == EFFECT_RAISE);
}

/* Keeps the level without changing it: a raise to the lowest one. */
static void add_save(RowBuild *self, const SalFact *fact) {
    if (!self->raises)
        add_effect(self, fact,
                   (Effect){.kind = EFFECT_RAISE, .level = IRQL_PASSIVE, .saved = fact->place},
                   true);
}

static bool is_region(const SalFact *fact) {
    return fact->lock_class == LOCK_NONE && fact->place.kind == PLACE_GLOBAL &&
           (str_eq(fact->place.name, "critical") || str_eq(fact->place.name, "priority"));
}

/* Locks of a kind that the annotation does not name matter when the level goes with them. */
static void add_lock(RowBuild *self, const SalFact *fact) {
    bool acquires = fact->kind == SAL_ACQUIRES;
    Effect effect = {.kind = acquires ? EFFECT_ACQUIRE : EFFECT_RELEASE,
                     .level = IRQL_COUNT,
                     .lock_class = fact->lock_class,
                     .flags = (fact->flags & SAL_SHARED) != 0 ? EFFECT_SHARED : 0,
                     .lock = fact->place};
    if (is_region(fact))
        effect.kind = acquires ? EFFECT_ENTER_REGION : EFFECT_LEAVE_REGION;
    else if (effect.lock_class == LOCK_NONE &&
             (self->raises || self->saves || self->restores || self->gives_back))
        effect.lock_class = LOCK_SPIN;
    add_effect(self, fact, effect, acquires);
}

static void add_parts(RowBuild *self) {
    for (uint32_t i = 0; i < self->count; i++) {
        const SalFact *fact = &self->facts[i];
        if ((fact->flags & SAL_BAD_VALUE) != 0)
            continue;
        add_limit(self, fact);
        if (fact->kind == SAL_RAISES)
            add_raise(self, fact);
        else if (fact->kind == SAL_SAVES)
            add_save(self, fact);
        else if (fact->kind == SAL_ACQUIRES || fact->kind == SAL_RELEASES)
            add_lock(self, fact);
        else if (fact->kind == SAL_RESTORES)
            add_effect(self, fact,
                       (Effect){.kind = EFFECT_LOWER, .level = IRQL_COUNT, .saved = fact->place},
                       false);
    }
    if (self->gives_back)
        add_effect(self, find_fact(self, SAL_RELEASES),
                   (Effect){.kind = EFFECT_LOWER, .level = IRQL_COUNT, .saved = inside_lock(self)},
                   false);
}

bool sal_has(const SalFact *facts, uint32_t count, SalKind kind) {
    return find_fact(&(RowBuild){.facts = facts, .count = count}, kind) != NULL;
}

const Ddi *sal_make_row(Arena *arena, const char *name, const SalFact *facts, uint32_t count,
                        bool unsaved) {
    RowBuild build = {.arena = arena, .facts = facts, .count = count};
    build.raises = sal_has(facts, count, SAL_RAISES);
    build.saves = sal_has(facts, count, SAL_SAVES);
    build.restores = sal_has(facts, count, SAL_RESTORES);
    build.gives_back = unsaved && !build.restores && !sal_has(facts, count, SAL_SAME) &&
                       sal_has(facts, count, SAL_RELEASES);
    build.lock = find_fact(&build, SAL_ACQUIRES);
    if (build.lock == NULL)
        build.lock = find_fact(&build, SAL_RELEASES);
    IrqlSet levels = sal_entry_levels(facts, count);
    Ddi *ddi = &build.ddi;
    *ddi = (Ddi){.name = name, .header = "", .page = "", .blocking_text = ""};
    ddi->min = lowest(levels);
    ddi->max = highest(levels) == IRQL_HIGH ? IRQL_COUNT : highest(levels);
    ddi->flags = (uint8_t)(DDI_ANNOTATED | (ddi->min > IRQL_PASSIVE ? DDI_EXACT_MIN : 0));
    add_parts(&build);
    if (build.limits.len + build.effects.len == 0 && levels == IRQL_SET_ALL)
        return NULL;
    ddi->conds = build.conds.items;
    ddi->limits = build.limits.items;
    ddi->effects = build.effects.items;
    ddi->cond_count = (uint8_t)build.conds.len;
    ddi->limit_count = (uint8_t)(build.limits.len < 255 ? build.limits.len : 255);
    ddi->effect_count = (uint8_t)(build.effects.len < 30 ? build.effects.len : 30);
    Ddi *row = arena_new_of(arena, Ddi);
    *row = *ddi;
    return row;
}
