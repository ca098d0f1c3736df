/* gate: which findings of a run somebody has accepted, and why.
 *
 * A finding is accepted by a comment in the source, by a pragma that silences the related warning
 * of Code Analysis, or by an entry of a file of suppressions. Accepted findings stay in the run;
 * they are not open. Invariant: nothing is accepted without a reason, but for pragmas, which have
 * room for none; what accepts nothing (any more) is a notice. Errs towards leaving findings open.
 */
#ifndef IRQLINT_GATE_H
#define IRQLINT_GATE_H

#include "analyzer/base/base.h"
#include "analyzer/store/store.h"

/* Entries of files of suppressions (docs/suppressions.md). */
typedef struct Suppressions Suppressions;

/* Reads such files. NULL with one line that says what is wrong where. */
Suppressions *suppressions_read(Arena *arena, const char *const *paths, uint32_t path_count,
                                Error *err);

/* Findings that were there before (docs/gate.md). */
typedef struct Baseline Baseline;

/* NULL with the reason. */
Baseline *baseline_read(Arena *arena, const char *path, Error *err);
/* The findings of a run, at least as sure as that, that nobody suppressed. `reason` is why they are
 * accepted. */
Baseline *baseline_of_run(Arena *arena, const StoredRun *run, Certainty certainty,
                          const char *reason);
/* 0, or -1 with the reason. */
int baseline_write(Baseline *self, const char *path, Error *err);
/* How many findings. */
uint32_t baseline_count(const Baseline *self);
/* Takes out what `present` does not have; how many. `present` is used up. */
uint32_t baseline_keep(Baseline *self, Baseline *present);

/* Findings of two runs. */
typedef struct GateDiff {
    Array(const StoredFinding *) introduced; /* only in the second */
    Array(const StoredFinding *) fixed;      /* only in the first */
    Array(const StoredFinding *) unchanged;  /* in both, as in the second */
} GateDiff;

/* Of findings that are at least as sure as that and that nobody suppressed. */
void gate_compare(Arena *arena, const StoredRun *before, const StoredRun *after,
                  Certainty certainty, GateDiff *diff);

typedef struct GateOptions {
    const CStrArray *marked;    /* absolute: sources that hold marks; no other source is read */
    Suppressions *suppressions; /* NULL: none */
    Baseline *baseline;         /* NULL: none */
    const CStrArray *rules;     /* ids of the rules that ran; empty: all */
    const char *today;          /* YYYY-MM-DD, for entries that expire */
} GateOptions;

/* Sets the verdict of every finding, and run->notices. */
void gate_judge(Arena *arena, const GateOptions *options, StoredRun *run);

#endif
