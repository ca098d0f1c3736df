/* migrate: brings a database to the schema of this program.
 *
 * There is one text of the schema, schema.sql, which leaves alone what is there. A step from one
 * version to the next puts aside what changed, lets that text make it anew, and fills it.
 */
#include "analyzer/store/internal.h"

extern const char store_schema[]; /* schema.sql */

typedef struct Migration {
    const char *before; /* puts aside what changed */
    const char *after;  /* fills what was made anew */
} Migration;

/* By the version that is left behind. */
static const Migration migrations[STORE_VERSION] = {
    /* 1: contexts named the last cause only, in words. The paths of those runs are not known. */
    [1] = {"DROP VIEW raised_functions; DROP VIEW function_contexts;"
           "ALTER TABLE functions ADD COLUMN is_model INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE contexts RENAME TO contexts_1;",
           "INSERT OR IGNORE INTO assumptions (text)"
           "  SELECT DISTINCT assumption FROM contexts_1 WHERE assumption <> '' ORDER BY 1;"
           "INSERT INTO contexts (function_id, context, irql, certainty, assumption)"
           "  SELECT x.function_id, x.context, x.irql, x.certainty, a.id FROM contexts_1 AS x"
           "  LEFT JOIN assumptions AS a ON a.text = x.assumption;"
           "DROP TABLE contexts_1;"},
    /* 2: had no api_calls. What those runs called is not known. */
    [2] = {"", ""},
    /* 3: each run had drivers of its own, and the views looked for them there. */
    [3] = {"DROP VIEW IF EXISTS open_findings; DROP VIEW IF EXISTS new_findings;"
           "DROP VIEW IF EXISTS raised_functions; DROP VIEW IF EXISTS function_contexts;"
           "DROP VIEW IF EXISTS call_graph; DROP VIEW IF EXISTS gaps;"
           "DROP VIEW IF EXISTS api_gaps; DROP INDEX IF EXISTS findings_by_run;"
           "ALTER TABLE drivers ADD COLUMN key TEXT;",
           "INSERT INTO run_drivers (run_id, driver_id) SELECT run_id, id FROM drivers;"},
    /* 4: nothing was accepted. */
    [4] = {"DROP VIEW IF EXISTS new_findings; DROP VIEW IF EXISTS open_findings;", ""},
    /* 5: had not all views. */
    [5] = {"", ""},
};

int schema_update(Store *self, int64_t version, Error *err) {
    for (int64_t v = version; v >= 1 && v < STORE_VERSION; v++) {
        if (store_exec(self, migrations[v].before, err) != 0)
            return -1;
    }
    if (store_exec(self, store_schema, err) != 0)
        return -1;
    for (int64_t v = version; v >= 1 && v < STORE_VERSION; v++) {
        if (store_exec(self, migrations[v].after, err) != 0)
            return -1;
    }
    const char *sql =
        arena_printf(self->arena, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                     STORE_APPLICATION_ID, STORE_VERSION);
    return store_exec(self, sql, err);
}
