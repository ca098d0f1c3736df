/* overlay: lays the rows of JSON files over the built-in tables.
 *
 * Invariant: the result depends on the files' contents and their order only, and so does its
 * version. A later file wins over an earlier one and over the built-in tables, part by part
 * (functions, callbacks), row by row (fields, constants), key by key (registrations). Errs: a
 * broken file yields no model at all, since half a user's knowledge would make findings that he has
 * ruled out.
 */
#include "analyzer/model/overlay.h"

#include <stdlib.h>

/* ---- messages ------------------------------------------------------------------------------ */

enum { MAX_MESSAGE_SIZE = 160 };

/* Control characters would act on the terminal; a long word would hide what is said of it. */
static const char *printable(Arena *arena, const char *message) {
    size_t len = strlen(message);
    bool cut = len > MAX_MESSAGE_SIZE;
    if (cut)
        for (len = MAX_MESSAGE_SIZE; ((unsigned char)message[len] & 0xc0) == 0x80;)
            len--;
    char *text = arena_strndup(arena, message, len);
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    return cut ? arena_printf(arena, "%s…", text) : text;
}

static void keep_message(Reader *reader, uint32_t line, const char *text) {
    Overlay *self = reader->source;
    if (self->error_count++ < MAX_MESSAGES)
        array_push(&self->messages, reader->arena,
                   (OverlayMessage){line, printable(reader->arena, text)});
}

static int compare_messages(const void *a, const void *b) {
    const OverlayMessage *x = a, *y = b;
    int order = (x->line > y->line) - (x->line < y->line);
    return order != 0 ? order : strcmp(x->text, y->text);
}

static void hand_over_messages(Overlay *self, CStrArray *out) {
    Arena *arena = self->reader.arena;
    if (self->messages.len > 0)
        qsort(self->messages.items, self->messages.len, sizeof(OverlayMessage), compare_messages);
    for (uint32_t i = 0; i < self->messages.len; i++) {
        const OverlayMessage *message = &self->messages.items[i];
        array_push(out, arena,
                   message->line == 0 ? arena_printf(arena, "%s: %s", self->path, message->text)
                                      : arena_printf(arena, "%s:%u: %s", self->path, message->line,
                                                     message->text));
    }
    if (self->error_count > self->messages.len)
        array_push(out, arena,
                   arena_printf(arena, "%s: %u more errors", self->path,
                                self->error_count - self->messages.len));
}

/* ---- the built-in rows --------------------------------------------------------------------- */

uint32_t merge_find(const StrTab *names, const char *name) {
    StrId id = strtab_find(names, name);
    return id == UINT32_MAX || id == 0 ? UINT32_MAX : id - 1;
}

static StrTab *names_new(Merge *self) {
    return strtab_new(self->arena);
}

static void take_over_rows(Merge *self, const Model *base) {
    for (uint32_t i = 0; i < base->ddi_count; i++) {
        strtab_add(self->ddi_names, base->ddis[i].name);
        array_push(&self->ddis, self->arena, base->ddis[i]);
    }
    for (uint32_t i = 0; i < base->role_count; i++)
        array_push(&self->roles, self->arena, base->roles[i]);
    for (uint32_t i = 0; i < base->role_name_count; i++) {
        strtab_add(self->role_names, base->role_names[i].name);
        array_push(&self->role_rows, self->arena, base->role_names[i]);
    }
    for (uint32_t i = 0; i < base->field_count; i++) {
        const FieldFact *fact = &base->fields[i];
        strtab_add(self->field_keys, field_key(self->arena, fact));
        array_push(&self->fields, self->arena, *fact);
    }
    for (uint32_t i = 0; i < base->constant_count; i++) {
        strtab_add(self->constant_names, base->constants[i].name);
        array_push(&self->constants, self->arena, base->constants[i]);
    }
    for (uint32_t i = 0; i < base->by_ddi_count; i++)
        array_push(&self->by_ddi, self->arena, (LayeredRegistration){base->by_ddi[i], 0});
    for (uint32_t i = 0; i < base->by_field_count; i++)
        array_push(&self->by_field, self->arena, (LayeredRegistration){base->by_field[i], 0});
}

