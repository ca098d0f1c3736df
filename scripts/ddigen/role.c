/* role: builds callbacks, the names that lead to them, registrations, field facts, framework
 * objects.
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
    for (const char *item; (item = next_item(self->arena, &rest, ',')) != NULL;) {
        char *end;
        unsigned long number = strtoul(item, &end, 10);
        if (*end != '\0' || number > 31)
            gen_error(self, &self->callbacks, row->line, "not a parameter number: %s", item);
        else
            set |= 1u << number;
    }
    return set;
}

static void add_role_name(Gen *self, const char *name, uint32_t role, uint32_t line) {
    array_push(&self->role_names, self->arena, (RoleNameRow){name, role, line});
}

static void add_role(Gen *self, const Row *row) {
    Role role = {
        .name = row->cells[0],
        .page = row->cells[9],
        .context = word_context(&self->reader, row_cell(row, 2)),
        .certain = words_levels(&self->reader, row_cell(row, 3)),
        .possible = words_levels(&self->reader, row_cell(row, 4)),
        .flags = words_flags(&self->reader, &role_flag_words, row_cell(row, 5)),
        .depends = row->cells[8],
        .user_args = user_args(self, row),
    };
    role_check(&self->reader, row->line, &role);
    uint32_t index = self->roles.len;
    array_push(&self->roles, self->arena, role);
    add_role_name(self, role.name, index, row->line);
    const char *rest = row->cells[7];
    for (const char *item; (item = next_item(self->arena, &rest, ',')) != NULL;)
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
        registration_set_field(&self->reader, &out.reg, row_cell(row, 2));
        array_push(&self->by_field, self->arena, out);
    } else if (str_eq(row->cells[0], "name")) {
        out.reg.type = ""; /* called by its name: a field of nothing */
        out.reg.field = row->cells[1];
        array_push(&self->by_field, self->arena, out);
    } else {
        gen_error(self, table, row->line, "via is arg, field or name, not %s", row->cells[0]);
    }
}

static int compare_args(const void *a, const void *b) {
    return compare_by_ddi(&((const RegistrationRow *)a)->reg, &((const RegistrationRow *)b)->reg);
}

static int compare_fields(const void *a, const void *b) {
    return compare_by_field(&((const RegistrationRow *)a)->reg, &((const RegistrationRow *)b)->reg);
}

/* ---- fields.tsv --------------------------------------------------------------------------- */

static void add_field_fact(Gen *self, const Row *row) {
    FieldFact fact = {.type = row->cells[0], .field = row->cells[1]};
    if (fact.type[0] == '_')
        gen_error(self, &self->fields, row->line, "types are written without underscores in front");
    field_set_kind(&self->reader, &fact, row_cell(row, 2));
    array_push(&self->field_facts, self->arena, fact);
}

/* ---- objects.tsv -------------------------------------------------------------------------- */

static uint8_t optional_arg(Gen *self, const Row *row, uint32_t column) {
    Cell cell = row_cell(row, column);
    int arg = cell.text[0] == '\0' ? NO_ARG : word_arg(&self->reader, cell);
    return arg < 0 ? NO_ARG : (uint8_t)arg;
}

/* Columns: creator kind config attributes parent parent_arg cleanup page. */
static void add_creator(Gen *self, const Row *row) {
    ObjectCreator creator = {.ddi = row->cells[0],
                             .kind = row->cells[1],
                             .config = optional_arg(self, row, 2),
                             .attributes = optional_arg(self, row, 3),
                             .parent = row->cells[4],
                             .parent_arg = optional_arg(self, row, 5),
                             .passive_cleanup = str_eq(row->cells[6], "PASSIVE_LEVEL")};
    if (table_find(&self->irql, creator.ddi) == NULL)
        gen_error(self, &self->objects, row->line, "no such routine in irql.tsv: %s", creator.ddi);
    if (row->cells[6][0] != '\0' && !creator.passive_cleanup)
        gen_error(self, &self->objects, row->line, "cleanup is PASSIVE_LEVEL or -");
    array_push(&self->creators, self->arena, creator);
}

/* ---- constants.tsv ------------------------------------------------------------------------ */

void gen_build_constants(Gen *self) {
    for (uint32_t i = 0; i < self->constants.rows.len; i++) {
        const Row *row = &self->constants.rows.items[i];
        Constant constant = {.name = row->cells[0]};
        if (!number_value(row->cells[1], &constant.value))
            gen_error(self, &self->constants, row->line, "not a number: %s", row->cells[1]);
        array_push(&self->constant_rows, self->arena, constant);
    }
}

void gen_build_roles(Gen *self) {
    self->table = &self->callbacks;
    for (uint32_t i = 0; i < self->callbacks.rows.len; i++)
        add_role(self, &self->callbacks.rows.items[i]);
    self->table = &self->registrations;
    for (uint32_t i = 0; i < self->registrations.rows.len; i++)
        add_registration(self, &self->registrations.rows.items[i]);
    self->table = &self->fields;
    for (uint32_t i = 0; i < self->fields.rows.len; i++)
        add_field_fact(self, &self->fields.rows.items[i]);
    self->table = &self->objects;
    for (uint32_t i = 0; i < self->objects.rows.len; i++)
        add_creator(self, &self->objects.rows.items[i]);
    sort_role_names(self);
    if (self->by_ddi.len > 0)
        qsort(self->by_ddi.items, self->by_ddi.len, sizeof(RegistrationRow), compare_args);
    if (self->by_field.len > 0)
        qsort(self->by_field.items, self->by_field.len, sizeof(RegistrationRow), compare_fields);
}
