/* model: JSON of --model. */
#include "irqlint/model.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file("model.json", data, size);
    Arena *arena = arena_new();
    ModelErrors errors;
    model_overlay(arena, &path, 1, &errors);
    arena_free(arena);
    return 0;
}