static void merge_begin(Merge *self, Arena *arena, const Model *base) {
    *self = (Merge){.arena = arena, .base = base, .version = base->version};
    self->ddi_names = names_new(self);
    self->role_names = names_new(self);
    self->field_keys = names_new(self);
    self->constant_names = names_new(self);
    take_over_rows(self, base);
}

/* ---- a file -------------------------------------------------------------------------------- */

bool overlay_first(Overlay *self, const char *kind, Cell key) {
    Arena *arena = self->reader.arena;
    StrId id = strtab_add(self->seen, arena_printf(arena, "%s %s", kind, key.text));
    while (self->seen_lines.len <= id)
        array_push(&self->seen_lines, arena, 0);
    uint32_t *line = &self->seen_lines.items[id];
    if (*line != 0) {
        reader_error(&self->reader, key.line, "%s %s has a row on line %u too", kind, key.text,
                     *line);
        return false;
    }
    *line = key.line;
    return true;
}

static bool constant(Reader *reader, const char *name, int64_t *value) {
    const Merge *merge = ((const Overlay *)reader->source)->merge;
    uint32_t index = merge_find(merge->constant_names, name);
    if (index == UINT32_MAX)
        return false;
    *value = merge->constants.items[index].value;
    return true;
}

static const char *const *names_of_constants(const Merge *merge) {
    CStrArray names = {0};
    for (uint32_t i = 0; i < merge->constants.len; i++)
        array_push(&names, merge->arena, merge->constants.items[i].name);
    array_push(&names, merge->arena, NULL);
    return names.items;
}

static void read_list(Overlay *self, const cJSON *root, const char *key,
                      void (*read)(Overlay *self, const cJSON *node)) {
    for (const cJSON *at = json_list(self, root, key); at != NULL; at = at->next)
        read(self, at);
}

/* In the order in which the parts speak of each other. */
static void read_sections(Overlay *self, const cJSON *root) {
    static const char *const keys[] = {"constants",     "functions", "callbacks",
                                       "registrations", "fields",    NULL};
    json_check_object(self, root, "an overlay", keys);
    if (!cJSON_IsObject(root))
        return;
    overlay_read_constants(self, cJSON_GetObjectItemCaseSensitive(root, "constants"));
    self->reader.constant_names = names_of_constants(self->merge);
    read_list(self, root, "functions", overlay_read_function);
    read_list(self, root, "callbacks", overlay_read_callback);
    read_list(self, root, "registrations", overlay_read_registration);
    read_list(self, root, "fields", overlay_read_field);
}

static void read_file(Merge *merge, const char *path, uint32_t layer, CStrArray *errors) {
    Overlay self = {.merge = merge, .path = path, .layer = layer};
    self.reader = (Reader){
        .arena = merge->arena, .source = &self, .complain = keep_message, .constant = constant};
    self.seen = strtab_new(merge->arena);
    cJSON *root = json_load(&self);
    if (root != NULL)
        read_sections(&self, root);
    cJSON_Delete(root);
    hand_over_messages(&self, errors);
}

/* ---- the result ---------------------------------------------------------------------------- */

static int compare_ddis(const void *a, const void *b) {
    return strcmp(((const Ddi *)a)->name, ((const Ddi *)b)->name);
}

static int compare_role_names(const void *a, const void *b) {
    return strcmp(((const RoleName *)a)->name, ((const RoleName *)b)->name);
}

static int compare_facts(const void *a, const void *b) {
    const FieldFact *x = a, *y = b;
    int order = strcmp(x->type, y->type);
    if (order == 0)
        order = strcmp(x->field, y->field);
    if (order == 0)
        order = (int)x->kind - (int)y->kind;
    return order != 0 ? order : (x->value > y->value) - (x->value < y->value);
}

