/* verify: is a unit well formed, whoever made it?
 *
 * After 0 every id, range and kind in the unit is valid, every expression is acyclic and at most
 * IR_MAX_DEPTH deep, a function's blocks lead only to its own blocks and its expressions name only
 * its own locals and calls, and what verify_graph.c says of bodies holds; readers need no checks of
 * their own. Errs towards refusing.
 */
#include "analyzer/ir/verify.h"
#include "analyzer/ir/ir.h"

/* What is known of one path or value. */
typedef struct Chain {
    uint32_t depth;  /* longest chain, 0: not visited yet, UINT32_MAX: being visited */
    uint32_t locals; /* greatest local index named in it + 1 */
    IrOp first_call; /* least call whose result is used in it, 0 none */
    IrOp last_call;  /* greatest */
} Chain;

typedef struct Verifier {
    const IrUnit *unit; /* what is checked */
    Error *err;         /* takes the first thing wrong */
    Chain *paths;       /* by IrPath */
    Chain *values;      /* by IrValue */
    bool *seen_ops;     /* by IrOp: some block has it */
    IrOp first_op;      /* of the function that is checked */
    IrOp end_op;        /* one behind its last */
} Verifier;

static int wrong(Verifier *self, const char *what, uint32_t index) {
    return error_set(self->err, "malformed facts: %s (record %u)", what, index);
}

static bool in_range(uint32_t first, uint32_t count, uint32_t len) {
    return first <= len && count <= len - first;
}

static bool is_str(const IrUnit *unit, IrStr text) {
    return text < unit->strings_len;
}

static bool is_loc(const IrUnit *unit, IrLoc loc) {
    return loc.file < unit->files_len;
}

static int visit_value(Verifier *self, IrValue id, uint32_t level, Chain *into);

static int enter(Verifier *self, Chain *chain, uint32_t level, uint32_t id) {
    if (chain->depth == UINT32_MAX || level > IR_MAX_DEPTH)
        return wrong(self, "expression is cyclic or too deep", id);
    chain->depth = UINT32_MAX;
    return 0;
}

/* Adds what is known of a part to the whole. */
static void join(Chain *whole, const Chain *part) {
    if (part->depth + 1 > whole->depth)
        whole->depth = part->depth + 1;
    if (part->locals > whole->locals)
        whole->locals = part->locals;
    if (part->first_call != 0 && (whole->first_call == 0 || part->first_call < whole->first_call))
        whole->first_call = part->first_call;
    if (part->last_call > whole->last_call)
        whole->last_call = part->last_call;
}

static int visit_path(Verifier *self, IrPath id, uint32_t level, Chain *into);

static int path_parts(Verifier *self, IrPath id, uint32_t level, Chain *sum) {
    const IrUnit *unit = self->unit;
    const IrPathRec *path = &unit->paths[id];
    switch (path->kind) {
    case IR_PATH_LOCAL:
        sum->locals = path->a + 1;
        return path->a < UINT32_MAX - 1 ? 0 : wrong(self, "local of a path", id);
    case IR_PATH_GLOBAL:
        return path->a < unit->globals_len ? 0 : wrong(self, "global of a path", id);
    case IR_PATH_DEREF:
        return visit_value(self, path->a, level + 1, sum);
    case IR_PATH_FIELD:
        if (!is_str(unit, path->b) || !is_str(unit, path->c))
            return wrong(self, "field of a path", id);
        return visit_path(self, path->a, level + 1, sum);
    case IR_PATH_INDEX:
        if (visit_value(self, path->b, level + 1, sum) != 0)
            return -1;
        return visit_path(self, path->a, level + 1, sum);
    case IR_PATH_UNKNOWN:
        return 0;
    default:
        return wrong(self, "kind of a path", id);
    }
}

