/* dump: a unit as text, for goldens and for people.
 *
 * Stable: the order is the unit's own, ids are renumbered within the function, file names are
 * relative, nothing depends on addresses or on the machine. Declared functions without a body that
 * carry no fact of their own are left out. Lossy for people's sake: USRs are not shown.
 */
#include "analyzer/ir/ir.h"

#include <inttypes.h>

typedef struct Dumper {
    const IrUnit *unit;    /* what is printed */
    const IrFuncRec *func; /* the function being printed */
    const char *base_dir;  /* file names are relative to it */
    Arena *arena;          /* scratch */
    FILE *out;             /* where to */
    uint32_t *call_names;  /* by IrOp: its number when some value refers to it, else 0 */
} Dumper;

static const char *const UNARY_NAMES[] = {"!", "-", "~"};
static const char *const BINARY_NAMES[] = {"+",  "-",  "*",  "/",  "%", "&",  "|", "^",
                                           "<<", ">>", "==", "!=", "<", "<=", ">", ">="};

static const char *str(const Dumper *self, IrStr text) {
    return ir_str(self->unit, text);
}

static const char *file_name(const Dumper *self, IrFile file) {
    return path_relative(self->arena, self->base_dir, str(self, self->unit->files[file]));
}

static void put_loc(const Dumper *self, IrLoc loc) {
    if (loc.file != 0)
        fprintf(self->out, "  @%s:%u", file_name(self, loc.file), loc.line);
}

static void put_quoted(const Dumper *self, const char *text) {
    fputc('"', self->out);
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            fputs("\\n", self->out);
        else if ((unsigned char)*text < ' ')
            fprintf(self->out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            fputc(*text, self->out);
    }
    fputc('"', self->out);
}

static void put_local(const Dumper *self, uint32_t index) {
    const char *name = str(self, self->unit->locals[self->func->first_local + index].name);
    if (name[0] != '\0')
        fputs(name, self->out);
    else
        fprintf(self->out, "t%u", index);
}

static void put_value(const Dumper *self, IrValue id);

static void put_path(const Dumper *self, IrPath id);

/* A pointer before `->` or `[`: in parentheses when it does not bind tighter. */
static void put_pointer(const Dumper *self, IrValue id) {
    const IrValueRec *value = &self->unit->values[id];
    bool loose = value->kind == IR_VALUE_ADDR || value->kind == IR_VALUE_UNARY;
    if (value->kind == IR_VALUE_PATH)
        loose = self->unit->paths[value->a].kind == IR_PATH_DEREF;
    fputs(loose ? "(" : "", self->out);
    put_value(self, id);
    fputs(loose ? ")" : "", self->out);
}

static void put_field(const Dumper *self, const IrPathRec *path) {
    const IrPathRec *base = &self->unit->paths[path->a];
    if (base->kind == IR_PATH_DEREF) {
        put_pointer(self, base->a);
        fprintf(self->out, "->%s", str(self, path->c));
        return;
    }
    put_path(self, path->a);
    fprintf(self->out, ".%s", str(self, path->c));
}

static void put_path(const Dumper *self, IrPath id) {
    const IrPathRec *path = &self->unit->paths[id];
    switch (path->kind) {
    case IR_PATH_LOCAL:
        put_local(self, path->a);
        break;
    case IR_PATH_GLOBAL:
        fputs(str(self, self->unit->globals[path->a].name), self->out);
        break;
    case IR_PATH_DEREF:
        fputc('*', self->out);
        put_value(self, path->a);
        break;
    case IR_PATH_FIELD:
        put_field(self, path);
        break;
    case IR_PATH_INDEX:
        if (self->unit->paths[path->a].kind == IR_PATH_DEREF)
            put_pointer(self, self->unit->paths[path->a].a);
        else
            put_path(self, path->a);
        fputc('[', self->out);
        put_value(self, path->b);
        fputc(']', self->out);
        break;
    default:
        fputs("<unknown place>", self->out);
    }
}

static void put_const(const Dumper *self, int64_t value) {
    if (value < -0xffff || value > 0xffff)
        fprintf(self->out, "%s0x%" PRIx64, value < 0 ? "-" : "",
                value < 0 ? -(uint64_t)value : (uint64_t)value);
    else
        fprintf(self->out, "%" PRId64, value);
}