static int compare_constants(const void *a, const void *b) {
    return strcmp(((const Constant *)a)->name, ((const Constant *)b)->name);
}

static int compare_args(const void *a, const void *b) {
    return compare_by_ddi(&((const LayeredRegistration *)a)->reg,
                          &((const LayeredRegistration *)b)->reg);
}

static int compare_fields(const void *a, const void *b) {
    return compare_by_field(&((const LayeredRegistration *)a)->reg,
                            &((const LayeredRegistration *)b)->reg);
}

/* They fill the same place, with whichever role. */
static bool same_place(const Registration *a, const Registration *b) {
    if (a->ddi != NULL)
        return a->arg == b->arg && str_eq(a->ddi, b->ddi);
    return a->index == b->index && compare_siblings(a, b) == 0 && str_eq(a->type, b->type) &&
           str_eq(a->field, b->field);
}

/* Of the rows of one place, those of the last file. The rows are sorted by place. */
static const Registration *last_layer(Merge *self, const LayeredRegistration *rows, uint32_t len,
                                      uint32_t *count) {
    Array(Registration) kept = {0};
    for (uint32_t i = 0, end; i < len; i = end) {
        uint32_t layer = 0;
        for (end = i; end < len && same_place(&rows[i].reg, &rows[end].reg); end++)
            layer = rows[end].layer > layer ? rows[end].layer : layer;
        for (uint32_t j = i; j < end; j++)
            if (rows[j].layer == layer)
                array_push(&kept, self->arena, rows[j].reg);
    }
    *count = kept.len;
    return kept.items;
}

static void sort(void *items, uint32_t len, size_t size,
                 int (*compare)(const void *, const void *)) {
    if (len > 1)
        qsort(items, len, size, compare);
}

static const Model *merge_finish(Merge *self) {
    Model *model = arena_new_of(self->arena, Model);
    sort(self->ddis.items, self->ddis.len, sizeof(Ddi), compare_ddis);
    sort(self->role_rows.items, self->role_rows.len, sizeof(RoleName), compare_role_names);
    sort(self->fields.items, self->fields.len, sizeof(FieldFact), compare_facts);
    sort(self->constants.items, self->constants.len, sizeof(Constant), compare_constants);
    sort(self->by_ddi.items, self->by_ddi.len, sizeof(LayeredRegistration), compare_args);
    sort(self->by_field.items, self->by_field.len, sizeof(LayeredRegistration), compare_fields);
    *model = (Model){.version = self->version,
                     .ddis = self->ddis.items,
                     .roles = self->roles.items,
                     .role_names = self->role_rows.items,
                     .fields = self->fields.items,
                     .constants = self->constants.items,
                     .creators = self->base->creators,
                     .creator_count = self->base->creator_count,
                     .ddi_count = self->ddis.len,
                     .role_count = self->roles.len,
                     .role_name_count = self->role_rows.len,
                     .field_count = self->fields.len,
                     .constant_count = self->constants.len};
    model->by_ddi = last_layer(self, self->by_ddi.items, self->by_ddi.len, &model->by_ddi_count);
    model->by_field =
        last_layer(self, self->by_field.items, self->by_field.len, &model->by_field_count);
    return model;
}

const Model *model_overlay(struct Arena *arena, const char *const *paths, uint32_t path_count,
                           ModelErrors *errors) {
    CStrArray messages = {0};
    Merge merge;
    *errors = (ModelErrors){NULL, 0};
    if (path_count == 0)
        return model_builtin();
    merge_begin(&merge, arena, model_builtin());
    for (uint32_t i = 0; i < path_count; i++)
        read_file(&merge, paths[i], i + 1, &messages);
    *errors = (ModelErrors){messages.items, messages.len};
    return messages.len > 0 ? NULL : merge_finish(&merge);
}
