/* load: from the paths on the command line to the list of drivers.
 *
 * Invariants of the result: drivers sorted by name, names unique; units of a driver sorted by path,
 * each path once in a driver; every driver has at least one unit. Nothing stops the load: what
 * cannot be read is a problem, the rest is loaded.
 */
#include "analyzer/project/load.h"

#include <stdlib.h>

void add_problem(Loader *self, const char *path, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(self->arena, format, args);
    va_end(args);
    size_t len = strlen(path); /* messages of files begin with the path */
    if (strncmp(message, path, len) == 0 && str_starts_with(message + len, ": "))
        message += len + 2;
    ProjectProblem problem = {arena_strdup(self->arena, path), message};
    array_push(&self->project->problems, self->arena, problem);
}

Found *add_found(Loader *self, const char *name, const char *dir) {
    Found *found = arena_new_of(self->arena, Found);
    found->driver.name = name;
    found->driver.dir = dir;
    found->paths = map64_new(self->arena);
    array_push(&self->found, self->arena, found);
    return found;
}

void add_unit(Loader *self, Found *found, const char *path, bool cxx, const CStrArray *args) {
    bool created;
    map64_put(found->paths, hash_bytes(path, strlen(path), 0), &created);
    if (!created)
        return;
    ProjectUnit unit = {.path = path, .cxx = cxx};
    for (uint32_t i = 0; args != NULL && i < args->len; i++)
        array_push(&unit.args, self->arena, args->items[i]);
    array_push(&found->driver.units, self->arena, unit);
}

/* ---- what was asked for --------------------------------------------------------------------- */

/* `dir` without what it does not share with `path`'s folder. */
static const char *common_folder(Arena *arena, const char *dir, const char *path) {
    if (dir == NULL)
        return path;
    size_t len = 0;
    for (size_t i = 0;; i++) {
        bool dir_ends = dir[i] == '\0' || dir[i] == '/',
             path_ends = path[i] == '\0' || path[i] == '/';
        if (dir_ends && path_ends)
            len = i;
        if (dir[i] != path[i] || dir[i] == '\0')
            break;
    }
    return len == 0 ? "/" : arena_strndup(arena, dir, len);
}

static const char *common_folder_of_units(Arena *arena, const ProjectUnitArray *units) {
    const char *dir = NULL;
    for (uint32_t i = 0; i < units->len; i++)
        dir = common_folder(arena, dir, path_dir(arena, units->items[i].path));
    return dir;
}

static void load_explicit_project(Loader *self, const char *path) {
    Found *found = load_vcxproj(self, path);
    if (found == NULL)
        return;
    found->taken = found->kernel || reaches_kernel(self, found);
    if (!found->taken)
        add_problem(self, path, "not a kernel-mode driver project");
    else if (found->driver.units.len == 0 && found->references.len == 0)
        add_problem(self, path, "compiles no C or C++ file");
}

static bool has_suffix(const char *path, const char *suffix) {
    size_t len = strlen(path), suffix_len = strlen(suffix);
    return len > suffix_len && str_icmp(path + len - suffix_len, suffix) == 0;
}

/* `bare` collects source files given by name: one driver. */
static void load_path(Loader *self, const char *asked, Found *bare) {
    const char *here = path_absolute(self->arena, ".");
    const char *dir = view_find(self->view, here, asked, PATH_DIR);
    const char *file = view_find(self->view, here, asked, PATH_FILE);
    bool cxx;
    if (dir != NULL) {
        const char *database = view_find(self->view, dir, "compile_commands.json", PATH_FILE);
        if (database != NULL)
            load_compile_commands(self, database);
        else
            load_folder(self, dir);
    } else if (file == NULL) {
        add_problem(self, asked, "no such file or folder");
    } else if (path_is_source(file, &cxx)) {
        add_unit(self, bare, file, cxx, NULL);
    } else if (has_suffix(file, ".vcxproj")) {
        load_explicit_project(self, file);
    } else if (has_suffix(file, ".sln") || has_suffix(file, ".slnx")) {
        load_solution(self, file);
    } else if (str_icmp(path_base(file), "sources") == 0) {
        if (!take_kernel_project(self, file))
            add_problem(self, asked, "not a sources file of a kernel driver");
    } else if (str_icmp(path_base(file), "CMakeLists.txt") == 0) {
        CStrArray files = {0};
        array_push(&files, self->arena, file);
        if (!load_cmake(self, &files))
            add_problem(self, asked, "has no target that is kernel code");
    } else if (has_suffix(file, ".json")) {
        load_compile_commands(self, file);
    } else {
        add_problem(self, asked,
                    "not a folder, C or C++ source, .vcxproj, .sln, .slnx, CMakeLists.txt or "
                    "compile_commands.json");
    }
}

