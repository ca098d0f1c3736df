/* flow: the control-flow graph of one function while it is built, and its clean-up.
 *
 * Invariant: there is always a current block; after a jump it is a fresh one that nothing leads to,
 * so lowering never asks whether code is dead. A block is filled in one go, therefore its
 * operations are contiguous in the unit's table. flow_finish keeps what can be reached (an
 * exception handler can when anything in its region can), threads empty blocks, joins a block with
 * its only predecessor and moves the operations together; references to results of removed calls
 * become UNKNOWN.
 */
#include "analyzer/frontend/lower.h"

IrBlock flow_new(Body *self) {
    IrBlockRec block = {.region = self->region};
    array_push(&self->blocks, self->lower->scratch, block);
    return self->blocks.len - 1;
}

void flow_start(Body *self, IrBlock block) {
    IrBlockRec *record = &self->blocks.items[block];
    record->region = self->region;
    record->first_op = self->lower->tables->ops.len;
    self->current = block;
    array_push(&self->order, self->lower->scratch, block);
}

static IrBlockRec *current_block(Body *self) {
    return &self->blocks.items[self->current];
}

/* Closes the current block; what follows is dead until a block is started. */
static void close_block(Body *self, IrTermKind term, IrValue cond, IrLoc loc) {
    IrBlockRec *block = current_block(self);
    block->term = (uint32_t)term;
    block->cond = cond;
    block->term_loc = loc;
    flow_start(self, flow_new(self));
}

void flow_goto(Body *self, IrBlock block) {
    current_block(self)->a = block;
    close_block(self, IR_TERM_GOTO, 0, (IrLoc){0, 0, 0});
}

void flow_continue(Body *self, IrBlock block) {
    current_block(self)->a = block;
    current_block(self)->term = IR_TERM_GOTO;
    flow_start(self, block);
}

void flow_branch(Body *self, IrValue cond, IrBlock yes, IrBlock no, IrLoc loc) {
    int64_t constant;
    if (value_is_const(self, cond, &constant)) {
        flow_goto(self, constant != 0 ? yes : no);
        return;
    }
    current_block(self)->a = yes;
    current_block(self)->b = no;
    close_block(self, IR_TERM_BRANCH, cond, loc);
}

void flow_return(Body *self, IrValue value, IrLoc loc) {
    close_block(self, IR_TERM_RETURN, value, loc);
}

void flow_unreachable(Body *self, IrLoc loc) {
    close_block(self, IR_TERM_UNREACHABLE, 0, loc);
}

uint32_t flow_region(Body *self, IrRegionKind kind, IrBlock handler) {
    IrRegionRec region = {(uint32_t)kind, self->region, handler, 0};
    array_push(&self->regions, self->lower->scratch, region);
    return self->regions.len - 1;
}

uint32_t flow_emit(Body *self, IrOpKind kind, uint32_t a, uint32_t b, uint32_t c, NodeId at) {
    IrOpRec op = {(uint32_t)kind, a, b, c, {0, 0, 0}, 0};
    if (at != 0) {
        op.loc = node_loc(self, at);
        op.flags = node_flags(self, at);
    }
    array_push(&self->lower->tables->ops, self->lower->arena, op);
    current_block(self)->op_count++;
    return self->lower->tables->ops.len - 1;
}

uint32_t flow_local(Body *self, IrStr name, TypeId type, uint32_t flags) {
    Lower *lower = self->lower;
    IrLocalRec local = {name, type_spelling(lower, type), type_key(lower, type), flags};
    uint32_t kind = type_info(lower, type)->kind;
    if (kind == TYPE_RECORD || kind == TYPE_ARRAY)
        local.flags |= IR_LOCAL_AGGREGATE;
    if (kind == TYPE_REFERENCE)
        local.flags |= IR_LOCAL_NOT_NULL;
    array_push(&self->locals, lower->scratch, local);
    return self->locals.len - 1;
}

uint32_t flow_temp(Body *self, TypeId type) {
    return flow_local(self, 0, type, IR_LOCAL_TEMP);
}

void note_unknown(Body *self, const char *what, IrLoc loc) {
    Lower *lower = self->lower;
    self->incomplete = true;
    if (lower->unknown_notes++ >= MAX_UNKNOWN_NOTES)
        return;
    IrNoteRec note = {IR_NOTE_UNKNOWN, irb_str(lower->builder, what), loc};
    array_push(&lower->tables->notes, lower->arena, note);
}

void flow_unknown(Body *self, NodeId at, const char *what) {
    flow_emit(self, IR_OP_UNKNOWN, irb_str(self->lower->builder, what), 0, 0, at);
    note_unknown(self, what, node_loc(self, at));
}

