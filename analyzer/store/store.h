/* store: one SQLite file: runs, units, functions, contexts, calls, findings. Reports read only
 * this.
 *
 * One transaction a run: a reader sees a whole run or none of it. The schema is store/schema.sql.
 * Text goes in and comes out as valid UTF-8, whatever the sources hold.
 */
#ifndef IRQLINT_STORE_H
#define IRQLINT_STORE_H

#include "analyzer/base/base.h"
#include "analyzer/check/check.h"
#include "analyzer/infer/infer.h"

typedef struct Store Store;

/* What is written about one driver. */
typedef struct StoreDriver {
    const Program *program;       /* linked */
    const Inferred *inferred;     /* contexts */
    const FindingArray *findings; /* of every certainty */
    IrUnit *const *units;         /* parse states, in the project's order */
    uint32_t unit_count;          /* how many */
} StoreDriver;

/* Rows about one driver, as bytes that any process can write into a database. */
typedef struct StoreRows {
    const char *data; /* the bytes */
    size_t size;      /* how many */
    char key[33];     /* stands for all that they depend on: runs with equal keys share the rows in
                         the database; "" not known */
} StoreRows;

/* Paths are stored relative to `root` where they are inside. The text of the lines that findings
 * and steps point at is read from the sources now. */
StoreRows store_record_driver(Arena *arena, const char *root, const StoreDriver *driver);

typedef struct StoreRun {
    const char *root;            /* as for store_record_driver */
    const char *command;         /* arguments as given, for the invocation record */
    const StoreRows *drivers;    /* sorted by name */
    uint32_t driver_count;       /* how many */
    const char *const *problems; /* what could not be done, one line each */
    uint32_t problem_count;      /* how many */
} StoreRun;

/* Opens (creates) the database; NULL path: a private one in memory. 0 or -1. The arena must outlive
 * the store. */
int store_open(Arena *arena, const char *path, Store **store, Error *err);
/* The same for reading what is there; nothing is created. */
int store_open_existing(Arena *arena, const char *path, Store **store, Error *err);
void store_close(Store *self);
/* Writes a run in one transaction; *run_id is its id. 0 or -1 (nothing is written then). */
int store_write_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err);
/* The same in steps: the run can be read, and more of it be written, before it is there for
 * others. After a failure, or without store_commit, nothing is. */
int store_begin_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err);
int store_commit(Store *self, Error *err);

/* Puts the last runs of some databases as one run into another, which is made or gets one more.
 * Paths are told from the folder that all share; of drivers with one name the last counts. 0, or -1
 * with the reason; then the run is not there. */
int store_merge(Arena *arena, const char *path, const char *const *paths, uint32_t count,
                Error *err);

/* ---- lines of sources (source.c) ------------------------------------------------------------- */

typedef struct Sources Sources; /* files read so far */

typedef struct SourceSpot {
    const char *text;     /* the line, valid UTF-8, "" unknown or empty */
    uint32_t char_column; /* 1-based, in characters; 0 unknown */
} SourceSpot;

Sources *sources_new(Arena *arena);
/* The line as it is on the disk now; `column` in bytes. */
SourceSpot sources_spot(Sources *self, const char *path, uint32_t line, uint32_t column);
/* Lines of the file, 0: it cannot be read. */
uint32_t sources_line_count(Sources *self, const char *path);

/* ---- reading a run ------------------------------------------------------------------------- */

typedef struct StoredRule {
    const char *id;          /* rule id */
    const char *title;       /* one line */
    FindingLevel level;      /* how bad */
    const char *requirement; /* "F1" */
} StoredRule;

typedef struct StoredMessage {
    IrNoteKind kind;  /* error, missing header, undeclared function, not understood */
    const char *file; /* "" unknown */
    uint32_t line;    /* 1-based, 0 unknown */
    uint32_t column;  /* 1-based in bytes, 0 unknown */
    const char *what; /* the error; the name of the header or function; the construct */
    const char *text; /* the same in words: "error: …", "missing header: …" */
} StoredMessage;

typedef struct StoredUnit {
    const char *driver;            /* name */
    const char *file;              /* relative to the run's root where inside */
    IrStatus status;               /* ok, partial, failed */
    uint32_t errors;               /* clang's */
    uint32_t functions;            /* with a body */
    uint32_t incomplete_functions; /* of these, not understood completely */
    bool cached;                   /* facts out of the cache */
    StoredMessage *messages;       /* of the parser, in its order */
    uint32_t message_count;        /* how many */
} StoredUnit;

typedef struct StoredFunction {
    int64_t id;          /* of the row, for store_read_path */
    const char *driver;  /* name */
    const char *name;    /* as written */
    const char *file;    /* of the definition */
    uint32_t line;       /* 1-based */
    const char *segment; /* "PAGE", "INIT" …; "" resident */
    SitePairs pairs;     /* where it can be entered */
} StoredFunction;

/* Who declares a function that has no body in the driver. */
typedef enum ApiOrigin {
    API_OF_MODEL,  /* the model headers of the kernel API */
    API_OF_DRIVER, /* the driver: a library's, or one that those headers lack */
    API_UNDECLARED /* nobody */
} ApiOrigin;

const char *api_origin_name(ApiOrigin origin);

/* What rules/ddi says of a function's highest IRQL. */
typedef enum ApiLevel {
    API_LEVEL_DEFINITE, /* documented */
    API_LEVEL_WEAK,     /* inferred */
    API_LEVEL_UNKNOWN,  /* in no source */
    API_LEVEL_NO_ROW,   /* nothing: an unknown function */
    API_LEVEL_COUNT
} ApiLevel;

