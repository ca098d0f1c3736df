/* oracle_api: what a call of the kernel API does, read straight off its row.
 *
 * Written without looking at how inference does it: one number is the level, locks are a list, a
 * condition holds or does not. Rows are the only thing shared. Where a row asks for what only a
 * defective driver does (a raise to a lower level, a lower to a higher one) the path ends.
 */
#include "tests/oracle.h"

typedef struct ApiCall {
    Machine *machine;    /* the machine */
    const Frame *frame;  /* caller */
    IrOp op;             /* the call */
    const Ddi *ddi;      /* its row */
    Word args[MAX_ARGS]; /* its arguments */
    uint32_t count;      /* how many */
    bool chosen[256];    /* effects that happen */
    bool taken;          /* a try succeeds */
    uint8_t entry;       /* level at the call */
    int before;          /* level before the lock that it releases was taken, -1 unknown */
    Word result;         /* its result */
} ApiCall;

Irql machine_irql(const Machine *self) {
    return irql_from_number(self->level);
}

uint8_t machine_number(const Machine *self, Irql level) {
    if (level == IRQL_DIRQL)
        return self->dirql;
    return level == IRQL_HIGH ? HIGH_NUMBER : (uint8_t)level;
}

void machine_set_level(Machine *self, const Frame *frame, IrOp op, uint8_t level) {
    if (level == self->level)
        return;
    self->level = level;
    machine_event(self, (Event){.kind = EVENT_LEVEL,
                                .func = frame->func,
                                .op = frame->unit->op_base + op,
                                .line = frame->unit->ir->ops[op].loc.line,
                                .depth = self->depth,
                                .level = level});
}

/* ---- places --------------------------------------------------------------------------------- */

static CellId pointed(const ApiCall *call, unsigned arg) {
    return arg < call->count ? word_target(call->machine, call->args[arg]) : 0;
}

static CellId hidden(const ApiCall *call, unsigned arg) {
    CellId object = pointed(call, arg);
    return object == 0 ? 0 : cell_get(call->machine, CELL_HIDDEN, object, 0);
}

static CellId system_cell(const ApiCall *call, const char *name) {
    return cell_get(call->machine, CELL_SYSTEM, (uint32_t)hash_bytes(name, strlen(name), 3), 0);
}

static CellId lock_cell(const ApiCall *call, const Effect *effect) {
    if (effect->lock.kind == PLACE_GLOBAL)
        return system_cell(call, effect->lock.name);
    return effect->lock.kind == PLACE_NONE ? 0 : pointed(call, effect->lock.arg);
}

static void save_level(ApiCall *call, Place place) {
    Word word = word_number(call->entry);
    if (place.kind == PLACE_RETURN) {
        call->result = word;
    } else if (place.kind == PLACE_OUT) {
        cell_write(call->machine, pointed(call, place.arg), word);
    } else if (place.kind == PLACE_HIDDEN && hidden(call, place.arg) != 0) {
        Cell *cell = &call->machine->cells.items[hidden(call, place.arg)];
        cell->word = word;
        cell->written = true;
    }
}

/* ---- effects -------------------------------------------------------------------------------- */

static void apply_release(ApiCall *call, const Effect *effect) {
    Machine *machine = call->machine;
    CellId cell = lock_cell(call, effect);
    uint32_t found = machine->locks.len;
    for (uint32_t i = machine->locks.len; i-- > 0;) {
        const Lock *lock = &machine->locks.items[i];
        if (lock->lock_class != effect->lock_class)
            continue;
        if (cell != 0 && (lock->cell == cell || lock->handle == cell)) {
            found = i;
            break;
        }
        if (found == machine->locks.len)
            found = i;
    }
    if (found == machine->locks.len)
        return; /* its caller took it: assumed */
    if (machine->locks.items[found].raised)
        call->before = machine->locks.items[found].before;
    machine->locks.len--;
    memmove(&machine->locks.items[found], &machine->locks.items[found + 1],
            sizeof(Lock) * (machine->locks.len - found));
}

static void apply_acquire(ApiCall *call, const Effect *effect) {
    Lock lock = {.cell = lock_cell(call, effect),
                 .lock_class = effect->lock_class,
                 .before = call->entry,
                 .raised = (effect->flags & EFFECT_AT_DPC) == 0};
    if (effect->saved.kind == PLACE_HIDDEN)
        lock.handle = pointed(call, effect->saved.arg);
    array_push(&call->machine->locks, call->machine->scratch, lock);
}