static int visit_path(Verifier *self, IrPath id, uint32_t level, Chain *into) {
    if (id == 0 || id >= self->unit->paths_len)
        return wrong(self, "path id", id);
    Chain *chain = &self->paths[id];
    if (chain->depth == 0 || chain->depth == UINT32_MAX) {
        Chain sum = {.depth = 1};
        if (enter(self, chain, level, id) != 0 || path_parts(self, id, level, &sum) != 0)
            return -1;
        *chain = sum;
    }
    if (level + chain->depth > IR_MAX_DEPTH + 1)
        return wrong(self, "path is too deep", id);
    join(into, chain);
    return 0;
}

static int value_parts(Verifier *self, IrValue id, uint32_t level, Chain *sum) {
    const IrUnit *unit = self->unit;
    const IrValueRec *value = &unit->values[id];
    switch (value->kind) {
    case IR_VALUE_UNKNOWN:
    case IR_VALUE_CONST:
        return 0;
    case IR_VALUE_STRING:
        return is_str(unit, value->a) ? 0 : wrong(self, "string of a value", id);
    case IR_VALUE_PATH:
    case IR_VALUE_ADDR:
        return visit_path(self, value->a, level + 1, sum);
    case IR_VALUE_FUNC:
        return value->a != 0 && value->a < unit->funcs_len ? 0
                                                           : wrong(self, "function of a value", id);
    case IR_VALUE_CALL:
        if (value->a >= unit->ops_len || unit->ops[value->a].kind != IR_OP_CALL)
            return wrong(self, "call of a value", id);
        sum->first_call = sum->last_call = value->a;
        return 0;
    case IR_VALUE_UNARY:
        if (value->a > IR_BITNOT)
            return wrong(self, "operator of a value", id);
        return visit_value(self, value->b, level + 1, sum);
    case IR_VALUE_BINARY:
        if (value->a > IR_GE)
            return wrong(self, "operator of a value", id);
        if (visit_value(self, value->b, level + 1, sum) != 0)
            return -1;
        return visit_value(self, value->c, level + 1, sum);
    default:
        return wrong(self, "kind of a value", id);
    }
}

static int visit_value(Verifier *self, IrValue id, uint32_t level, Chain *into) {
    if (id == 0 || id >= self->unit->values_len)
        return wrong(self, "value id", id);
    Chain *chain = &self->values[id];
    if (chain->depth == 0 || chain->depth == UINT32_MAX) {
        Chain sum = {.depth = 1};
        if (enter(self, chain, level, id) != 0 || value_parts(self, id, level, &sum) != 0)
            return -1;
        *chain = sum;
    }
    if (level + chain->depth > IR_MAX_DEPTH + 1)
        return wrong(self, "value is too deep", id);
    join(into, chain);
    return 0;
}

/* ---- functions ---------------------------------------------------------------------------- */

/* The calls of a function stand between the first operation of its blocks and the last. */
static int check_chain(Verifier *self, const IrFuncRec *func, const Chain *sum, uint32_t id) {
    if (sum->locals > func->local_count)
        return wrong(self, "local of another function", id);
    if (sum->last_call != 0 && (sum->first_call < self->first_op || sum->last_call >= self->end_op))
        return wrong(self, "call of another function", id);
    return 0;
}

static int check_value(Verifier *self, const IrFuncRec *func, IrValue id) {
    Chain sum = {0};
    return visit_value(self, id, 0, &sum) != 0 ? -1 : check_chain(self, func, &sum, id);
}

static int check_path(Verifier *self, const IrFuncRec *func, IrPath id) {
    Chain sum = {0};
    return visit_path(self, id, 0, &sum) != 0 ? -1 : check_chain(self, func, &sum, id);
}

static int check_call(Verifier *self, const IrFuncRec *func, const IrOpRec *op, uint32_t id) {
    if (check_value(self, func, op->a) != 0)
        return -1;
    if (!in_range(op->b, op->c, self->unit->args_len))
        return wrong(self, "arguments of a call", id);
    for (uint32_t i = 0; i < op->c; i++) {
        if (check_value(self, func, self->unit->args[op->b + i]) != 0)
            return -1;
    }
    return 0;
}

