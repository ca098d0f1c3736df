/* extract: the facts of all files of some drivers, parsed in worker processes.
 *
 * Invariants: a unit's facts depend on its file, arguments and the disk, never on how many workers
 * there are, on which one parsed it or on what else is parsed; units come in the driver's order; a
 * unit that a worker died on is a failed unit that says so. The prelude only saves time: a unit
 * that fails with it, or whose worker dies with it, is parsed once more without.
 */
#include "analyzer/frontend/extract.h"
#include "analyzer/ir/ir.h"

enum { DEFAULT_TIMEOUT_S = 120, MAX_FACTS_SIZE = 1 << 30 };

enum { TASK_DONE = 0, TASK_NOT_WRITTEN = -1, TASK_FAILED_WITH_PRELUDE = 1 };

static const uint64_t default_memory = (uint64_t)4 << 30;

/* One file; the files of all drivers are numbered through. */
typedef struct Work {
    const ProjectUnit *unit;       /* what to parse */
    const ProjectClosure *closure; /* the headers that it reaches */
    const char *overlay;           /* its driver's, NULL: could not be made */
    const char *dir;               /* its driver's folder */
    PoolOutcome outcome;           /* what became of it */
} Work;

struct Facts {
    Arena *arena;              /* plan; not the result */
    ExtractOptions options;    /* how */
    const char *model_overlay; /* overlay of the model headers alone: for preludes */
    TempDir temp;              /* everything on disk */
    Array(Work) work;          /* all files, driver by driver */
    PreludeArray preludes;     /* of all drivers */
    U32Array choice;           /* of each file: its prelude or NO_PRELUDE */
    U32Array tasks;            /* files of the running pool */
    Pool pool;                 /* limits of the workers */
    Sandbox sandbox;           /* what they may read and write */
    U32Array first;            /* by driver: its first file in `work`; then their number */
    bool has_temp;             /* the temporary folder is there */
    Error err;                 /* why not */
};

/* ---- in a worker ---------------------------------------------------------------------------- */

static const char *facts_path(const Facts *self, uint32_t index, Arena *arena) {
    return arena_printf(arena, "%s/%u.ir", self->temp.path, index);
}

static const char *prelude_path(const Facts *self, uint32_t index, Arena *arena) {
    return arena_printf(arena, "%s/%u.pch", self->temp.path, index);
}

static const char *prelude_of(const Facts *self, uint32_t index) {
    uint32_t choice = self->choice.items[index];
    return choice == NO_PRELUDE ? NULL : self->preludes.items[choice].output;
}

static void unit_args(const Facts *self, const Work *work, Arena *arena, CStrArray *args) {
    frontend_base_args(arena, self->options.model_dir, work->unit->cxx, args);
    for (uint32_t i = 0; i < work->unit->args.len; i++)
        array_push(args, arena, work->unit->args.items[i]);
    for (uint32_t i = 0; i < work->closure->generated.len; i++) {
        if (work->closure->generated.items[i].dir == NULL)
            continue;
        array_push(args, arena, "-idirafter");
        array_push(args, arena, work->closure->generated.items[i].dir);
    }
    extract_args(arena, work->overlay, args);
}

static IrUnit *parse(const Facts *self, uint32_t index, Arena *arena) {
    const Work *work = &self->work.items[index];
    CStrArray args = {0};
    unit_args(self, work, arena, &args);
    FrontendJob job = {.source = work->unit->path,
                       .args = args.items,
                       .arg_count = args.len,
                       .prelude = prelude_of(self, index),
                       .model_dir = self->options.model_dir,
                       .kit_dir = self->options.kit_dir,
                       .overlay = work->overlay,
                       .driver_dir = work->dir,
                       .places_code = work->closure->places_code,
                       .generated = work->closure->generated.items,
                       .generated_count = work->closure->generated.len,
                       .readable = self->pool.sandbox == NULL ? &self->sandbox.readable : NULL};
    return frontend_parse(arena, &job);
}

static int parse_task(void *context, uint32_t task) {
    const Facts *self = context;
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
    const Facts *self = context;
    uint32_t index = self->tasks.items[task];
    const Prelude *prelude = &self->preludes.items[index];
    const char *base =
        prelude->parent == NO_PRELUDE ? NULL : self->preludes.items[prelude->parent].output;
    Arena *scratch = arena_new();
    int result = prelude_build(prelude, base, self->options.model_dir, self->model_overlay,
                               prelude_path(self, index, scratch));
    arena_free(scratch);
    return result;
}

/* ---- in the parent -------------------------------------------------------------------------- */

