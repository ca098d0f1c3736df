/* roots: the functions that the system calls, and how we know.
 *
 * A function handed to an API function, or stored in a field that the model knows as a
 * registration, is a root of that role. A role type alone makes a root only when nothing registers
 * or surely calls the function; a function that nothing calls at all is kept as ROOT_UNCALLED, one
 * that only pointers with several targets lead to as ROOT_POINTED, so that its body is still
 * analysed. Errs towards fewer roots: a role type on a function that the driver calls itself adds
 * nothing.
 */
#include "analyzer/link/internal.h"

typedef struct RootFinder {
    Slots *slots;       /* solved function pointers */
    Settings *settings; /* of framework objects */
    bool *has_root;     /* by FuncId: some registration names it */
    bool *is_called;    /* by FuncId: some call of the driver may reach it */
    bool *surely;       /* by FuncId: some call can reach nothing else */
} RootFinder;

static void add_root(Linker *self, RootFinder *finder, ProgRoot root) {
    if (!self->program->funcs[root.func].defined)
        return;
    finder->has_root[root.func] = true;
    array_push(&self->roots, self->arena, root);
}

static void add_registered(Linker *self, RootFinder *finder, ProgTargets funcs, ProgRoot root) {
    for (uint32_t i = 0; i < funcs.len; i++) {
        root.func = funcs.items[i];
        add_root(self, finder, root);
    }
}

static ProgRoot root_at(const Program *program, FuncId func, const ProgUnit *unit, IrOp op) {
    const IrLoc *loc = &unit->ir->ops[op].loc;
    (void)program;
    return (ProgRoot){.file = ir_str(unit->ir, unit->ir->files[loc->file]),
                      .line = loc->line,
                      .in_func = func,
                      .op = unit->op_base + op};
}

static void visit_call(Linker *self, RootFinder *finder, FuncId func, const ProgUnit *unit,
                       IrOp op) {
    const Program *program = self->program;
    const IrOpRec *record = &unit->ir->ops[op];
    ProgTargets targets = program->targets[unit->op_base + op];
    for (uint32_t t = 0; t < targets.len; t++) {
        const ProgFunc *callee = &program->funcs[targets.items[t]];
        finder->is_called[targets.items[t]] = true;
        finder->surely[targets.items[t]] |= targets.len == 1;
        if (callee->ddi == NULL && callee->defined)
            continue;
        uint32_t count;
        const Registration *found =
            model_registrations_of_ddi(program->model, callee->name, &count);
        for (uint32_t i = 0; i < count; i++) {
            if (found[i].arg >= record->c)
                continue;
            ProgRoot root = root_at(program, func, unit, op);
            root.role = model_role(program->model, found[i].role);
            root.via = ROOT_BY_ARGUMENT;
            root.through = callee->name;
            if (root.role == NULL)
                continue;
            root.setting = settings_of_argument(finder->settings, root.role, func, unit, op);
            IrValue argument = unit->ir->args[record->b + found[i].arg];
            add_registered(self, finder, slots_of_value(finder->slots, func, unit, argument), root);
        }
    }
}

/* The constant index of the innermost array element a path names; -1 when it is not constant. */
static int64_t constant_index(const IrUnit *unit, IrPath path) {
    const IrPathRec *record = &unit->paths[path];
    if (record->kind != IR_PATH_INDEX || unit->values[record->b].kind != IR_VALUE_CONST)
        return -1;
    return ir_const(&unit->values[record->b]);
}

/* True when a store nearby sets that member of the same structure: tables are initialised member by
 * member, and equal paths of one function have equal ids. */
static bool has_sibling(const IrUnit *unit, IrOp op, IrPath structure, const Registration *row) {
    enum { NEAR = 64 };
    IrOp first = op > NEAR ? op - NEAR : 1;
    for (IrOp at = first; at < op + NEAR && at < unit->ops_len; at++) {
        if (unit->ops[at].kind != IR_OP_STORE)
            continue;
        const IrPathRec *path = &unit->paths[unit->ops[at].a];
        const IrValueRec *value = &unit->values[unit->ops[at].b];
        if (path->kind == IR_PATH_FIELD && path->a == structure && value->kind == IR_VALUE_CONST &&
            ir_const(value) == row->sibling_value && str_eq(ir_str(unit, path->c), row->sibling))
            return true;
    }
    return false;
}

