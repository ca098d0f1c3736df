/* write: a run into the database, in one transaction.
 *
 * Invariant: a run is there as a whole or not at all, and no earlier run changes. What a report
 * needs of the sources (the text of lines, the hash by which a moved line is known again) is taken
 * now: reports never open a source file.
 */
#include "analyzer/store/internal.h"

const char *writer_path(Writer *self, const char *path) {
    return path_relative(self->arena, self->run->root, path);
}

static bool finish(Query *query) {
    bool ok = query->stmt != NULL;
    query_end(query);
    return ok;
}

/* ---- the run itself ------------------------------------------------------------------------ */

static int write_run(Writer *self) {
    Query runs = query_new(
        self->store, "INSERT INTO runs (root, command, tool_version) VALUES (?,?,?)", self->err);
    self->run_id = query_insert(&runs, "sss", self->run->root, self->run->command, IRQLINT_VERSION);
    return finish(&runs) ? 0 : -1;
}

static int write_problems(Writer *self) {
    Query problems = query_new(
        self->store, "INSERT INTO problems (run_id, ordinal, message) VALUES (?,?,?)", self->err);
    for (uint32_t i = 0; i < self->run->problem_count; i++)
        query_insert(&problems, "ius", self->run_id, i, self->run->problems[i]);
    return finish(&problems) ? 0 : -1;
}

static int write_rules(Writer *self) {
    Query rules = query_new(
        self->store, "INSERT INTO rules (run_id, id, title, level, requirement) VALUES (?,?,?,?,?)",
        self->err);
    uint32_t count;
    const Rule *const *all = rules_all(&count);
    for (uint32_t i = 0; i < count; i++)
        query_insert(&rules, "issss", self->run_id, all[i]->id, all[i]->title,
                     finding_level_name(all[i]->level), all[i]->requirement);
    return finish(&rules) ? 0 : -1;
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

static void write_messages(Writer *self, Query *messages, int64_t unit_id, const IrUnit *unit) {
    static const char *const kinds[] = {
        [IR_NOTE_ERROR] = "error",
        [IR_NOTE_MISSING] = "missing",
        [IR_NOTE_IMPLICIT] = "implicit",
        [IR_NOTE_UNKNOWN] = "unknown",
    };
    for (uint32_t i = 1; i < unit->notes_len; i++) {
        const IrNoteRec *note = &unit->notes[i];
        const char *file = note->loc.file == 0 ? "" : ir_str(unit, unit->files[note->loc.file]);
        query_insert(messages, "iussuus", unit_id, i - 1, kinds[note->kind],
                     writer_path(self, file), note->loc.line, note->loc.column,
                     ir_str(unit, note->text));
    }
}

static int write_units(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    static const char *const names[] = {
        [IR_OK] = "ok", [IR_PARTIAL] = "partial", [IR_FAILED] = "failed"};
    Query units = query_new(self->store,
                            "INSERT INTO units (driver_id, path, status, errors, functions, "
                            "incomplete_functions) VALUES (?,?,?,?,?,?)",
                            self->err);
    Query messages = query_new(self->store,
                               "INSERT INTO unit_messages (unit_id, ordinal, kind, file, line, "
                               "column, message) VALUES (?,?,?,?,?,?,?)",
                               self->err);
    for (uint32_t i = 0; i < driver->unit_count; i++) {
        const IrUnit *unit = driver->units[i];
        int64_t unit_id =
            query_insert(&units, "issuuu", driver_id, writer_path(self, ir_str(unit, unit->path)),
                         names[unit->status], unit->error_count, count_functions(unit, 0),
                         count_functions(unit, IR_FUNC_INCOMPLETE));
        write_messages(self, &messages, unit_id, unit);
    }
    bool ok = finish(&units);
    return finish(&messages) && ok ? 0 : -1;
}

/* ---- findings ------------------------------------------------------------------------------ */

static void write_steps(Writer *self, Query *steps, int64_t finding_id, const Finding *finding) {
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const Step *step = &finding->steps[i];
        SourceSpot spot = sources_spot(self->sources, step->file, step->line, step->column);
        query_insert(steps, "iussuuussus", finding_id, i, step_kind_name(step->kind),
                     writer_path(self, step->file), step->line, step->column, spot.char_column,
                     step->function, step->message, (uint32_t)step->irql, spot.text);
    }
}

static int64_t write_finding(Writer *self, Query *findings, int64_t driver_id,
                             const Finding *finding) {
    SourceSpot spot = sources_spot(self->sources, finding->file, finding->line, finding->column);
    const char *assumption =
        finding->certainty == CERTAIN ? "" : assumption_text(finding->assumption);
    return query_insert(findings, "iissussuuusssuusss", self->run_id, driver_id, finding->rule,
                        finding_level_name(finding->level), (uint32_t)finding->certainty,
                        assumption, writer_path(self, finding->file), finding->line,
                        finding->column, spot.char_column, finding->function, finding->subject,
                        finding->message, (uint32_t)finding->context, (uint32_t)finding->irql,
                        finding->fingerprint,
                        sources_line_hash(self->sources, finding->file, finding->line), spot.text);
}

static int write_findings(Writer *self, const StoreDriver *driver, int64_t driver_id) {
    Query findings = query_new(
        self->store,
        "INSERT INTO findings (run_id, driver_id, rule, level, certainty, assumption, file, line, "
        "column, char_column, function, subject, message, context, irql, fingerprint, line_hash, "
        "snippet) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        self->err);
    Query steps = query_new(
        self->store,
        "INSERT INTO steps (finding_id, ordinal, kind, file, line, column, char_column, function, "
        "message, irql, snippet) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        self->err);
    for (uint32_t i = 0; i < driver->findings->len; i++) {
        const Finding *finding = &driver->findings->items[i];
        int64_t id = write_finding(self, &findings, driver_id, finding);
        write_steps(self, &steps, id, finding);
    }
    bool ok = finish(&findings);
    return finish(&steps) && ok ? 0 : -1;
}

/* ---- drivers ------------------------------------------------------------------------------- */

static int write_driver(Writer *self, const StoreDriver *driver) {
    const Program *program = driver->program;
    Query drivers = query_new(self->store,
                              "INSERT INTO drivers (run_id, name, base_dir, unresolved_calls, "
                              "locks_sections) VALUES (?,?,?,?,?)",
                              self->err);
    int64_t id = query_insert(&drivers, "issuu", self->run_id, program->name,
                              writer_path(self, program->base_dir), program->unresolved_calls,
                              (uint32_t)(program->locked_count != 0 || program->locks_any_section));
    if (!finish(&drivers) || write_units(self, driver, id) != 0 ||
        write_functions(self, driver, id) != 0 || write_api_calls(self, driver, id) != 0)
        return -1;
    return write_findings(self, driver, id);
}

static int write_all(Writer *self) {
    if (write_run(self) != 0 || write_problems(self) != 0 || write_rules(self) != 0)
        return -1;
    for (uint32_t i = 0; i < self->run->driver_count; i++) {
        if (write_driver(self, &self->run->drivers[i]) != 0)
            return -1;
    }
    return 0;
}

int store_write_run(Store *self, const StoreRun *run, int64_t *run_id, Error *err) {
    Writer writer = {.store = self, .arena = self->arena, .run = run, .err = err};
    writer.sources = sources_new(self->arena);
    if (store_exec(self, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (write_all(&writer) == 0 && store_exec(self, "COMMIT", err) == 0) {
        *run_id = writer.run_id;
        return 0;
    }
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}
