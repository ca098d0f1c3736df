/* sites: which operations of a function touch fields and globals, and of which object.
 *
 * An object is told by its holder: the field that keeps the pointer to it, the global, the function
 * that returned it. Locals that are assigned once are followed, parameters through the calls of the
 * way. Invariant: what is not followed is HOLDER_UNKNOWN, never a wrong holder; it errs towards
 * unknown.
 */
#include "analyzer/infer/shared.h"

enum { MAX_FOLLOW = 8 /* values followed one after the other */ };

static const ProgUnit *unit_of(const InferShared *self, FuncId func) {
    return &self->inferred->program->units[self->inferred->program->funcs[func].unit];
}

/* ---- locals ---------------------------------------------------------------------------------- */

typedef void OpVisitor(InferShared *self, FuncId func, IrOp op, void *data);

static void each_op(InferShared *self, FuncId func, OpVisitor *visit, void *data) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrFuncRec *record = program_ir(self->inferred->program, func);
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[record->first_block + b];
        for (uint32_t k = 0; k < block->op_count; k++)
            visit(self, func, block->first_op + k, data);
    }
}

static void note_store(InferShared *self, FuncId func, IrOp op, void *data) {
    LocalStore *locals = data;
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrOpRec *record = &unit->ops[op];
    if (record->kind != IR_OP_STORE || unit->paths[record->a].kind != IR_PATH_LOCAL ||
        unit->values[record->b].kind == IR_VALUE_CONST) /* NULL: no object */
        return;
    LocalStore *local = &locals[unit->paths[record->a].a];
    local->count++;
    local->value = record->b;
}

static const LocalStore *store_of(InferShared *self, FuncId func, uint32_t local) {
    if (self->locals[func] == NULL) {
        uint32_t count = program_ir(self->inferred->program, func)->local_count;
        self->locals[func] = arena_array_of(self->arena, LocalStore, count + 1);
        each_op(self, func, note_store, self->locals[func]);
    }
    return &self->locals[func][local];
}

/* ---- holders --------------------------------------------------------------------------------- */

static Holder holder(HolderKind kind, uint32_t id) {
    return (Holder){(uint16_t)kind, 0, id, 0};
}

static bool allocates(const InferShared *self, OpId call) {
    const ProgTargets *targets = &self->inferred->program->targets[call];
    for (uint32_t i = 0; i < targets->len; i++) {
        const Ddi *ddi = self->inferred->program->funcs[targets->items[i]].ddi;
        for (unsigned m = 0; ddi != NULL && m < ddi->memory_count; m++) {
            if (ddi->memory[m].kind == MEM_ALLOC || ddi->memory[m].kind == MEM_ALLOC_PAGED)
                return true;
        }
    }
    return false;
}

/* The spelling of a value's type, "" when it is neither a variable nor a result. */
static const char *type_of(const InferShared *self, FuncId func, IrValue value) {
    const Program *program = self->inferred->program;
    const ProgUnit *unit = unit_of(self, func);
    const IrValueRec *record = &unit->ir->values[value];
    const IrPathRec *path = &unit->ir->paths[record->kind == IR_VALUE_PATH ? record->a : 0];
    if (path->kind == IR_PATH_LOCAL)
        return ir_str(unit->ir,
                      unit->ir->locals[program_ir(program, func)->first_local + path->a].type);
    if (record->kind != IR_VALUE_CALL)
        return "";
    const ProgTargets *targets = &program->targets[unit->op_base + record->a];
    return targets->len == 1 ? ir_str(program_unit(program, targets->items[0]),
                                      program_ir(program, targets->items[0])->return_type)
                             : "";
}

/* True when the call returns the context of the one device. */
static bool is_of_device(const InferShared *self, FuncId func, IrOp call) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrOpRec *record = &unit->ops[call];
    if (record->c == 0)
        return false;
    uint32_t count;
    const FieldFact *fact =
        model_field(self->inferred->program->model, type_of(self, func, unit->args[record->b]),
                    "context", &count);
    return fact != NULL && fact->kind == FIELD_DEVICE_STATE;
}

static Holder of_value(InferShared *self, const Way *way, FuncId func, IrValue value,
                       unsigned depth);

/* What a caller knows of an argument, seen from its callee. */
static Holder passed(Holder known) {
    known.up++;
    return known;
}

/* Of what a parameter of a root points at. */
static Holder of_callback(const InferShared *self, const Way *way) {
    const Role *role = self->inferred->roots.items[way->root].role;
    bool one = (role->flags & ROLE_REQUEST_CONTEXT) == 0;
    return holder(one ? HOLDER_ROOT : HOLDER_MANY, 0);
}

/* Of what a local points at. */
static Holder of_local(InferShared *self, const Way *way, FuncId func, uint32_t local,
                       unsigned depth) {
    const LocalStore *store = store_of(self, func, local);
    bool is_param = local < program_ir(self->inferred->program, func)->param_count;
    if (is_param && store->count == 0 && way->parent == NO_WAY)
        return of_callback(self, way);
    if (is_param && store->count == 0 && local < WAY_HOLDERS)
        return passed(way->holders[local]);
    if (!is_param && store->count == 1)
        return of_value(self, way, func, store->value, depth + 1);
    return holder(HOLDER_UNKNOWN, 0);
}

