/* settings: what decides the level of callbacks that a framework calls: members of the structures
 * an object is created from, inherited from its parent.
 *
 *     WDF_IO_QUEUE_CONFIG_INIT(&config, …);  config.EvtIoRead = Read;      <- the root
 *     WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
 *     attributes.ExecutionLevel = WdfExecutionLevelPassive;                <- the setting
 *     WdfIoQueueCreate(device, &config, &attributes, &queue);              <- the creation
 *
 * Structures are used again and again, so what counts is the order of operations within one
 * function. Invariant: a result other than SETTING_UNKNOWN rests on a creation found in the
 * function that registers the callback, or on every creation of the kind in the driver. Errs
 * towards SETTING_UNKNOWN: structures filled or used by other functions of the driver.
 */
#include "analyzer/link/internal.h"

#include <stdlib.h>

typedef enum EventKind {
    EVENT_INIT,  /* an API function sets the structure up */
    EVENT_SET,   /* a setting is stored in it */
    EVENT_TOUCH, /* a function of the driver gets its address: anything */
    EVENT_CREATE /* an object is made from it */
} EventKind;

typedef struct Event {
    uint8_t kind;                 /* EventKind */
    IrOp op;                      /* operation */
    FuncId func;                  /* its function */
    uint32_t base;                /* structure: key_of_place; of a creation: 0 */
    const FieldFact *fact;        /* EVENT_SET */
    const ObjectCreator *creator; /* EVENT_CREATE */
    const ProgUnit *unit;         /* unit of the operation */
} Event;

struct Settings {
    Linker *linker;      /* symbols */
    Array(Event) events; /* by function, in the order of operations */
    uint32_t *first;     /* by FuncId: its first event; one past the last is the next one's first */
};

/* Two bits each: what is known of a setting of an object. */
typedef enum Known { KNOWN_UNSET, KNOWN_NO, KNOWN_YES, KNOWN_CONFLICT } Known;

typedef struct State {
    Known passive; /* callbacks at PASSIVE_LEVEL */
    Known serial;  /* callbacks under a lock of the framework */
} State;

enum { KEY_NONE = 0, KEY_UNKNOWN = UINT32_MAX, KEY_POINTED = 1u << 31, MAX_PARENTS = 4 };

/* ---- structures ---------------------------------------------------------------------------- */

/* Names a structure within one function: its path, or the path of the pointer to it. */
static uint32_t key_of_place(const IrUnit *unit, IrPath path) {
    const IrPathRec *record = &unit->paths[path];
    if (record->kind != IR_PATH_DEREF)
        return path;
    const IrValueRec *pointer = &unit->values[record->a];
    if (pointer->kind == IR_VALUE_ADDR)
        return pointer->a;
    return pointer->kind == IR_VALUE_PATH ? pointer->a | KEY_POINTED : KEY_UNKNOWN;
}

static uint32_t key_of_pointer(const IrUnit *unit, IrValue value) {
    const IrValueRec *record = &unit->values[value];
    if (record->kind == IR_VALUE_ADDR)
        return key_of_place(unit, record->a);
    if (record->kind == IR_VALUE_PATH)
        return record->a | KEY_POINTED;
    return record->kind == IR_VALUE_CONST ? KEY_NONE : KEY_UNKNOWN;
}

static uint32_t key_of_argument(const Event *event, unsigned arg) {
    const IrOpRec *call = &event->unit->ir->ops[event->op];
    return arg < call->c ? key_of_pointer(event->unit->ir, event->unit->ir->args[call->b + arg])
                         : KEY_NONE;
}

/* A variable of the function itself: nobody else fills it unseen. */
static bool is_local(const IrUnit *unit, uint32_t key) {
    if (key == KEY_UNKNOWN || (key & KEY_POINTED) != 0)
        return false;
    while (unit->paths[key].kind == IR_PATH_FIELD || unit->paths[key].kind == IR_PATH_INDEX)
        key = unit->paths[key].a;
    return unit->paths[key].kind == IR_PATH_LOCAL;
}

/* ---- events -------------------------------------------------------------------------------- */

static void add_event(Settings *self, Event event) {
    array_push(&self->events, self->linker->arena, event);
}

/* True when storing the value sets (some of) the bits: a constant, or something or-ed with one. */
static bool stores_bits(const IrUnit *unit, IrValue value, int64_t bits) {
    const IrValueRec *record = &unit->values[value];
    if (record->kind == IR_VALUE_CONST)
        return (ir_const(record) & bits) != 0;
    return record->kind == IR_VALUE_BINARY && record->a == IR_OR &&
           (stores_bits(unit, record->b, bits) || stores_bits(unit, record->c, bits));
}

