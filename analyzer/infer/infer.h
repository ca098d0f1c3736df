/* infer: at which (context, IRQL) every function and every operation can run, and why. */
#ifndef IRQLINT_INFER_H
#define IRQLINT_INFER_H

#include "analyzer/base/base.h"
#include "irqlint/rule.h"

Inferred *infer_program(Arena *arena, const Program *program);

/* The shortest path that shows the pair at operation `op` (0: at the function's entry): root,
 * calls, raises and lowers, in order; the sink is the caller's to add. */
typedef Array(Step) StepArray;
void infer_witness(const Inferred *self, Arena *arena, FuncId func, OpId op, unsigned pair,
                   Certainty certainty, const SiteFilter *filter, StepArray *steps,
                   Assumption *assumption);

/* A witness link by link, for whoever keeps all of them: many share their first part. */
typedef uint32_t CauseId; /* a function entered at a level in a context, and how; 0 = none */

typedef struct CauseEvent {
    OpId op;    /* call in the parent's function that changes the level */
    Irql level; /* level after it */
    bool raise; /* went up */
} CauseEvent;

typedef struct Cause {
    FuncId func;              /* function that is entered … */
    Irql irql;                /* … at this level */
    CauseId parent;           /* how its caller was entered; 0: the system calls it */
    const ProgRoot *root;     /* how the system knows it; NULL when there is a parent */
    uint32_t root_index;      /* a number of that root, the same for all its causes */
    OpId op;                  /* the call in the parent's function; 0 for a root */
    const CauseEvent *events; /* raises and lowers in the parent before the call, in order */
    uint32_t event_count;     /* how many */
    Assumption assumption;    /* what it rests on so far */
} Cause;

/* The last link of what infer_witness shows for the function's entry; 0 when there is none. */
CauseId infer_cause_of(const Inferred *self, FuncId func, unsigned pair, Certainty certainty);
Cause infer_cause(const Inferred *self, Arena *arena, CauseId id);

/* What the function does wrong in that way, one site each. */
typedef Array(MisuseSite) MisuseSites;
void infer_misuses(const Inferred *self, Arena *arena, FuncId func, MisuseKind kind,
                   MisuseSites *sites);

/* Accesses to the data that several roots share, sorted by field, then global; per item in the
 * order of roots, ways and operations. Ways hold until the arena is released. */
typedef struct InferShared InferShared;
InferShared *infer_shared(Arena *arena, const Inferred *inferred);
uint32_t infer_shared_count(const InferShared *self);
const SharedData *infer_shared_item(const InferShared *self, uint32_t index);
/* The steps from the root to just before the operation … */
void infer_shared_path(const InferShared *self, Arena *arena, const SharedAccess *access,
                       StepArray *steps);
/* … or to just before the call, `up` calls above it. */
void infer_shared_path_above(const InferShared *self, Arena *arena, const SharedAccess *access,
                             uint32_t up, StepArray *steps);
/* That call, and its function; with `up` 0 the operation. */
OpId infer_shared_site(const InferShared *self, const SharedAccess *access, uint32_t up,
                       FuncId *func);

/* The golden text form: per function its pairs, each with its cause. */
void infer_dump(const Inferred *self, FILE *out);

/* Coverage: how often precision was lost (worlds joined, instances widened). */
typedef struct InferStats {
    uint32_t instances;   /* (function, entry state) analysed */
    uint32_t analyses;    /* how often one was */
    uint32_t lost_worlds; /* joins that lost precision */
    uint32_t widened;     /* call sites whose argument values were dropped */
} InferStats;
InferStats infer_stats(const Inferred *self);

#endif
