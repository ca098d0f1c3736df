/* oracle: runs random paths of drivers and tests that inference foresaw every level seen.
 *
 *     oracle [--faults] [--trace] [--together] [-IDIR] [-DNAME] [--break=HOW:NAME] STEPS SEED PATH…
 *
 * Each PATH is a project of its own, so that bare files are drivers of their own; with --together
 * all are one. STEPS are shared out by size. Exit code: 0 none, 1 violations, 2 nothing could be
 * run. --break is the test of the test: inference is shown a model in which the row of the API
 * function NAME is broken, the interpreter the real one (docs/oracle.md).
 */
#include "tests/oracle.h"
#include "analyzer/frontend/frontend.h"
#include "analyzer/infer/internal.h"
#include "analyzer/link/link.h"
#include "analyzer/project/project.h"

#include <stdlib.h>
#include <unistd.h>

/* What can be broken in a row of rules/ddi. */
typedef enum RowBreak {
    BREAK_RAISE, /* it does not raise the level */
    BREAK_LOWER, /* it does not lower it */
    BREAK_TRY,   /* it never fails */
    BREAK_COUNT
} RowBreak;

static const char *const BREAK_NAMES[BREAK_COUNT] = {"raise", "lower", "try"};

typedef struct Options {
    uint64_t steps;     /* in all */
    uint64_t seed;      /* of the generator */
    const char *broken; /* API function whose row inference reads wrongly, NULL none */
    RowBreak row_break; /* … how */
    CStrArray clang;    /* -I and -D */
    bool faults;        /* any access inside a __try may fault */
    bool together;      /* all PATHs are one project */
    bool verbose;       /* traces show the branches */
} Options;

/* A driver on its way. */
typedef struct Driver {
    const char *name;         /* of the project */
    const Program *program;   /* linked */
    const Inferred *inferred; /* what is tested */
    uint32_t unstable;        /* changes by one more analysis of everything: 0 */
} Driver;

typedef Array(Driver) DriverArray;

/* What all drivers came to. */
typedef struct Totals {
    uint64_t steps;             /* run */
    uint64_t paths;             /* run */
    uint64_t stops[STOP_COUNT]; /* paths by how they ended */
    uint32_t funcs;             /* functions run */
    uint32_t all_funcs;         /* functions with a body */
    uint32_t ops;               /* operations run */
    uint32_t all_ops;           /* operations of functions with a body */
    uint32_t violations;        /* different ones */
} Totals;

/* ---- the pipeline ---------------------------------------------------------------------------- */

static const Ddi *break_row(Arena *arena, const Ddi *row, RowBreak how) {
    Ddi *copy = arena_new_of(arena, Ddi);
    Effect *effects = arena_array_of(arena, Effect, row->effect_count + 1);
    *copy = *row;
    copy->effects = effects;
    copy->effect_count = 0;
    for (unsigned i = 0; i < row->effect_count; i++) {
        Effect effect = row->effects[i];
        if (how == BREAK_TRY)
            effect.flags &= (uint8_t)~EFFECT_TRY;
        bool kept = !(how == BREAK_RAISE && effect.kind == EFFECT_RAISE) &&
                    !(how == BREAK_LOWER && effect.kind == EFFECT_LOWER);
        if (kept)
            effects[copy->effect_count++] = effect;
    }
    return copy;
}

static Program *link_driver(Arena *arena, const ProjectDriver *driver, const ExtractResult *facts) {
    return link_units(arena, driver->name, driver->dir, model_builtin(), facts->units,
                      facts->unit_count);
}

static void load_driver(Arena *arena, const Options *options, const Project *project,
                        const ProjectDriver *driver, DriverArray *drivers) {
    ExtractOptions extract = {.model_dir = IRQLINT_MODEL_DIR, .jobs = 2};
    ExtractResult facts = {0};
    Facts *parsed = frontend_parse_all(arena, project->view, driver, 1, &extract);
    frontend_facts(parsed, 0, arena, &facts);
    frontend_close(parsed);
    Program *shown = link_driver(arena, driver, &facts);
    for (FuncId func = 1; options->broken != NULL && func < shown->func_count; func++) {
        ProgFunc *record = &shown->funcs[func];
        if (record->ddi != NULL && str_eq(record->name, options->broken))
            record->ddi = break_row(arena, record->ddi, options->row_break);
    }
    Inferred *inferred = infer_program(arena, shown);
    array_push(drivers, arena,
               (Driver){.name = driver->name,
                        .program = link_driver(arena, driver, &facts),
                        .inferred = inferred,
                        .unstable = fixpoint_changes(inferred, stdout)});
}

static void load_paths(Arena *arena, const Options *options, char **paths, uint32_t count,
                       DriverArray *drivers) {
    ProjectOptions asked = {.paths = (const char *const *)paths,
                            .path_count = count,
                            .clang_args = options->clang.items,
                            .clang_arg_count = options->clang.len,
                            .model_dir = IRQLINT_MODEL_DIR};
    Project *project = project_load(arena, &asked);
    for (uint32_t i = 0; i < project->drivers.len; i++)
        load_driver(arena, options, project, &project->drivers.items[i], drivers);
}

