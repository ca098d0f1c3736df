/* One analysis of one instance: what the engine and the recording of its final pass share. */
#ifndef IRQLINT_INFER_RUN_H
#define IRQLINT_INFER_RUN_H

#include "analyzer/infer/internal.h"

typedef struct BlockState {
    Array(World *) worlds; /* states at the block's start, with memory for their world_size */
    bool queued;           /* waiting to be followed */
} BlockState;

typedef struct Run {
    Inferred *self;               /* the inference */
    InstId id;                    /* the instance at hand */
    FuncId func;                  /* its function */
    const ProgUnit *unit;         /* its unit */
    const IrFuncRec *record;      /* its record */
    Arena *scratch;               /* freed at the end of the run */
    BlockState *blocks;           /* by block of the function */
    U32Array order;               /* blocks in reverse postorder */
    bool any_queued;              /* some block is waiting */
    WorldArray now;               /* worlds at the operation at hand */
    WorldArray next;              /* worlds after it; the two change places */
    bool exits_changed;           /* the summary grew */
    Array(ReturnState *) returns; /* what the function leaves with (recording) */
    uint32_t *edge_of_op; /* by op from first_op: index + 1 of its newest edge (recording) */
} Run;

static inline Instance *instance_of(const Run *run) {
    return run->self->instances.items[run->id];
}

/* record.c: the final pass writes down what is seen at every operation. */
void record_start(Run *run);
void record_op(Run *run, World *world, IrOp op);
/* Levels after a call that are above the levels before it. */
void record_raise(Run *run, const WorldArray *worlds, IrOp op, IrqlSet before);
/* A call of an instance, `weak` if it rests on an assumption of its own. */
void record_edge(Run *run, const World *world, IrOp op, Irql level, InstId callee, uint8_t weak);

#endif
