/* annotations: what SAL says about the functions of the driver, in the linked program.
 *
 * The facts of all declarations of a function are one list, each fact once. Functions without a
 * body that the model does not know get a row made of their annotations. Invariant: a body, or a
 * row of the tables, is believed before an annotation. Role types and registrations that disagree
 * are kept side by side.
 */
#include "analyzer/link/internal.h"

static bool same_place(Place a, Place b) {
    if (a.kind != b.kind || a.arg != b.arg)
        return false;
    return a.kind != PLACE_GLOBAL || str_eq(a.name, b.name);
}

static bool same_fact(const SalFact *a, const SalFact *b) {
    if (a->kind != b->kind || a->level != b->level || a->flags != b->flags ||
        a->lock_class != b->lock_class || a->cond_count != b->cond_count ||
        !same_place(a->place, b->place))
        return false;
    bool named = a->kind == SAL_FUNCTION_CLASS || a->kind == SAL_DISPATCH_TYPE ||
                 a->kind == SAL_CLEARS_INIT || (a->flags & SAL_BAD_VALUE) != 0;
    if ((named && !str_eq(a->name, b->name)) ||
        (a->kind == SAL_MALFORMED && !str_eq(a->text, b->text)))
        return false;
    for (uint32_t i = 0; i < a->cond_count; i++) {
        if (!str_eq(a->conds[i].text, b->conds[i].text))
            return false;
    }
    return true;
}

static void add_new_facts(Linker *self, const SalFactArray *found, SalFactArray *facts) {
    for (uint32_t i = 0; i < found->len; i++) {
        bool known = false;
        for (uint32_t f = 0; f < facts->len && !known; f++)
            known = same_fact(&facts->items[f], &found->items[i]);
        if (!known)
            array_push(facts, self->arena, found->items[i]);
    }
}

void annotations_read(Linker *self, const IrUnit *unit, const IrFuncRec *record,
                      SalFactArray *facts) {
    if (record->note_count == 0)
        return;
    const char **params = arena_array_of(self->arena, const char *, record->param_count + 1);
    for (uint32_t i = 0; i < record->param_count; i++)
        params[i] = ir_str(unit, unit->locals[record->first_local + i].name);
    SalFactArray found = {0};
    for (uint32_t i = 0; i < record->note_count; i++) {
        const IrSalRec *note = &unit->sal[record->first_note + i];
        SalSource source = {.arena = self->arena,
                            .model = self->program->model,
                            .params = params,
                            .param_count = record->param_count,
                            .param = note->param,
                            .text = ir_str(unit, note->text),
                            .file = note->loc.file < unit->files_len
                                        ? ir_str(unit, unit->files[note->loc.file])
                                        : "",
                            .line = note->loc.line};
        sal_parse(&source, &found);
    }
    add_new_facts(self, &found, facts);
}

/* ---- roles ---------------------------------------------------------------------------------- */

static void add_role(const Linker *self, ProgFunc *func, const Role **roles, const char *name) {
    const Role *role = model_role(self->program->model, name);
    for (uint32_t i = 0; i < func->role_count && role != NULL; i++) {
        if (roles[i] == role)
            role = NULL;
    }
    if (role != NULL)
        roles[func->role_count++] = role;
}

/* "DRIVER_DISPATCH:IRP_MJ_POWER" when the system calls those in a way of their own, else
 * "DRIVER_DISPATCH". */
static const char *dispatch_role(const Linker *self, const SalFact *fact) {
    const char *special = arena_printf(self->arena, "DRIVER_DISPATCH:%s", fact->name);
    return model_role(self->program->model, special) != NULL ? special : "DRIVER_DISPATCH";
}

static bool is_good(const SalFact *fact, SalKind kind) {
    return fact->kind == kind && (fact->flags & SAL_BAD_VALUE) == 0;
}

void annotations_set_roles(Linker *self, ProgFunc *func, const CStrArray *types) {
    const Role **roles =
        arena_array_of(self->arena, const Role *, types->len + func->fact_count + 1);
    bool dispatch = false, special = true; /* annotated, and with special roles only */
    for (uint32_t i = 0; i < func->fact_count; i++) {
        if (!is_good(&func->facts[i], SAL_DISPATCH_TYPE))
            continue;
        const char *name = dispatch_role(self, &func->facts[i]);
        add_role(self, func, roles, name);
        dispatch = true;
        special = special && !str_eq(name, "DRIVER_DISPATCH");
    }
    for (uint32_t i = 0; i < types->len; i++) {
        if (!dispatch || !special || !str_eq(types->items[i], "DRIVER_DISPATCH"))
            add_role(self, func, roles, types->items[i]);
    }
    for (uint32_t i = 0; i < func->fact_count; i++) {
        const SalFact *fact = &func->facts[i];
        if (is_good(fact, SAL_FUNCTION_CLASS) &&
            (!dispatch || !special || !str_eq(fact->name, "DRIVER_DISPATCH")))
            add_role(self, func, roles, fact->name);
    }
    func->roles = roles;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool wants_row(const ProgFunc *func) {
    return !func->defined && func->ddi == NULL && func->fact_count != 0;
}

/* True when some lock of the library raises the level and the annotations do not say both where the
 * old level goes and who restores it. Then giving back a lock gives back the level. */
static bool has_unsaved_lock(const Program *program) {
    bool raises = false, all_save = true, restores = false;
    for (FuncId func = 1; func < program->func_count; func++) {
        const ProgFunc *record = &program->funcs[func];
        if (!wants_row(record))
            continue;
        restores = restores || sal_has(record->facts, record->fact_count, SAL_RESTORES);
        if (!sal_has(record->facts, record->fact_count, SAL_RAISES) ||
            !sal_has(record->facts, record->fact_count, SAL_ACQUIRES))
            continue;
        raises = true;
        all_save = all_save && sal_has(record->facts, record->fact_count, SAL_SAVES);
    }
    return raises && (!all_save || !restores);
}

void annotations_make_rows(Linker *self) {
    Program *program = self->program;
    bool unsaved = has_unsaved_lock(program);
    for (FuncId func = 1; func < program->func_count; func++) {
        ProgFunc *record = &program->funcs[func];
        if (wants_row(record))
            record->ddi =
                sal_make_row(self->arena, record->name, record->facts, record->fact_count, unsaved);
    }
}

/* ---- conflicts ------------------------------------------------------------------------------ */

/* The same role, or one that leaves open which variant: "DRIVER_DISPATCH" and
 * "DRIVER_DISPATCH:IRP_MJ_POWER". */
static bool same_role(const Role *a, const Role *b) {
    size_t len = strcspn(a->name, ":");
    if (strcspn(b->name, ":") != len || strncmp(a->name, b->name, len) != 0)
        return false;
    return a->name[len] == '\0' || b->name[len] == '\0' || str_eq(a->name, b->name);
}

void annotations_find_conflicts(Linker *self) {
    Program *program = self->program;
    Array(RoleConflict) found = {0};
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        const ProgFunc *func = &program->funcs[root->func];
        bool registered = root->via == ROOT_BY_ARGUMENT || root->via == ROOT_BY_FIELD;
        bool agrees = !registered || func->role_count == 0;
        for (uint32_t r = 0; r < func->role_count && !agrees; r++)
            agrees = same_role(func->roles[r], root->role);
        if (!agrees)
            array_push(&found, self->arena, (RoleConflict){root->func, func->roles[0], i});
    }
    program->conflicts = found.items;
    program->conflict_count = found.len;
}
