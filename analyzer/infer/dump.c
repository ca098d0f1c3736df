/* dump: the contexts of every function as text, for golden tests and for reading. */
#include "analyzer/infer/internal.h"

static void dump_pair(const Inferred *self, Arena *arena, FuncId func, unsigned pair,
                      Certainty certainty, FILE *out) {
    StepArray steps = {0};
    Assumption assumption;
    infer_witness(self, arena, func, 0, pair, certainty, NULL, &steps, &assumption);
    fprintf(out, "  %s %s %s", context_name(pair_context(pair)), irql_name(pair_irql(pair)),
            certainty_name(certainty));
    if (assumption != ASSUME_NOTHING)
        fprintf(out, " (%s)", assumption_text(assumption));
    fputc('\n', out);
    for (uint32_t i = 0; i < steps.len; i++)
        fprintf(out, "    %s %s:%u %s\n", step_kind_name(steps.items[i].kind),
                path_base(steps.items[i].file), steps.items[i].line, steps.items[i].message);
}

static void dump_misuses(const Inferred *self, Arena *arena, FuncId func, FILE *out) {
    static const char *const NAMES[MISUSE_COUNT] = {
        [MISUSE_RAISE_BELOW] = "raises to a lower level",
        [MISUSE_LOWER_ABOVE] = "lowers to a higher level",
        [MISUSE_LOWERED_UNDER_LOCK] = "lowers under a lock",
        [MISUSE_LOWERED_BELOW_ENTRY] = "lowers below the level at its entry",
        [MISUSE_TAKEN_TWICE] = "takes a lock that is held",
        [MISUSE_MIXED_PAIR] = "gives back by lowering what was taken without raising",
        [MISUSE_HELD_AT_RETURN] = "returns with a lock",
        [MISUSE_RELEASED_UNHELD] = "gives back a lock that was not taken",
        [MISUSE_LEVEL_AT_RETURN] = "returns at another level",
    };
    for (unsigned kind = 0; kind < MISUSE_COUNT; kind++) {
        MisuseSites sites = {0};
        infer_misuses(self, arena, func, (MisuseKind)kind, &sites);
        for (uint32_t i = 0; i < sites.len; i++) {
            const MisuseSite *site = &sites.items[i];
            uint32_t line = site->op != 0
                                ? program_op(self->program, site->func, site->op)->loc.line
                                : self->program->funcs[func].line;
            fprintf(out, "  misuse %u: %s", line, NAMES[kind]);
            if (site->lock[0] != '\0')
                fprintf(out, ", %s", site->lock);
            if (site->at.line != 0)
                fprintf(out, ", at %u", site->at.line);
            fprintf(out, " %s\n",
                    site->pairs.by[CERTAIN] != 0    ? "certain"
                    : site->pairs.by[POSSIBLE] != 0 ? "possible"
                                                    : "weak");
        }
    }
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
        dump_misuses(self, arena, func, out);
    }
    arena_free(arena);
}
