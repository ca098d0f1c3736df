/* frontend: from source files to facts. The only stage that knows libclang.
 *
 * Two layers: frontend_parse turns one file into one unit in this process; frontend_extract does it
 * for a whole driver in worker processes, with one precompiled prelude, so that a parser crash or a
 * hang costs one file.
 */
#ifndef IRQLINT_FRONTEND_H
#define IRQLINT_FRONTEND_H

#include "analyzer/base/base.h"
#include "analyzer/cache/cache.h"
#include "analyzer/project/project.h"
#include "irqlint/ir.h"

/* ---- one file ------------------------------------------------------------------------------ */

/* The names of files that a parse read, for frontend_parse's caller. */
typedef struct FilesRead {
    Arena *arena;    /* owns the names */
    CStrArray paths; /* as clang or the trace reader spells them; some may lie in memory only */
} FilesRead;

typedef struct FrontendJob {
    const char *source;      /* absolute path of the main file */
    const char *const *args; /* complete clang arguments (frontend_base_args + the unit's own) */
    uint32_t arg_count;      /* how many */
    const char *prelude;     /* precompiled prelude, NULL without */
    const char *model_dir;   /* folder of the model headers: what lies in it is IR_FUNC_MODEL */
    const char *kit_dir;     /* folder of a real kit, NULL without: model too */
    const char *overlay;     /* path of the VFS overlay file, NULL without */
    const char *driver_dir;  /* the driver's folder, where its project file may be; NULL unknown */
    bool places_code;        /* read the placing pragmas from the tokens */
    const GeneratedHeader *generated; /* headers that are not on the disk */
    uint32_t generated_count;         /* how many */
    FilesRead *read;                  /* takes what is read besides the source, NULL: nobody asks */
    const CStrArray *readable; /* a file that includes anything else fails; NULL: not looked at */
} FrontendJob;

/* Folder of clang's builtin headers (stdarg.h …): compiled in, or named by the environment. */
const char *frontend_resource_dir(void);
/* Arguments that every parse gets: target, language, extensions, resource directory, include path
 * of the model headers, warnings. */
void frontend_base_args(Arena *arena, const char *model_dir, bool cxx, CStrArray *args);
/* Parses and lowers one file. Never NULL: what fails is a unit with status IR_FAILED and notes. */
IrUnit *frontend_parse(Arena *arena, const FrontendJob *job);
/* Precompiles a header, which must stay, into `output`. 0, or -1 with the reason. */
int frontend_precompile(const char *header, const char *const *args, uint32_t arg_count,
                        const char *output, Error *err);
/* What parses: clang's version and its own headers. */
const char *frontend_version(Arena *arena);

/* ---- a driver ------------------------------------------------------------------------------ */

typedef struct ExtractOptions {
    const char *model_dir; /* folder of the model headers */
    const char *kit_dir;   /* folder of a real kit whose headers units name, NULL without */
    uint32_t jobs;         /* worker processes, at least 1 */
    uint32_t timeout_s;    /* seconds per file before its worker is killed, 0: 120 */
    uint64_t memory_bytes; /* address-space growth a worker may use, 0: 4 GiB */
    Cache *cache;          /* facts and preludes of earlier runs, NULL without */
    Hash128 tool;          /* stands for this program and the model headers, for the cache */
    PoolProgress progress; /* is told how many files are parsed, NULL: nobody */
    void *watcher;         /* its first argument */
} ExtractOptions;

typedef struct ExtractResult {
    IrUnit **units;      /* one per unit of the driver, in its order; never NULL entries */
    uint32_t unit_count; /* how many */
} ExtractResult;

/* The facts of some drivers' files, on disk until they are asked for. */
typedef struct Facts Facts;

/* Looks at the files of some drivers, without parsing them. The arena holds the plan; the drivers
 * must stay. */
Facts *frontend_plan(Arena *arena, FileView *view, const ProjectDriver *drivers,
                     uint32_t driver_count, const ExtractOptions *options);
/* A hash that stands for the facts of drivers[driver], in the order of its files. False: there is
 * none, because what they depend on cannot be told; or, once they are made, because a file failed
 * that may not fail the next time. */
bool frontend_key(const Facts *self, uint32_t driver, Hash128 *key);
/* The facts of drivers[driver] will not be asked for. */
void frontend_skip(Facts *self, uint32_t driver);
/* Only the facts of these files, and of files below these folders, will be asked for; absolute. */
void frontend_select(Facts *self, const CStrArray *paths);
/* Tells of each file that is not skipped its path and the key of its facts in the cache; NULL when
 * there is none, or it could not be parsed. How many there are. */
uint32_t frontend_each(const Facts *self, void (*see)(void *, const char *, const Hash128 *),
                       void *data);
/* Makes the facts of all drivers but the skipped ones: out of the cache, else by parsing; the files
 * share the workers and the preludes. What cannot be parsed becomes a failed unit. */
void frontend_parse_files(Facts *self, FileView *view);
/* Both of the above, for all files. */
Facts *frontend_parse_all(Arena *arena, FileView *view, const ProjectDriver *drivers,
                          uint32_t driver_count, const ExtractOptions *options);
/* What parsing a file cost. */
typedef struct ParseCost {
    const char *path;    /* of the file */
    double seconds;      /* on the clock */
    uint64_t peak_bytes; /* of the parser's memory, with what it parsed before */
} ParseCost;

typedef Array(ParseCost) ParseCosts;

/* Of each file that was parsed. */
ParseCosts frontend_costs(const Facts *self, Arena *arena);
/* How many of the files that are not skipped came out of the cache. */
uint32_t frontend_cached(const Facts *self);
/* The facts of drivers[driver], in `arena`. Any process that descends from the one that parsed may
 * ask, and again. */
void frontend_facts(const Facts *self, uint32_t driver, Arena *arena, ExtractResult *result);
/* A folder for other files of the run, which vanishes with frontend_close or this process; NULL
 * when there is none. */
const char *frontend_folder(const Facts *self);
/* Removes what lies on the disk. */
void frontend_close(Facts *self);

#endif
