/* closure: the headers that a unit reaches, and how they are to be searched for.
 *
 * A file is entered once, by the first chain of includes that reaches it; what a name means for a
 * second includer is not asked again. Driver headers are followed, model headers only named. A
 * driver's own file wins over a model header of the same name, as it would for the compiler. Errs
 * towards includes that are conditional.
 *
 * What must not be opened (outside the given trees and the folders that the project names, a
 * device, a pipe) is not followed; clang gets a file with an error in its place.
 */
#include "analyzer/project/view.h"

enum { MAX_DEPTH = 200, MAX_FILES = 20000, MAX_CANDIDATES = 1000 };

typedef struct Walk {
    FileView *view;          /* finds and scans */
    Arena *arena;            /* the view's */
    const char *unit_path;   /* the main file: not one of its headers */
    Trees own;               /* folders that the unit's project names: may be read too */
    CStrArray search;        /* -I folders that exist, in order */
    CStrArray chain;         /* folders of the files being included, the innermost last */
    Map64 *seen;             /* hash of a path -> reached */
    bool unconditional;      /* no include that leads here is in a conditional */
    ProjectClosure *closure; /* the result */
} Walk;

static void enter(Walk *walk, const char *path);

/* ---- what must not be opened ---------------------------------------------------------------- */

static void refuse(Walk *walk, const char *path, const char *why) {
    for (uint32_t i = 0; i < walk->closure->refused.len; i++) {
        if (str_eq(walk->closure->refused.items[i].path, path))
            return;
    }
    GeneratedHeader header = {path, NULL, arena_printf(walk->arena, "#error %s\n", why), NULL};
    array_push(&walk->closure->refused, walk->arena, header);
}

/* Refuses a file under its name and as the compiler asks for it, folder and name put together. */
static void refuse_include(Walk *walk, const char *dir, const char *name) {
    const char *path = view_find(walk->view, dir, name, PATH_REFUSED);
    const char *why = path != NULL && view_is_special(path) ? "not a regular file" : OUTSIDE_TEXT;
    refuse(walk, path_join(walk->arena, dir, slashes(walk->arena, name)), why);
    refuse(walk, arena_printf(walk->arena, "%s/%s", dir, slashes(walk->arena, name)), why);
}

/* Refuses the devices and pipes of a folder that is searched, by whatever name they are included.
 */
static void refuse_special_files(Walk *walk, const char *dir) {
    const DirListing *listing = view_list(walk->view, dir);
    for (uint32_t i = 0; listing->has_special && i < listing->len; i++) {
        if (listing->entries[i].is_special)
            refuse(walk, path_join(walk->arena, dir, listing->entries[i].name),
                   "not a regular file");
    }
}

static bool may_include(Walk *walk, const char *path) {
    return view_holds(walk->view, path) || trees_hold(&walk->own, view_real(walk->view, path));
}

/* ---- includes ------------------------------------------------------------------------------- */

/* Looks into one folder; false to go on with the next. */
static bool look_into(Walk *walk, const char *dir, const char *name, const char **found) {
    *found = view_find(walk->view, dir, name, PATH_FILE);
    if (*found != NULL && may_include(walk, *found))
        return true;
    if (*found == NULL && view_find(walk->view, dir, name, PATH_REFUSED) == NULL)
        return false;
    refuse_include(walk, dir, name);
    *found = NULL;
    return true;
}

/* True when the name is decided: a header, or NULL for one that is refused. */
static bool find_driver_header(Walk *walk, const ScanInclude *include, const char **found) {
    for (uint32_t i = walk->chain.len; include->quoted && i > 0; i--) {
        if (look_into(walk, walk->chain.items[i - 1], include->name, found))
            return true;
    }
    for (uint32_t i = 0; i < walk->search.len; i++) {
        if (look_into(walk, walk->search.items[i], include->name, found))
            return true;
    }
    return include->name[0] == '/' && look_into(walk, "/", include->name, found);
}

static void see_other(Walk *walk, const char *dir, const char *name) {
    const char *path = view_find(walk->view, dir, name, PATH_FILE);
    if (path != NULL && may_include(walk, path))
        cstr_add(&walk->closure->others, walk->arena, path);
}

