/* link: symbols. Merges the functions, fields and globals of all units into dense ids.
 *
 * Invariant: ids follow (name, key) and (path) order, so the result does not depend on the order in
 * which units arrive. A function with bodies in several units (an inline function of a header) is
 * taken from the first unit by path. Errs towards keeping functions apart: internal linkage is told
 * apart by file.
 */
#include "analyzer/link/internal.h"

#include <stdlib.h>

/* A function as one unit knows it. */
typedef struct Candidate {
    const char *key;  /* identity across units */
    const char *name; /* as written */
    uint32_t unit;    /* index into program->units */
    IrFunc ir;        /* record there */
} Candidate;

static int compare_units(const void *a, const void *b) {
    const IrUnit *left = *(IrUnit *const *)a, *right = *(IrUnit *const *)b;
    return strcmp(ir_str(left, left->path), ir_str(right, right->path));
}

static int compare_candidates(const void *a, const void *b) {
    const Candidate *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order == 0)
        order = strcmp(left->key, right->key);
    if (order == 0)
        order = left->unit < right->unit ? -1 : left->unit > right->unit;
    return order;
}

static const char *file_of(const IrUnit *unit, IrLoc loc) {
    return loc.file < unit->files_len ? ir_str(unit, unit->files[loc.file]) : "";
}

static const char *function_key(Arena *arena, const IrUnit *unit, const IrFuncRec *func) {
    const char *key = ir_str(unit, func->key);
    if ((func->flags & IR_FUNC_STATIC) == 0)
        return key;
    return arena_printf(arena, "%s@%s", key, file_of(unit, func->loc));
}

static void add_units(Linker *self, IrUnit *const *units, uint32_t unit_count) {
    Program *program = self->program;
    IrUnit **sorted = arena_array_of(self->arena, IrUnit *, unit_count + 1);
    memcpy(sorted, units, sizeof(*units) * unit_count);
    if (unit_count != 0)
        qsort(sorted, unit_count, sizeof(*sorted), compare_units);
    program->units = arena_array_of(self->arena, ProgUnit, unit_count + 1);
    program->unit_count = unit_count;
    program->op_count = 1;
    for (uint32_t i = 0; i < unit_count; i++) {
        program->units[i].ir = sorted[i];
        program->units[i].op_base = program->op_count;
        program->op_count += sorted[i]->ops_len;
    }
}

static uint32_t collect_candidates(Linker *self, Candidate **result) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < self->program->unit_count; i++)
        total += self->program->units[i].ir->funcs_len;
    Candidate *candidates = arena_array_of(self->arena, Candidate, total + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < self->program->unit_count; i++) {
        const IrUnit *unit = self->program->units[i].ir;
        for (IrFunc f = 1; f < unit->funcs_len; f++) {
            if ((unit->funcs[f].flags & IR_FUNC_GLOBALS) != 0)
                continue;
            candidates[count++] = (Candidate){function_key(self->arena, unit, &unit->funcs[f]),
                                              ir_str(unit, unit->funcs[f].name), i, f};
        }
    }
    if (count != 0)
        qsort(candidates, count, sizeof(*candidates), compare_candidates);
    *result = candidates;
    return count;
}

/* Adds a pointer to a growing list unless an equal string or pointer is there. */
static void add_unique(Arena *arena, CStrArray *list, const char *text) {
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_eq(list->items[i], text))
            return;
    }
    array_push(list, arena, text);
}

/* Takes over what one declaration says: section, role types, annotations. */
static void merge_declaration(Linker *self, ProgFunc *func, const IrUnit *unit,
                              const IrFuncRec *record, CStrArray *roles, SalFactArray *facts) {
    if (func->segment[0] == '\0' && record->segment != 0) {
        func->segment = ir_str(unit, record->segment);
        func->segment_file = file_of(unit, record->segment_loc);
        func->segment_line = record->segment_loc.line;
    }
    for (uint32_t i = 0; i < record->role_count; i++)
        add_unique(self->arena, roles, ir_str(unit, unit->roles[record->first_role + i]));
    annotations_read(self, unit, record, facts);
}