static void put_value(const Dumper *self, IrValue id) {
    const IrValueRec *value = &self->unit->values[id];
    switch (value->kind) {
    case IR_VALUE_CONST:
        put_const(self, ir_const(value));
        break;
    case IR_VALUE_STRING:
        put_quoted(self, str(self, value->a));
        break;
    case IR_VALUE_PATH:
        put_path(self, value->a);
        break;
    case IR_VALUE_ADDR:
        fputc('&', self->out);
        put_path(self, value->a);
        break;
    case IR_VALUE_FUNC:
        fputs(str(self, self->unit->funcs[value->a].name), self->out);
        break;
    case IR_VALUE_CALL:
        fprintf(self->out, "%%%u", self->call_names[value->a]);
        break;
    case IR_VALUE_UNARY:
        fputs(UNARY_NAMES[value->a], self->out);
        put_value(self, value->b);
        break;
    case IR_VALUE_BINARY:
        fputc('(', self->out);
        put_value(self, value->b);
        fprintf(self->out, " %s ", BINARY_NAMES[value->a]);
        put_value(self, value->c);
        fputc(')', self->out);
        break;
    default:
        fputs("<unknown>", self->out);
    }
}

static void put_call(const Dumper *self, uint32_t id) {
    const IrOpRec *op = &self->unit->ops[id];
    const IrValueRec *callee = &self->unit->values[op->a];
    if (self->call_names[id] != 0)
        fprintf(self->out, "%%%u = ", self->call_names[id]);
    fputs((op->flags & IR_OP_VIRTUAL) != 0 ? "call virtual " : "call ", self->out);
    if (callee->kind != IR_VALUE_FUNC)
        fputc('(', self->out);
    put_value(self, op->a);
    if (callee->kind != IR_VALUE_FUNC)
        fputc(')', self->out);
    fputc('(', self->out);
    for (uint32_t i = 0; i < op->c; i++) {
        if (i > 0)
            fputs(", ", self->out);
        put_value(self, self->unit->args[op->b + i]);
    }
    fputc(')', self->out);
}

static void put_op(const Dumper *self, uint32_t id) {
    const IrOpRec *op = &self->unit->ops[id];
    fputs("    ", self->out);
    switch (op->kind) {
    case IR_OP_CALL:
        put_call(self, id);
        break;
    case IR_OP_STORE:
        fputs("store ", self->out);
        put_path(self, op->a);
        fputs(" = ", self->out);
        put_value(self, op->b);
        break;
    case IR_OP_LOAD:
        fputs("load ", self->out);
        put_path(self, op->a);
        break;
    case IR_OP_SCOPE:
        fputs("scope ", self->out);
        put_local(self, op->a);
        break;
    default:
        fprintf(self->out, "unknown %s", str(self, op->a));
    }
    put_loc(self, op->loc);
    if ((op->flags & IR_OP_MACRO) != 0)
        fputs(" macro", self->out);
    if ((op->flags & IR_OP_IMPLICIT) != 0)
        fputs(" implicit", self->out);
    fputc('\n', self->out);
}

static uint32_t block_name(const Dumper *self, IrBlock block) {
    return block - self->func->first_block;
}

static void put_switch(const Dumper *self, const IrBlockRec *block) {
    fputs("switch ", self->out);
    put_value(self, block->cond);
    for (uint32_t i = 0; i < block->b; i++) {
        const IrCaseRec *record = &self->unit->cases[block->a + i];
        fputs(i == 0 ? " [" : ", ", self->out);
        put_const(self, record->low);
        if (record->high != record->low) {
            fputs(" … ", self->out);
            put_const(self, record->high);
        }
        fprintf(self->out, ": b%u", block_name(self, record->target));
    }
    fprintf(self->out, "%s else b%u", block->b > 0 ? "]" : "", block_name(self, block->c));
}

static void put_term(const Dumper *self, const IrBlockRec *block) {
    fputs("    ", self->out);
    switch (block->term) {
    case IR_TERM_GOTO:
        fprintf(self->out, "goto b%u\n", block_name(self, block->a));
        return;
    case IR_TERM_BRANCH:
        fputs("if ", self->out);
        put_value(self, block->cond);
        fprintf(self->out, " b%u else b%u", block_name(self, block->a), block_name(self, block->b));
        break;
    case IR_TERM_SWITCH:
        put_switch(self, block);
        break;
    case IR_TERM_RETURN:
        fputs("return", self->out);
        if (block->cond != 0) {
            fputc(' ', self->out);
            put_value(self, block->cond);
        }
        break;
    default:
        fputs("unreachable", self->out);
    }
    put_loc(self, block->term_loc);
    fputc('\n', self->out);
}

static void put_region(const Dumper *self, uint32_t region) {
    if (region == 0)
        return;
    const IrRegionRec *record = &self->unit->regions[region];
    fprintf(self->out, "  in %s handled by b%u",
            record->kind == IR_REGION_FINALLY ? "try-finally" : "try-except",
            block_name(self, record->handler));
}

