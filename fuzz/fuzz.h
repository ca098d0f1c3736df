/* fuzz: what the targets share. Each is a libFuzzer program (scripts/fuzz.sh, docs/testing.md). */
#ifndef IRQLINT_FUZZ_H
#define IRQLINT_FUZZ_H

#include "analyzer/base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as the file `name` in a folder of this process, which goes with it; its path. */
const char *fuzz_file(const char *name, const void *data, size_t size);
/* The bytes, in the arena. */
char *fuzz_copy(Arena *arena, const void *data, size_t size);

#endif