/* Of the object that a place is, or is part of. */
static Holder of_place(InferShared *self, const Way *way, FuncId func, IrPath path,
                       unsigned depth) {
    const ProgUnit *unit = unit_of(self, func);
    const IrPathRec *record = &unit->ir->paths[path];
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return holder(HOLDER_PRIVATE, 0);
    case IR_PATH_GLOBAL:
        return holder(HOLDER_GLOBAL, unit->globals[record->a]);
    case IR_PATH_DEREF:
        return of_value(self, way, func, record->a, depth + 1);
    case IR_PATH_INDEX:
        return holder(HOLDER_MANY, 0);
    case IR_PATH_FIELD: {
        Holder outer = of_place(self, way, func, record->a, depth + 1);
        outer.inside = unit->fields[path];
        return outer;
    }
    default:
        return holder(HOLDER_UNKNOWN, 0);
    }
}

/* The system's structures describe requests, packets and files, of which there are many. */
static Holder of_field(const InferShared *self, FieldId field) {
    const FieldFact *fact = self->inferred->field_fact[field];
    bool one = self->inferred->program->field_is_driver[field] ||
               (fact != NULL && fact->kind == FIELD_DEVICE_STATE);
    return one ? holder(HOLDER_FIELD, field) : holder(HOLDER_MANY, 0);
}

/* Of what a pointer that is kept in a place points at. */
static Holder of_kept(InferShared *self, const Way *way, FuncId func, IrPath path, unsigned depth) {
    const ProgUnit *unit = unit_of(self, func);
    const IrPathRec *record = &unit->ir->paths[path];
    switch ((IrPathKind)record->kind) {
    case IR_PATH_LOCAL:
        return of_local(self, way, func, record->a, depth);
    case IR_PATH_GLOBAL:
        return holder(HOLDER_GLOBAL, unit->globals[record->a]);
    case IR_PATH_FIELD:
        return of_field(self, unit->fields[path]);
    case IR_PATH_INDEX:
        return holder(HOLDER_MANY, 0);
    default:
        return holder(HOLDER_UNKNOWN, 0);
    }
}

static Holder of_value(InferShared *self, const Way *way, FuncId func, IrValue value,
                       unsigned depth) {
    const ProgUnit *unit = unit_of(self, func);
    const IrValueRec *record = &unit->ir->values[value];
    if (depth > MAX_FOLLOW)
        return holder(HOLDER_UNKNOWN, 0);
    if (record->kind == IR_VALUE_PATH)
        return of_kept(self, way, func, record->a, depth);
    if (record->kind == IR_VALUE_ADDR)
        return of_place(self, way, func, record->a, depth);
    if (record->kind == IR_VALUE_BINARY) /* CONTAINING_RECORD, an element by its address */
        return holder(HOLDER_MANY, 0);
    if (record->kind != IR_VALUE_CALL)
        return holder(HOLDER_UNKNOWN, 0);
    OpId call = unit->op_base + record->a;
    const ProgTargets *targets = &self->inferred->program->targets[call];
    if (allocates(self, call))
        return holder(HOLDER_PRIVATE, HOLDER_ALLOCATED);
    return targets->len == 1 && is_of_device(self, func, record->a)
               ? holder(HOLDER_RESULT, targets->items[0])
               : holder(HOLDER_UNKNOWN, 0);
}

Holder holder_of_path(InferShared *self, const Way *way, FuncId func, IrPath path) {
    const IrUnit *unit = unit_of(self, func)->ir;
    bool element = false;
    while (unit->paths[path].kind == IR_PATH_INDEX) {
        path = unit->paths[path].a;
        element = true;
    }
    Holder found = unit->paths[path].kind == IR_PATH_FIELD
                       ? of_place(self, way, func, unit->paths[path].a, 0)
                       : of_place(self, way, func, path, 0);
    return element && found.kind != HOLDER_PRIVATE ? holder(HOLDER_MANY, 0) : found;
}

void holder_of_arguments(InferShared *self, const Way *way, FuncId func, IrOp call, Holder *out) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrOpRec *record = &unit->ops[call];
    for (uint32_t i = 0; record->kind == IR_OP_CALL && i < WAY_HOLDERS && i < record->c; i++)
        out[i] = of_value(self, way, func, unit->args[record->b + i], 0);
}

/* ---- sites ----------------------------------------------------------------------------------- */