/* ---- what may be read ----------------------------------------------------------------------- */

static const char *find_either(Loader *self, const char *name) {
    const char *here = path_absolute(self->arena, ".");
    const char *dir = view_find(self->view, here, name, PATH_DIR);
    return dir != NULL ? dir : view_find(self->view, here, name, PATH_FILE);
}

/* Files and folders among the user's own compiler arguments: `-I`, `-include`, with or without a
 * space. */
static void trust_argument(Loader *self, Trees *trees, const char *arg) {
    static const char *const prefixes[] = {"", "-I", "-isystem", "-iquote", "-include", NULL};
    for (uint32_t i = 0; prefixes[i] != NULL; i++) {
        size_t len = strlen(prefixes[i]);
        const char *path = str_starts_with(arg, prefixes[i]) ? find_either(self, arg + len) : NULL;
        if (path != NULL)
            trees_add(trees, self->arena, path);
    }
}

/* From here on only what the user names, and what surrounds it, is read. */
static void confine(Loader *self) {
    const ProjectOptions *options = self->options;
    Trees *trees = arena_new_of(self->arena, Trees);
    for (uint32_t i = 0; i < options->path_count; i++) {
        const char *path = find_either(self, options->paths[i]);
        if (path != NULL)
            trees_add_given(trees, self->arena, path);
    }
    for (uint32_t i = 0; i < options->clang_arg_count; i++)
        trust_argument(self, trees, options->clang_args[i]);
    const char *kit = kit_asked_for(self), *model = view_model_dir(self->view);
    if (kit != NULL)
        trees_add(trees, self->arena, kit);
    if (model != NULL) {
        trees_add(trees, self->arena, model);
        trees_add(trees, self->arena, arena_printf(self->arena, "%s-kit", model));
    }
    view_confine(self->view, trees);
}

/* ---- libraries that drivers refer to -------------------------------------------------------- */

static void add_library_units(Loader *self, Found *found, const Found *from, Map64 *seen);

static void add_library(Loader *self, Found *found, Found *library, Map64 *seen) {
    bool created;
    map64_put(seen, hash_bytes(library->file, strlen(library->file), 0), &created);
    if (!created || !library->library || !library->kernel || library == found)
        return;
    library->taken = false;
    for (uint32_t u = 0; u < library->driver.units.len; u++) {
        const ProjectUnit *unit = &library->driver.units.items[u];
        add_unit(self, found, unit->path, unit->cxx, &unit->args);
    }
    add_library_units(self, found, library, seen);
}

/* A project that `found` may link; one that is not kernel code is not ours, nor is what it lacks.
 */
static Found *load_linked(Loader *self, const char *path) {
    uint32_t problem_count = self->project->problems.len;
    Found *library = load_vcxproj(self, path);
    if (library != NULL && library->kernel)
        return library;
    self->project->problems.len = problem_count;
    return NULL;
}

static void add_named_library(Loader *self, Found *found, const char *name, Map64 *seen) {
    for (uint32_t k = 0; k < self->found.len; k++) {
        Found *library = self->found.items[k];
        if (library->file != NULL && library->library &&
            (str_icmp(library->output, name) == 0 || str_icmp(library->driver.name, name) == 0))
            add_library(self, found, library, seen);
    }
}

/* Adds the units of the static libraries that `from` refers to, directly or not, to `found`. */
static void add_library_units(Loader *self, Found *found, const Found *from, Map64 *seen) {
    for (uint32_t i = 0; i < from->references.len; i++) {
        Found *library = load_linked(self, from->references.items[i]);
        if (library != NULL)
            add_library(self, found, library, seen);
    }
    for (uint32_t i = 0; i < from->candidates.len; i++)
        load_linked(self, from->candidates.items[i]);
    for (uint32_t i = 0; i < from->libraries.len; i++)
        add_named_library(self, found, from->libraries.items[i], seen);
}

static void link_libraries(Loader *self) {
    uint32_t count = self->found.len; /* more may be loaded while we look */
    for (uint32_t i = 0; i < count; i++) {
        Found *found = self->found.items[i];
        if (found->taken && !found->library)
            add_library_units(self, found, found, map64_new(self->arena));
    }
}

