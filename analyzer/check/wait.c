/* wait: loops that end only when a register of the device says so.
 *
 * A loop counts when each of its ways out is decided by what the loop itself reads from the device,
 * and it does nothing but read and let time pass. A counter, a clock, a flag of another thread that
 * decides any way out makes it bounded. So does, for this file, work: a loop that serves the device
 * (writes a register, drains a buffer) gets on with every round. Reads through the driver's own
 * functions count when all that they return comes from the device. Errs towards silence.
 */
#include "analyzer/check/internal.h"

enum { MAX_WRAPPERS = 4, MAX_WRAPPER_BLOCKS = 24, MAX_FOLLOWED = 8, MAX_READS = 16 };

/* Where a value comes from, the later beats the earlier. */
typedef enum Source {
    FROM_NOWHERE, /* the same in every round */
    FROM_ITSELF,  /* what the variable held in the round before */
    FROM_DEVICE,
    FROM_ELSEWHERE /* changes without the device, or may */
} Source;

/* A loop, or a whole function. */
typedef struct Scope {
    const Program *program;      /* the driver */
    FuncId func;                 /* the function */
    const IrUnit *unit;          /* its unit */
    const IrFuncRec *record;     /* its record */
    const bool *inside;          /* by block of the function: in the loop; NULL: all are */
    IrPath follow[MAX_FOLLOWED]; /* variables whose stores are being looked at … */
    unsigned depth;              /* … how many */
    unsigned wrappers;           /* functions around this one that it is looked at for */
    IrOp reads[MAX_READS];       /* calls that brought what decides … */
    unsigned read_count;         /* … how many */
} Scope;

static Scope scope_of(const Program *program, FuncId func, unsigned wrappers) {
    return (Scope){.program = program,
                   .func = func,
                   .unit = program_unit(program, func),
                   .record = program_ir(program, func),
                   .wrappers = wrappers};
}

static const IrBlockRec *block_at(const Scope *self, uint32_t block) {
    return &self->unit->blocks[self->record->first_block + block];
}

static bool is_inside(const Scope *self, uint32_t block) {
    return self->inside == NULL || self->inside[block];
}

static Source worse(Source a, Source b) {
    return a > b ? a : b;
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* True when the row says that the call reads the device into its result (arg 255) or into what that
 * argument points at. */
static bool reads_device(const Ddi *ddi, unsigned arg) {
    for (unsigned i = 0; ddi != NULL && i < ddi->memory_count; i++) {
        if (ddi->memory[i].kind == MEM_DEVICE_RESULT && ddi->memory[i].arg == arg)
            return true;
    }
    return false;
}

static Source source_of_function(const Program *program, FuncId func, unsigned wrappers);

static const ProgTargets *targets_at(const Scope *self, IrOp op) {
    return &self->program->targets[program_op_id(self->program, self->func, op)];
}

/* Where the result of a call comes from. */
static Source source_of_call(const Scope *self, IrOp op) {
    const ProgTargets *targets = targets_at(self, op);
    for (uint32_t t = 0; t < targets->len; t++) {
        const ProgFunc *callee = &self->program->funcs[targets->items[t]];
        bool device = callee->defined ? source_of_function(self->program, targets->items[t],
                                                           self->wrappers + 1) == FROM_DEVICE
                                      : reads_device(callee->ddi, 255);
        if (!device)
            return FROM_ELSEWHERE;
    }
    return targets->len != 0 ? FROM_DEVICE : FROM_ELSEWHERE;
}

static bool op_is_inside(const Scope *self, IrOp op) {
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_at(self, b);
        if (op >= block->first_op && op < block->first_op + block->op_count)
            return is_inside(self, b);
    }
    return false;
}

static void note_read(Scope *self, IrOp op) {
    for (unsigned i = 0; i < self->read_count; i++) {
        if (self->reads[i] == op)
            return;
    }
    if (self->read_count < MAX_READS)
        self->reads[self->read_count++] = op;
}

