/* overlay_ddi: rows of functions in an overlay.
 *
 * Each part that the row gives (range, limits, flags, effects, blocking, memory) replaces that part
 * of the row it is laid over; parts that it does not give stay, with the conditions they need.
 * Invariant: a kept limit lies below the maximum, else it says nothing and goes.
 */
#include "analyzer/model/overlay.h"

static const char *const function_keys[] = {"name",     "header", "page",  "min",
                                            "max",      "limits", "flags", "effects",
                                            "blocking", "memory", NULL};
static const char *const limit_keys[] = {"max", "when", NULL};
static const char *const effect_keys[] = {"effect", "level",   "class", "lock", "from",
                                          "saved",  "context", "flags", "when", NULL};
static const char *const blocking_keys[] = {"kind", "max", "when", "text", NULL};
static const char *const memory_keys[] = {"kind", "arg", "when", NULL};

/* ---- what stays ---------------------------------------------------------------------------- */

/* Takes the atoms of a set over into the row. */
static CondSet keep_conds(Overlay *self, const Ddi *old, CondSet set, DdiRow *row) {
    CondSet kept = 0;
    for (uint32_t i = 0; i < old->cond_count; i++) {
        uint32_t j = 0;
        if ((set >> i & 1) == 0)
            continue;
        while (j < row->conds.len && (row->conds.items[j].kind != old->conds[i].kind ||
                                      !str_eq(row->conds.items[j].text, old->conds[i].text)))
            j++;
        if (j == row->conds.len)
            array_push(&row->conds, self->reader.arena, old->conds[i]);
        kept |= (CondSet)(1u << j);
    }
    return kept;
}

static void keep_limits(Overlay *self, const Ddi *old, DdiRow *row) {
    for (uint32_t i = 0; i < old->limit_count; i++) {
        Limit limit = old->limits[i];
        if (limit.max >= row->ddi.max)
            continue;
        limit.when = keep_conds(self, old, limit.when, row);
        array_push(&row->limits, self->reader.arena, limit);
    }
}

static void keep_effects(Overlay *self, const Ddi *old, DdiRow *row) {
    for (uint32_t i = 0; i < old->effect_count; i++) {
        Effect effect = old->effects[i];
        effect.when = keep_conds(self, old, effect.when, row);
        array_push(&row->effects, self->reader.arena, effect);
    }
}

static void keep_memory(Overlay *self, const Ddi *old, DdiRow *row) {
    for (uint32_t i = 0; i < old->memory_count; i++) {
        MemoryRole role = old->memory[i];
        role.when = keep_conds(self, old, role.when, row);
        array_push(&row->memory, self->reader.arena, role);
    }
}

static void keep_parts(Overlay *self, const cJSON *node, const Ddi *old, DdiRow *row) {
    if (!json_has(node, "limits"))
        keep_limits(self, old, row);
    if (!json_has(node, "effects"))
        keep_effects(self, old, row);
    if (!json_has(node, "memory"))
        keep_memory(self, old, row);
    if (!json_has(node, "blocking"))
        row->ddi.blocking_when = keep_conds(self, old, old->blocking_when, row);
}

/* ---- what the row gives -------------------------------------------------------------------- */

/* A level that the user states is no longer inferred. */
static void read_range(Overlay *self, const cJSON *node, const Ddi *old, DdiRow *row) {
    const char *max = old->max == IRQL_COUNT ? "unknown" : irql_name((Irql)old->max);
    if (json_has(node, "flags"))
        row->ddi.flags = json_flags(self, node, "flags", &ddi_flag_words);
    else if (json_has(node, "min") || json_has(node, "max"))
        row->ddi.flags &= (uint8_t)~DDI_WEAK;
    ddi_row_set_range(&self->reader, row, json_text(self, node, "min", irql_name((Irql)old->min)),
                      json_text(self, node, "max", max));
}

