/* drivers: link, inference and rules of each driver in a worker process.
 *
 * So that drivers are analysed side by side, their memory is given back one by one, and a crash
 * costs one driver. A worker leaves its result as a file in the folder of the facts. Invariant:
 * every driver has a result, be it why there is none. Where no process or file is to be had, the
 * driver is analysed here.
 */
#include "analyzer/cli/cli.h"

#include <stdlib.h>

enum {
    MAX_DRIVER_S = 1800,
    MAX_RESULT_SIZE = 1 << 30,
    TASK_NOT_WRITTEN = -1,
    RESULT_VERSION = 1 /* raise when what a result file says changes */
};

static const uint64_t max_driver_memory = (uint64_t)8 << 30;

/* What a result file begins with. */
typedef struct ResultHead {
    uint32_t version;      /* RESULT_VERSION */
    uint32_t pad;          /* 0 */
    Hash128 content;       /* of what is behind the head */
    DriverFigures figures; /* of the analysis */
    uint64_t report_size;  /* bytes behind the head */
    uint64_t rows_size;    /* bytes behind those */
} ResultHead;

typedef struct Analysis {
    Cli *cli;               /* the command line */
    const Project *project; /* its drivers */
    const Facts *facts;     /* of their files */
    U32Array order;         /* task -> driver: the large ones first */
} Analysis;

/* ---- one driver ------------------------------------------------------------------------------ */

static void analyse(const Analysis *self, uint32_t index, Arena *arena, DriverResult *result) {
    DriverRun run = {0};
    Text report = {0};
    cli_run_driver(self->cli, self->facts, self->project, index, STAGE_CHECK, arena, &run,
                   &result->figures.times);
    cli_units_report(self->cli, &run.facts, &report, arena);
    StoreDriver driver = {.program = run.program,
                          .inferred = run.inferred,
                          .findings = &run.findings,
                          .units = run.facts.units,
                          .unit_count = run.facts.unit_count};
    stage_begin(&result->figures.times);
    result->rows = store_record_driver(arena, self->project->root, &driver);
    stage_end(&result->figures.times, STAGE_STORE);
    result->report = report.items;
    result->report_size = report.len;
    result->figures.infer = infer_stats(run.inferred);
    result->figures.units = run.facts.unit_count;
    result->figures.functions = run.program->func_count - 1;
    result->figures.unresolved = run.program->unresolved_calls;
    result->figures.peak_bytes = peak_memory();
}

/* ---- in a worker ------------------------------------------------------------------------------
 */

static const char *result_path(const Analysis *self, uint32_t index, Arena *arena) {
    return arena_printf(arena, "%s/driver%u", frontend_folder(self->facts), index);
}

static int analyse_task(void *context, uint32_t task) {
    const Analysis *self = context;
    uint32_t index = self->order.items[task];
    Arena *arena = arena_new();
    DriverResult result = {0};
    Text bytes = {0};
    Error err;
    analyse(self, index, arena, &result);
    ResultHead head = {.version = RESULT_VERSION,
                       .figures = result.figures,
                       .report_size = result.report_size,
                       .rows_size = result.rows.size};
    text_append_len(&bytes, arena, (const char *)&head, sizeof head);
    if (result.report_size > 0)
        text_append_len(&bytes, arena, result.report, result.report_size);
    text_append_len(&bytes, arena, result.rows.data, result.rows.size);
    head.content = hash128(bytes.items + sizeof head, bytes.len - sizeof head);
    memcpy(bytes.items, &head, sizeof head);
    int status = file_write(result_path(self, index, arena), bytes.items, bytes.len, &err);
    arena_free(arena);
    return status == 0 ? 0 : TASK_NOT_WRITTEN;
}

/* ---- in the parent ----------------------------------------------------------------------------
 */

static bool is_good(const ResultHead *head, const char *data, size_t size) {
    size_t behind = size - sizeof *head;
    return head->version == RESULT_VERSION && head->report_size <= behind &&
           head->rows_size == behind - head->report_size &&
           hash128_eq(head->content, hash128(data + sizeof *head, behind));
}

static int read_result(const Analysis *self, uint32_t index, DriverResult *result) {
    char *data;
    size_t size;
    Error err;
    ResultHead head;
    Arena *arena = self->cli->arena;
    if (file_read(arena, result_path(self, index, arena), MAX_RESULT_SIZE, &data, &size, &err) != 0)
        return -1;
    if (size < sizeof head)
        return -1;
    memcpy(&head, data, sizeof head);
    if (!is_good(&head, data, size))
        return -1;
    *result = (DriverResult){
        .figures = head.figures,
        .report = data + sizeof head,
        .report_size = head.report_size,
        .rows = {.data = data + sizeof head + head.report_size, .size = head.rows_size}};
    return 0;
}

