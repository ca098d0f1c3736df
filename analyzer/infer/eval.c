/* eval: what a value may be in a world, and what a branch teaches about it.
 *
 * Errs towards "anything"; a pointer's origin is kept only along assignments, fields and simple
 * arithmetic, so a user pointer that travels through untyped memory is missed.
 */
#include "analyzer/infer/internal.h"

enum { MAX_DEPTH = 24 };

static AbsValue eval_deep(Inferred *self, World *world, FuncId func, IrValue value, unsigned depth);

IrValue access_pointer(const IrUnit *unit, IrPath path) {
    for (;;) {
        const IrPathRec *record = &unit->paths[path];
        if (record->kind == IR_PATH_DEREF)
            return record->a;
        if (record->kind != IR_PATH_FIELD && record->kind != IR_PATH_INDEX)
            return 0;
        path = record->a;
    }
}

/* Where a variable lies: PAGED for a global of a PAGE section. */
static uint16_t variable_origin(const Inferred *self, FuncId func, IrPath path) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrPathRec *record = &unit->ir->paths[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX)
        record = &unit->ir->paths[record->a];
    if (record->kind != IR_PATH_GLOBAL)
        return 0;
    const char *segment = self->program->global_segments[unit->globals[record->a]];
    return segment_is_pageable(segment) ? ORIGIN_PAGED : 0;
}

static uint16_t access_origin(Inferred *self, World *world, FuncId func, IrPath path,
                              unsigned depth) {
    IrValue pointer = access_pointer(program_unit(self->program, func), path);
    return pointer == 0 ? variable_origin(self, func, path)
                        : eval_deep(self, world, func, pointer, depth + 1).origin;
}

uint16_t eval_access_origin(Inferred *self, World *world, FuncId func, IrPath path) {
    return access_origin(self, world, func, path, 0);
}

void field_remember_reader(Inferred *self, FieldId field) {
    U32Array *readers = &self->field_readers[field];
    if (readers->len != 0 && readers->items[readers->len - 1] == self->current)
        return;
    bool created;
    map64_put(self->reader_pairs, (uint64_t)field << 32 | self->current, &created);
    if (created)
        array_push(readers, self->arena, self->current);
}

/* True for a field of a request that the driver makes: it holds what the driver put there. */
static bool is_of_own_request(const Inferred *self, FuncId func, IrPath path) {
    const bool *const *own = self->program->own_requests;
    const IrUnit *unit = program_unit(self->program, func);
    if (own == NULL || own[func] == NULL)
        return false;
    while (unit->paths[path].kind == IR_PATH_FIELD)
        path = unit->paths[path].a;
    if (unit->paths[path].kind != IR_PATH_DEREF)
        return false;
    const IrValueRec *pointer = &unit->values[unit->paths[path].a];
    return pointer->kind == IR_VALUE_PATH && unit->paths[pointer->a].kind == IR_PATH_LOCAL &&
           own[func][unit->paths[pointer->a].a];
}

/* Where a pointer read from this place comes from. */
static uint16_t stored_origin(Inferred *self, World *world, FuncId func, IrPath path,
                              unsigned depth) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const uint16_t given = ORIGIN_USER | ORIGIN_GIVEN | ORIGIN_UNPROBED;
    uint16_t origin = 0;
    if (unit->ir->paths[path].kind == IR_PATH_FIELD && !is_of_own_request(self, func, path)) {
        origin = user_field_origin(self, world, unit->fields[path]);
        field_remember_reader(self, unit->fields[path]);
    }
    uint16_t through = access_origin(self, world, func, path, depth);
    if ((through & (ORIGIN_USER | ORIGIN_COPY)) != 0)
        origin |= given | (through & ORIGIN_MAYBE);
    else if (user_is_copied(self, world, place_of_path(self, func, path)))
        origin |= given;
    if ((origin & (ORIGIN_USER | ORIGIN_PAGED | ORIGIN_COPY | ORIGIN_MODE | ORIGIN_DUMP)) == 0)
        origin = 0;
    return origin;
}

