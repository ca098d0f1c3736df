/* loose: drivers out of sources that no project describes.
 *
 * 1. A source is kernel code when it reaches a kernel header or defines DriverEntry, user code when
 *    it reaches a user-mode header or defines main and no kernel header; else it is neutral. User
 *    code is left out, so is a source that another one includes, and a folder where a source
 *    includes the headers of another system's kernel.
 * 2. A folder with a DriverEntry is a driver; with several, each file that has one is a driver of
 *    its own and the other files belong to all of them.
 * 3. A folder without one belongs to the nearest folder upwards that has a DriverEntry or below
 * which there is exactly one. Where there are several below, it is shared code: a driver of its
 * own. Where there is none at all, to the topmost folder with kernel code. A folder of neutral
 * files only counts below a folder with kernel code.
 * 4. Headers that are not found beside their includer are searched for below the folder that was
 *    asked for: the nearest one, at most three folders up from the source.
 */
#include "analyzer/project/load.h"

#include <stdlib.h>

enum { MAX_GUESS_ROUNDS = 6, MAX_GUESS_CLIMB = 3 };

/* ---- kernel or user -------------------------------------------------------------------------- */

static const char *const kernel_headers[] = {
    "ntddk.h",    "wdm.h",        "ntifs.h",          "fltkernel.h",
    "ndis.h",     "storport.h",   "miniport.h",       "video.h",
    "dispmprt.h", "portcls.h",    "stdunk.h",         "minitape.h",
    "classpnp.h", "csq.h",        "aux_klib.h",       "wsk.h",
    "fwpsk.h",    "fwpmk.h",      "gpioclx.h",        "ucxclass.h",
    "udecx.h",    "tdikrnl.h",    "strmini.h",        "ntstrsafe.h",
    "usbbusif.h", "netadapter.h", "ksdrvinterface.h", "ntddvdeo.h",
    "mountmgr.h", "acx.h",        "sercx.h",          "spbcx.h",
    "ucmcx.h",    "srb.h",        "netadaptercx.h",   NULL};
static const char *const user_headers[] = {
    "windows.h", "winsock2.h", "stdio.h",   "tchar.h",   "iostream", "atlbase.h",
    "unistd.h",  "conio.h",    "afxwin.h",  "objbase.h", "winsvc.h", "setupapi.h",
    "string",    "wudfddi.h",  "winbase.h", "vector",    NULL};

static bool names_one_of(const CStrArray *names, const char *const *wanted) {
    for (uint32_t i = 0; i < names->len; i++) {
        for (uint32_t w = 0; wanted[w] != NULL; w++) {
            if (str_icmp(names->items[i], wanted[w]) == 0)
                return true;
        }
    }
    return false;
}

static bool reaches(const ProjectClosure *closure, const char *const *wanted) {
    return names_one_of(&closure->model, wanted) || names_one_of(&closure->missing, wanted);
}

/* A source that is always compiled with the headers of another system's kernel, or of a firmware.
 */
static bool is_of_another_system(const Scan *scan) {
    static const char *const prefixes[] = {
        "linux/",     "asm/",        "IOKit/", "mach/",        "libkern/",     "sys/kmem.h",
        "sys/conf.h", "sys/systm.h", "Uefi.h", "Library/Base", "Library/Uefi", NULL};
    for (uint32_t i = 0; i < scan->includes.len; i++) {
        for (uint32_t p = 0; scan->includes.items[i].unconditional && prefixes[p] != NULL; p++) {
            if (str_starts_with(scan->includes.items[i].name, prefixes[p]))
                return true;
        }
    }
    return false;
}

static SourceKind kind_of(Loader *self, const ProjectUnit *unit, const ProjectClosure *closure) {
    static const char *const framework[] = {"wdf.h", NULL};
    const Scan *scan = view_scan(self->view, unit->path);
    uint32_t marks = scan->marks;
    if ((marks & SCAN_ENTRY) == 0 && is_of_another_system(scan))
        return SOURCE_FOREIGN;
    if ((marks & SCAN_ENTRY) != 0 || reaches(closure, kernel_headers))
        return SOURCE_KERNEL;
    if ((marks & SCAN_MAIN) != 0 || reaches(closure, user_headers))
        return SOURCE_USER;
    return reaches(closure, framework) ? SOURCE_KERNEL : SOURCE_NEUTRAL;
}