/* ---- values --------------------------------------------------------------------------------- */

static Source source_of_value(Scope *self, IrValue value);

/* True when `path` is the place or part of it. */
static bool is_part_of(const IrUnit *unit, IrPath path, IrPath place) {
    while (path != place &&
           (unit->paths[path].kind == IR_PATH_FIELD || unit->paths[path].kind == IR_PATH_INDEX))
        path = unit->paths[path].a;
    return path == place;
}

/* What a call inside may bring into the variable by its address. */
static Source source_by_address(Scope *self, IrOp op, IrPath path) {
    const IrOpRec *call = &self->unit->ops[op];
    for (uint32_t i = 0; i < call->c; i++) {
        const IrValueRec *arg = &self->unit->values[self->unit->args[call->b + i]];
        if (arg->kind != IR_VALUE_ADDR || !is_part_of(self->unit, path, arg->a))
            continue;
        const ProgTargets *targets = targets_at(self, op);
        for (uint32_t t = 0; t < targets->len; t++) {
            if (!reads_device(self->program->funcs[targets->items[t]].ddi, i))
                return FROM_ELSEWHERE;
        }
        note_read(self, op);
        return targets->len != 0 ? FROM_DEVICE : FROM_ELSEWHERE;
    }
    return FROM_NOWHERE;
}

static Source source_of_place(Scope *self, IrPath path) {
    for (unsigned i = 0; i < self->depth; i++) {
        if (self->follow[i] == path)
            return FROM_ITSELF;
    }
    if (self->depth == MAX_FOLLOWED)
        return FROM_ELSEWHERE;
    self->follow[self->depth++] = path;
    Source source = FROM_NOWHERE;
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_at(self, b);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *record = &self->unit->ops[op];
            if (!is_inside(self, b))
                break;
            if (record->kind == IR_OP_STORE && record->a == path)
                source = worse(source, source_of_value(self, record->b));
            else if (record->kind == IR_OP_STORE && is_part_of(self->unit, path, record->a))
                source = FROM_ELSEWHERE;
            else if (record->kind == IR_OP_CALL)
                source = worse(source, source_by_address(self, op, path));
        }
    }
    self->depth--;
    return source;
}

/* A mask or a shift of what was there before is no counter. */
static Source source_of_binary(Scope *self, const IrValueRec *record) {
    Source source = worse(source_of_value(self, record->b), source_of_value(self, record->c));
    bool bits = record->a >= IR_AND && record->a <= IR_SHR;
    Source itself = bits ? FROM_NOWHERE : FROM_ELSEWHERE;
    const IrValue sides[2] = {record->b, record->c};
    for (unsigned i = 0; i < 2; i++) {
        const IrValueRec *side = &self->unit->values[sides[i]];
        if (side->kind == IR_VALUE_PATH && source_of_value(self, sides[i]) == FROM_ITSELF)
            source = source == FROM_ITSELF ? itself : worse(source, itself);
    }
    return source;
}

static Source source_of_value(Scope *self, IrValue value) {
    const IrValueRec *record = &self->unit->values[value];
    switch ((IrValueKind)record->kind) {
    case IR_VALUE_CONST:
    case IR_VALUE_STRING:
    case IR_VALUE_ADDR:
    case IR_VALUE_FUNC:
        return FROM_NOWHERE;
    case IR_VALUE_PATH:
        return source_of_place(self, record->a);
    case IR_VALUE_CALL:
        if (!op_is_inside(self, record->a))
            return FROM_NOWHERE;
        note_read(self, record->a);
        return source_of_call(self, record->a);
    case IR_VALUE_UNARY:
        return source_of_value(self, record->b);
    case IR_VALUE_BINARY:
        return source_of_binary(self, record);
    default:
        return FROM_ELSEWHERE;
    }
}