const char *api_level_name(ApiLevel level);

/* A function without a body that drivers call. */
typedef struct StoredApi {
    const char *name; /* as written */
    ApiOrigin origin; /* who declares it */
    ApiLevel level;   /* what is known of it */
    uint32_t calls;   /* call sites */
    uint32_t drivers; /* that call it */
} StoredApi;

/* A call through a pointer with no known target. */
typedef struct StoredUnresolved {
    const char *driver;   /* name */
    const char *function; /* that makes the call */
    const char *file;     /* call site */
    uint32_t line;        /* call site */
    uint32_t column;      /* call site, in bytes */
} StoredUnresolved;

typedef struct StoredStep {
    Step step;            /* file as stored: relative to the run's root where inside */
    uint32_t char_column; /* 1-based column in characters, 0 unknown */
    const char *snippet;  /* the line's text, "" unknown */
} StoredStep;

typedef enum VerdictKind {
    VERDICT_OPEN,       /* nobody accepted it */
    VERDICT_IN_SOURCE,  /* a comment or pragma there accepts it */
    VERDICT_IN_FILE,    /* a file of suppressions does */
    VERDICT_IN_BASELINE /* it was there before */
} VerdictKind;

/* What somebody said of a finding, in one run. */
typedef struct Verdict {
    VerdictKind kind;   /* whether it is open */
    const char *reason; /* why not; NULL when open */
    const char *file;   /* where that is said: as stored */
    uint32_t line;      /* … 0 unknown */
} Verdict;

/* Something to tell about suppressions. */
typedef struct StoredNotice {
    const char *file; /* as stored */
    uint32_t line;    /* 1-based, 0 unknown */
    uint32_t column;  /* 1-based in bytes, 0 unknown */
    const char *text; /* one line */
} StoredNotice;

typedef struct StoredFinding {
    int64_t id;             /* of the row */
    Verdict verdict;        /* of the run that was read */
    Finding finding;        /* file as stored; assumption is not kept, steps are below */
    const char *driver;     /* name */
    const char *assumption; /* one clause, "" when certain */
    uint32_t char_column;   /* 1-based column in characters, 0 unknown */
    const char *snippet;    /* the line's text, "" unknown */
    const char *line_hash;  /* primaryLocationLineHash; NULL unknown */
    StoredStep *steps;      /* finding.step_count of them */
} StoredFinding;

typedef struct StoredRun {
    int64_t id;                         /* of the run */
    const char *root;                   /* absolute folder that paths are relative to */
    const char *tool_version;           /* of the program that wrote it */
    Array(StoredRule) rules;            /* sorted by id */
    CStrArray drivers;                  /* names, sorted */
    Array(StoredUnit) units;            /* sorted by file, driver */
    Array(StoredFunction) functions;    /* sorted by file, line, name, driver */
    Array(StoredFinding) findings;      /* sorted by file, line, column, rule, subject; one that
                                           several drivers share is listed once, the surest */
    Array(StoredApi) apis;              /* most called first, then by name */
    Array(StoredUnresolved) unresolved; /* sorted by place, driver */
    Array(const char *) problems;       /* in the order found */
    Array(StoredNotice) notices;        /* in the order found */
} StoredRun;

/* The newest run, 0 when there is none. 0 or -1. */
int store_last_run(Store *store, int64_t *run_id, Error *err);
/* Root, version and functions of a run only. 0 or -1. */
int store_read_functions(Arena *arena, Store *store, int64_t run_id, StoredRun *run, Error *err);

/* The shortest path on which a function is entered at a pair. */
typedef struct StoredPath {
    Certainty certainty;    /* how sure */
    const char *assumption; /* one clause, "" when certain */
    Step *steps;            /* root, raises, lowers, calls, in order; files as stored */
    uint32_t step_count;    /* 0: the path was not kept (a run of schema version 1) */
} StoredPath;

/* `pair` is one of StoredFunction.pairs. 0 or -1. */
int store_read_path(Arena *arena, Store *store, int64_t function_id, unsigned pair,
                    StoredPath *path, Error *err);
/* A call from one function of a run to another, once however many call sites there are. */
typedef struct StoredCall {
    int64_t caller; /* StoredFunction.id */
    int64_t callee; /* StoredFunction.id */
    bool direct;    /* by name, at some call site */
} StoredCall;

typedef Array(StoredCall) StoredCalls;

/* The calls of a run, sorted by caller, callee. 0 or -1. */
int store_read_calls(Arena *arena, Store *store, int64_t run_id, StoredCalls *calls, Error *err);
/* Reads a whole run. 0 or -1. */
int store_read_run(Arena *arena, Store *store, int64_t run_id, StoredRun *run, Error *err);
/* ---- somebody's own questions (query.c) --------------------------------------------------------
 */

typedef struct QueryCell {
    const char *text; /* valid UTF-8; "" for NULL */
    bool is_null;     /* SQL's NULL */
    bool is_number;   /* an integer or real */
} QueryCell;

typedef struct QueryResult {
    CStrArray columns;      /* names */
    Array(QueryCell) cells; /* row by row */
} QueryResult;

/* The answer to one SELECT; whatever would change something, or read other files, is refused.
 * 0 or -1. */
int store_query(Arena *arena, Store *store, const char *sql, QueryResult *result, Error *err);

/* Writes the verdicts that are not open, and the notices, of a run that has none yet. 0 or -1. */
int store_write_verdicts(Store *self, const StoredRun *run, Error *err);

#endif
