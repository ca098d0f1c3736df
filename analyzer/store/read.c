/* read: a run out of the database, as the reports want it.
 *
 * Everything comes sorted by what it says, never by row order, so reports of equal runs are equal.
 * A finding in a file that several drivers share is listed once, the surest of them.
 */
#include "analyzer/store/internal.h"

typedef struct Reader {
    Arena *arena;   /* of the result */
    Store *store;   /* connection */
    int64_t run_id; /* what is read */
    Error *err;     /* where the reason goes */
    bool failed;    /* something went wrong */
} Reader;

static Query begin(Reader *self, const char *sql) {
    Query query = query_new(self->store, sql, self->err);
    query_bind(&query, "i", self->run_id);
    return query;
}

static const char *text(Reader *self, Query *query, int column) {
    return query_text(query, self->arena, column);
}

static FindingLevel level_of(const char *name) {
    return str_eq(name, "error")     ? LEVEL_ERROR
           : str_eq(name, "warning") ? LEVEL_WARNING
                                     : LEVEL_NOTE;
}

static StepKind step_kind_of(const char *name) {
    int kind = STEP_ROOT;
    while (kind < STEP_SINK && !str_eq(step_kind_name((StepKind)kind), name))
        kind++;
    return (StepKind)kind;
}

/* A number out of the file, kept inside its enumeration. */
static uint32_t bounded(Query *query, int column, uint32_t count) {
    uint32_t value = query_u32(query, column);
    return value < count ? value : count - 1;
}

/* ---- run, rules, problems ------------------------------------------------------------------- */

static void read_run(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT root, tool_version FROM runs WHERE id = ?");
    if (query_next(&query, &self->failed)) {
        run->root = text(self, &query, 0);
        run->tool_version = text(self, &query, 1);
    } else if (!self->failed) {
        self->failed = true;
        error_set(self->err, "the database has no run %lld", (long long)self->run_id);
    }
    query_end(&query);
}

static void read_rules(Reader *self, StoredRun *run) {
    Query query =
        begin(self, "SELECT id, title, level, requirement FROM rules WHERE run_id = ? ORDER BY id");
    while (query_next(&query, &self->failed)) {
        StoredRule rule = {text(self, &query, 0), text(self, &query, 1),
                           level_of(text(self, &query, 2)), text(self, &query, 3)};
        array_push(&run->rules, self->arena, rule);
    }
    query_end(&query);
}

static void read_problems(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT message FROM problems WHERE run_id = ? ORDER BY ordinal");
    while (query_next(&query, &self->failed))
        array_push(&run->problems, self->arena, text(self, &query, 0));
    query_end(&query);
}

static void read_notices(Reader *self, StoredRun *run) {
    Query query = begin(
        self, "SELECT file, line, column, message FROM notices WHERE run_id = ? ORDER BY ordinal");
    while (query_next(&query, &self->failed)) {
        StoredNotice notice = {text(self, &query, 0), query_u32(&query, 1), query_u32(&query, 2),
                               text(self, &query, 3)};
        array_push(&run->notices, self->arena, notice);
    }
    query_end(&query);
}

static void read_drivers(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT d.name FROM drivers AS d JOIN run_drivers AS m "
                              "ON m.driver_id = d.id WHERE m.run_id = ? ORDER BY d.name");
    while (query_next(&query, &self->failed))
        array_push(&run->drivers, self->arena, text(self, &query, 0));
    query_end(&query);
}

/* ---- calls out of the drivers ---------------------------------------------------------------- */