static void put_block(const Dumper *self, uint32_t id) {
    const IrBlockRec *block = &self->unit->blocks[id];
    fprintf(self->out, "  b%u:", block_name(self, id));
    put_region(self, block->region);
    fputc('\n', self->out);
    for (uint32_t i = 0; i < block->op_count; i++)
        put_op(self, block->first_op + i);
    put_term(self, block);
}

/* ---- functions ------------------------------------------------------------------------------ */

typedef struct FlagName {
    uint32_t flag;    /* IR_FUNC_… */
    const char *name; /* how it is printed */
} FlagName;

static const FlagName FLAG_NAMES[] = {
    {IR_FUNC_STATIC, "static"},         {IR_FUNC_INLINE, "inline"},
    {IR_FUNC_VARIADIC, "variadic"},     {IR_FUNC_NORETURN, "noreturn"},
    {IR_FUNC_INCOMPLETE, "incomplete"}, {IR_FUNC_MODEL, "model"},
    {IR_FUNC_VIRTUAL, "virtual"},       {IR_FUNC_METHOD, "method"},
    {IR_FUNC_INSTANCE, "instance"},     {IR_FUNC_PURE, "pure"},
};

static void put_params(const Dumper *self) {
    fputc('(', self->out);
    for (uint32_t i = 0; i < self->func->param_count; i++) {
        const IrLocalRec *param = &self->unit->locals[self->func->first_local + i];
        fprintf(self->out, "%s%s", i > 0 ? ", " : "", str(self, param->type));
        if (param->name != 0)
            fprintf(self->out, " %s", str(self, param->name));
    }
    fputc(')', self->out);
}

static void put_head(const Dumper *self) {
    const IrFuncRec *func = self->func;
    fprintf(self->out, "\n%s %s", (func->flags & IR_FUNC_BODY) != 0 ? "func" : "declared",
            str(self, func->name));
    put_params(self);
    fprintf(self->out, " -> %s", str(self, func->return_type));
    for (size_t i = 0; i < sizeof FLAG_NAMES / sizeof FLAG_NAMES[0]; i++) {
        if ((func->flags & FLAG_NAMES[i].flag) != 0)
            fprintf(self->out, " %s", FLAG_NAMES[i].name);
    }
    put_loc(self, func->loc);
    fputc('\n', self->out);
}

static void put_remarks(const Dumper *self) {
    const IrFuncRec *func = self->func;
    if (func->segment != 0) {
        fprintf(self->out, "  segment %s", str(self, func->segment));
        put_loc(self, func->segment_loc);
        fputc('\n', self->out);
    }
    for (uint32_t i = 0; i < func->role_count; i++)
        fprintf(self->out, "  role %s\n", str(self, self->unit->roles[func->first_role + i]));
    for (uint32_t i = 0; i < func->note_count; i++) {
        const IrSalRec *sal = &self->unit->sal[func->first_note + i];
        fputs("  sal ", self->out);
        if (sal->param >= 0)
            fprintf(self->out, "%d ", sal->param);
        fputs(str(self, sal->text), self->out);
        put_loc(self, sal->loc);
        fputc('\n', self->out);
    }
}

static void put_locals(const Dumper *self) {
    for (uint32_t i = self->func->param_count; i < self->func->local_count; i++) {
        const IrLocalRec *local = &self->unit->locals[self->func->first_local + i];
        fputs("  local ", self->out);
        put_local(self, i);
        fprintf(self->out, ": %s", str(self, local->type));
        if (local->type_key != 0)
            fprintf(self->out, " (%s)", str(self, local->type_key));
        fputc('\n', self->out);
    }
}

/* Numbers the calls of the function whose result some value uses, in the order of the blocks. */
static void name_calls(const Dumper *self, const bool *used) {
    uint32_t next = 0;
    for (uint32_t b = 0; b < self->func->block_count; b++) {
        const IrBlockRec *block = &self->unit->blocks[self->func->first_block + b];
        for (uint32_t i = 0; i < block->op_count; i++) {
            if (used[block->first_op + i])
                self->call_names[block->first_op + i] = ++next;
        }
    }
}

/* A declaration without any fact of its own says nothing. */
static bool is_worth_printing(const IrFuncRec *func) {
    if ((func->flags & IR_FUNC_BODY) != 0)
        return (func->flags & IR_FUNC_GLOBALS) == 0 || func->block_count > 0;
    return (func->flags & IR_FUNC_MODEL) == 0 &&
           (func->segment != 0 || func->role_count + func->note_count > 0);
}

static void put_func(Dumper *self, uint32_t id, const bool *used) {
    self->func = &self->unit->funcs[id];
    if (!is_worth_printing(self->func))
        return;
    put_head(self);
    put_remarks(self);
    put_locals(self);
    name_calls(self, used);
    for (uint32_t i = 0; i < self->func->block_count; i++)
        put_block(self, self->func->first_block + i);
}