void flow_begin(Body *self, IrFunc func) {
    Lower *lower = self->lower;
    IrBlockRec none = {.term = IR_TERM_NONE};
    IrRegionRec no_region = {IR_REGION_NONE, 0, 0, 0};
    irb_begin_function(lower->builder);
    self->func = func;
    self->local_ids = map64_new(lower->scratch);
    self->label_ids = map64_new(lower->scratch);
    array_push(&self->blocks, lower->scratch, none);
    array_push(&self->regions, lower->scratch, no_region);
    self->first_op = lower->tables->ops.len;
    self->first_value = lower->tables->values.len;
    flow_start(self, flow_new(self));
}

/* ---- finishing ------------------------------------------------------------------------------ */

typedef struct Finish {
    Body *body;      /* whose graph */
    uint32_t *preds; /* edges into each reachable block; handlers count one more */
    bool *reachable; /* by local block */
    U32Array work;   /* reachable blocks whose edges are not followed yet */
    U32Array kept;   /* the blocks that are written, in their order */
    uint32_t *names; /* local block -> index in the function + 1 */
} Finish;

/* Through blocks that only jump on. The hops are limited: an empty endless loop is one too. */
static IrBlock thread(const Body *self, IrBlock block) {
    for (int hops = 0; hops < 64; hops++) {
        const IrBlockRec *record = &self->blocks.items[block];
        if (record->op_count != 0 || record->term != IR_TERM_GOTO)
            break;
        block = record->a;
    }
    return block;
}

static void thread_edges(Body *self) {
    for (uint32_t i = 1; i < self->blocks.len; i++) {
        IrBlockRec *block = &self->blocks.items[i];
        if (block->term == IR_TERM_GOTO || block->term == IR_TERM_BRANCH)
            block->a = thread(self, block->a);
        if (block->term == IR_TERM_BRANCH)
            block->b = thread(self, block->b);
        if (block->term == IR_TERM_BRANCH && block->a == block->b)
            block->term = IR_TERM_GOTO;
        if (block->term == IR_TERM_SWITCH)
            block->c = thread(self, block->c);
    }
    for (uint32_t i = 0; i < self->cases.len; i++)
        self->cases.items[i].target = thread(self, self->cases.items[i].target);
}

static void reach(Finish *self, IrBlock block) {
    self->preds[block]++;
    if (self->reachable[block])
        return;
    self->reachable[block] = true;
    array_push(&self->work, self->body->lower->scratch, block);
}

static void reach_edges(Finish *self, const IrBlockRec *block) {
    Body *body = self->body;
    switch (block->term) {
    case IR_TERM_GOTO:
        reach(self, block->a);
        break;
    case IR_TERM_BRANCH:
        reach(self, block->a);
        reach(self, block->b);
        break;
    case IR_TERM_SWITCH:
        reach(self, block->c);
        for (uint32_t i = 0; i < block->b; i++)
            reach(self, body->cases.items[block->a + i].target);
        break;
    default:
        break;
    }
    for (uint32_t r = block->region; r != 0; r = body->regions.items[r].parent) {
        if (!self->reachable[body->regions.items[r].handler])
            reach(self, body->regions.items[r].handler);
    }
}

static void find_reachable(Finish *self) {
    Body *body = self->body;
    reach(self, body->order.items[0]);
    while (self->work.len > 0)
        reach_edges(self, &body->blocks.items[self->work.items[--self->work.len]]);
    for (uint32_t i = 1; i < body->regions.len; i++)
        self->preds[body->regions.items[i].handler]++;
    self->preds[body->order.items[0]]++;
}

/* The block that must directly follow `block`, because nothing else leads to it; 0 none. */
static IrBlock only_successor(const Finish *self, const IrBlockRec *block) {
    const Body *body = self->body;
    if (block->term != IR_TERM_GOTO || self->preds[block->a] != 1)
        return 0;
    return body->blocks.items[block->a].region == block->region ? block->a : 0;
}

/* Blocks that go into another one are not written themselves. */
static void choose_blocks(Finish *self) {
    Body *body = self->body;
    bool *joined = arena_array_of(body->lower->scratch, bool, body->blocks.len);
    for (uint32_t i = 0; i < body->order.len; i++) {
        IrBlock id = body->order.items[i];
        if (self->reachable[id])
            joined[only_successor(self, &body->blocks.items[id])] = true;
    }
    for (uint32_t i = 0; i < body->order.len; i++) {
        IrBlock id = body->order.items[i];
        if (!self->reachable[id] || joined[id])
            continue;
        array_push(&self->kept, body->lower->scratch, id);
        self->names[id] = self->kept.len;
    }
}

static IrBlock written_id(const Finish *self, IrBlock first, IrBlock local) {
    return first + self->names[local] - 1;
}

static void write_cases(Finish *self, IrBlockRec *block, IrBlock first) {
    Body *body = self->body;
    IrTables *tables = body->lower->tables;
    uint32_t from = block->a;
    block->a = tables->cases.len;
    for (uint32_t i = 0; i < block->b; i++) {
        IrCaseRec record = body->cases.items[from + i];
        record.target = written_id(self, first, record.target);
        array_push(&tables->cases, body->lower->arena, record);
    }
    block->c = written_id(self, first, block->c);
}