static bool stores_setting(const IrUnit *unit, IrValue value, const FieldFact *fact) {
    const IrValueRec *record = &unit->values[value];
    if (fact->kind == FIELD_PASSIVE_BIT)
        return stores_bits(unit, value, fact->value);
    return fact->kind >= FIELD_PASSIVE_SETTING && record->kind == IR_VALUE_CONST &&
           ir_const(record) == fact->value;
}

static void visit_store(Settings *self, FuncId func, const ProgUnit *unit, IrOp op) {
    const IrUnit *ir = unit->ir;
    const IrPathRec *path = &ir->paths[ir->ops[op].a];
    if (path->kind != IR_PATH_FIELD)
        return;
    uint32_t count;
    const FieldFact *facts =
        model_field(self->linker->program->model, ir_str(ir, path->b), ir_str(ir, path->c), &count);
    for (uint32_t i = 0; i < count; i++) {
        if (stores_setting(ir, ir->ops[op].b, &facts[i]))
            add_event(self, (Event){.kind = EVENT_SET,
                                    .op = op,
                                    .func = func,
                                    .base = key_of_place(ir, path->a),
                                    .fact = &facts[i],
                                    .unit = unit});
    }
}

static void visit_call(Settings *self, FuncId func, const ProgUnit *unit, IrOp op) {
    const Program *program = self->linker->program;
    const IrOpRec *call = &unit->ir->ops[op];
    const IrValueRec *target = &unit->ir->values[call->a];
    if (target->kind != IR_VALUE_FUNC)
        return;
    const ProgFunc *callee = &program->funcs[unit->funcs[target->a]];
    Event event = {.op = op, .func = func, .unit = unit};
    event.creator = callee->defined ? NULL : model_creator(program->model, callee->name);
    if (event.creator != NULL) {
        event.kind = EVENT_CREATE;
        add_event(self, event);
        return;
    }
    for (uint32_t i = 0; i < call->c && (callee->defined || i == 0); i++) {
        event.kind = callee->defined ? EVENT_TOUCH : EVENT_INIT;
        event.base = key_of_argument(&event, i);
        if (event.base != KEY_NONE && event.base != KEY_UNKNOWN)
            add_event(self, event);
    }
}

static void visit_op(Linker *linker, FuncId func, const ProgUnit *unit, IrOp op, void *data) {
    (void)linker;
    if (unit->ir->ops[op].kind == IR_OP_STORE)
        visit_store(data, func, unit, op);
    else if (unit->ir->ops[op].kind == IR_OP_CALL && func != 0)
        visit_call(data, func, unit, op);
}

static int compare_events(const void *a, const void *b) {
    const Event *left = a, *right = b;
    if (left->func != right->func)
        return left->func < right->func ? -1 : 1;
    if (left->op != right->op)
        return left->op < right->op ? -1 : 1;
    return (left->base > right->base) - (left->base < right->base);
}

/* The names of the fields by which the driver asks for passive level somewhere. */
static void list_passive(Settings *self) {
    CStrArray names = {0};
    for (uint32_t i = 0; i < self->events.len; i++) {
        const FieldFact *fact = self->events.items[i].fact;
        if (fact == NULL ||
            (fact->kind != FIELD_PASSIVE_SETTING && fact->kind != FIELD_PASSIVE_BIT))
            continue;
        bool known = false;
        for (uint32_t n = 0; n < names.len; n++)
            known = known || str_eq(names.items[n], fact->field);
        if (!known)
            array_push(&names, self->linker->arena, fact->field);
    }
    self->linker->program->settings = names.items;
    self->linker->program->setting_count = names.len;
}

Settings *settings_find(Linker *linker) {
    Settings *self = arena_new_of(linker->arena, Settings);
    self->linker = linker;
    linker_each_op(linker, visit_op, self);
    if (self->events.len != 0)
        qsort(self->events.items, self->events.len, sizeof(Event), compare_events);
    uint32_t funcs = linker->program->func_count;
    self->first = arena_array_of(linker->arena, uint32_t, funcs + 2);
    for (FuncId func = 0, at = 0; func <= funcs; func++) {
        while (at < self->events.len && self->events.items[at].func < func)
            at++;
        self->first[func] = at;
    }
    list_passive(self);
    return self;
}

/* ---- what an object is set to -------------------------------------------------------------- */

/* Only settings that the role's row names speak of it. */
static bool concerns(const Role *role, const FieldFact *fact) {
    return strstr(role->depends, fact->field) != NULL;
}