static void read_apis(Reader *self, StoredRun *run) {
    Query query = begin(
        self, "SELECT a.name, a.origin, a.level, sum(a.calls), count(*) "
              "FROM api_calls AS a JOIN run_drivers AS m "
              "ON m.driver_id = a.driver_id WHERE m.run_id = ? GROUP BY a.name, a.origin, a.level "
              "ORDER BY sum(a.calls) DESC, a.name, a.origin");
    while (query_next(&query, &self->failed)) {
        const char *origin = text(self, &query, 1), *level = text(self, &query, 2);
        StoredApi api = {.name = text(self, &query, 0),
                         .calls = query_u32(&query, 3),
                         .drivers = query_u32(&query, 4)};
        while (api.origin < API_UNDECLARED && !str_eq(api_origin_name(api.origin), origin))
            api.origin++;
        while (api.level < API_LEVEL_NO_ROW && !str_eq(api_level_name(api.level), level))
            api.level++;
        array_push(&run->apis, self->arena, api);
    }
    query_end(&query);
}

static void read_unresolved(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT d.name, f.name, c.file, c.line, c.column FROM calls AS c "
                              "JOIN functions AS f ON f.id = c.caller_id "
                              "JOIN drivers AS d ON d.id = f.driver_id "
                              "JOIN run_drivers AS m ON m.driver_id = d.id "
                              "WHERE m.run_id = ? AND c.callee = '' AND f.is_model = 0 "
                              "ORDER BY c.file, c.line, c.column, d.name, f.name");
    while (query_next(&query, &self->failed)) {
        StoredUnresolved call = {text(self, &query, 0), text(self, &query, 1),
                                 text(self, &query, 2), query_u32(&query, 3), query_u32(&query, 4)};
        array_push(&run->unresolved, self->arena, call);
    }
    query_end(&query);
}

/* ---- units ----------------------------------------------------------------------------------- */

static StoredMessage read_message(Reader *self, Query *query) {
    static const char *const leads[] = {
        [IR_NOTE_ERROR] = "error: ",
        [IR_NOTE_MISSING] = "missing header: ",
        [IR_NOTE_IMPLICIT] = "call of an undeclared function: ",
        [IR_NOTE_UNKNOWN] = "not understood: ",
    };
    const char *name = text(self, query, 0), *what = text(self, query, 4);
    IrNoteKind kind = str_eq(name, "error")      ? IR_NOTE_ERROR
                      : str_eq(name, "missing")  ? IR_NOTE_MISSING
                      : str_eq(name, "implicit") ? IR_NOTE_IMPLICIT
                                                 : IR_NOTE_UNKNOWN;
    return (StoredMessage){.kind = kind,
                           .file = text(self, query, 1),
                           .line = query_u32(query, 2),
                           .column = query_u32(query, 3),
                           .what = what,
                           .text = arena_printf(self->arena, "%s%s", leads[kind], what)};
}

static void read_messages(Reader *self, Query *messages, int64_t unit_id, StoredUnit *unit) {
    Array(StoredMessage) found = {0};
    query_bind(messages, "i", unit_id);
    while (query_next(messages, &self->failed))
        array_push(&found, self->arena, read_message(self, messages));
    unit->messages = found.items;
    unit->message_count = found.len;
}

static void read_units(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT u.id, d.name, u.path, u.status, u.errors, u.functions, "
                              "u.incomplete_functions, u.cached FROM units AS u "
                              "JOIN drivers AS d ON d.id = u.driver_id "
                              "JOIN run_drivers AS m ON m.driver_id = d.id WHERE m.run_id = ? "
                              "ORDER BY u.path, d.name");
    Query messages = query_new(self->store,
                               "SELECT kind, file, line, column, message FROM unit_messages "
                               "WHERE unit_id = ? ORDER BY ordinal",
                               self->err);
    while (query_next(&query, &self->failed)) {
        const char *status = text(self, &query, 3);
        StoredUnit unit = {
            .driver = text(self, &query, 1),
            .file = text(self, &query, 2),
            .status = str_eq(status, "ok")        ? IR_OK
                      : str_eq(status, "partial") ? IR_PARTIAL
                                                  : IR_FAILED,
            .errors = query_u32(&query, 4),
            .functions = query_u32(&query, 5),
            .incomplete_functions = query_u32(&query, 6),
            .cached = query_u32(&query, 7) != 0,
        };
        read_messages(self, &messages, sqlite3_column_int64(query.stmt, 0), &unit);
        array_push(&run->units, self->arena, unit);
    }
    query_end(&messages);
    query_end(&query);
}

