/* view: the file system as a Windows compiler sees it: names without regard to case, `\` or `/`.
 *
 * Invariants: a path that is returned exists and is spelled as its folders list it; an exact
 * spelling wins over another case of it, and among several cases the first by bytes wins. What a
 * folder held when it was first asked about is what it holds for the rest of the run.
 */
#include "analyzer/project/headers.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

struct FileView {
    Arena *arena;               /* owns everything */
    const char *model_dir;      /* absolute folder of the model headers, NULL without */
    StrTab *paths;              /* every path asked about and found */
    StrTab *spelled;            /* folders and names as asked about */
    Map64 *asked;               /* (folder, name) -> as `found` */
    Map64 *found;               /* path -> (found path << 2 | PathKind) */
    Map64 *reals;               /* found path -> itself without symbolic links */
    Map64 *listed;              /* folder -> index into listings */
    Array(DirListing) listings; /* folders read */
    Map64 *scanned;             /* file -> index into scans */
    Array(const Scan *) scans;  /* files scanned */
    Generator *generator;       /* headers made up */
    HeaderIndex *headers;       /* headers by name, NULL before one is asked for */
    const Trees *trees;         /* what may be read, NULL: everything */
};

FileView *fileview_new(Arena *arena, const char *model_dir) {
    FileView *self = arena_new_of(arena, FileView);
    self->arena = arena;
    self->paths = strtab_new(arena);
    self->spelled = strtab_new(arena);
    self->asked = map64_new(arena);
    self->found = map64_new(arena);
    self->reals = map64_new(arena);
    self->listed = map64_new(arena);
    self->scanned = map64_new(arena);
    self->generator = generator_new(arena);
    if (model_dir != NULL)
        self->model_dir = path_absolute(arena, model_dir);
    return self;
}

void view_confine(FileView *self, const Trees *trees) {
    self->trees = trees;
    self->asked = map64_new(self->arena);
    self->found = map64_new(self->arena);
}

bool view_holds(FileView *self, const char *path) {
    return self->trees == NULL || trees_hold(self->trees, view_real(self, path));
}

static void add_readable(FileView *self, const char *path, CStrArray *readable) {
    const char *real = view_real(self, path);
    for (uint32_t i = 0; i < readable->len; i++) {
        if (path_is_below(readable->items[i], real))
            return;
    }
    array_push(readable, self->arena, real);
}

void fileview_readable(FileView *self, const ProjectUnit *unit, const ProjectClosure *closure,
                       CStrArray *readable) {
    if (self->trees == NULL)
        add_readable(self, "/", readable);
    for (uint32_t i = 0; self->trees != NULL && i < self->trees->paths.len; i++)
        add_readable(self, self->trees->paths.items[i], readable);
    add_readable(self, unit->path, readable);
    for (uint32_t i = 0; i < closure->dirs.len; i++)
        add_readable(self, closure->dirs.items[i], readable);
}

Arena *view_arena(FileView *self) {
    return self->arena;
}

const char *view_model_dir(const FileView *self) {
    return self->model_dir;
}

Generator *view_generator(FileView *self) {
    return self->generator;
}

const char *view_find_header(FileView *self, const char *name, const char *source) {
    if (self->headers == NULL && self->trees != NULL)
        self->headers = header_index_new(self, &self->trees->paths);
    return self->headers == NULL ? NULL : header_index_find(self->headers, self, name, source);
}

const Scan **view_scan_slot(FileView *self, const char *path) {
    bool created;
    uint32_t *index = map64_put(self->scanned, strtab_add(self->paths, path), &created);
    if (created) {
        *index = self->scans.len;
        array_push(&self->scans, self->arena, NULL);
    }
    return &self->scans.items[*index];
}

CStrArray fileview_gating(FileView *self) {
    CStrArray files = {0};
    for (StrId path = 0; path < strtab_count(self->paths); path++) {
        const uint32_t *index = map64_get(self->scanned, path);
        const Scan *scan = index == NULL ? NULL : self->scans.items[*index];
        if (scan != NULL && (scan->marks & SCAN_GATES) != 0)
            array_push(&files, self->arena, strtab_get(self->paths, path));
    }
    cstr_sort(&files);
    return files;
}

/* ---- folders ------------------------------------------------------------------------------ */

static int by_name(const void *left, const void *right) {
    const DirEntry *a = left, *b = right;
    int order = str_icmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static PathKind kind_on_disk(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0)
        return PATH_NONE;
    return S_ISDIR(info.st_mode) ? PATH_DIR : S_ISREG(info.st_mode) ? PATH_FILE : PATH_REFUSED;
}

