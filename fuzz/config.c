/* config: JSON of .irqlint.json, and `config show`. */
#include "analyzer/cli/cli.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file(".irqlint.json", data, size);
    Arena *arena = arena_new();
    Cli cli = {.arena = arena, .command = command_find("check"), .config_file = path};
    Error err;
    if (config_load(&cli, &err) == 0)
        cli_select_rules(&cli);
    arena_free(arena);
    return 0;
}
