/* source: a whole source through clang and the front end (FUZZ_NAME gives the language). */
#include "analyzer/frontend/frontend.h"
#include "analyzer/ir/ir.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file(FUZZ_NAME, data, size);
    Arena *arena = arena_new();
    CStrArray args = {0};
    Error err;
    frontend_base_args(arena, IRQLINT_MODEL_DIR, FUZZ_CXX, &args);
    FrontendJob job = {.source = path,
                       .args = args.items,
                       .arg_count = args.len,
                       .model_dir = IRQLINT_MODEL_DIR,
                       .driver_dir = path_dir(arena, path),
                       .places_code = true};
    IrUnit *unit = frontend_parse(arena, &job);
    if (unit->status != IR_FAILED && ir_verify(unit, &err) != 0)
        __builtin_trap(); /* the front end's facts are well-formed, whatever the source */
    arena_free(arena);
    return 0;
}
