/* coverage: how much of a run was understood, counted once for all formats.
 *
 * A file counts once, whatever the number of drivers that it belongs to, by the worst of what
 * became of it. Calls count once for each driver: each links them anew.
 */
#ifndef IRQLINT_REPORT_COVERAGE_H
#define IRQLINT_REPORT_COVERAGE_H

#include "analyzer/base/base.h"
#include "analyzer/store/store.h"

#include <cjson/cJSON.h>

/* A source file over all drivers that it belongs to. */
typedef struct FileCoverage {
    const StoredUnit *unit; /* the worst of them */
    CStrArray drivers;      /* names, sorted */
    bool is_cxx;            /* else C */
    uint32_t incomplete;    /* the most functions not understood in any of them */
} FileCoverage;

/* What the files of one language came to. */
typedef struct LanguageCoverage {
    uint32_t files;       /* all */
    uint32_t clean_files; /* without error */
    uint32_t failed;      /* of which nothing is known */
    uint32_t functions;   /* bodies, driver headers' in each file that includes them */
    uint32_t understood;  /* of these, without anything unknown */
} LanguageCoverage;

typedef enum MissingKind {
    MISSING_HEADER,    /* #include that finds nothing */
    MISSING_FUNCTION,  /* called and not declared */
    MISSING_TYPE,      /* unknown, or never completed */
    MISSING_NAME,      /* undeclared identifier: constant, variable, C++ function */
    MISSING_MEMBER,    /* of a struct that lacks it */
    MISSING_CONSTRUCT, /* of the language, not lowered */
    MISSING_KIND_COUNT
} MissingKind;

const char *missing_kind_name(MissingKind kind);

/* Something that files lack. */
typedef struct MissingName {
    MissingKind kind;   /* what */
    const char *name;   /* as written */
    uint32_t files;     /* that lack it */
    uint32_t last_file; /* while counting: index of the last one, + 1 */
} MissingName;

typedef struct Coverage {
    LanguageCoverage c, cxx;             /* by language */
    Array(FileCoverage) files;           /* sorted by path */
    Array(MissingName) missing;          /* most files first, then by kind and name */
    uint32_t other_errors;               /* clang errors that name nothing of the above */
    uint32_t api_calls[API_LEVEL_COUNT]; /* of kernel functions, by what is known of them */
    uint32_t api_total;                  /* sum of these */
    uint32_t api_functions;              /* kernel functions called */
    uint32_t no_row_functions;           /* of these, without a row in rules/ddi */
    uint32_t library_functions;          /* that only drivers declare and no row knows */
    uint32_t library_calls;              /* of these */
} Coverage;

/* Of a run as it is shown. */
void coverage_count(Arena *arena, const StoredRun *run, Coverage *coverage);
/* A function of the kernel's, as far as anybody can tell: not one that only the driver declares. */
bool coverage_is_kernel(const StoredApi *api);
/* Part of whole in tenths of a percent, rounded down: 1000 means all. */
uint32_t coverage_permille(uint32_t part, uint32_t whole);
/* "a", "a, b" … at most three names, then how many more. */
const char *coverage_driver_names(Arena *arena, const FileCoverage *file);

#endif
