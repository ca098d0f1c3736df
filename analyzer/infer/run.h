/* One analysis of one instance: what the engine and the recording share. */
#ifndef IRQLINT_INFER_RUN_H
#define IRQLINT_INFER_RUN_H

#include "analyzer/infer/internal.h"

typedef struct BlockState {
    Array(World *) worlds; /* states at the block's start, with memory for their world_size */
    bool queued;           /* waiting to be followed */
    LockSet seen[2];       /* locks not held in some state at its branch; held … */
    LockSet open[2];       /* … in one for which both ways are open */
    LockSet touched;       /* locks that its operations take or release */
    bool lowers;           /* its operations lower the level to that of the entry */
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
    Array(ReturnState *) returns; /* what the function leaves with */
    OpState *states;              /* by op from first_op: what was seen there */
    uint32_t *edge_of_op;         /* by op from first_op: index + 1 of its newest edge */
} Run;

static inline Instance *instance_of(const Run *run) {
    return run->self->instances.items[run->id];
}

/* engine.c: successor number `n` of a block (of the function); UINT32_MAX past the last. Number 0
 * is the handler of the block's region; where there is none, the same as number 1. */
uint32_t run_successor(const Run *run, uint32_t block, uint32_t n);
/* The block (of the function) with that operation. */
uint32_t run_block_of(const Run *run, OpId op);

/* choice.c: a world at the branch that ends a block; `open`: it may go either
 * way. */
void choice_note_branch(Run *run, uint32_t block, const World *world, bool open);
/* … and the worlds (run->now) at the end of a block that was entered with `start`. */
void choice_note_block(Run *run, uint32_t block, const World *start);
/* For a lock, or a level above that of the entry, in a state that is wrong as it is held, or is
 * not: true when a branch that decides whether the block is reached may know better. */
bool choice_may_know(Run *run, uint32_t block, unsigned bit, bool held);
/* True when a level that is not restored may be one that a branch knows to be restored. */
bool choice_may_restore(Run *run);

/* misuse.c: locks and levels that differ at the returns of what is recorded. */
void misuse_at_returns(Run *run);

/* record.c: what is seen at every operation is written down. */
void record_start(Run *run);
void record_end(Run *run);
void record_op(Run *run, World *world, IrOp op);
/* Levels after a call that are above the levels before it. */
void record_raise(Run *run, const WorldArray *worlds, IrOp op, IrqlSet before);
/* A call of an instance, `weak` if it rests on an assumption of its own. */
void record_edge(Run *run, const World *world, IrOp op, Irql level, InstId callee, uint8_t weak);

#endif