static void apply_setting(State *state, const FieldFact *fact) {
    if (fact->kind == FIELD_SERIAL_SETTING || fact->kind == FIELD_PARALLEL_SETTING) {
        if (state->serial == KNOWN_UNSET)
            state->serial = fact->kind == FIELD_SERIAL_SETTING ? KNOWN_YES : KNOWN_NO;
    } else if (state->passive == KNOWN_UNSET) {
        state->passive = fact->kind == FIELD_DISPATCH_SETTING ? KNOWN_NO : KNOWN_YES;
    }
}

/* What was stored in the structure since it was set up, seen from the event at `before`. */
static State state_of_struct(const Settings *self, const Role *role, FuncId func, uint32_t base,
                             uint32_t before) {
    State state = {KNOWN_UNSET, KNOWN_UNSET};
    if (base == KEY_NONE)
        return state;
    for (uint32_t i = before; i-- > self->first[func];) {
        const Event *event = &self->events.items[i];
        if (event->kind == EVENT_CREATE || event->base != base)
            continue;
        if (event->kind == EVENT_INIT)
            return state;
        if (event->kind == EVENT_TOUCH)
            break;
        if (concerns(role, event->fact))
            apply_setting(&state, event->fact);
    }
    bool is_own = is_local(program_unit(self->linker->program, func), base);
    bool touched = false;
    for (uint32_t i = self->first[func]; i < before; i++)
        touched = touched ||
                  (self->events.items[i].kind == EVENT_TOUCH && self->events.items[i].base == base);
    if (is_own && !touched)
        return state;
    if (state.passive == KNOWN_UNSET)
        state.passive = KNOWN_CONFLICT;
    if (state.serial == KNOWN_UNSET)
        state.serial = KNOWN_CONFLICT;
    return state;
}

static Known join_known(Known a, Known b) {
    return a == b ? a : KNOWN_CONFLICT;
}

static State state_of_object(const Settings *self, const Role *role, uint32_t creation,
                             unsigned depth);

/* The event that creates the parent named by the argument, in the same function; 0 … len-1, or
 * UINT32_MAX. */
static uint32_t find_parent(const Settings *self, uint32_t creation) {
    const Event *child = &self->events.items[creation];
    uint32_t key = key_of_argument(child, child->creator->parent_arg);
    if ((key & KEY_POINTED) == 0 || key == KEY_UNKNOWN)
        return UINT32_MAX;
    for (uint32_t i = creation; i-- > self->first[child->func];) {
        const Event *event = &self->events.items[i];
        if (event->kind != EVENT_CREATE || !str_eq(event->creator->kind, child->creator->parent))
            continue;
        for (uint32_t arg = 0; arg < event->unit->ir->ops[event->op].c; arg++) {
            if (key_of_argument(event, arg) == (key & ~KEY_POINTED))
                return i;
        }
    }
    return UINT32_MAX;
}

/* All objects of a kind taken together; `none`: what holds when the driver creates none. */
static State state_of_kind(const Settings *self, const Role *role, const char *kind, State none,
                           unsigned depth) {
    State all = none;
    bool found = false;
    for (uint32_t i = 0; i < self->events.len; i++) {
        const Event *event = &self->events.items[i];
        if (event->kind != EVENT_CREATE || !str_eq(event->creator->kind, kind))
            continue;
        State state = state_of_object(self, role, i, depth + 1);
        all.passive = found ? join_known(all.passive, state.passive) : state.passive;
        all.serial = found ? join_known(all.serial, state.serial) : state.serial;
        found = true;
    }
    return all;
}

static State state_of_object(const Settings *self, const Role *role, uint32_t creation,
                             unsigned depth) {
    const Event *event = &self->events.items[creation];
    State state = state_of_struct(self, role, event->func,
                                  key_of_argument(event, event->creator->attributes), creation);
    State inherited = {KNOWN_NO, KNOWN_NO}; /* the framework's default */
    const State unknown = {KNOWN_CONFLICT, KNOWN_CONFLICT};
    if (event->creator->parent[0] != '\0' && depth < MAX_PARENTS) {
        uint32_t parent = find_parent(self, creation);
        bool is_top = str_eq(event->creator->parent, "driver");
        inherited = parent != UINT32_MAX ? state_of_object(self, role, parent, depth + 1)
                                         : state_of_kind(self, role, event->creator->parent,
                                                         is_top ? inherited : unknown, depth);
    }
    if (state.passive == KNOWN_UNSET)
        state.passive = inherited.passive;
    if (state.serial == KNOWN_UNSET)
        state.serial = inherited.serial;
    return state;
}

/* ---- roots --------------------------------------------------------------------------------- */

