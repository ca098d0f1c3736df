/* dump: the contexts of every function as text, for golden tests and for reading. */
#include "analyzer/infer/internal.h"

static void dump_pair(const Inferred *self, Arena *arena, FuncId func, unsigned pair,
                      Certainty certainty, FILE *out) {
    StepArray steps = {0};
    Assumption assumption;
    infer_witness(self, arena, func, 0, pair, certainty, &steps, &assumption);
    fprintf(out, "  %s %s %s", context_name(pair_context(pair)), irql_name(pair_irql(pair)),
            certainty_name(certainty));
    if (assumption != ASSUME_NOTHING)
        fprintf(out, " (%s)", assumption_text(assumption));
    fputc('\n', out);
    for (uint32_t i = 0; i < steps.len; i++)
        fprintf(out, "    %s %s:%u %s\n", step_kind_name(steps.items[i].kind),
                path_base(steps.items[i].file), steps.items[i].line, steps.items[i].message);
}

void infer_dump(const Inferred *self, FILE *out) {
    Arena *arena = arena_new();
    for (FuncId func = 1; func < self->program->func_count; func++) {
        if (!self->program->funcs[func].defined)
            continue;
        fprintf(out, "function %s\n", self->program->funcs[func].name);
        SitePairs pairs = inferred_entry(self, func);
        for (unsigned certainty = 0; certainty < CERTAINTY_COUNT; certainty++) {
            for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
                if ((pairs.by[certainty] >> pair & 1) != 0)
                    dump_pair(self, arena, func, pair, (Certainty)certainty, out);
            }
        }
    }
    arena_free(arena);
}