/* A user address is told from others by the place that it was first read from. */
static AbsValue named(AbsValue value, PlaceId place) {
    if ((value.origin & ORIGIN_USER) != 0 && value.source == 0)
        value.source = place;
    return value;
}

/* `this` and references. */
static bool is_never_null(const Program *program, FuncId func, IrPath path) {
    const IrUnit *unit = program_unit(program, func);
    const IrPathRec *record = &unit->paths[path];
    return record->kind == IR_PATH_LOCAL &&
           (unit->locals[program_ir(program, func)->first_local + record->a].flags &
            IR_LOCAL_NOT_NULL) != 0;
}

static AbsValue eval_path(Inferred *self, World *world, FuncId func, IrPath path, unsigned depth) {
    PlaceId place = place_of_path(self, func, path);
    AbsValue *known = place == 0 ? NULL : world_var(world, place);
    AbsValue held =
        known != NULL ? *known : abs_of_origin(stored_origin(self, world, func, path, depth));
    if (known != NULL)
        held.stored = 0;
    if (is_never_null(self->program, func, path))
        held.nonzero = 1;
    return named(held, place);
}

static AbsValue eval_address(Inferred *self, World *world, FuncId func, IrPath path,
                             unsigned depth) {
    AbsValue value = VALUE_TOP;
    value.nonzero = 1;
    IrValue pointer = access_pointer(program_unit(self->program, func), path);
    if (pointer == 0) {
        value.origin = variable_origin(self, func, path);
        if (place_is_private(self, place_of_path(self, func, path)))
            value.origin |= ORIGIN_PRIVATE;
        return value;
    }
    AbsValue base = eval_deep(self, world, func, pointer, depth + 1);
    value.origin = base.origin;
    value.source = base.source;
    return value;
}

static AbsValue eval_deep(Inferred *self, World *world, FuncId func, IrValue value,
                          unsigned depth) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrValueRec *record = &unit->ir->values[value];
    AbsValue result = VALUE_TOP;
    if (depth > MAX_DEPTH)
        return result;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_CONST:
        return abs_const(ir_const(record));
    case IR_VALUE_STRING:
    case IR_VALUE_FUNC:
        result.nonzero = 1;
        return result;
    case IR_VALUE_PATH:
        return eval_path(self, world, func, record->a, depth);
    case IR_VALUE_ADDR:
        return eval_address(self, world, func, record->a, depth);
    case IR_VALUE_CALL: {
        PlaceId place = place_make(self, PLACE_RESULT, unit->op_base + record->a, 0);
        AbsValue *known = world_var(world, place);
        return known == NULL ? result : named(*known, place);
    }
    case IR_VALUE_UNARY:
        return abs_unary((IrUnary)record->a, eval_deep(self, world, func, record->b, depth + 1));
    case IR_VALUE_BINARY:
        return abs_binary((IrBinary)record->a, eval_deep(self, world, func, record->b, depth + 1),
                          eval_deep(self, world, func, record->c, depth + 1));
    default:
        return result;
    }
}

AbsValue eval(Inferred *self, World *world, FuncId func, IrValue value) {
    return eval_deep(self, world, func, value, 0);
}

/* The place that a value reads, so that a test of the value teaches about it; 0 none. */
static PlaceId tested_place(Inferred *self, FuncId func, IrValue value) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    const IrValueRec *record = &unit->ir->values[value];
    if (record->kind == IR_VALUE_PATH) {
        PlaceId place = place_of_path(self, func, record->a);
        return place_has_element(self, place) ? 0 : place;
    }
    if (record->kind == IR_VALUE_CALL)
        return place_make(self, PLACE_RESULT, unit->op_base + record->a, 0);
    return 0;
}

/* A comparison with a number or a variable of the system is a probe by hand (MmUserProbeAddress).
 */
