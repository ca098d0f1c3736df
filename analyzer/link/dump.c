/* dump: the linked driver as text, for golden tests and for reading. */
#include "analyzer/link/internal.h"

static const char *const VIA_NAMES[] = {"argument", "field",     "name",
                                        "type",     "unreached", "uncalled"};

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

static void dump_function(const Program *program, FuncId func, FILE *out) {
    const ProgFunc *record = &program->funcs[func];
    fprintf(out, "function %s", record->name);
    if (record->segment[0] != '\0')
        fprintf(out, " segment %s", record->segment);
    for (uint32_t i = 0; i < record->role_count; i++)
        fprintf(out, " role %s", record->roles[i]->name);
    for (uint32_t i = 0; i < record->sal_count; i++)
        fprintf(out, " sal %s", record->sal[i]);
    fputc('\n', out);
    for (uint32_t i = 0; i < program->root_count; i++) {
        const ProgRoot *root = &program->roots[i];
        if (root->func == func)
            fprintf(out, "  root by %s %s%s%s at %s:%u%s\n", VIA_NAMES[root->via], root->through,
                    root->role == NULL ? "" : " as ", root->role == NULL ? "" : root->role->name,
                    path_base(root->file), root->line, SETTING_NAMES[root->setting]);
    }
    dump_calls(program, func, out);
}

void link_dump(const Program *program, FILE *out) {
    fprintf(out, "driver %s: %u units, %u unresolved calls\n", program->name, program->unit_count,
            program->unresolved_calls);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (program->funcs[func].defined)
            dump_function(program, func, out);
    }
}
