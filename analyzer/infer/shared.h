/* What the two files on shared data have in common: ways of calls (shared.c), and what code of a
 * function touches which data of which object (sites.c). */
#ifndef IRQLINT_INFER_SHARED_H
#define IRQLINT_INFER_SHARED_H

#include "analyzer/infer/internal.h"

enum {
    WAY_HOLDERS = 4,      /* parameters that are followed */
    HOLDER_ALLOCATED = 1, /* id of HOLDER_PRIVATE: memory just allocated */
    NO_WAY = UINT32_MAX
};

/* A function entered from a root, with one set of locks. */
typedef struct Way {
    InstId instance;             /* what is entered */
    uint32_t root;               /* index into Inferred.roots */
    uint8_t context;             /* Context */
    uint32_t parent;             /* the way that calls it; NO_WAY: the system does */
    uint32_t edge;               /* index into the parent's edges */
    LockSet held;                /* surely held at the entry */
    LockSet maybe;               /* perhaps held */
    Holder holders[WAY_HOLDERS]; /* of what the first parameters point at */
} Way;

/* An operation that touches data. */
typedef struct FuncAccess {
    IrOp op;           /* the load, store or call */
    uint32_t key;      /* FieldId, or field_count + global */
    UpdateKind update; /* what it does */
    IrPath path;       /* the data */
} FuncAccess;

typedef Array(FuncAccess) FuncAccesses;
typedef Array(SharedAccess) SharedAccesses;

/* How often a local is assigned, and what. */
typedef struct LocalStore {
    uint32_t count; /* stores */
    IrValue value;  /* the last one */
} LocalStore;

struct InferShared {
    Arena *arena;           /* owns all */
    Inferred *inferred;     /* what is read */
    Array(Way) ways;        /* all of them, a caller before its callees */
    Map64 *seen;            /* accesses known already */
    SharedAccesses *of_key; /* by FieldId, then by global */
    FuncAccesses **of_func; /* by FuncId: its sites, NULL: not made */
    LocalStore **locals;    /* by FuncId, by local: NULL: not made */
    uint64_t *of_type;      /* by FieldId: hash of its struct type's name, 0: not made */
    Map64 *many;            /* hash of a struct type's name: there are many objects of it */
    Array(SharedData) data; /* the result */
};

/* sites.c */
const FuncAccesses *shared_sites(InferShared *self, FuncId func);
/* Of the object that `path` is part of. */
Holder holder_of_path(InferShared *self, const Way *way, FuncId func, IrPath path);
/* Of what the first arguments of a call point at. */
void holder_of_arguments(InferShared *self, const Way *way, FuncId func, IrOp call, Holder *out);

/* witness.c */
void witness_root(const Inferred *self, Arena *arena, const ProgRoot *root, Irql level,
                  Context context, StepArray *steps);
/* The raises and lowers before the call, and the call. */
void witness_call(const Inferred *self, Arena *arena, FuncId caller, const CallEdge *edge,
                  Irql entry, StepArray *steps);
void witness_events(const Inferred *self, Arena *arena, TraceId trace, StepArray *steps);

#endif
