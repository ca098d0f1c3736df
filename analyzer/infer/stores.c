/* stores: what stores do to a world, and what is forgotten when others may have written.
 *
 * Invariant: after a store nothing is remembered of what the place may alias. Errs towards
 * forgetting.
 */
#include "analyzer/infer/internal.h"

static void drop_dependents(Inferred *self, World *world, PlaceId place) {
    for (uint8_t i = 0; i < world->var_len;) {
        if (place_depends_on(self, world->vars[i].place, place))
            world_drop(world, world->vars[i].place);
        else
            i++;
    }
}

/* What a pointer that is not followed may point at. */
static void drop_escaped(Inferred *self, World *world) {
    for (uint8_t i = 0; i < world->var_len;) {
        PlaceId root = world->vars[i].place;
        while (self->places.items[root].kind >= PLACE_FIELD)
            root = self->places.items[root].a;
        const PlaceRec *record = &self->places.items[root];
        if (record->kind == PLACE_LOCAL &&
            (self->facts[record->a].escaped & param_bit(record->b)) != 0)
            world_drop(world, world->vars[i].place);
        else
            i++;
    }
}

/* Another object's field of the same name may be the same object. */
static void drop_aliases(Inferred *self, World *world, PlaceId place, FieldId field) {
    for (uint8_t i = 0; i < world->var_len;) {
        PlaceId other = world->vars[i].place;
        if (other != place && place_field(self, other) == field && !place_is_private(self, other))
            world_drop(world, other);
        else
            i++;
    }
}

static void run_readers_again(Inferred *self, FieldId field) {
    for (uint32_t i = 0; i < self->field_readers[field].len; i++) {
        InstId id = self->field_readers[field].items[i];
        instance_queue(self, id);
    }
}

/* What any code of the driver ever stores in a field decides where a pointer read from it points.
 */
static void remember_field_origin(Inferred *self, FuncId func, OpId op, FieldId field,
                                  AbsValue value) {
    const uint8_t tracked = ORIGIN_USER | ORIGIN_PAGED;
    uint8_t origin = value.origin & (tracked | ORIGIN_GIVEN | ORIGIN_MAYBE);
    bool is_null = value.lo == 0 && value.hi == 0;
    if ((origin & tracked) == 0 && !is_null)
        origin = ORIGIN_MAYBE; /* holds something else too */
    uint8_t known = self->field_origin[field];
    if ((known | origin) == known)
        return;
    if ((origin & ~known & tracked) != 0) {
        self->field_source[field] = op;
        self->field_source_func[field] = func;
    }
    self->field_origin[field] |= origin;
    if (((known | origin) & tracked) != 0)
        run_readers_again(self, field);
}

/* The driver's field that the argument is the address of; 0 none. */
static FieldId field_of_argument(Inferred *self, FuncId func, IrValue argument, PlaceId *place) {
    if (program_unit(self->program, func)->values[argument].kind != IR_VALUE_ADDR)
        return 0;
    *place = place_pointed(self, func, argument);
    FieldId field = place_field(self, *place);
    return field != 0 && self->program->field_is_driver[field] ? field : 0;
}

void stores_by_call(Inferred *self, World *world, FuncId func, IrOp op) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrOpRec *call = &unit->ir->ops[op];
    for (uint32_t i = 0; i < call->c; i++) {
        PlaceId place;
        FieldId field = field_of_argument(self, func, unit->ir->args[call->b + i], &place);
        if (field == 0)
            continue;
        const AbsValue *known = world_var(world, place);
        remember_field_origin(self, func, unit->op_base + op, field,
                              known != NULL ? *known : VALUE_TOP);
    }
}

/* What an MDL describes may be locked in memory from then on. */
void stores_described(Inferred *self, World *world, FuncId func, IrOp op, IrValue argument) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    if ((eval(self, world, func, argument).origin & ORIGIN_PAGED) == 0)
        return;
    const IrValueRec *record = &unit->ir->values[argument];
    if (record->kind == IR_VALUE_PATH && unit->ir->paths[record->a].kind == IR_PATH_FIELD) {
        FieldId field = unit->fields[record->a];
        if (self->program->field_is_driver[field])
            remember_field_origin(self, func, unit->op_base + op, field, VALUE_TOP);
    }
    for (uint8_t i = 0; i < world->var_len; i++) {
        if ((world->vars[i].value.origin & ORIGIN_PAGED) != 0)
            world->vars[i].value.origin = ORIGIN_OTHER;
    }
}

