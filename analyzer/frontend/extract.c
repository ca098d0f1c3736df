/* extract: the facts of all files of a driver, parsed in worker processes.
 *
 * Invariants: a unit's facts depend on its file, arguments and the disk, never on how many workers
 * there are or on which one parsed it; units come in the driver's order; a unit that a worker died
 * on is a failed unit that says so. The prelude only saves time: a unit that fails with it, or
 * whose worker dies with it, is parsed once more without; so is a C++ unit with errors, because
 * clang's precompiled C++ has defects (a struct _GUID out of it can lose its body), and the better
 * result is kept.
 */
#include "analyzer/frontend/extract.h"
#include "analyzer/ir/ir.h"

#include <time.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_S = 120, MAX_FACTS_SIZE = 1 << 30 };

enum { TASK_DONE = 0, TASK_NOT_WRITTEN = -1, TASK_FAILED_WITH_PRELUDE = 1 };

static const uint64_t default_memory = (uint64_t)4 << 30;

typedef struct Extraction {
    Arena *arena;                  /* plan; not the result */
    const ProjectDriver *driver;   /* what to parse */
    const ExtractOptions *options; /* how */
    ProjectClosure **closures;     /* of each unit */
    const char *overlay;           /* path of the overlay file */
    TempDir temp;                  /* everything on disk */
    PreludeArray preludes;         /* by group */
    uint32_t *choice;              /* of each unit: its prelude or NO_PRELUDE */
    U32Array tasks;                /* units of the running pool */
    PoolOutcome *outcomes;         /* of each unit */
    Pool pool;                     /* limits of the workers */
} Extraction;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- in a worker ---------------------------------------------------------------------------- */

static const char *facts_path(const Extraction *self, uint32_t unit, Arena *arena) {
    return arena_printf(arena, "%s/%u.ir", self->temp.path, unit);
}

static const char *prelude_of(const Extraction *self, uint32_t unit) {
    uint32_t choice = self->choice[unit];
    return choice == NO_PRELUDE ? NULL : self->preludes.items[choice].output;
}

static void unit_args(const Extraction *self, const ProjectUnit *unit, Arena *arena,
                      CStrArray *args) {
    frontend_base_args(arena, self->options->model_dir, unit->cxx, args);
    for (uint32_t i = 0; i < unit->args.len; i++)
        array_push(args, arena, unit->args.items[i]);
    extract_args(arena, self->overlay, args);
}

/* True when `plain`, parsed without the prelude, is at least as good. */
static bool is_as_good(const IrUnit *plain, const IrUnit *unit) {
    return plain->status != IR_FAILED && plain->error_count <= unit->error_count;
}

static IrUnit *parse(const Extraction *self, uint32_t index, Arena *arena) {
    const ProjectUnit *unit = &self->driver->units.items[index];
    CStrArray args = {0};
    unit_args(self, unit, arena, &args);
    FrontendJob job = {.source = unit->path,
                       .args = args.items,
                       .arg_count = args.len,
                       .prelude = prelude_of(self, index),
                       .model_dir = self->options->model_dir,
                       .overlay = self->overlay,
                       .places_code = self->closures[index]->places_code};
    IrUnit *result = frontend_parse(arena, &job);
    if (job.prelude == NULL || !unit->cxx || result->status != IR_PARTIAL)
        return result;
    job.prelude = NULL;
    IrUnit *plain = frontend_parse(arena, &job);
    return is_as_good(plain, result) ? plain : result;
}

static int parse_task(void *context, uint32_t task) {
    const Extraction *self = context;
    uint32_t index = self->tasks.items[task];
    Arena *scratch = arena_new();
    Text facts = {0};
    Error err;
    int result = TASK_DONE;
    IrUnit *unit = parse(self, index, scratch);
    ir_write(unit, &facts, scratch);
    if (unit->status == IR_FAILED && prelude_of(self, index) != NULL)
        result = TASK_FAILED_WITH_PRELUDE;
    else if (file_write(facts_path(self, index, scratch), facts.items, facts.len, &err) != 0)
        result = TASK_NOT_WRITTEN;
    arena_free(scratch);
    return result;
}

static int prelude_task(void *context, uint32_t task) {
    const Extraction *self = context;
    Arena *scratch = arena_new();
    int result = prelude_build(&self->preludes.items[task], self->options->model_dir, self->overlay,
                               arena_printf(scratch, "%s/%u.pch", self->temp.path, task));
    arena_free(scratch);
    return result;
}

/* ---- in the parent -------------------------------------------------------------------------- */

static Pool pool_of(Extraction *self) {
    const ExtractOptions *options = self->options;
    uint64_t memory = options->memory_bytes;
    return (Pool){.jobs = options->jobs == 0 ? 1 : options->jobs,
                  .timeout_s = options->timeout_s == 0 ? DEFAULT_TIMEOUT_S : options->timeout_s,
                  .memory_bytes = memory == 0 ? default_memory : memory,
                  .context = self};
}

