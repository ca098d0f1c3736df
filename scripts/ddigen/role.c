/* role: builds callbacks, the names that lead to them, registrations and field facts.
 *
 * Invariant: every registration names a role that exists, and every name leads to one role. Struct
 * types are stored without leading underscores, as the IR spells them.
 */
#include "scripts/ddigen/ddigen.h"

#include <stdlib.h>

/* ---- callbacks.tsv ------------------------------------------------------------------------ */

/* Columns: role header context certain possible flags user_args pointers depends page. */
static uint32_t user_args(Gen *self, const Row *row) {
    uint32_t set = 0;
    const char *rest = row->cells[6];
    for (const char *item; (item = next_item(self, &rest, ',')) != NULL;) {
        char *end;
        unsigned long number = strtoul(item, &end, 10);
        if (*end != '\0' || number > 31)
            gen_error(self, &self->callbacks, row->line, "not a parameter number: %s", item);
        else
            set |= 1u << number;
    }
    return set;
}

static uint8_t role_context(Gen *self, const Row *row) {
    if (str_eq(row->cells[2], "unknown"))
        return CONTEXT_COUNT;
    int context = context_from_name(row->cells[2]);
    if (context >= 0 && str_eq(context_name((Context)context), row->cells[2]))
        return (uint8_t)context;
    gen_error(self, &self->callbacks, row->line, "unknown context: %s", row->cells[2]);
    return CONTEXT_COUNT;
}

static void add_role_name(Gen *self, const char *name, uint32_t role, uint32_t line) {
    array_push(&self->role_names, self->arena, (RoleNameRow){name, role, line});
}

static void add_role(Gen *self, const Row *row) {
    const Table *table = &self->callbacks;
    Role role = {
        .name = row->cells[0],
        .page = row->cells[9],
        .context = role_context(self, row),
        .certain = (IrqlSet)words_levels(self, table, row->line, row->cells[3]),
        .possible = (IrqlSet)words_levels(self, table, row->line, row->cells[4]),
        .flags = (uint8_t)words_role_flags(self, table, row->line, row->cells[5]),
        .depends = row->cells[8],
        .user_args = user_args(self, row),
    };
    if ((role.certain & role.possible) != 0)
        gen_error(self, table, row->line, "a level is certain or possible, not both");
    uint32_t index = self->roles.len;
    array_push(&self->roles, self->arena, role);
    add_role_name(self, role.name, index, row->line);
    const char *rest = row->cells[7];
    for (const char *item; (item = next_item(self, &rest, ',')) != NULL;)
        add_role_name(self, item, index, row->line);
}

