/* merge: the last run of each of several databases, as one run of another.
 *
 * Rows are copied with their numbers shifted past those that are there, so what refers to them
 * shifts alike; paths are told from the folder that all the runs share. Drivers stand in the order
 * of the databases. A driver of the same name and folder in two of them is taken from the later
 * one.
 */
#include "analyzer/store/internal.h"

/* What becomes of a column. */
typedef enum ColumnKind {
    COPY,     /* nothing */
    PATH,     /* told from another folder */
    RUN,      /* the run made here */
    DRIVER,   /* drivers.id */
    UNIT,     /* units.id */
    FUNCTION, /* functions.id */
    CALL,     /* calls.id */
    ROOT,     /* roots.id */
    FINDING,  /* findings.id */
    ASSUMED   /* assumptions.id: by its text */
} ColumnKind;

typedef struct Column {
    const char *name;
    ColumnKind kind;
} Column;

enum { MAX_COLUMNS = 24 };

typedef struct Table {
    const char *name;
    const char *where; /* the rows of the drivers that are taken: `d` has their ids */
    Column columns[MAX_COLUMNS];
} Table;

#define OF_DRIVER   "driver_id IN (SELECT id FROM temp.taken)"
#define OF_FUNCTION "function_id IN (SELECT f.id FROM src.functions AS f WHERE f." OF_DRIVER ")"

static const Table tables[] = {
    {"drivers",
     "id IN (SELECT id FROM temp.taken)",
     {{"id", DRIVER},
      {"run_id", RUN},
      {"name", COPY},
      {"base_dir", PATH},
      {"unresolved_calls", COPY},
      {"locks_sections", COPY}}},
    {"units",
     OF_DRIVER,
     {{"id", UNIT},
      {"driver_id", DRIVER},
      {"path", PATH},
      {"status", COPY},
      {"errors", COPY},
      {"functions", COPY},
      {"incomplete_functions", COPY},
      {"cached", COPY}}},
    {"unit_messages",
     "unit_id IN (SELECT u.id FROM src.units AS u WHERE u." OF_DRIVER ")",
     {{"unit_id", UNIT},
      {"ordinal", COPY},
      {"kind", COPY},
      {"file", PATH},
      {"line", COPY},
      {"column", COPY},
      {"message", COPY}}},
    {"functions",
     OF_DRIVER,
     {{"id", FUNCTION},
      {"driver_id", DRIVER},
      {"name", COPY},
      {"key", COPY},
      {"file", PATH},
      {"line", COPY},
      {"segment", COPY},
      {"segment_file", PATH},
      {"segment_line", COPY},
      {"is_inline", COPY},
      {"incomplete", COPY},
      {"is_model", COPY}}},
    {"calls",
     "caller_id IN (SELECT f.id FROM src.functions AS f WHERE f." OF_DRIVER ")",
     {{"id", CALL},
      {"caller_id", FUNCTION},
      {"callee_id", FUNCTION},
      {"callee", COPY},
      {"file", PATH},
      {"line", COPY},
      {"column", COPY},
      {"direct", COPY}}},
    {"api_calls",
     OF_DRIVER,
     {{"driver_id", DRIVER}, {"name", COPY}, {"origin", COPY}, {"level", COPY}, {"calls", COPY}}},
    {"roots",
     OF_FUNCTION,
     {{"id", ROOT},
      {"function_id", FUNCTION},
      {"via", COPY},
      {"through", COPY},
      {"role", COPY},
      {"file", PATH},
      {"line", COPY},
      {"registered_in", COPY}}},
    {"causes",
     OF_DRIVER,
     {{"driver_id", DRIVER},
      {"number", COPY},
      {"function_id", FUNCTION},
      {"irql", COPY},
      {"parent", COPY},
      {"call_id", CALL},
      {"root_id", ROOT}}},
    {"raises",
     OF_DRIVER,
     {{"driver_id", DRIVER},
      {"cause", COPY},
      {"ordinal", COPY},
      {"call_id", CALL},
      {"irql", COPY},
      {"raises", COPY}}},
    {"contexts",
     OF_FUNCTION,
     {{"function_id", FUNCTION},
      {"context", COPY},
      {"irql", COPY},
      {"certainty", COPY},
      {"assumption", ASSUMED},
      {"cause", COPY}}},
    {"findings",
     OF_DRIVER,
     {{"id", FINDING},
      {"run_id", RUN},
      {"driver_id", DRIVER},
      {"rule", COPY},
      {"level", COPY},
      {"certainty", COPY},
      {"assumption", COPY},
      {"file", PATH},
      {"line", COPY},
      {"column", COPY},
      {"char_column", COPY},
      {"function", COPY},
      {"subject", COPY},
      {"message", COPY},
      {"context", COPY},
      {"irql", COPY},
      {"fingerprint", COPY},
      {"line_hash", COPY},
      {"snippet", COPY}}},
    {"steps",
     "finding_id IN (SELECT f.id FROM src.findings AS f WHERE f." OF_DRIVER ")",
     {{"finding_id", FINDING},
      {"ordinal", COPY},
      {"kind", COPY},
      {"file", PATH},
      {"line", COPY},
      {"column", COPY},
      {"char_column", COPY},
      {"function", COPY},
      {"message", COPY},
      {"irql", COPY},
      {"snippet", COPY}}},
    {"verdicts",
     "run_id = (SELECT max(id) FROM src.runs) AND finding_id IN "
     "(SELECT f.id FROM src.findings AS f WHERE f." OF_DRIVER ")",
     {{"run_id", RUN},
      {"finding_id", FINDING},
      {"kind", COPY},
      {"reason", COPY},
      {"file", PATH},
      {"line", COPY}}},
};