/* Closures and overlay of the driver. 0, or -1 with the reason. */
static int prepare(Extraction *self, FileView *view, Error *err) {
    uint32_t count = self->driver->units.len;
    CStrArray dirs = {0};
    StrTab *seen = strtab_new(self->arena);
    self->closures = arena_array_of(self->arena, ProjectClosure *, count + 1);
    self->choice = arena_array_of(self->arena, uint32_t, count + 1);
    self->outcomes = arena_array_of(self->arena, PoolOutcome, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        self->closures[i] = fileview_closure(view, &self->driver->units.items[i]);
        const CStrArray *reached = &self->closures[i]->dirs;
        for (uint32_t d = 0; d < reached->len; d++) {
            uint32_t known = strtab_count(seen);
            if (strtab_add(seen, reached->items[d]) == known)
                array_push(&dirs, self->arena, reached->items[d]);
        }
    }
    prelude_plan(self->arena, self->driver, self->closures, &self->preludes, self->choice);
    const char *text = fileview_overlay(view, &dirs);
    self->overlay = arena_printf(self->arena, "%s/overlay.json", self->temp.path);
    return file_write(self->overlay, text, strlen(text), err);
}

/* Builds the preludes that some unit chose. */
static void build_preludes(Extraction *self) {
    bool any = false;
    for (uint32_t i = 0; i < self->driver->units.len; i++)
        any |= self->choice[i] != NO_PRELUDE;
    if (!any)
        return;
    PoolOutcome *outcomes = arena_array_of(self->arena, PoolOutcome, self->preludes.len);
    self->pool.run = prelude_task;
    pool_run(&self->pool, self->preludes.len, outcomes);
    for (uint32_t i = 0; i < self->preludes.len; i++) {
        if (outcomes[i].status == POOL_DONE && outcomes[i].value == 0)
            self->preludes.items[i].output =
                arena_printf(self->arena, "%s/%u.pch", self->temp.path, i);
    }
}

/* Parses the units in self->tasks. */
static void run_tasks(Extraction *self) {
    PoolOutcome *outcomes = arena_array_of(self->arena, PoolOutcome, self->tasks.len + 1);
    self->pool.run = parse_task;
    pool_run(&self->pool, self->tasks.len, outcomes);
    for (uint32_t i = 0; i < self->tasks.len; i++)
        self->outcomes[self->tasks.items[i]] = outcomes[i];
}

static bool failed_with_prelude(const Extraction *self, uint32_t unit) {
    PoolOutcome outcome = self->outcomes[unit];
    return prelude_of(self, unit) != NULL &&
           (outcome.status == POOL_CRASHED ||
            (outcome.status == POOL_DONE && outcome.value == TASK_FAILED_WITH_PRELUDE));
}

/* Units that failed with a prelude are tried once without, by a new worker. */
static void parse_units(Extraction *self) {
    for (uint32_t i = 0; i < self->driver->units.len; i++)
        array_push(&self->tasks, self->arena, i);
    run_tasks(self);
    self->tasks.len = 0;
    for (uint32_t i = 0; i < self->driver->units.len; i++) {
        if (failed_with_prelude(self, i)) {
            self->choice[i] = NO_PRELUDE;
            array_push(&self->tasks, self->arena, i);
        }
    }
    if (self->tasks.len != 0)
        run_tasks(self);
}

static const char *why_failed(const Extraction *self, PoolOutcome outcome, Arena *arena) {
    switch (outcome.status) {
    case POOL_CRASHED:
        return outcome.value == 0
                   ? "parser ended early"
                   : arena_printf(arena, "parser crashed (signal %d)", outcome.value);
    case POOL_TIMED_OUT:
        return arena_printf(arena, "parser timed out after %u s", self->pool.timeout_s);
    case POOL_NOT_STARTED:
        return "no parser process could be started";
    case POOL_DONE:
        break;
    }
    return outcome.value == TASK_DONE ? NULL : "facts could not be written to the temporary folder";
}

/* Takes what the worker left of a unit into the result's arena. */
static IrUnit *collect(const Extraction *self, uint32_t index, Arena *arena) {
    const char *source = self->driver->units.items[index].path;
    const char *reason = why_failed(self, self->outcomes[index], arena);
    if (reason != NULL)
        return ir_failed(arena, source, reason);
    const char *path = facts_path(self, index, self->arena);
    char *data;
    size_t size;
    Error err;
    IrUnit *unit = NULL;
    if (file_read(arena, path, MAX_FACTS_SIZE, &data, &size, &err) == 0)
        unit = ir_read(arena, data, size, &err);
    unlink(path);
    return unit != NULL ? unit : ir_failed(arena, source, err.message);
}

static void fail_all(Arena *arena, const ProjectDriver *driver, const char *reason,
                     ExtractResult *result) {
    for (uint32_t i = 0; i < driver->units.len; i++)
        result->units[i] =
            ir_failed(arena, driver->units.items[i].path, arena_strdup(arena, reason));
}

void frontend_extract(Arena *arena, FileView *view, const ProjectDriver *driver,
                      const ExtractOptions *options, ExtractResult *result) {
    Extraction self = {.arena = arena_new(), .driver = driver, .options = options};
    Error err;
    double start = now();
    self.pool = pool_of(&self);
    result->unit_count = driver->units.len;
    result->units = arena_array_of(arena, IrUnit *, driver->units.len + 1);
    if (temp_dir_open(&self.temp, self.arena, &err) != 0) {
        fail_all(arena, driver, err.message, result);
    } else {
        if (prepare(&self, view, &err) != 0) {
            fail_all(arena, driver, err.message, result);
        } else {
            build_preludes(&self);
            parse_units(&self);
            for (uint32_t i = 0; i < driver->units.len; i++)
                result->units[i] = collect(&self, i, arena);
        }
        temp_dir_close(&self.temp);
    }
    arena_free(self.arena);
    result->parse_s = now() - start;
}