/* One function out of candidates[first … end), which share a key. */
static void add_function(Linker *self, const Candidate *candidates, uint32_t first, uint32_t end,
                         FuncId id) {
    Program *program = self->program;
    ProgFunc *func = &program->funcs[id];
    const Candidate *chosen = &candidates[first];
    bool model = false;
    for (uint32_t i = first; i < end && !func->defined; i++) {
        const IrUnit *unit = program->units[candidates[i].unit].ir;
        uint32_t flags = unit->funcs[candidates[i].ir].flags;
        model = model || (flags & IR_FUNC_MODEL) != 0;
        if ((flags & IR_FUNC_BODY) != 0) {
            chosen = &candidates[i];
            func->defined = true;
        }
    }
    const IrUnit *unit = program->units[chosen->unit].ir;
    const IrFuncRec *record = &unit->funcs[chosen->ir];
    func->unit = chosen->unit;
    func->ir = chosen->ir;
    func->key = chosen->key;
    func->name = chosen->name;
    func->file = file_of(unit, record->loc);
    func->line = record->loc.line;
    func->segment = func->segment_file = "";
    CStrArray roles = {0};
    SalFactArray facts = {0};
    for (uint32_t i = first; i < end; i++) {
        const IrUnit *from = program->units[candidates[i].unit].ir;
        merge_declaration(self, func, from, &from->funcs[candidates[i].ir], &roles, &facts);
        ((FuncId *)program->units[candidates[i].unit].funcs)[candidates[i].ir] = id;
    }
    func->facts = facts.items;
    func->fact_count = facts.len;
    func->is_model = model;
    annotations_set_roles(self, func, &roles);
    if (!func->defined)
        func->ddi = model_ddi(program->model, func->name);
}

static void add_functions(Linker *self) {
    Program *program = self->program;
    Candidate *candidates;
    uint32_t count = collect_candidates(self, &candidates);
    for (uint32_t i = 0; i < program->unit_count; i++)
        program->units[i].funcs =
            arena_array_of(self->arena, FuncId, program->units[i].ir->funcs_len + 1);
    program->funcs = arena_array_of(self->arena, ProgFunc, count + 1);
    program->func_count = 1;
    program->funcs[0] =
        (ProgFunc){.key = "", .name = "", .file = "", .segment = "", .segment_file = ""};
    for (uint32_t first = 0; first < count;) {
        uint32_t end = first + 1;
        while (end < count && str_eq(candidates[end].key, candidates[first].key) &&
               str_eq(candidates[end].name, candidates[first].name))
            end++;
        add_function(self, candidates, first, end, program->func_count++);
        first = end;
    }
}

/* Which fields belong to structs of the driver's own. */
static const bool *find_driver_fields(Linker *self) {
    const Program *program = self->program;
    StrTab *model_types = strtab_new(self->arena);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const IrUnit *unit = program->units[i].ir;
        for (uint32_t t = 1; t < unit->model_types_len; t++)
            strtab_add(model_types, ir_str(unit, unit->model_types[t]));
    }
    bool *is_driver = arena_array_of(self->arena, bool, program->field_count);
    for (FieldId f = 1; f < program->field_count; f++) {
        const char *name = program->field_names[f];
        char *type = arena_strndup(self->arena, name, strcspn(name, "."));
        is_driver[f] = strtab_find(model_types, type) == UINT32_MAX;
    }
    return is_driver;
}

static void add_fields(Linker *self) {
    Program *program = self->program;
    StrTab *fields = strtab_new(self->arena);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const IrUnit *unit = program->units[i].ir;
        FieldId *ids = arena_array_of(self->arena, FieldId, unit->paths_len + 1);
        for (IrPath p = 1; p < unit->paths_len; p++) {
            if (unit->paths[p].kind != IR_PATH_FIELD)
                continue;
            char name[512];
            snprintf(name, sizeof name, "%s.%s", ir_str(unit, unit->paths[p].b),
                     ir_str(unit, unit->paths[p].c));
            ids[p] = strtab_add(fields, name);
        }
        program->units[i].fields = ids;
    }
    program->field_count = strtab_count(fields);
    program->field_names = arena_array_of(self->arena, const char *, program->field_count);
    for (FieldId f = 0; f < program->field_count; f++)
        program->field_names[f] = strtab_get(fields, f);
    program->field_is_driver = find_driver_fields(self);
}