static void change_level(ApiCall *call, int64_t number, bool raise) {
    bool wrong = raise ? number < call->entry : number > call->entry;
    if (number < 0 || number > HIGH_NUMBER || wrong)
        machine_stop(call->machine, STOP_LEVEL);
    else
        machine_set_level(call->machine, call->frame, call->op, (uint8_t)number);
}

static void apply_raise(ApiCall *call, const Effect *effect) {
    save_level(call, effect->saved);
    if (effect->level < IRQL_COUNT) {
        uint8_t number = machine_number(call->machine, (Irql)effect->level);
        change_level(call, number > call->entry ? number : call->entry, true);
        return;
    }
    Word word = word_symbol(call->machine);
    if (effect->from.kind == PLACE_ARG && effect->from.arg < call->count)
        word = word_resolve(call->machine, call->args[effect->from.arg]);
    if (word.guessed)
        machine_stop(call->machine, STOP_LEVEL);
    else
        change_level(call, word.number, true);
}

static void apply_lower(ApiCall *call, const Effect *effect) {
    Word word = {.guessed = true};
    if (effect->level < IRQL_COUNT)
        word = word_number(machine_number(call->machine, (Irql)effect->level));
    else if (effect->saved.kind == PLACE_ARG && effect->saved.arg < call->count)
        word = word_resolve(call->machine, call->args[effect->saved.arg]);
    else if (effect->saved.kind == PLACE_OUT)
        word = cell_read(call->machine, pointed(call, effect->saved.arg));
    else if (effect->saved.kind == PLACE_HIDDEN && hidden(call, effect->saved.arg) != 0)
        word = cell_read(call->machine, hidden(call, effect->saved.arg));
    if (!word.guessed)
        change_level(call, word.number, false);
    else if (call->before >= 0)
        change_level(call, call->before, false);
    else
        machine_stop(call->machine, STOP_LEVEL);
}

static void apply_effect(ApiCall *call, const Effect *effect) {
    Machine *machine = call->machine;
    switch ((EffectKind)effect->kind) {
    case EFFECT_RAISE:
        apply_raise(call, effect);
        break;
    case EFFECT_LOWER:
        apply_lower(call, effect);
        break;
    case EFFECT_ACQUIRE:
        apply_acquire(call, effect);
        break;
    case EFFECT_READ_IRQL:
        call->result = word_number(machine->level);
        break;
    case EFFECT_CLAIM_MAX:
        if (machine_irql(machine) > (Irql)effect->level)
            machine_stop(machine, STOP_CLAIM);
        break;
    case EFFECT_CLAIM:
        if (call->count > 0 && !word_truth(machine, call->args[0]))
            machine_stop(machine, STOP_CLAIM);
        break;
    case EFFECT_NORETURN:
        machine_stop(machine, STOP_NO_RETURN);
        break;
    default: /* changes neither level nor locks */
        break;
    }
}

/* ---- callbacks ------------------------------------------------------------------------------ */

/* The function that argument `arg` is; of an unknown pointer one that is registered here. */
static FuncId callback_of(const ApiCall *call, const Effect *effect) {
    const Program *program = call->machine->program;
    if (effect->from.kind == PLACE_ARG && effect->from.arg < call->count) {
        Word word = word_resolve(call->machine, call->args[effect->from.arg]);
        if (word.func != 0)
            return word.func;
    }
    FuncId chosen = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        if (root->role != NULL && (root->role->flags & ROLE_CALLER) != 0 &&
            root->op == call->frame->unit->op_base + call->op &&
            machine_chance(call->machine, ++count))
            chosen = root->func;
    }
    return chosen;
}

/* Runs the callback at its level; afterwards the level is the caller's again. */
static void apply_call(ApiCall *call, const Effect *effect) {
    Machine *machine = call->machine;
    FuncId callback = callback_of(call, effect);
    if (callback == 0 || !machine->program->funcs[callback].defined)
        return;
    Word args[MAX_ARGS];
    for (uint32_t i = 0; i < MAX_ARGS; i++)
        args[i] = word_symbol(machine);
    if (effect->context_arg < call->count)
        args[0] = call->args[effect->context_arg];
    uint8_t level = call->entry;
    if (effect->level < IRQL_COUNT && machine_number(machine, (Irql)effect->level) > level)
        level = machine_number(machine, (Irql)effect->level);
    machine_set_level(machine, call->frame, call->op, level);
    Word result = run_function(machine, callback, args, NULL, MAX_ARGS);
    (void)result;
    if (machine->stop == STOP_NOT && !machine->unwinding)
        machine_set_level(machine, call->frame, call->op, call->entry);
}