SourceKind classify_source(Loader *self, const ProjectUnit *unit) {
    return kind_of(self, unit, fileview_closure(self->view, unit));
}

/* ---- folders --------------------------------------------------------------------------------- */

typedef struct Folder {
    const char *dir;        /* absolute */
    ProjectUnitArray units; /* its sources */
    CStrArray entries;      /* those that define DriverEntry */
    CStrArray args;         /* -I of guessed folders */
    bool kernel;            /* holds kernel code */
    uint32_t first_found;   /* its drivers in Loader.found … */
    uint32_t found_count;   /* … how many */
} Folder;

typedef struct Loose {
    Loader *loader;        /* where drivers go */
    const Tree *tree;      /* all files */
    Array(Folder) folders; /* sorted by path: a folder stands before those below it */
    Map64 *included;       /* hash of a source that another one includes */
    Map64 *by_base;        /* hash of a header's lower-case name -> index of next_header + 1 */
    U32Array next_header;  /* for each header of the tree: the next of that name + 1 */
} Loose;

static int by_dir(const void *left, const void *right) {
    return strcmp(((const Folder *)left)->dir, ((const Folder *)right)->dir);
}

static Folder *folder_of(Loose *self, const char *dir) {
    for (uint32_t i = self->folders.len; i > 0; i--) {
        if (str_eq(self->folders.items[i - 1].dir, dir))
            return &self->folders.items[i - 1];
    }
    array_push(&self->folders, self->loader->arena, (Folder){.dir = dir});
    return &self->folders.items[self->folders.len - 1];
}

static void make_folders(Loose *self, const CStrArray *sources) {
    Arena *arena = self->loader->arena;
    for (uint32_t i = 0; i < sources->len; i++) {
        ProjectUnit unit = {.path = sources->items[i]};
        path_is_source(unit.path, &unit.cxx);
        Folder *folder = folder_of(self, path_dir(arena, unit.path));
        array_push(&folder->units, arena, unit);
    }
    if (self->folders.len > 1)
        qsort(self->folders.items, self->folders.len, sizeof(Folder), by_dir);
}

/* ---- headers that lie elsewhere -------------------------------------------------------------- */

static uint64_t base_hash(Arena *arena, const char *path) {
    char *base = arena_strdup(arena, path_base(path));
    for (char *at = base; *at != '\0'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 'a' - 'A') : *at;
    return hash_bytes(base, strlen(base), 0);
}

static void index_headers(Loose *self) {
    Arena *arena = self->loader->arena;
    const CStrArray *headers = &self->tree->headers;
    self->by_base = map64_new(arena);
    array_reserve(&self->next_header, arena, headers->len + 1);
    self->next_header.len = headers->len;
    for (uint32_t i = headers->len; i > 0; i--) {
        uint32_t *head = map64_put(self->by_base, base_hash(arena, headers->items[i - 1]), NULL);
        self->next_header.items[i - 1] = *head;
        *head = i;
    }
}

/* True when `path` ends with `/name`, whatever the case. */
static bool ends_with_name(const char *path, const char *name) {
    size_t path_len = strlen(path), name_len = strlen(name);
    return path_len > name_len && path[path_len - name_len - 1] == '/' &&
           str_icmp(path + path_len - name_len, name) == 0;
}

/* How many folders up from `dir` lies the first one that holds `path`. */
static uint32_t climb_to(Arena *arena, const char *dir, const char *path) {
    uint32_t steps = 0;
    for (; !path_is_below(dir, path); steps++)
        dir = path_dir(arena, dir);
    return steps;
}

/* The folder to search for `name` (either slash) so that the nearest header is found, or NULL. */
static const char *nearest_folder(Loose *self, const char *dir, const char *name) {
    Arena *arena = self->loader->arena;
    name = slashes(arena, name);
    const char *best = NULL;
    uint32_t best_climb = MAX_GUESS_CLIMB + 1;
    const uint32_t *head = map64_get(self->by_base, base_hash(arena, name));
    for (uint32_t i = head == NULL ? 0 : *head; i != 0; i = self->next_header.items[i - 1]) {
        const char *path = self->tree->headers.items[i - 1];
        uint32_t climb = ends_with_name(path, name) ? climb_to(arena, dir, path) : UINT32_MAX;
        if (climb < best_climb ||
            (climb == best_climb && best != NULL && strlen(path) < strlen(best))) {
            best_climb = climb;
            best = path;
        }
    }
    return best == NULL ? NULL : arena_strndup(arena, best, strlen(best) - strlen(name) - 1);
}