static int check_op(Verifier *self, const IrFuncRec *func, uint32_t id) {
    const IrOpRec *op = &self->unit->ops[id];
    if (!is_loc(self->unit, op->loc))
        return wrong(self, "place of an operation", id);
    switch (op->kind) {
    case IR_OP_CALL:
        return check_call(self, func, op, id);
    case IR_OP_STORE:
        return check_path(self, func, op->a) != 0 ? -1 : check_value(self, func, op->b);
    case IR_OP_LOAD:
        return check_path(self, func, op->a);
    case IR_OP_SCOPE:
        return op->a < func->local_count ? 0 : wrong(self, "local of an operation", id);
    case IR_OP_UNKNOWN:
        return is_str(self->unit, op->a) ? 0 : wrong(self, "text of an operation", id);
    default:
        return wrong(self, "kind of an operation", id);
    }
}

static bool is_block(const IrFuncRec *func, IrBlock block) {
    return block >= func->first_block && block - func->first_block < func->block_count;
}

static int check_switch(Verifier *self, const IrFuncRec *func, const IrBlockRec *block,
                        uint32_t id) {
    if (!in_range(block->a, block->b, self->unit->cases_len) || !is_block(func, block->c))
        return wrong(self, "switch", id);
    for (uint32_t i = 0; i < block->b; i++) {
        if (!is_block(func, self->unit->cases[block->a + i].target))
            return wrong(self, "case of a switch", id);
    }
    return check_value(self, func, block->cond);
}

static int check_term(Verifier *self, const IrFuncRec *func, const IrBlockRec *block, uint32_t id) {
    switch (block->term) {
    case IR_TERM_GOTO:
        return is_block(func, block->a) ? 0 : wrong(self, "target of a block", id);
    case IR_TERM_BRANCH:
        if (!is_block(func, block->a) || !is_block(func, block->b))
            return wrong(self, "target of a branch", id);
        return check_value(self, func, block->cond);
    case IR_TERM_SWITCH:
        return check_switch(self, func, block, id);
    case IR_TERM_RETURN:
        return block->cond == 0 ? 0 : check_value(self, func, block->cond);
    case IR_TERM_UNREACHABLE:
        return 0;
    default:
        return wrong(self, "end of a block", id);
    }
}

static bool is_region(const IrFuncRec *func, uint32_t region) {
    return region == 0 ||
           (region >= func->first_region && region - func->first_region < func->region_count);
}

static int check_block(Verifier *self, const IrFuncRec *func, uint32_t id) {
    const IrBlockRec *block = &self->unit->blocks[id];
    if (!in_range(block->first_op, block->op_count, self->unit->ops_len))
        return wrong(self, "operations of a block", id);
    if (!is_region(func, block->region) || !is_loc(self->unit, block->term_loc))
        return wrong(self, "region or place of a block", id);
    for (uint32_t i = 0; i < block->op_count; i++) {
        self->seen_ops[block->first_op + i] = true;
        if (check_op(self, func, block->first_op + i) != 0)
            return -1;
    }
    return check_term(self, func, block, id);
}

/* A parent stands before its child, so the chain of parents ends. */
static int check_regions(Verifier *self, const IrFuncRec *func, uint32_t id) {
    for (uint32_t i = 0; i < func->region_count; i++) {
        uint32_t at = func->first_region + i;
        const IrRegionRec *region = &self->unit->regions[at];
        if (region->kind != IR_REGION_EXCEPT && region->kind != IR_REGION_FINALLY)
            return wrong(self, "kind of a region", id);
        if (!is_region(func, region->parent) || region->parent >= at)
            return wrong(self, "parent of a region", id);
        if (!is_block(func, region->handler))
            return wrong(self, "handler of a region", id);
    }
    return 0;
}