/* What the name would mean if it were searched for in another order. */
static void see_others(Walk *walk, const ScanInclude *include) {
    for (uint32_t i = 0; include->quoted && i < walk->chain.len; i++)
        see_other(walk, walk->chain.items[i], include->name);
    for (uint32_t i = 0; i < walk->search.len; i++)
        see_other(walk, walk->search.items[i], include->name);
}

static const char *find_model_header(Walk *walk, const char *name) {
    const char *model_dir = view_model_dir(walk->view);
    return model_dir == NULL ? NULL : view_find(walk->view, model_dir, name, PATH_FILE);
}

static void see_include(Walk *walk, const ScanInclude *include) {
    const char *path;
    if (find_driver_header(walk, include, &path)) {
        see_others(walk, include);
        if (path != NULL)
            enter(walk, path);
        return;
    }
    const char *model = find_model_header(walk, include->name);
    if (model == NULL) {
        cstr_add(&walk->closure->missing, walk->arena, include->name);
        return;
    }
    const char *name = path_relative(walk->arena, view_model_dir(walk->view), model);
    cstr_add(&walk->closure->model, walk->arena, name);
    if (walk->unconditional && (view_scan(walk->view, model)->marks & SCAN_GUARDED) != 0)
        cstr_add(&walk->closure->prelude, walk->arena, name);
}

/* Follows the includes of a file that was not reached before. */
static void enter(Walk *walk, const char *path) {
    bool created;
    map64_put(walk->seen, hash_bytes(path, strlen(path), 0), &created);
    if (!created || walk->chain.len >= MAX_DEPTH || map64_count(walk->seen) > MAX_FILES)
        return;
    if (!str_eq(path, walk->unit_path))
        array_push(&walk->closure->files, walk->arena, path);
    const Scan *scan = view_scan(walk->view, path);
    walk->closure->configures |= (scan->marks & SCAN_CONFIGURES) != 0;
    walk->closure->places_code |= (scan->marks & SCAN_PLACES_CODE) != 0;
    walk->closure->is_complete &= (scan->marks & SCAN_UNREADABLE) == 0;
    walk->closure->computes |= (scan->marks & SCAN_COMPUTED) != 0;
    const char *dir = path_dir(walk->arena, path);
    bool unconditional = walk->unconditional;
    cstr_add(&walk->closure->dirs, walk->arena, dir);
    array_push(&walk->chain, walk->arena, dir);
    for (uint32_t i = 0; i < scan->includes.len; i++) {
        walk->unconditional = unconditional && scan->includes.items[i].unconditional;
        see_include(walk, &scan->includes.items[i]);
    }
    walk->unconditional = unconditional;
    walk->chain.len--;
}

/* The value of option `name` (`-I`), glued or as the next argument; *at moves over it. */
static const char *option_value(const CStrArray *args, uint32_t *at, const char *name) {
    const char *arg = args->items[*at];
    if (!str_starts_with(arg, name))
        return NULL;
    if (arg[strlen(name)] != '\0')
        return arg + strlen(name);
    return *at + 1 < args->len ? args->items[++*at] : NULL;
}

static void see_search_folder(Walk *walk, const char *name) {
    const char *dir = view_find(walk->view, ".", path_absolute(walk->arena, name), PATH_DIR);
    if (dir == NULL)
        return;
    array_push(&walk->own.paths, walk->arena, view_real(walk->view, dir));
    array_push(&walk->search, walk->arena, dir);
    cstr_add(&walk->closure->dirs, walk->arena, dir);
}

static void see_arguments(Walk *walk, const CStrArray *args, CStrArray *forced) {
    static const char *const folder_options[] = {"-isystem", "-iquote", "-I", NULL};
    for (uint32_t i = 0; i < args->len; i++) {
        const char *value = option_value(args, &i, "-include");
        if (value != NULL) {
            trees_add(&walk->own, walk->arena, value);
            array_push(forced, walk->arena, value);
        }
        for (uint32_t k = 0; value == NULL && folder_options[k] != NULL; k++) {
            value = option_value(args, &i, folder_options[k]);
            if (value != NULL)
                see_search_folder(walk, value);
        }
    }
}