/* How far the numbers of a table's rows are shifted. */
static const char *const shifted[] = {
    [DRIVER] = "drivers", [UNIT] = "units", [FUNCTION] = "functions",
    [CALL] = "calls",     [ROOT] = "roots", [FINDING] = "findings"};

typedef struct Merge {
    Store *store;           /* the target */
    Error *err;             /* the first reason */
    int64_t run;            /* the run made */
    int64_t shift[ASSUMED]; /* by kind */
    const char *prefix;     /* SQL text before paths: from the common folder to the source's */
} Merge;

static void put_column(const Merge *self, const Column *column, Text *sql) {
    Arena *arena = self->store->arena;
    switch (column->kind) {
    case PATH:
        text_printf(sql, arena,
                    "CASE WHEN t.\"%s\" = '' OR substr(t.\"%s\", 1, 1) = '/' THEN t.\"%s\" "
                    "ELSE %s || t.\"%s\" END",
                    column->name, column->name, column->name, self->prefix, column->name);
        break;
    case RUN:
        text_printf(sql, arena, "%lld", (long long)self->run);
        break;
    case ASSUMED:
        text_printf(sql, arena,
                    "(SELECT m.id FROM main.assumptions AS m JOIN src.assumptions AS s "
                    "ON s.text = m.text WHERE s.id = t.\"%s\")",
                    column->name);
        break;
    case COPY:
        text_printf(sql, arena, "t.\"%s\"", column->name);
        break;
    default:
        text_printf(sql, arena, "t.\"%s\" + %lld", column->name,
                    (long long)self->shift[column->kind]);
    }
}

static int copy_table(Merge *self, const Table *table) {
    Arena *arena = self->store->arena;
    Text names = {0}, values = {0};
    for (uint32_t i = 0; i < MAX_COLUMNS && table->columns[i].name != NULL; i++) {
        text_printf(&names, arena, "%s\"%s\"", i == 0 ? "" : ", ", table->columns[i].name);
        text_append(&values, arena, i == 0 ? "" : ", ");
        put_column(self, &table->columns[i], &values);
    }
    const char *sql = arena_printf(
        arena, "INSERT INTO main.%s (%s) SELECT %s FROM src.%s AS t WHERE %s", table->name,
        text_cstr(&names, arena), text_cstr(&values, arena), table->name, table->where);
    return store_exec(self->store, sql, self->err);
}

/* Drivers that an earlier database gave and this one has too. */
static int drop_replaced(Merge *self) {
    const char *sql = arena_printf(
        self->store->arena,
        "DELETE FROM main.drivers WHERE run_id = %lld AND EXISTS (SELECT 1 FROM src.drivers AS s "
        "WHERE s.id IN (SELECT id FROM temp.taken) AND s.name = main.drivers.name)",
        (long long)self->run);
    return store_exec(self->store, sql, self->err);
}

static int copy_lists(Merge *self) {
    Arena *arena = self->store->arena;
    const char *sql = arena_printf(
        arena,
        "INSERT INTO main.problems SELECT %lld, ordinal + (SELECT count(*) FROM main.problems "
        "WHERE "
        "run_id = %lld), message FROM src.problems WHERE run_id = (SELECT max(id) FROM src.runs);"
        "INSERT INTO main.notices SELECT %lld, ordinal + (SELECT count(*) FROM main.notices WHERE "
        "run_id = %lld), CASE WHEN substr(file, 1, 1) = '/' THEN file ELSE %s || file END, line, "
        "\"column\", message FROM src.notices WHERE run_id = (SELECT max(id) FROM src.runs);"
        "INSERT OR IGNORE INTO main.rules SELECT %lld, id, title, level, requirement FROM "
        "src.rules "
        "WHERE run_id = (SELECT max(id) FROM src.runs);"
        "INSERT INTO main.run_drivers SELECT %lld, id + %lld FROM temp.taken;",
        (long long)self->run, (long long)self->run, (long long)self->run, (long long)self->run,
        self->prefix, (long long)self->run, (long long)self->run, (long long)self->shift[DRIVER]);
    return store_exec(self->store, sql, self->err);
}

