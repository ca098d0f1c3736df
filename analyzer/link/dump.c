/* dump: the linked driver as text, for golden tests and for reading. */
#include "analyzer/link/internal.h"

static const char *const VIA_NAMES[] = {"argument",  "field",    "name",   "type",
                                        "unreached", "uncalled", "pointed"};

static const char *const SETTING_NAMES[] = {"", ", set to default", ", set to passive",
                                            ", set to serial"};

static void dump_calls(const Program *program, FuncId func, FILE *out) {
    const ProgUnit *unit = &program->units[program->funcs[func].unit];
    const IrFuncRec *record = program_ir(program, func);
    for (uint32_t b = 0; b < record->block_count; b++) {
        const IrBlockRec *block = &unit->ir->blocks[record->first_block + b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            if (unit->ir->ops[op].kind != IR_OP_CALL)
                continue;
            const ProgTargets *targets = &program->targets[unit->op_base + op];
            fprintf(out, "  %u: call%s", unit->ir->ops[op].loc.line,
                    targets->complete ? "" : " through pointer");
            for (uint32_t t = 0; t < targets->len; t++)
                fprintf(out, " %s", program->funcs[targets->items[t]].name);
            fputs(targets->len == 0 ? " ?\n" : "\n", out);
        }
    }
}

static void dump_place(Place place, FILE *out) {
    switch ((PlaceKind)place.kind) {
    case PLACE_RETURN:
        fputs(" ret", out);
        break;
    case PLACE_ARG:
        fprintf(out, " arg%u", place.arg);
        break;
    case PLACE_OUT:
        fprintf(out, " *arg%u", place.arg);
        break;
    case PLACE_HIDDEN:
        fprintf(out, " in(arg%u)", place.arg);
        break;
    case PLACE_GLOBAL:
        fprintf(out, " global(%s)", place.name);
        break;
    default:
        break;
    }
}

static void dump_fact(const SalFact *fact, FILE *out) {
    fprintf(out, "  sal %s", sal_kind_name((SalKind)fact->kind));
    if (fact->level < IRQL_COUNT)
        fprintf(out, " %s", irql_name((Irql)fact->level));
    if (fact->lock_class != LOCK_NONE)
        fprintf(out, " %s", lock_class_name((LockClass)fact->lock_class));
    if ((fact->flags & SAL_SHARED) != 0)
        fputs(" shared", out);
    if ((fact->flags & SAL_EXCLUSIVE) != 0)
        fputs(" exclusive", out);
    dump_place(fact->place, out);
    for (uint32_t i = 0; i < fact->cond_count; i++)
        fprintf(out, "%s %s", i == 0 ? " when" : " and", fact->conds[i].text);
    fputs((fact->flags & SAL_BAD_VALUE) != 0 ? " bad value" : "", out);
    fprintf(out, ": %s\n", fact->text);
}

static void dump_function(const Program *program, FuncId func, FILE *out) {
    const ProgFunc *record = &program->funcs[func];
    fprintf(out, "function %s", record->name);
    if (record->segment[0] != '\0')
        fprintf(out, " segment %s", record->segment);
    for (uint32_t i = 0; i < record->role_count; i++)
        fprintf(out, " role %s", record->roles[i]->name);
    fputc('\n', out);
    for (uint32_t i = 0; i < record->fact_count; i++)
        dump_fact(&record->facts[i], out);
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        if (root->func == func)
            fprintf(out, "  root by %s %s%s%s at %s:%u%s\n", VIA_NAMES[root->via], root->through,
                    root->role == NULL ? "" : " as ", root->role == NULL ? "" : root->role->name,
                    path_base(root->file), root->line,
                    root->own_request ? ", own request" : SETTING_NAMES[root->setting]);
    }
    for (uint32_t i = 0; i < program->conflict_count; i++) {
        const RoleConflict *conflict = &program->conflicts[i];
        if (conflict->func == func)
            fprintf(out, "  declared as %s, registered as %s\n", conflict->declared->name,
                    program->roots[conflict->root].role->name);
    }
    dump_calls(program, func, out);
}

static void dump_conds(const Ddi *ddi, CondSet when, FILE *out) {
    const char *before = " when";
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((when & (1u << i)) == 0)
            continue;
        fprintf(out, "%s %s", before, ddi->conds[i].text);
        before = " and";
    }
    fputc('\n', out);
}

static void dump_effect(const Ddi *ddi, const Effect *effect, FILE *out) {
    static const char *const NAMES[] = {[EFFECT_RAISE] = "raise",
                                        [EFFECT_LOWER] = "lower",
                                        [EFFECT_ACQUIRE] = "acquire",
                                        [EFFECT_RELEASE] = "release",
                                        [EFFECT_ENTER_REGION] = "enter-region",
                                        [EFFECT_LEAVE_REGION] = "leave-region"};
    fprintf(out, "  %s", NAMES[effect->kind]);
    if (effect->level < IRQL_COUNT)
        fprintf(out, " %s", irql_name((Irql)effect->level));
    if (effect->lock_class != LOCK_NONE)
        fprintf(out, " %s", lock_class_name((LockClass)effect->lock_class));
    dump_place(effect->lock, out);
    dump_place(effect->from, out);
    if (effect->saved.kind != PLACE_NONE)
        fputs(" saved", out);
    dump_place(effect->saved, out);
    fputs((effect->flags & EFFECT_SHARED) != 0 ? " shared" : "", out);
    fputs((effect->flags & EFFECT_ONE_WAY) != 0 ? " one-way" : "", out);
    if ((effect->flags & EFFECT_TRY) != 0)
        fprintf(out, " if ret %s",
                (effect->flags & EFFECT_SUCCESS_ZERO) != 0     ? "== 0"
                : (effect->flags & EFFECT_SUCCESS_STATUS) != 0 ? ">= 0"
                                                               : "!= 0");
    dump_conds(ddi, effect->when, out);
}

/* A function of which only annotations are known: its row. */
static void dump_row(const ProgFunc *func, FILE *out) {
    const Ddi *ddi = func->ddi;
    fprintf(out, "annotated %s from %s", func->name, irql_name((Irql)ddi->min));
    if (ddi->max < IRQL_COUNT)
        fprintf(out, " to %s", irql_name((Irql)ddi->max));
    fputc('\n', out);
    for (uint32_t i = 0; i < func->fact_count; i++)
        dump_fact(&func->facts[i], out);
    for (unsigned i = 0; i < ddi->limit_count; i++) {
        fprintf(out, "  limit %s", irql_name((Irql)ddi->limits[i].max));
        dump_conds(ddi, ddi->limits[i].when, out);
    }
    for (unsigned i = 0; i < ddi->effect_count; i++)
        dump_effect(ddi, &ddi->effects[i], out);
}

void link_dump(const Program *program, FILE *out) {
    fprintf(out, "driver %s: %u units, %u unresolved calls\n", program->name, program->unit_count,
            program->unresolved_calls);
    for (uint32_t i = 0; i < program->locked_count; i++)
        fprintf(out, "locks section %s\n", program->locked_sections[i]);
    if (program->locks_any_section)
        fputs("locks some section\n", out);
    for (FuncId func = 1; func < program->func_count; func++) {
        const Ddi *ddi = program->funcs[func].ddi;
        if (program->funcs[func].defined)
            dump_function(program, func, out);
        else if (ddi != NULL && (ddi->flags & DDI_ANNOTATED) != 0)
            dump_row(&program->funcs[func], out);
    }
}