static void read_limits(Overlay *self, const cJSON *node, DdiRow *row) {
    for (const cJSON *at = json_list(self, node, "limits"); at != NULL; at = at->next) {
        if (!json_check_object(self, at, "a limit", limit_keys))
            continue;
        Cell max = json_need_text(self, at, "max"), when = json_need_text(self, at, "when");
        if (max.text[0] != '\0' && when.text[0] != '\0')
            ddi_row_add_limit(&self->reader, row, max, when);
    }
}

static void read_effects(Overlay *self, const cJSON *node, DdiRow *row) {
    for (const cJSON *at = json_list(self, node, "effects"); at != NULL; at = at->next) {
        if (!json_check_object(self, at, "an effect", effect_keys))
            continue;
        EffectCells cells = {
            .effect = json_need_text(self, at, "effect"),
            .level = json_text(self, at, "level", ""),
            .lock_class = json_text(self, at, "class", ""),
            .lock = json_text(self, at, "lock", ""),
            .from = json_text(self, at, "from", ""),
            .saved = json_text(self, at, "saved", ""),
            .context = json_text(self, at, "context", ""),
            .when = json_text(self, at, "when", ""),
            .flags = json_flags(self, at, "flags", &effect_flag_words),
        };
        if (cells.effect.text[0] != '\0')
            ddi_row_add_effect(&self->reader, row, &cells);
    }
}

/* null: it does not block, whatever the row below says. */
static void read_blocking(Overlay *self, const cJSON *node, DdiRow *row) {
    const cJSON *blocking = cJSON_GetObjectItemCaseSensitive(node, "blocking");
    if (blocking == NULL)
        return;
    row->ddi.blocking = BLOCK_NONE;
    row->ddi.blocking_when = 0;
    row->ddi.blocking_text = "";
    if (cJSON_IsNull(blocking) || !json_check_object(self, blocking, "blocking", blocking_keys))
        return;
    Cell kind = json_need_text(self, blocking, "kind"), max = json_need_text(self, blocking, "max");
    row->ddi.blocking_text = json_text(self, blocking, "text", "always").text;
    if (kind.text[0] != '\0' && max.text[0] != '\0')
        ddi_row_set_blocking(&self->reader, row, kind, max, json_text(self, blocking, "when", ""));
}

static void read_memory(Overlay *self, const cJSON *node, DdiRow *row) {
    for (const cJSON *at = json_list(self, node, "memory"); at != NULL; at = at->next) {
        if (!json_check_object(self, at, "a memory role", memory_keys))
            continue;
        Cell kind = json_need_text(self, at, "kind"), arg = json_need_text(self, at, "arg");
        if (kind.text[0] != '\0' && arg.text[0] != '\0')
            ddi_row_add_memory(&self->reader, row, kind, arg, json_text(self, at, "when", ""));
    }
}

/* ---- the row ------------------------------------------------------------------------------- */

void overlay_read_function(Overlay *self, const cJSON *node) {
    Merge *merge = self->merge;
    if (!json_check_object(self, node, "a function", function_keys))
        return;
    Cell name = json_need_name(self, node, "name");
    if (name.text[0] == '\0' || !overlay_first(self, "function", name))
        return;
    Ddi old = {.header = "", .page = "", .max = IRQL_COUNT, .blocking_text = ""};
    uint32_t index = merge_find(merge->ddi_names, name.text);
    if (index != UINT32_MAX)
        old = merge->ddis.items[index];
    DdiRow row = {.ddi = old, .line = json_line(node)};
    row.ddi.name = name.text;
    row.ddi.header = json_text(self, node, "header", old.header).text;
    row.ddi.page = json_text(self, node, "page", old.page).text;
    read_range(self, node, &old, &row);
    keep_parts(self, node, &old, &row);
    read_limits(self, node, &row);
    read_effects(self, node, &row);
    read_blocking(self, node, &row);
    read_memory(self, node, &row);
    ddi_row_finish(&self->reader, &row);
    if (index == UINT32_MAX) {
        strtab_add(merge->ddi_names, name.text);
        array_push(&merge->ddis, merge->arena, row.ddi);
    } else {
        merge->ddis.items[index] = row.ddi;
    }
}