/* True when a register decides every branch of the function. */
static bool device_decides_all(Scope *self) {
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_at(self, b);
        bool decides = block->term == IR_TERM_BRANCH || block->term == IR_TERM_SWITCH;
        if (decides && self->unit->values[block->cond].kind != IR_VALUE_CONST &&
            source_of_value(self, block->cond) != FROM_DEVICE)
            return false;
    }
    return self->read_count != 0;
}

/* Where what a function returns comes from: the device when every value returned does, or when
 * constants are and the device decides between them. A wrapper is small. */
static Source source_of_function(const Program *program, FuncId func, unsigned wrappers) {
    Scope self = scope_of(program, func, wrappers);
    if (wrappers > MAX_WRAPPERS || self.record->block_count > MAX_WRAPPER_BLOCKS)
        return FROM_ELSEWHERE;
    bool all_read = true;
    for (uint32_t b = 0; b < self.record->block_count; b++) {
        const IrBlockRec *block = block_at(&self, b);
        if (block->term != IR_TERM_RETURN)
            continue;
        Source source = source_of_value(&self, block->cond);
        if (source == FROM_ELSEWHERE)
            return source;
        all_read = all_read && source == FROM_DEVICE;
    }
    return all_read || device_decides_all(&self) ? FROM_DEVICE : FROM_ELSEWHERE;
}

/* ---- loops ---------------------------------------------------------------------------------- */

/* True when the call reads the device for the exit, or lets time pass. */
static bool only_waits(Scope *self, IrOp op) {
    for (unsigned i = 0; i < self->read_count; i++) {
        if (self->reads[i] == op)
            return true;
    }
    const ProgTargets *targets = targets_at(self, op);
    for (uint32_t t = 0; t < targets->len; t++) {
        const ProgFunc *callee = &self->program->funcs[targets->items[t]];
        bool stalls = callee->ddi != NULL && callee->ddi->blocking == BLOCK_BUSY;
        bool pauses = callee->is_model && self->unit->ops[op].c == 0;
        if (!stalls && !pauses)
            return false;
    }
    return targets->len != 0;
}

static bool is_idle_op(Scope *self, IrOp op) {
    const IrOpRec *record = &self->unit->ops[op];
    if (record->kind == IR_OP_CALL)
        return only_waits(self, op);
    if (record->kind != IR_OP_STORE)
        return record->kind != IR_OP_UNKNOWN;
    IrPath path = record->a;
    while (self->unit->paths[path].kind == IR_PATH_FIELD)
        path = self->unit->paths[path].a;
    return self->unit->paths[path].kind == IR_PATH_LOCAL ||
           source_of_value(self, record->b) == FROM_DEVICE;
}

static bool is_idle(Scope *self) {
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_at(self, b);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (self->inside[b] && !is_idle_op(self, op))
                return false;
        }
    }
    return true;
}

/* Blocks that may follow, of the function. */
static void find_next(const Scope *self, Arena *arena, uint32_t block, U32Array *next) {
    const IrBlockRec *record = block_at(self, block);
    uint32_t first = self->record->first_block;
    next->len = 0;
    if (record->term == IR_TERM_SWITCH) {
        for (uint32_t i = record->a; i < record->a + record->b; i++)
            array_push(next, arena, self->unit->cases[i].target - first);
        array_push(next, arena, record->c - first);
        return;
    }
    bool branch = record->term == IR_TERM_BRANCH;
    const IrValueRec *cond = &self->unit->values[record->cond];
    bool fixed = branch && cond->kind == IR_VALUE_CONST;
    if ((branch && (!fixed || ir_const(cond) != 0)) || record->term == IR_TERM_GOTO)
        array_push(next, arena, record->a - first);
    if (branch && (!fixed || ir_const(cond) == 0))
        array_push(next, arena, record->b - first);
}

/* True when the device decides every way out, and there is one. */
static bool device_decides(Scope *self, Arena *arena) {
    bool any = false;
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        U32Array next = {0};
        bool leaves = false;
        if (self->inside[b])
            find_next(self, arena, b, &next);
        for (uint32_t i = 0; i < next.len; i++)
            leaves = leaves || !self->inside[next.items[i]];
        if (leaves && source_of_value(self, block_at(self, b)->cond) != FROM_DEVICE)
            return false;
        any = any || leaves;
    }
    return any;
}