/* ---- roots ----------------------------------------------------------------------------------- */

/* A function that nothing calls may be entered at every level that its annotations allow. */
static void add_annotated(Arena *arena, const ProgFunc *func, Start start, StartArray *starts) {
    IrqlSet levels = sal_entry_levels(func->facts, func->fact_count);
    bool limited = (levels & irql_bit(IRQL_HIGH)) == 0;
    for (unsigned level = 0; level < IRQL_COUNT; level++) {
        bool lowest = (levels & irql_bit(level)) != 0 && (levels & (irql_bit(level) - 1)) == 0;
        bool highest = limited && levels >> level == 1;
        start.level = (Irql)level;
        if (lowest || highest)
            array_push(starts, arena, start);
    }
}

static void find_starts(Arena *arena, const Driver *driver, StartArray *starts) {
    for (uint32_t i = 0; i < driver->inferred->roots.len; i++) {
        const ProgRoot *root = &driver->inferred->roots.items[i];
        Start start = {.func = root->func, .context = CONTEXT_ARBITRARY_THREAD};
        if (root->via == ROOT_POINTED)
            continue; /* calls of the driver lead to it */
        if (root->role == NULL) {
            add_annotated(arena, &driver->program->funcs[root->func], start, starts);
            continue;
        }
        if ((root->role->flags & ROLE_CALLER) != 0)
            continue; /* called by what it is handed to */
        IrqlSet possible, levels = program_root_levels(root, &possible);
        levels |= possible;
        start.context = program_root_context(root);
        start.cancel_lock = (root->role->flags & ROLE_CANCEL_LOCK_HELD) != 0;
        for (unsigned level = 0; level < IRQL_COUNT; level++) {
            start.level = (Irql)level;
            if ((levels & irql_bit(level)) != 0)
                array_push(starts, arena, start);
        }
    }
}

/* Functions that inference analysed for any argument, where it says that they run: paths that no
 * root is likely to find. */
static void find_entries(Arena *arena, const Driver *driver, StartArray *starts) {
    for (InstId id = 1; id < driver->inferred->instances.len; id++) {
        const Instance *instance = driver->inferred->instances.items[id];
        for (unsigned context = 0; context < CONTEXT_COUNT; context++) {
            if (instance->key_len == 0 && instance->nodes[context].certainty < CERTAINTY_COUNT)
                array_push(starts, arena,
                           (Start){.func = instance->func,
                                   .context = (Context)context,
                                   .level = instance->entry});
        }
    }
}

/* ---- one driver ------------------------------------------------------------------------------ */

static void find_initialisers(Arena *arena, const Program *program, U32Array *initialisers) {
    for (uint32_t u = 0; u < program->unit_count; u++) {
        const ProgUnit *unit = &program->units[u];
        for (IrFunc f = 1; f < unit->ir->funcs_len; f++) {
            const IrFuncRec *func = &unit->ir->funcs[f];
            if ((func->flags & IR_FUNC_GLOBALS) == 0)
                continue;
            for (uint32_t b = func->first_block; b < func->first_block + func->block_count; b++) {
                const IrBlockRec *block = &unit->ir->blocks[b];
                for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
                    IrPath path = unit->ir->ops[op].a;
                    while (unit->ir->paths[path].kind == IR_PATH_FIELD ||
                           unit->ir->paths[path].kind == IR_PATH_INDEX)
                        path = unit->ir->paths[path].a;
                    if (unit->ir->ops[op].kind != IR_OP_STORE ||
                        unit->ir->paths[path].kind != IR_PATH_GLOBAL)
                        continue;
                    U32Array *stores = &initialisers[unit->globals[unit->ir->paths[path].a]];
                    array_push(stores, arena, u);
                    array_push(stores, arena, op);
                }
            }
        }
    }
}

static void count_coverage(const Machine *machine, Totals *totals) {
    const Program *program = machine->program;
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].defined)
            continue;
        const IrFuncRec *record = program_ir(program, func);
        const IrUnit *unit = program_unit(program, func);
        totals->all_funcs++;
        totals->funcs += machine->func_seen[func];
        for (uint32_t b = record->first_block; b < record->first_block + record->block_count; b++)
            totals->all_ops += unit->blocks[b].op_count;
    }
    for (OpId op = 1; op < program->op_count; op++)
        totals->ops += machine->op_seen[op];
}

