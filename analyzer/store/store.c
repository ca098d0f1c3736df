/* store: opening and closing the database.
 *
 * Invariant: an open store has exactly the schema of this program and foreign keys on. A file that
 * is something else (another program's database, a newer version's, no database) is refused and
 * left as it was; an older version's is brought up to date.
 */
#include "analyzer/store/internal.h"

enum { BUSY_TIMEOUT_MS = 5000 }; /* how long another writer is waited for */

typedef enum SchemaState { SCHEMA_CURRENT, SCHEMA_OLD, SCHEMA_EMPTY } SchemaState;

/* What is there, and of which version; -1 when it is nothing for us. */
static int look_at_schema(Store *self, SchemaState *state, int64_t *version, Error *err) {
    int64_t tables, application;
    if (store_query_int(self, "SELECT count(*) FROM sqlite_master", &tables, err) != 0 ||
        store_query_int(self, "PRAGMA application_id", &application, err) != 0 ||
        store_query_int(self, "PRAGMA user_version", version, err) != 0)
        return -1;
    *state = *version == STORE_VERSION ? SCHEMA_CURRENT : SCHEMA_OLD;
    if (tables == 0 && application == 0 && *version == 0)
        *state = SCHEMA_EMPTY;
    else if (application != STORE_APPLICATION_ID)
        return error_set(err, "%s: is a database of another program", self->path);
    else if (*version < 1 || *version > STORE_VERSION)
        return error_set(err,
                         "%s: was written by %s irqlint (schema version %lld, this one has %d); "
                         "move it away or name another with --db",
                         self->path, *version > STORE_VERSION ? "a newer" : "an older",
                         (long long)*version, STORE_VERSION);
    return 0;
}

static int update_schema(Store *self, Error *err) {
    SchemaState state;
    int64_t version;
    if (look_at_schema(self, &state, &version, err) != 0)
        return -1;
    return state == SCHEMA_CURRENT ? 0 : schema_update(self, version, err);
}

/* In one transaction, so that two processes do not both create the schema. */
static int prepare(Store *self, Error *err) {
    if (store_exec(self, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (update_schema(self, err) != 0) {
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    if (store_exec(self, "COMMIT", err) != 0)
        return -1;
    /* Where the file system cannot do it, the classic journal stays: slower, not wrong. */
    sqlite3_exec(self->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL, NULL,
                 NULL);
    return 0;
}

/* Writes to the file only when it is of an older version. */
static int prepare_reading(Store *self, Error *err) {
    SchemaState state;
    int64_t version;
    if (look_at_schema(self, &state, &version, err) != 0)
        return -1;
    if (state == SCHEMA_EMPTY)
        return error_set(err, "%s: is empty", self->path);
    return state == SCHEMA_CURRENT ? 0 : prepare(self, err);
}

static int connect(Arena *arena, const char *path, int flags, Store **store, Error *err) {
    Store *self = arena_new_of(arena, Store);
    self->arena = arena;
    self->path = path == NULL ? NULL : arena_strdup(arena, path);
    *store = self;
    /* A relative path is never a URI or ":memory:". */
    const char *name = path == NULL ? ":memory:" : path_absolute(arena, path);
    int status = sqlite3_open_v2(name, &self->db, flags, NULL);
    if (self->db == NULL)
        return error_set(err, "out of memory");
    if (status != SQLITE_OK)
        return store_fail(self, err);
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    return store_exec(self, "PRAGMA foreign_keys = ON", err);
}

int store_open(Arena *arena, const char *path, Store **store, Error *err) {
    Store *self;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (connect(arena, path, flags, &self, err) != 0 || prepare(self, err) != 0) {
        store_close(self);
        return -1;
    }
    *store = self;
    return 0;
}

int store_open_existing(Arena *arena, const char *path, Store **store, Error *err) {
    Store *self;
    if (connect(arena, path, SQLITE_OPEN_READWRITE, &self, err) != 0 ||
        prepare_reading(self, err) != 0) {
        store_close(self);
        return -1;
    }
    *store = self;
    return 0;
}

void store_close(Store *self) {
    if (self == NULL)
        return;
    sqlite3_close(self->db);
    self->db = NULL;
}
