/* build: the tables of a unit while it is being made.
 *
 * Invariant: record 0 of every table is the reserved zero record; a string has one offset; within
 * one function equal paths and equal values have one id, and a record refers only to records made
 * before it, so nothing is cyclic. Chains longer than IR_MAX_DEPTH become UNKNOWN: whoever walks
 * an expression may recurse. Errs towards UNKNOWN.
 */
#include "analyzer/ir/ir.h"

enum { TABLE_PATHS, TABLE_VALUES };

struct IrBuilder {
    Arena *arena;       /* owns the tables */
    IrTables tables;    /* the unit so far */
    Map64 *strings;     /* hash of text -> IrStr */
    Map64 *files;       /* IrStr of the path -> IrFile */
    Map64 *records[2];  /* paths, values: hash of (function, record) -> id */
    uint32_t function;  /* bodies begun so far: keeps their records apart */
    uint32_t unknowns;  /* unknown places so far: each is of its own */
    U32Array depths[2]; /* per path and per value: longest chain below it, itself included */
};

IrBuilder *irb_new(Arena *arena) {
    IrBuilder *self = arena_new_of(arena, IrBuilder);
    self->arena = arena;
    self->strings = map64_new(arena);
    self->files = map64_new(arena);
    self->records[TABLE_PATHS] = map64_new(arena);
    self->records[TABLE_VALUES] = map64_new(arena);
#define IR_RESERVE(type, name)                                                                     \
    array_reserve(&self->tables.name, arena, 1);                                                   \
    self->tables.name.len = 1;
    IR_TABLES(IR_RESERVE)
#undef IR_RESERVE
    array_push(&self->depths[TABLE_PATHS], arena, 0);
    array_push(&self->depths[TABLE_VALUES], arena, 0);
    return self;
}

IrTables *irb_tables(IrBuilder *self) {
    return &self->tables;
}

static IrStr append_string(IrBuilder *self, const char *text, uint32_t len) {
    uint32_t at = self->tables.strings.len;
    array_reserve(&self->tables.strings, self->arena, at + len + 1);
    memcpy(self->tables.strings.items + at, text, len + 1);
    self->tables.strings.len += len + 1;
    return at;
}

IrStr irb_str(IrBuilder *self, const char *text) {
    if (text == NULL || text[0] == '\0')
        return 0;
    size_t len = strlen(text);
    for (uint64_t seed = 0;; seed++) {
        bool created;
        uint32_t *slot = map64_put(self->strings, hash_bytes(text, len, seed), &created);
        if (created)
            *slot = append_string(self, text, (uint32_t)len);
        if (strcmp(self->tables.strings.items + *slot, text) == 0)
            return *slot;
    }
}

IrFile irb_file(IrBuilder *self, const char *path) {
    IrStr text = irb_str(self, path);
    bool created;
    uint32_t *slot = map64_put(self->files, text, &created);
    if (created) {
        *slot = self->tables.files.len;
        array_push(&self->tables.files, self->arena, text);
    }
    return *slot;
}

void irb_begin_function(IrBuilder *self) {
    self->function++;
}

static uint32_t depth_of(const IrBuilder *self, int table, uint32_t id) {
    return self->depths[table].items[id];
}

static uint32_t path_depth(const IrBuilder *self, const IrPathRec *path) {
    switch (path->kind) {
    case IR_PATH_DEREF:
        return 1 + depth_of(self, TABLE_VALUES, path->a);
    case IR_PATH_FIELD:
        return 1 + depth_of(self, TABLE_PATHS, path->a);
    case IR_PATH_INDEX: {
        uint32_t base = depth_of(self, TABLE_PATHS, path->a);
        uint32_t index = depth_of(self, TABLE_VALUES, path->b);
        return 1 + (base > index ? base : index);
    }
    default:
        return 1;
    }
}

static uint32_t value_depth(const IrBuilder *self, const IrValueRec *value) {
    switch (value->kind) {
    case IR_VALUE_PATH:
    case IR_VALUE_ADDR:
        return 1 + depth_of(self, TABLE_PATHS, value->a);
    case IR_VALUE_UNARY:
        return 1 + depth_of(self, TABLE_VALUES, value->b);
    case IR_VALUE_BINARY: {
        uint32_t left = depth_of(self, TABLE_VALUES, value->b);
        uint32_t right = depth_of(self, TABLE_VALUES, value->c);
        return 1 + (left > right ? left : right);
    }
    default:
        return 1;
    }
}

