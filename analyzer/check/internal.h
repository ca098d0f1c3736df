/* What the files of the check stage share. */
#ifndef IRQLINT_CHECK_INTERNAL_H
#define IRQLINT_CHECK_INTERNAL_H

#include "analyzer/check/check.h"
#include "analyzer/infer/infer.h"

/* A finding before de-duplication. */
typedef struct Draft {
    Finding finding; /* complete but for the fingerprint */
    bool access;     /* a load or store: `x += 1` is both, so the column does not tell them apart */
} Draft;

typedef Array(Draft) DraftArray;

struct RuleRun {
    Arena *arena;              /* holds the findings */
    const Inferred *inferred;  /* what the rule reads */
    const Rule *rule;          /* the one that runs */
    DraftArray drafts;         /* of all rules so far */
    CallVisitor *call_visitor; /* of run_each_call */
    InferShared *shared;       /* accesses to shared data, NULL: not asked for yet */
};

/* Sorts, keeps the surest of equal ones, numbers the fingerprints. */
void drafts_finish(DraftArray *drafts, Arena *arena, const char *base_dir, FindingArray *findings);

#endif
