/* What the files of the store stage share: statements, and the text of source files. */
#ifndef IRQLINT_STORE_INTERNAL_H
#define IRQLINT_STORE_INTERNAL_H

#include "analyzer/store/store.h"

#include <sqlite3.h>

enum { STORE_VERSION = 1 }; /* PRAGMA user_version */

struct Store {
    sqlite3 *db;      /* open connection */
    const char *path; /* as given; NULL in memory */
    Arena *arena;     /* the run's */
};

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

/* ---- source text (source.c, linehash.c) ---------------------------------------------------- */

typedef struct Sources Sources; /* files read so far */

typedef struct SourceSpot {
    const char *text;     /* the line, valid UTF-8, "" unknown */
    uint32_t char_column; /* 1-based, in characters; 0 unknown */
} SourceSpot;

Sources *sources_new(Arena *arena);
SourceSpot sources_spot(Sources *self, const char *path, uint32_t line, uint32_t column);
/* primaryLocationLineHash of a line, or NULL. */
const char *sources_line_hash(Sources *self, const char *path, uint32_t line);
/* The text itself when it is valid UTF-8, else a copy with U+FFFD for what is not. */
const char *utf8_clean(Arena *arena, const char *text);
char *utf8_clean_len(Arena *arena, const char *text, size_t size);
/* The hash of every line of a valid UTF-8 text, in order. */
typedef Array(const char *) LineHashes;
void line_hashes(Arena *arena, const char *text, size_t size, LineHashes *hashes);

/* ---- parts of a run ------------------------------------------------------------------------ */

typedef struct Writer {
    Store *store;        /* connection */
    Arena *arena;        /* the run's */
    const StoreRun *run; /* what is written */
    int64_t run_id;      /* its id */
    Sources *sources;    /* line texts */
    Error *err;          /* where the reason goes */
} Writer;

/* functions.c: functions, calls, contexts of one driver. */
int write_functions(Writer *self, const StoreDriver *driver, int64_t driver_id);
/* `path` as the store keeps it. */
const char *writer_path(Writer *self, const char *path);

#endif