/* True for a row that speaks of this element, or of a structure with this sibling, alone. */
static bool is_for_element(const IrUnit *unit, IrOp op, IrPath path, int64_t index,
                           const Registration *row) {
    if (row->sibling != NULL)
        return has_sibling(unit, op, unit->paths[path].a, row);
    return row->index >= 0 && row->index == index;
}

static void visit_store(Linker *self, RootFinder *finder, FuncId func, const ProgUnit *unit,
                        IrOp op) {
    const IrUnit *ir = unit->ir;
    const IrOpRec *record = &ir->ops[op];
    IrPath path = record->a;
    int64_t index = constant_index(ir, path);
    while (ir->paths[path].kind == IR_PATH_INDEX)
        path = ir->paths[path].a;
    if (ir->paths[path].kind != IR_PATH_FIELD)
        return;
    uint32_t count;
    const Registration *found = model_registrations_of_field(
        self->program->model, ir_str(ir, ir->paths[path].b), ir_str(ir, ir->paths[path].c), &count);
    bool special = false; /* a row for this very element outranks the rows for any element */
    for (uint32_t i = 0; i < count; i++)
        special = special || is_for_element(ir, op, path, index, &found[i]);
    for (uint32_t i = 0; i < count; i++) {
        bool general = found[i].index < 0 && found[i].sibling == NULL;
        if (special ? !is_for_element(ir, op, path, index, &found[i]) : !general)
            continue;
        ProgRoot root = root_at(self->program, func, unit, op);
        root.role = model_role(self->program->model, found[i].role);
        root.via = ROOT_BY_FIELD;
        root.through = self->program->field_names[unit->fields[path]];
        if (root.role == NULL)
            continue;
        root.setting =
            settings_of_field(finder->settings, root.role, func, op, unit, ir->paths[path].a);
        add_registered(self, finder, slots_of_value(finder->slots, func, unit, record->b), root);
    }
}

static void visit_op(Linker *self, FuncId func, const ProgUnit *unit, IrOp op, void *data) {
    RootFinder *finder = data;
    if (unit->ir->ops[op].kind == IR_OP_CALL)
        visit_call(self, finder, func, unit, op);
    else if (unit->ir->ops[op].kind == IR_OP_STORE)
        visit_store(self, finder, func, unit, op);
}

static ProgRoot root_by_declaration(const Program *program, FuncId func, RootVia via) {
    const ProgFunc *record = &program->funcs[func];
    return (ProgRoot){
        .func = func, .via = via, .through = "", .file = record->file, .line = record->line};
}

static void add_named(Linker *self, RootFinder *finder, FuncId func) {
    const Program *program = self->program;
    uint32_t count;
    const Registration *found =
        model_registrations_of_field(program->model, "", program->funcs[func].name, &count);
    for (uint32_t i = 0; i < count; i++) {
        ProgRoot root = root_by_declaration(program, func, ROOT_BY_NAME);
        root.role = model_role(program->model, found[i].role);
        if (root.role != NULL)
            add_root(self, finder, root);
    }
}

static void add_uncalled(Linker *self, RootFinder *finder, FuncId func) {
    ProgRoot root = root_by_declaration(self->program, func, ROOT_UNCALLED);
    if (finder->is_called[func]) {
        root.via = ROOT_POINTED;
        root.through = "pointers";
    }
    add_root(self, finder, root);
}

static void add_declared(Linker *self, RootFinder *finder, FuncId func) {
    const ProgFunc *record = &self->program->funcs[func];
    bool added = false;
    for (uint32_t i = 0; i < record->role_count; i++) {
        const Role *role = record->roles[i];
        if ((role->certain | role->possible) == 0 || (role->flags & ROLE_CALLER) != 0)
            continue;
        ProgRoot root = root_by_declaration(self->program, func, ROOT_BY_TYPE);
        root.role = role;
        root.through = role->name;
        add_root(self, finder, root);
        added = true;
    }
    if (!added)
        add_uncalled(self, finder, func);
}

void roots_find(Linker *self, Slots *slots) {
    Program *program = self->program;
    RootFinder finder = {.slots = slots,
                         .settings = settings_find(self),
                         .has_root = arena_array_of(self->arena, bool, program->func_count),
                         .is_called = arena_array_of(self->arena, bool, program->func_count),
                         .surely = arena_array_of(self->arena, bool, program->func_count)};
    linker_each_op(self, visit_op, &finder);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].defined)
            continue;
        if (!finder.has_root[func])
            add_named(self, &finder, func);
        if (!finder.has_root[func] && !finder.surely[func])
            add_declared(self, &finder, func);
    }
}
