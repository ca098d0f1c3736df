/* marks: a source as the gate reads its comments and pragmas. */
#include "analyzer/gate/marks.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Marks marks = {0};
    marks_scan(arena, fuzz_copy(arena, data, size), size, &marks);
    for (uint32_t i = 0; i < marks.items.len; i++) {
        const Mark *mark = &marks.items.items[i];
        if (mark->first == 0 || mark->last < mark->first || mark->line == 0)
            abort();
    }
    arena_free(arena);
    return 0;
}
