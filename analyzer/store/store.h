/* store: one SQLite file: runs, units, functions, contexts, calls, findings. Reports read only
 * this.
 *
 * One transaction a run: a reader sees a whole run or none of it. The schema is store/schema.sql.
 */
#ifndef IRQLINT_STORE_H
#define IRQLINT_STORE_H

#include "analyzer/base/base.h"
#include "analyzer/check/check.h"
#include "analyzer/infer/infer.h"

typedef struct Store Store;

/* What one run writes about one driver. */
typedef struct StoreDriver {
    const Program *program;       /* linked */
    const Inferred *inferred;     /* contexts */
    const FindingArray *findings; /* of every certainty */
    IrUnit *const *units;         /* parse states, in the project's order */
    uint32_t unit_count;          /* how many */
} StoreDriver;

typedef struct StoreRun {
    const char *root;            /* paths are stored relative to it where they are inside */
    const char *command;         /* arguments as given, for the invocation record */
    const StoreDriver *drivers;  /* sorted by name */
    uint32_t driver_count;       /* how many */
    const char *const *problems; /* what could not be done, one line each */
    uint32_t problem_count;      /* how many */
} StoreRun;

/* Opens (creates) the database; NULL path: a private one in memory. 0 or -1. */
int store_open(Arena *arena, const char *path, Store **store, Error *err);
void store_close(Store *self);
/* Writes a run in one transaction; *run_id is its id. 0 or -1 (nothing is written then). */
int store_write_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err);

#endif