/* ---- the call ------------------------------------------------------------------------------- */

/* The row looks at what that argument points at and does not write it. */
static bool only_reads(const Ddi *ddi, unsigned arg) {
    for (unsigned i = 0; ddi != NULL && i < ddi->cond_count; i++) {
        if (ddi->conds[i].arg == arg &&
            (ddi->conds[i].kind == COND_DEREF_EQ || ddi->conds[i].kind == COND_DEREF_NE))
            return true;
    }
    return false;
}

/* The scalar that a pointer argument points at, 0 when it is part of nothing known or a struct. */
static CellId pointed_scalar(const ApiCall *call, unsigned arg) {
    Word word = word_resolve(call->machine, call->args[arg]);
    if (word.symbol != 0 || word.target == 0)
        return 0;
    return call->machine->cells.items[word.target].child == 0 ? word.target : 0;
}

/* What the call is handed the address of may be written, or not; through other pointers it writes
 * scalars only. */
static void write_arguments(ApiCall *call) {
    const IrUnit *unit = call->frame->unit->ir;
    const IrOpRec *record = &unit->ops[call->op];
    for (uint32_t i = 0; i < call->count; i++) {
        bool by_address = unit->values[unit->args[record->b + i]].kind == IR_VALUE_ADDR;
        if (!only_reads(call->ddi, i) && machine_chance(call->machine, 2))
            cell_clear(call->machine, by_address ? pointed(call, i) : pointed_scalar(call, i));
    }
}

static void choose_effects(ApiCall *call) {
    call->taken = machine_chance(call->machine, 2);
    for (unsigned i = 0; i < call->ddi->effect_count; i++) {
        const Effect *effect = &call->ddi->effects[i];
        call->chosen[i] =
            eval_when(call->machine, call->ddi, effect->when, call->args, call->count);
        if (call->chosen[i] && (effect->flags & EFFECT_TRY) != 0) {
            bool zero = (effect->flags & EFFECT_SUCCESS_ZERO) != 0;
            bool status = (effect->flags & EFFECT_SUCCESS_STATUS) != 0;
            call->result = word_number(status ? -!call->taken : call->taken != zero);
            call->chosen[i] = call->taken;
        }
    }
}

static bool claims(const Ddi *ddi) {
    for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_CLAIM)
            return true;
    }
    return false;
}

static bool may_raise_exception(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_RAISES_EXCEPTION ||
            ddi->effects[i].kind == EFFECT_NORETURN)
            return true;
    }
    return false;
}

static void apply_all(ApiCall *call, EffectKind first, bool only_first) {
    for (unsigned i = 0; i < call->ddi->effect_count; i++) {
        const Effect *effect = &call->ddi->effects[i];
        if (!call->chosen[i] || call->machine->stop != STOP_NOT || call->machine->unwinding ||
            (effect->kind == first) != only_first)
            continue;
        if (effect->kind == EFFECT_RELEASE)
            apply_release(call, effect);
        else if (effect->kind == EFFECT_CALL && only_first)
            apply_call(call, effect);
        else
            apply_effect(call, effect);
    }
}

Word api_call(Machine *self, const Frame *frame, IrOp op, const Ddi *ddi) {
    const IrOpRec *record = &frame->unit->ir->ops[op];
    ApiCall call = {.machine = self,
                    .frame = frame,
                    .op = op,
                    .ddi = ddi,
                    .count = record->c < MAX_ARGS ? record->c : MAX_ARGS,
                    .entry = self->level,
                    .before = -1,
                    .result = word_symbol(self)};
    if (claims(ddi) && call.count != 0)
        eval_hope(self, frame, frame->unit->ir->args[record->b], true);
    for (uint32_t i = 0; i < call.count; i++)
        call.args[i] = eval_word(self, frame, frame->unit->ir->args[record->b + i]);
    if (self->stop != STOP_NOT)
        return call.result;
    if (ddi == NULL) {
        write_arguments(&call);
        return call.result;
    }
    if (self->guards != 0 && may_raise_exception(ddi) && machine_chance(self, 4)) {
        self->unwinding = true;
        return call.result;
    }
    choose_effects(&call);
    apply_all(&call, EFFECT_CALL, true);
    if (self->stop != STOP_NOT || self->unwinding)
        return call.result;
    write_arguments(&call);
    apply_all(&call, EFFECT_RELEASE, true);
    apply_all(&call, EFFECT_RELEASE, false);
    return call.result;
}
