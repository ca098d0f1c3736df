/* slots: where function pointers point.
 *
 * Flow-insensitive, inclusion-based, field-based: one slot per local, global, struct field (by
 * struct type and field name, whatever the object) and function result; a copy is an edge; targets
 * of indirect calls add the edges of their arguments. Levels of indirection are not told apart: a
 * pointer to a table of function pointers has the table's functions.
 *
 * Errs towards more targets within one struct type; misses functions that travel through memory the
 * driver does not describe (untyped buffers).
 */
#include "analyzer/link/internal.h"

#include <stdlib.h>

typedef struct Slot {
    U32Array funcs; /* FuncIds it may hold, sorted */
    U32Array to;    /* slots its content flows to */
    bool queued;    /* on the worklist */
} Slot;

typedef struct CallSite {
    FuncId func;          /* caller (0: initialiser) */
    const ProgUnit *unit; /* its unit */
    IrOp op;              /* the call */
    uint32_t callee;      /* slot of the pointer called through, UINT32_MAX: direct */
    U32Array bound;       /* FuncIds whose parameters are already connected */
} CallSite;

struct Slots {
    Linker *linker;        /* symbols */
    Slot *slots;           /* by slot id */
    uint32_t field_base;   /* slot of field 0 */
    uint32_t global_base;  /* slot of global 0 */
    uint32_t return_base;  /* slot of function 0's result */
    uint32_t nowhere;      /* slot of what is not described: never read */
    U32Array *overriders;  /* by FuncId: methods that override it, at any depth */
    U32Array worklist;     /* slots whose content grew */
    Array(CallSite) calls; /* every call of the driver */
};

static bool set_add(Arena *arena, U32Array *set, uint32_t item) {
    uint32_t low = 0, high = set->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < set->len && set->items[low] == item)
        return false;
    array_push(set, arena, item);
    memmove(set->items + low + 1, set->items + low, sizeof(uint32_t) * (set->len - 1 - low));
    set->items[low] = item;
    return true;
}

static uint32_t slot_of_path(Slots *self, FuncId func, const ProgUnit *unit, IrPath path);

/* The slot whose content a value is, or `nowhere`. Functions named directly go to *direct. */
static uint32_t slot_of_value(Slots *self, FuncId func, const ProgUnit *unit, IrValue value,
                              FuncId *direct) {
    const IrValueRec *record = &unit->ir->values[value];
    *direct = 0;
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_FUNC:
        *direct = unit->funcs[record->a];
        return self->nowhere;
    case IR_VALUE_PATH:
    case IR_VALUE_ADDR:
        return slot_of_path(self, func, unit, record->a);
    case IR_VALUE_CALL: {
        /* results of direct calls only: the rest is found when the call's targets are known */
        const IrOpRec *call = &unit->ir->ops[record->a];
        const IrValueRec *callee = &unit->ir->values[call->a];
        if (call->kind == IR_OP_CALL && callee->kind == IR_VALUE_FUNC)
            return self->return_base + unit->funcs[callee->a];
        return self->nowhere;
    }
    default:
        return self->nowhere;
    }
}

static uint32_t slot_of_path(Slots *self, FuncId func, const ProgUnit *unit, IrPath path) {
    FuncId ignored;
    for (;;) {
        const IrPathRec *record = &unit->ir->paths[path];
        switch ((IrPathKind)record->kind) {
        case IR_PATH_LOCAL:
            return func == 0 ? self->nowhere : self->linker->slot_base[func] + record->a;
        case IR_PATH_GLOBAL:
            return self->global_base + unit->globals[record->a];
        case IR_PATH_FIELD:
            return self->field_base + unit->fields[path];
        case IR_PATH_INDEX:
            path = record->a;
            break;
        case IR_PATH_DEREF:
            return slot_of_value(self, func, unit, record->a, &ignored);
        default:
            return self->nowhere;
        }
    }
}

static void enqueue(Slots *self, uint32_t slot) {
    if (!self->slots[slot].queued) {
        self->slots[slot].queued = true;
        array_push(&self->worklist, self->linker->arena, slot);
    }
}

static void add_func(Slots *self, uint32_t slot, FuncId func) {
    if (slot != self->nowhere && set_add(self->linker->arena, &self->slots[slot].funcs, func))
        enqueue(self, slot);
}

