/* fetch: locations of the requester's memory that a function reads twice, so that what it checked
 * and what it uses may differ.
 *
 * A location is an expression of one function. Two reads of it are a pair when the second can
 * follow the first with nothing in between that changes what the expression means, the first value
 * was checked (compared with a limit, probed, allocated for), and the second one is used where the
 * check matters: as a size, an index, a pointer. A value captured in a variable that is checked
 * again is fine. Errs towards silence: reads in different functions, and whole structures copied
 * twice, are not seen.
 */
#include "analyzer/check/internal.h"

/* A read of user memory. */
typedef struct Fetch {
    IrOp op;         /* the load */
    uint32_t block;  /* its block, of the function */
    IrPath path;     /* the location */
    SitePairs pairs; /* where it is memory that the requester passed in */
} Fetch;

enum { MAX_NAMES = 8 };

/* The names under which a value that was read is known: the location, then locals that hold it. */
typedef struct Names {
    IrPath items[MAX_NAMES]; /* paths */
    unsigned len;            /* how many */
} Names;

typedef struct Fetches {
    RuleRun *run;            /* the run */
    FetchVisitor *visit;     /* whom to tell */
    FuncId func;             /* function at hand */
    const IrUnit *unit;      /* its unit */
    const IrFuncRec *record; /* its record */
    Array(Fetch) found;      /* its reads of user memory */
} Fetches;

static const IrBlockRec *block_of(const Fetches *self, uint32_t block) {
    return &self->unit->blocks[self->record->first_block + block];
}

/* What takes the value: an operation, or 0 with the block's terminator; false: nothing does. */
static bool find_consumer(const Fetches *self, const Fetch *fetch, IrOp *consumer) {
    const IrBlockRec *block = block_of(self, fetch->block);
    for (IrOp op = fetch->op + 1; op < block->first_op + block->op_count; op++) {
        const IrOpRec *record = &self->unit->ops[op];
        *consumer = op;
        if (record->kind == IR_OP_LOAD && record->a == fetch->path)
            return false; /* read once more before anything uses it */
        if (mention_in_op(self->unit, record, fetch->path) != 0)
            return true;
    }
    *consumer = 0;
    bool ordered;
    return block->cond != 0 && mention_is_limit(self->unit, block->cond, fetch->path, &ordered);
}

/* ---- variables that hold the value ---------------------------------------------------------- */

static bool has_name(const Names *names, IrPath path) {
    for (unsigned i = 0; i < names->len; i++) {
        if (names->items[i] == path)
            return true;
    }
    return false;
}

static bool is_local(const IrUnit *unit, IrPath path) {
    return unit->paths[path].kind == IR_PATH_LOCAL;
}

/* True when every store to the local is of the value, or of a constant. */
static bool holds_only(const Fetches *self, IrPath local, const Names *names) {
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_of(self, b);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *record = &self->unit->ops[op];
            bool known = record->kind != IR_OP_STORE || record->a != local ||
                         self->unit->values[record->b].kind == IR_VALUE_CONST;
            for (unsigned i = 0; i < names->len && !known; i++)
                known = mention_in_value(self->unit, record->b, names->items[i]) == MENTION_PLAIN;
            if (!known)
                return false;
        }
    }
    return true;
}

/* Adds the local that the operation stores the value in; false when it stores it elsewhere, or the
 * local holds other things too. */
static bool add_name(const Fetches *self, const IrOpRec *store, Names *names) {
    if (!is_local(self->unit, store->a) || names->len == MAX_NAMES)
        return false;
    if (has_name(names, store->a))
        return true;
    if (!holds_only(self, store->a, names))
        return false;
    names->items[names->len++] = store->a;
    return true;
}

/* Names of the value read there and captured by `capture`; the location itself is the first. */
static void follow_capture(const Fetches *self, const Fetch *fetch, IrOp capture, Names *names) {
    *names = (Names){{fetch->path}, 1};
    if (!add_name(self, &self->unit->ops[capture], names))
        return;
    for (unsigned n = 1; n < names->len; n++) {
        for (uint32_t b = 0; b < self->record->block_count; b++) {
            const IrBlockRec *block = block_of(self, b);
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
                const IrOpRec *record = &self->unit->ops[op];
                if (record->kind == IR_OP_STORE &&
                    mention_in_value(self->unit, record->b, names->items[n]) == MENTION_PLAIN)
                    add_name(self, record, names);
            }
        }
    }
}

/* ---- checks --------------------------------------------------------------------------------- */

