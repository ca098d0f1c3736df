/* verify_graph: are the bodies of a unit graphs of their own?
 *
 * After ir_verify has checked every index: no block, operation or region belongs to two functions;
 * a function's operations stand in one stretch, block after block; every block can be reached from
 * the entry, an exception's handler from the blocks that it guards; a handler stands outside of
 * what it guards; the result of a call is used by its own function only, and only parameters come
 * before the other locals. Errs towards refusing.
 */
#include "analyzer/ir/ir.h"
#include "analyzer/ir/verify.h"

typedef struct Graph {
    const IrUnit *unit; /* what is checked */
    Error *err;         /* takes the first thing wrong */
    Arena *scratch;     /* ends with the check */
    bool *owned;        /* by block: some function has it */
    bool *used;         /* by region: some function has it */
    U32Array work;      /* reachable blocks whose edges are not followed yet */
    bool *reachable;    /* by block */
} Graph;

static int wrong(Graph *self, const char *what, uint32_t index) {
    return error_set(self->err, "malformed facts: %s (record %u)", what, index);
}

static int own_records(Graph *self, const IrFuncRec *func, uint32_t id) {
    for (uint32_t i = 0; i < func->block_count; i++) {
        if (self->owned[func->first_block + i])
            return wrong(self, "block of two functions", id);
        self->owned[func->first_block + i] = true;
    }
    for (uint32_t i = 0; i < func->region_count; i++) {
        if (self->used[func->first_region + i])
            return wrong(self, "region of two functions", id);
        self->used[func->first_region + i] = true;
    }
    return 0;
}

/* One stretch of operations, so that functions cannot share any when their stretches differ. */
static int check_stretch(Graph *self, const IrFuncRec *func, uint32_t id) {
    uint32_t next = self->unit->blocks[func->first_block].first_op;
    for (uint32_t i = 0; i < func->block_count; i++) {
        const IrBlockRec *block = &self->unit->blocks[func->first_block + i];
        if (block->op_count > 0 && block->first_op != next)
            return wrong(self, "operations out of order", id);
        next += block->op_count;
    }
    return 0;
}

static void reach(Graph *self, IrBlock block) {
    if (self->reachable[block])
        return;
    self->reachable[block] = true;
    array_push(&self->work, self->scratch, block);
}

static void reach_edges(Graph *self, const IrBlockRec *block) {
    if (block->term == IR_TERM_GOTO || block->term == IR_TERM_BRANCH)
        reach(self, block->a);
    if (block->term == IR_TERM_BRANCH)
        reach(self, block->b);
    if (block->term == IR_TERM_SWITCH) {
        reach(self, block->c);
        for (uint32_t i = 0; i < block->b; i++)
            reach(self, self->unit->cases[block->a + i].target);
    }
    for (uint32_t r = block->region; r != 0; r = self->unit->regions[r].parent)
        reach(self, self->unit->regions[r].handler);
}

static int check_reachable(Graph *self, const IrFuncRec *func, uint32_t id) {
    reach(self, func->first_block);
    while (self->work.len > 0)
        reach_edges(self, &self->unit->blocks[self->work.items[--self->work.len]]);
    for (uint32_t i = 0; i < func->block_count; i++) {
        if (!self->reachable[func->first_block + i])
            return wrong(self, "block that nothing leads to", id);
    }
    return 0;
}

static int check_handlers(Graph *self, const IrFuncRec *func, uint32_t id) {
    for (uint32_t i = 0; i < func->region_count; i++) {
        uint32_t region = func->first_region + i;
        uint32_t at = self->unit->blocks[self->unit->regions[region].handler].region;
        for (; at != 0; at = self->unit->regions[at].parent) {
            if (at == region)
                return wrong(self, "handler inside of what it guards", id);
        }
    }
    return 0;
}

static int check_locals(Graph *self, const IrFuncRec *func, uint32_t id) {
    for (uint32_t i = 0; i < func->local_count; i++) {
        bool is_param = (self->unit->locals[func->first_local + i].flags & IR_LOCAL_PARAM) != 0;
        if (is_param != (i < func->param_count))
            return wrong(self, "parameter of a function", id);
    }
    if ((func->flags & IR_FUNC_METHOD) != 0 && func->block_count > 0 && func->param_count == 0)
        return wrong(self, "method without an object", id);
    for (uint32_t i = 0; i < func->block_count; i++) {
        const IrBlockRec *block = &self->unit->blocks[func->first_block + i];
        for (uint32_t op = 0; op < block->op_count; op++) {
            const IrOpRec *record = &self->unit->ops[block->first_op + op];
            if (record->kind == IR_OP_SCOPE && record->a < func->param_count)
                return wrong(self, "scope of a parameter", id);
        }
    }
    return 0;
}

static int check_cases(Graph *self) {
    for (uint32_t i = 1; i < self->unit->cases_len; i++) {
        if (self->unit->cases[i].low > self->unit->cases[i].high)
            return wrong(self, "range of a case", i);
    }
    return 0;
}

int verify_graphs(const IrUnit *unit, Arena *scratch, Error *err) {
    Graph self = {.unit = unit, .err = err, .scratch = scratch};
    self.owned = arena_array_of(scratch, bool, unit->blocks_len);
    self.reachable = arena_array_of(scratch, bool, unit->blocks_len);
    self.used = arena_array_of(scratch, bool, unit->regions_len);
    for (uint32_t id = 1; id < unit->funcs_len; id++) {
        const IrFuncRec *func = &unit->funcs[id];
        if (check_locals(&self, func, id) != 0)
            return -1;
        if (func->block_count == 0)
            continue;
        if (own_records(&self, func, id) != 0 || check_stretch(&self, func, id) != 0 ||
            check_reachable(&self, func, id) != 0 || check_handlers(&self, func, id) != 0)
            return -1;
    }
    return check_cases(&self);
}
