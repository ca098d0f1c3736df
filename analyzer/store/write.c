/* write: the rows of a driver, and a run into the database, in one transaction.
 *
 * Invariant: a run is there as a whole or not at all, and no earlier run changes. What a report
 * needs of the sources (the text of lines, the hash by which a moved line is known again) is taken
 * when the rows of a driver are made: reports never open a source file.
 */
#include "analyzer/store/internal.h"

const char *writer_path(Writer *self, const char *path) {
    return path_relative(self->arena, self->root, path);
}

/* ---- units --------------------------------------------------------------------------------- */

static uint32_t count_functions(const IrUnit *unit, uint32_t with_flag) {
    uint32_t count = 0;
    for (uint32_t i = 1; i < unit->funcs_len; i++) {
        uint32_t flags = unit->funcs[i].flags;
        count += (flags & IR_FUNC_BODY) != 0 && (flags & with_flag) == with_flag &&
                 (flags & (IR_FUNC_MODEL | IR_FUNC_GLOBALS)) == 0;
    }
    return count;
}

static void write_messages(Writer *self, int64_t unit_id, const IrUnit *unit) {
    static const char *const kinds[] = {
        [IR_NOTE_ERROR] = "error",
        [IR_NOTE_MISSING] = "missing",
        [IR_NOTE_IMPLICIT] = "implicit",
        [IR_NOTE_UNKNOWN] = "unknown",
    };
    for (uint32_t i = 1; i < unit->notes_len; i++) {
        const IrNoteRec *note = &unit->notes[i];
        const char *file = note->loc.file == 0 ? "" : ir_str(unit, unit->files[note->loc.file]);
        row_add(&self->log, ROW_UNIT_MESSAGE, "russuus", unit_id, i - 1, kinds[note->kind],
                writer_path(self, file), note->loc.line, note->loc.column,
                ir_str(unit, note->text));
    }
}

static void write_units(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    for (uint32_t i = 0; i < driver->unit_count; i++) {
        const IrUnit *unit = driver->units[i];
        int64_t unit_id = row_add(
            &self->log, ROW_UNIT, "rssuuu", driver_id, writer_path(self, ir_str(unit, unit->path)),
            ir_status_name(unit->status), unit->error_count, count_functions(unit, 0),
            count_functions(unit, IR_FUNC_INCOMPLETE));
        write_messages(self, unit_id, unit);
    }
}

/* ---- findings ------------------------------------------------------------------------------ */

static void write_steps(Writer *self, int64_t finding_id, const Finding *finding) {
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const Step *step = &finding->steps[i];
        SourceSpot spot = sources_spot(self->sources, step->file, step->line, step->column);
        row_add(&self->log, ROW_STEP, "russuuussus", finding_id, i, step_kind_name(step->kind),
                writer_path(self, step->file), step->line, step->column, spot.char_column,
                step->function, step->message, (uint32_t)step->irql, spot.text);
    }
}

static int64_t write_finding(Writer *self, int64_t driver_id, const Finding *finding) {
    SourceSpot spot = sources_spot(self->sources, finding->file, finding->line, finding->column);
    const char *assumption =
        finding->certainty == CERTAIN ? "" : assumption_text(finding->assumption);
    return row_add(&self->log, ROW_FINDING, "Rrssussuuusssuusss", driver_id, finding->rule,
                   finding_level_name(finding->level), (uint32_t)finding->certainty, assumption,
                   writer_path(self, finding->file), finding->line, finding->column,
                   spot.char_column, finding->function, finding->subject, finding->message,
                   (uint32_t)finding->context, (uint32_t)finding->irql, finding->fingerprint,
                   sources_line_hash(self->sources, finding->file, finding->line), spot.text);
}

/* ---- drivers ------------------------------------------------------------------------------- */

