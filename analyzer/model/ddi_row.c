/* ddi_row: the parts of a function's row, and what must hold between them.
 *
 * Invariant: the order of the effects is the order in which they were added; a limit lies below the
 * maximum; no thread blocks above APC_LEVEL.
 */
#include "analyzer/model/rows.h"

void ddi_row_set_range(Reader *self, DdiRow *row, Cell min, Cell max) {
    int low = word_level(self, min);
    int high = str_eq(max.text, "unknown") ? IRQL_COUNT : word_level(self, max);
    if (low > high && high >= 0)
        reader_error(self, min.line, "the minimum is above the maximum");
    row->ddi.min = (uint8_t)low;
    row->ddi.max = (uint8_t)high;
}

void ddi_row_add_limit(Reader *self, DdiRow *row, Cell max, Cell when) {
    int level = word_level(self, max);
    if (level >= row->ddi.max)
        reader_error(self, max.line, "a limit must be below the maximum: %s if %s", max.text,
                     when.text);
    CondSetArray sets = {0};
    cond_parse(self, when, row, &sets);
    for (uint32_t i = 0; i < sets.len; i++)
        array_push(&row->limits, self->arena,
                   (Limit){.max = (uint8_t)level, .when = sets.items[i]});
}

/* ---- effects ------------------------------------------------------------------------------- */

/* What the effect lacks, or NULL. */
static const char *missing_part(const Effect *effect) {
    bool leveled = effect->level < IRQL_COUNT;
    switch ((EffectKind)effect->kind) {
    case EFFECT_RAISE:
        return !leveled && effect->from.kind != PLACE_ARG ? "a level" : NULL;
    case EFFECT_LOWER:
        return !leveled && effect->saved.kind == PLACE_NONE ? "the saved level" : NULL;
    case EFFECT_ACQUIRE:
    case EFFECT_RELEASE:
    case EFFECT_ACQUIRE_IF_MUTEX:
    case EFFECT_HOLDS_INSIDE:
        return effect->lock.kind == PLACE_NONE   ? "the lock"
               : effect->lock_class == LOCK_NONE ? "the class of the lock"
                                                 : NULL;
    case EFFECT_CALL:
        return effect->from.kind == PLACE_NONE ? "the callback" : NULL;
    case EFFECT_CLAIM_MAX:
        return leveled ? NULL : "a level";
    case EFFECT_ENTER_REGION:
    case EFFECT_LEAVE_REGION:
    case EFFECT_QUEUE:
        return effect->lock.kind == PLACE_GLOBAL ? NULL : "global(name)";
    default:
        return NULL;
    }
}

static uint8_t effect_level(Reader *self, Cell word) {
    bool constant = word.text[0] != '\0' && !str_eq(word.text, "caller");
    return constant ? (uint8_t)word_level(self, word) : IRQL_COUNT;
}

/* The complaint has been made already: no other about what is missing then. */
static bool is_misread(Cell word, Place place) {
    return word.text[0] != '\0' && place.kind == PLACE_NONE;
}

void ddi_row_add_effect(Reader *self, DdiRow *row, const EffectCells *cells) {
    uint32_t line = cells->effect.line;
    int kind = word_value(self, &effect_words, cells->effect);
    Effect effect = {
        .kind = (uint8_t)kind,
        .level = effect_level(self, cells->level),
        .lock_class = (uint8_t)word_value(self, &lock_class_words, cells->lock_class),
        .lock = word_place(self, cells->lock),
        .from = word_place(self, cells->from),
        .saved = word_place(self, cells->saved),
        .context_arg = NO_ARG,
        .flags = cells->flags,
        .when = cond_parse_one(self, cells->when, row),
    };
    if (cells->context.text[0] != '\0')
        effect.context_arg = (uint8_t)word_arg(self, cells->context);
    bool misread = kind < 0 || is_misread(cells->lock, effect.lock) ||
                   is_misread(cells->from, effect.from) || is_misread(cells->saved, effect.saved);
    const char *missing = misread ? NULL : missing_part(&effect);
    if (missing != NULL)
        reader_error(self, line, "%s needs %s", cells->effect.text, missing);
    if ((effect.flags & EFFECT_SUCCESS_ZERO) != 0 && (effect.flags & EFFECT_TRY) == 0)
        reader_error(self, line, "success-zero says nothing without try");
    array_push(&row->effects, self->arena, effect);
}

/* ---- blocking, memory ---------------------------------------------------------------------- */

void ddi_row_set_blocking(Reader *self, DdiRow *row, Cell kind, Cell max, Cell when) {
    int level = word_level(self, max);
    row->ddi.blocking = (uint8_t)word_value(self, &blocking_words, kind);
    if (level > IRQL_APC && row->ddi.blocking != BLOCK_BUSY)
        reader_error(self, max.line, "no thread can block at %s", max.text);
    row->ddi.blocking_max = (uint8_t)level;
    row->ddi.blocking_when = cond_parse_one(self, when, row);
}

static bool is_result_role(int kind) {
    return kind == MEM_ALLOC || kind == MEM_ALLOC_PAGED || kind == MEM_USER_RESULT ||
           kind == MEM_KERNEL_RESULT || kind == MEM_COUNTER || kind == MEM_MODE_RESULT ||
           kind == MEM_DEVICE_RESULT;
}

void ddi_row_add_memory(Reader *self, DdiRow *row, Cell kind_word, Cell arg, Cell when) {
    int kind = word_value(self, &memory_words, kind_word);
    Place place = word_place(self, arg);
    bool result = is_result_role(kind);
    if (result && place.kind != PLACE_RETURN && place.kind != PLACE_OUT)
        reader_error(self, arg.line, "%s wants ret or *argN", kind_word.text);
    bool either = kind == MEM_OWN_REQUEST && place.kind == PLACE_RETURN;
    if (kind >= 0 && !result && !either && place.kind != PLACE_ARG)
        reader_error(self, arg.line, "%s wants argN", kind_word.text);
    CondSetArray sets = {0};
    cond_parse(self, when, row, &sets);
    for (uint32_t i = 0; i < sets.len; i++)
        array_push(&row->memory, self->arena,
                   (MemoryRole){.kind = (uint8_t)kind,
                                .arg = place.kind == PLACE_RETURN ? NO_ARG : place.arg,
                                .when = sets.items[i]});
}

void ddi_row_finish(Reader *self, DdiRow *row) {
    Ddi *ddi = &row->ddi;
    if (row->limits.len > MAX_PARTS || row->effects.len > MAX_PARTS || row->memory.len > MAX_PARTS)
        reader_error(self, row->line, "%s: more than %d limits, effects or memory roles", ddi->name,
                     MAX_PARTS);
    ddi->conds = row->conds.items;
    ddi->limits = row->limits.items;
    ddi->effects = row->effects.items;
    ddi->memory = row->memory.items;
    ddi->cond_count = (uint8_t)row->conds.len;
    ddi->limit_count = (uint8_t)row->limits.len;
    ddi->effect_count = (uint8_t)row->effects.len;
    ddi->memory_count = (uint8_t)row->memory.len;
}