/* ---- putting it in order -------------------------------------------------------------------- */

static int by_path(const void *left, const void *right) {
    return strcmp(((const ProjectUnit *)left)->path, ((const ProjectUnit *)right)->path);
}

static int by_name(const void *left, const void *right) {
    const ProjectDriver *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = strcmp(a->dir, b->dir);
    return order != 0 ? order : strcmp(a->units.items[0].path, b->units.items[0].path);
}

/* The user's own arguments behind those of every unit. */
static void add_user_args(Loader *self) {
    CStrArray args = {0};
    ArgReader reader = {.loader = self,
                        .dir = path_absolute(self->arena, "."),
                        .keep_unknown = true,
                        .args = &args,
                        .cxx = -1};
    read_args(&reader, self->options->clang_args, self->options->clang_arg_count);
    for (uint32_t d = 0; d < self->project->drivers.len; d++) {
        ProjectUnitArray *units = &self->project->drivers.items[d].units;
        for (uint32_t u = 0; u < units->len; u++) {
            ProjectUnit *unit = &units->items[u];
            for (uint32_t i = 0; i < args.len; i++)
                array_push(&unit->args, self->arena, args.items[i]);
            if (reader.cxx != -1)
                unit->cxx = reader.cxx != 0;
        }
    }
}

static void take_drivers(Loader *self) {
    Project *project = self->project;
    for (uint32_t i = 0; i < self->found.len; i++) {
        Found *found = self->found.items[i];
        if (!found->taken || found->driver.units.len == 0)
            continue;
        qsort(found->driver.units.items, found->driver.units.len, sizeof(ProjectUnit), by_path);
        array_push(&project->drivers, self->arena, found->driver);
        project->root = common_folder(self->arena, project->root, found->driver.dir);
        project->root = common_folder(self->arena, project->root,
                                      common_folder_of_units(self->arena, &found->driver.units));
    }
    if (project->root == NULL)
        project->root = path_absolute(self->arena, ".");
}

static void sort_drivers(Project *project) {
    if (project->drivers.len > 1)
        qsort(project->drivers.items, project->drivers.len, sizeof(ProjectDriver), by_name);
}

static bool shares_name(const Project *project, uint32_t index) {
    const ProjectDriver *drivers = project->drivers.items;
    return (index > 0 && str_eq(drivers[index - 1].name, drivers[index].name)) ||
           (index + 1 < project->drivers.len &&
            str_eq(drivers[index + 1].name, drivers[index].name));
}

/* Puts the folder before the names that several drivers share, then a number behind. */
static void make_names_unique(Loader *self) {
    Project *project = self->project;
    uint32_t count = project->drivers.len;
    const char **names = arena_array_of(self->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const ProjectDriver *driver = &project->drivers.items[i];
        const char *dir = path_relative(self->arena, project->root, driver->dir);
        names[i] = driver->name;
        if (shares_name(project, i) && dir[0] != '/')
            names[i] = str_eq(path_base(dir), driver->name)
                           ? dir
                           : arena_printf(self->arena, "%s/%s", dir, driver->name);
    }
    for (uint32_t i = 0; i < count; i++)
        project->drivers.items[i].name = names[i];
    sort_drivers(project);
    for (uint32_t i = 1, same = 1; i < count; i++) {
        same =
            str_eq(names[0] = project->drivers.items[i].name, project->drivers.items[i - same].name)
                ? same + 1
                : 1;
        if (same > 1)
            project->drivers.items[i].name =
                arena_printf(self->arena, "%s#%u", project->drivers.items[i].name, same);
    }
    sort_drivers(project);
}

Project *project_load(Arena *arena, const ProjectOptions *options) {
    Loader self = {.arena = arena,
                   .view = fileview_new(arena, options->model_dir),
                   .options = options,
                   .project = arena_new_of(arena, Project)};
    self.project->view = self.view;
    if (!options->allow_outside)
        confine(&self);
    Found *bare = add_found(&self, "", "");
    for (uint32_t i = 0; i < options->path_count; i++)
        load_path(&self, options->paths[i], bare);
    if (bare->driver.units.len > 0) {
        bare->taken = true;
        bare->driver.dir = common_folder_of_units(arena, &bare->driver.units);
        bare->driver.name = path_base(bare->driver.dir);
    }
    link_libraries(&self);
    take_drivers(&self);
    sort_drivers(self.project);
    make_names_unique(&self);
    add_user_args(&self);
    use_kit(&self);
    return self.project;
}
