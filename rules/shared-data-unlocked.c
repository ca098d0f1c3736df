/* shared-data-unlocked (F10): two contexts change the same data and no lock keeps them apart.
 *
 * `count--` in a DPC and `count++` in a thread are each a read and a write: the one that comes
 * between them is lost; a list that both relink falls apart. It happens once in many hours, on
 * another machine than the developer's. Three kinds of evidence are taken for a mistake:
 *
 *  - both sides change what they find there (count up and down, set bits, relink a list), one can
 *    interrupt the other or run on another processor, and no lock is common to both;
 *  - one side frees what a pointer points at, which the other side may be using just then;
 *  - the data is used under one lock at nearly all places, and changed at this one without any.
 *
 * Left alone: plain flags and pointers that are only set and read, counters that only count up
 * (statistics), what only starts and stops of the device touch, objects of which there are many
 * (one request's state belongs to whoever has the request). It errs towards silence: what may be
 * locked counts as locked, and objects that are not followed are no same object.
 */
#include "irqlint/rule.h"

#include <string.h>

enum {
    MAX_ACCESSES = 2000,  /* data reached on more ways is passed over: every pair is compared */
    MIN_LOCKED = 3,       /* operations under a lock that make it the rule */
    MIN_LOCKED_PLAIN = 5, /* … where what breaks it only overwrites the data */
    MIN_WRITES = 2        /* of them, operations that change the data */
};

static bool is_update(UpdateKind update) {
    return update != UPDATE_READ && update != UPDATE_WRITE && update != UPDATE_FREE;
}

/* A device's own state by whatever name, or the same name for another object's. */
static bool same_object(const SharedData *data, const SharedAccess *a, const SharedAccess *b) {
    HolderKind first = (HolderKind)a->holder.kind, second = (HolderKind)b->holder.kind;
    if (first == HOLDER_MANY || first == HOLDER_UNKNOWN || second == HOLDER_MANY ||
        second == HOLDER_UNKNOWN || a->holder.inside != b->holder.inside)
        return false;
    if (first == second && first != HOLDER_ROOT)
        return a->holder.id == b->holder.id;
    return data->single;
}

static bool collide(const Inferred *inferred, const SharedData *data, const SharedAccess *a,
                    const SharedAccess *b) {
    return a->root->func != b->root->func && same_object(data, a, b) &&
           (a->maybe & b->maybe) == 0 && inferred_may_overlap(inferred, a, b);
}

static const char *verb(UpdateKind update) {
    static const char *const verbs[] = {
        [UPDATE_READ] = "reads",
        [UPDATE_WRITE] = "writes",
        [UPDATE_UP] = "adds to",
        [UPDATE_DOWN] = "subtracts from",
        [UPDATE_BITS] = "changes bits of",
        [UPDATE_LINKS] = "relinks",
        [UPDATE_FREE] = "frees what is in",
    };
    return verbs[update];
}

/* "without a lock", or with which one: not of the right kind, or it would be no finding. */
static const char *how_locked(RuleRun *run, const SharedAccess *access) {
    const Inferred *inferred = run_inferred(run);
    if (!inferred_may_exclude(inferred, access->maybe))
        return "without a lock";
    const char *lock = inferred_lock_name(inferred, access->maybe);
    return run_text(run, "holding only %s, which does not keep that level out",
                    *lock == '\0' ? "a lock" : lock);
}

/* Of an object that some caller keeps in a field, the field is what the reader knows. */
static const char *kept_in(RuleRun *run, const SharedAccess *access) {
    bool named = access->holder.up > 0 && access->holder.kind == HOLDER_FIELD &&
                 run_program(run)->field_is_driver[access->holder.id];
    return named ? run_program(run)->field_names[access->holder.id] : NULL;
}

static const char *sink_of(RuleRun *run, const SharedData *data, const SharedAccess *here) {
    const char *holder = kept_in(run, here);
    const Program *program = run_program(run);
    if (holder == NULL)
        return run_text(run, "%s %s %s", verb(here->update), data->name, how_locked(run, here));
    const IrOpRec *op = program_op(program, here->func, here->op);
    return run_text(run, "gives away what %s holds; %s (line %u) %s %s without a lock", holder,
                    program->funcs[here->func].name, op->loc.line, verb(here->update), data->name);
}