static void add_edge(Slots *self, uint32_t from, uint32_t to) {
    if (from == self->nowhere || to == self->nowhere || from == to)
        return;
    if (!set_add(self->linker->arena, &self->slots[from].to, to))
        return;
    if (self->slots[from].funcs.len != 0)
        enqueue(self, from);
}

static void flow(Slots *self, FuncId func, const ProgUnit *unit, IrValue value, uint32_t to) {
    FuncId direct;
    uint32_t from = slot_of_value(self, func, unit, value, &direct);
    if (direct != 0)
        add_func(self, to, direct);
    else
        add_edge(self, from, to);
}

/* ---- virtual methods ----------------------------------------------------------------------- */

static void add_overriders(Slots *self, const U32Array *direct, FuncId base, U32Array *all) {
    for (uint32_t i = 0; i < direct[base].len; i++) {
        FuncId method = direct[base].items[i];
        if (set_add(self->linker->arena, all, method))
            add_overriders(self, direct, method, all);
    }
}

static void find_overriders(Slots *self) {
    Arena *arena = self->linker->arena;
    const Program *program = self->linker->program;
    U32Array *direct = arena_array_of(arena, U32Array, program->func_count);
    self->overriders = arena_array_of(arena, U32Array, program->func_count);
    for (uint32_t u = 0; u < program->unit_count; u++) {
        const ProgUnit *unit = &program->units[u];
        for (uint32_t i = 1; i < unit->ir->overrides_len; i++) {
            const IrOverrideRec *record = &unit->ir->overrides[i];
            set_add(arena, &direct[unit->funcs[record->base]], unit->funcs[record->method]);
        }
    }
    for (FuncId base = 1; base < program->func_count; base++)
        add_overriders(self, direct, base, &self->overriders[base]);
}

/* ---- calls --------------------------------------------------------------------------------- */

/* Connects a call's arguments with the parameters of one target. */
static void bind_target(Slots *self, CallSite *call, FuncId target) {
    const Program *program = self->linker->program;
    if (!program->funcs[target].defined || !set_add(self->linker->arena, &call->bound, target))
        return;
    const IrOpRec *record = &call->unit->ir->ops[call->op];
    uint32_t params = program_ir(program, target)->param_count;
    for (uint32_t i = 0; i < record->c && i < params; i++)
        flow(self, call->func, call->unit, call->unit->ir->args[record->b + i],
             self->linker->slot_base[target] + i);
}

static bool is_virtual(const IrOpRec *call) {
    return (call->flags & IR_OP_VIRTUAL) != 0;
}

static void visit_op(Linker *linker, FuncId func, const ProgUnit *unit, IrOp op, void *data) {
    Slots *self = data;
    const IrOpRec *record = &unit->ir->ops[op];
    if (record->kind == IR_OP_STORE) {
        flow(self, func, unit, record->b, slot_of_path(self, func, unit, record->a));
    } else if (record->kind == IR_OP_CALL) {
        FuncId direct;
        CallSite call = {func, unit, op, slot_of_value(self, func, unit, record->a, &direct), {0}};
        if (direct != 0) {
            call.callee = UINT32_MAX;
            bind_target(self, &call, direct);
            for (uint32_t i = 0; is_virtual(record) && i < self->overriders[direct].len; i++)
                bind_target(self, &call, self->overriders[direct].items[i]);
        }
        array_push(&self->calls, linker->arena, call);
    }
}

/* What a function returns; the result of a virtual method may be that of its overriders. */
static void add_returns(Slots *self) {
    const Program *program = self->linker->program;
    for (FuncId id = 1; id < program->func_count; id++) {
        for (uint32_t i = 0; i < self->overriders[id].len; i++)
            add_edge(self, self->return_base + self->overriders[id].items[i],
                     self->return_base + id);
        if (!program->funcs[id].defined)
            continue;
        const ProgUnit *unit = &program->units[program->funcs[id].unit];
        const IrFuncRec *record = program_ir(program, id);
        for (uint32_t b = 0; b < record->block_count; b++) {
            const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
            if (block->term == IR_TERM_RETURN && block->cond != 0)
                flow(self, id, unit, block->cond, self->return_base + id);
        }
    }
}