static Pool pool_of(Facts *self) {
    const ExtractOptions *options = &self->options;
    uint64_t memory = options->memory_bytes;
    return (Pool){.jobs = options->jobs == 0 ? 1 : options->jobs,
                  .timeout_s = options->timeout_s == 0 ? DEFAULT_TIMEOUT_S : options->timeout_s,
                  .memory_bytes = memory == 0 ? default_memory : memory,
                  .context = self};
}

/* What every parse needs, and what each file may include. */
static void fill_sandbox(Facts *self, FileView *view) {
    const char *own[] = {self->options.model_dir, self->options.kit_dir, frontend_resource_dir()};
    for (uint32_t i = 0; i < self->work.len; i++)
        fileview_readable(view, self->work.items[i].unit, self->work.items[i].closure,
                          &self->sandbox.readable);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        const char *real = own[i] == NULL ? NULL : path_real(self->arena, own[i]);
        if (real != NULL)
            array_push(&self->sandbox.readable, self->arena, real);
    }
    array_push(&self->sandbox.writable, self->arena, self->temp.path);
    self->pool.sandbox = sandbox_is_available() ? &self->sandbox : NULL;
}

/* Writes the overlay of some folders; its path, or NULL when it cannot be written. */
static const char *write_overlay(Facts *self, FileView *view, const CStrArray *dirs,
                                 uint32_t number) {
    Error err;
    const char *text = fileview_overlay(view, dirs);
    const char *path = arena_printf(self->arena, "%s/overlay%u.json", self->temp.path, number);
    return file_write(path, text, strlen(text), &err) == 0 ? path : NULL;
}

static void add_folders(Arena *arena, const ProjectClosure *closure, StrTab *seen,
                        CStrArray *dirs) {
    for (uint32_t i = 0; i < closure->dirs.len; i++) {
        uint32_t known = strtab_count(seen);
        if (strtab_add(seen, closure->dirs.items[i]) == known)
            array_push(dirs, arena, closure->dirs.items[i]);
    }
}

/* Adds the driver's files to the work: closures, overlay, preludes. */
static void plan_driver(Facts *self, FileView *view, const ProjectDriver *driver, uint32_t number) {
    uint32_t count = driver->units.len, first = self->work.len;
    ProjectClosure **closures = arena_array_of(self->arena, ProjectClosure *, count + 1);
    CStrArray dirs = {0};
    StrTab *seen = strtab_new(self->arena);
    for (uint32_t i = 0; i < count; i++) {
        closures[i] = fileview_closure(view, &driver->units.items[i]);
        fileview_generate(view, &driver->units.items[i], closures[i]);
        add_folders(self->arena, closures[i], seen, &dirs);
        Work work = {.unit = &driver->units.items[i], .closure = closures[i], .dir = driver->dir};
        array_push(&self->work, self->arena, work);
        array_push(&self->choice, self->arena, NO_PRELUDE);
    }
    const char *overlay = write_overlay(self, view, &dirs, number);
    for (uint32_t i = 0; i < count; i++)
        self->work.items[first + i].overlay = overlay;
}

/* Which files use which prelude: none with a real kit, whose headers they see instead. */
static void plan_preludes(Facts *self) {
    PreludeUnit *units = arena_array_of(self->arena, PreludeUnit, self->work.len + 1);
    if (self->options.kit_dir != NULL)
        return;
    for (uint32_t i = 0; i < self->work.len; i++)
        units[i] = (PreludeUnit){self->work.items[i].unit, self->work.items[i].closure};
    const ModelWords *words = model_words_new(self->arena, self->options.model_dir);
    prelude_plan(self->arena, words, units, self->work.len, &self->preludes, self->choice.items);
}

/* The preludes that add to `level - 1` others. */
static void build_level(Facts *self, uint32_t level, const uint32_t *levels) {
    self->tasks.len = 0;
    for (uint32_t i = 0; i < self->preludes.len; i++) {
        uint32_t parent = self->preludes.items[i].parent;
        bool has_base = parent == NO_PRELUDE || self->preludes.items[parent].output != NULL;
        if (levels[i] == level && has_base)
            array_push(&self->tasks, self->arena, i);
    }
    PoolOutcome *outcomes = arena_array_of(self->arena, PoolOutcome, self->tasks.len + 1);
    self->pool.run = prelude_task;
    pool_run(&self->pool, self->tasks.len, outcomes);
    for (uint32_t i = 0; i < self->tasks.len; i++) {
        uint32_t index = self->tasks.items[i];
        if (outcomes[i].status == POOL_DONE && outcomes[i].value == 0)
            self->preludes.items[index].output = prelude_path(self, index, self->arena);
    }
    self->tasks.len = 0;
}