/* How a value was checked. */
enum {
    CHECK_LIMIT = 1,   /* compared with something that is not 0 */
    CHECK_ORDERED = 2, /* … by < or > */
    CHECK_PROBE = 4,   /* probed as an address */
    CHECK_SIZE = 8     /* probed, or allocated, that many bytes */
};

static const ProgTargets *targets_of(const Fetches *self, IrOp op) {
    const Program *program = run_program(self->run);
    return &program->targets[program_op_id(program, self->func, op)];
}

static unsigned check_by_ddi(const Fetches *self, const IrOpRec *call, const Ddi *ddi,
                             IrPath name) {
    unsigned checks = 0;
    for (unsigned m = 0; m < ddi->memory_count; m++) {
        const MemoryRole *role = &ddi->memory[m];
        if (role->kind != MEM_PROBE && role->kind != MEM_ALLOC)
            continue;
        for (uint32_t i = 0; i < call->c; i++) {
            unsigned uses = mention_in_pointer(self->unit, self->unit->args[call->b + i], name);
            if (role->kind == MEM_PROBE && role->arg == i)
                checks |= (uses & MENTION_POINTER) != 0 ? CHECK_PROBE : 0;
            else if ((uses & (MENTION_POINTER | MENTION_INDEX)) != 0)
                checks |= CHECK_SIZE;
        }
    }
    return checks;
}

static unsigned check_by_call(const Fetches *self, IrOp op, IrPath name) {
    const ProgTargets *targets = targets_of(self, op);
    unsigned checks = 0;
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = run_program(self->run)->funcs[targets->items[t]].ddi;
        checks |= ddi == NULL ? 0 : check_by_ddi(self, &self->unit->ops[op], ddi, name);
    }
    return checks;
}

static unsigned check_by_branch(const Fetches *self, uint32_t b, IrPath name) {
    const IrBlockRec *block = block_of(self, b);
    bool ordered;
    if (block->term != IR_TERM_BRANCH || !mention_is_limit(self->unit, block->cond, name, &ordered))
        return 0;
    return CHECK_LIMIT | (ordered ? CHECK_ORDERED : 0);
}

/* How a captured value is checked, anywhere in the function. */
static unsigned checks_of_names(const Fetches *self, const Names *names) {
    unsigned checks = 0;
    for (unsigned n = 1; n < names->len; n++) {
        for (uint32_t b = 0; b < self->record->block_count; b++) {
            const IrBlockRec *block = block_of(self, b);
            checks |= check_by_branch(self, b, names->items[n]);
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
                if (self->unit->ops[op].kind == IR_OP_CALL)
                    checks |= check_by_call(self, op, names->items[n]);
            }
        }
    }
    return checks;
}

static unsigned checks_of(const Fetches *self, const Fetch *fetch, IrOp consumer) {
    if (consumer == 0)
        return check_by_branch(self, fetch->block, fetch->path);
    if (self->unit->ops[consumer].kind == IR_OP_CALL)
        return check_by_call(self, consumer, fetch->path);
    if (self->unit->ops[consumer].kind != IR_OP_STORE)
        return 0;
    Names names;
    follow_capture(self, fetch, consumer, &names);
    return checks_of_names(self, &names);
}

/* ---- uses ----------------------------------------------------------------------------------- */

/* A routine that copies takes the value as an address or a size. */
static unsigned use_by_ddi(const Fetches *self, const IrOpRec *call, const Ddi *ddi, IrPath name) {
    unsigned uses = 0;
    uint32_t addresses = 0;
    for (unsigned m = 0; m < ddi->memory_count; m++) {
        const MemoryRole *role = &ddi->memory[m];
        if ((role->kind != MEM_CAPTURE_SRC && role->kind != MEM_CAPTURE_DST) ||
            role->arg >= call->c)
            continue;
        addresses |= 1u << role->arg;
        uses |= mention_in_pointer(self->unit, self->unit->args[call->b + role->arg], name);
    }
    for (uint32_t i = 0; addresses != 0 && i < call->c && i < 32; i++) {
        if ((addresses >> i & 1) == 0 &&
            mention_in_value(self->unit, self->unit->args[call->b + i], name) == MENTION_PLAIN)
            uses |= MENTION_SIZE;
    }
    return uses;
}

static unsigned use_by_op(const Fetches *self, IrOp op, IrPath name) {
    const IrOpRec *record = &self->unit->ops[op];
    unsigned uses = mention_in_op(self->unit, record, name) & ~(unsigned)MENTION_PLAIN;
    if (record->kind != IR_OP_CALL)
        return uses;
    const ProgTargets *targets = targets_of(self, op);
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = run_program(self->run)->funcs[targets->items[t]].ddi;
        uses |= ddi == NULL ? 0 : use_by_ddi(self, record, ddi, name);
    }
    return uses;
}

