/* emit: the C text of the routines: conditions, limits, effects, memory roles, rows.
 *
 * Invariant: the text depends on the tables only. Runs of conditions, limits, effects and memory
 * roles that are equal are written once and shared, which makes the compiled table small.
 */
#include "scripts/ddigen/ddigen.h"

/* One of the arrays that rows point into. */
typedef struct TextPool {
    const char *name; /* of the C array */
    const char *type; /* of its elements */
    StrTab *runs;     /* text of a run -> id */
    U32Array first;   /* by id: where the run begins */
    Text text;        /* the elements so far */
    uint32_t len;     /* elements so far */
} TextPool;

void emit_string(Gen *self, Text *out, const char *text) {
    text_append(out, self->arena, "\"");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            text_append(out, self->arena, "\\");
        text_append_len(out, self->arena, at, 1);
    }
    text_append(out, self->arena, "\"");
}

static TextPool pool_new(Gen *self, const char *name, const char *type) {
    return (TextPool){.name = name, .type = type, .runs = strtab_new(self->arena)};
}

/* Adds a run of `len` elements, or finds an equal one; appends "name + first" or "NULL". */
static void pool_refer(Gen *self, TextPool *pool, Text *run, uint32_t len, Text *out) {
    if (len == 0) {
        text_append(out, self->arena, "NULL");
        return;
    }
    uint32_t before = strtab_count(pool->runs);
    StrId id = strtab_add(pool->runs, text_cstr(run, self->arena));
    while (pool->first.len <= id)
        array_push(&pool->first, self->arena, pool->len);
    if (id >= before) {
        text_append(&pool->text, self->arena, text_cstr(run, self->arena));
        pool->len += len;
    }
    text_printf(out, self->arena, "%s + %u", pool->name, pool->first.items[id]);
}

static void pool_emit(Gen *self, TextPool *pool, Text *out) {
    text_printf(out, self->arena, "static const %s %s[] = {\n%s};\n\n", pool->type, pool->name,
                pool->len == 0 ? "    {0},\n" : text_cstr(&pool->text, self->arena));
}

static void emit_place(Gen *self, Text *out, Place place) {
    text_printf(out, self->arena, "{%u, %u, ", place.kind, place.arg);
    if (place.name == NULL)
        text_append(out, self->arena, "NULL");
    else
        emit_string(self, out, place.name);
    text_append(out, self->arena, "}");
}

static void refer_conds(Gen *self, TextPool *pool, const DdiRow *ddi, Text *out) {
    Text run = {0};
    for (uint32_t i = 0; i < ddi->conds.len; i++) {
        const Cond *cond = &ddi->conds.items[i];
        text_printf(&run, self->arena, "    {%u, %u, %lld, ", cond->kind, cond->arg,
                    (long long)cond->value);
        emit_string(self, &run, cond->text);
        text_append(&run, self->arena, "},\n");
    }
    pool_refer(self, pool, &run, ddi->conds.len, out);
}

static void refer_limits(Gen *self, TextPool *pool, const DdiRow *ddi, Text *out) {
    Text run = {0};
    for (uint32_t i = 0; i < ddi->limits.len; i++)
        text_printf(&run, self->arena, "    {%u, %u},\n", ddi->limits.items[i].max,
                    ddi->limits.items[i].when);
    pool_refer(self, pool, &run, ddi->limits.len, out);
}

static void refer_effects(Gen *self, TextPool *pool, const DdiRow *ddi, Text *out) {
    Text run = {0};
    for (uint32_t i = 0; i < ddi->effects.len; i++) {
        const Effect *effect = &ddi->effects.items[i];
        text_printf(&run, self->arena, "    {%u, %u, %u, %u, ", effect->kind, effect->level,
                    effect->flags, effect->lock_class);
        emit_place(self, &run, effect->from);
        text_append(&run, self->arena, ", ");
        emit_place(self, &run, effect->saved);
        text_append(&run, self->arena, ", ");
        emit_place(self, &run, effect->lock);
        text_printf(&run, self->arena, ", %u, %u},\n", effect->context_arg, effect->when);
    }
    pool_refer(self, pool, &run, ddi->effects.len, out);
}

static void refer_memory(Gen *self, TextPool *pool, const DdiRow *ddi, Text *out) {
    Text run = {0};
    for (uint32_t i = 0; i < ddi->memory.len; i++) {
        const MemoryRole *role = &ddi->memory.items[i];
        text_printf(&run, self->arena, "    {%u, %u, %u},\n", role->kind, role->arg, role->when);
    }
    pool_refer(self, pool, &run, ddi->memory.len, out);
}

/* The scalars of a row, in the order of Ddi. */
static void emit_head(Gen *self, const DdiRow *row, Text *out) {
    const Ddi *ddi = &row->ddi;
    text_append(out, self->arena, "    {");
    emit_string(self, out, ddi->name);
    text_append(out, self->arena, ", ");
    emit_string(self, out, ddi->header);
    text_append(out, self->arena, ", ");
    emit_string(self, out, ddi->page);
    text_printf(out, self->arena, ", %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, ", ddi->min, ddi->max,
                ddi->flags, ddi->blocking, ddi->blocking_when, ddi->blocking_max, row->conds.len,
                row->limits.len, row->effects.len, row->memory.len);
}

void gen_emit_ddis(Gen *self, Text *out) {
    TextPool conds = pool_new(self, "conds", "Cond"), limits = pool_new(self, "limits", "Limit");
    TextPool effects = pool_new(self, "effects", "Effect");
    TextPool memory = pool_new(self, "memory", "MemoryRole");
    Text rows = {0};
    for (uint32_t i = 0; i < self->ddis.len; i++) {
        const DdiRow *ddi = &self->ddis.items[i];
        emit_head(self, ddi, &rows);
        refer_conds(self, &conds, ddi, &rows);
        text_append(&rows, self->arena, ", ");
        refer_limits(self, &limits, ddi, &rows);
        text_append(&rows, self->arena, ", ");
        refer_effects(self, &effects, ddi, &rows);
        text_append(&rows, self->arena, ", ");
        refer_memory(self, &memory, ddi, &rows);
        text_append(&rows, self->arena, ", ");
        emit_string(self, &rows, ddi->ddi.blocking_text);
        text_append(&rows, self->arena, "},\n");
    }
    pool_emit(self, &conds, out);
    pool_emit(self, &limits, out);
    pool_emit(self, &effects, out);
    pool_emit(self, &memory, out);
    text_printf(out, self->arena, "static const Ddi ddis[] = {\n%s};\n\n",
                text_cstr(&rows, self->arena));
}