static int prepare(Merge *self) {
    for (ColumnKind kind = DRIVER; kind < ASSUMED; kind++) {
        const char *sql = arena_printf(self->store->arena,
                                       "SELECT coalesce(max(id), 0) FROM main.%s", shifted[kind]);
        if (store_query_int(self->store, sql, &self->shift[kind], self->err) != 0)
            return -1;
    }
    return store_exec(self->store,
                      "DROP TABLE IF EXISTS temp.taken; CREATE TEMP TABLE taken AS SELECT "
                      "driver_id AS id FROM src.run_drivers WHERE run_id = (SELECT max(id) FROM "
                      "src.runs); INSERT OR IGNORE INTO main.assumptions (text) SELECT text FROM "
                      "src.assumptions",
                      self->err);
}

static int copy_run(Merge *self) {
    if (prepare(self) != 0 || drop_replaced(self) != 0)
        return -1;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (copy_table(self, &tables[i]) != 0)
            return -1;
    }
    return copy_lists(self);
}

/* ---- one database after the other ------------------------------------------------------------ */

static const char *quoted(Arena *arena, const char *text) {
    Text out = {0};
    text_append(&out, arena, "'");
    for (; *text != '\0'; text++)
        text_append_len(&out, arena, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    text_append(&out, arena, "'");
    return text_cstr(&out, arena);
}

/* The folder that two folders share. */
static const char *shared(Arena *arena, const char *a, const char *b) {
    while (!path_is_below(a, b))
        a = path_dir(arena, a);
    return a;
}

/* The roots of the last runs; 0, or -1 when a database is none, or empty. */
static int read_roots(Arena *arena, const char *const *paths, uint32_t count, const char **roots,
                      Error *err) {
    for (uint32_t i = 0; i < count; i++) {
        Store *source;
        bool failed = false;
        if (store_open_existing(arena, paths[i], &source, err) != 0)
            return -1;
        Query query = query_new(source, "SELECT root FROM last_run", err);
        roots[i] = query_next(&query, &failed) ? query_text(&query, arena, 0) : NULL;
        query_end(&query);
        store_close(source);
        if (failed)
            return -1;
        if (roots[i] == NULL)
            return error_set(err, "%s: holds no run", paths[i]);
    }
    return 0;
}

static int64_t begin_run(Merge *self, const char *root, const char *command) {
    Query query = query_new(
        self->store, "INSERT INTO runs (root, command, tool_version) VALUES (?, ?, ?)", self->err);
    int64_t id = query_insert(&query, "sss", root, command, IRQLINT_VERSION);
    query_end(&query);
    return id;
}

static int copy_all(Merge *self, const char *const *paths, const char *const *roots, uint32_t count,
                    const char *root) {
    Arena *arena = self->store->arena;
    for (uint32_t i = 0; i < count; i++) {
        const char *below = path_relative(arena, root, roots[i]);
        bool same = str_eq(root, roots[i]);
        self->prefix = quoted(arena, same ? "" : arena_printf(arena, "%s/", below));
        const char *attach =
            arena_printf(arena, "ATTACH %s AS src", quoted(arena, path_absolute(arena, paths[i])));
        if (store_exec(self->store, attach, self->err) != 0)
            return -1;
        int status = store_exec(self->store, "BEGIN IMMEDIATE", self->err);
        if (i == 0 && status == 0)
            status = (self->run = begin_run(self, root, "merge")) < 0 ? -1 : 0;
        if (status == 0)
            status = copy_run(self);
        if (status == 0)
            status =
                store_exec(self->store, "COMMIT; DROP TABLE temp.taken; DETACH src", self->err);
        if (status != 0)
            return -1;
    }
    return 0;
}

int store_merge(Arena *arena, const char *path, const char *const *paths, uint32_t count,
                Error *err) {
    Merge self = {.err = err};
    const char *target = path_real(arena, path);
    for (uint32_t i = 0; i < count; i++) {
        const char *source = path_real(arena, paths[i]);
        if (target != NULL && source != NULL && str_eq(source, target))
            return error_set(err, "%s: cannot be put into itself", paths[i]);
    }
    const char **roots = arena_array_of(arena, const char *, count + 1);
    if (read_roots(arena, paths, count, roots, err) != 0 ||
        store_open(arena, path, &self.store, err) != 0)
        return -1;
    const char *root = roots[0];
    for (uint32_t i = 1; i < count; i++)
        root = shared(arena, root, roots[i]);
    int status = copy_all(&self, paths, roots, count, root);
    if (status != 0) {
        Error ignored = {0};
        sqlite3_exec(self.store->db, "ROLLBACK", NULL, NULL, NULL);
        store_exec(
            self.store,
            arena_printf(arena, "DELETE FROM main.runs WHERE id = %lld", (long long)self.run),
            &ignored);
    }
    store_close(self.store);
    return status;
}
