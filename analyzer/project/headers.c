/* headers: the headers below the given trees, by name.
 *
 * Projects set include folders in ways that nobody can follow without their build: environment
 * variables, submodules, targets of their own. A header that is asked for by its name and lies in
 * the trees once is meant. The trees are listed when the first such header is asked for. Of
 * several, the one that shares most folders with the source; of equally near ones, none.
 */
#include "analyzer/project/headers.h"
#include "analyzer/project/generate.h"

#include <ctype.h>

enum { MAX_ENTRIES = 100000, MAX_DEPTH = 24 };

typedef struct Place {
    const char *dir; /* absolute */
    uint32_t next;   /* the next of the same name, 0: none */
} Place;

struct HeaderIndex {
    StrTab *names;         /* file names in small letters, "" first */
    Array(uint32_t) first; /* by name: index into places, 0: none */
    Array(Place) places;   /* [0] is nobody's */
    uint32_t entries;      /* looked at so far */
};

static const char *small_letters(Arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);
    for (char *c = copy; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static void add_header(HeaderIndex *self, Arena *arena, const char *dir, const char *name) {
    uint32_t known = strtab_count(self->names);
    StrId id = strtab_add(self->names, small_letters(arena, name));
    if (id == known)
        array_push(&self->first, arena, 0);
    Place place = {dir, self->first.items[id]};
    self->first.items[id] = self->places.len;
    array_push(&self->places, arena, place);
}

static void walk(HeaderIndex *self, FileView *view, const char *dir, uint32_t depth) {
    DirListing listing = *view_list(view, dir);
    for (uint32_t i = 0; i < listing.len && self->entries < MAX_ENTRIES; i++) {
        const DirEntry *entry = &listing.entries[i];
        self->entries++;
        if (entry->name[0] == '.' || entry->is_special)
            continue;
        if (!entry->is_dir && (path_is_header(entry->name) || generate_is_source(entry->name)))
            add_header(self, view_arena(view), dir, entry->name);
        else if (entry->is_dir && !entry->is_link && depth < MAX_DEPTH)
            walk(self, view, path_join(view_arena(view), dir, entry->name), depth + 1);
    }
}

HeaderIndex *header_index_new(FileView *view, const CStrArray *trees) {
    Arena *arena = view_arena(view);
    HeaderIndex *self = arena_new_of(arena, HeaderIndex);
    self->names = strtab_new(arena);
    array_push(&self->first, arena, 0);
    array_push(&self->places, arena, (Place){0});
    for (uint32_t i = 0; i < trees->len; i++)
        walk(self, view, trees->items[i], 0);
    return self;
}

uint32_t paths_share(const char *a, const char *b) {
    uint32_t depth = 0;
    for (; *a != '\0' && *a == *b; a++, b++)
        depth += *a == '/';
    return depth;
}

/* `dir` without the folders that stand in the name, NULL when it ends otherwise. */
static const char *root_of(Arena *arena, const char *dir, const char *folders) {
    size_t dir_len = strlen(dir), len = strlen(folders);
    if (len == 0)
        return dir;
    bool fits = dir_len > len && dir[dir_len - len - 1] == '/' &&
                str_icmp(dir + dir_len - len, folders) == 0;
    return fits ? arena_strndup(arena, dir, dir_len - len - 1) : NULL;
}

const char *header_index_find(const HeaderIndex *self, FileView *view, const char *name,
                              const char *source) {
    Arena *arena = view_arena(view);
    const char *path = slashes(arena, name), *best = NULL;
    while (str_starts_with(path, "../") || str_starts_with(path, "./"))
        path = strchr(path, '/') + 1;
    const char *base = path_base(path);
    const char *folders = base == path ? "" : arena_strndup(arena, path, (size_t)(base - path) - 1);
    StrId id = strtab_find(self->names, small_letters(arena, base));
    uint32_t most = 0, equals = 0;
    for (uint32_t at = id == UINT32_MAX ? 0 : self->first.items[id]; at != 0;
         at = self->places.items[at].next) {
        const char *dir = root_of(arena, self->places.items[at].dir, folders);
        uint32_t shared = dir == NULL ? 0 : paths_share(dir, source);
        equals = shared > most ? 1 : equals + (dir != NULL && shared == most);
        best = dir != NULL && shared > most ? dir : best;
        most = shared > most ? shared : most;
    }
    return equals == 1 ? best : NULL;
}
