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

typedef struct GateOptions {
    const CStrArray *marked;    /* absolute: sources that hold marks; no other source is read */
    Suppressions *suppressions; /* NULL: none */
    const CStrArray *rules;     /* ids of the rules that ran; empty: all */
    const char *today;          /* YYYY-MM-DD, for entries that expire */
} GateOptions;

/* Sets the verdict of every finding, and run->notices. */
void gate_judge(Arena *arena, const GateOptions *options, StoredRun *run);

#endif
