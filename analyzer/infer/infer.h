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
                   Certainty certainty, StepArray *steps, Assumption *assumption);

/* The golden text form: per function its pairs, each with its cause. */
void infer_dump(const Inferred *self, FILE *out);

/* Coverage: how often precision was lost (worlds joined, instances widened). */
typedef struct InferStats {
    uint32_t instances;   /* (function, entry state) analysed */
    uint32_t lost_worlds; /* joins that lost precision */
    uint32_t widened;     /* call sites whose argument values were dropped */
} InferStats;
InferStats infer_stats(const Inferred *self);

#endif
