/* suppressions: JSON of --suppressions. */
#include "analyzer/gate/gate.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file("suppressions.json", data, size);
    Arena *arena = arena_new();
    Error err;
    suppressions_read(arena, &path, 1, &err);
    arena_free(arena);
    return 0;
}
