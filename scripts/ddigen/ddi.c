/* ddi: builds the rows of functions and macros from irql, effects, blocking and memory.
 *
 * Invariant: a routine that any table speaks of has a row in irql.tsv, and the order of the
 * effects is the order of their steps.
 */
#include "scripts/ddigen/ddigen.h"

DdiRow *gen_find_ddi(Gen *self, const char *name) {
    uint32_t low = 0, high = self->ddis.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(self->ddis.items[middle].ddi.name, name);
        if (order == 0)
            return &self->ddis.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static DdiRow *find_or_complain(Gen *self, const Table *table, const Row *row) {
    DdiRow *ddi = gen_find_ddi(self, row->cells[0]);
    if (ddi == NULL)
        gen_error(self, table, row->line, "%s has no row in irql.tsv", row->cells[0]);
    return ddi;
}

/* ---- irql.tsv ----------------------------------------------------------------------------- */

/* "LEVEL if condition; LEVEL if condition" */
static void add_limits(Gen *self, const Row *row, DdiRow *ddi) {
    const char *rest = row->cells[4];
    for (const char *item; (item = next_item(self->arena, &rest, ';')) != NULL;) {
        const char *word = strstr(item, " if ");
        if (word == NULL) {
            gen_error(self, &self->irql, row->line, "a limit is \"LEVEL if condition\": %s", item);
            continue;
        }
        Cell level = {arena_strndup(self->arena, item, (size_t)(word - item)), row->line};
        ddi_row_add_limit(&self->reader, ddi, level, (Cell){word + 4, row->line});
    }
}

static void add_irql(Gen *self, const Row *row) {
    DdiRow ddi = {.line = row->line};
    ddi.ddi.name = row->cells[0];
    ddi.ddi.header = row->cells[1];
    ddi.ddi.page = row->cells[6];
    ddi.ddi.blocking_text = "";
    ddi.ddi.flags = words_flags(&self->reader, &ddi_flag_words, row_cell(row, 5));
    ddi_row_set_range(&self->reader, &ddi, row_cell(row, 2), row_cell(row, 3));
    add_limits(self, row, &ddi);
    array_push(&self->ddis, self->arena, ddi);
}

/* ---- effects.tsv -------------------------------------------------------------------------- */

/* Columns: name step effect level class lock from saved context flags when page. */
static void add_effect(Gen *self, const Row *row) {
    const Table *table = &self->effects;
    DdiRow *ddi = find_or_complain(self, table, row);
    if (ddi == NULL)
        return;
    const char *step = arena_printf(self->arena, "%u", ddi->effects.len + 1);
    if (!str_eq(row->cells[1], step))
        gen_error(self, table, row->line, "step %s where %s is expected", row->cells[1], step);
    EffectCells cells = {
        .effect = row_cell(row, 2),
        .level = row_cell(row, 3),
        .lock_class = row_cell(row, 4),
        .lock = row_cell(row, 5),
        .from = row_cell(row, 6),
        .saved = row_cell(row, 7),
        .context = row_cell(row, 8),
        .when = row_cell(row, 10),
        .flags = words_flags(&self->reader, &effect_flag_words, row_cell(row, 9)),
    };
    ddi_row_add_effect(&self->reader, ddi, &cells);
}

/* ---- blocking.tsv, memory.tsv -------------------------------------------------------------- */

static void add_blocking(Gen *self, const Row *row) {
    DdiRow *ddi = find_or_complain(self, &self->blocking, row);
    if (ddi == NULL)
        return;
    ddi_row_set_blocking(&self->reader, ddi, row_cell(row, 1), row_cell(row, 2), row_cell(row, 3));
    ddi->ddi.blocking_text = row->cells[4];
}

static void add_memory(Gen *self, const Row *row) {
    DdiRow *ddi = find_or_complain(self, &self->memory, row);
    if (ddi != NULL)
        ddi_row_add_memory(&self->reader, ddi, row_cell(row, 1), row_cell(row, 2),
                           row_cell(row, 3));
}

static void add_all(Gen *self, const Table *table, void (*add)(Gen *self, const Row *row)) {
    self->table = table;
    for (uint32_t i = 0; i < table->rows.len; i++)
        add(self, &table->rows.items[i]);
}

void gen_build_ddis(Gen *self) {
    add_all(self, &self->irql, add_irql);
    add_all(self, &self->effects, add_effect);
    add_all(self, &self->blocking, add_blocking);
    add_all(self, &self->memory, add_memory);
    self->table = &self->irql;
    for (uint32_t i = 0; i < self->ddis.len; i++)
        ddi_row_finish(&self->reader, &self->ddis.items[i]);
}