/* ---- the unit ------------------------------------------------------------------------------- */

static void put_notes(const Dumper *self) {
    static const char *const names[] = {"error", "missing", "implicit", "unknown"};
    for (uint32_t i = 1; i < self->unit->notes_len; i++) {
        const IrNoteRec *note = &self->unit->notes[i];
        fprintf(self->out, "note %s: %s", names[note->kind], str(self, note->text));
        put_loc(self, note->loc);
        fputc('\n', self->out);
    }
}

static void put_globals(const Dumper *self) {
    for (uint32_t i = 1; i < self->unit->globals_len; i++) {
        const IrGlobalRec *global = &self->unit->globals[i];
        if ((global->flags & IR_GLOBAL_MODEL) != 0)
            continue;
        fprintf(self->out, "global %s: %s", str(self, global->name), str(self, global->type));
        if (global->type_key != 0)
            fprintf(self->out, " (%s)", str(self, global->type_key));
        if ((global->flags & IR_GLOBAL_STATIC) != 0)
            fputs(" static", self->out);
        if ((global->flags & IR_GLOBAL_CONST) != 0)
            fputs(" const", self->out);
        if ((global->flags & IR_GLOBAL_DEFINED) == 0)
            fputs(" declared", self->out);
        if (global->segment != 0)
            fprintf(self->out, " segment %s", str(self, global->segment));
        put_loc(self, global->loc);
        fputc('\n', self->out);
    }
}

static void put_relations(const Dumper *self) {
    for (uint32_t i = 1; i < self->unit->fields_len; i++) {
        const IrFieldRec *field = &self->unit->fields[i];
        fprintf(self->out, "field %s.%s: role %s\n", str(self, field->type),
                str(self, field->field), str(self, field->role));
    }
    for (uint32_t i = 1; i < self->unit->overrides_len; i++) {
        const IrOverrideRec *record = &self->unit->overrides[i];
        fprintf(self->out, "override %s: %s\n", str(self, self->unit->funcs[record->method].name),
                str(self, self->unit->funcs[record->base].name));
    }
}

static void use_value(bool *used, const IrUnit *unit, IrValue id) {
    if (unit->values[id].kind == IR_VALUE_CALL)
        used[unit->values[id].a] = true;
}

static void use_inside(bool *used, const IrUnit *unit) {
    for (uint32_t i = 1; i < unit->values_len; i++) {
        const IrValueRec *value = &unit->values[i];
        if (value->kind == IR_VALUE_UNARY || value->kind == IR_VALUE_BINARY)
            use_value(used, unit, value->b);
        if (value->kind == IR_VALUE_BINARY)
            use_value(used, unit, value->c);
    }
    for (uint32_t i = 1; i < unit->paths_len; i++) {
        const IrPathRec *path = &unit->paths[i];
        if (path->kind == IR_PATH_DEREF)
            use_value(used, unit, path->a);
        if (path->kind == IR_PATH_INDEX)
            use_value(used, unit, path->b);
    }
}

/* Which calls have a result that something refers to? */
static bool *used_calls(const IrUnit *unit, Arena *arena) {
    bool *used = arena_array_of(arena, bool, unit->ops_len);
    use_inside(used, unit);
    for (uint32_t i = 1; i < unit->args_len; i++)
        use_value(used, unit, unit->args[i]);
    for (uint32_t i = 1; i < unit->ops_len; i++) {
        if (unit->ops[i].kind == IR_OP_CALL)
            use_value(used, unit, unit->ops[i].a);
        if (unit->ops[i].kind == IR_OP_STORE)
            use_value(used, unit, unit->ops[i].b);
    }
    for (uint32_t i = 1; i < unit->blocks_len; i++)
        use_value(used, unit, unit->blocks[i].cond);
    return used;
}

void ir_dump(const IrUnit *unit, const char *base_dir, FILE *out) {
    Arena *scratch = arena_new();
    Dumper self = {.unit = unit, .base_dir = base_dir, .arena = scratch, .out = out};
    self.call_names = arena_array_of(scratch, uint32_t, unit->ops_len);
    const bool *used = used_calls(unit, scratch);
    fprintf(out, "unit %s %s", path_relative(scratch, base_dir, ir_str(unit, unit->path)),
            ir_status_name(unit->status));
    fprintf(out, " errors %u warnings %u\n", unit->error_count, unit->warning_count);
    put_notes(&self);
    put_globals(&self);
    put_relations(&self);
    for (uint32_t i = 1; i < unit->funcs_len; i++)
        put_func(&self, i, used);
    arena_free(scratch);
}