static bool guess_for(Loose *self, Folder *folder, const ProjectClosure *closure) {
    Arena *arena = self->loader->arena;
    uint32_t before = folder->args.len;
    for (uint32_t i = 0; i < closure->missing.len; i++) {
        const char *dir = nearest_folder(self, folder->dir, closure->missing.items[i]);
        if (dir != NULL)
            cstr_add(&folder->args, arena, arena_printf(arena, "-I%s", dir));
    }
    return folder->args.len > before;
}

static void give_args(Loose *self, Folder *folder) {
    for (uint32_t u = 0; u < folder->units.len; u++) {
        folder->units.items[u].args.len = 0;
        for (uint32_t i = 0; i < folder->args.len; i++)
            array_push(&folder->units.items[u].args, self->loader->arena, folder->args.items[i]);
    }
}

static void guess_include_folders(Loose *self, Folder *folder) {
    bool changed = true;
    for (uint32_t round = 0; changed && round < MAX_GUESS_ROUNDS; round++) {
        changed = false;
        for (uint32_t u = 0; u < folder->units.len; u++)
            changed |= guess_for(self, folder,
                                 fileview_closure(self->loader->view, &folder->units.items[u]));
        give_args(self, folder);
    }
}

/* ---- which sources --------------------------------------------------------------------------- */

/* Notes the sources that this one includes. */
static void see_included_sources(Loose *self, const ProjectClosure *closure) {
    for (uint32_t i = 0; i < closure->files.len; i++) {
        const char *path = closure->files.items[i];
        bool cxx;
        if (path_is_source(path, &cxx))
            map64_put(self->included, hash_bytes(path, strlen(path), 0), NULL);
    }
}

/* A folder of another system: one of its sources is, and none defines DriverEntry. */
static bool is_foreign(Loose *self, const Folder *folder) {
    bool foreign = false;
    for (uint32_t u = 0; u < folder->units.len; u++) {
        const Scan *scan = view_scan(self->loader->view, folder->units.items[u].path);
        if ((scan->marks & SCAN_ENTRY) != 0)
            return false;
        foreign |= is_of_another_system(scan);
    }
    return foreign;
}

/* Drops user code, notes kernel code and entries. */
static void sift_folder(Loose *self, Folder *folder) {
    Loader *loader = self->loader;
    uint32_t kept = 0;
    if (is_foreign(self, folder))
        folder->units.len = 0;
    for (uint32_t u = 0; u < folder->units.len; u++) {
        ProjectUnit unit = folder->units.items[u];
        const Scan *scan = view_scan(loader->view, unit.path);
        if ((scan->marks & SCAN_UNREADABLE) != 0) {
            add_problem(loader, unit.path, "%s", scan->why_unreadable);
            continue;
        }
        const ProjectClosure *closure = fileview_closure(loader->view, &unit);
        SourceKind kind = kind_of(loader, &unit, closure);
        if (kind == SOURCE_USER || kind == SOURCE_FOREIGN)
            continue;
        folder->units.items[kept++] = unit;
        folder->kernel |= kind == SOURCE_KERNEL;
        see_included_sources(self, closure);
    }
    folder->units.len = kept;
}

static void drop_included(Loose *self, Folder *folder) {
    uint32_t kept = 0;
    for (uint32_t u = 0; u < folder->units.len; u++) {
        ProjectUnit unit = folder->units.items[u];
        if (map64_get(self->included, hash_bytes(unit.path, strlen(unit.path), 0)) != NULL)
            continue;
        folder->units.items[kept++] = unit;
        if ((view_scan(self->loader->view, unit.path)->marks & SCAN_ENTRY) != 0)
            array_push(&folder->entries, self->loader->arena, unit.path);
    }
    folder->units.len = kept;
}

/* ---- which driver ---------------------------------------------------------------------------- */

