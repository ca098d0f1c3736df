/* pack: facts of some files in one file, to be carried from machine to machine.
 *
 * It holds entries of a cache under their keys, so facts of sources that changed since, or that
 * another version made, are never taken for those of today.
 */
#ifndef IRQLINT_PACK_H
#define IRQLINT_PACK_H

#include "analyzer/cache/cache.h"

typedef struct Pack {
    Hash128 tool;    /* stands for the program, its knowledge and clang */
    CStrArray roots; /* what was asked for, absolute: projects, folders, sources */
} Pack;

typedef Array(Hash128) HashArray;

/* Writes the entries of kind "facts" under some keys; *missing is how many were not there. The file
 * appears as a whole. 0, or -1 with the reason. */
int pack_write(const char *path, const Pack *pack, const Cache *cache, const HashArray *keys,
               uint32_t *missing, Error *err);
/* Puts the entries into a cache (NULL: reads what they were made for only); `pack` is what was
 * written with them. An entry that is damaged, and what stands behind it, is left out. 0, or -1
 * with the reason: damaged, no pack, or not made by `tool` (then nothing is taken). */
int pack_read(Arena *arena, const char *path, Hash128 tool, Cache *cache, Pack *pack, Error *err);

#endif
