/* query: one SELECT of the user's, which can change nothing.
 *
 * Not the text but what SQLite makes of it is judged: its authorizer is asked about every table,
 * function and pragma while the statement is compiled, and allows reading only.
 */
#include "analyzer/store/internal.h"

static int allow_reading(void *context, int action, const char *first, const char *second,
                         const char *database, const char *trigger) {
    (void)context, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return str_eq(second, "load_extension") ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA: /* those of a table's columns; others with an argument may set something */
        return first != NULL && str_starts_with(first, "table_") ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static QueryCell cell_of(Arena *arena, sqlite3_stmt *stmt, int column) {
    int type = sqlite3_column_type(stmt, column);
    const unsigned char *text = sqlite3_column_text(stmt, column);
    return (QueryCell){
        .text = text == NULL ? "" : utf8_clean(arena, arena_strdup(arena, (const char *)text)),
        .is_null = type == SQLITE_NULL,
        .is_number = type == SQLITE_INTEGER || type == SQLITE_FLOAT};
}

static int read_rows(Arena *arena, sqlite3_stmt *stmt, QueryResult *result) {
    int status, count = sqlite3_column_count(stmt);
    for (int i = 0; i < count; i++)
        array_push(&result->columns, arena,
                   utf8_clean(arena, arena_strdup(arena, sqlite3_column_name(stmt, i))));
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < count; i++)
            array_push(&result->cells, arena, cell_of(arena, stmt, i));
    }
    return status;
}

int store_query(Arena *arena, Store *store, const char *sql, QueryResult *result, Error *err) {
    sqlite3_stmt *stmt = NULL;
    const char *rest = "";
    *result = (QueryResult){0};
    sqlite3_set_authorizer(store->db, allow_reading, NULL);
    int status = sqlite3_prepare_v2(store->db, sql, -1, &stmt, &rest);
    sqlite3_set_authorizer(store->db, NULL, NULL);
    if (status == SQLITE_AUTH)
        error_set(err, "only a SELECT over this database is answered (%s)",
                  sqlite3_errmsg(store->db));
    else if (status != SQLITE_OK)
        error_set(err, "%s", sqlite3_errmsg(store->db));
    else if (stmt == NULL)
        status = SQLITE_ERROR, error_set(err, "there is no statement");
    else if (rest[strspn(rest, " \t\r\n;")] != '\0')
        status = SQLITE_ERROR, error_set(err, "one statement only: what is '%s'?", rest);
    else if ((status = read_rows(arena, stmt, result)) != SQLITE_DONE)
        error_set(err, "%s", sqlite3_errmsg(store->db));
    sqlite3_finalize(stmt);
    return status == SQLITE_DONE ? 0 : -1;
}
