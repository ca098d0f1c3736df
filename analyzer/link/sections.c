/* sections: which pageable sections the driver locks in memory.
 *
 * A routine that locks names the section by something that lies in it: a function, a variable. One
 * that gets a handle locks again what was locked by name before. Errs towards locked: a name that
 * cannot be followed, when there is no other, may stand for every section.
 */
#include "analyzer/link/internal.h"

typedef struct SectionFinder {
    Slots *slots;      /* where function pointers point */
    CStrArray found;   /* sections locked by name */
    bool some_unknown; /* and one whose name could not be followed */
} SectionFinder;

static void add_section(Linker *self, SectionFinder *finder, const char *segment) {
    for (uint32_t i = 0; i < finder->found.len; i++) {
        if (str_eq(finder->found.items[i], segment))
            return;
    }
    array_push(&finder->found, self->arena, segment);
}

/* The variable whose address the value is (part of). */
static const char *section_of_variable(const Program *program, const ProgUnit *unit,
                                       IrValue value) {
    const IrValueRec *record = &unit->ir->values[value];
    if (record->kind != IR_VALUE_ADDR)
        return NULL;
    const IrPathRec *path = &unit->ir->paths[record->a];
    while (path->kind == IR_PATH_FIELD || path->kind == IR_PATH_INDEX)
        path = &unit->ir->paths[path->a];
    return path->kind == IR_PATH_GLOBAL ? program->global_segments[unit->globals[path->a]] : NULL;
}

static void add_locked(Linker *self, SectionFinder *finder, FuncId func, const ProgUnit *unit,
                       IrValue value) {
    const Program *program = self->program;
    const char *of_variable = section_of_variable(program, unit, value);
    if (of_variable != NULL)
        add_section(self, finder, of_variable);
    ProgTargets routines = slots_of_value(finder->slots, func, unit, value);
    for (uint32_t i = 0; i < routines.len; i++)
        add_section(self, finder, program->funcs[routines.items[i]].segment);
    if (of_variable == NULL && routines.len == 0)
        finder->some_unknown = true;
}

static void visit_op(Linker *self, FuncId func, const ProgUnit *unit, IrOp op, void *data) {
    SectionFinder *finder = data;
    const IrOpRec *call = &unit->ir->ops[op];
    if (call->kind != IR_OP_CALL)
        return;
    const ProgTargets *targets = &self->program->targets[unit->op_base + op];
    for (uint32_t t = 0; t < targets->len; t++) {
        const Ddi *ddi = self->program->funcs[targets->items[t]].ddi;
        for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
            const Effect *effect = &ddi->effects[i];
            if (effect->kind == EFFECT_LOCK_SECTION && effect->from.arg < call->c)
                add_locked(self, finder, func, unit, unit->ir->args[call->b + effect->from.arg]);
        }
    }
}

void sections_find(Linker *self, Slots *slots) {
    SectionFinder finder = {.slots = slots};
    linker_each_op(self, visit_op, &finder);
    self->program->locked_sections = finder.found.items;
    self->program->locked_count = finder.found.len;
    self->program->locks_any_section = finder.some_unknown && finder.found.len == 0;
}

bool program_locks_section(const Program *self, const char *segment) {
    for (uint32_t i = 0; i < self->locked_count; i++) {
        if (str_eq(self->locked_sections[i], segment))
            return true;
    }
    return self->locks_any_section;
}
