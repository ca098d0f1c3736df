/* model: look-ups in the knowledge of the kernel API.
 *
 * Computes: the row of a name by binary search in tables that scripts/ddigen sorted. Invariant: the
 * tables are constant; nothing is kept between calls. Errs: a name that is not in the tables has no
 * row; a type name is tried under the kernel's naming rules for pointers to function types, never
 * under a similar name.
 */
#include "irqlint/model.h"

#include "analyzer/base/base.h"
#include "analyzer/model/tables.h"

enum { MAX_TYPE_NAME = 128 };

const Model *model_builtin(void) {
    return &model_tables;
}

const Ddi *model_ddi(const Model *self, const char *name) {
    uint32_t low = 0, high = self->ddi_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(self->ddis[middle].name, name);
        if (order == 0)
            return &self->ddis[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- roles -------------------------------------------------------------------------------- */

static const Role *exact_role(const Model *self, const char *name) {
    uint32_t low = 0, high = self->role_name_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(self->role_names[middle].name, name);
        if (order == 0)
            return &self->roles[self->role_names[middle].role];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const Role *prefixed_role(const Model *self, const char *prefix, const char *name) {
    char text[MAX_TYPE_NAME];
    int len = snprintf(text, sizeof(text), "%s%s", prefix, name);
    return len > 0 && (size_t)len < sizeof(text) ? exact_role(self, text) : NULL;
}

/* PFN_X points at X or at EVT_X; PX points at X; and a page may be named after the pointer. */
const Role *model_role(const Model *self, const char *type_name) {
    while (*type_name == '_')
        type_name++;
    const Role *role = exact_role(self, type_name);
    if (role == NULL && str_starts_with(type_name, "PFN_")) {
        role = exact_role(self, type_name + 4);
        if (role == NULL)
            role = prefixed_role(self, "EVT_", type_name + 4);
    }
    if (role == NULL && str_starts_with(type_name, "PFN"))
        role = exact_role(self, type_name + 3);
    if (role == NULL && *type_name == 'P')
        role = exact_role(self, type_name + 1);
    if (role == NULL)
        role = prefixed_role(self, "P", type_name);
    return role;
}

/* ---- registrations and fields ------------------------------------------------------------- */

static int compare_field(const Registration *row, const char *type, const char *field) {
    int order = strcmp(row->type, type);
    return order != 0 ? order : strcmp(row->field, field);
}

static int compare_key(const Registration *row, const char *first, const char *second) {
    return second == NULL ? strcmp(row->ddi, first) : compare_field(row, first, second);
}

/* The adjacent rows of one key: (ddi, NULL) or (type, field). */
static const Registration *find_rows(const Registration *rows, uint32_t row_count,
                                     const char *first, const char *second, uint32_t *count) {
    uint32_t low = 0, high = row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_key(&rows[middle], first, second) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < row_count && compare_key(&rows[low + *count], first, second) == 0)
        ++*count;
    return *count == 0 ? NULL : &rows[low];
}

const Registration *model_registrations_of_ddi(const Model *self, const char *ddi,
                                               uint32_t *count) {
    return find_rows(self->by_ddi, self->by_ddi_count, ddi, NULL, count);
}

/* Struct tags are compared without their leading underscores. */
static const char *plain_tag(const char *type) {
    return type + strspn(type, "_");
}

const Registration *model_registrations_of_field(const Model *self, const char *type,
                                                 const char *field, uint32_t *count) {
    return find_rows(self->by_field, self->by_field_count, plain_tag(type), field, count);
}

static int compare_fact(const FieldFact *fact, const char *type, const char *field) {
    int order = strcmp(fact->type, type);
    return order != 0 ? order : strcmp(fact->field, field);
}

const FieldFact *model_field(const Model *self, const char *type, const char *field,
                             uint32_t *count) {
    type = plain_tag(type);
    uint32_t low = 0, high = self->field_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_fact(&self->fields[middle], type, field) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < self->field_count &&
           compare_fact(&self->fields[low + *count], type, field) == 0)
        ++*count;
    return *count == 0 ? NULL : &self->fields[low];
}

const ObjectCreator *model_creator(const Model *self, const char *ddi) {
    uint32_t low = 0, high = self->creator_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(self->creators[middle].ddi, ddi);
        if (order == 0)
            return &self->creators[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool model_constant(const Model *self, const char *name, int64_t *value) {
    uint32_t low = 0, high = self->constant_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(self->constants[middle].name, name);
        if (order == 0) {
            *value = self->constants[middle].value;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

uint32_t model_ddi_count(const Model *self) {
    return self->ddi_count;
}

uint32_t model_role_count(const Model *self) {
    return self->role_count;
}

uint64_t model_version(const Model *self) {
    return self->version;
}

/* ---- words for reports -------------------------------------------------------------------- */

static const char *const lock_class_names[LOCK_CLASS_COUNT] = {
    [LOCK_NONE] = "lock",
    [LOCK_SPIN] = "spin lock",
    [LOCK_QUEUED] = "queued spin lock",
    [LOCK_RW_SPIN] = "reader/writer spin lock",
    [LOCK_CANCEL] = "cancel spin lock",
    [LOCK_INTERRUPT] = "interrupt lock",
    [LOCK_FAST_MUTEX] = "fast mutex",
    [LOCK_MUTEX] = "mutex",
    [LOCK_RESOURCE] = "resource",
    [LOCK_PUSH] = "push lock",
    [LOCK_RUNDOWN] = "rundown protection",
    [LOCK_FRAMEWORK] = "framework object lock",
};

const char *lock_class_name(LockClass lock_class) {
    return (unsigned)lock_class < LOCK_CLASS_COUNT ? lock_class_names[lock_class] : "lock";
}

static const char *const blocking_kind_names[] = {
    [BLOCK_NONE] = "does not block",
    [BLOCK_WAIT] = "waits",
    [BLOCK_SLEEP] = "sleeps",
    [BLOCK_LOCK] = "waits for a lock",
    [BLOCK_SYNC_IO] = "does synchronous I/O",
    [BLOCK_DRAIN] = "waits for outstanding work to end",
    [BLOCK_PAGING] = "pages memory in",
    [BLOCK_BUSY] = "spins the processor",
};

const char *blocking_kind_name(BlockingKind kind) {
    return (unsigned)kind <= BLOCK_BUSY ? blocking_kind_names[kind] : "blocks";
}