static void write_term(Finish *self, IrBlockRec *block, IrBlock first) {
    switch (block->term) {
    case IR_TERM_GOTO:
        block->a = written_id(self, first, block->a);
        block->b = block->cond = 0;
        break;
    case IR_TERM_BRANCH:
        block->a = written_id(self, first, block->a);
        block->b = written_id(self, first, block->b);
        break;
    case IR_TERM_SWITCH:
        write_cases(self, block, first);
        break;
    case IR_TERM_NONE:
        block->term = IR_TERM_UNREACHABLE;
        break;
    default:
        break;
    }
}

/* Copies a block's operations to their final place; moved[] learns where each went. */
static void move_ops(Body *body, const IrBlockRec *block, const IrOpRec *old, uint32_t *moved) {
    IrTables *tables = body->lower->tables;
    for (uint32_t i = 0; i < block->op_count; i++) {
        uint32_t index = block->first_op - body->first_op + i;
        moved[index] = tables->ops.len;
        array_push(&tables->ops, body->lower->arena, old[index]);
    }
}

static void write_block(Finish *self, IrBlock id, IrBlock first, const IrOpRec *old,
                        uint32_t *moved) {
    Body *body = self->body;
    IrTables *tables = body->lower->tables;
    IrBlockRec block = body->blocks.items[id];
    uint32_t first_op = tables->ops.len;
    move_ops(body, &block, old, moved);
    for (IrBlock next = only_successor(self, &block); next != 0;
         next = only_successor(self, &block)) {
        block = body->blocks.items[next];
        move_ops(body, &block, old, moved);
    }
    block.first_op = first_op;
    block.op_count = tables->ops.len - first_op;
    if (block.region != 0)
        block.region = block.region - 1 + tables->regions.len;
    write_term(self, &block, first);
    array_push(&tables->blocks, body->lower->arena, block);
}

static void patch_calls(const Body *body, const uint32_t *moved) {
    IrTables *tables = body->lower->tables;
    for (uint32_t i = body->first_value; i < tables->values.len; i++) {
        IrValueRec *value = &tables->values.items[i];
        if (value->kind != IR_VALUE_CALL || value->a < body->first_op)
            continue;
        value->a = moved[value->a - body->first_op];
        if (value->a == 0)
            value->kind = IR_VALUE_UNKNOWN;
    }
}

static void write_blocks(Finish *self, IrBlock first) {
    Body *body = self->body;
    Arena *scratch = body->lower->scratch;
    IrTables *tables = body->lower->tables;
    uint32_t count = tables->ops.len - body->first_op;
    IrOpRec *old = arena_array_of(scratch, IrOpRec, count + 1);
    uint32_t *moved = arena_array_of(scratch, uint32_t, count + 1);
    memcpy(old, tables->ops.items + body->first_op, sizeof(IrOpRec) * count);
    tables->ops.len = body->first_op;
    for (uint32_t i = 0; i < self->kept.len; i++)
        write_block(self, self->kept.items[i], first, old, moved);
    patch_calls(body, moved);
}

/* A region whose body was removed is kept when its handler is; else it leads to the entry, and no
 * block is in it. */
static void write_regions(Finish *self, IrBlock first) {
    Body *body = self->body;
    IrTables *tables = body->lower->tables;
    uint32_t base = tables->regions.len;
    for (uint32_t i = 1; i < body->regions.len; i++) {
        IrRegionRec region = body->regions.items[i];
        region.parent = region.parent == 0 ? 0 : base + region.parent - 1;
        region.handler =
            self->names[region.handler] == 0 ? first : written_id(self, first, region.handler);
        array_push(&tables->regions, body->lower->arena, region);
    }
    IrFuncRec *func = func_rec(body->lower, body->func);
    func->first_region = base;
    func->region_count = body->regions.len - 1;
}

static void write_locals(Body *self) {
    IrTables *tables = self->lower->tables;
    IrFuncRec *func = func_rec(self->lower, self->func);
    func->first_local = tables->locals.len;
    func->local_count = self->locals.len;
    for (uint32_t i = 0; i < self->locals.len; i++)
        array_push(&tables->locals, self->lower->arena, self->locals.items[i]);
}

void flow_finish(Body *self) {
    Arena *scratch = self->lower->scratch;
    IrTables *tables = self->lower->tables;
    Finish finish = {.body = self};
    finish.preds = arena_array_of(scratch, uint32_t, self->blocks.len);
    finish.reachable = arena_array_of(scratch, bool, self->blocks.len);
    finish.names = arena_array_of(scratch, uint32_t, self->blocks.len);
    thread_edges(self);
    find_reachable(&finish);
    choose_blocks(&finish);
    IrBlock first = tables->blocks.len;
    write_blocks(&finish, first);
    write_regions(&finish, first);
    write_locals(self);
    IrFuncRec *func = func_rec(self->lower, self->func);
    func->first_block = first;
    func->block_count = tables->blocks.len - first;
    func->flags |= IR_FUNC_BODY | (self->incomplete ? IR_FUNC_INCOMPLETE : 0);
}
