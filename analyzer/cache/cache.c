/* cache: entries are `KIND/xx/rest of the hash`, linked or copied in under another name first.
 *
 * Invariants: an entry is never written to, so whoever has linked it keeps it when it is removed;
 * removing needs no lock, because a missing entry is only a miss.
 */
#include "analyzer/cache/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_ENTRY_SIZE = 1 << 30,
    LOW_WATER_PERCENT = 80, /* of the limit: what trimming leaves */
    STALE_S = 3600          /* unfinished files of other runs that are older are removed */
};

struct Cache {
    const char *dir; /* absolute */
    uint64_t limit;  /* bytes */
    bool has_grown;  /* something was added */
};

static const char tag_name[] = "CACHEDIR.TAG"; /* a convention: backup programs leave it out */
static const char tag_text[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder was made by irqlint and can be removed at any time.\n";

/* Makes a folder and those above it. */
static int make_folders(Arena *arena, const char *path) {
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return 0;
    if (errno != ENOENT || str_eq(path, "/") || make_folders(arena, path_dir(arena, path)) != 0)
        return -1;
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

Cache *cache_open(Arena *arena, const char *dir, uint64_t limit, Error *err) {
    Cache *self = arena_new_of(arena, Cache);
    *self = (Cache){.dir = path_absolute(arena, dir), .limit = limit};
    if (make_folders(arena, self->dir) != 0) {
        error_set(err, "%s: %s", self->dir, strerror(errno));
        return NULL;
    }
    const char *tag = path_join(arena, self->dir, tag_name);
    if (access(tag, F_OK) != 0 && file_write(tag, tag_text, sizeof tag_text - 1, err) != 0)
        return NULL;
    return self;
}

const char *cache_dir(const Cache *self) {
    return self->dir;
}

static const char *entry_path(const Cache *self, Arena *arena, const char *kind, Hash128 key) {
    unsigned long long high = key.high, low = key.low;
    return arena_printf(arena, "%s/%s/%02llx/%014llx%016llx", self->dir, kind, high >> 56,
                        high & ((1ULL << 56) - 1), low);
}

const char *cache_path(const Cache *self, Arena *arena, const char *kind, Hash128 key) {
    const char *path = entry_path(self, arena, kind, key);
    make_folders(arena, path_dir(arena, path));
    return path;
}

/* A second name for the file; a copy where the file system has no such thing. */
static int duplicate(Arena *arena, const char *from, const char *to) {
    char *data;
    size_t size;
    Error ignored;
    if (link(from, to) == 0)
        return 0;
    if (errno == ENOENT || errno == EEXIST)
        return -1;
    return file_read(arena, from, MAX_ENTRY_SIZE, &data, &size, &ignored) == 0 &&
                   file_write(to, data, size, &ignored) == 0
               ? 0
               : -1;
}

/* The time of the last access says when an entry was used. That of the last change must stay: a
 * precompiled header on top of another knows it. */
static void mark_used(const char *path) {
    const struct timespec times[] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
    utimensat(AT_FDCWD, path, times, 0);
}

void cache_touch(const Cache *self, const char *kind, Hash128 key) {
    if (self == NULL)
        return;
    Arena *scratch = arena_new();
    mark_used(entry_path(self, scratch, kind, key));
    arena_free(scratch);
}

bool cache_fetch(const Cache *self, const char *kind, Hash128 key, const char *path) {
    if (self == NULL)
        return false;
    Arena *scratch = arena_new();
    const char *entry = entry_path(self, scratch, kind, key);
    bool found = duplicate(scratch, entry, path) == 0;
    if (found)
        mark_used(entry);
    arena_free(scratch);
    return found;
}

void cache_keep(Cache *self, const char *kind, Hash128 key, const char *path) {
    if (self == NULL)
        return;
    Arena *scratch = arena_new();
    const char *entry = cache_path(self, scratch, kind, key);
    const char *unfinished = arena_printf(scratch, "%s.%ld", entry, (long)getpid());
    if (duplicate(scratch, path, unfinished) == 0 && rename(unfinished, entry) == 0)
        self->has_grown = true;
    unlink(unfinished); /* also there when both names were the same file already */
    arena_free(scratch);
}

void cache_drop(const Cache *self, const char *kind, Hash128 key) {
    if (self == NULL)
        return;
    Arena *scratch = arena_new();
    unlink(entry_path(self, scratch, kind, key));
    arena_free(scratch);
}

/* ---- all entries ------------------------------------------------------------------------------
 */

typedef struct Entry {
    const char *path; /* absolute */
    int64_t used;     /* seconds since 1970 */
    uint64_t size;    /* bytes */
} Entry;

typedef Array(Entry) EntryArray;

typedef void SeeEntry(Arena *arena, const char *path, const struct stat *info, void *context);

static bool is_hex(const char *text, size_t len) {
    return strspn(text, "0123456789abcdef") >= len && strlen(text) >= len;
}

/* Calls `see` for each file of one `KIND/xx` folder. */
static void walk_bucket(Arena *arena, const char *dir, SeeEntry *see, void *context) {
    DIR *stream = opendir(dir);
    for (struct dirent *item; stream != NULL && (item = readdir(stream)) != NULL;) {
        const char *path = path_join(arena, dir, item->d_name);
        struct stat info;
        if (is_hex(item->d_name, 30) && lstat(path, &info) == 0 && S_ISREG(info.st_mode))
            see(arena, path, &info, context);
    }
    if (stream != NULL)
        closedir(stream);
}

/* Calls `see` for each file that may be an entry, finished or not; follows no symbolic links. */
static void walk(Arena *arena, const char *dir, int depth, SeeEntry *see, void *context) {
    DIR *stream = opendir(dir);
    for (struct dirent *item; stream != NULL && (item = readdir(stream)) != NULL;) {
        const char *path = path_join(arena, dir, item->d_name);
        struct stat info;
        bool fits = item->d_name[0] != '.' && (depth == 0 || is_hex(item->d_name, 2));
        if (!fits || lstat(path, &info) != 0 || !S_ISDIR(info.st_mode))
            continue;
        if (depth == 0)
            walk(arena, path, 1, see, context);
        else
            walk_bucket(arena, path, see, context);
    }
    if (stream != NULL)
        closedir(stream);
}

static void count_entry(Arena *arena, const char *path, const struct stat *info, void *context) {
    CacheStats *stats = context;
    (void)arena;
    (void)path;
    stats->entries++;
    stats->bytes += (uint64_t)info->st_size;
}

CacheStats cache_stats(const char *dir) {
    CacheStats stats = {0};
    Arena *scratch = arena_new();
    walk(scratch, dir, 0, count_entry, &stats);
    arena_free(scratch);
    return stats;
}

static void remove_entry(Arena *arena, const char *path, const struct stat *info, void *context) {
    int *failure = context;
    (void)arena;
    (void)info;
    if (unlink(path) != 0 && errno != ENOENT)
        *failure = errno;
}

int cache_clear(const char *dir, Error *err) {
    Arena *scratch = arena_new();
    int failure = 0, result = 0;
    if (access(dir, F_OK) == 0 && access(path_join(scratch, dir, tag_name), F_OK) != 0)
        result = error_set(err, "%s: is no cache of irqlint", dir);
    else
        walk(scratch, dir, 0, remove_entry, &failure);
    if (failure != 0)
        result = error_set(err, "%s: %s", dir, strerror(failure));
    arena_free(scratch);
    return result;
}

static void list_entry(Arena *arena, const char *path, const struct stat *info, void *context) {
    EntryArray *entries = context;
    bool unfinished = strchr(path_base(path), '.') != NULL;
    if (unfinished && info->st_mtime + STALE_S < time(NULL))
        unlink(path);
    if (unfinished)
        return;
    Entry entry = {path, (int64_t)info->st_atime, (uint64_t)info->st_size};
    array_push(entries, arena, entry);
}

static int longest_unused_first(const void *left, const void *right) {
    const Entry *a = left, *b = right;
    if (a->used != b->used)
        return a->used < b->used ? -1 : 1;
    return strcmp(a->path, b->path);
}

void cache_trim(Cache *self) {
    if (self == NULL || !self->has_grown)
        return;
    Arena *scratch = arena_new();
    EntryArray entries = {0};
    uint64_t total = 0;
    walk(scratch, self->dir, 0, list_entry, &entries);
    for (uint32_t i = 0; i < entries.len; i++)
        total += entries.items[i].size;
    if (total > self->limit)
        qsort(entries.items, entries.len, sizeof *entries.items, longest_unused_first);
    bool is_over = total > self->limit;
    for (uint32_t i = 0; is_over && i < entries.len; i++) {
        if (total <= self->limit / 100 * LOW_WATER_PERCENT)
            break;
        if (unlink(entries.items[i].path) == 0)
            total -= entries.items[i].size;
    }
    self->has_grown = false;
    arena_free(scratch);
}