static void collect(const Analysis *self, uint32_t index, PoolOutcome outcome,
                    DriverResult *result) {
    Arena *arena = self->cli->arena;
    switch (outcome.status) {
    case POOL_DONE:
        if (outcome.value != 0 || read_result(self, index, result) != 0)
            analyse(self, index, arena, result);
        break;
    case POOL_NOT_STARTED:
        analyse(self, index, arena, result);
        break;
    case POOL_CRASHED:
        result->failure =
            outcome.value == 0
                ? "the analysis ended early"
                : arena_printf(arena, "the analysis crashed (signal %d)", outcome.value);
        break;
    case POOL_TIMED_OUT:
        result->failure = arena_printf(arena, "the analysis timed out after %u s", MAX_DRIVER_S);
        break;
    }
}

typedef struct Sized {
    uint32_t files;  /* of the driver */
    uint32_t driver; /* index */
} Sized;

static int larger_first(const void *left, const void *right) {
    const Sized *a = left, *b = right;
    if (a->files != b->files)
        return a->files > b->files ? -1 : 1;
    return a->driver < b->driver ? -1 : 1;
}

/* The drivers that are to be analysed. */
static U32Array order_of(Arena *arena, const Project *project, const DriverResult *results) {
    Array(Sized) sized = {0};
    U32Array order = {0};
    for (uint32_t i = 0; i < project->drivers.len; i++) {
        if (!results[i].cached)
            array_push(&sized, arena, (Sized){project->drivers.items[i].units.len, i});
    }
    if (sized.len > 0)
        qsort(sized.items, sized.len, sizeof *sized.items, larger_first);
    for (uint32_t i = 0; i < sized.len; i++)
        array_push(&order, arena, sized.items[i].driver);
    return order;
}

/* ---- the cache ---------------------------------------------------------------------------------
 */

static void add_text(Text *out, Arena *arena, const char *text) {
    text_append_len(out, arena, text, strlen(text) + 1);
}

/* False: there is no such hash. */
static bool key_of(const Analysis *self, uint32_t index, Hash128 *key) {
    Cli *cli = self->cli;
    const ProjectDriver *driver = &self->project->drivers.items[index];
    Text all = {0};
    Hash128 files;
    if (cli->cache == NULL || !frontend_key(self->facts, index, &files))
        return false;
    text_append_len(&all, cli->arena, (const char *)&cli->tool, sizeof cli->tool);
    text_append_len(&all, cli->arena, (const char *)&files, sizeof files);
    add_text(&all, cli->arena, driver->name);
    add_text(&all, cli->arena, driver->dir);
    add_text(&all, cli->arena, self->project->root);
    add_text(&all, cli->arena, cli_base_dir(cli)); /* complaints show paths as seen from here */
    for (uint32_t i = 0; i < cli->rules.len; i++)
        add_text(&all, cli->arena, cli->rules.items[i]);
    *key = hash128(all.items, all.len);
    return true;
}

static void name_rows(StoreRows *rows, Hash128 key) {
    snprintf(rows->key, sizeof rows->key, "%016llx%016llx", (unsigned long long)key.high,
             (unsigned long long)key.low);
}

void cli_fetch_drivers(Cli *cli, const Project *project, Facts *facts, DriverResult *results) {
    Analysis self = {.cli = cli, .project = project, .facts = facts};
    if (frontend_folder(facts) == NULL)
        return;
    for (uint32_t i = 0; i < project->drivers.len; i++) {
        Hash128 key;
        if (!key_of(&self, i, &key) ||
            !cache_fetch(cli->cache, "driver", key, result_path(&self, i, cli->arena)))
            continue;
        results[i].cached = read_result(&self, i, &results[i]) == 0;
        if (results[i].cached) {
            name_rows(&results[i].rows, key);
            frontend_skip(facts, i);
        } else {
            cache_drop(cli->cache, "driver", key);
        }
    }
}

static void keep_result(const Analysis *self, uint32_t index, DriverResult *result) {
    Hash128 key;
    if (!key_of(self, index, &key))
        return;
    name_rows(&result->rows, key);
    cache_keep(self->cli->cache, "driver", key, result_path(self, index, self->cli->arena));
}

/* ---- all drivers -------------------------------------------------------------------------------
 */

void cli_analyse_drivers(Cli *cli, const Project *project, const Facts *facts,
                         DriverResult *results) {
    Analysis self = {cli, project, facts, order_of(cli->arena, project, results)};
    uint32_t count = self.order.len;
    PoolOutcome *outcomes = arena_array_of(cli->arena, PoolOutcome, count + 1);
    Pool pool = {.jobs = cli->jobs == 0 ? 1 : cli->jobs,
                 .timeout_s = MAX_DRIVER_S,
                 .memory_bytes = max_driver_memory,
                 .run = analyse_task,
                 .context = &self,
                 .progress = cli->progress == NULL ? NULL : progress_drivers,
                 .watcher = cli->progress};
    for (uint32_t i = 0; i < count; i++)
        outcomes[i] = (PoolOutcome){.status = POOL_NOT_STARTED};
    if (frontend_folder(facts) != NULL)
        pool_run(&pool, count, outcomes);
    progress_end(cli->progress);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t driver = self.order.items[i];
        collect(&self, driver, outcomes[i], &results[driver]);
        if (outcomes[i].status == POOL_DONE && outcomes[i].value == 0)
            keep_result(&self, driver, &results[driver]);
    }
}