static void report(RuleRun *run, const SharedData *data, SharedReport finding) {
    const char *holder = kept_in(run, finding.here);
    finding.at_holder = holder != NULL;
    finding.subject = holder != NULL ? holder : data->name;
    finding.assumption = ASSUME_SAME_OBJECT;
    finding.sink = sink_of(run, data, finding.here);
    run_report_shared(run, &finding);
}

/* ---- both sides change it -------------------------------------------------------------------- */

static unsigned rank(const SharedAccess *access) {
    return access->irql >= IRQL_DIRQL ? 2 : access->irql == IRQL_DISPATCH ? 1 : 0;
}

/* True when one of the locks held here is, or may be, of a kind that keeps the other side out. */
static bool may_keep_out(const Inferred *inferred, const SharedAccess *here,
                         const SharedAccess *other) {
    if (rank(other) > rank(here))
        return rank(other) == 2 ? inferred_may_mask(inferred, here->maybe)
                                : inferred_may_spin(inferred, here->maybe);
    return inferred_may_exclude(inferred, here->maybe);
}

static bool clash(const Inferred *inferred, const SharedData *data, const SharedAccess *here,
                  const SharedAccess *other) {
    bool statistics = here->update == UPDATE_UP && other->update == UPDATE_UP;
    return is_update(here->update) && is_update(other->update) && !statistics &&
           !may_keep_out(inferred, here, other) && collide(inferred, data, here, other);
}

/* The higher the better: contexts that surely interrupt each other; the line shown is then that of
 * the lower one under an ISR, which has to take the interrupt lock, else that of the higher one. */
static unsigned worth(const SharedAccess *here, const SharedAccess *other) {
    if (rank(other) == 2)
        return 4;
    if (rank(here) == 2)
        return 1;
    return rank(here) > rank(other) ? 3 : rank(here) < rank(other) ? 2 : 1;
}

static void check_clash(RuleRun *run, const SharedData *data) {
    const Inferred *inferred = run_inferred(run);
    const SharedAccess *here = NULL, *other = NULL;
    for (uint32_t i = 0; i < data->len; i++) {
        for (uint32_t k = 0; k < data->len; k++) {
            const SharedAccess *a = &data->items[i], *b = &data->items[k];
            if ((here == NULL || worth(a, b) > worth(here, other)) && clash(inferred, data, a, b)) {
                here = a;
                other = b;
            }
        }
    }
    if (here == NULL)
        return;
    const char *by = run_program(run)->funcs[other->func].name;
    const char *how = how_locked(run, here);
    SharedReport finding = {
        .here = here,
        .other = other,
        .certainty = rank(here) != rank(other) ? POSSIBLE : POSSIBLE_WEAK,
        .access = run_text(run, "%s %s", verb(other->update), data->name),
        .message = run_text(run,
                            "%s is changed at %%i in %%c %s; %s changes it at %s and can run "
                            "at the same time",
                            data->name, how, by, irql_name(other->irql)),
    };
    report(run, data, finding);
}

/* ---- all others hold the lock ---------------------------------------------------------------- */

typedef struct Discipline {
    LockNames lock;   /* the lock, one bit; 0 none */
    uint32_t locked;  /* operations under it */
    uint32_t writes;  /* … that change the data */
    uint32_t outside; /* operations that change the data without it */
} Discipline;

static bool seen_before(const SharedData *data, uint32_t index) {
    for (uint32_t i = 0; i < index; i++) {
        if (data->items[i].op == data->items[index].op)
            return true;
    }
    return false;
}

static Discipline discipline_of(const SharedData *data, LockNames lock) {
    Discipline found = {.lock = lock};
    for (uint32_t i = 0; i < data->len; i++) {
        const SharedAccess *access = &data->items[i];
        bool changes = access->update != UPDATE_READ;
        if (seen_before(data, i))
            continue;
        found.locked += (access->sure & lock) != 0;
        found.writes += (access->sure & lock) != 0 && changes;
        found.outside += (access->maybe & lock) == 0 && changes;
    }
    return found;
}

