/* extract: the facts of all files of some drivers, parsed in worker processes.
 *
 * Invariants: a unit's facts depend on its file, arguments and the disk, never on how many workers
 * there are, on which one parsed it or on what else is parsed; units come in the driver's order; a
 * unit that a worker died on is a failed unit that says so. The prelude only saves time: a unit
 * that fails with it, or whose worker dies with it, is parsed once more without.
 */
#include "analyzer/frontend/extract.h"
#include "analyzer/ir/ir.h"

#include <unistd.h>

enum { DEFAULT_TIMEOUT_S = 120, MAX_FACTS_SIZE = 1 << 30 };

enum { TASK_DONE = 0, TASK_NOT_WRITTEN = -1, TASK_FAILED_WITH_PRELUDE = 1, TASK_DONE_ONCE = 2 };

static const uint64_t default_memory = (uint64_t)4 << 30;

/* ---- in a worker ---------------------------------------------------------------------------- */

static const char *facts_path(const Facts *self, uint32_t index, Arena *arena) {
    return arena_printf(arena, "%s/%u.ir", self->temp.path, index);
}

static const char *prelude_of(const Facts *self, uint32_t index) {
    uint32_t choice = self->choice.items[index];
    return choice == NO_PRELUDE ? NULL : self->preludes.items[choice].output;
}

void extract_own_args(const Facts *self, const Work *work, Arena *arena, CStrArray *args) {
    frontend_base_args(arena, self->options.model_dir, work->unit->cxx, args);
    for (uint32_t i = 0; i < work->unit->args.len; i++)
        array_push(args, arena, work->unit->args.items[i]);
    for (uint32_t i = 0; i < work->closure->generated.len; i++) {
        const GeneratedHeader *header = &work->closure->generated.items[i];
        if (header->dir == NULL)
            continue;
        array_push(args, arena, "-idirafter");
        array_push(args, arena, header->dir);
        /* what is found there is the driver's, not the system's */
        array_push(args, arena, arena_printf(arena, "--no-system-header-prefix=%s", header->name));
    }
}

static IrUnit *parse(const Facts *self, uint32_t index, Arena *arena, FilesRead *read) {
    const Work *work = &self->work.items[index];
    CStrArray args = {0};
    extract_own_args(self, work, arena, &args);
    extract_args(arena, work->overlay, &args);
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
                       .readable = self->pool.sandbox == NULL ? &self->sandbox.readable : NULL,
                       .read = work->has_key ? read : NULL};
    return frontend_parse(arena, &job);
}

/* A header that a macro names, folder and all, and that is not there, may come to be anywhere; the
 * folders that are searched are known. */
static bool may_find_more(const ProjectClosure *closure, const IrUnit *unit) {
    for (uint32_t i = 0; closure->computes && i < unit->notes_len; i++) {
        const char *text = ir_str(unit, unit->notes[i].text);
        if (unit->notes[i].kind == IR_NOTE_MISSING && strpbrk(text, "/\\") != NULL)
            return true;
    }
    return false;
}

