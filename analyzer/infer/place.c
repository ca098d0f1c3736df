/* place: access paths of the whole driver, interned, and their translation across calls.
 *
 * Invariant: equal paths have equal ids. A pointer dereferenced and taken the address of again is
 * the same place; elements of an array are one place. Errs towards "unknown" (id 0), which never
 * equals anything that matters.
 */
#include "analyzer/infer/internal.h"

PlaceId place_make(Inferred *self, AccessKind kind, uint32_t a, uint32_t b) {
    uint64_t key = ((uint64_t)kind << 60) | ((uint64_t)(a & 0x3fffffff) << 30) | (b & 0x3fffffff);
    bool created;
    uint32_t *id = map64_put(self->place_ids, key, &created);
    if (!created)
        return *id;
    *id = self->places.len;
    PlaceRec record = {kind, a, b};
    array_push(&self->places, self->arena, record);
    return self->places.len - 1;
}

static PlaceId make_path(Inferred *self, FuncId func, IrPath path) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrPathRec *record = &unit->ir->paths[path];
    PlaceId parent;
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return place_make(self, PLACE_LOCAL, func, record->a);
    case IR_PATH_GLOBAL:
        return place_make(self, PLACE_OF_GLOBAL, unit->globals[record->a], 0);
    case IR_PATH_DEREF:
        return place_pointed(self, func, record->a);
    case IR_PATH_FIELD:
        parent = place_of_path(self, func, record->a);
        return place_make(self, PLACE_FIELD, parent, unit->fields[path]);
    case IR_PATH_INDEX:
        parent = place_of_path(self, func, record->a);
        return parent == 0 ? 0 : place_make(self, PLACE_ELEMENT, parent, 0);
    default:
        return 0;
    }
}

PlaceId place_of_path(Inferred *self, FuncId func, IrPath path) {
    PlaceId **cache = &self->path_places[self->program->funcs[func].unit];
    if (*cache == NULL)
        *cache =
            arena_array_of(self->arena, PlaceId,
                           self->program->units[self->program->funcs[func].unit].ir->paths_len + 1);
    if ((*cache)[path] == 0)
        (*cache)[path] = make_path(self, func, path) + 1;
    return (*cache)[path] - 1;
}

PlaceId place_pointed(Inferred *self, FuncId func, IrValue value) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrValueRec *record = &unit->ir->values[value];
    PlaceId base;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_ADDR:
        return place_of_path(self, func, record->a);
    case IR_VALUE_PATH:
        base = place_of_path(self, func, record->a);
        return base == 0 ? 0 : place_make(self, PLACE_DEREF, base, 0);
    case IR_VALUE_CALL:
        return place_make(self, PLACE_DEREF,
                          place_make(self, PLACE_RESULT, unit->op_base + record->a, 0), 0);
    default:
        return 0;
    }
}

bool place_depends_on(const Inferred *self, PlaceId place, PlaceId base) {
    while (place != 0) {
        if (place == base)
            return true;
        const PlaceRec *record = &self->places.items[place];
        if (record->kind < PLACE_DEREF)
            return false;
        place = record->a;
    }
    return false;
}

bool place_is_local(const Inferred *self, PlaceId place) {
    while (self->places.items[place].kind == PLACE_FIELD ||
           self->places.items[place].kind == PLACE_ELEMENT)
        place = self->places.items[place].a;
    return self->places.items[place].kind == PLACE_LOCAL ||
           self->places.items[place].kind == PLACE_RESULT;
}

bool place_is_private(const Inferred *self, PlaceId place) {
    while (self->places.items[place].kind == PLACE_FIELD ||
           self->places.items[place].kind == PLACE_ELEMENT)
        place = self->places.items[place].a;
    const PlaceRec *record = &self->places.items[place];
    return record->kind == PLACE_LOCAL &&
           (self->facts[record->a].escaped & param_bit(record->b)) == 0;
}

bool place_has_element(const Inferred *self, PlaceId place) {
    while (self->places.items[place].kind >= PLACE_DEREF) {
        if (self->places.items[place].kind == PLACE_ELEMENT)
            return true;
        place = self->places.items[place].a;
    }
    return false;
}

FieldId place_field(const Inferred *self, PlaceId place) {
    const PlaceRec *record = &self->places.items[place];
    while (record->kind == PLACE_ELEMENT)
        record = &self->places.items[record->a];
    return record->kind == PLACE_FIELD ? record->b : 0;
}

/* DEREF(parameter i) of the callee is what argument i points at. */
static PlaceId translate_deref(Inferred *self, FuncId caller, const IrOpRec *call, FuncId callee,
                               const PlaceRec *pointer) {
    if (pointer->kind != PLACE_LOCAL || pointer->a != callee)
        return 0;
    const IrUnit *unit = program_unit(self->program, caller);
    if (pointer->b >= program_ir(self->program, callee)->param_count || pointer->b >= call->c)
        return 0;
    return place_pointed(self, caller, unit->args[call->b + pointer->b]);
}

PlaceId place_to_caller(Inferred *self, FuncId caller, const IrOpRec *call, FuncId callee,
                        PlaceId place) {
    PlaceRec record = self->places.items[place];
    PlaceId parent;
    switch ((AccessKind)record.kind) {
    case PLACE_OF_GLOBAL:
        return place;
    case PLACE_DEREF: {
        PlaceRec pointer = self->places.items[record.a];
        parent = translate_deref(self, caller, call, callee, &pointer);
        if (parent != 0)
            return parent;
        parent = place_to_caller(self, caller, call, callee, record.a);
        return parent == 0 ? 0 : place_make(self, PLACE_DEREF, parent, 0);
    }
    case PLACE_FIELD:
    case PLACE_ELEMENT:
        parent = place_to_caller(self, caller, call, callee, record.a);
        return parent == 0 ? 0 : place_make(self, record.kind, parent, record.b);
    default:
        return 0;
    }
}

PlaceId place_to_callee(Inferred *self, FuncId callee, uint32_t param, PlaceId prefix,
                        PlaceId place) {
    if (place == prefix)
        return place_make(self, PLACE_DEREF, place_make(self, PLACE_LOCAL, callee, param), 0);
    PlaceRec record = self->places.items[place];
    if (place == 0 || record.kind < PLACE_DEREF)
        return 0;
    PlaceId parent = place_to_callee(self, callee, param, prefix, record.a);
    return parent == 0 ? 0 : place_make(self, (AccessKind)record.kind, parent, record.b);
}

uint64_t place_bloom_bit(const Inferred *self, PlaceId place, unsigned *word) {
    const PlaceRec *record = &self->places.items[place];
    uint64_t key = 0;
    if (place_field(self, place) != 0)
        key = (uint64_t)place_field(self, place) * 2;
    else if (record->kind == PLACE_OF_GLOBAL)
        key = (uint64_t)record->a * 2 + 1;
    uint64_t hash = (key * 0x9e3779b97f4a7c15u) >> 56;
    *word = (unsigned)(hash >> 6);
    return (uint64_t)1 << (hash & 63);
}
