/* user: addresses that a requester passed in: where they come from, which of them are probed.
 *
 * A probe counts for every name that the address has at hand, also for the whole of which a part
 * was probed; a helper that probes its parameter probes the caller's argument. While a test says
 * that the kernel made the request there are no user addresses. Errs towards "probed" and "no user
 * address".
 */
#include "analyzer/infer/internal.h"

enum { KERNEL_MODE = 0 }; /* KPROCESSOR_MODE */

/* Bit of a field in World.probed. */
static uint64_t probed_bit(FieldId field) {
    return (uint64_t)1 << (field * 0x9e3779b1u >> 26);
}

uint16_t user_field_origin(const Inferred *self, const World *world, FieldId field) {
    const FieldFact *fact = self->field_fact[field];
    uint16_t origin = self->field_origin[field];
    if ((origin & (ORIGIN_USER | ORIGIN_PAGED | ORIGIN_COPY)) == 0)
        origin = 0; /* MAYBE alone says nothing, and nobody is told when it comes */
    if (fact == NULL)
        return origin;
    if (fact->kind == FIELD_REQUESTOR_MODE)
        return ORIGIN_MODE;
    if (fact->kind == FIELD_DUMP_MODE)
        return ORIGIN_DUMP;
    if ((origin & ORIGIN_USER) != 0 && world->trusted)
        return 0;
    bool partly = (origin & ORIGIN_BARE) != 0 && (world->probed & probed_bit(field)) != 0;
    return origin | (partly ? ORIGIN_PARTLY : 0);
}

void user_learn_mode(World *world, AbsValue mode) {
    if ((mode.origin & ORIGIN_MODE) != 0 && mode.lo == KERNEL_MODE && mode.hi == KERNEL_MODE)
        user_trust(world);
}

bool user_is_copied(const Inferred *self, World *world, PlaceId place) {
    const PlaceRec *record = &self->places.items[place];
    while (record->kind == PLACE_FIELD || record->kind == PLACE_ELEMENT) {
        const AbsValue *whole = record->a == 0 ? NULL : world_var(world, record->a);
        if (whole != NULL)
            return (whole->origin & (ORIGIN_USER | ORIGIN_COPY)) != 0;
        record = &self->places.items[record->a];
    }
    return false;
}

/* ---- probes -------------------------------------------------------------------------------- */

/* The value that holds the address which `value` is a part of. */
static IrValue whole_address(Inferred *self, World *world, FuncId func, IrValue value) {
    const IrUnit *unit = program_unit(self->program, func);
    for (unsigned depth = 0; depth < 16 && value != 0; depth++) {
        const IrValueRec *record = &unit->values[value];
        if (record->kind == IR_VALUE_BINARY)
            value = (eval(self, world, func, record->b).origin & ORIGIN_USER) != 0 ||
                            unit->values[record->c].kind == IR_VALUE_CONST
                        ? record->b
                        : record->c;
        else if (record->kind == IR_VALUE_ADDR)
            value = access_pointer(unit, record->a);
        else
            break;
    }
    return value;
}

static AbsValue probed(AbsValue value) {
    value.origin = (uint16_t)((value.origin & ~ORIGIN_BARE) | ORIGIN_PROBED);
    return value;
}

void user_probe(Inferred *self, World *world, FuncId func, IrValue value) {
    IrValue whole = whole_address(self, world, func, value);
    if (whole == 0)
        return;
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrValueRec *record = &unit->ir->values[whole];
    AbsValue address = eval(self, world, func, whole);
    PlaceId place = 0;
    if (record->kind == IR_VALUE_PATH)
        place = place_of_path(self, func, record->a);
    else if (record->kind == IR_VALUE_CALL)
        place = place_make(self, PLACE_RESULT, unit->op_base + record->a, 0);
    uint32_t source = address.source;
    if (self->field_fact[place_field(self, source)] != NULL)
        world->probed |= probed_bit(place_field(self, source));
    for (uint8_t i = 0; source != 0 && i < world->var_len; i++) {
        if (world->vars[i].value.source == source)
            world->vars[i].value = probed(world->vars[i].value);
    }
    if (!place_has_element(self, place))
        world_set(world, place, probed(address));
    if (source != 0 && source != place && world_var(world, source) == NULL &&
        (address.origin & ORIGIN_USER) != 0 && !place_has_element(self, source))
        world_set(world, source, probed(address));
}