static void run_driver(Arena *arena, const Options *options, const Driver *driver, uint64_t steps,
                       Totals *totals) {
    const Program *program = driver->program;
    Machine machine = {.program = program,
                       .inferred = driver->inferred,
                       .arena = arena,
                       .random = options->seed * 0x9e3779b97f4a7c15u + 1,
                       .faults = options->faults,
                       .verbose = options->verbose,
                       .out = stdout,
                       .inside = arena_array_of(arena, PairSet, program->op_count),
                       .asked = arena_array_of(arena, bool, program->op_count),
                       .op_seen = arena_array_of(arena, bool, program->op_count),
                       .entries = arena_array_of(arena, PairSet, program->func_count),
                       .func_seen = arena_array_of(arena, bool, program->func_count),
                       .initialisers = arena_array_of(arena, U32Array, program->global_count + 1),
                       .known_violations = map64_new(arena)};
    StartArray starts = {0}, entries = {0};
    find_initialisers(arena, program, machine.initialisers);
    find_starts(arena, driver, &starts);
    find_entries(arena, driver, &entries);
    for (uint32_t next = 0; starts.len != 0 && machine.steps < steps; next++) {
        run_path(&machine, starts.items[next % starts.len]);
        if (entries.len != 0)
            run_path(&machine, entries.items[next % entries.len]);
        machine.steps++; /* so that a driver of empty functions ends too */
    }
    arena_free(machine.scratch);
    totals->steps += machine.steps;
    totals->paths += machine.paths;
    totals->violations += machine.violations + driver->unstable;
    if (driver->unstable != 0)
        printf("%s: no fixpoint: %u changes\n", driver->name, driver->unstable);
    for (unsigned i = 0; i < STOP_COUNT; i++)
        totals->stops[i] += machine.stops[i];
    count_coverage(&machine, totals);
}

/* ---- the command ----------------------------------------------------------------------------- */

static void print_totals(const Totals *totals, uint32_t drivers) {
    static const char *const WHY[STOP_COUNT] = {
        [STOP_DONE] = "returned",          [STOP_VIOLATION] = "violation",
        [STOP_LIMIT] = "too long",         [STOP_NULL] = "null pointer",
        [STOP_CLAIM] = "claim fails",      [STOP_LEVEL] = "level not known or wrong",
        [STOP_FINALLY] = "passes finally", [STOP_NO_RETURN] = "does not return",
        [STOP_NO_HANDLER] = "not handled"};
    printf("drivers: %u\nsteps: %llu\npaths: %llu\n", drivers, (unsigned long long)totals->steps,
           (unsigned long long)totals->paths);
    for (unsigned i = STOP_DONE; i < STOP_COUNT; i++) {
        if (totals->stops[i] != 0)
            printf("  %s: %llu\n", WHY[i], (unsigned long long)totals->stops[i]);
    }
    printf("functions: %u of %u\nops: %u of %u\nviolations: %u\n", totals->funcs, totals->all_funcs,
           totals->ops, totals->all_ops, totals->violations);
}

/* "raise:KeAcquireSpinLock". */
static bool read_break(const char *text, Options *options) {
    const char *colon = strchr(text, ':');
    for (unsigned how = 0; colon != NULL && how < BREAK_COUNT; how++) {
        size_t len = (size_t)(colon - text);
        if (strlen(BREAK_NAMES[how]) != len || strncmp(BREAK_NAMES[how], text, len) != 0)
            continue;
        options->row_break = (RowBreak)how;
        options->broken = colon + 1;
        return true;
    }
    return false;
}

static int read_options(Arena *arena, int argc, char **argv, Options *options) {
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (str_eq(argv[at], "--faults"))
            options->faults = true;
        else if (str_eq(argv[at], "--together"))
            options->together = true;
        else if (str_eq(argv[at], "--trace"))
            options->verbose = true;
        else if (str_starts_with(argv[at], "-I") || str_starts_with(argv[at], "-D"))
            array_push(&options->clang, arena, argv[at]);
        else if (!str_starts_with(argv[at], "--break=") ||
                 !read_break(strchr(argv[at], '=') + 1, options))
            return -1;
    }
    if (argc - at < 3)
        return -1;
    options->steps = strtoull(argv[at], NULL, 10);
    options->seed = strtoull(argv[at + 1], NULL, 10);
    return at + 2;
}

int main(int argc, char **argv) {
    Arena *arena = arena_new();
    Options options = {0};
    int first = read_options(arena, argc, argv, &options);
    if (first < 0) {
        fprintf(stderr, "usage: oracle [--faults] [--trace] [--together] [-IDIR] [-DNAME] "
                        "[--break=HOW:NAME] STEPS SEED PATH…\n");
        arena_free(arena);
        return 2;
    }
    DriverArray drivers = {0};
    Totals totals = {0};
    uint64_t size = 0, share = 0;
    uint32_t paths = (uint32_t)(argc - first), at_once = options.together ? paths : 1;
    for (uint32_t i = 0; i < paths; i += at_once)
        load_paths(arena, &options, argv + first + i, at_once, &drivers);
    for (uint32_t i = 0; i < drivers.len; i++)
        size += drivers.items[i].program->op_count;
    for (uint32_t i = 0; i < drivers.len; i++) {
        share = options.steps * drivers.items[i].program->op_count / (size + 1) + 1;
        run_driver(arena, &options, &drivers.items[i], share, &totals);
    }
    print_totals(&totals, drivers.len);
    arena_free(arena);
    if (drivers.len == 0)
        return 2;
    return totals.violations != 0;
}
