/* facts: what a cache or another machine gives. The checksum is set right first, since no change of
 * the bytes would pass it; what the reader then accepts must be fit for every later stage. */
#include "analyzer/check/check.h"
#include "analyzer/infer/infer.h"
#include "analyzer/ir/ir.h"
#include "analyzer/link/link.h"
#include "fuzz/fuzz.h"

#define COUNT_TABLE(type, name) +1
enum {
    TABLE_COUNT = 0 IR_TABLES(COUNT_TABLE),
    SIZE_AT = 8,                                      /* of the size in the header of binary.c */
    CHECKSUM_AT = (36 + 4 * TABLE_COUNT + 7) / 8 * 8, /* of the checksum */
    HEADER_SIZE = CHECKSUM_AT + 8
};

static void analyse(Arena *arena, IrUnit *unit) {
    CheckOptions options = {0};
    FindingArray findings = {0};
    Program *program = link_units(arena, "fuzz", "/fuzz", model_builtin(), &unit, 1);
    check_program(arena, infer_program(arena, program), &options, &findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Error err;
    char *bytes = fuzz_copy(arena, data, size);
    if (size >= HEADER_SIZE) {
        uint64_t all = size, sum = hash128(bytes + HEADER_SIZE, size - HEADER_SIZE).low;
        memcpy(bytes + SIZE_AT, &all, sizeof all);
        memcpy(bytes + CHECKSUM_AT, &sum, sizeof sum);
    }
    IrUnit *unit = ir_read(arena, bytes, size, &err);
    if (unit != NULL)
        analyse(arena, unit);
    arena_free(arena);
    return 0;
}
