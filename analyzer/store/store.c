/* store: opening and closing the database.
 *
 * Invariant: an open store has exactly the schema of this program, foreign keys on, and is
 * writable. A file that is something else (another program's database, another version's, no
 * database) is refused and left as it was.
 */
#include "analyzer/store/internal.h"

enum {
    APPLICATION_ID = 0x4951524c, /* "IQRL": PRAGMA application_id, shown by file(1) */
    BUSY_TIMEOUT_MS = 5000       /* how long another writer is waited for */
};

extern const char store_schema[]; /* schema.sql */

static int create_schema(Store *self, Error *err) {
    if (store_exec(self, store_schema, err) != 0)
        return -1;
    const char *sql =
        arena_printf(self->arena, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                     APPLICATION_ID, STORE_VERSION);
    return store_exec(self, sql, err);
}

/* Creates the schema in an empty database, accepts ours, refuses anything else. */
static int check_schema(Store *self, Error *err) {
    int64_t tables, application, version;
    if (store_query_int(self, "SELECT count(*) FROM sqlite_master", &tables, err) != 0 ||
        store_query_int(self, "PRAGMA application_id", &application, err) != 0 ||
        store_query_int(self, "PRAGMA user_version", &version, err) != 0)
        return -1;
    if (tables == 0 && application == 0 && version == 0)
        return create_schema(self, err);
    if (application != APPLICATION_ID)
        return error_set(err, "%s: is a database of another program", self->path);
    if (version != STORE_VERSION)
        return error_set(err,
                         "%s: was written by %s irqlint (schema version %lld, this one has %d); "
                         "move it away or name another with --db",
                         self->path, version > STORE_VERSION ? "a newer" : "an older",
                         (long long)version, STORE_VERSION);
    return 0;
}

/* In one transaction, so that two processes do not both create the schema. */
static int prepare(Store *self, Error *err) {
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    if (store_exec(self, "PRAGMA foreign_keys = ON", err) != 0)
        return -1;
    if (store_exec(self, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (check_schema(self, err) != 0) {
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

int store_open(Arena *arena, const char *path, Store **store, Error *err) {
    Store *self = arena_new_of(arena, Store);
    self->arena = arena;
    self->path = path == NULL ? NULL : arena_strdup(arena, path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    /* A relative path is never a URI or ":memory:". */
    const char *name = path == NULL ? ":memory:" : path_absolute(arena, path);
    int status = sqlite3_open_v2(name, &self->db, flags, NULL);
    if (self->db == NULL)
        return error_set(err, "out of memory");
    int result = status == SQLITE_OK ? prepare(self, err) : store_fail(self, err);
    if (result != 0) {
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
