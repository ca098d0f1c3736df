/* emit_role: the C text of roles, their names, registrations and field facts.
 *
 * Invariant: arrays are written in the order they are searched in.
 */
#include "scripts/ddigen/ddigen.h"

static void emit_roles(Gen *self, Text *out) {
    text_append(out, self->arena, "static const Role roles[] = {\n");
    for (uint32_t i = 0; i < self->roles.len; i++) {
        const Role *role = &self->roles.items[i];
        text_append(out, self->arena, "    {");
        emit_string(self, out, role->name);
        text_append(out, self->arena, ", ");
        emit_string(self, out, role->page);
        text_printf(out, self->arena, ", %u, %u, %u, %u, ", role->context, role->certain,
                    role->possible, role->flags);
        emit_string(self, out, role->depends);
        text_printf(out, self->arena, ", %u},\n", role->user_args);
    }
    text_append(out, self->arena, "};\n\nstatic const RoleName role_names[] = {\n");
    for (uint32_t i = 0; i < self->role_names.len; i++) {
        text_append(out, self->arena, "    {");
        emit_string(self, out, self->role_names.items[i].name);
        text_printf(out, self->arena, ", %u},\n", self->role_names.items[i].role);
    }
    text_append(out, self->arena, "};\n\n");
}

static void emit_name(Gen *self, Text *out, const char *text) {
    if (text == NULL)
        text_append(out, self->arena, "NULL");
    else
        emit_string(self, out, text);
    text_append(out, self->arena, ", ");
}

static void emit_registrations(Gen *self, Text *out, const char *name, const RegistrationRow *rows,
                               uint32_t count) {
    text_printf(out, self->arena, "static const Registration %s[] = {\n", name);
    for (uint32_t i = 0; i < count; i++) {
        const Registration *reg = &rows[i].reg;
        text_append(out, self->arena, "    {");
        emit_name(self, out, reg->role);
        emit_name(self, out, reg->ddi);
        text_printf(out, self->arena, "%u, ", reg->arg);
        emit_name(self, out, reg->type);
        emit_name(self, out, reg->field);
        text_printf(out, self->arena, "%d, ", reg->index);
        emit_name(self, out, reg->sibling);
        text_printf(out, self->arena, "%lld},\n", (long long)reg->sibling_value);
    }
    text_append(out, self->arena, "};\n\n");
}

static void emit_fields(Gen *self, Text *out) {
    text_append(out, self->arena, "static const FieldFact fields[] = {\n");
    for (uint32_t i = 0; i < self->field_facts.len; i++) {
        const FieldFact *fact = &self->field_facts.items[i];
        text_append(out, self->arena, "    {");
        emit_name(self, out, fact->type);
        emit_name(self, out, fact->field);
        text_printf(out, self->arena, "%u, %lld},\n", fact->kind, (long long)fact->value);
    }
    text_append(out, self->arena, "};\n\n");
}

static void emit_creators(Gen *self, Text *out) {
    text_append(out, self->arena, "static const ObjectCreator creators[] = {\n");
    for (uint32_t i = 0; i < self->creators.len; i++) {
        const ObjectCreator *creator = &self->creators.items[i];
        text_append(out, self->arena, "    {");
        emit_name(self, out, creator->ddi);
        emit_name(self, out, creator->kind);
        emit_name(self, out, creator->parent);
        text_printf(out, self->arena, "%u, %u, %u, %d},\n", creator->config, creator->attributes,
                    creator->parent_arg, creator->passive_cleanup);
    }
    text_append(out, self->arena, "};\n\n");
}

static void emit_constants(Gen *self, Text *out) {
    text_append(out, self->arena, "static const Constant constants[] = {\n");
    for (uint32_t i = 0; i < self->constant_rows.len; i++) {
        text_append(out, self->arena, "    {");
        emit_name(self, out, self->constant_rows.items[i].name);
        text_printf(out, self->arena, "%lld},\n", (long long)self->constant_rows.items[i].value);
    }
    text_append(out, self->arena, "};\n\n");
}

void gen_emit_roles(Gen *self, Text *out) {
    emit_roles(self, out);
    emit_registrations(self, out, "by_ddi", self->by_ddi.items, self->by_ddi.len);
    emit_registrations(self, out, "by_field", self->by_field.items, self->by_field.len);
    emit_fields(self, out);
    emit_creators(self, out);
    emit_constants(self, out);
}