/* Adds the folder's files to a driver, but not those that begin other drivers of the folder. */
static void add_folder_units(Loose *self, Found *found, const Folder *folder, const char *entry) {
    for (uint32_t u = 0; u < folder->units.len; u++) {
        const ProjectUnit *unit = &folder->units.items[u];
        if (!cstr_has(&folder->entries, unit->path) || entry == NULL || str_eq(unit->path, entry))
            add_unit(self->loader, found, unit->path, unit->cxx, &unit->args);
    }
}

static Found *new_driver(Loose *self, const Folder *folder, const char *name) {
    Found *found = add_found(self->loader, name, folder->dir);
    found->taken = true;
    return found;
}

static const char *stem(Arena *arena, const char *path) {
    const char *base = path_base(path);
    return arena_strndup(arena, base, (size_t)(strrchr(base, '.') - base));
}

static void start_drivers(Loose *self, Folder *folder) {
    Arena *arena = self->loader->arena;
    const char *name = path_base(folder->dir);
    folder->first_found = self->loader->found.len;
    folder->found_count = folder->entries.len;
    for (uint32_t i = 0; i < folder->entries.len; i++) {
        const char *entry = folder->entries.items[i];
        const char *own = folder->entries.len == 1
                              ? name
                              : arena_printf(arena, "%s/%s", name, stem(arena, entry));
        add_folder_units(self, new_driver(self, folder, own), folder, entry);
    }
}

/* Of the folders at or below `dir`: how many begin drivers, and the first of them. */
static uint32_t starters_below(Loose *self, const char *dir, Folder **first) {
    uint32_t count = 0;
    *first = NULL;
    for (uint32_t i = 0; i < self->folders.len; i++) {
        Folder *folder = &self->folders.items[i];
        if (folder->entries.len == 0 || !path_is_below(dir, folder->dir))
            continue;
        if (*first == NULL || str_eq(folder->dir, dir))
            *first = folder;
        count++;
    }
    return count;
}

/* Rule 3. The folder whose drivers this one belongs to; itself when it stands alone. */
static Folder *owner_of(Loose *self, Folder *folder) {
    Arena *arena = self->loader->arena;
    for (const char *dir = folder->dir;; dir = path_dir(arena, dir)) {
        Folder *starter;
        uint32_t count = starters_below(self, dir, &starter);
        if (count == 1 || (count > 1 && str_eq(starter->dir, dir)))
            return starter;
        if (count > 1)
            return folder;
        if (str_eq(dir, self->tree->root) || str_eq(dir, "/"))
            break;
    }
    for (uint32_t i = 0; i < self->folders.len; i++) {
        Folder *top = &self->folders.items[i];
        if (top->kernel && path_is_below(top->dir, folder->dir))
            return top;
    }
    return folder;
}

static bool is_below_kernel_code(Loose *self, const Folder *folder) {
    for (uint32_t i = 0; i < self->folders.len; i++) {
        const Folder *above = &self->folders.items[i];
        if (above->kernel && path_is_below(above->dir, folder->dir))
            return true;
    }
    return false;
}

static void place_folder(Loose *self, Folder *folder) {
    if (folder->entries.len != 0 || folder->units.len == 0 || !is_below_kernel_code(self, folder))
        return;
    Folder *owner = owner_of(self, folder);
    if (owner->found_count == 0) {
        owner->first_found = self->loader->found.len;
        owner->found_count = 1;
        new_driver(self, owner, path_base(owner->dir));
    }
    for (uint32_t i = 0; i < owner->found_count; i++)
        add_folder_units(self, self->loader->found.items[owner->first_found + i], folder, NULL);
}

void load_loose_sources(Loader *loader, const Tree *tree, const CStrArray *sources) {
    Loose self = {.loader = loader, .tree = tree, .included = map64_new(loader->arena)};
    index_headers(&self);
    make_folders(&self, sources);
    for (uint32_t i = 0; i < self.folders.len; i++)
        guess_include_folders(&self, &self.folders.items[i]);
    for (uint32_t i = 0; i < self.folders.len; i++)
        sift_folder(&self, &self.folders.items[i]);
    for (uint32_t i = 0; i < self.folders.len; i++)
        drop_included(&self, &self.folders.items[i]);
    for (uint32_t i = 0; i < self.folders.len; i++)
        start_drivers(&self, &self.folders.items[i]);
    for (uint32_t i = 0; i < self.folders.len; i++)
        place_folder(&self, &self.folders.items[i]);
}
