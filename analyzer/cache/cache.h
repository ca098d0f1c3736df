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

#endif