static int compare_names(const void *a, const void *b) {
    const RoleNameRow *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static void sort_role_names(Gen *self) {
    qsort(self->role_names.items, self->role_names.len, sizeof(RoleNameRow), compare_names);
    for (uint32_t i = 1; i < self->role_names.len; i++) {
        const RoleNameRow *row = &self->role_names.items[i];
        if (str_eq(row->name, row[-1].name))
            gen_error(self, &self->callbacks, row->line, "%s names the role of line %u too",
                      row->name, row[-1].line);
    }
}

/* ---- registrations.tsv -------------------------------------------------------------------- */

/* "Field" or "Field[index]". */
static void set_field(Gen *self, const Row *row, Registration *reg) {
    const char *member = row->cells[2];
    const char *bracket = strchr(member, '[');
    reg->field = member;
    if (bracket == NULL)
        return;
    size_t len = strlen(bracket);
    int64_t index = 0;
    reg->field = arena_strndup(self->arena, member, (size_t)(bracket - member));
    if (bracket[len - 1] != ']' || len < 3)
        gen_error(self, &self->registrations, row->line, "not a field: %s", member);
    else if (constant_value(self, &self->registrations, row->line,
                            arena_strndup(self->arena, bracket + 1, len - 2), &index))
        reg->index = (int32_t)index;
}

static void add_registration(Gen *self, const Row *row) {
    const Table *table = &self->registrations;
    RegistrationRow out = {.reg = {.role = row->cells[3], .index = -1}, .line = row->line};
    if (table_find(&self->callbacks, row->cells[3]) == NULL)
        gen_error(self, table, row->line, "no such role in callbacks.tsv: %s", row->cells[3]);
    if (str_eq(row->cells[0], "arg")) {
        char *end;
        unsigned long arg = strtoul(row->cells[2], &end, 10);
        if (*end != '\0' || arg > 31)
            gen_error(self, table, row->line, "not an argument number: %s", row->cells[2]);
        out.reg.ddi = row->cells[1];
        out.reg.arg = (uint8_t)arg;
        array_push(&self->by_ddi, self->arena, out);
    } else if (str_eq(row->cells[0], "field")) {
        out.reg.type = row->cells[1];
        if (out.reg.type[0] == '_')
            gen_error(self, table, row->line, "types are written without underscores in front");
        set_field(self, row, &out.reg);
        array_push(&self->by_field, self->arena, out);
    } else if (str_eq(row->cells[0], "name")) {
        out.reg.type = ""; /* called by its name: a field of nothing */
        out.reg.field = row->cells[1];
        array_push(&self->by_field, self->arena, out);
    } else {
        gen_error(self, table, row->line, "via is arg, field or name, not %s", row->cells[0]);
    }
}

static int compare_by_ddi(const void *a, const void *b) {
    const Registration *x = &((const RegistrationRow *)a)->reg;
    const Registration *y = &((const RegistrationRow *)b)->reg;
    int order = strcmp(x->ddi, y->ddi);
    if (order == 0)
        order = (int)x->arg - (int)y->arg;
    return order != 0 ? order : strcmp(x->role, y->role);
}

static int compare_by_field(const void *a, const void *b) {
    const Registration *x = &((const RegistrationRow *)a)->reg;
    const Registration *y = &((const RegistrationRow *)b)->reg;
    int order = strcmp(x->type, y->type);
    if (order == 0)
        order = strcmp(x->field, y->field);
    if (order == 0)
        order = (x->index > y->index) - (x->index < y->index);
    return order != 0 ? order : strcmp(x->role, y->role);
}

/* ---- fields.tsv --------------------------------------------------------------------------- */

/* The constant in "kind(CONSTANT)", 0 without one. */
static int64_t fact_value(Gen *self, const Row *row, const char *text) {
    const char *open = strchr(text, '(');
    int64_t value = 0;
    if (open == NULL)
        return 0;
    if (!str_ends_with(text, ")"))
        gen_error(self, &self->fields, row->line, "not a kind of field: %s", text);
    else
        constant_value(self, &self->fields, row->line,
                       arena_strndup(self->arena, open + 1, strlen(open) - 2), &value);
    return value;
}

static void add_field_fact(Gen *self, const Row *row) {
    const char *text = row->cells[2];
    const char *word = arena_strndup(self->arena, text, strcspn(text, "("));
    int kind = word_field(self, &self->fields, row->line, word);
    int64_t value = fact_value(self, row, text);
    if (row->cells[0][0] == '_')
        gen_error(self, &self->fields, row->line, "types are written without underscores in front");
    array_push(&self->field_facts, self->arena,
               (FieldFact){row->cells[0], row->cells[1], (uint8_t)kind, value});
}

void gen_build_roles(Gen *self) {
    for (uint32_t i = 0; i < self->callbacks.rows.len; i++)
        add_role(self, &self->callbacks.rows.items[i]);
    for (uint32_t i = 0; i < self->registrations.rows.len; i++)
        add_registration(self, &self->registrations.rows.items[i]);
    for (uint32_t i = 0; i < self->fields.rows.len; i++)
        add_field_fact(self, &self->fields.rows.items[i]);
    sort_role_names(self);
    if (self->by_ddi.len > 0)
        qsort(self->by_ddi.items, self->by_ddi.len, sizeof(RegistrationRow), compare_by_ddi);
    if (self->by_field.len > 0)
        qsort(self->by_field.items, self->by_field.len, sizeof(RegistrationRow), compare_by_field);
}
