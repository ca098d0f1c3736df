/* words: the identifiers of the model headers, sorted, one a line, for a quick answer to "could a
 * macro of that name change what these headers mean?". The first line is `#` and the hash of all
 * headers: the version of the model for caches.
 *
 * Usage: wdkwords FOLDER OUTPUT. Every word counts, in comments and strings too: errs towards
 * "yes".
 */
#include "analyzer/base/base.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { MAX_HEADER_SIZE = 64 << 20 };

typedef struct Words {
    Arena *arena;    /* of the run */
    CStrArray paths; /* headers */
    StrTab *words;   /* found so far */
    uint64_t hash;   /* of the headers read so far */
} Words;

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void find_headers(Words *self, const char *dir) {
    DIR *stream = opendir(dir);
    struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        const char *path = path_join(self->arena, dir, entry->d_name);
        struct stat info;
        if (entry->d_name[0] == '.' || stat(path, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode))
            find_headers(self, path);
        else if (str_ends_with(path, ".h") || str_ends_with(path, ".hpp"))
            array_push(&self->paths, self->arena, path);
    }
    if (stream != NULL)
        closedir(stream);
}

static void add_words(Words *self, const char *text) {
    while (*text != '\0') {
        size_t len = 0;
        while (isalnum((unsigned char)text[len]) || text[len] == '_')
            len++;
        if (len > 0 && !isdigit((unsigned char)text[0]))
            strtab_add_len(self->words, text, len);
        text += len > 0 ? len : 1;
    }
}

static int add_header(Words *self, const char *folder, const char *path) {
    char *text;
    size_t size;
    Error err;
    if (file_read(self->arena, path, MAX_HEADER_SIZE, &text, &size, &err) != 0) {
        fprintf(stderr, "wdkwords: %s\n", err.message);
        return -1;
    }
    const char *name = path_relative(self->arena, folder, path);
    self->hash = hash_bytes(name, strlen(name) + 1, self->hash);
    self->hash = hash_bytes(text, size, self->hash);
    add_words(self, text);
    return 0;
}

static int write_words(Words *self, const char *output) {
    uint32_t count = strtab_count(self->words);
    const char **words = arena_array_of(self->arena, const char *, count);
    for (uint32_t i = 0; i < count; i++)
        words[i] = strtab_get(self->words, i);
    qsort(words, count, sizeof *words, compare);
    Text text = {0};
    Error err;
    text_printf(&text, self->arena, "# %016llx\n", (unsigned long long)self->hash);
    for (uint32_t i = 1; i < count; i++) /* the first is the empty string */
        text_printf(&text, self->arena, "%s\n", words[i]);
    if (file_write(output, text.items, text.len, &err) == 0)
        return 0;
    fprintf(stderr, "wdkwords: %s\n", err.message);
    return -1;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: wdkwords FOLDER OUTPUT\n", stderr);
        return 2;
    }
    Words self = {.arena = arena_new()};
    self.words = strtab_new(self.arena);
    strtab_add(self.words, "");
    find_headers(&self, path_absolute(self.arena, argv[1]));
    if (self.paths.len > 0)
        qsort(self.paths.items, self.paths.len, sizeof *self.paths.items, compare);
    int result = self.paths.len > 0 ? 0 : -1;
    for (uint32_t i = 0; result == 0 && i < self.paths.len; i++)
        result = add_header(&self, path_absolute(self.arena, argv[1]), self.paths.items[i]);
    if (result == 0)
        result = write_words(&self, argv[2]);
    arena_free(self.arena);
    return result == 0 ? 0 : 1;
}
