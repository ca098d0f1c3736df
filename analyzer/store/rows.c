/* rows: what is to be inserted about a driver, as bytes: made where the driver was analysed,
 * replayed into a database later, by this process or another.
 *
 * Layout: records one after the other: the table (a byte), then a parameter for each of its
 * columns: a tag (a byte) and a value. A row refers to an earlier one of the same bytes by its
 * number, which counts all rows from 1; it becomes the real row id at replay. Invariant: rows that
 * are inserted one after the other into one table have consecutive numbers and get consecutive ids.
 * Bytes that were not made here give an error, never a crash.
 */
#include "analyzer/store/internal.h"

/* INSERT statements, by RowTable. */
static const struct {
    unsigned columns; /* parameters */
    const char *sql;  /* with one ? each */
} tables[ROW_TABLE_COUNT] = {
    [ROW_DRIVER] = {5, "INSERT INTO drivers (run_id, name, base_dir, unresolved_calls, "
                       "locks_sections) VALUES (?,?,?,?,?)"},
    [ROW_UNIT] = {6, "INSERT INTO units (driver_id, path, status, errors, functions, "
                     "incomplete_functions) VALUES (?,?,?,?,?,?)"},
    [ROW_UNIT_MESSAGE] = {7, "INSERT INTO unit_messages (unit_id, ordinal, kind, file, line, "
                             "column, message) VALUES (?,?,?,?,?,?,?)"},
    [ROW_FUNCTION] = {11, "INSERT INTO functions (driver_id, name, key, file, line, segment, "
                          "segment_file, segment_line, is_inline, incomplete, is_model) "
                          "VALUES (?,?,?,?,?,?,?,?,?,?,?)"},
    [ROW_CALL] = {7, "INSERT INTO calls (caller_id, callee_id, callee, file, line, column, direct) "
                     "VALUES (?,?,?,?,?,?,?)"},
    /* Functions of one name (overloads) are one row. */
    [ROW_API_CALL] = {5, "INSERT INTO api_calls (driver_id, name, origin, level, calls) "
                         "VALUES (?,?,?,?,?) "
                         "ON CONFLICT DO UPDATE SET calls = calls + excluded.calls"},
    [ROW_ROOT] = {7, "INSERT INTO roots (function_id, via, through, role, file, line, "
                     "registered_in) VALUES (?,?,?,?,?,?,?)"},
    [ROW_CAUSE] = {7, "INSERT INTO causes (driver_id, number, function_id, irql, parent, call_id, "
                      "root_id) VALUES (?,?,?,?,?,?,?)"},
    [ROW_RAISE] = {6, "INSERT INTO raises (driver_id, cause, ordinal, call_id, irql, raises) "
                      "VALUES (?,?,?,?,?,?)"},
    [ROW_ASSUMPTION] = {1, "INSERT OR IGNORE INTO assumptions (text) VALUES (?)"},
    [ROW_CONTEXT] = {6, "INSERT INTO contexts (function_id, context, irql, certainty, assumption, "
                        "cause) VALUES (?,?,?,?,(SELECT id FROM assumptions WHERE text = ?),?)"},
    [ROW_FINDING] = {18, "INSERT INTO findings (run_id, driver_id, rule, level, certainty, "
                         "assumption, file, line, column, char_column, function, subject, message, "
                         "context, irql, fingerprint, line_hash, snippet) "
                         "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
    [ROW_STEP] = {11, "INSERT INTO steps (finding_id, ordinal, kind, file, line, column, "
                      "char_column, function, message, irql, snippet) "
                      "VALUES (?,?,?,?,?,?,?,?,?,?,?)"},
};

typedef enum ParamTag {
    TAG_NULL,    /* no value */
    TAG_RUN,     /* no value: the id of the run */
    TAG_INTEGER, /* 8 bytes */
    TAG_ROW,     /* 8 bytes: number of an earlier row */
    TAG_TEXT     /* 4 bytes: its length; then it and a NUL */
} ParamTag;

/* ---- recording ----------------------------------------------------------------------------- */

static void put_integer(RowLog *self, ParamTag tag, int64_t value) {
    char bytes[1 + sizeof value];
    bytes[0] = (char)tag;
    memcpy(bytes + 1, &value, sizeof value);
    text_append_len(&self->bytes, self->arena, bytes, sizeof bytes);
}

static void put_text(RowLog *self, const char *text) {
    const char *clean = text == NULL ? NULL : utf8_clean(self->arena, text);
    char head[1 + sizeof(uint32_t)] = {TAG_NULL};
    if (clean == NULL) {
        text_append_len(&self->bytes, self->arena, head, 1);
        return;
    }
    uint32_t len = (uint32_t)strlen(clean);
    head[0] = TAG_TEXT;
    memcpy(head + 1, &len, sizeof len);
    text_append_len(&self->bytes, self->arena, head, sizeof head);
    text_append_len(&self->bytes, self->arena, clean, (size_t)len + 1);
}

int64_t row_add(RowLog *self, RowTable table, const char *types, ...) {
    static const char run_tag = TAG_RUN;
    const char byte = (char)table;
    va_list args;
    va_start(args, types);
    text_append_len(&self->bytes, self->arena, &byte, 1);
    for (int i = 0; types[i] != '\0'; i++) {
        if (types[i] == 's')
            put_text(self, va_arg(args, const char *));
        else if (types[i] == 'u')
            put_integer(self, TAG_INTEGER, va_arg(args, uint32_t));
        else if (types[i] == 'r')
            put_integer(self, TAG_ROW, va_arg(args, int64_t));
        else
            text_append_len(&self->bytes, self->arena, &run_tag, 1);
    }
    va_end(args);
    return ++self->count;
}

/* ---- replaying ----------------------------------------------------------------------------- */

typedef struct Replay {
    Store *store;                   /* connection */
    Query queries[ROW_TABLE_COUNT]; /* prepared when first used */
    bool prepared[ROW_TABLE_COUNT]; /* they are */
    int64_t run_id;                 /* of the run */
    const char *at;                 /* next byte */
    const char *end;                /* behind the last one */
    Arena *arena;                   /* of the row ids */
    Array(int64_t) ids;             /* real row ids by number - 1 */
    Error *err;                     /* where the reason goes */
} Replay;

static int malformed(Replay *self) {
    return error_set(self->err, "malformed rows of a driver");
}

static bool take(Replay *self, void *value, size_t size) {
    if ((size_t)(self->end - self->at) < size)
        return false;
    memcpy(value, self->at, size);
    self->at += size;
    return true;
}

static int bind_text(Replay *self, sqlite3_stmt *stmt, int index) {
    uint32_t len;
    if (!take(self, &len, sizeof len) || (size_t)(self->end - self->at) < (size_t)len + 1 ||
        self->at[len] != '\0')
        return malformed(self);
    sqlite3_bind_text(stmt, index, self->at, (int)len, SQLITE_STATIC);
    self->at += (size_t)len + 1;
    return 0;
}

static int bind_number(Replay *self, sqlite3_stmt *stmt, int index, ParamTag tag) {
    int64_t value;
    if (!take(self, &value, sizeof value))
        return malformed(self);
    if (tag == TAG_ROW) {
        if (value < 1 || value > (int64_t)self->ids.len)
            return malformed(self);
        value = self->ids.items[value - 1];
    }
    sqlite3_bind_int64(stmt, index, value);
    return 0;
}

static int bind_param(Replay *self, sqlite3_stmt *stmt, int index) {
    unsigned char tag;
    if (!take(self, &tag, 1))
        return malformed(self);
    switch (tag) {
    case TAG_NULL:
        sqlite3_bind_null(stmt, index);
        return 0;
    case TAG_RUN:
        sqlite3_bind_int64(stmt, index, self->run_id);
        return 0;
    case TAG_INTEGER:
    case TAG_ROW:
        return bind_number(self, stmt, index, (ParamTag)tag);
    case TAG_TEXT:
        return bind_text(self, stmt, index);
    default:
        return malformed(self);
    }
}

static int replay_row(Replay *self) {
    unsigned char table;
    if (!take(self, &table, 1) || table >= ROW_TABLE_COUNT)
        return malformed(self);
    Query *query = &self->queries[table];
    if (!self->prepared[table])
        *query = query_new(self->store, tables[table].sql, self->err);
    self->prepared[table] = true;
    if (query->stmt == NULL)
        return -1;
    sqlite3_reset(query->stmt);
    for (unsigned i = 0; i < tables[table].columns; i++) {
        if (bind_param(self, query->stmt, (int)i + 1) != 0)
            return -1;
    }
    bool failed = false;
    query_next(query, &failed);
    array_push(&self->ids, self->arena, sqlite3_last_insert_rowid(self->store->db));
    return failed ? -1 : 0;
}

int rows_replay(Store *self, StoreRows rows, int64_t run_id, int64_t *first, Error *err) {
    Replay replay = {.store = self,
                     .run_id = run_id,
                     .at = rows.data,
                     .end = rows.data + rows.size,
                     .arena = arena_new(),
                     .err = err};
    int result = 0;
    while (result == 0 && replay.at < replay.end)
        result = replay_row(&replay);
    for (unsigned i = 0; i < ROW_TABLE_COUNT; i++) {
        if (replay.prepared[i])
            query_end(&replay.queries[i]);
    }
    if (result == 0 && replay.ids.len == 0)
        result = malformed(&replay);
    if (result == 0)
        *first = replay.ids.items[0];
    arena_free(replay.arena);
    return result;
}
