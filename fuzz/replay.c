/* replay: runs a target over files, without a fuzzer: `replay TARGET FILE…`. For ctest, with
 * whatever sanitizers the build has. */
#include "fuzz/fuzz.h"

typedef int Target(const uint8_t *data, size_t size);

#define TARGET(name) Target fuzz_##name;
#include "targets.def"
#undef TARGET

static const struct {
    const char *name;
    Target *run;
} targets[] = {
#define TARGET(name) {#name, fuzz_##name},
#include "targets.def"
#undef TARGET
};

int main(int argc, char **argv) {
    Target *run = NULL;
    int files = 0;
    for (size_t i = 0; argc > 1 && i < sizeof targets / sizeof targets[0]; i++) {
        if (str_eq(targets[i].name, argv[1]))
            run = targets[i].run;
    }
    for (int i = 2; run != NULL && i < argc; i++) {
        Arena *arena = arena_new();
        char *data;
        size_t size;
        Error err;
        if (file_read(arena, argv[i], 1 << 30, &data, &size, &err) == 0) {
            run((const uint8_t *)data, size);
            files++;
        }
        arena_free(arena);
    }
    printf("%d files\n", files);
    return run == NULL || files == 0;
}
