/* oracle_run: functions, blocks, exceptions; every operation is compared with what was inferred.
 *
 * An exception is raised by an API function whose row says so, or by the first access inside a
 * __try (with --faults: by any access), and runs the innermost __except around it, in this function
 * or in a caller.
 */
#include "tests/oracle.h"

/* ---- the comparison -------------------------------------------------------------------------- */

/* True when the function is foreseen to be entered here. */
static bool is_entry(Machine *self, FuncId func) {
    if (!self->func_seen[func]) {
        self->func_seen[func] = true;
        self->entries[func] = site_pairs_any(inferred_entry(self->inferred, func));
    }
    unsigned pair = pair_of(self->start.context, machine_irql(self));
    return (self->entries[func] >> pair & 1) != 0;
}

static void check_op(Machine *self, FuncId func, OpId op) {
    if (!self->asked[op]) {
        self->asked[op] = true;
        self->inside[op] = site_pairs_any(inferred_at(self->inferred, func, op));
    }
    self->op_seen[op] = true;
    unsigned pair = pair_of(self->start.context, machine_irql(self));
    if ((self->inside[op] >> pair & 1) == 0)
        machine_violation(self, (Violation){.func = func, .op = op, .pair = pair});
}

static bool count_step(Machine *self) {
    self->steps++;
    if (++self->path_steps > MAX_PATH_STEPS)
        machine_stop(self, STOP_LIMIT);
    return self->stop == STOP_NOT;
}

/* ---- exceptions ------------------------------------------------------------------------------ */

/* The block that handles an exception raised in `region`; 0: this function does not. */
static IrBlock find_handler(Machine *self, const Frame *frame, uint32_t region) {
    const IrRegionRec *regions = frame->unit->ir->regions;
    while (region != 0 && regions[region].kind == IR_REGION_EXCEPT && regions[region].handler == 0)
        region = regions[region].parent;
    if (region == 0)
        return 0;
    if (regions[region].kind == IR_REGION_FINALLY) {
        machine_stop(self, STOP_FINALLY);
        return 0;
    }
    self->unwinding = false;
    return regions[region].handler;
}

