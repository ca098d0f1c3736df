/* pack: facts of some files in one file.
 *
 *     magic, tool, number of roots, roots; then entries: key, size, hash of the bytes, bytes
 *
 * Numbers are as the machine has them: machines that share a run are of one kind. Nothing that is
 * read is trusted: sizes are compared with the file's, bytes with their hash.
 */
#include "analyzer/cache/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "irqlint facts 1\n"

enum { MAX_ROOTS = 100000, MAX_ROOT_SIZE = 8192, MAX_ENTRY_SIZE = 1 << 30 };

/* ---- writing -------------------------------------------------------------------------------- */

static void put(FILE *out, const void *data, size_t size) {
    fwrite(data, 1, size, out);
}

static void put_head(FILE *out, const Pack *pack) {
    put(out, MAGIC, strlen(MAGIC));
    put(out, &pack->tool, sizeof pack->tool);
    put(out, &pack->roots.len, sizeof pack->roots.len);
    for (uint32_t i = 0; i < pack->roots.len; i++) {
        uint32_t size = (uint32_t)strlen(pack->roots.items[i]);
        put(out, &size, sizeof size);
        put(out, pack->roots.items[i], size);
    }
}

static bool put_entry(FILE *out, const Cache *cache, Hash128 key) {
    Arena *scratch = arena_new();
    Error ignored;
    char *data;
    size_t size;
    const char *path = cache_path(cache, scratch, "facts", key);
    bool found = file_read(scratch, path, MAX_ENTRY_SIZE, &data, &size, &ignored) == 0;
    if (found) {
        uint64_t length = size;
        Hash128 hash = hash128(data, size);
        put(out, &key, sizeof key);
        put(out, &length, sizeof length);
        put(out, &hash, sizeof hash);
        put(out, data, size);
    }
    arena_free(scratch);
    return found;
}

int pack_write(const char *path, const Pack *pack, const Cache *cache, const HashArray *keys,
               uint32_t *missing, Error *err) {
    Arena *scratch = arena_new();
    const char *unfinished = arena_printf(scratch, "%s.%ld", path, (long)getpid());
    FILE *out = fopen(unfinished, "wb");
    int result = -1;
    *missing = 0;
    if (out != NULL) {
        put_head(out, pack);
        for (uint32_t i = 0; i < keys->len; i++)
            *missing += !put_entry(out, cache, keys->items[i]);
        bool failed = ferror(out) != 0;
        result = fclose(out) == 0 && !failed && rename(unfinished, path) == 0 ? 0 : -1;
    }
    if (result != 0) {
        error_set(err, "%s: %s", path, strerror(errno));
        unlink(unfinished);
    }
    arena_free(scratch);
    return result;
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool get(FILE *in, void *data, size_t size) {
    return fread(data, 1, size, in) == size;
}

static bool get_head(Arena *arena, FILE *in, Pack *pack) {
    char magic[sizeof MAGIC - 1];
    uint32_t count, size;
    if (!get(in, magic, sizeof magic) || memcmp(magic, MAGIC, sizeof magic) != 0 ||
        !get(in, &pack->tool, sizeof pack->tool) || !get(in, &count, sizeof count) ||
        count > MAX_ROOTS)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        char root[MAX_ROOT_SIZE];
        if (!get(in, &size, sizeof size) || size >= sizeof root || !get(in, root, size))
            return false;
        array_push(&pack->roots, arena, arena_strndup(arena, root, size));
    }
    return true;
}

/* The next entry into the cache, by way of a file at `path`. False: it is damaged. */
static bool get_entry(FILE *in, uint64_t left, const char *path, Cache *cache, Hash128 key) {
    Arena *scratch = arena_new();
    Error ignored;
    uint64_t size;
    Hash128 hash;
    bool good = get(in, &size, sizeof size) && get(in, &hash, sizeof hash) && size <= left;
    char *data = good ? arena_alloc(scratch, (size_t)size + 1) : NULL;
    if (good && get(in, data, (size_t)size) && hash128_eq(hash128(data, (size_t)size), hash)) {
        if (file_write(path, data, (size_t)size, &ignored) == 0)
            cache_keep(cache, "facts", key, path);
        unlink(path);
    } else {
        good = false;
    }
    arena_free(scratch);
    return good;
}

static int read_entries(FILE *in, const char *name, uint64_t size, const char *path, Cache *cache,
                        Error *err) {
    Hash128 key;
    for (size_t got; (got = fread(&key, 1, sizeof key, in)) != 0;) {
        long at = ftell(in);
        uint64_t left = at < 0 || (uint64_t)at > size ? 0 : size - (uint64_t)at;
        if (got != sizeof key || !get_entry(in, left, path, cache, key))
            return error_set(err, "%s: damaged; what it lacks is parsed again", name);
    }
    return 0;
}

int pack_read(Arena *arena, const char *path, Hash128 tool, Cache *cache, Pack *pack, Error *err) {
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not stop us */
    FILE *in = fd < 0 ? NULL : fdopen(fd, "rb");
    *pack = (Pack){0};
    if (in == NULL)
        return error_set(err, "%s: %s", path, strerror(errno));
    int result = 0;
    if (fstat(fileno(in), &info) != 0 || !S_ISREG(info.st_mode) || !get_head(arena, in, pack))
        result = error_set(err, "%s: not a file that `irqlint extract` made", path);
    else if (cache == NULL)
        result = 0;
    else if (!hash128_eq(pack->tool, tool))
        result =
            error_set(err, "%s: made by another irqlint, or with another --model: not used", path);
    else
        result = read_entries(
            in, path, (uint64_t)info.st_size,
            arena_printf(arena, "%s/arriving.%ld", cache_dir(cache), (long)getpid()), cache, err);
    fclose(in);
    return result;
}