static int parse_task(void *context, uint32_t task) {
    const Facts *self = context;
    uint32_t index = self->tasks.items[task];
    if (self->work.items[index].overlay == NULL)
        return TASK_NOT_WRITTEN;
    Arena *scratch = arena_new();
    Text facts = {0};
    Error err;
    FilesRead read = {.arena = scratch};
    IrUnit *unit = parse(self, index, scratch, &read);
    bool keeps = unit->status != IR_FAILED && self->work.items[index].has_key &&
                 !may_find_more(self->work.items[index].closure, unit) &&
                 extract_is_covered(self, &self->work.items[index], &read);
    int result = keeps ? TASK_DONE : TASK_DONE_ONCE;
    ir_write(unit, &facts, scratch);
    if (unit->status == IR_FAILED && prelude_of(self, index) != NULL)
        result = TASK_FAILED_WITH_PRELUDE;
    else if (file_write(facts_path(self, index, scratch), facts.items, facts.len, &err) != 0)
        result = TASK_NOT_WRITTEN;
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
    const char *cache = self->options.cache == NULL ? NULL : cache_dir(self->options.cache);
    const char *own[] = {self->options.model_dir, self->options.kit_dir, frontend_resource_dir(),
                         cache};
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

/* Adds the driver's files to the work. */
static void plan_driver(Facts *self, FileView *view, const ProjectDriver *driver) {
    for (uint32_t i = 0; i < driver->units.len; i++) {
        ProjectClosure *closure = fileview_closure(view, &driver->units.items[i]);
        fileview_generate(view, &driver->units.items[i], closure);
        Work work = {.unit = &driver->units.items[i], .closure = closure, .dir = driver->dir};
        array_push(&self->work, self->arena, work);
        array_push(&self->choice, self->arena, NO_PRELUDE);
    }
}

static void write_driver_overlay(Facts *self, FileView *view, uint32_t driver) {
    uint32_t first = self->first.items[driver], end = self->first.items[driver + 1];
    CStrArray dirs = {0};
    StrTab *seen = strtab_new(self->arena);
    for (uint32_t i = first; i < end; i++)
        add_folders(self->arena, self->work.items[i].closure, seen, &dirs);
    const char *overlay = write_overlay(self, view, &dirs, driver);
    for (uint32_t i = first; i < end; i++)
        self->work.items[i].overlay = overlay;
}

/* ---- the cache --------------------------------------------------------------------------------
 */

static IrUnit *read_facts(const char *path, const char *source, Arena *arena, Error *err) {
    char *data;
    size_t size;
    if (file_read(arena, path, MAX_FACTS_SIZE, &data, &size, err) != 0)
        return NULL;
    IrUnit *unit = ir_read(arena, data, size, err);
    if (unit != NULL && !str_eq(ir_str(unit, unit->path), source)) {
        error_set(err, "malformed facts: of another file");
        return NULL;
    }
    return unit;
}

/* True when the facts were in the cache and are good. */
static bool fetch_facts(Facts *self, uint32_t index) {
    Work *work = &self->work.items[index];
    if (!work->has_key)
        return false;
    Arena *scratch = arena_new();
    Error err;
    const char *path = facts_path(self, index, scratch);
    if (cache_fetch(self->options.cache, "facts", work->key, path)) {
        work->cached = read_facts(path, work->unit->path, scratch, &err) != NULL;
        if (!work->cached) {
            cache_drop(self->options.cache, "facts", work->key);
            unlink(path);
        }
    }
    arena_free(scratch);
    work->outcome = (PoolOutcome){.status = POOL_DONE, .value = TASK_DONE};
    return work->cached;
}

static void keep_facts(Facts *self, uint32_t index) {
    const Work *work = &self->work.items[index];
    Arena *scratch = arena_new();
    if (work->has_key)
        cache_keep(self->options.cache, "facts", work->key, facts_path(self, index, scratch));
    arena_free(scratch);
}

/* ---- parsing -----------------------------------------------------------------------------------
 */

/* Parses the files in self->tasks. */
static void run_tasks(Facts *self) {
    PoolOutcome *outcomes = arena_array_of(self->arena, PoolOutcome, self->tasks.len + 1);
    self->pool.run = parse_task;
    self->pool.progress = self->options.progress;
    self->pool.watcher = self->options.watcher;
    pool_run(&self->pool, self->tasks.len, outcomes);
    self->pool.progress = NULL;
    for (uint32_t i = 0; i < self->tasks.len; i++) {
        Work *work = &self->work.items[self->tasks.items[i]];
        work->outcome = outcomes[i];
        work->has_key &= outcomes[i].status == POOL_DONE && outcomes[i].value == TASK_DONE;
        keep_facts(self, self->tasks.items[i]);
    }
}

static bool failed_with_prelude(const Facts *self, uint32_t index) {
    PoolOutcome outcome = self->work.items[index].outcome;
    return prelude_of(self, index) != NULL &&
           (outcome.status == POOL_CRASHED ||
            (outcome.status == POOL_DONE && outcome.value == TASK_FAILED_WITH_PRELUDE));
}

/* Files that failed with a prelude are tried once without, by a new worker. */
static void parse_files(Facts *self) {
    run_tasks(self);
    self->tasks.len = 0;
    for (uint32_t i = 0; i < self->work.len; i++) {
        if (!self->work.items[i].skipped && failed_with_prelude(self, i)) {
            cache_drop(self->options.cache, "pch", self->preludes.items[self->choice.items[i]].key);
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
    return outcome.value == TASK_DONE || outcome.value == TASK_DONE_ONCE
               ? NULL
               : "facts could not be written to the temporary folder";
}

/* Takes what the worker left of a file into the result's arena. */
static IrUnit *collect(const Facts *self, uint32_t index, Arena *arena) {
    const Work *work = &self->work.items[index];
    const char *reason =
        self->has_temp ? why_failed(self, work->outcome, arena) : self->err.message;
    if (reason != NULL)
        return ir_failed(arena, work->unit->path, reason);
    Error err;
    IrUnit *unit = read_facts(facts_path(self, index, arena), work->unit->path, arena, &err);
    return unit != NULL ? unit : ir_failed(arena, work->unit->path, err.message);
}

/* ---- the stage ---------------------------------------------------------------------------------
 */

Facts *frontend_plan(Arena *arena, FileView *view, const ProjectDriver *drivers,
                     uint32_t driver_count, const ExtractOptions *options) {
    Facts *self = arena_new_of(arena, Facts);
    *self = (Facts){.arena = arena, .options = *options};
    self->pool = pool_of(self);
    for (uint32_t i = 0; i < driver_count; i++) {
        array_push(&self->first, arena, self->work.len);
        plan_driver(self, view, &drivers[i]);
    }
    array_push(&self->first, arena, self->work.len);
    self->has_temp = temp_dir_open(&self->temp, arena, &self->err) == 0;
    extract_keys(self);
    return self;
}

bool frontend_key(const Facts *self, uint32_t driver, Hash128 *key) {
    Arena *scratch = arena_new();
    Text all = {0};
    bool has_key = true;
    for (uint32_t i = self->first.items[driver]; i < self->first.items[driver + 1]; i++) {
        const Work *work = &self->work.items[i];
        has_key &= work->has_key;
        text_append_len(&all, scratch, (const char *)&work->key, sizeof work->key);
    }
    *key = hash128(all.items, all.len);
    arena_free(scratch);
    return has_key;
}

void frontend_skip(Facts *self, uint32_t driver) {
    for (uint32_t i = self->first.items[driver]; i < self->first.items[driver + 1]; i++)
        self->work.items[i].skipped = true;
}

void frontend_select(Facts *self, const CStrArray *paths) {
    for (uint32_t i = 0; i < self->work.len; i++) {
        Work *work = &self->work.items[i];
        bool wanted = false;
        for (uint32_t p = 0; !wanted && p < paths->len; p++)
            wanted = path_is_below(paths->items[p], work->unit->path);
        work->skipped = work->skipped || !wanted;
    }
}

uint32_t frontend_each(const Facts *self, void (*see)(void *, const char *, const Hash128 *),
                       void *data) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < self->work.len; i++) {
        const Work *work = &self->work.items[i];
        if (work->skipped)
            continue;
        see(data, work->unit->path, work->has_key ? &work->key : NULL);
        count++;
    }
    return count;
}

/* Is there a file of the driver to be parsed? */
static bool is_wanted(const Facts *self, uint32_t driver) {
    bool wanted = false;
    for (uint32_t i = self->first.items[driver]; i < self->first.items[driver + 1]; i++)
        wanted |= !self->work.items[i].skipped;
    return wanted;
}

void frontend_parse_files(Facts *self, FileView *view) {
    if (!self->has_temp)
        return;
    for (uint32_t i = 0; i < self->work.len; i++) {
        if (!self->work.items[i].skipped && !fetch_facts(self, i))
            array_push(&self->tasks, self->arena, i);
    }
    if (self->tasks.len == 0)
        return;
    for (uint32_t d = 0; d + 1 < self->first.len; d++) {
        if (is_wanted(self, d))
            write_driver_overlay(self, view, d);
    }
    fill_sandbox(self, view);
    extract_preludes(self, view);
    parse_files(self);
}

Facts *frontend_parse_all(Arena *arena, FileView *view, const ProjectDriver *drivers,
                          uint32_t driver_count, const ExtractOptions *options) {
    Facts *self = frontend_plan(arena, view, drivers, driver_count, options);
    frontend_parse_files(self, view);
    return self;
}

uint32_t frontend_cached(const Facts *self) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < self->work.len; i++)
        count += self->work.items[i].cached;
    return count;
}

ParseCosts frontend_costs(const Facts *self, Arena *arena) {
    ParseCosts costs = {0};
    for (uint32_t i = 0; i < self->work.len; i++) {
        const Work *work = &self->work.items[i];
        ParseCost cost = {work->unit->path, work->outcome.seconds, work->outcome.peak_bytes};
        if (!work->skipped && !work->cached)
            array_push(&costs, arena, cost);
    }
    return costs;
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