/* The blocks from which `tail` is reached without passing `head`, and both. */
static bool *loop_of(const Scope *self, Arena *arena, uint32_t head, uint32_t tail) {
    uint32_t count = self->record->block_count;
    bool *inside = arena_array_of(arena, bool, count);
    inside[head] = inside[tail] = true;
    U32Array next = {0};
    for (bool grown = head != tail; grown;) {
        grown = false;
        for (uint32_t b = 0; b < count; b++) {
            if (inside[b])
                continue;
            find_next(self, arena, b, &next);
            for (uint32_t i = 0; i < next.len && !inside[b]; i++)
                inside[b] = inside[next.items[i]] && next.items[i] != head;
            grown = grown || inside[b];
        }
    }
    return inside;
}

typedef struct Search {
    RuleRun *run;         /* the run */
    WaitVisitor *visit;   /* whom to tell */
    uint8_t *state;       /* by block: 1 on the way, 2 done */
    Array(uint64_t) ends; /* (head << 32 | tail) of each jump back */
} Search;

/* Jumps back to a block that is on the way, by depth-first search. */
static void find_jumps_back(const Scope *self, Search *search) {
    Arena *arena = search->run->arena;
    search->state = arena_array_of(arena, uint8_t, self->record->block_count);
    search->ends.len = 0;
    U32Array way = {0}, next = {0};
    array_push(&way, arena, 0);
    while (way.len != 0) {
        uint32_t block = way.items[way.len - 1];
        bool first = search->state[block] == 0;
        bool deeper = false;
        search->state[block] = 1;
        find_next(self, arena, block, &next);
        for (uint32_t i = 0; i < next.len; i++) {
            uint32_t to = next.items[i];
            if (search->state[to] == 1 && first)
                array_push(&search->ends, arena, (uint64_t)to << 32 | block);
            if (search->state[to] == 0 && !deeper) {
                array_push(&way, arena, to);
                deeper = true;
            }
        }
        if (!deeper) {
            search->state[block] = 2;
            way.len--;
        }
    }
}

/* The loop of all jumps back to one head. */
static bool *whole_loop(const Scope *self, const Search *search, uint32_t index) {
    uint32_t head = (uint32_t)(search->ends.items[index] >> 32);
    bool *inside = NULL;
    for (uint32_t i = 0; i < search->ends.len; i++) {
        if (search->ends.items[i] >> 32 != head)
            continue;
        bool *part = loop_of(self, search->run->arena, head, (uint32_t)search->ends.items[i]);
        if (inside == NULL && i != index)
            return NULL; /* seen with the first of them */
        for (uint32_t b = 0; inside != NULL && b < self->record->block_count; b++)
            inside[b] = inside[b] || part[b];
        inside = inside != NULL ? inside : part;
    }
    return inside;
}

static void visit_loops(const Program *program, FuncId func, Search *search) {
    Scope self = scope_of(program, func, 0);
    find_jumps_back(&self, search);
    for (uint32_t i = 0; i < search->ends.len; i++) {
        self.inside = whole_loop(&self, search, i);
        self.read_count = 0;
        if (self.inside == NULL || !device_decides(&self, search->run->arena) ||
            self.read_count == 0 || !is_idle(&self))
            continue;
        OpId read = program_op_id(program, func, self.reads[0]);
        DeviceWait wait = {func, read, inferred_at(search->run->inferred, func, read)};
        search->visit(search->run, &wait);
    }
}

void run_each_device_wait(RuleRun *run, WaitVisitor *visit) {
    const Program *program = run_program(run);
    Search search = {.run = run, .visit = visit};
    for (FuncId func = 1; func < program->func_count; func++) {
        if (program->funcs[func].defined && program_ir(program, func)->block_count != 0)
            visit_loops(program, func, &search);
    }
}