static int check_func_tables(Verifier *self, const IrFuncRec *func, uint32_t id) {
    const IrUnit *unit = self->unit;
    if (!is_str(unit, func->key) || !is_str(unit, func->name) || !is_str(unit, func->segment) ||
        !is_str(unit, func->return_type))
        return wrong(self, "text of a function", id);
    if (!is_loc(unit, func->loc) || !is_loc(unit, func->segment_loc) ||
        !is_loc(unit, func->decl_start) || !is_loc(unit, func->decl_name) ||
        !is_loc(unit, func->code_start))
        return wrong(self, "place of a function", id);
    if (!in_range(func->first_local, func->local_count, unit->locals_len) ||
        func->param_count > func->local_count)
        return wrong(self, "locals of a function", id);
    if (!in_range(func->first_note, func->note_count, unit->sal_len) ||
        !in_range(func->first_role, func->role_count, unit->roles_len))
        return wrong(self, "annotations of a function", id);
    if (!in_range(func->first_block, func->block_count, unit->blocks_len) ||
        !in_range(func->first_region, func->region_count, unit->regions_len))
        return wrong(self, "blocks of a function", id);
    for (uint32_t i = 0; i < func->note_count; i++) {
        const IrSalRec *sal = &unit->sal[func->first_note + i];
        if (sal->param < -1 || sal->param >= (int64_t)func->param_count)
            return wrong(self, "parameter of an annotation", id);
    }
    return 0;
}

static int check_func(Verifier *self, uint32_t id) {
    const IrFuncRec *func = &self->unit->funcs[id];
    if (check_func_tables(self, func, id) != 0 || check_regions(self, func, id) != 0)
        return -1;
    if (((func->flags & IR_FUNC_BODY) != 0) != (func->block_count != 0))
        return wrong(self, "body of a function", id);
    self->first_op = func->block_count == 0 ? 0 : self->unit->blocks[func->first_block].first_op;
    self->end_op = self->first_op;
    for (uint32_t i = 0; i < func->block_count; i++)
        self->end_op += self->unit->blocks[func->first_block + i].op_count;
    for (uint32_t i = 0; i < func->block_count; i++) {
        if (check_block(self, func, func->first_block + i) != 0)
            return -1;
    }
    return 0;
}

/* ---- the other tables ----------------------------------------------------------------------- */

