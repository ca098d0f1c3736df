/* requests: completion routines and variables of requests that the driver itself made.
 *
 * The buffers of such a request are the driver's own: its fields for user addresses hold kernel
 * addresses. Where a request goes is followed from the routine that makes it through variables,
 * fields of any object, arguments and results, whatever the order. Errs towards "made by the
 * driver": a variable that holds one such request counts, whatever else it holds.
 */
#include "analyzer/link/internal.h"

/* What may hold a request: a kind in the upper half, an id in the lower. */
typedef uint64_t Holder;
enum { HOLD_NOTHING, HOLD_LOCAL, HOLD_POINTED, HOLD_GLOBAL, HOLD_FIELD, HOLD_RESULT };

typedef struct Requests {
    Linker *linker;  /* the driver */
    Map64 *made;     /* holders of requests that the driver made */
    bool grew;       /* another one was found in this pass */
    uint32_t *first; /* by FuncId: number of its local 0 in the driver */
} Requests;

static Holder holder(unsigned kind, uint32_t id) {
    return (Holder)kind << 32 | id;
}

static void add(Requests *self, Holder place) {
    bool created;
    if (place == HOLD_NOTHING)
        return;
    map64_put(self->made, place, &created);
    self->grew = self->grew || created;
}

static Holder holder_of_path(const Requests *self, FuncId func, const ProgUnit *unit, IrPath path) {
    const IrPathRec *record = &unit->ir->paths[path];
    while (record->kind == IR_PATH_INDEX) {
        path = record->a;
        record = &unit->ir->paths[path];
    }
    if (record->kind == IR_PATH_LOCAL && func != 0)
        return holder(HOLD_LOCAL, self->first[func] + record->a);
    if (record->kind == IR_PATH_GLOBAL)
        return holder(HOLD_GLOBAL, unit->globals[record->a]);
    if (record->kind == IR_PATH_FIELD)
        return holder(HOLD_FIELD, unit->fields[path]);
    if (record->kind != IR_PATH_DEREF)
        return HOLD_NOTHING;
    const IrValueRec *pointer = &unit->ir->values[record->a];
    if (pointer->kind == IR_VALUE_ADDR)
        return holder_of_path(self, func, unit, pointer->a);
    if (pointer->kind != IR_VALUE_PATH || func == 0 ||
        unit->ir->paths[pointer->a].kind != IR_PATH_LOCAL)
        return HOLD_NOTHING;
    return holder(HOLD_POINTED, self->first[func] + unit->ir->paths[pointer->a].a);
}

static bool has_role(const Ddi *ddi, MemoryKind kind, unsigned arg) {
    for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind == kind && ddi->memory[i].arg == arg)
            return true;
    }
    return false;
}

static bool is_made_by_call(const Requests *self, const ProgUnit *unit, IrOp op) {
    const Program *program = self->linker->program;
    const ProgTargets *targets = &program->targets[unit->op_base + op];
    for (uint32_t t = 0; t < targets->len; t++) {
        if (has_role(program->funcs[targets->items[t]].ddi, MEM_OWN_REQUEST, 255) ||
            map64_get(self->made, holder(HOLD_RESULT, targets->items[t])) != NULL)
            return true;
    }
    return false;
}

static bool is_made(const Requests *self, FuncId func, const ProgUnit *unit, IrValue value) {
    const IrValueRec *record = &unit->ir->values[value];
    if (record->kind == IR_VALUE_CALL)
        return is_made_by_call(self, unit, record->a);
    if (record->kind != IR_VALUE_PATH)
        return false;
    Holder place = holder_of_path(self, func, unit, record->a);
    return place != HOLD_NOTHING && map64_get(self->made, place) != NULL;
}

/* An argument of a function with a body: the request goes in, or comes out through a pointer. */
static void pass(Requests *self, FuncId func, const ProgUnit *unit, IrValue value, FuncId callee,
                 uint32_t param) {
    const IrValueRec *record = &unit->ir->values[value];
    Holder pointed = holder(HOLD_POINTED, self->first[callee] + param);
    if (is_made(self, func, unit, value))
        add(self, holder(HOLD_LOCAL, self->first[callee] + param));
    if (map64_get(self->made, pointed) == NULL)
        return;
    if (record->kind == IR_VALUE_ADDR)
        add(self, holder_of_path(self, func, unit, record->a));
    else if (record->kind == IR_VALUE_PATH && func != 0 &&
             unit->ir->paths[record->a].kind == IR_PATH_LOCAL)
        add(self, holder(HOLD_POINTED, self->first[func] + unit->ir->paths[record->a].a));
}

