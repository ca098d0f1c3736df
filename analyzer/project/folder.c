/* folder: the drivers of a folder tree.
 *
 * Every .vcxproj below (and `sources` of the old kits) that builds kernel code is a driver. A
 * source that a project names, or that lies in a folder whose kernel project leaves it out, is that
 * project's affair; the rest are loose sources (loose.c). Hidden folders, build output and folders
 * behind symbolic links are not entered, so a cycle is not possible.
 */
#include "analyzer/project/load.h"

#include <stdlib.h>

enum { MAX_TREE_DEPTH = 64, MAX_TREE_FILES = 200000 };

static bool is_skipped_folder(const DirEntry *entry) {
    static const char *const names[] = {"CMakeFiles", "node_modules", "packages",
                                        "Debug",      "Release",      NULL};
    if (entry->name[0] == '.' || entry->is_link)
        return true;
    for (uint32_t i = 0; names[i] != NULL; i++) {
        if (str_icmp(entry->name, names[i]) == 0)
            return true;
    }
    return strncasecmp(entry->name, "objchk", 6) == 0 || strncasecmp(entry->name, "objfre", 6) == 0;
}

/* A project, or the template of one that a build fills in. */
static bool is_project_name(const char *path) {
    static const char *const suffixes[] = {".vcxproj", ".vcxproj.in", NULL};
    size_t len = strlen(path);
    for (uint32_t i = 0; suffixes[i] != NULL; i++) {
        size_t suffix = strlen(suffixes[i]);
        if (len > suffix && str_icmp(path + len - suffix, suffixes[i]) == 0)
            return true;
    }
    return false;
}

/* Says of a source why it is not opened; false when it may be. */
static bool is_refused(Loader *self, const DirEntry *entry, const char *path) {
    bool outside = entry->is_link && !entry->is_special && !view_holds(self->view, path);
    if (entry->is_special)
        add_problem(self, path, "not a regular file");
    else if (outside)
        add_problem(self, path, "links to a file " OUTSIDE_TEXT);
    return entry->is_special || outside;
}

static void see_file(Loader *self, Tree *tree, const DirEntry *entry, const char *path) {
    bool cxx;
    if (path_is_source(path, &cxx) && is_refused(self, entry, path))
        return;
    if (path_is_source(path, &cxx))
        array_push(&tree->sources, self->arena, path);
    else if (str_icmp(path_base(path), "CMakeLists.txt") == 0)
        array_push(&tree->cmake, self->arena, path);
    else if (path_is_header(path))
        array_push(&tree->headers, self->arena, path);
    else if (str_icmp(path_base(path), "sources") == 0 || is_project_name(path))
        array_push(&tree->projects, self->arena, path);
}

static void walk(Loader *self, Tree *tree, const char *dir, uint32_t depth) {
    DirListing listing = *view_list(self->view, dir);
    for (uint32_t i = 0; i < listing.len; i++) {
        const DirEntry *entry = &listing.entries[i];
        if (tree->sources.len + tree->headers.len > MAX_TREE_FILES)
            return;
        const char *path = path_join(self->arena, dir, entry->name);
        if (!entry->is_dir)
            see_file(self, tree, entry, path);
        else if (depth < MAX_TREE_DEPTH && !is_skipped_folder(entry))
            walk(self, tree, path, depth + 1);
    }
}

static void remember(Map64 *set, const char *path) {
    map64_put(set, hash_bytes(path, strlen(path), 0), NULL);
}

static bool is_remembered(const Map64 *set, const char *path) {
    return map64_get(set, hash_bytes(path, strlen(path), 0)) != NULL;
}

/* The sources that are no project's affair. */
static CStrArray loose_sources(Loader *self, const Tree *tree) {
    CStrArray loose = {0};
    Map64 *named = map64_new(self->arena), *folders = map64_new(self->arena);
    for (uint32_t i = 0; i < self->found.len; i++) {
        const Found *found = self->found.items[i];
        if (found->file != NULL && found->kernel)
            remember(folders, found->driver.dir);
        for (uint32_t u = 0; u < found->driver.units.len; u++) {
            const char *path = found->driver.units.items[u].path;
            remember(named, path);
            if (found->kernel)
                remember(folders, path_dir(self->arena, path));
        }
    }
    for (uint32_t i = 0; i < tree->sources.len; i++) {
        const char *path = tree->sources.items[i];
        if (!is_remembered(named, path) && !is_remembered(folders, path_dir(self->arena, path)))
            array_push(&loose, self->arena, path);
    }
    return loose;
}

static uint32_t depth_of(const char *path) {
    uint32_t depth = 0;
    for (; *path != '\0'; path++)
        depth += *path == '/';
    return depth;
}

static int by_depth(const void *left, const void *right) {
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;
    uint32_t a_depth = depth_of(a), b_depth = depth_of(b);
    return a_depth != b_depth ? (a_depth < b_depth ? -1 : 1) : strcmp(a, b);
}

static void sort_by_depth(CStrArray *paths) {
    if (paths->len > 1)
        qsort(paths->items, paths->len, sizeof *paths->items, by_depth);
}

/* True when a kernel project file of the folder was taken: it says the same in a newer way. */
static bool has_project(const Loader *self, const char *dir) {
    for (uint32_t i = 0; i < self->found.len; i++) {
        const Found *found = self->found.items[i];
        if (found->file != NULL && found->kernel && str_eq(found->driver.dir, dir))
            return true;
    }
    return false;
}

/* Takes the kernel projects: project files first, then what of the old kits has none beside it. */
static bool take_projects(Loader *self, const Tree *tree) {
    bool any = false;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < tree->projects.len; i++) {
            const char *path = tree->projects.items[i];
            bool old = str_icmp(path_base(path), "sources") == 0;
            if (old == (pass == 1) && !(old && has_project(self, path_dir(self->arena, path))))
                any |= take_kernel_project(self, path);
        }
    }
    return any;
}

void load_folder(Loader *self, const char *dir) {
    Tree tree = {.root = dir};
    walk(self, &tree, dir, 0);
    if (tree.sources.len + tree.headers.len > MAX_TREE_FILES)
        add_problem(self, dir, "more than %d files: the rest was not looked at", MAX_TREE_FILES);
    bool any = take_projects(self, &tree);
    sort_by_depth(&tree.cmake);
    any |= load_cmake(self, &tree.cmake);
    uint32_t first = self->found.len;
    CStrArray loose = loose_sources(self, &tree);
    load_loose_sources(self, &tree, &loose);
    if (!any && self->found.len == first)
        add_problem(self, dir,
                    "holds no driver project and no source that includes a kernel header");
}
