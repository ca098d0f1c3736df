/* rows: rows of a driver as the cache keeps them, written into a database and read for a report. */
#include "analyzer/report/report.h"
#include "analyzer/store/store.h"
#include "fuzz/fuzz.h"

static void report(Arena *arena, Store *store, int64_t run_id) {
    Error err;
    ReportOptions options = {.format = REPORT_JSON, .certainty = POSSIBLE_WEAK};
    FILE *out = fopen("/dev/null", "w");
    if (out == NULL)
        return;
    StoredRun run;
    if (store_read_run(arena, store, run_id, &run, &err) == 0)
        report_write(arena, &run, &options, out, &err);
    fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Store *store;
    Error err;
    int64_t run_id;
    StoreRows rows = {.data = fuzz_copy(arena, data, size), .size = size};
    StoreRun run = {.root = "/fuzz", .command = "fuzz", .drivers = &rows, .driver_count = 1};
    if (store_open(arena, NULL, &store, &err) == 0) {
        if (store_write_run(store, &run, &run_id, &err) == 0)
            report(arena, store, run_id);
        store_close(store);
    }
    arena_free(arena);
    return 0;
}