/* Sources and what is no text; everything else may be included, whatever it is called. */
static bool may_be_header(const char *name) {
    static const char *const endings[] = {".c",   ".cc",  ".cpp", ".cxx", ".obj", ".lib", ".exe",
                                          ".dll", ".sys", ".pdb", ".zip", ".bmp", ".ico", ".png",
                                          ".pfx", ".cer", ".cat", ".rtf", NULL};
    const char *dot = strrchr(name, '.');
    uint32_t i = 0;
    while (endings[i] != NULL && (dot == NULL || str_icmp(dot, endings[i]) != 0))
        i++;
    return endings[i] == NULL;
}

/* A macro may name any file of the folders searched: all of them count, up to a number of them.
 * What lies elsewhere is noticed when clang has read it. */
static void see_candidates(Walk *walk) {
    uint32_t count = 0;
    for (uint32_t d = 0; d < walk->closure->dirs.len; d++) {
        const DirListing *listing = view_list(walk->view, walk->closure->dirs.items[d]);
        for (uint32_t i = 0; i < listing->len && walk->closure->is_complete; i++) {
            const DirEntry *entry = &listing->entries[i];
            if (entry->is_dir || entry->is_special || !may_be_header(entry->name))
                continue;
            see_other(walk, walk->closure->dirs.items[d], entry->name);
            walk->closure->is_complete = ++count <= MAX_CANDIDATES;
        }
    }
    for (uint32_t i = 0; i < walk->closure->others.len && walk->closure->is_complete; i++)
        walk->closure->is_complete =
            (view_scan(walk->view, walk->closure->others.items[i])->marks & SCAN_UNREADABLE) == 0;
}

void closure_extend(FileView *self, const ProjectUnit *unit, ProjectClosure *closure,
                    const char *path) {
    Arena *arena = view_arena(self);
    Walk walk = {.view = self,
                 .arena = arena,
                 .unit_path = unit->path,
                 .seen = map64_new(arena),
                 .closure = closure};
    CStrArray forced = {0};
    map64_put(walk.seen, hash_bytes(unit->path, strlen(unit->path), 0), NULL);
    for (uint32_t i = 0; i < closure->files.len; i++) {
        const char *file = closure->files.items[i];
        map64_put(walk.seen, hash_bytes(file, strlen(file), 0), NULL);
    }
    see_arguments(&walk, &unit->args, &forced);
    array_push(&walk.own.paths, arena, view_real(self, path_dir(arena, unit->path)));
    for (uint32_t i = 0; i < closure->generated.len; i++) {
        if (closure->generated.items[i].dir != NULL)
            array_push(&walk.search, arena, closure->generated.items[i].dir);
    }
    enter(&walk, path);
    cstr_sort(&closure->dirs);
}

ProjectClosure *fileview_closure(FileView *self, const ProjectUnit *unit) {
    Arena *arena = view_arena(self);
    Walk walk = {.view = self,
                 .arena = arena,
                 .unit_path = unit->path,
                 .unconditional = true,
                 .seen = map64_new(arena),
                 .closure = arena_new_of(arena, ProjectClosure)};
    walk.closure->is_complete = true;
    CStrArray forced = {0};
    see_arguments(&walk, &unit->args, &forced);
    const char *unit_dir = path_dir(arena, unit->path);
    array_push(&walk.own.paths, arena, view_real(self, unit_dir));
    array_push(&walk.chain, arena, unit_dir);
    for (uint32_t i = 0; i < forced.len; i++)
        see_include(&walk, &(ScanInclude){forced.items[i], true, true});
    walk.chain.len = 0;
    enter(&walk, unit->path);
    cstr_sort(&walk.closure->dirs);
    if (walk.closure->computes)
        see_candidates(&walk);
    for (uint32_t i = 0; i < walk.closure->dirs.len; i++)
        refuse_special_files(&walk, walk.closure->dirs.items[i]);
    return walk.closure;
}