static bool is_limit(const Inferred *self, FuncId func, IrBinary op, IrValue against) {
    const IrUnit *unit = program_unit(self->program, func);
    const IrValueRec *record = &unit->values[against];
    if (op < IR_LT)
        return false;
    for (unsigned depth = 0; depth < 16 && record->kind != IR_VALUE_CONST; depth++) {
        IrPath path = record->a;
        if (record->kind != IR_VALUE_PATH)
            return false;
        if (unit->paths[path].kind == IR_PATH_GLOBAL)
            return true;
        if (unit->paths[path].kind != IR_PATH_DEREF)
            return false;
        record = &unit->values[unit->paths[path].a];
    }
    return true;
}

/* `other` is the value of `against`, 0 none. */
static bool refine_place(Inferred *self, World *world, FuncId func, IrValue tested, IrBinary op,
                         IrValue against, AbsValue other) {
    bool possible;
    AbsValue refined = abs_refine(eval(self, world, func, tested), op, other, &possible);
    if (!possible)
        return false;
    bool is_last = abs_is_const(refined) || refined.hi <= 0;
    if ((refined.origin & ORIGIN_COUNT) != 0 && is_last && world->assumed == ASSUME_NOTHING)
        world->assumed = ASSUME_LAST_REFERENCE;
    world_set(world, tested_place(self, func, tested), refined);
    user_learn_mode(world, refined);
    if (is_limit(self, func, op, against) && (refined.origin & ORIGIN_USER) != 0)
        user_probe(self, world, func, tested);
    return true;
}

static IrBinary negate(IrBinary op) {
    static const IrBinary NEGATED[] = {[IR_EQ] = IR_NE, [IR_NE] = IR_EQ, [IR_LT] = IR_GE,
                                       [IR_LE] = IR_GT, [IR_GT] = IR_LE, [IR_GE] = IR_LT};
    return NEGATED[op];
}

static IrBinary mirror(IrBinary op) {
    static const IrBinary MIRRORED[] = {[IR_EQ] = IR_EQ, [IR_NE] = IR_NE, [IR_LT] = IR_GT,
                                        [IR_LE] = IR_GE, [IR_GT] = IR_LT, [IR_GE] = IR_LE};
    return MIRRORED[op];
}

bool assume(Inferred *self, World *world, FuncId func, IrValue value, bool truth) {
    const IrUnit *unit = program_unit(self->program, func);
    const IrValueRec *record = &unit->values[value];
    AbsValue tested = eval(self, world, func, value);
    Truth known = abs_truth(tested);
    if (known != TRUTH_UNKNOWN)
        return (known == TRUTH_TRUE) == truth;
    if ((tested.origin & (truth ? ORIGIN_DUMP : ORIGIN_NO_DUMP)) != 0)
        world->lossy = true; /* nothing else runs: levels mean little there */
    if (record->kind == IR_VALUE_UNARY && record->a == IR_NOT)
        return assume(self, world, func, record->b, !truth);
    if (record->kind == IR_VALUE_BINARY && record->a >= IR_EQ) {
        IrBinary op = truth ? (IrBinary)record->a : negate((IrBinary)record->a);
        AbsValue left = eval(self, world, func, record->b);
        AbsValue right = eval(self, world, func, record->c);
        return refine_place(self, world, func, record->b, op, record->c, right) &&
               refine_place(self, world, func, record->c, mirror(op), record->b, left);
    }
    return refine_place(self, world, func, value, truth ? IR_NE : IR_EQ, 0, abs_const(0));
}

/* ---- conditions of the API tables ---------------------------------------------------------- */