static unsigned uses_of_names(const Fetches *self, const Names *names) {
    unsigned uses = 0;
    for (unsigned n = 1; n < names->len; n++) {
        for (uint32_t b = 0; b < self->record->block_count; b++) {
            const IrBlockRec *block = block_of(self, b);
            for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++)
                uses |= use_by_op(self, op, names->items[n]);
        }
    }
    return uses;
}

/* True when the driver's own functions get the captured value: they may check it. */
static bool is_handed_on(const Fetches *self, const Names *names) {
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_of(self, b);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            const IrOpRec *call = &self->unit->ops[op];
            const ProgTargets *targets = targets_of(self, op);
            bool known =
                call->kind != IR_OP_CALL ||
                (targets->len != 0 && run_program(self->run)->funcs[targets->items[0]].ddi != NULL);
            for (unsigned n = 1; n < names->len && !known; n++) {
                if (mention_in_op(self->unit, call, names->items[n]) != 0)
                    return true;
            }
        }
    }
    return false;
}

/* What the value read is used for, unless it is checked once more. */
static unsigned uses_of(const Fetches *self, const Fetch *fetch, IrOp consumer) {
    if (consumer == 0)
        return 0;
    const IrOpRec *record = &self->unit->ops[consumer];
    unsigned uses = use_by_op(self, consumer, fetch->path);
    if (record->kind != IR_OP_STORE ||
        (mention_in_value(self->unit, record->b, fetch->path) & MENTION_PLAIN) == 0)
        return uses;
    Names names;
    follow_capture(self, fetch, consumer, &names);
    if (!is_local(self->unit, record->a))
        return uses | MENTION_KEPT;
    bool checked = checks_of_names(self, &names) != 0 || is_handed_on(self, &names);
    return checked ? uses : uses | uses_of_names(self, &names);
}

/* ---- from one to the other ------------------------------------------------------------------ */

/* True when the path, or a value in it, reads `place`. */
static bool path_reads(const IrUnit *unit, IrPath path, IrPath place);

static bool value_reads(const IrUnit *unit, IrValue value, IrPath place) {
    const IrValueRec *record = &unit->values[value];
    if (record->kind == IR_VALUE_PATH || record->kind == IR_VALUE_ADDR)
        return path_reads(unit, record->a, place);
    if (record->kind == IR_VALUE_UNARY)
        return value_reads(unit, record->b, place);
    return record->kind == IR_VALUE_BINARY &&
           (value_reads(unit, record->b, place) || value_reads(unit, record->c, place));
}

static bool path_reads(const IrUnit *unit, IrPath path, IrPath place) {
    const IrPathRec *record = &unit->paths[path];
    if (path == place)
        return true;
    if (record->kind == IR_PATH_FIELD)
        return path_reads(unit, record->a, place);
    if (record->kind == IR_PATH_INDEX)
        return path_reads(unit, record->a, place) || value_reads(unit, record->b, place);
    return record->kind == IR_PATH_DEREF && value_reads(unit, record->a, place);
}

/* True when after the operation the location is another one, or holds what the driver wrote. */
static bool changes(const Fetches *self, const IrOpRec *op, IrPath location) {
    if (op->kind == IR_OP_STORE)
        return path_reads(self->unit, location, op->a);
    if (op->kind == IR_OP_SCOPE) {
        for (IrPath p = 1; p < self->unit->paths_len; p++) {
            if (is_local(self->unit, p) && self->unit->paths[p].a == op->a &&
                path_reads(self->unit, location, p))
                return true;
        }
    }
    for (uint32_t i = 0; op->kind == IR_OP_CALL && i < op->c; i++) {
        const IrValueRec *value = &self->unit->values[self->unit->args[op->b + i]];
        if (value->kind == IR_VALUE_ADDR && path_reads(self->unit, location, value->a))
            return true;
    }
    return op->kind == IR_OP_UNKNOWN;
}

static void push_successors(const Fetches *self, const IrBlockRec *block, bool *seen,
                            U32Array *stack) {
    uint32_t first = self->record->first_block;
    uint32_t next[2] = {block->a, block->b};
    uint32_t count = block->term == IR_TERM_BRANCH ? 2 : block->term == IR_TERM_GOTO;
    if (block->term == IR_TERM_SWITCH) {
        for (uint32_t i = block->a; i < block->a + block->b; i++)
            array_push(stack, self->run->arena, self->unit->cases[i].target - first);
        next[0] = block->c;
        count = block->c != 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!seen[next[i] - first])
            array_push(stack, self->run->arena, next[i] - first);
    }
}