/* ---- functions --------------------------------------------------------------------------------
 */

static void read_pairs(Reader *self, Query *contexts, int64_t function_id, SitePairs *pairs) {
    query_bind(contexts, "i", function_id);
    while (query_next(contexts, &self->failed)) {
        Context context = (Context)bounded(contexts, 0, CONTEXT_COUNT);
        Irql irql = (Irql)bounded(contexts, 1, IRQL_COUNT);
        pairs->by[bounded(contexts, 2, CERTAINTY_COUNT)] |= pair_bit(context, irql);
    }
}

static void read_functions(Reader *self, StoredRun *run) {
    Query query = begin(self, "SELECT f.id, d.name, f.name, f.file, f.line, f.segment "
                              "FROM functions AS f JOIN drivers AS d ON d.id = f.driver_id "
                              "JOIN run_drivers AS m ON m.driver_id = d.id "
                              "WHERE m.run_id = ? AND f.is_model = 0 "
                              "ORDER BY f.file, f.line, f.name, d.name, f.key");
    Query contexts =
        query_new(self->store,
                  "SELECT context, irql, certainty FROM contexts WHERE function_id = ?", self->err);
    while (query_next(&query, &self->failed)) {
        StoredFunction function = {.id = sqlite3_column_int64(query.stmt, 0),
                                   .driver = text(self, &query, 1),
                                   .name = text(self, &query, 2),
                                   .file = text(self, &query, 3),
                                   .line = query_u32(&query, 4),
                                   .segment = text(self, &query, 5)};
        read_pairs(self, &contexts, function.id, &function.pairs);
        array_push(&run->functions, self->arena, function);
    }
    query_end(&contexts);
    query_end(&query);
}

/* ---- findings -----------------------------------------------------------------------------------
 */

static void read_steps(Reader *self, Query *steps, int64_t finding_id, StoredFinding *finding) {
    Array(StoredStep) found = {0};
    query_bind(steps, "i", finding_id);
    while (query_next(steps, &self->failed)) {
        StoredStep step = {
            .step = {.kind = step_kind_of(text(self, steps, 0)),
                     .file = text(self, steps, 1),
                     .line = query_u32(steps, 2),
                     .column = query_u32(steps, 3),
                     .function = text(self, steps, 5),
                     .message = text(self, steps, 6),
                     .irql = (Irql)bounded(steps, 7, IRQL_COUNT)},
            .char_column = query_u32(steps, 4),
            .snippet = text(self, steps, 8),
        };
        array_push(&found, self->arena, step);
    }
    finding->steps = found.items;
    finding->finding.step_count = found.len;
}

static StoredFinding read_finding(Reader *self, Query *query) {
    return (StoredFinding){
        .id = sqlite3_column_int64(query->stmt, 0),
        .verdict = verdict_read(query, self->arena, 18),
        .finding = {.rule = text(self, query, 2),
                    .level = level_of(text(self, query, 3)),
                    .certainty = (Certainty)bounded(query, 4, CERTAINTY_COUNT),
                    .file = text(self, query, 6),
                    .line = query_u32(query, 7),
                    .column = query_u32(query, 8),
                    .function = text(self, query, 10),
                    .subject = text(self, query, 11),
                    .message = text(self, query, 12),
                    .context = (Context)bounded(query, 13, CONTEXT_COUNT),
                    .irql = (Irql)bounded(query, 14, IRQL_COUNT),
                    .fingerprint = text(self, query, 15)},
        .driver = text(self, query, 1),
        .assumption = text(self, query, 5),
        .char_column = query_u32(query, 9),
        .line_hash =
            sqlite3_column_type(query->stmt, 16) == SQLITE_NULL ? NULL : text(self, query, 16),
        .snippet = text(self, query, 17),
    };
}

static bool is_same_finding(const Finding *a, const Finding *b) {
    return a->line == b->line && a->column == b->column && str_eq(a->file, b->file) &&
           str_eq(a->rule, b->rule) && str_eq(a->subject, b->subject);
}

