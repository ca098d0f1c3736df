/* stats: what a check cost, for `check --stats`. */
#include "analyzer/cli/cli.h"

#include <stdlib.h>

enum { SLOWEST_SHOWN = 10 };

static uint64_t peak_of_parsers(const ParseCosts *costs) {
    uint64_t peak = 0;
    for (uint32_t i = 0; i < costs->len; i++)
        peak = costs->items[i].peak_bytes > peak ? costs->items[i].peak_bytes : peak;
    return peak;
}

static uint64_t peak_of_analysis(const CheckStats *self) {
    uint64_t peak = 0;
    for (uint32_t i = 0; i < self->project->drivers.len; i++) {
        const DriverResult *driver = &self->drivers[i];
        if (!driver->cached && driver->figures.peak_bytes > peak)
            peak = driver->figures.peak_bytes;
    }
    return peak;
}

/* What link, inference and rules need is measured of the process that does all three. */
static void print_stages(const CheckStats *self) {
    static const char *const names[STAGE_COUNT] = {"project", "parse", "link",  "infer",
                                                   "check",   "store", "report"};
    uint64_t analysis = peak_of_analysis(self), own = peak_memory();
    uint64_t peaks[STAGE_COUNT] = {
        [STAGE_PROJECT] = own,    [STAGE_PARSE] = peak_of_parsers(self->costs),
        [STAGE_LINK] = analysis,  [STAGE_INFER] = analysis,
        [STAGE_CHECK] = analysis, [STAGE_STORE] = own,
        [STAGE_REPORT] = own};
    double total = 0;
    for (Stage stage = 0; stage < STAGE_COUNT; stage++) {
        fprintf(stderr, "%-8s %8.3f s %8.3f s busy %8.1f MB at most in a process\n", names[stage],
                self->times->seconds[stage], self->times->busy[stage], (double)peaks[stage] / 1e6);
        total += self->times->seconds[stage];
    }
    fprintf(stderr, "%-8s %8.3f s\n", "total", total);
}

static void print_sizes(const CheckStats *self) {
    DriverFigures sum = {0};
    uint32_t cached = 0;
    for (uint32_t i = 0; i < self->project->drivers.len; i++) {
        const DriverFigures *figures = &self->drivers[i].figures;
        sum.units += figures->units;
        sum.functions += figures->functions;
        sum.unresolved += figures->unresolved;
        sum.infer.instances += figures->infer.instances;
        sum.infer.analyses += figures->infer.analyses;
        sum.infer.lost_worlds += figures->infer.lost_worlds;
        sum.infer.widened += figures->infer.widened;
        cached += self->drivers[i].cached;
    }
    fprintf(stderr, "%u drivers, %u files, %u functions, %u unresolved calls\n",
            self->project->drivers.len, sum.units, sum.functions, sum.unresolved);
    fprintf(stderr,
            "%u function instances, %u analyses, %u joins that lost precision, "
            "%u widened call sites\n",
            sum.infer.instances, sum.infer.analyses, sum.infer.lost_worlds, sum.infer.widened);
    fprintf(stderr, "%u drivers and %u files of the others out of the cache\n", cached,
            self->cached_files);
}

static int slower_first(const void *left, const void *right) {
    const ParseCost *a = left, *b = right;
    if (a->seconds != b->seconds)
        return a->seconds > b->seconds ? -1 : 1;
    return strcmp(a->path, b->path);
}

static void print_slowest(Cli *cli, ParseCosts *costs) {
    uint32_t shown = costs->len < SLOWEST_SHOWN ? costs->len : SLOWEST_SHOWN;
    if (shown == 0)
        return;
    qsort(costs->items, costs->len, sizeof *costs->items, slower_first);
    fprintf(stderr, "%u files parsed; the slowest:\n", costs->len);
    for (uint32_t i = 0; i < shown; i++) {
        fprintf(stderr, "%8.3f s  ", costs->items[i].seconds);
        report_put(stderr, cli_shown_path(cli, costs->items[i].path));
        fputc('\n', stderr);
    }
}

void cli_print_stats(Cli *cli, const CheckStats *self) {
    print_stages(self);
    print_sizes(self);
    print_slowest(cli, self->costs);
}
