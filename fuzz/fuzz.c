/* fuzz: a folder for the one file that most targets read. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/irqlint-fuzz-XXXXXX";
static char path[sizeof folder + 64]; /* of the file */

static void remove_folder(void) {
    unlink(path);
    rmdir(folder);
}

const char *fuzz_file(const char *name, const void *data, size_t size) {
    if (path[0] == '\0') {
        if (mkdtemp(folder) == NULL)
            abort();
        snprintf(path, sizeof path, "%s/%s", folder, name);
        atexit(remove_folder);
    }
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
    return path;
}

char *fuzz_copy(Arena *arena, const void *data, size_t size) {
    char *copy = arena_array_of(arena, char, size == 0 ? 1 : size);
    memcpy(copy, data, size);
    return copy;
}