/* Names and data sections; the section of whichever declaration states one. */
static void describe_globals(Linker *self) {
    Program *program = self->program;
    program->global_names = arena_array_of(self->arena, const char *, program->global_count);
    program->global_segments = arena_array_of(self->arena, const char *, program->global_count);
    for (uint32_t g = 0; g < program->global_count; g++)
        program->global_names[g] = program->global_segments[g] = "";
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const IrUnit *unit = program->units[i].ir;
        for (IrGlobal g = 1; g < unit->globals_len; g++) {
            uint32_t id = program->units[i].globals[g];
            program->global_names[id] = ir_str(unit, unit->globals[g].name);
            if (unit->globals[g].segment != 0)
                program->global_segments[id] = ir_str(unit, unit->globals[g].segment);
        }
    }
}

static void add_globals(Linker *self) {
    Program *program = self->program;
    StrTab *globals = strtab_new(self->arena);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        const IrUnit *unit = program->units[i].ir;
        uint32_t *ids = arena_array_of(self->arena, uint32_t, unit->globals_len + 1);
        for (IrGlobal g = 1; g < unit->globals_len; g++) {
            const IrGlobalRec *global = &unit->globals[g];
            const char *key = ir_str(unit, global->key);
            if ((global->flags & IR_GLOBAL_STATIC) != 0)
                key = arena_printf(self->arena, "%s@%s", key, file_of(unit, global->loc));
            ids[g] = strtab_add(globals, key);
        }
        program->units[i].globals = ids;
    }
    program->global_count = strtab_count(globals);
    describe_globals(self);
}

void linker_each_op(Linker *self, OpVisitor *visit, void *data) {
    Program *program = self->program;
    for (uint32_t u = 0; u < program->unit_count; u++) {
        const ProgUnit *unit = &program->units[u];
        for (IrFunc f = 1; f < unit->ir->funcs_len; f++) {
            const IrFuncRec *record = &unit->ir->funcs[f];
            FuncId id = unit->funcs[f];
            bool globals = (record->flags & IR_FUNC_GLOBALS) != 0;
            if (!globals && (program->funcs[id].unit != u || program->funcs[id].ir != f))
                continue; /* another unit's copy of this function counts */
            for (uint32_t b = 0; b < record->block_count; b++) {
                const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
                for (uint32_t o = 0; o < block->op_count; o++)
                    visit(self, globals ? 0 : id, unit, block->first_op + o, data);
            }
        }
    }
}

static int compare_roots(const void *a, const void *b) {
    const ProgRoot *left = a, *right = b;
    if (left->func != right->func)
        return left->func < right->func ? -1 : 1;
    if (left->via != right->via)
        return left->via < right->via ? -1 : 1;
    const char *left_role = left->role == NULL ? "" : left->role->name;
    const char *right_role = right->role == NULL ? "" : right->role->name;
    int order = strcmp(left_role, right_role);
    if (order == 0)
        order = strcmp(left->through, right->through);
    if (order == 0)
        order = strcmp(left->file, right->file);
    if (order == 0)
        order = left->line < right->line ? -1 : left->line > right->line;
    return order;
}

Program *link_units(Arena *arena, const char *name, const char *base_dir, const Model *model,
                    IrUnit *const *units, uint32_t unit_count) {
    Linker linker = {.arena = arena, .program = arena_new_of(arena, Program)};
    Program *program = linker.program;
    program->name = name;
    program->base_dir = base_dir;
    program->model = model;
    add_units(&linker, units, unit_count);
    add_functions(&linker);
    annotations_make_rows(&linker);
    add_fields(&linker);
    add_globals(&linker);
    Slots *slots = slots_solve(&linker);
    roots_find(&linker, slots);
    requests_mark_own(&linker);

    sections_find(&linker, slots);
    if (linker.roots.len != 0)
        qsort(linker.roots.items, linker.roots.len, sizeof(ProgRoot), compare_roots);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < linker.roots.len; i++) {
        ProgRoot *root = &linker.roots.items[i];
        if (kept == 0 || compare_roots(root, &linker.roots.items[kept - 1]) != 0)
            linker.roots.items[kept++] = *root;
    }
    program->roots = linker.roots.items;
    program->root_count = kept;
    annotations_find_conflicts(&linker);
    return program;
}

FuncId program_find(const Program *self, const char *name) {
    uint32_t low = 1, high = self->func_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(self->funcs[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->func_count && str_eq(self->funcs[low].name, name) ? low : 0;
}
