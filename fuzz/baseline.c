/* baseline: JSON of --baseline; one that is read can be written and is read again. */
#include "analyzer/gate/gate.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file("baseline.json", data, size);
    Arena *arena = arena_new();
    Error err;
    Baseline *baseline = baseline_read(arena, path, &err);
    if (baseline != NULL) {
        uint32_t count = baseline_count(baseline);
        if (baseline_write(baseline, path, &err) != 0)
            abort();
        Baseline *again = baseline_read(arena, path, &err);
        if (again == NULL || baseline_count(again) != count)
            abort();
    }
    arena_free(arena);
    return 0;
}