static void read_findings(Reader *self, StoredRun *run) {
    Query query = begin(
        self, "SELECT f.id, d.name, f.rule, f.level, f.certainty, f.assumption, f.file, f.line, "
              "f.column, f.char_column, f.function, f.subject, f.message, f.context, f.irql, "
              "f.fingerprint, f.line_hash, f.snippet, v.kind, v.reason, v.file, v.line "
              "FROM findings AS f JOIN drivers AS d ON d.id = f.driver_id "
              "JOIN run_drivers AS m ON m.driver_id = d.id "
              "LEFT JOIN verdicts AS v ON v.run_id = m.run_id AND v.finding_id = f.id "
              "WHERE m.run_id = ? "
              "ORDER BY f.file, f.line, f.column, f.rule, f.subject, f.certainty, d.name");
    Query steps = query_new(self->store,
                            "SELECT kind, file, line, column, char_column, function, message, "
                            "irql, snippet FROM steps WHERE finding_id = ? ORDER BY ordinal",
                            self->err);
    while (query_next(&query, &self->failed)) {
        StoredFinding finding = read_finding(self, &query);
        uint32_t len = run->findings.len;
        if (len > 0 && is_same_finding(&run->findings.items[len - 1].finding, &finding.finding))
            continue;
        read_steps(self, &steps, sqlite3_column_int64(query.stmt, 0), &finding);
        array_push(&run->findings, self->arena, finding);
    }
    query_end(&steps);
    query_end(&query);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

int store_last_run(Store *store, int64_t *run_id, Error *err) {
    return store_query_int(store, "SELECT coalesce(max(id), 0) FROM runs", run_id, err);
}

int store_read_functions(Arena *arena, Store *store, int64_t run_id, StoredRun *run, Error *err) {
    Reader reader = {.arena = arena, .store = store, .run_id = run_id, .err = err};
    *run = (StoredRun){.id = run_id};
    if (store_exec(store, "BEGIN", err) != 0)
        return -1;
    read_run(&reader, run);
    read_functions(&reader, run);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return reader.failed ? -1 : 0;
}

int store_read_calls(Arena *arena, Store *store, int64_t run_id, StoredCalls *calls, Error *err) {
    Reader reader = {.arena = arena, .store = store, .run_id = run_id, .err = err};
    Query query = begin(&reader, "SELECT c.caller_id, c.callee_id, max(c.direct) FROM calls AS c "
                                 "JOIN functions AS f ON f.id = c.caller_id "
                                 "JOIN run_drivers AS m ON m.driver_id = f.driver_id "
                                 "WHERE m.run_id = ? AND c.callee_id IS NOT NULL "
                                 "GROUP BY c.caller_id, c.callee_id ORDER BY 1, 2");
    *calls = (StoredCalls){0};
    while (query_next(&query, &reader.failed)) {
        StoredCall call = {sqlite3_column_int64(query.stmt, 0), sqlite3_column_int64(query.stmt, 1),
                           query_u32(&query, 2) != 0};
        array_push(calls, arena, call);
    }
    query_end(&query);
    return reader.failed ? -1 : 0;
}

int store_read_run(Arena *arena, Store *store, int64_t run_id, StoredRun *run, Error *err) {
    Reader reader = {.arena = arena, .store = store, .run_id = run_id, .err = err};
    *run = (StoredRun){.id = run_id};
    bool inside = sqlite3_get_autocommit(store->db) == 0; /* of the run's own transaction */
    if (!inside && store_exec(store, "BEGIN", err) != 0)
        return -1;
    read_run(&reader, run);
    read_rules(&reader, run);
    read_problems(&reader, run);
    read_notices(&reader, run);
    read_drivers(&reader, run);
    read_apis(&reader, run);
    read_unresolved(&reader, run);
    read_units(&reader, run);
    read_functions(&reader, run);
    read_findings(&reader, run);
    if (!inside)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return reader.failed ? -1 : 0;
}
