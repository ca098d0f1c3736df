/* frontend: from source files to facts. The only stage that knows libclang.
 *
 * Two layers: frontend_parse turns one file into one unit in this process; frontend_extract does it
 * for a whole driver in worker processes, with one precompiled prelude, so that a parser crash or a
 * hang costs one file.
 */
#ifndef IRQLINT_FRONTEND_H
#define IRQLINT_FRONTEND_H

#include "analyzer/base/base.h"
#include "analyzer/project/project.h"
#include "irqlint/ir.h"

/* ---- one file ------------------------------------------------------------------------------ */

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
    const CStrArray *readable; /* a file that includes anything else fails; NULL: not looked at */
} FrontendJob;

/* Folder of clang's builtin headers (stdarg.h …): compiled in, or named by the environment. */
const char *frontend_resource_dir(void);
/* Arguments that every parse gets: target, language, extensions, resource directory, include path
 * of the model headers, warnings. */
void frontend_base_args(Arena *arena, const char *model_dir, bool cxx, CStrArray *args);
/* Parses and lowers one file. Never NULL: what fails is a unit with status IR_FAILED and notes. */
IrUnit *frontend_parse(Arena *arena, const FrontendJob *job);
/* Precompiles `#include`s of the given model headers. 0, or -1 with the reason. */
int frontend_precompile(const char *const *headers, uint32_t header_count, const char *const *args,
                        uint32_t arg_count, const char *output, Error *err);

/* ---- a driver ------------------------------------------------------------------------------ */

typedef struct ExtractOptions {
    const char *model_dir; /* folder of the model headers */
    const char *kit_dir;   /* folder of a real kit whose headers units name, NULL without */
    uint32_t jobs;         /* worker processes, at least 1 */
    uint32_t timeout_s;    /* seconds per file before its worker is killed, 0: 120 */
    uint64_t memory_bytes; /* address-space growth a worker may use, 0: 4 GiB */
} ExtractOptions;

typedef struct ExtractResult {
    IrUnit **units;      /* one per unit of the driver, in its order; never NULL entries */
    uint32_t unit_count; /* how many */
} ExtractResult;

/* The facts of some drivers' files, on disk until they are asked for. */
typedef struct Facts Facts;

/* Parses all files of the drivers, which share the workers and the preludes. What cannot be parsed
 * becomes a failed unit. The arena holds the plan; the drivers must stay. */
Facts *frontend_parse_all(Arena *arena, FileView *view, const ProjectDriver *drivers,
                          uint32_t driver_count, const ExtractOptions *options);
/* The facts of drivers[driver], in `arena`. Any process that descends from the one that parsed may
 * ask, and again. */
void frontend_facts(const Facts *self, uint32_t driver, Arena *arena, ExtractResult *result);
/* A folder for other files of the run, which vanishes with frontend_close or this process; NULL
 * when there is none. */
const char *frontend_folder(const Facts *self);
/* Removes what lies on the disk. */
void frontend_close(Facts *self);

#endif