/* What a pointer points at: the value of the place, or of the members of a union known there. */
static AbsValue pointed_value(Inferred *self, World *world, FuncId func, IrValue pointer) {
    PlaceId place = place_pointed(self, func, pointer);
    AbsValue *whole = place == 0 ? NULL : world_var(world, place);
    if (whole != NULL)
        return *whole;
    AbsValue result = VALUE_TOP;
    bool found = false;
    for (uint8_t i = 0; place != 0 && i < world->var_len; i++) {
        PlaceId member = world->vars[i].place;
        if (member == place || !place_depends_on(self, member, place))
            continue;
        result = found ? abs_join(result, world->vars[i].value) : world->vars[i].value;
        found = true;
    }
    return result;
}

static Truth cond_deref(Inferred *self, World *world, FuncId func, IrValue argument,
                        const Cond *cond) {
    Truth null = abs_compare(IR_EQ, eval(self, world, func, argument), abs_const(0));
    bool equal = cond->kind == COND_DEREF_EQ;
    if (null == TRUTH_TRUE)
        return equal ? TRUTH_FALSE : TRUTH_TRUE;
    AbsValue value = pointed_value(self, world, func, argument);
    return abs_compare(equal ? IR_EQ : IR_NE, value, abs_const(cond->value));
}

static Truth cond_bits(AbsValue value, int64_t mask, bool wanted) {
    if (abs_is_const(value))
        return ((value.lo & mask) != 0) == wanted ? TRUTH_TRUE : TRUTH_FALSE;
    return TRUTH_UNKNOWN;
}

/* True when a format string has a conversion that needs the Unicode tables. */
static bool has_wide_conversion(const char *format) {
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        at++;
        if (*at == '%') {
            at++;
            continue;
        }
        at += strspn(at, "-+ #0123456789.*");
        bool wide = *at == 'w' || *at == 'l';
        at += strspn(at, "hlwIL64");
        if (*at == 'S' || *at == 'C' || (wide && (*at == 's' || *at == 'c' || *at == 'Z')))
            return true;
    }
    return false;
}

static Truth cond_format(const IrUnit *unit, IrValue argument) {
    const IrValueRec *record = &unit->values[argument];
    if (record->kind != IR_VALUE_STRING)
        return TRUTH_UNKNOWN;
    return has_wide_conversion(ir_str(unit, record->a)) ? TRUTH_TRUE : TRUTH_FALSE;
}

Truth eval_cond(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Cond *cond) {
    const IrUnit *unit = program_unit(self->program, func);
    if (cond->kind == COND_OPAQUE)
        return TRUTH_UNKNOWN;
    if (cond->arg >= call->c)
        return TRUTH_UNKNOWN;
    IrValue argument = unit->args[call->b + cond->arg];
    AbsValue value = eval(self, world, func, argument);
    AbsValue number = abs_const(cond->value);
    switch ((CondKind)cond->kind) {
    case COND_ARG_EQ:
        return abs_compare(IR_EQ, value, number);
    case COND_ARG_NE:
        return abs_compare(IR_NE, value, number);
    case COND_ARG_LT:
        return abs_compare(IR_LT, value, number);
    case COND_ARG_GT:
        return abs_compare(IR_GT, value, number);
    case COND_ARG_BITS:
        return cond_bits(value, cond->value, true);
    case COND_ARG_NO_BITS:
        return cond_bits(value, cond->value, false);
    case COND_DEREF_EQ:
    case COND_DEREF_NE:
        return cond_deref(self, world, func, argument, cond);
    case COND_ARG_PAGEABLE: /* without evidence memory is taken to be resident */
        return (value.origin & ORIGIN_PAGED) != 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case COND_ARG_USER:
        return (value.origin & ORIGIN_USER) != 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case COND_FORMAT_WIDE:
        return cond_format(unit, argument);
    default:
        return TRUTH_UNKNOWN;
    }
}

Truth eval_conds(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Ddi *ddi,
                 CondSet when) {
    Truth result = TRUTH_TRUE;
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((when & (1u << i)) == 0)
            continue;
        Truth atom = eval_cond(self, world, func, call, &ddi->conds[i]);
        if (atom == TRUTH_FALSE)
            return TRUTH_FALSE;
        if (atom == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}