static bool is_inside(const Frame *frame, uint32_t region, uint32_t around) {
    while (region != 0 && region != around)
        region = frame->unit->ir->regions[region].parent;
    return region == around;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static FuncId choose_target(Machine *self, const Frame *frame, IrOp op) {
    const IrOpRec *record = &frame->unit->ir->ops[op];
    const IrValueRec *callee = &frame->unit->ir->values[record->a];
    ProgTargets targets = self->program->targets[frame->unit->op_base + op];
    FuncId known = 0;
    if (callee->kind != IR_VALUE_FUNC)
        known = word_resolve(self, eval_word(self, frame, record->a)).func;
    else if ((record->flags & IR_OP_VIRTUAL) == 0)
        known = frame->unit->funcs[callee->a];
    if (known == 0)
        return targets.len == 0 ? 0 : targets.items[machine_random(self, targets.len)];
    for (uint32_t i = 0; i < targets.len; i++) {
        if (targets.items[i] == known)
            return known;
    }
    machine_violation(self, (Violation){.func = frame->func,
                                        .op = frame->unit->op_base + op,
                                        .pair = pair_of(self->start.context, machine_irql(self)),
                                        .unexpected = known});
    return known;
}

static Word call_defined(Machine *self, const Frame *frame, IrOp op, FuncId callee) {
    const IrUnit *unit = frame->unit->ir;
    const IrOpRec *record = &unit->ops[op];
    Word args[MAX_ARGS];
    CellId aggregates[MAX_ARGS] = {0};
    uint32_t count = record->c < MAX_ARGS ? record->c : MAX_ARGS;
    for (uint32_t i = 0; i < count; i++) {
        IrValue argument = unit->args[record->b + i];
        args[i] = eval_word(self, frame, argument);
        if (unit->values[argument].kind == IR_VALUE_PATH)
            aggregates[i] = eval_cell(self, frame, unit->values[argument].a);
    }
    machine_event(self, (Event){.kind = EVENT_CALL,
                                .func = frame->func,
                                .op = frame->unit->op_base + op,
                                .line = record->loc.line,
                                .depth = self->depth,
                                .level = self->level,
                                .callee = callee});
    return run_function(self, callee, args, aggregates, count);
}

static void run_call(Machine *self, Frame *frame, IrOp op) {
    FuncId callee = choose_target(self, frame, op);
    if (self->stop != STOP_NOT)
        return;
    const ProgFunc *func = &self->program->funcs[callee];
    bool defined = callee != 0 && func->defined;
    Word result = defined ? call_defined(self, frame, op, callee)
                          : api_call(self, frame, op, callee == 0 ? NULL : func->ddi);
    frame->results[op - frame->first_op] = result;
}

/* ---- operations ------------------------------------------------------------------------------ */

static void run_store(Machine *self, const Frame *frame, const IrOpRec *store) {
    const IrValueRec *value = &frame->unit->ir->values[store->b];
    Word word = eval_word(self, frame, store->b);
    CellId from = value->kind == IR_VALUE_PATH ? eval_cell(self, frame, value->a) : 0;
    CellId to = eval_cell(self, frame, store->a);
    if (self->stop != STOP_NOT || to == from)
        return;
    cell_write(self, to, word);
    cell_copy(self, to, from);
}

static void run_op(Machine *self, Frame *frame, IrOp op, uint32_t region) {
    const IrOpRec *record = &frame->unit->ir->ops[op];
    check_op(self, frame->func, frame->unit->op_base + op);
    if (self->stop != STOP_NOT)
        return;
    bool accesses = record->kind == IR_OP_LOAD || record->kind == IR_OP_STORE;
    if (self->faults && region != 0 && accesses && machine_chance(self, 8))
        self->unwinding = true;
    else if (record->kind == IR_OP_CALL)
        run_call(self, frame, op);
    else if (record->kind == IR_OP_STORE)
        run_store(self, frame, record);
    else if (record->kind == IR_OP_LOAD)
        (void)eval_cell(self, frame, record->a);
    else if (record->kind == IR_OP_SCOPE)
        cell_clear(self, frame->locals + record->a);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static IrBlock choose_case(Machine *self, const Frame *frame, const IrBlockRec *block) {
    const IrCaseRec *cases = &frame->unit->ir->cases[block->a];
    Word word = eval_word(self, frame, block->cond);
    if (word.symbol != 0 && block->b != 0) {
        const IrCaseRec *one = &cases[machine_random(self, block->b)];
        word = word_decide(self, word, one->low);
    }
    for (uint32_t i = 0; i < block->b; i++) {
        if (cases[i].low <= word.number && word.number <= cases[i].high)
            return cases[i].target;
    }
    return block->c;
}

/* The block after this one; 0: the function returns `*result`, or the path ends. */
static IrBlock next_block(Machine *self, const Frame *frame, const IrBlockRec *block,
                          Word *result) {
    switch ((IrTermKind)block->term) {
    case IR_TERM_GOTO:
        return block->a;
    case IR_TERM_BRANCH: {
        bool truth = word_truth(self, eval_word(self, frame, block->cond));
        machine_event(self, (Event){.kind = EVENT_BRANCH,
                                    .func = frame->func,
                                    .line = block->term_loc.line,
                                    .depth = self->depth,
                                    .level = truth});
        return truth ? block->a : block->b;
    }
    case IR_TERM_SWITCH:
        return choose_case(self, frame, block);
    case IR_TERM_RETURN:
        if (block->cond != 0)
            *result = eval_word(self, frame, block->cond);
        return 0;
    default:
        machine_stop(self, STOP_NO_RETURN);
        return 0;
    }
}

static void run_ops(Machine *self, Frame *frame, const IrBlockRec *block) {
    self->guards += block->region != 0;
    for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
        if (!count_step(self))
            break;
        run_op(self, frame, op, block->region);
        if (self->stop != STOP_NOT || self->unwinding)
            break;
    }
    self->guards -= block->region != 0;
}

static Word run_blocks(Machine *self, Frame *frame) {
    const IrUnit *unit = frame->unit->ir;
    Word result = word_symbol(self);
    IrBlock at = frame->record->first_block;
    uint32_t region = 0;
    while (at != 0 && self->stop == STOP_NOT) {
        const IrBlockRec *block = &unit->blocks[at];
        bool enters = block->region != 0 && !is_inside(frame, region, block->region);
        region = block->region;
        if (enters && machine_chance(self, 8))
            self->unwinding = true; /* the first access faults */
        else
            run_ops(self, frame, block);
        if (!self->unwinding && count_step(self))
            at = next_block(self, frame, block, &result);
        if (self->stop != STOP_NOT || !self->unwinding)
            continue;
        at = find_handler(self, frame, region);
        if (at == 0)
            break; /* a caller's */
    }
    return result;
}

/* ---- functions ------------------------------------------------------------------------------- */

static void find_ops(const IrUnit *unit, const IrFuncRec *record, Frame *frame) {
    IrOp first = UINT32_MAX, end = 0;
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[record->first_block + b];
        if (block->op_count == 0)
            continue;
        first = block->first_op < first ? block->first_op : first;
        end = block->first_op + block->op_count > end ? block->first_op + block->op_count : end;
    }
    frame->first_op = first;
    frame->op_count = first < end ? end - first : 0;
}

