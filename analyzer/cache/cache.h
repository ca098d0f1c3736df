/* cache: files by the hash of what they were made of, kept from run to run.
 *
 * A folder that several runs may use at once: an entry appears as a whole and never changes. An
 * entry that is damaged is its reader's to find out, who then makes it anew. What was not used for
 * longest goes first when the folder becomes larger than its limit. Whatever goes wrong here costs
 * time, never a result.
 */
#ifndef IRQLINT_CACHE_H
#define IRQLINT_CACHE_H

#include "analyzer/base/base.h"

typedef struct Cache Cache;

/* Opens (creates) the cache in a folder, limit in bytes; NULL with the reason when it cannot be. */
Cache *cache_open(Arena *arena, const char *dir, uint64_t limit, Error *err);
/* The folder. */
const char *cache_dir(const Cache *self);
/* Where the entry lies, or would: `kind` is a short word that tells apart entries of one key. Its
 * folder is made. */
const char *cache_path(const Cache *self, Arena *arena, const char *kind, Hash128 key);
/* Makes the entry, if there is one, a file at `path`, where nothing may be; false: there is none.
 * A NULL cache has no entries. */
bool cache_fetch(const Cache *self, const char *kind, Hash128 key, const char *path);
/* Keeps the file at `path`, which must not change afterwards, as the entry. */
void cache_keep(Cache *self, const char *kind, Hash128 key, const char *path);
/* The entry is no good. */
void cache_drop(const Cache *self, const char *kind, Hash128 key);
/* Marks the entry as used now. */
void cache_touch(const Cache *self, const char *kind, Hash128 key);
/* When this run has added something: brings the folder under its limit. */
void cache_trim(Cache *self);

typedef struct CacheStats {
    uint64_t entries; /* files */
    uint64_t bytes;   /* their sizes */
} CacheStats;

/* What a cache folder holds; zeroes when it is not there. */
CacheStats cache_stats(const char *dir);
/* Removes the entries of a cache folder, and nothing else. 0, or -1 with the reason. */
int cache_clear(const char *dir, Error *err);

/* ---- facts to be carried from machine to machine (pack.c) ------------------------------------
 *
 * A file of entries under their keys: facts of sources that changed since, or that another version
 * made, are never taken for those of today. */

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
