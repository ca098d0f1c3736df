/* What the files of the store stage share: statements, and the text of source files. */
#ifndef IRQLINT_STORE_INTERNAL_H
#define IRQLINT_STORE_INTERNAL_H

#include "analyzer/store/store.h"

#include <sqlite3.h>

enum {
    STORE_VERSION = 6,                /* PRAGMA user_version */
    STORE_APPLICATION_ID = 0x4951524c /* "IQRL": PRAGMA application_id, shown by file(1) */
};

struct Store {
    sqlite3 *db;      /* open connection */
    const char *path; /* as given; NULL in memory */
    Arena *arena;     /* the run's */
};

/* ---- versions (migrate.c) ------------------------------------------------------------------ */

/* Makes the schema in an empty database, or brings one of an older version (from 1) up to date, in
 * the transaction that the caller has begun. */
int schema_update(Store *self, int64_t version, Error *err);

/* ---- statements (sql.c) ------------------------------------------------------------------- */

/* Stores "PATH: WHAT" for the connection's last error and returns -1. */
int store_fail(Store *self, Error *err);
int store_exec(Store *self, const char *sql, Error *err);
/* The single integer that the query gives. */
int store_query_int(Store *self, const char *sql, int64_t *value, Error *err);

/* A prepared statement; once something failed, everything on it does nothing. */
typedef struct Query {
    Store *store;       /* connection */
    sqlite3_stmt *stmt; /* NULL after a failure */
    Error *err;         /* where the reason went */
} Query;

Query query_new(Store *self, const char *sql, Error *err);
/* Binds parameters in order and runs an INSERT; its row id, or -1. Types: 's' text (NULL is NULL),
 * 'u' uint32_t, 'i' int64_t. */
int64_t query_insert(Query *self, const char *types, ...);
/* Binds and rewinds, to be read with query_next. */
void query_bind(Query *self, const char *types, ...);
/* The next row. *failed is set, never cleared. */
bool query_next(Query *self, bool *failed);
uint32_t query_u32(Query *self, int column);
/* In the arena; "" for NULL. */
const char *query_text(Query *self, Arena *arena, int column);
void query_end(Query *self);

/* The four columns kind, reason, file, line of verdicts (verdicts.c); kind NULL: open. */
Verdict verdict_read(Query *query, Arena *arena, int column);

/* ---- source text (source.c, linehash.c) ---------------------------------------------------- */

/* primaryLocationLineHash of a line, or NULL. */
const char *sources_line_hash(Sources *self, const char *path, uint32_t line);
/* The text itself when it is valid UTF-8, else a copy with U+FFFD for what is not. */
const char *utf8_clean(Arena *arena, const char *text);
char *utf8_clean_len(Arena *arena, const char *text, size_t size);
/* The hash of every line of a valid UTF-8 text, in order. */
typedef Array(const char *) LineHashes;
void line_hashes(Arena *arena, const char *text, size_t size, LineHashes *hashes);

/* ---- rows of a driver (rows.c) --------------------------------------------------------------- */

typedef enum RowTable {
    ROW_DRIVER,
    ROW_UNIT,
    ROW_UNIT_MESSAGE,
    ROW_FUNCTION,
    ROW_CALL,
    ROW_API_CALL,
    ROW_ROOT,
    ROW_CAUSE,
    ROW_RAISE,
    ROW_ASSUMPTION,
    ROW_CONTEXT,
    ROW_FINDING,
    ROW_STEP,
    ROW_TABLE_COUNT
} RowTable;

/* Rows that are being recorded. */
typedef struct RowLog {
    Arena *arena;  /* owns the bytes */
    Text bytes;    /* so far */
    int64_t count; /* rows so far */
} RowLog;

/* Records a row, its columns in the order of rows.c; its number. Types: 's' text (NULL is NULL),
 * 'u' uint32_t, 'r' int64_t number of an earlier row, 'R' the run (no argument). */
int64_t row_add(RowLog *self, RowTable table, const char *types, ...);
/* Inserts recorded rows, in the transaction that the caller has begun; *first is the id of the
 * first one. 0 or -1. */
int rows_replay(Store *self, StoreRows rows, int64_t run_id, int64_t *first, Error *err);

/* ---- parts of a driver ------------------------------------------------------------------------
 */

typedef struct Writer {
    Arena *arena;     /* of the result and of what is kept meanwhile */
    const char *root; /* paths are relative to it */
    RowLog log;       /* the result */
    Sources *sources; /* line texts */
} Writer;

/* What is kept while the functions of a driver are written. */
typedef struct DriverWriter {
    Writer *writer;                    /* where to */
    const StoreDriver *driver;         /* what is written */
    int64_t driver_id;                 /* its row */
    int64_t *row_ids;                  /* by FuncId: row of functions, 0 none */
    int64_t *call_ids;                 /* by OpId: first row of calls, 0 none */
    Map64 *cause_numbers;              /* CauseId -> causes.number */
    Map64 *root_rows;                  /* Cause.root_index -> index into root_ids */
    Array(int64_t) root_ids;           /* rows of roots */
    bool has_assumption[ASSUME_COUNT]; /* its row was written */
} DriverWriter;

/* functions.c: functions, calls, contexts of one driver. */
void write_functions(Writer *self, const StoreDriver *driver, int64_t driver_id);
/* api.c: what the driver calls and has no body of. */
void write_api_calls(Writer *self, const StoreDriver *driver, int64_t driver_id);
/* causes.c: where the function can be entered, with the paths; after all functions and calls. */
void write_contexts(DriverWriter *self, FuncId func);
/* `path` as the store keeps it. */
const char *writer_path(Writer *self, const char *path);

#endif
