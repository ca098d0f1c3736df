/* verdicts: what was accepted in a run, and what there is to tell about it.
 *
 * Invariant: a verdict is about all rows of one finding, in whichever drivers of the run.
 */
#include "analyzer/store/internal.h"

static const char *const kinds[] = {
    [VERDICT_IN_SOURCE] = "source", [VERDICT_IN_FILE] = "file", [VERDICT_IN_BASELINE] = "baseline"};

static bool finish(Query *query) {
    bool ok = query->stmt != NULL;
    query_end(query);
    return ok;
}

static int write_notices(Store *self, const StoredRun *run, Error *err) {
    Query query = query_new(self,
                            "INSERT INTO notices (run_id, ordinal, file, line, column, message) "
                            "VALUES (?,?,?,?,?,?)",
                            err);
    for (uint32_t i = 0; i < run->notices.len; i++) {
        const StoredNotice *notice = &run->notices.items[i];
        query_insert(&query, "iusuus", run->id, i, notice->file, notice->line, notice->column,
                     notice->text);
    }
    return finish(&query) ? 0 : -1;
}

int store_write_verdicts(Store *self, const StoredRun *run, Error *err) {
    Query query = query_new(self,
                            "INSERT INTO verdicts (run_id, finding_id, kind, reason, file, line) "
                            "SELECT ?1, f.id, ?2, ?3, ?4, ?5 FROM run_findings AS f, findings AS g "
                            "WHERE f.in_run = ?1 AND g.id = ?6 AND f.file = g.file "
                            "AND f.line = g.line AND f.column = g.column AND f.rule = g.rule "
                            "AND f.subject = g.subject",
                            err);
    for (uint32_t i = 0; i < run->findings.len; i++) {
        const StoredFinding *finding = &run->findings.items[i];
        const Verdict *verdict = &finding->verdict;
        if (verdict->kind != VERDICT_OPEN)
            query_insert(&query, "isssui", run->id, kinds[verdict->kind], verdict->reason,
                         verdict->file, verdict->line, finding->id);
    }
    return finish(&query) ? write_notices(self, run, err) : -1;
}

Verdict verdict_read(Query *query, Arena *arena, int column) {
    const char *kind = query_text(query, arena, column);
    if (kind[0] == '\0')
        return (Verdict){0};
    VerdictKind known = VERDICT_IN_SOURCE;
    while (known < VERDICT_IN_BASELINE && !str_eq(kind, kinds[known]))
        known++;
    return (Verdict){.kind = known,
                     .reason = query_text(query, arena, column + 1),
                     .file = query_text(query, arena, column + 2),
                     .line = query_u32(query, column + 3)};
}