StoreRows store_record_driver(Arena *arena, const char *root, const StoreDriver *driver) {
    const Program *program = driver->program;
    Writer self = {.arena = arena, .root = root, .log = {.arena = arena}};
    self.sources = sources_new(arena);
    int64_t id = row_add(&self.log, ROW_DRIVER, "Rssuu", program->name,
                         writer_path(&self, program->base_dir), program->unresolved_calls,
                         (uint32_t)(program->locked_count != 0 || program->locks_any_section));
    write_units(&self, driver, id);
    write_functions(&self, driver, id);
    write_api_calls(&self, driver, id);
    for (uint32_t i = 0; i < driver->findings->len; i++) {
        const Finding *finding = &driver->findings->items[i];
        write_steps(&self, write_finding(&self, id, finding), finding);
    }
    return (StoreRows){.data = self.log.bytes.items, .size = self.log.bytes.len};
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool finish(Query *query) {
    bool ok = query->stmt != NULL;
    query_end(query);
    return ok;
}

static int write_head(Store *self, const StoreRun *run, int64_t *run_id, Error *err) {
    Query runs =
        query_new(self, "INSERT INTO runs (root, command, tool_version) VALUES (?,?,?)", err);
    *run_id = query_insert(&runs, "sss", run->root, run->command, IRQLINT_VERSION);
    return finish(&runs) ? 0 : -1;
}

static int write_problems(Store *self, const StoreRun *run, int64_t run_id, Error *err) {
    Query problems =
        query_new(self, "INSERT INTO problems (run_id, ordinal, message) VALUES (?,?,?)", err);
    for (uint32_t i = 0; i < run->problem_count; i++)
        query_insert(&problems, "ius", run_id, i, run->problems[i]);
    return finish(&problems) ? 0 : -1;
}

static int write_rules(Store *self, int64_t run_id, Error *err) {
    Query rules = query_new(
        self, "INSERT INTO rules (run_id, id, title, level, requirement) VALUES (?,?,?,?,?)", err);
    uint32_t count;
    const Rule *const *all = rules_all(&count);
    for (uint32_t i = 0; i < count; i++)
        query_insert(&rules, "issss", run_id, all[i]->id, all[i]->title,
                     finding_level_name(all[i]->level), all[i]->requirement);
    return finish(&rules) ? 0 : -1;
}

/* ---- the drivers of a run ------------------------------------------------------------------- */

typedef struct DriverQueries {
    Query find, name, link; /* its row by the key; its key; that the run has it */
} DriverQueries;

/* The row of a driver of which nothing changed since an earlier run, 0 none. */
static int64_t find_driver(DriverQueries *self, const char *key, bool *failed) {
    int64_t id = 0;
    query_bind(&self->find, "s", key);
    if (query_next(&self->find, failed))
        id = sqlite3_column_int64(self->find.stmt, 0);
    return id;
}

static int write_driver(Store *self, DriverQueries *queries, const StoreRows *rows, int64_t run_id,
                        Error *err) {
    bool failed = false;
    int64_t id = rows->key[0] == '\0' ? 0 : find_driver(queries, rows->key, &failed);
    if (failed)
        return -1;
    if (id == 0) {
        if (rows_replay(self, *rows, run_id, &id, err) != 0)
            return -1;
        if (rows->key[0] != '\0')
            query_insert(&queries->name, "si", rows->key, id);
    }
    query_insert(&queries->link, "ii", run_id, id);
    return 0;
}

static int write_drivers(Store *self, const StoreRun *run, int64_t run_id, Error *err) {
    DriverQueries queries = {
        query_new(self, "SELECT max(id) FROM drivers WHERE key = ? HAVING max(id) IS NOT NULL",
                  err),
        query_new(self, "UPDATE drivers SET key = ? WHERE id = ?", err),
        query_new(self, "INSERT INTO run_drivers (run_id, driver_id) VALUES (?,?)", err)};
    int result = 0;
    for (uint32_t i = 0; result == 0 && i < run->driver_count; i++)
        result = write_driver(self, &queries, &run->drivers[i], run_id, err);
    query_end(&queries.find);
    bool ok = finish(&queries.name);
    return finish(&queries.link) && ok ? result : -1;
}

static int write_all(Store *self, const StoreRun *run, int64_t *run_id, Error *err) {
    if (write_head(self, run, run_id, err) != 0 || write_problems(self, run, *run_id, err) != 0 ||
        write_rules(self, *run_id, err) != 0)
        return -1;
    return write_drivers(self, run, *run_id, err);
}

int store_begin_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err) {
    if (store_exec(self, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (write_all(self, run, run_id, err) == 0)
        return 0;
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int store_commit(Store *self, Error *err) {
    if (store_exec(self, "COMMIT", err) == 0)
        return 0;
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int store_write_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err) {
    return store_begin_run(self, run, run_id, err) == 0 ? store_commit(self, err) : -1;
}