/* `object->References -= 1`. */
static bool lowers_itself(const IrUnit *unit, const IrOpRec *store) {
    const IrValueRec *value = &unit->values[store->b];
    if (value->kind != IR_VALUE_BINARY || (value->a != IR_SUB && value->a != IR_ADD) ||
        unit->values[value->b].kind != IR_VALUE_PATH || unit->values[value->b].a != store->a ||
        unit->values[value->c].kind != IR_VALUE_CONST)
        return false;
    int64_t step = ir_const(&unit->values[value->c]);
    return value->a == IR_SUB ? step > 0 : step < 0;
}

/* A member of what a parameter points at, which is a variable of some caller's own. */
static bool is_known_private(const Inferred *self, World *world, PlaceId place) {
    while (self->places.items[place].kind == PLACE_FIELD ||
           self->places.items[place].kind == PLACE_ELEMENT)
        place = self->places.items[place].a;
    if (self->places.items[place].kind != PLACE_DEREF)
        return false;
    const AbsValue *pointer = world_var(world, self->places.items[place].a);
    return pointer != NULL && (pointer->origin & ORIGIN_PRIVATE) != 0;
}

void transfer_store(Inferred *self, World *world, FuncId func, IrOp op) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrOpRec *record = &unit->ir->ops[op];
    AbsValue value = eval(self, world, func, record->b);
    PlaceId place = place_of_path(self, func, record->a);
    if (place == 0 || !place_is_local(self, place))
        drop_escaped(self, world);
    if (place == 0)
        return;
    FieldId field = place_field(self, place);
    drop_dependents(self, world, place);
    if (field != 0) {
        drop_aliases(self, world, place, field);
        field_remember_reader(self, field);
        if (self->program->field_is_driver[field])
            remember_field_origin(self, func, unit->op_base + op, field, value);
    }
    /* a flag; a saved level comes out of a variable and stays true */
    value.stored = unit->ir->values[record->b].kind == IR_VALUE_CONST &&
                   !place_is_local(self, place) && !is_known_private(self, world, place);
    if (field != 0 && lowers_itself(unit->ir, record))
        value.origin |= ORIGIN_COUNT;
    bool tracked =
        (field != 0 && (self->field_origin[field] & (ORIGIN_USER | ORIGIN_PAGED)) != 0) ||
        user_is_copied(self, world, place);
    if (tracked && value.origin == 0)
        value.origin = ORIGIN_OTHER;
    if (!place_has_element(self, place))
        world_set(world, place, value);
}

void transfer_sync(World *world) {
    for (uint8_t i = 0; i < world->var_len;) {
        if (world->vars[i].value.stored)
            world_drop(world, world->vars[i].place);
        else
            i++;
    }
}

bool ddi_syncs(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_ACQUIRE || ddi->effects[i].kind == EFFECT_RELEASE)
            return true;
    }
    return ddi->blocking != BLOCK_NONE;
}

/* True when the API function only reads what that argument points at, or the level saved there. */
static bool only_reads(const Ddi *ddi, unsigned arg) {
    for (unsigned i = 0; ddi != NULL && i < ddi->cond_count; i++) {
        const Cond *cond = &ddi->conds[i];
        if (cond->arg == arg && (cond->kind == COND_DEREF_EQ || cond->kind == COND_DEREF_NE))
            return true;
    }
    for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind == EFFECT_LOWER && effect->saved.arg == arg &&
            (effect->saved.kind == PLACE_HIDDEN || effect->saved.kind == PLACE_OUT))
            return true;
    }
    return false;
}

void transfer_havoc(Inferred *self, World *world, FuncId func, const IrOpRec *call,
                    const Ddi *ddi) {
    const IrUnit *unit = program_unit(self->program, func);
    drop_escaped(self, world);
    for (uint32_t i = 0; i < call->c; i++) {
        IrValue argument = unit->args[call->b + i];
        if (only_reads(ddi, i))
            continue;
        PlaceId place = place_pointed(self, func, argument);
        if (place != 0 && unit->values[argument].kind == IR_VALUE_ADDR)
            drop_dependents(self, world, place);
        else if (place != 0)
            world_drop(world, place);
    }
}
