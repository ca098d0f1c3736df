/* extract: what the files of frontend_extract share: temporary folder, preludes. */
#ifndef IRQLINT_FRONTEND_EXTRACT_H
#define IRQLINT_FRONTEND_EXTRACT_H

#include "analyzer/frontend/frontend.h"

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
    Hash128 key;         /* in the cache */
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
/* The text of the header that is precompiled. */
const char *prelude_text(Arena *arena, const Prelude *prelude);
/* Precompiles a header of that text into `output`, on top of the precompiled `base` (NULL: none).
 * Runs in a worker. 0 or -1. */
int prelude_build(const Prelude *prelude, const char *header, const char *base,
                  const char *model_dir, const char *overlay, const char *output);

/* ---- the files of a run (extract.c) -----------------------------------------------------------
 */

/* One file; the files of all drivers are numbered through. */
typedef struct Work {
    const ProjectUnit *unit;       /* what to parse */
    const ProjectClosure *closure; /* the headers that it reaches */
    const char *overlay;           /* its driver's, NULL: could not be made */
    const char *dir;               /* its driver's folder */
    PoolOutcome outcome;           /* what became of it */
    Hash128 key;                   /* of its facts; meaningless unless has_key */
    CStrArray traced;              /* files that only projects name, which the key covers too */
    bool has_key;                  /* what the facts depend on is known */
    bool skipped;                  /* nobody wants the facts */
    bool cached;                   /* they came out of the cache */
} Work;

struct Facts {
    Arena *arena;              /* plan; not the result */
    ExtractOptions options;    /* how */
    const char *model_overlay; /* overlay of the model headers alone: for preludes */
    TempDir temp;              /* everything on disk */
    Array(Work) work;          /* all files, driver by driver */
    PreludeArray preludes;     /* of all drivers */
    U32Array choice;           /* of each file: its prelude or NO_PRELUDE */
    U32Array tasks;            /* files of the running pool */
    Pool pool;                 /* limits of the workers */
    Sandbox sandbox;           /* what they may read and write */
    U32Array first;            /* by driver: its first file in `work`; then their number */
    bool has_temp;             /* the temporary folder is there */
    Error err;                 /* why not */
};

/* Arguments of a file's parse but for the overlay. */
void extract_own_args(const Facts *self, const Work *work, Arena *arena, CStrArray *args);

/* ---- preludes of a run (extract_prelude.c) -----------------------------------------------------
 */

/* Builds the preludes of the files that are to be parsed, or takes them out of the cache. */
void extract_preludes(Facts *self, FileView *view);

/* ---- the cache (extract_key.c) ------------------------------------------------------------------
 */

/* Finds out on what the facts of each file depend: work->key. */
void extract_keys(Facts *self);
/* True when the facts depend on nothing but what the key covers, as far as the files read tell. */
bool extract_is_covered(const Facts *self, const Work *work, const FilesRead *read);

#endif