static void visit_call(Requests *self, FuncId func, const ProgUnit *unit, const IrOpRec *call,
                       const ProgTargets *targets) {
    const Program *program = self->linker->program;
    for (uint32_t t = 0; t < targets->len; t++) {
        const ProgFunc *callee = &program->funcs[targets->items[t]];
        uint32_t params = callee->defined ? program_ir(program, targets->items[t])->param_count : 0;
        for (uint32_t i = 0; i < call->c; i++) {
            IrValue value = unit->ir->args[call->b + i];
            if (i < params)
                pass(self, func, unit, value, targets->items[t], i);
            else if (has_role(callee->ddi, MEM_OWN_REQUEST, i) &&
                     unit->ir->values[value].kind == IR_VALUE_PATH)
                add(self, holder_of_path(self, func, unit, unit->ir->values[value].a));
        }
    }
}

static void visit_op(Linker *linker, FuncId func, const ProgUnit *unit, IrOp op, void *data) {
    Requests *self = data;
    const IrOpRec *record = &unit->ir->ops[op];
    if (record->kind == IR_OP_STORE && is_made(self, func, unit, record->b))
        add(self, holder_of_path(self, func, unit, record->a));
    else if (record->kind == IR_OP_CALL)
        visit_call(self, func, unit, record, &linker->program->targets[unit->op_base + op]);
}

static void visit_returns(Requests *self, FuncId func) {
    const Program *program = self->linker->program;
    const ProgUnit *unit = &program->units[program->funcs[func].unit];
    const IrFuncRec *record = program_ir(program, func);
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
        if (block->term == IR_TERM_RETURN && block->cond != 0 &&
            is_made(self, func, unit, block->cond))
            add(self, holder(HOLD_RESULT, func));
    }
}

static bool makes_any(const Program *program) {
    for (FuncId func = 1; func < program->func_count; func++) {
        const Ddi *ddi = program->funcs[func].ddi;
        for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
            if (ddi->memory[i].kind == MEM_OWN_REQUEST)
                return true;
        }
    }
    return false;
}

static bool is_own(const Requests *self, const ProgRoot *root) {
    const Program *program = self->linker->program;
    if (root->via != ROOT_BY_ARGUMENT || root->in_func == 0)
        return false;
    const ProgUnit *unit = &program->units[program->funcs[root->in_func].unit];
    const IrOpRec *call = program_op(program, root->in_func, root->op);
    const ProgTargets *targets = &program->targets[root->op];
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = program->funcs[targets->items[t]].ddi;
        for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
            if (ddi->memory[i].kind == MEM_COMPLETION_OF && ddi->memory[i].arg < call->c &&
                is_made(self, root->in_func, unit, unit->ir->args[call->b + ddi->memory[i].arg]))
                return true;
        }
    }
    return false;
}

/* Parameters are left out: other callers may pass other requests. */
static const bool *own_locals(const Requests *self, FuncId func) {
    const IrFuncRec *record = program_ir(self->linker->program, func);
    bool *own = NULL;
    for (uint32_t i = record->param_count; i < record->local_count; i++) {
        if (map64_get(self->made, holder(HOLD_LOCAL, self->first[func] + i)) == NULL)
            continue;
        if (own == NULL)
            own = arena_array_of(self->linker->arena, bool, record->local_count);
        own[i] = true;
    }
    return own;
}

static void keep_locals(Requests *self) {
    Program *program = self->linker->program;
    const bool **own = arena_array_of(self->linker->arena, const bool *, program->func_count);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (program->funcs[func].defined)
            own[func] = own_locals(self, func);
    }
    program->own_requests = own;
}

void requests_mark_own(Linker *linker) {
    Program *program = linker->program;
    if (!makes_any(program))
        return;
    Requests self = {.linker = linker, .made = map64_new(linker->arena), .grew = true};
    self.first = arena_array_of(linker->arena, uint32_t, program->func_count);
    uint32_t next = 1;
    for (FuncId func = 1; func < program->func_count; func++) {
        self.first[func] = next;
        next += program_ir(program, func)->local_count + 1;
    }
    while (self.grew) {
        self.grew = false;
        linker_each_op(linker, visit_op, &self);
        for (FuncId func = 1; func < program->func_count; func++) {
            if (program->funcs[func].defined)
                visit_returns(&self, func);
        }
    }
    for (uint32_t i = 0; i < linker->roots.len; i++)
        linker->roots.items[i].own_request = is_own(&self, &linker->roots.items[i]);
    keep_locals(&self);
}
