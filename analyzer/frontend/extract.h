/* extract: what the files of frontend_extract share: temporary folder, process pool, preludes. */
#ifndef IRQLINT_FRONTEND_EXTRACT_H
#define IRQLINT_FRONTEND_EXTRACT_H

#include "analyzer/frontend/frontend.h"
#include "analyzer/frontend/sandbox.h"

/* ---- temporary folder (extract_temp.c) ------------------------------------------------------ */

typedef struct TempDir {
    const char *path; /* the folder */
    int guard_fd;     /* while it is open somewhere the folder stays */
    int guard_pid;    /* the process that removes it, 0: we do */
} TempDir;

/* A new empty folder that vanishes with this process, however it ends. 0, or -1 with the reason. */
int temp_dir_open(TempDir *self, Arena *arena, Error *err);
/* Removes the folder and all in it; returns when it is gone. */
void temp_dir_close(TempDir *self);

/* ---- process pool (extract_pool.c) ---------------------------------------------------------- */

/* Runs in a worker process; the value is handed to the parent. */
typedef int (*PoolRun)(void *context, uint32_t task);

typedef enum PoolStatus {
    POOL_DONE,       /* value is what the task returned */
    POOL_CRASHED,    /* value is the signal that ended the worker, 0: it exited */
    POOL_TIMED_OUT,  /* killed after timeout_s */
    POOL_NOT_STARTED /* no worker process could be started */
} PoolStatus;

typedef struct PoolOutcome {
    PoolStatus status; /* what became of the task */
    int value;         /* see PoolStatus */
} PoolOutcome;

typedef struct Pool {
    uint32_t jobs;          /* worker processes at most */
    uint32_t timeout_s;     /* seconds per task */
    uint64_t memory_bytes;  /* growth of a worker's address space */
    const Sandbox *sandbox; /* what a worker may read and write, NULL: everything */
    PoolRun run;            /* the work */
    void *context;          /* its first argument */
} Pool;

/* Runs tasks 0 … count-1 and fills outcomes[0 … count-1]. Which worker runs a task, and when, shows
 * nowhere. Call before this process has threads. */
void pool_run(const Pool *self, uint32_t count, PoolOutcome *outcomes);

/* ---- preludes (prelude.c) ------------------------------------------------------------------- */

enum { NO_PRELUDE = UINT32_MAX };

/* Model headers precompiled for units of one language and set of macros. */
typedef struct Prelude {
    bool cxx;            /* the language */
    CStrArray options;   /* unit options that model headers could see: all but include folders */
    uint32_t parent;     /* the prelude that it adds to; NO_PRELUDE: none */
    CStrArray headers;   /* what it adds: model headers that its units include */
    uint32_t unit_count; /* units that use it */
    const char *output;  /* the precompiled file, NULL while there is none */
} Prelude;

typedef Array(Prelude) PreludeArray;

/* The identifiers of the model headers: `identifiers.txt` in their folder. */
typedef struct ModelWords ModelWords;

ModelWords *model_words_new(Arena *arena, const char *model_dir);

/* A file that may use a prelude. */
typedef struct PreludeUnit {
    const ProjectUnit *unit;       /* how it is parsed */
    const ProjectClosure *closure; /* what it includes */
} PreludeUnit;

/* Plans the preludes of some files, of one driver or several: choice[i] is that of units[i] or
 * NO_PRELUDE. */
void prelude_plan(Arena *arena, const ModelWords *words, const PreludeUnit *units,
                  uint32_t unit_count, PreludeArray *preludes, uint32_t *choice);
/* Arguments of every parse of a driver: the overlay, and a fixed date so that equal files give
 * equal facts. */
void extract_args(Arena *arena, const char *overlay, CStrArray *args);
/* Precompiles one into `output`, on top of the precompiled `base` (NULL: none). Runs in a worker. 0
 * or -1. */
int prelude_build(const Prelude *prelude, const char *base, const char *model_dir,
                  const char *overlay, const char *output);

#endif
