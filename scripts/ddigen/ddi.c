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
    for (const char *item; (item = next_item(self, &rest, ';')) != NULL;) {
        const char *word = strstr(item, " if ");
        if (word == NULL) {
            gen_error(self, &self->irql, row->line, "a limit is \"LEVEL if condition\": %s", item);
            continue;
        }
        const char *name = arena_strndup(self->arena, item, (size_t)(word - item));
        int level = word_level(self, &self->irql, row->line, name);
        if (level >= ddi->ddi.max)
            gen_error(self, &self->irql, row->line, "a limit must be below the maximum: %s", item);
        CondSetArray sets = {0};
        cond_parse(self, &self->irql, row->line, word + 4, ddi, &sets);
        for (uint32_t i = 0; i < sets.len; i++)
            array_push(&ddi->limits, self->arena,
                       (Limit){.max = (uint8_t)level, .when = sets.items[i]});
    }
}

static void add_irql(Gen *self, const Row *row) {
    DdiRow ddi = {.line = row->line};
    ddi.ddi.name = row->cells[0];
    ddi.ddi.header = row->cells[1];
    ddi.ddi.page = row->cells[6];
    int min = word_level(self, &self->irql, row->line, row->cells[2]);
    int max = str_eq(row->cells[3], "unknown")
                  ? IRQL_COUNT
                  : word_level(self, &self->irql, row->line, row->cells[3]);
    if (min > max && max >= 0)
        gen_error(self, &self->irql, row->line, "the minimum is above the maximum");
    ddi.ddi.min = (uint8_t)min;
    ddi.ddi.max = (uint8_t)max;
    ddi.ddi.blocking_text = "";
    ddi.ddi.flags = (uint8_t)words_ddi_flags(self, &self->irql, row->line, row->cells[5]);
    add_limits(self, row, &ddi);
    array_push(&self->ddis, self->arena, ddi);
}

/* ---- effects.tsv -------------------------------------------------------------------------- */

/* Columns: name step effect level class lock from saved context flags when page. */
static void check_effect(Gen *self, const Row *row, const Effect *effect) {
    const char *missing = NULL;
    bool leveled = effect->level < IRQL_COUNT;
    switch ((EffectKind)effect->kind) {
    case EFFECT_RAISE:
        missing = !leveled && effect->from.kind != PLACE_ARG ? "a level" : NULL;
        break;
    case EFFECT_LOWER:
        missing = !leveled && effect->saved.kind == PLACE_NONE ? "the saved level" : NULL;
        break;
    case EFFECT_ACQUIRE:
    case EFFECT_RELEASE:
    case EFFECT_ACQUIRE_IF_MUTEX:
    case EFFECT_HOLDS_INSIDE:
        missing = effect->lock.kind == PLACE_NONE   ? "the lock"
                  : effect->lock_class == LOCK_NONE ? "the class of the lock"
                                                    : NULL;
        break;
    case EFFECT_CALL:
        missing = effect->from.kind == PLACE_NONE ? "the callback" : NULL;
        break;
    case EFFECT_CLAIM_MAX:
        missing = leveled ? NULL : "a level";
        break;
    case EFFECT_ENTER_REGION:
    case EFFECT_LEAVE_REGION:
    case EFFECT_QUEUE:
        missing = effect->lock.kind == PLACE_GLOBAL ? NULL : "global(name)";
        break;
    default:
        break;
    }
    if (missing != NULL)
        gen_error(self, &self->effects, row->line, "%s needs %s", row->cells[2], missing);
    if ((effect->flags & EFFECT_SUCCESS_ZERO) != 0 && (effect->flags & EFFECT_TRY) == 0)
        gen_error(self, &self->effects, row->line, "success-zero says nothing without try");
}

static uint8_t effect_level(Gen *self, const Row *row) {
    const char *word = row->cells[3];
    if (word[0] == '\0' || str_eq(word, "caller"))
        return IRQL_COUNT;
    return (uint8_t)word_level(self, &self->effects, row->line, word);
}

