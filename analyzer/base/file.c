/* file: reading and writing whole files, path arithmetic.
 *
 * Only regular files are read: a FIFO, a device or a directory named by an untrusted source is an
 * error message, never a hang.
 */
#include "analyzer/base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, char *data, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t got = read(fd, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        done += (size_t)got;
    }
    return 0;
}

int file_read(Arena *arena, const char *path, size_t max_size, char **data, size_t *size,
              Error *err) {
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, "%s: %s", path, strerror(errno));
    struct stat info;
    if (fstat(fd, &info) != 0) {
        error_set(err, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(info.st_mode)) {
        error_set(err, "%s: not a regular file", path);
    } else if ((size_t)info.st_size > max_size) {
        error_set(err, "%s: too large (%lld bytes)", path, (long long)info.st_size);
    } else {
        *size = (size_t)info.st_size;
        *data = arena_alloc(arena, *size + 1);
        if (read_all(fd, *data, *size) == 0)
            result = 0;
        else
            error_set(err, "%s: could not be read", path);
    }
    close(fd);
    return result;
}

int file_write(const char *path, const void *data, size_t size, Error *err) {
    char temporary[4096];
    int len = snprintf(temporary, sizeof temporary, "%s.tmp%ld", path, (long)getpid());
    if (len < 0 || (size_t)len >= sizeof temporary)
        return error_set(err, "%s: path too long", path);
    FILE *file = fopen(temporary, "wb");
    if (file == NULL)
        return error_set(err, "%s: %s", path, strerror(errno));
    bool ok = fwrite(data, 1, size, file) == size;
    if (fclose(file) != 0)
        ok = false;
    if (ok && rename(temporary, path) == 0)
        return 0;
    error_set(err, "%s: %s", path, strerror(errno));
    unlink(temporary);
    return -1;
}

const char *path_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

char *path_dir(Arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return arena_strdup(arena, ".");
    if (slash == path)
        return arena_strdup(arena, "/");
    return arena_strndup(arena, path, (size_t)(slash - path));
}

/* Removes the last component of the `len` bytes at out; returns the new length. */
static size_t drop_component(const char *out, size_t len) {
    while (len > 0 && out[len - 1] != '/')
        len--;
    return len > 1 ? len - 1 : len;
}

/* True when the last component of out can be cancelled by a `..`. */
static bool can_go_up(const char *out, size_t len) {
    size_t start = len;
    while (start > 0 && out[start - 1] != '/')
        start--;
    return len > start && !(len - start == 2 && out[start] == '.' && out[start + 1] == '.');
}

static char *normalise(Arena *arena, const char *path) {
    size_t path_len = strlen(path);
    char *out = arena_alloc(arena, path_len + 2);
    size_t len = 0;
    bool absolute = path[0] == '/';
    if (absolute)
        out[len++] = '/';
    for (const char *at = path; *at != '\0';) {
        const char *end = at + strcspn(at, "/");
        size_t part_len = (size_t)(end - at);
        if (part_len == 2 && at[0] == '.' && at[1] == '.' && (absolute || can_go_up(out, len))) {
            len = can_go_up(out, len) ? drop_component(out, len) : len;
        } else if (part_len != 0 && !(part_len == 1 && at[0] == '.')) {
            if (len > 0 && out[len - 1] != '/')
                out[len++] = '/';
            memcpy(out + len, at, part_len);
            len += part_len;
        }
        out[len] = '\0';
        at = *end == '/' ? end + 1 : end;
    }
    if (len == 0)
        out[len++] = '.';
    out[len] = '\0';
    return out;
}

char *path_join(Arena *arena, const char *dir, const char *name) {
    if (name[0] == '/')
        return normalise(arena, name);
    return normalise(arena, arena_printf(arena, "%s/%s", dir, name));
}

char *path_absolute(Arena *arena, const char *path) {
    char current[4096];
    if (path[0] == '/' || getcwd(current, sizeof current) == NULL)
        return normalise(arena, path);
    return path_join(arena, current, path);
}

const char *path_relative(Arena *arena, const char *base_dir, const char *path) {
    (void)arena;
    size_t len = strlen(base_dir);
    if (len > 0 && strncmp(base_dir, path, len) == 0 && path[len] == '/')
        return path + len + 1;
    return path;
}

bool path_is_below(const char *dir, const char *path) {
    size_t len = strlen(dir);
    return strncmp(dir, path, len) == 0 &&
           (path[len] == '/' || path[len] == '\0' || (len > 0 && dir[len - 1] == '/'));
}

const char *path_real(Arena *arena, const char *path) {
    char real[PATH_MAX];
    return realpath(path, real) == NULL ? NULL : arena_strdup(arena, real);
}