/* True when the second read can follow `from` in its block with the location unchanged. */
static bool can_follow(const Fetches *self, const Fetch *first, IrOp from, const Fetch *second) {
    bool *seen = arena_array_of(self->run->arena, bool, self->record->block_count + 1);
    U32Array stack = {0};
    array_push(&stack, self->run->arena, first->block);
    bool start = true;
    while (stack.len != 0) {
        uint32_t index = stack.items[--stack.len];
        if (seen[index] && !start)
            continue;
        const IrBlockRec *block = block_of(self, index);
        IrOp op = start ? from : block->first_op;
        seen[index] = !start;
        start = false;
        bool changed = false;
        for (; op < block->first_op + block->op_count && !changed; op++) {
            if (op == second->op)
                return true;
            changed = changes(self, &self->unit->ops[op], first->path);
        }
        if (!changed)
            push_successors(self, block, seen, &stack);
    }
    return false;
}

/* ---- pairs ---------------------------------------------------------------------------------- */

/* What of the uses the checks were meant to make safe. */
static unsigned betrayed(unsigned checks, unsigned uses) {
    unsigned result = 0;
    if ((checks & (CHECK_LIMIT | CHECK_SIZE)) != 0)
        result |= uses & (MENTION_SIZE | MENTION_INDEX);
    if ((checks & (CHECK_PROBE | CHECK_ORDERED)) != 0)
        result |= uses & MENTION_POINTER;
    if ((checks & CHECK_ORDERED) != 0)
        result |= uses & MENTION_KEPT;
    return result;
}

static void name_location(const Fetches *self, IrPath path, DoubleFetch *fetch) {
    const Program *program = run_program(self->run);
    const ProgUnit *unit = &program->units[program->funcs[self->func].unit];
    while (self->unit->paths[path].kind == IR_PATH_INDEX)
        path = self->unit->paths[path].a;
    if (self->unit->paths[path].kind == IR_PATH_FIELD) {
        fetch->name = program->field_names[unit->fields[path]];
        fetch->lasting = true;
    }
}

static void try_pair(Fetches *self, const Fetch *first, const Fetch *second) {
    const IrOpRec *ops = self->unit->ops;
    IrOp checked, used;
    bool one_macro = ops[first->op].loc.line == ops[second->op].loc.line &&
                     ops[first->op].loc.column == ops[second->op].loc.column;
    if (first->path != second->path || one_macro || !find_consumer(self, first, &checked) ||
        !find_consumer(self, second, &used))
        return;
    unsigned uses = betrayed(checks_of(self, first, checked), uses_of(self, second, used));
    const IrBlockRec *block = block_of(self, first->block);
    IrOp from = checked != 0 ? checked : block->first_op + block->op_count;
    if (uses == 0 || !can_follow(self, first, from, second))
        return;
    const Program *program = run_program(self->run);
    DoubleFetch fetch = {.func = self->func,
                         .first = program_op_id(program, self->func, first->op),
                         .second = program_op_id(program, self->func, second->op),
                         .name = "",
                         .uses = uses,
                         .pairs = second->pairs};
    name_location(self, first->path, &fetch);
    self->visit(self->run, &fetch);
}

static void find_reads(Fetches *self) {
    const Program *program = run_program(self->run);
    for (uint32_t b = 0; b < self->record->block_count; b++) {
        const IrBlockRec *block = block_of(self, b);
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (self->unit->ops[op].kind != IR_OP_LOAD)
                continue;
            Fetch fetch = {op, b, self->unit->ops[op].a, {{0}}};
            fetch.pairs = inferred_at_origin(self->run->inferred, self->func,
                                             program_op_id(program, self->func, op), ORIGIN_GIVEN);
            if (!site_pairs_empty(fetch.pairs))
                array_push(&self->found, self->run->arena, fetch);
        }
    }
}

void run_each_double_fetch(RuleRun *run, FetchVisitor *visit) {
    const Program *program = run_program(run);
    Fetches self = {.run = run, .visit = visit};
    for (self.func = 1; self.func < program->func_count; self.func++) {
        if (!program->funcs[self.func].defined)
            continue;
        self.unit = program_unit(program, self.func);
        self.record = program_ir(program, self.func);
        self.found.len = 0;
        find_reads(&self);
        for (uint32_t second = 0; second < self.found.len; second++) {
            for (uint32_t first = 0; first < self.found.len; first++) {
                if (first != second)
                    try_pair(&self, &self.found.items[first], &self.found.items[second]);
            }
        }
    }
}