/* Finds the slot of a record: *found when an equal one of this function is in it. `records` are
 * four u32 each, as IrPathRec and IrValueRec are. */
static uint32_t *record_slot(IrBuilder *self, int table, const uint32_t record[4],
                             const void *records, bool *found) {
    uint32_t key[5] = {self->function, record[0], record[1], record[2], record[3]};
    for (uint64_t seed = 0;; seed++) {
        bool created;
        uint64_t hash = hash_bytes(key, sizeof key, seed);
        uint32_t *slot = map64_put(self->records[table], hash, &created);
        *found = !created && memcmp((const uint32_t *)records + 4 * (size_t)*slot, record, 16) == 0;
        if (created || *found)
            return slot;
    }
}

static IrPath add_path(IrBuilder *self, IrPathRec record, uint32_t depth) {
    array_push(&self->tables.paths, self->arena, record);
    array_push(&self->depths[TABLE_PATHS], self->arena, depth);
    return self->tables.paths.len - 1;
}

IrPath irb_path(IrBuilder *self, IrPathKind kind, uint32_t a, uint32_t b, uint32_t c) {
    IrPathRec record = {(uint32_t)kind, a, b, c};
    uint32_t depth = path_depth(self, &record);
    if (kind == IR_PATH_UNKNOWN || depth > IR_MAX_DEPTH) {
        IrPathRec unknown = {IR_PATH_UNKNOWN, ++self->unknowns, 0, 0};
        return add_path(self, unknown, 1);
    }
    uint32_t words[4] = {record.kind, a, b, c};
    bool found;
    uint32_t *slot = record_slot(self, TABLE_PATHS, words, self->tables.paths.items, &found);
    if (!found)
        *slot = add_path(self, record, depth);
    return *slot;
}

IrValue irb_value(IrBuilder *self, IrValueKind kind, uint32_t a, uint32_t b, uint32_t c) {
    IrValueRec record = {(uint32_t)kind, a, b, c};
    uint32_t depth = value_depth(self, &record);
    if (depth > IR_MAX_DEPTH)
        return irb_value(self, IR_VALUE_UNKNOWN, 0, 0, 0);
    uint32_t words[4] = {record.kind, a, b, c};
    bool found;
    uint32_t *slot = record_slot(self, TABLE_VALUES, words, self->tables.values.items, &found);
    if (!found) {
        *slot = self->tables.values.len;
        array_push(&self->tables.values, self->arena, record);
        array_push(&self->depths[TABLE_VALUES], self->arena, depth);
    }
    return *slot;
}

IrValue irb_const(IrBuilder *self, int64_t value) {
    uint64_t bits = (uint64_t)value;
    return irb_value(self, IR_VALUE_CONST, (uint32_t)bits, (uint32_t)(bits >> 32), 0);
}

IrUnit *irb_finish(IrBuilder *self, const char *path) {
    IrUnit *unit = arena_new_of(self->arena, IrUnit);
    unit->path = irb_str(self, path);
#define IR_HAND_OVER(type, name)                                                                   \
    unit->name = self->tables.name.items;                                                          \
    unit->name##_len = self->tables.name.len;
    IR_TABLES(IR_HAND_OVER)
#undef IR_HAND_OVER
    return unit;
}

IrUnit *ir_failed(Arena *arena, const char *path, const char *message) {
    IrBuilder *builder = irb_new(arena);
    IrNoteRec note = {IR_NOTE_ERROR, irb_str(builder, message), {0, 0, 0}};
    note.loc.file = irb_file(builder, path);
    array_push(&builder->tables.notes, arena, note);
    IrUnit *unit = irb_finish(builder, path);
    unit->status = IR_FAILED;
    unit->error_count = 1;
    return unit;
}

const char *ir_status_name(IrStatus status) {
    static const char *const names[] = {
        [IR_OK] = "ok", [IR_PARTIAL] = "partial", [IR_FAILED] = "failed"};
    return names[status];
}
