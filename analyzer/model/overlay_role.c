/* overlay_role: roles of callbacks, registrations, fields and constants in an overlay.
 *
 * Invariant: a registration names a role that exists when its file has been read; a name leads to
 * one role, and a role's own name is never taken from it.
 */
#include "analyzer/model/overlay.h"

static const char *const callback_keys[] = {"role",     "header", "context",   "certain",
                                            "possible", "flags",  "user_args", "pointers",
                                            "depends",  "page",   NULL};
static const char *const registration_keys[] = {"via", "target", "member", "role", "page", NULL};
static const char *const field_keys[] = {"type", "field", "kind", "page", NULL};

/* ---- callbacks ----------------------------------------------------------------------------- */

static IrqlSet read_levels(Overlay *self, const cJSON *node, const char *key) {
    IrqlSet set = IRQL_SET_NONE;
    for (const cJSON *item = json_list(self, node, key); item != NULL; item = item->next) {
        Cell word = json_item_text(self, item, key);
        int level = cJSON_IsString(item) ? word_level(&self->reader, word) : -1;
        set |= level < 0 ? IRQL_SET_NONE : irql_bit(level);
    }
    return set;
}

static uint32_t read_user_args(Overlay *self, const cJSON *node) {
    uint32_t set = 0;
    for (const cJSON *item = json_list(self, node, "user_args"); item != NULL; item = item->next) {
        int arg = json_arg_number(self, item, "user_args");
        set |= arg < 0 ? 0 : 1u << arg;
    }
    return set;
}

/* The levels are one part: giving either list replaces both. */
static void read_role_levels(Overlay *self, const cJSON *node, Role *role) {
    bool levels = json_has(node, "certain") || json_has(node, "possible");
    if (levels) {
        role->certain = read_levels(self, node, "certain");
        role->possible = read_levels(self, node, "possible");
        role_check(&self->reader, json_line(node), role);
    }
    if (json_has(node, "flags"))
        role->flags = json_flags(self, node, "flags", &role_flag_words);
    else if (levels)
        role->flags &= (uint16_t)~ROLE_WEAK;
}

/* Makes the name lead to the role. */
static void set_role_name(Overlay *self, Cell name, uint32_t role) {
    Merge *merge = self->merge;
    uint32_t index = merge_find(merge->role_names, name.text);
    if (index == UINT32_MAX) {
        strtab_add(merge->role_names, name.text);
        array_push(&merge->role_rows, merge->arena, (RoleName){name.text, role});
        return;
    }
    uint32_t other = merge->role_rows.items[index].role;
    if (other != role && str_eq(merge->roles.items[other].name, name.text))
        reader_error(&self->reader, name.line, "%s is a role of its own", name.text);
    else
        merge->role_rows.items[index].role = role;
}

/* The index of the role of exactly that name, or UINT32_MAX. */
static uint32_t find_role(const Merge *merge, const char *name) {
    uint32_t index = merge_find(merge->role_names, name);
    uint32_t role = index == UINT32_MAX ? UINT32_MAX : merge->role_rows.items[index].role;
    bool own = role != UINT32_MAX && str_eq(merge->roles.items[role].name, name);
    return own ? role : UINT32_MAX;
}

static void read_pointers(Overlay *self, const cJSON *node, uint32_t role) {
    for (const cJSON *item = json_list(self, node, "pointers"); item != NULL; item = item->next) {
        Cell name = json_item_text(self, item, "pointers");
        if (cJSON_IsString(item) && json_check_name(self, name))
            set_role_name(self, name, role);
    }
}

void overlay_read_callback(Overlay *self, const cJSON *node) {
    Merge *merge = self->merge;
    if (!json_check_object(self, node, "a callback", callback_keys))
        return;
    Cell name = json_need_name(self, node, "role");
    if (name.text[0] == '\0' || !overlay_first(self, "role", name))
        return;
    Role role = {.name = name.text, .page = "", .context = CONTEXT_COUNT, .depends = ""};
    uint32_t index = find_role(merge, name.text);
    if (index != UINT32_MAX)
        role = merge->roles.items[index];
    json_text(self, node, "header", "");
    role.page = json_text(self, node, "page", role.page).text;
    role.depends = json_text(self, node, "depends", role.depends).text;
    if (json_has(node, "context"))
        role.context = word_context(&self->reader, json_text(self, node, "context", "unknown"));
    if (json_has(node, "user_args"))
        role.user_args = read_user_args(self, node);
    read_role_levels(self, node, &role);
    if (index == UINT32_MAX) {
        index = merge->roles.len;
        array_push(&merge->roles, merge->arena, role);
        set_role_name(self, name, index);
    }
    merge->roles.items[index] = role;
    read_pointers(self, node, index);
}

/* ---- registrations ------------------------------------------------------------------------- */

static void check_role_exists(Overlay *self, Cell name) {
    const Merge *merge = self->merge;
    CStrArray names = {0};
    if (name.text[0] == '\0' || find_role(merge, name.text) != UINT32_MAX)
        return;
    for (uint32_t i = 0; i < merge->roles.len; i++)
        array_push(&names, merge->arena, merge->roles.items[i].name);
    array_push(&names, merge->arena, NULL);
    complain_of_word(&self->reader, "role", name, names.items);
}