static Discipline find_discipline(const Inferred *inferred, const SharedData *data) {
    Discipline best = {0};
    LockNames names = 0;
    for (uint32_t i = 0; i < data->len; i++)
        names |= data->items[i].sure;
    for (unsigned bit = 0; bit < 63; bit++) {
        LockNames lock = names & (LockNames)1 << bit;
        if (lock == 0 || !inferred_may_exclude(inferred, lock))
            continue;
        Discipline found = discipline_of(data, lock);
        if (found.locked > best.locked)
            best = found;
    }
    return best;
}

static bool breaks(const Inferred *inferred, const SharedData *data, const Discipline *rule,
                   const SharedAccess *here, const SharedAccess *other) {
    bool enough = is_update(here->update) || rule->locked >= MIN_LOCKED_PLAIN;
    return here->update != UPDATE_READ && here->update != UPDATE_UP && enough &&
           !inferred_may_exclude(inferred, here->maybe) && (other->sure & rule->lock) != 0 &&
           collide(inferred, data, here, other);
}

/* A lock beside the data, or two globals: what is held by chance is elsewhere. */
static bool is_lock_of(const char *lock, const char *data) {
    size_t type = strcspn(data, ".");
    return data[type] == '\0' ? strchr(lock, '.') == NULL
                              : strncmp(lock, data, type) == 0 && lock[type] == '.';
}

/* One finding: the first place that breaks the rule. */
static void check_discipline(RuleRun *run, const SharedData *data) {
    const Inferred *inferred = run_inferred(run);
    Discipline rule = find_discipline(inferred, data);
    if (rule.locked < MIN_LOCKED || rule.writes < MIN_WRITES || rule.outside * 3 > rule.locked)
        return;
    const char *lock = inferred_lock_name(inferred, rule.lock);
    for (uint32_t i = 0; i < data->len * data->len; i++) {
        const SharedAccess *here = &data->items[i / data->len];
        const SharedAccess *other = &data->items[i % data->len];
        if (!breaks(inferred, data, &rule, here, other))
            continue;
        SharedReport finding = {
            .here = here,
            .other = other,
            .certainty = is_lock_of(lock, data->name) ? POSSIBLE : POSSIBLE_WEAK,
            .access = run_text(run, "%s %s holding %s", verb(other->update), data->name, lock),
            .message = run_text(run,
                                "%s is changed at %%i in %%c without %s, which is held at %u "
                                "other places",
                                data->name, lock, rule.locked),
        };
        report(run, data, finding);
        return;
    }
}

/* ---- freed under its user -------------------------------------------------------------------- */

static void check_free(RuleRun *run, const SharedData *data) {
    const Inferred *inferred = run_inferred(run);
    for (uint32_t i = 0; i < data->len * data->len; i++) {
        const SharedAccess *here = &data->items[i / data->len];
        const SharedAccess *other = &data->items[i % data->len];
        if (here->update != UPDATE_READ || other->update != UPDATE_FREE ||
            rank(here) <= rank(other) || inferred_may_exclude(inferred, here->maybe) ||
            !collide(inferred, data, here, other))
            continue;
        const char *by = run_program(run)->funcs[other->func].name;
        SharedReport finding = {
            .here = here,
            .other = other,
            .certainty = POSSIBLE,
            .access = run_text(run, "frees what %s points at", data->name),
            .message = run_text(run,
                                "%s is used at %%i in %%c without a lock; %s frees what it points "
                                "at and can run at the same time",
                                data->name, by),
        };
        report(run, data, finding);
        return;
    }
}

static void visit(RuleRun *run, const SharedData *data) {
    if (data->len > MAX_ACCESSES)
        return;
    check_clash(run, data);
    check_free(run, data);
    check_discipline(run, data);
}

static void check(RuleRun *run) {
    run_each_shared(run, visit);
}

const Rule rule_shared_data_unlocked = {
    .id = "shared-data-unlocked",
    .title = "Data that two contexts change is changed without a common lock",
    .level = LEVEL_WARNING,
    .hint = "Take the lock that the other side takes, or use an interlocked operation on "
            "both sides.",
    .requirement = "F10",
    .severity = "4.7",
    .warnings = {28112, 26130},
    .check = check,
};