bool view_is_special(const char *path) {
    return kind_on_disk(path) == PATH_REFUSED;
}

/* The first entry that is not before `name`, without regard to case. */
static uint32_t lower_bound(const DirListing *listing, const char *name) {
    uint32_t low = 0, high = listing->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_icmp(listing->entries[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The listing of the folder that a path lies in, when that was read before; else NULL. */
static const DirListing *listing_around(const FileView *self, const char *path) {
    const char *base = path_base(path);
    if (base <= path + 1)
        return NULL;
    StrId dir = strtab_find_len(self->paths, path, (size_t)(base - path) - 1);
    const uint32_t *index = dir == UINT32_MAX ? NULL : map64_get(self->listed, dir);
    const DirListing *listing = index == NULL ? NULL : &self->listings.items[*index];
    return listing == NULL || listing->len == 0 ? NULL : listing; /* empty: or not to be read */
}

static const DirEntry *exact_entry(const DirListing *listing, const char *name) {
    for (uint32_t i = lower_bound(listing, name); i < listing->len; i++) {
        const DirEntry *entry = &listing->entries[i];
        if (str_eq(entry->name, name))
            return entry;
        if (str_icmp(entry->name, name) != 0)
            return NULL;
    }
    return NULL;
}

/* realpath asks for every folder on the way; what is no link lies where its folder lies. */
static const char *real_of(FileView *self, const char *path) {
    const DirListing *around = listing_around(self, path);
    const DirEntry *entry = around == NULL ? NULL : exact_entry(around, path_base(path));
    if (entry != NULL && !entry->is_link)
        return path_join(self->arena, view_real(self, path_dir(self->arena, path)), entry->name);
    const char *real = path_real(self->arena, path);
    return real == NULL ? path : real;
}

const char *view_real(FileView *self, const char *path) {
    StrId asked = strtab_add(self->paths, path);
    const uint32_t *known = map64_get(self->reals, asked);
    if (known != NULL)
        return strtab_get(self->paths, *known);
    StrId real = strtab_add(self->paths, real_of(self, path));
    *map64_put(self->reals, asked, NULL) = real;
    return strtab_get(self->paths, real);
}

static PathKind kind_of(const FileView *self, const char *path) {
    const DirListing *around = listing_around(self, path);
    if (around == NULL)
        return kind_on_disk(path);
    const DirEntry *entry = exact_entry(around, path_base(path));
    if (entry == NULL)
        return PATH_NONE;
    if (entry->is_link)
        return kind_on_disk(path);
    return entry->is_special ? PATH_REFUSED : entry->is_dir ? PATH_DIR : PATH_FILE;
}

/* What there is to open at a path. */
static PathKind kind_allowed(FileView *self, const char *path) {
    PathKind kind = kind_of(self, path);
    bool is_near = self->trees == NULL || (kind != PATH_FILE && kind != PATH_DIR) ||
                   trees_are_near(self->trees, self->arena, view_real(self, path));
    return is_near ? kind : PATH_REFUSED;
}

static bool is_link(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

static DirEntry entry_of(FileView *self, const char *dir, const struct dirent *entry) {
    DirEntry item = {.name = arena_strdup(self->arena, entry->d_name),
                     .is_dir = entry->d_type == DT_DIR,
                     .is_link = entry->d_type == DT_LNK,
                     .is_special = entry->d_type != DT_DIR && entry->d_type != DT_REG};
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
        const char *path = path_join(self->arena, dir, item.name);
        PathKind kind = kind_on_disk(path);
        item.is_link = is_link(path);
        item.is_dir = kind == PATH_DIR;
        item.is_special = kind == PATH_REFUSED;
    }
    return item;
}

static DirListing read_folder(FileView *self, const char *dir) {
    Array(DirEntry) entries = {0};
    bool has_special = false;
    DIR *stream = opendir(dir);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        if (str_eq(entry->d_name, ".") || str_eq(entry->d_name, ".."))
            continue;
        DirEntry item = entry_of(self, dir, entry);
        has_special |= item.is_special;
        array_push(&entries, self->arena, item);
    }
    if (stream != NULL)
        closedir(stream);
    if (entries.len > 1)
        qsort(entries.items, entries.len, sizeof *entries.items, by_name);
    return (DirListing){entries.items, entries.len, has_special};
}

const DirListing *view_list(FileView *self, const char *dir) {
    bool created;
    uint32_t *index = map64_put(self->listed, strtab_add(self->paths, dir), &created);
    if (created) {
        *index = self->listings.len;
        uint32_t at = *index;
        array_push(&self->listings, self->arena, (DirListing){0});
        DirListing listing = read_folder(self, dir);
        self->listings.items[at] = listing;
        return &self->listings.items[at];
    }
    return &self->listings.items[*index];
}

/* The first entry equal to `name` without regard to case. */
static const char *find_in_folder(FileView *self, const char *dir, const char *name) {
    const DirListing *listing = view_list(self, dir);
    uint32_t low = lower_bound(listing, name);
    bool equal = low < listing->len && str_icmp(listing->entries[low].name, name) == 0;
    return equal ? listing->entries[low].name : NULL;
}

/* ---- paths -------------------------------------------------------------------------------- */

/* (found path << 2 | kind) of an absolute normalised path; 0 when there is none. */
static uint32_t look_up(FileView *self, const char *path) {
    StrId id = strtab_add(self->paths, path);
    const uint32_t *known = map64_get(self->found, id);
    if (known != NULL)
        return *known;
    uint32_t result = 0;
    PathKind kind = kind_allowed(self, path);
    if (kind != PATH_NONE) {
        result = id << 2 | (uint32_t)kind;
    } else if (!str_eq(path, "/")) {
        uint32_t parent = look_up(self, path_dir(self->arena, path));
        if ((parent & 3) == PATH_DIR) {
            const char *dir = strtab_get(self->paths, parent >> 2);
            const char *name = find_in_folder(self, dir, path_base(path));
            const char *listed = name == NULL ? path : path_join(self->arena, dir, name);
            if (!str_eq(listed, path))
                result = look_up(self, listed);
        }
    }
    *map64_put(self->found, id, NULL) = result;
    return result;
}

char *slashes(Arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text);
    for (char *at = copy; (at = strchr(at, '\\')) != NULL;)
        *at = '/';
    return copy;
}

/* The same questions are asked again and again: the answer by folder and name as they are spelled.
 */
static uint32_t look_up_in(FileView *self, const char *dir, const char *name) {
    bool created;
    uint64_t asked = (uint64_t)strtab_add(self->spelled, dir) << 32;
    uint32_t *known = map64_put(self->asked, asked | strtab_add(self->spelled, name), &created);
    if (!created)
        return *known;
    uint32_t found = look_up(self, path_join(self->arena, dir, slashes(self->arena, name)));
    *map64_put(self->asked, asked | strtab_add(self->spelled, name), &created) = found;
    return found;
}

const char *view_find(FileView *self, const char *dir, const char *name, PathKind kind) {
    if (name[0] == '\0' || strlen(name) > 2000)
        return NULL;
    uint32_t found = look_up_in(self, dir, name);
    return (PathKind)(found & 3) == kind ? strtab_get(self->paths, found >> 2) : NULL;
}

const char *view_place(FileView *self, const char *dir, const char *name) {
    char *path = path_join(self->arena, dir, slashes(self->arena, name));
    uint32_t found = strlen(path) > 2000 ? 0 : look_up(self, path);
    return found != 0 ? strtab_get(self->paths, found >> 2) : path;
}

static bool has_suffix(const char *path, const char *const *suffixes) {
    const char *dot = strrchr(path_base(path), '.');
    for (; dot != NULL && *suffixes != NULL; suffixes++) {
        if (str_icmp(dot + 1, *suffixes) == 0)
            return true;
    }
    return false;
}

bool path_is_source(const char *path, bool *cxx) {
    static const char *const c_suffixes[] = {"c", NULL};
    static const char *const cxx_suffixes[] = {"cpp", "cxx", "cc", NULL};
    *cxx = has_suffix(path, cxx_suffixes);
    return *cxx || has_suffix(path, c_suffixes);
}

bool path_is_header(const char *path) {
    static const char *const suffixes[] = {"h",   "hpp", "hxx", "hh",  "inl", "inc",
                                           "tmh", "c",   "cpp", "cxx", "cc",  "ipp",
                                           "def", "tbl", "hdr", "ver", NULL};
    return has_suffix(path, suffixes);
}

/* ---- string arrays ------------------------------------------------------------------------ */

bool cstr_has(const CStrArray *self, const char *text) {
    for (uint32_t i = 0; i < self->len; i++) {
        if (str_eq(self->items[i], text))
            return true;
    }
    return false;
}

void cstr_add(CStrArray *self, Arena *arena, const char *text) {
    if (!cstr_has(self, text))
        array_push(self, arena, text);
}

static int by_text(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void cstr_sort(CStrArray *self) {
    if (self->len > 1)
        qsort(self->items, self->len, sizeof *self->items, by_text);
}