static bool first_registration(Overlay *self, const Registration *reg, uint32_t line) {
    Arena *arena = self->reader.arena;
    const char *key =
        reg->ddi != NULL
            ? arena_printf(arena, "arg %u of %s as %s", reg->arg, reg->ddi, reg->role)
            : arena_printf(arena, "%s.%s[%d] as %s", reg->type, reg->field, reg->index, reg->role);
    return overlay_first(self, "registration", (Cell){key, line});
}

/* Fills the place of the registration; false with an error. */
static bool read_place(Overlay *self, const cJSON *node, Cell via, Registration *reg) {
    uint32_t errors = self->error_count;
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(node, "member");
    Cell target = json_need_name(self, node, "target");
    if (str_eq(via.text, "arg")) {
        reg->ddi = target.text;
        if (member == NULL)
            reader_error(&self->reader, json_line(node), "member is missing: the argument");
        else
            reg->arg = (uint8_t)json_arg_number(self, member, "member");
    } else if (str_eq(via.text, "field")) {
        reg->type = target.text + strspn(target.text, "_");
        Cell field = json_need_text(self, node, "member");
        if (field.text[0] != '\0')
            registration_set_field(&self->reader, reg, field);
    } else if (str_eq(via.text, "name")) {
        reg->type = "";
        reg->field = target.text;
        if (member != NULL)
            reader_error(&self->reader, json_line(member), "a registration by name has no member");
    } else {
        reader_error(&self->reader, via.line, "via is arg, field or name, not %s", via.text);
    }
    return self->error_count == errors;
}

void overlay_read_registration(Overlay *self, const cJSON *node) {
    Merge *merge = self->merge;
    if (!json_check_object(self, node, "a registration", registration_keys))
        return;
    uint32_t errors = self->error_count;
    Cell via = json_need_text(self, node, "via"), role = json_need_name(self, node, "role");
    LayeredRegistration row = {.reg = {.role = role.text, .index = -1}, .layer = self->layer};
    json_text(self, node, "page", "");
    check_role_exists(self, role);
    if (via.text[0] == '\0' || !read_place(self, node, via, &row.reg) ||
        self->error_count != errors || !first_registration(self, &row.reg, json_line(node)))
        return;
    if (row.reg.ddi != NULL)
        array_push(&merge->by_ddi, merge->arena, row);
    else
        array_push(&merge->by_field, merge->arena, row);
}

/* ---- fields -------------------------------------------------------------------------------- */

void overlay_read_field(Overlay *self, const cJSON *node) {
    Merge *merge = self->merge;
    if (!json_check_object(self, node, "a field", field_keys))
        return;
    Cell type = json_need_name(self, node, "type"), field = json_need_name(self, node, "field");
    Cell kind = json_need_text(self, node, "kind");
    if (type.text[0] == '\0' || field.text[0] == '\0' || kind.text[0] == '\0')
        return;
    FieldFact fact = {.type = type.text + strspn(type.text, "_"), .field = field.text};
    json_text(self, node, "page", "");
    field_set_kind(&self->reader, &fact, kind);
    const char *key = field_key(merge->arena, &fact);
    if (!overlay_first(self, "field", (Cell){key, json_line(node)}))
        return;
    uint32_t index = merge_find(merge->field_keys, key);
    if (index == UINT32_MAX) {
        strtab_add(merge->field_keys, key);
        array_push(&merge->fields, merge->arena, fact);
    } else {
        merge->fields.items[index] = fact;
    }
}

/* ---- constants ----------------------------------------------------------------------------- */

/* A number that a double holds exactly, or a string that spells one. */
static bool read_constant(const cJSON *node, int64_t *value) {
    const double exact = 9007199254740992.0; /* 2^53 */
    if (cJSON_IsString(node))
        return number_value(node->valuestring, value);
    if (!cJSON_IsNumber(node) || !(node->valuedouble >= -exact && node->valuedouble <= exact))
        return false;
    *value = (int64_t)node->valuedouble;
    return (double)*value == node->valuedouble;
}

void overlay_read_constants(Overlay *self, const cJSON *node) {
    Merge *merge = self->merge;
    if (node != NULL && !cJSON_IsObject(node)) {
        reader_error(&self->reader, json_line(node), "constants must be an object: {…}");
        return;
    }
    const cJSON *child;
    cJSON_ArrayForEach(child, node) {
        Cell name = {arena_strdup(merge->arena, child->string), json_line(child)};
        Constant constant = {.name = name.text};
        if (!json_check_name(self, name) || !overlay_first(self, "constant", name))
            continue;
        if (!read_constant(child, &constant.value)) {
            reader_error(&self->reader, name.line, "%s is no whole number, or too large",
                         name.text);
            continue;
        }
        uint32_t index = merge_find(merge->constant_names, name.text);
        if (index == UINT32_MAX) {
            strtab_add(merge->constant_names, name.text);
            array_push(&merge->constants, merge->arena, constant);
        } else {
            merge->constants.items[index] = constant;
        }
    }
}