static void build_preludes(Facts *self, FileView *view) {
    plan_preludes(self);
    if (self->preludes.len == 0)
        return;
    self->model_overlay = write_overlay(self, view, &(CStrArray){0}, UINT32_MAX);
    if (self->model_overlay == NULL)
        return;
    uint32_t *levels = arena_array_of(self->arena, uint32_t, self->preludes.len), deepest = 0;
    for (uint32_t i = self->preludes.len; i-- > 0;) { /* a parent has the greater number */
        uint32_t parent = self->preludes.items[i].parent;
        levels[i] = parent == NO_PRELUDE ? 0 : levels[parent] + 1;
        deepest = levels[i] > deepest ? levels[i] : deepest;
    }
    for (uint32_t level = 0; level <= deepest; level++)
        build_level(self, level, levels);
}

/* Parses the files in self->tasks. */
static void run_tasks(Facts *self) {
    PoolOutcome *outcomes = arena_array_of(self->arena, PoolOutcome, self->tasks.len + 1);
    self->pool.run = parse_task;
    pool_run(&self->pool, self->tasks.len, outcomes);
    for (uint32_t i = 0; i < self->tasks.len; i++)
        self->work.items[self->tasks.items[i]].outcome = outcomes[i];
}

static bool failed_with_prelude(const Facts *self, uint32_t index) {
    PoolOutcome outcome = self->work.items[index].outcome;
    return prelude_of(self, index) != NULL &&
           (outcome.status == POOL_CRASHED ||
            (outcome.status == POOL_DONE && outcome.value == TASK_FAILED_WITH_PRELUDE));
}

/* Files that failed with a prelude are tried once without, by a new worker. */
static void parse_files(Facts *self) {
    for (uint32_t i = 0; i < self->work.len; i++)
        array_push(&self->tasks, self->arena, i);
    run_tasks(self);
    self->tasks.len = 0;
    for (uint32_t i = 0; i < self->work.len; i++) {
        if (failed_with_prelude(self, i)) {
            self->choice.items[i] = NO_PRELUDE;
            array_push(&self->tasks, self->arena, i);
        }
    }
    if (self->tasks.len != 0)
        run_tasks(self);
}

/* NULL when the facts of the file are there. */
static const char *why_failed(const Facts *self, PoolOutcome outcome, Arena *arena) {
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

/* Takes what the worker left of a file into the result's arena. */
static IrUnit *collect(const Facts *self, uint32_t index, Arena *arena) {
    const Work *work = &self->work.items[index];
    const char *reason =
        self->has_temp ? why_failed(self, work->outcome, arena) : self->err.message;
    if (reason != NULL)
        return ir_failed(arena, work->unit->path, reason);
    const char *path = facts_path(self, index, arena);
    char *data;
    size_t size;
    Error err;
    IrUnit *unit = NULL;
    if (file_read(arena, path, MAX_FACTS_SIZE, &data, &size, &err) == 0)
        unit = ir_read(arena, data, size, &err);
    return unit != NULL ? unit : ir_failed(arena, work->unit->path, err.message);
}

Facts *frontend_parse_all(Arena *arena, FileView *view, const ProjectDriver *drivers,
                          uint32_t driver_count, const ExtractOptions *options) {
    Facts *self = arena_new_of(arena, Facts);
    *self = (Facts){.arena = arena, .options = *options};
    self->pool = pool_of(self);
    self->has_temp = temp_dir_open(&self->temp, arena, &self->err) == 0;
    for (uint32_t i = 0; i < driver_count; i++) {
        array_push(&self->first, arena, self->work.len);
        plan_driver(self, view, &drivers[i], i);
    }
    array_push(&self->first, arena, self->work.len);
    if (self->has_temp) {
        fill_sandbox(self, view);
        build_preludes(self, view);
        parse_files(self);
    }
    return self;
}

void frontend_facts(const Facts *self, uint32_t driver, Arena *arena, ExtractResult *result) {
    uint32_t first = self->first.items[driver], count = self->first.items[driver + 1] - first;
    result->unit_count = count;
    result->units = arena_array_of(arena, IrUnit *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        result->units[i] = collect(self, first + i, arena);
}

const char *frontend_folder(const Facts *self) {
    return self->has_temp ? self->temp.path : NULL;
}

void frontend_close(Facts *self) {
    if (self->has_temp)
        temp_dir_close(&self->temp);
    self->has_temp = false;
}