static int check_reserved(Verifier *self) {
    const IrUnit *unit = self->unit;
#define IR_HAS_RESERVED(type, name)                                                                \
    if (unit->name == NULL || unit->name##_len == 0)                                               \
        return wrong(self, "empty table " #name, 0);
    IR_TABLES(IR_HAS_RESERVED)
#undef IR_HAS_RESERVED
    if (unit->strings[0] != '\0' || unit->strings[unit->strings_len - 1] != '\0')
        return wrong(self, "string table", 0);
    if (!is_str(unit, unit->path) || unit->status > IR_FAILED)
        return wrong(self, "unit", 0);
    return 0;
}

static int check_names(Verifier *self) {
    const IrUnit *unit = self->unit;
    for (uint32_t i = 0; i < unit->files_len; i++) {
        if (!is_str(unit, unit->files[i]))
            return wrong(self, "file", i);
    }
    for (uint32_t i = 0; i < unit->roles_len; i++) {
        if (!is_str(unit, unit->roles[i]))
            return wrong(self, "role", i);
    }
    for (uint32_t i = 0; i < unit->model_types_len; i++) {
        if (!is_str(unit, unit->model_types[i]))
            return wrong(self, "model type", i);
    }
    for (uint32_t i = 0; i < unit->locals_len; i++) {
        const IrLocalRec *local = &unit->locals[i];
        if (!is_str(unit, local->name) || !is_str(unit, local->type) ||
            !is_str(unit, local->type_key))
            return wrong(self, "local", i);
    }
    for (uint32_t i = 0; i < unit->fields_len; i++) {
        const IrFieldRec *field = &unit->fields[i];
        if (!is_str(unit, field->type) || !is_str(unit, field->field) || !is_str(unit, field->role))
            return wrong(self, "field", i);
    }
    return 0;
}

/* Of all paths, also those that no operation leads to: the linker numbers the fields of them all.
 */
static int check_fields_of_paths(Verifier *self) {
    const IrUnit *unit = self->unit;
    for (uint32_t i = 0; i < unit->paths_len; i++) {
        const IrPathRec *path = &unit->paths[i];
        if (path->kind == IR_PATH_FIELD && (!is_str(unit, path->b) || !is_str(unit, path->c)))
            return wrong(self, "field of a path", i);
    }
    return 0;
}

static int check_globals(Verifier *self) {
    const IrUnit *unit = self->unit;
    for (uint32_t i = 0; i < unit->globals_len; i++) {
        const IrGlobalRec *global = &unit->globals[i];
        if (!is_str(unit, global->key) || !is_str(unit, global->name) ||
            !is_str(unit, global->type) || !is_str(unit, global->type_key) ||
            !is_str(unit, global->segment) || !is_loc(unit, global->loc))
            return wrong(self, "global", i);
    }
    return 0;
}

static int check_remarks(Verifier *self) {
    const IrUnit *unit = self->unit;
    for (uint32_t i = 0; i < unit->sal_len; i++) {
        if (!is_str(unit, unit->sal[i].text) || !is_loc(unit, unit->sal[i].loc))
            return wrong(self, "annotation", i);
    }
    for (uint32_t i = 0; i < unit->overrides_len; i++) {
        const IrOverrideRec *record = &unit->overrides[i];
        if (record->method >= unit->funcs_len || record->base >= unit->funcs_len ||
            (i > 0 && (record->method == 0 || record->base == 0)))
            return wrong(self, "override", i);
    }
    for (uint32_t i = 0; i < unit->notes_len; i++) {
        const IrNoteRec *note = &unit->notes[i];
        if (note->kind > IR_NOTE_UNKNOWN || !is_str(unit, note->text) || !is_loc(unit, note->loc))
            return wrong(self, "note", i);
    }
    return 0;
}

/* An operation of no block, as the destruction of what is never made leaves it: some stages look at
 * all operations, so what it names must be there. */
static int check_loose_op(Verifier *self, uint32_t id) {
    const IrOpRec *op = &self->unit->ops[id];
    Chain sum = {0};
    if (!is_loc(self->unit, op->loc) || op->kind > IR_OP_UNKNOWN)
        return wrong(self, "operation of no block", id);
    if (op->kind == IR_OP_STORE || op->kind == IR_OP_LOAD) {
        if (visit_path(self, op->a, 0, &sum) != 0)
            return -1;
    }
    if (op->kind == IR_OP_CALL && !in_range(op->b, op->c, self->unit->args_len))
        return wrong(self, "arguments of a call", id);
    if (op->kind == IR_OP_STORE)
        return visit_value(self, op->b, 0, &sum);
    return op->kind == IR_OP_CALL ? visit_value(self, op->a, 0, &sum) : 0;
}

static int check_loose_ops(Verifier *self) {
    for (uint32_t i = 1; i < self->unit->ops_len; i++) {
        if (!self->seen_ops[i] && check_loose_op(self, i) != 0)
            return -1;
    }
    return 0;
}

static int check_unit(Verifier *self) {
    if (check_reserved(self) != 0 || check_names(self) != 0 || check_fields_of_paths(self) != 0 ||
        check_globals(self) != 0 || check_remarks(self) != 0)
        return -1;
    for (uint32_t i = 1; i < self->unit->funcs_len; i++) {
        if (check_func(self, i) != 0)
            return -1;
    }
    return check_loose_ops(self);
}

int ir_verify(const IrUnit *unit, Error *err) {
    Arena *scratch = arena_new();
    Verifier self = {.unit = unit, .err = err};
    self.paths = arena_array_of(scratch, Chain, unit->paths_len);
    self.values = arena_array_of(scratch, Chain, unit->values_len);
    self.seen_ops = arena_array_of(scratch, bool, unit->ops_len + 1);
    int result = check_unit(&self);
    if (result == 0)
        result = verify_graphs(unit, scratch, err);
    arena_free(scratch);
    return result;
}