void user_probe_all(World *world) {
    for (uint8_t i = 0; i < world->var_len; i++) {
        if ((world->vars[i].value.origin & ORIGIN_USER) != 0)
            world->vars[i].value = probed(world->vars[i].value);
    }
}

void user_trust(World *world) {
    world->trusted = true;
    for (uint8_t i = 0; i < world->var_len; i++) {
        AbsValue *value = &world->vars[i].value;
        if ((value->origin & ORIGIN_USER) == 0 || (value->lo == 0 && value->hi == 0))
            continue;
        value->origin = ORIGIN_OTHER;
        value->source = 0;
    }
}

/* ---- calls of the API ----------------------------------------------------------------------- */

static IrValue argument(const Inferred *self, FuncId func, const IrOpRec *call, unsigned arg) {
    return arg < call->c ? program_unit(self->program, func)->args[call->b + arg] : 0;
}

void user_probe_call(Inferred *self, World *world, FuncId func, const IrOpRec *call,
                     const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        if (role->kind == MEM_PROBE)
            user_probe(self, world, func, argument(self, func, call, role->arg));
        else if (role->kind == MEM_LOCK_USER)
            user_probe_all(world);
    }
}

bool user_is_captured(Inferred *self, World *world, FuncId func, const IrOpRec *call,
                      const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        IrValue source = argument(self, func, call, role->arg);
        if (role->kind == MEM_CAPTURE_SRC && source != 0 &&
            (eval(self, world, func, source).origin & (ORIGIN_USER | ORIGIN_COPY)) != 0)
            return true;
    }
    return false;
}

void user_capture(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        const MemoryRole *role = &ddi->memory[i];
        IrValue target = argument(self, func, call, role->arg);
        if (role->kind != MEM_CAPTURE_DST ||
            program_unit(self->program, func)->values[target].kind != IR_VALUE_ADDR)
            continue;
        PlaceId place = place_pointed(self, func, target);
        if (place_is_local(self, place) && !place_has_element(self, place))
            world_set(world, place, abs_of_origin(ORIGIN_COPY));
    }
}

uint16_t user_result_origin(const Ddi *ddi, MemoryKind kind) {
    if (kind == MEM_ALLOC_PAGED)
        return ORIGIN_PAGED;
    if (kind == MEM_MODE_RESULT)
        return ORIGIN_MODE;
    if (kind == MEM_COUNTER)
        return ORIGIN_COUNT;
    if (kind != MEM_USER_RESULT)
        return 0;
    for (unsigned i = 0; i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind == MEM_OF_REQUESTER)
            return ORIGIN_USER | ORIGIN_GIVEN | ORIGIN_RAW;
    }
    return ORIGIN_USER;
}

/* ---- roots --------------------------------------------------------------------------------- */

uint8_t user_root_key(Inferred *self, FuncId func, const Role *role, Var *key) {
    uint32_t params = program_ir(self->program, func)->param_count;
    uint8_t len = 0;
    for (uint32_t i = 0; role != NULL && i < params && i < 32 && len < MAX_KEY_VARS; i++) {
        if ((role->user_args >> i & 1) == 0)
            continue;
        uint16_t bare = (role->flags & ROLE_RAW_BUFFERS) != 0 ? ORIGIN_UNPROBED : 0;
        Var var = {place_make(self, PLACE_LOCAL, func, i),
                   abs_of_origin(ORIGIN_USER | ORIGIN_GIVEN | bare)};
        uint8_t at = len++;
        for (; at > 0 && key[at - 1].place > var.place; at--)
            key[at] = key[at - 1];
        key[at] = var;
    }
    return len;
}