/* The field or global that a path names; 0: neither, or none of the driver's. */
static uint32_t key_of(const InferShared *self, FuncId func, IrPath path) {
    const Program *program = self->inferred->program;
    const ProgUnit *unit = unit_of(self, func);
    while (unit->ir->paths[path].kind == IR_PATH_INDEX)
        path = unit->ir->paths[path].a;
    const IrPathRec *record = &unit->ir->paths[path];
    if (record->kind == IR_PATH_FIELD && program->field_is_driver[unit->fields[path]])
        return unit->fields[path];
    if (record->kind != IR_PATH_GLOBAL)
        return 0;
    uint32_t skip = IR_GLOBAL_CONST | IR_GLOBAL_MODEL;
    bool plain = (unit->ir->globals[record->a].flags & skip) == 0;
    return plain ? program->field_count + unit->globals[record->a] : 0;
}

/* True when the value is what the path holds, perhaps by way of a temporary. */
static bool is_old_value(InferShared *self, FuncId func, IrValue value, IrPath path) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrValueRec *record = &unit->values[value];
    if (record->kind != IR_VALUE_PATH)
        return false;
    if (record->a == path)
        return true;
    const IrPathRec *place = &unit->paths[record->a];
    if (place->kind != IR_PATH_LOCAL)
        return false;
    uint32_t first = program_ir(self->inferred->program, func)->first_local;
    if ((unit->locals[first + place->a].flags & IR_LOCAL_TEMP) == 0)
        return false;
    const IrValueRec *kept = &unit->values[store_of(self, func, place->a)->value];
    return kept->kind == IR_VALUE_PATH && kept->a == path;
}

static UpdateKind update_of(InferShared *self, FuncId func, IrPath path, IrValue value) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrValueRec *record = &unit->values[value];
    if (record->kind != IR_VALUE_BINARY || !is_old_value(self, func, record->b, path))
        return UPDATE_WRITE;
    const IrValueRec *other = &unit->values[record->c];
    bool negative = other->kind == IR_VALUE_CONST && ir_const(other) < 0;
    switch ((IrBinary)record->a) {
    case IR_ADD:
        return negative ? UPDATE_DOWN : UPDATE_UP;
    case IR_SUB:
        return negative ? UPDATE_UP : UPDATE_DOWN;
    case IR_AND:
    case IR_OR:
    case IR_XOR:
        return UPDATE_BITS;
    default:
        return UPDATE_WRITE;
    }
}

/* Where the pointer that is freed is kept: a field, perhaps by way of a variable. */
static IrPath kept_pointer(InferShared *self, FuncId func, IrValue value) {
    const IrUnit *unit = unit_of(self, func)->ir;
    const IrValueRec *record = &unit->values[value];
    if (record->kind != IR_VALUE_PATH)
        return 0;
    const IrPathRec *path = &unit->paths[record->a];
    if (path->kind != IR_PATH_LOCAL)
        return record->a;
    const LocalStore *store = store_of(self, func, path->a);
    const IrValueRec *kept = &unit->values[store->count == 1 ? store->value : 0];
    return kept->kind == IR_VALUE_PATH && unit->paths[kept->a].kind != IR_PATH_LOCAL ? kept->a : 0;
}

/* A call that relinks a list, or frees what a field points at. */
static void note_call(InferShared *self, FuncId func, IrOp op, FuncAccess *site) {
    const ProgUnit *unit = unit_of(self, func);
    const IrOpRec *record = &unit->ir->ops[op];
    const ProgTargets *targets = &self->inferred->program->targets[unit->op_base + op];
    const Ddi *ddi =
        targets->len == 1 ? self->inferred->program->funcs[targets->items[0]].ddi : NULL;
    for (unsigned m = 0; ddi != NULL && m < ddi->memory_count; m++) {
        const MemoryRole *role = &ddi->memory[m];
        if (role->arg >= record->c)
            continue;
        IrValue argument = unit->ir->args[record->b + role->arg];
        if (role->kind == MEM_RELINKS && unit->ir->values[argument].kind == IR_VALUE_ADDR) {
            site->path = unit->ir->values[argument].a;
            site->update = UPDATE_LINKS;
        } else if (role->kind == MEM_FREE) {
            site->path = kept_pointer(self, func, argument);
            site->update = UPDATE_FREE;
        }
    }
}

static void note_access(InferShared *self, FuncId func, IrOp op, void *data) {
    FuncAccesses *sites = data;
    const IrOpRec *record = &unit_of(self, func)->ir->ops[op];
    FuncAccess site = {.op = op, .path = record->a};
    if (record->kind == IR_OP_LOAD) {
        site.update = UPDATE_READ;
    } else if (record->kind == IR_OP_STORE) {
        site.update = update_of(self, func, record->a, record->b);
    } else if (record->kind == IR_OP_CALL) {
        site.path = 0;
        note_call(self, func, op, &site);
    } else {
        return;
    }
    site.key = site.path == 0 ? 0 : key_of(self, func, site.path);
    if (site.key != 0)
        array_push(sites, self->arena, site);
}

const FuncAccesses *shared_sites(InferShared *self, FuncId func) {
    if (self->of_func[func] == NULL) {
        self->of_func[func] = arena_new_of(self->arena, FuncAccesses);
        each_op(self, func, note_access, self->of_func[func]);
    }
    return self->of_func[func];
}