Word run_function(Machine *self, FuncId func, const Word *args, const CellId *aggregates,
                  uint32_t count) {
    const ProgUnit *unit = &self->program->units[self->program->funcs[func].unit];
    Frame frame = {.func = func, .unit = unit, .record = program_ir(self->program, func)};
    if (self->depth == MAX_CALL_DEPTH)
        machine_stop(self, STOP_LIMIT);
    unsigned pair = pair_of(self->start.context, machine_irql(self));
    bool foreseen = is_entry(self, func);
    const ProgFunc *record = &self->program->funcs[func];
    IrqlSet claimed = sal_entry_levels(record->facts, record->fact_count);
    if (!foreseen && (claimed & irql_bit(machine_irql(self))) == 0) /* its author denies it */
        machine_stop(self, STOP_CLAIM);
    if (self->stop != STOP_NOT || frame.record->block_count == 0)
        return word_symbol(self);
    self->depth++;
    frame.locals = cell_new(self, frame.record->local_count + 1);
    for (uint32_t i = 0; i < count && i < frame.record->param_count; i++) {
        cell_write(self, frame.locals + i, args[i]);
        if (aggregates != NULL)
            cell_copy(self, frame.locals + i, aggregates[i]);
    }
    find_ops(unit->ir, frame.record, &frame);
    frame.results = arena_array_of(self->scratch, Word, frame.op_count + 1);
    Word result = run_blocks(self, &frame);
    if (!foreseen && self->stop == STOP_NOT && !self->unwinding) /* no assertion denied the level */
        machine_violation(self, (Violation){.func = func, .pair = pair});
    self->depth--;
    machine_event(self, (Event){.kind = EVENT_RETURN, .func = func, .depth = self->depth});
    return result;
}

void run_path(Machine *self, Start start) {
    memory_reset(self);
    self->start = start;
    self->stop = STOP_NOT;
    self->unwinding = false;
    self->initialised = machine_chance(self, 2);
    self->path_steps = 0;
    self->depth = self->guards = 0;
    self->dirql = (uint8_t)(FIRST_DIRQL + machine_random(self, LAST_DIRQL - FIRST_DIRQL + 1));
    self->level = machine_number(self, start.level);
    if (start.cancel_lock) {
        CellId lock =
            cell_get(self, CELL_SYSTEM, (uint32_t)hash_bytes("cancel", strlen("cancel"), 3), 0);
        array_push(&self->locks, self->scratch, (Lock){lock, 0, LOCK_CANCEL, 0, true});
    }
    (void)run_function(self, start.func, NULL, NULL, 0);
    machine_stop(self, self->unwinding ? STOP_NO_HANDLER : STOP_DONE);
    self->paths++;
    self->stops[self->stop]++;
}