static void propagate(Slots *self) {
    for (uint32_t next = 0; next < self->worklist.len; next++) {
        uint32_t id = self->worklist.items[next];
        self->slots[id].queued = false;
        for (uint32_t t = 0; t < self->slots[id].to.len; t++) {
            for (uint32_t f = 0; f < self->slots[id].funcs.len; f++)
                add_func(self, self->slots[id].to.items[t], self->slots[id].funcs.items[f]);
        }
    }
    self->worklist.len = 0;
}

/* Connects indirect calls with the targets known so far; true when something new came out. */
static bool bind_indirect(Slots *self) {
    uint32_t before = self->worklist.len;
    bool bound = false;
    for (uint32_t i = 0; i < self->calls.len; i++) {
        CallSite *call = &self->calls.items[i];
        if (call->callee == UINT32_MAX)
            continue;
        const U32Array *funcs = &self->slots[call->callee].funcs;
        for (uint32_t f = 0; f < funcs->len; f++) {
            uint32_t had = call->bound.len;
            bind_target(self, call, funcs->items[f]);
            bound = bound || call->bound.len != had;
        }
    }
    return bound || self->worklist.len != before;
}

/* Where a direct call may go. A pure method of an interface that the driver declares is implemented
 * by the driver; one of the kernel's may be implemented by others and stands for them. */
static U32Array direct_targets(Slots *self, const IrOpRec *record, FuncId direct) {
    const Program *program = self->linker->program;
    const U32Array *overriders = &self->overriders[direct];
    bool own = (program_ir(program, direct)->flags & IR_FUNC_PURE) != 0 &&
               !program->funcs[direct].is_model;
    U32Array set = {0};
    if (!is_virtual(record) || overriders->len == 0 || !own)
        set_add(self->linker->arena, &set, direct);
    for (uint32_t i = 0; is_virtual(record) && i < overriders->len; i++)
        set_add(self->linker->arena, &set, overriders->items[i]);
    return set;
}

static void set_targets(Slots *self) {
    Program *program = self->linker->program;
    program->targets = arena_array_of(self->linker->arena, ProgTargets, program->op_count);
    for (uint32_t i = 0; i < self->calls.len; i++) {
        const CallSite *call = &self->calls.items[i];
        const IrOpRec *record = &call->unit->ir->ops[call->op];
        ProgTargets *targets = &program->targets[call->unit->op_base + call->op];
        U32Array set = {0};
        if (call->callee == UINT32_MAX) {
            FuncId direct = call->unit->funcs[call->unit->ir->values[record->a].a];
            set = direct_targets(self, record, direct);
            targets->complete = set.len == 1;
        } else {
            set = self->slots[call->callee].funcs;
        }
        targets->items = set.items;
        targets->len = set.len;
        if (set.len == 0)
            program->unresolved_calls++;
    }
}

static void number_slots(Slots *self) {
    Linker *linker = self->linker;
    const Program *program = linker->program;
    uint32_t *base = arena_array_of(linker->arena, uint32_t, program->func_count + 1);
    uint32_t next = 0;
    for (FuncId id = 1; id < program->func_count; id++) {
        base[id] = next;
        next += program->funcs[id].defined ? program_ir(program, id)->local_count : 0;
    }
    linker->slot_base = base;
    self->field_base = next;
    self->global_base = self->field_base + program->field_count;
    self->return_base = self->global_base + program->global_count;
    self->nowhere = self->return_base + program->func_count;
    self->slots = arena_array_of(linker->arena, Slot, self->nowhere + 1);
}

Slots *slots_solve(Linker *linker) {
    Slots *self = arena_new_of(linker->arena, Slots);
    self->linker = linker;
    number_slots(self);
    find_overriders(self);
    linker_each_op(linker, visit_op, self);
    add_returns(self);
    do {
        propagate(self);
    } while (bind_indirect(self));
    set_targets(self);
    return self;
}

ProgTargets slots_of_value(Slots *self, FuncId func, const ProgUnit *unit, IrValue value) {
    FuncId direct;
    uint32_t slot = slot_of_value(self, func, unit, value, &direct);
    if (direct != 0) {
        FuncId *item = arena_new_of(self->linker->arena, FuncId);
        *item = direct;
        return (ProgTargets){item, 1, true};
    }
    const U32Array *funcs = &self->slots[slot].funcs;
    return (ProgTargets){funcs->items, funcs->len, false};
}