static RootSetting setting_of(State state, bool is_config) {
    if (state.passive == KNOWN_YES)
        return SETTING_PASSIVE;
    if (state.passive != KNOWN_NO)
        return SETTING_UNKNOWN;
    return state.serial == KNOWN_YES && is_config ? SETTING_SERIAL : SETTING_DEFAULT;
}

/* The first creation from the structure after the operation; UINT32_MAX when there is none. */
static uint32_t find_creation(const Settings *self, FuncId func, IrOp op, uint32_t base,
                              bool *is_config) {
    for (uint32_t i = self->first[func]; i < self->first[func + 1]; i++) {
        const Event *event = &self->events.items[i];
        if (event->kind != EVENT_CREATE || event->op <= op)
            continue;
        *is_config = key_of_argument(event, event->creator->config) == base;
        if (*is_config || key_of_argument(event, event->creator->attributes) == base)
            return i;
    }
    return UINT32_MAX;
}

/* What the structure itself says where no creation is seen (IoConnectInterruptEx). */
static RootSetting setting_of_struct(const Settings *self, const Role *role, FuncId func, IrOp op,
                                     uint32_t base) {
    bool passive = false;
    for (uint32_t i = self->first[func]; i < self->first[func + 1]; i++) {
        const Event *event = &self->events.items[i];
        if (event->kind == EVENT_INIT && event->base == base && event->op > op)
            break;
        if (event->kind == EVENT_INIT && event->base == base)
            passive = false;
        if (event->kind == EVENT_SET && event->base == base && concerns(role, event->fact))
            passive = event->fact->kind == FIELD_PASSIVE_SETTING;
    }
    return passive ? SETTING_PASSIVE : SETTING_UNKNOWN;
}

RootSetting settings_of_field(const Settings *self, const Role *role, FuncId func, IrOp op,
                              const ProgUnit *unit, IrPath structure) {
    uint32_t base = key_of_place(unit->ir, structure);
    bool is_config = false;
    if ((role->flags & ROLE_PASSIVE_IF_SET) == 0 || func == 0)
        return SETTING_UNKNOWN;
    uint32_t creation = find_creation(self, func, op, base, &is_config);
    if (creation == UINT32_MAX)
        return setting_of_struct(self, role, func, op, base);
    if (!is_config && self->events.items[creation].creator->passive_cleanup)
        return SETTING_PASSIVE;
    State state = {KNOWN_UNSET, KNOWN_UNSET};
    if (is_config)
        state = state_of_struct(self, role, func, base, creation);
    State object = state_of_object(self, role, creation, 0);
    if (state.passive == KNOWN_UNSET)
        state.passive = object.passive;
    state.serial = object.serial;
    return setting_of(state, is_config);
}

RootSetting settings_of_argument(const Settings *self, const Role *role, FuncId func,
                                 const ProgUnit *unit, IrOp op) {
    const State unknown = {KNOWN_CONFLICT, KNOWN_CONFLICT};
    Event event = {.op = op, .func = func, .unit = unit};
    uint32_t base = key_of_argument(&event, 0);
    bool is_config = false;
    if ((role->flags & ROLE_PASSIVE_IF_SET) == 0 || func == 0)
        return SETTING_UNKNOWN;
    if (base != KEY_NONE && base != KEY_UNKNOWN &&
        find_creation(self, func, op, base, &is_config) != UINT32_MAX) {
        const IrValueRec *address = &unit->ir->values[unit->ir->args[unit->ir->ops[op].b]];
        if (address->kind == IR_VALUE_ADDR)
            return settings_of_field(self, role, func, op, unit, address->a);
        return SETTING_UNKNOWN;
    }
    return setting_of(state_of_kind(self, role, "queue", unknown, 0), false);
}

IrqlSet program_root_levels(const ProgRoot *root, IrqlSet *possible) {
    bool is_set = root->setting == SETTING_PASSIVE || root->setting == SETTING_SERIAL;
    *possible = is_set ? IRQL_SET_NONE : root->role->possible;
    return root->setting == SETTING_PASSIVE  ? irql_bit(IRQL_PASSIVE)
           : root->setting == SETTING_SERIAL ? irql_bit(IRQL_DISPATCH)
                                             : root->role->certain;
}

Context program_root_context(const ProgRoot *root) {
    Context context = root->role->context < CONTEXT_COUNT ? (Context)root->role->context
                                                          : CONTEXT_ARBITRARY_THREAD;
    if (root->setting != SETTING_PASSIVE)
        return context;
    return context == CONTEXT_ISR   ? CONTEXT_PASSIVE_ISR
           : context == CONTEXT_DPC ? CONTEXT_SYSTEM_THREAD
                                    : context;
}