static void add_effect(Gen *self, const Row *row) {
    const Table *table = &self->effects;
    DdiRow *ddi = find_or_complain(self, table, row);
    if (ddi == NULL)
        return;
    Effect effect = {
        .kind = (uint8_t)word_effect(self, table, row->line, row->cells[2]),
        .level = effect_level(self, row),
        .lock_class = (uint8_t)word_lock_class(self, table, row->line, row->cells[4]),
        .lock = word_place(self, table, row->line, row->cells[5]),
        .from = word_place(self, table, row->line, row->cells[6]),
        .saved = word_place(self, table, row->line, row->cells[7]),
        .context_arg = NO_ARG,
        .flags = (uint8_t)words_effect_flags(self, table, row->line, row->cells[9]),
        .when = cond_parse_one(self, table, row->line, row->cells[10], ddi),
    };
    if (row->cells[8][0] != '\0')
        effect.context_arg = (uint8_t)word_arg(self, table, row->line, row->cells[8]);
    const char *step = arena_printf(self->arena, "%u", ddi->effects.len + 1);
    if (!str_eq(row->cells[1], step))
        gen_error(self, table, row->line, "step %s where %s is expected", row->cells[1], step);
    check_effect(self, row, &effect);
    array_push(&ddi->effects, self->arena, effect);
}

/* ---- blocking.tsv ------------------------------------------------------------------------- */

static void add_blocking(Gen *self, const Row *row) {
    const Table *table = &self->blocking;
    DdiRow *ddi = find_or_complain(self, table, row);
    if (ddi == NULL)
        return;
    ddi->ddi.blocking = (uint8_t)word_blocking(self, table, row->line, row->cells[1]);
    int max = word_level(self, table, row->line, row->cells[2]);
    if (max > IRQL_APC && ddi->ddi.blocking != BLOCK_BUSY)
        gen_error(self, table, row->line, "no thread can block at %s", row->cells[2]);
    ddi->ddi.blocking_max = (uint8_t)max;
    ddi->ddi.blocking_when = cond_parse_one(self, table, row->line, row->cells[3], ddi);
    ddi->ddi.blocking_text = row->cells[4];
}

/* ---- memory.tsv --------------------------------------------------------------------------- */

static bool is_result_role(int kind) {
    return kind == MEM_ALLOC || kind == MEM_ALLOC_PAGED || kind == MEM_USER_RESULT ||
           kind == MEM_KERNEL_RESULT;
}

static void add_memory(Gen *self, const Row *row) {
    const Table *table = &self->memory;
    DdiRow *ddi = find_or_complain(self, table, row);
    if (ddi == NULL)
        return;
    int kind = word_memory(self, table, row->line, row->cells[1]);
    Place place = word_place(self, table, row->line, row->cells[2]);
    if (is_result_role(kind) && place.kind != PLACE_RETURN && place.kind != PLACE_OUT)
        gen_error(self, table, row->line, "%s wants ret or *argN", row->cells[1]);
    if (!is_result_role(kind) && place.kind != PLACE_ARG)
        gen_error(self, table, row->line, "%s wants argN", row->cells[1]);
    CondSetArray sets = {0};
    cond_parse(self, table, row->line, row->cells[3], ddi, &sets);
    for (uint32_t i = 0; i < sets.len; i++)
        array_push(&ddi->memory, self->arena,
                   (MemoryRole){.kind = (uint8_t)kind,
                                .arg = place.kind == PLACE_RETURN ? NO_ARG : place.arg,
                                .when = sets.items[i]});
}

void gen_build_ddis(Gen *self) {
    for (uint32_t i = 0; i < self->irql.rows.len; i++)
        add_irql(self, &self->irql.rows.items[i]);
    for (uint32_t i = 0; i < self->effects.rows.len; i++)
        add_effect(self, &self->effects.rows.items[i]);
    for (uint32_t i = 0; i < self->blocking.rows.len; i++)
        add_blocking(self, &self->blocking.rows.items[i]);
    for (uint32_t i = 0; i < self->memory.rows.len; i++)
        add_memory(self, &self->memory.rows.items[i]);
}
