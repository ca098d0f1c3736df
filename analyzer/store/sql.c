/* sql: prepared statements with one place for errors.
 *
 * Invariant: after a failure a Query does nothing more and its Error keeps the first reason, so
 * callers run through and look once. Text that is bound becomes valid UTF-8.
 */
#include "analyzer/store/internal.h"

#include <errno.h>

static const char *reason(Store *self) {
    switch (sqlite3_errcode(self->db) & 0xff) {
    case SQLITE_NOTADB:
        return "is not a database";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "is locked by another process";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return "is not writable";
    case SQLITE_CORRUPT:
        return "is damaged";
    case SQLITE_FULL:
        return "cannot be written: the disk is full";
    default:
        return NULL;
    }
}

int store_fail(Store *self, Error *err) {
    const char *path = self->path == NULL ? "database" : self->path;
    const char *what = reason(self);
    if (what != NULL)
        return error_set(err, "%s: %s", path, what);
    int os_error = sqlite3_system_errno(self->db);
    if ((sqlite3_errcode(self->db) & 0xff) == SQLITE_CANTOPEN && os_error != 0)
        return error_set(err, "%s: cannot be opened: %s", path, strerror(os_error));
    return error_set(err, "%s: %s", path, sqlite3_errmsg(self->db));
}

int store_exec(Store *self, const char *sql, Error *err) {
    if (sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return store_fail(self, err);
}

int store_query_int(Store *self, const char *sql, int64_t *value, Error *err) {
    Query query = query_new(self, sql, err);
    bool failed = query.stmt == NULL;
    if (query_next(&query, &failed))
        *value = sqlite3_column_int64(query.stmt, 0);
    query_end(&query);
    return failed ? -1 : 0;
}

static void drop(Query *self) {
    store_fail(self->store, self->err);
    sqlite3_finalize(self->stmt);
    self->stmt = NULL;
}

Query query_new(Store *self, const char *sql, Error *err) {
    Query query = {self, NULL, err};
    if (sqlite3_prepare_v2(self->db, sql, -1, &query.stmt, NULL) != SQLITE_OK)
        drop(&query);
    return query;
}

static int bind_text(Query *self, int index, const char *text) {
    if (text == NULL)
        return sqlite3_bind_null(self->stmt, index);
    const char *clean = utf8_clean(self->store->arena, text);
    return sqlite3_bind_text(self->stmt, index, clean, -1, SQLITE_STATIC);
}

static bool bind_all(Query *self, const char *types, va_list args) {
    if (self->stmt == NULL)
        return false;
    sqlite3_reset(self->stmt);
    int status = SQLITE_OK;
    for (int i = 0; types[i] != '\0' && status == SQLITE_OK; i++) {
        if (types[i] == 's')
            status = bind_text(self, i + 1, va_arg(args, const char *));
        else if (types[i] == 'u')
            status = sqlite3_bind_int64(self->stmt, i + 1, va_arg(args, uint32_t));
        else
            status = sqlite3_bind_int64(self->stmt, i + 1, va_arg(args, int64_t));
    }
    if (status != SQLITE_OK)
        drop(self);
    return status == SQLITE_OK;
}

int64_t query_insert(Query *self, const char *types, ...) {
    va_list args;
    va_start(args, types);
    bool bound = bind_all(self, types, args);
    va_end(args);
    if (!bound)
        return -1;
    if (sqlite3_step(self->stmt) != SQLITE_DONE) {
        drop(self);
        return -1;
    }
    return sqlite3_last_insert_rowid(self->store->db);
}

void query_bind(Query *self, const char *types, ...) {
    va_list args;
    va_start(args, types);
    bind_all(self, types, args);
    va_end(args);
}

bool query_next(Query *self, bool *failed) {
    if (self->stmt == NULL) {
        *failed = true;
        return false;
    }
    int status = sqlite3_step(self->stmt);
    if (status == SQLITE_ROW)
        return true;
    if (status != SQLITE_DONE) {
        *failed = true;
        drop(self);
    }
    return false;
}

uint32_t query_u32(Query *self, int column) {
    return (uint32_t)sqlite3_column_int64(self->stmt, column);
}

const char *query_text(Query *self, Arena *arena, int column) {
    const unsigned char *text = sqlite3_column_text(self->stmt, column);
    return text == NULL ? "" : utf8_clean(arena, arena_strdup(arena, (const char *)text));
}

void query_end(Query *self) {
    sqlite3_finalize(self->stmt);
    self->stmt = NULL;
}
