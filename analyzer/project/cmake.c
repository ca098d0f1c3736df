/* cmake: the targets of CMakeLists.txt files as drivers, without running CMake.
 *
 * Reads the calls as text, file by file along add_subdirectory, with the variables that set, list
 * and file(GLOB) give. Targets and sources count in every arm of a conditional, so that no driver
 * is lost; macros and compiler options do not where the condition surely fails. Functions and
 * macros are not entered. A target is kernel code when it is made by a driver helper (wdk_add_…),
 * links a kernel library, is linked as a driver, or its sources say so. Errs towards sources and
 * macros of another configuration.
 */
#include "analyzer/project/cmake_cond.h"
#include "analyzer/project/cmake_text.h"
#include "analyzer/project/load.h"

enum {
    MAX_FILE_SIZE = 1024 * 1024,
    MAX_DEPTH = 32,
    MAX_LINKED = 500,
    MAX_BUDGET = 64 * 1024 * 1024
};

typedef struct Target {
    Found *found;      /* the driver it becomes */
    CStrArray sources; /* as named, relative to `dir` */
    CStrArray args;    /* -I, -D of its own */
    CStrArray usage;   /* -I, -D for those that link it */
    const char *dir;   /* folder of its file */
    bool driver;       /* a call says that it is kernel code */
} Target;

typedef Array(Target *) Targets;

typedef struct Cmake {
    Loader *loader;    /* where drivers go */
    CmakeScope *scope; /* variables of the file */
    const char *dir;   /* folder of the file */
    CStrArray args;    /* -I, -D for all targets to come */
    uint32_t depth;    /* files being read */
    Map64 *by_name;    /* hash of a target's name -> index in `targets` */
    Map64 *seen;       /* hash of a file read */
    Targets *targets;  /* of all files */
} Cmake;

static void read_file(Cmake *self, const char *path);

static bool is_one_of(const char *text, const char *const *words) {
    while (*words != NULL && str_icmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

/* ---- targets ------------------------------------------------------------------------------ */

static Target *target_named(Cmake *self, const char *name) {
    const uint32_t *index = map64_get(self->by_name, hash_bytes(name, strlen(name), 0));
    return index == NULL ? NULL : self->targets->items[*index];
}

static bool is_keyword(const char *text) {
    static const char *const words[] = {"WIN32",    "STATIC",    "SHARED",
                                        "MODULE",   "OBJECT",    "PRIVATE",
                                        "PUBLIC",   "INTERFACE", "EXCLUDE_FROM_ALL",
                                        "IMPORTED", "ALIAS",     "SYSTEM",
                                        "BEFORE",   "AFTER",     "EXTENDED_CPP_FEATURES",
                                        NULL};
    return is_one_of(text, words);
}

/* `add_…(name [keywords] sources…)` */
static void add_target(Cmake *self, const CStrArray *words, const char *path, bool library,
                       bool driver) {
    Arena *arena = self->loader->arena;
    const char *name = words->len == 0 ? "" : words->items[0];
    if (name[0] == '\0' || target_named(self, name) != NULL)
        return;
    Target *target = arena_new_of(arena, Target);
    target->found = add_found(self->loader, name, self->dir);
    target->found->file = arena_printf(arena, "%s#%s", path, name);
    target->found->output = name;
    target->found->library = library;
    target->dir = self->dir;
    target->driver = driver;
    for (uint32_t i = 0; i < self->args.len; i++)
        array_push(&target->args, arena, self->args.items[i]);
    for (uint32_t i = 1; i < words->len; i++) {
        const char *word = words->items[i];
        bool version =
            driver && i + 1 < words->len &&
            (str_eq(word, "KMDF") || str_eq(word, "WINVER") || str_eq(word, "NTDDI_VERSION"));
        if (version && str_eq(word, "KMDF"))
            array_push(&target->args, arena, "-DKMDF_VERSION_MAJOR=1");
        i += version;
        if (!version && !is_keyword(word))
            array_push(&target->sources, arena, word);
    }
    *map64_put(self->by_name, hash_bytes(name, strlen(name), 0), NULL) = self->targets->len;
    array_push(self->targets, arena, target);
}

static void add_folders(Cmake *self, const CStrArray *words, uint32_t first, CStrArray *args) {
    for (uint32_t i = first; i < words->len; i++) {
        const char *dir = is_keyword(words->items[i])
                              ? NULL
                              : view_find(self->loader->view, self->dir, words->items[i], PATH_DIR);
        if (dir != NULL)
            cstr_add(args, self->loader->arena, arena_printf(self->loader->arena, "-I%s", dir));
    }
}

static void add_macros(Cmake *self, const CStrArray *words, uint32_t first, CStrArray *args) {
    for (uint32_t i = first; i < words->len; i++) {
        const char *word = words->items[i];
        if (word[0] == '-' || word[0] == '/')
            word += word[1] == 'D' ? 2 : strlen(word);
        if (word[0] != '\0' && !is_keyword(word) && strstr(word, "$<") == NULL)
            array_push(args, self->loader->arena, arena_printf(self->loader->arena, "-D%s", word));
    }
}

static void add_options(Cmake *self, const CStrArray *words, uint32_t first, CStrArray *args) {
    CStrArray plain = {0};
    for (uint32_t i = first; i < words->len; i++) {
        if (strstr(words->items[i], "$<") == NULL)
            array_push(&plain, self->loader->arena, words->items[i]);
    }
    ArgReader reader = {.loader = self->loader, .dir = self->dir, .args = args, .cxx = -1};
    read_args(&reader, plain.items, plain.len);
}

/* True for what only a driver is linked with: a kernel library or an option of the linker. */
static bool says_driver(const char *word) {
    static const char *const libraries[] = {"ntoskrnl",       "hal",    "ndis",     "fltmgr",
                                            "wdfdriverentry", "wdfldr", "storport", "netio",
                                            "fwpkclnt",       NULL};
    const char *name = strstr(word, "WDK::") == word ? word + 5 : path_base(word);
    size_t len = strlen(name);
    if (len > 4 && str_icmp(name + len - 4, ".lib") == 0)
        len -= 4;
    for (uint32_t i = 0; libraries[i] != NULL; i++) {
        if (strlen(libraries[i]) == len && strncasecmp(libraries[i], name, len) == 0)
            return true;
    }
    return strcasestr(word, "SUBSYSTEM:NATIVE") != NULL || strcasestr(word, "/DRIVER") != NULL ||
           strcasestr(word, "-DRIVER") != NULL || str_icmp(word, "/kernel") == 0 ||
           str_icmp(word, ".sys") == 0;
}

static void link_target(Cmake *self, Target *target, const CStrArray *words) {
    for (uint32_t i = 1; i < words->len; i++) {
        target->driver |= says_driver(words->items[i]);
        if (!is_keyword(words->items[i]))
            cstr_add(&target->found->libraries, self->loader->arena, words->items[i]);
    }
}

/* Where the words of a call belong: PRIVATE ones to the target, INTERFACE ones to those that link
 * it, PUBLIC ones to both. */
static void sort_words(Cmake *self, const CStrArray *words, CStrArray *own, CStrArray *usage) {
    bool is_own = true, is_usage = false;
    for (uint32_t i = 1; i < words->len; i++) {
        const char *word = words->items[i];
        bool private = str_eq(word, "PRIVATE"), public = str_eq(word, "PUBLIC");
        bool interface = str_eq(word, "INTERFACE");
        if (private || public || interface) {
            is_own = !interface;
            is_usage = !private;
            continue;
        }
        if (is_own)
            array_push(own, self->loader->arena, word);
        if (is_usage)
            array_push(usage, self->loader->arena, word);
    }
}

/* A call whose first argument names a target. */
static void see_target_call(Cmake *self, const char *call, const CStrArray *words) {
    Target *target = words->len == 0 ? NULL : target_named(self, words->items[0]);
    if (target == NULL)
        return;
    Arena *arena = self->loader->arena;
    CStrArray own = {0}, usage = {0};
    sort_words(self, words, &own, &usage);
    if (str_icmp(call, "target_sources") == 0) {
        for (uint32_t i = 1; i < words->len; i++) {
            if (!is_keyword(words->items[i]))
                array_push(&target->sources, arena, path_join(arena, self->dir, words->items[i]));
        }
    } else if (str_icmp(call, "target_include_directories") == 0) {
        add_folders(self, &own, 0, &target->args);
        add_folders(self, &usage, 0, &target->usage);
    } else if (str_icmp(call, "target_compile_definitions") == 0) {
        add_macros(self, &own, 0, &target->args);
        add_macros(self, &usage, 0, &target->usage);
    } else if (str_icmp(call, "target_compile_options") == 0) {
        for (uint32_t i = 1; i < words->len; i++)
            target->driver |= says_driver(words->items[i]);
        add_options(self, &own, 0, &target->args);
        add_options(self, &usage, 0, &target->usage);
    } else if (str_icmp(call, "target_link_libraries") == 0) {
        link_target(self, target, words);
    } else if (str_icmp(call, "target_link_options") == 0 ||
               str_icmp(call, "set_target_properties") == 0) {
        for (uint32_t i = 1; i < words->len; i++)
            target->driver |= says_driver(words->items[i]);
    }
}

/* ---- variables ---------------------------------------------------------------------------- */

static void set_list(Cmake *self, const char *name, const char *before, const CStrArray *words,
                     uint32_t first) {
    Arena *arena = self->loader->arena;
    Text text = {0};
    text_append(&text, arena, before);
    for (uint32_t i = first; i < words->len; i++) {
        if (str_eq(words->items[i], "CACHE") || str_eq(words->items[i], "PARENT_SCOPE"))
            break;
        text_printf(&text, arena, "%s%s", text.len == 0 ? "" : ";", words->items[i]);
    }
    if (text.len > self->scope->budget)
        return;
    self->scope->budget -= text.len;
    cmake_set(arena, self->scope, name, text_cstr(&text, arena));
}

/* file(GLOB VAR [keywords] patterns…) */
static void glob(Cmake *self, const CStrArray *words) {
    Arena *arena = self->loader->arena;
    CStrArray found = {0};
    bool below = words->len > 1 && str_icmp(words->items[0], "GLOB_RECURSE") == 0;
    if (words->len < 3 || (!below && str_icmp(words->items[0], "GLOB") != 0))
        return;
    for (uint32_t i = 2; i < words->len; i++) {
        const char *pattern = slashes(arena, words->items[i]);
        const char *dir =
            view_find(self->loader->view, self->dir, path_dir(arena, pattern), PATH_DIR);
        if (dir != NULL && strchr(pattern, '*') != NULL)
            find_files(self->loader, dir, path_base(pattern), below ? 8 : 0, &found);
    }
    set_list(self, words->items[1], "", &found, 0);
}

static void see_variable_call(Cmake *self, const char *call, const CStrArray *words) {
    Arena *arena = self->loader->arena;
    if (str_icmp(call, "set") == 0 && words->len > 0)
        set_list(self, words->items[0], "", words, 1);
    else if (str_icmp(call, "option") == 0 && words->len > 2)
        cmake_set(arena, self->scope, words->items[0], words->items[2]);
    else if (str_icmp(call, "list") == 0 && words->len > 2 &&
             str_icmp(words->items[0], "APPEND") == 0)
        set_list(self, words->items[1], cmake_get(self->scope, words->items[1]), words, 2);
    else if (str_icmp(call, "project") == 0 && words->len > 0) {
        cmake_set(arena, self->scope, "PROJECT_NAME", words->items[0]);
        cmake_set(arena, self->scope, "PROJECT_SOURCE_DIR", self->dir);
    } else if (str_icmp(call, "file") == 0) {
        glob(self, words);
    }
}

/* ---- files -------------------------------------------------------------------------------- */

/* The file of a folder with a copy of the variables and options. */
static void add_subdirectory(Cmake *self, const CStrArray *words) {
    const char *dir = words->len == 0
                          ? NULL
                          : view_find(self->loader->view, self->dir, words->items[0], PATH_DIR);
    const char *path =
        dir == NULL ? NULL : view_find(self->loader->view, dir, "CMakeLists.txt", PATH_FILE);
    if (path == NULL || self->depth >= MAX_DEPTH)
        return;
    Arena *arena = self->loader->arena;
    CmakeScope scope = {.budget = self->scope->budget};
    for (uint32_t i = 0; i < self->scope->variables.len; i++)
        array_push(&scope.variables, arena, self->scope->variables.items[i]);
    Cmake below = *self;
    below.args = (CStrArray){0};
    for (uint32_t i = 0; i < self->args.len; i++)
        array_push(&below.args, arena, self->args.items[i]);
    below.scope = &scope;
    below.depth++;
    read_file(&below, path);
    self->scope->budget = scope.budget;
}

static void see_call(Cmake *self, const char *path, const char *call, const CStrArray *words) {
    bool library = words->len > 1 && (str_icmp(words->items[1], "SHARED") != 0 &&
                                      str_icmp(words->items[1], "MODULE") != 0);
    if (str_icmp(call, "wdk_add_driver") == 0)
        add_target(self, words, path, false, true);
    else if (str_icmp(call, "wdk_add_library") == 0)
        add_target(self, words, path, true, true);
    else if (str_icmp(call, "add_executable") == 0)
        add_target(self, words, path, false, false);
    else if (str_icmp(call, "add_library") == 0)
        add_target(self, words, path, library, false);
    else if (str_icmp(call, "add_subdirectory") == 0)
        add_subdirectory(self, words);
    else if (str_icmp(call, "include_directories") == 0)
        add_folders(self, words, 0, &self->args);
    else if (str_icmp(call, "add_compile_definitions") == 0 ||
             str_icmp(call, "add_definitions") == 0)
        add_macros(self, words, 0, &self->args);
    else if (str_icmp(call, "add_compile_options") == 0)
        add_options(self, words, 0, &self->args);
    else if (strncasecmp(call, "target_", 7) == 0 || str_icmp(call, "set_target_properties") == 0)
        see_target_call(self, call, words);
    else
        see_variable_call(self, call, words);
}

/* A call that gives macros or options, and no sources. */
static bool is_setting(const char *call) {
    static const char *const words[] = {"add_definitions",
                                        "add_compile_definitions",
                                        "add_compile_options",
                                        "target_compile_definitions",
                                        "target_compile_options",
                                        "option",
                                        NULL};
    return is_one_of(call, words);
}

static void read_calls(Cmake *self, const char *path, const char *text) {
    CmakeReader reader = {self->loader->arena, text, self->scope};
    CStrArray words = {0};
    uint32_t definitions = 0; /* open function() and macro() */
    CmakeConds conds = {0};
    for (const char *call; (call = cmake_next_call(&reader, &words)) != NULL;) {
        bool begins = str_icmp(call, "function") == 0 || str_icmp(call, "macro") == 0;
        bool ends = str_icmp(call, "endfunction") == 0 || str_icmp(call, "endmacro") == 0;
        definitions += begins;
        definitions -= ends && definitions > 0;
        if (definitions != 0 || ends ||
            cmake_cond_see(&conds, self->loader->arena, self->scope, call, &words))
            continue;
        if (!is_setting(call) || !cmake_cond_is_off(&conds))
            see_call(self, path, call, &words);
    }
}

static void read_file(Cmake *self, const char *path) {
    Arena *arena = self->loader->arena;
    bool created;
    char *text;
    size_t size;
    Error err;
    map64_put(self->seen, hash_bytes(path, strlen(path), 0), &created);
    if (!created)
        return;
    if (text_read(arena, path, MAX_FILE_SIZE, &text, &size, &err) != 0) {
        add_problem(self->loader, path, "%s", err.message);
        return;
    }
    self->dir = path_dir(arena, path);
    cmake_set(arena, self->scope, "CMAKE_CURRENT_SOURCE_DIR", self->dir);
    cmake_set(arena, self->scope, "CMAKE_CURRENT_LIST_DIR", self->dir);
    read_calls(self, path, text);
}

/* ---- drivers ------------------------------------------------------------------------------ */

/* What the libraries ask of those that link them, directly or not. */
static void add_usage(Cmake *self, Target *target, const Target *from, Map64 *seen) {
    for (uint32_t i = 0; i < from->found->libraries.len; i++) {
        const char *name = from->found->libraries.items[i];
        const Target *library = target_named(self, name);
        bool created;
        map64_put(seen, hash_bytes(name, strlen(name), 0), &created);
        if (library == NULL || !created || map64_count(seen) > MAX_LINKED)
            continue;
        for (uint32_t k = 0; k < library->usage.len; k++)
            array_push(&target->args, self->loader->arena, library->usage.items[k]);
        add_usage(self, target, library, seen);
    }
}

static void add_sources(Loader *self, const Target *target) {
    for (uint32_t i = 0; i < target->sources.len; i++) {
        const char *name = target->sources.items[i];
        bool cxx;
        if (!path_is_source(name, &cxx) || strstr(name, "$<") != NULL)
            continue;
        const char *path = view_find(self->view, target->dir, name, PATH_FILE);
        if (path != NULL)
            add_unit(self, target->found, path, cxx, &target->args);
    }
}

/* Sources decide where no call says what a target is: some kernel code, no user code. */
static bool is_kernel_code(Loader *self, const Found *found) {
    for (uint32_t i = 0; i < found->driver.units.len; i++) {
        if (classify_source(self, &found->driver.units.items[i]) == SOURCE_USER)
            return false;
    }
    return reaches_kernel(self, found);
}

/* True when project files that were read before hold all of its sources: the same driver. */
static bool is_known(const Loader *self, uint32_t count, const Found *found) {
    for (uint32_t u = 0; u < found->driver.units.len; u++) {
        const char *path = found->driver.units.items[u].path;
        bool known = false;
        for (uint32_t i = 0; i < count && !known; i++)
            known =
                self->found.items[i]->kernel &&
                map64_get(self->found.items[i]->paths, hash_bytes(path, strlen(path), 0)) != NULL;
        if (!known)
            return false;
    }
    return true;
}

bool load_cmake(Loader *self, const CStrArray *files) {
    uint32_t count = self->found.len;
    bool any = false;
    Targets targets = {0};
    size_t budget = MAX_BUDGET;
    Cmake cmake = {.loader = self,
                   .seen = map64_new(self->arena),
                   .by_name = map64_new(self->arena),
                   .targets = &targets};
    for (uint32_t i = 0; i < files->len; i++) {
        CmakeScope scope = {.budget = budget};
        const char *dir = path_dir(self->arena, files->items[i]);
        cmake_set(self->arena, &scope, "CMAKE_SOURCE_DIR", dir);
        cmake.scope = &scope;
        cmake.args.len = 0;
        read_file(&cmake, files->items[i]);
        budget = scope.budget;
    }
    for (uint32_t i = 0; i < targets.len; i++) {
        Target *target = targets.items[i];
        add_usage(&cmake, target, target, map64_new(self->arena));
        add_sources(self, target);
        Found *found = target->found;
        if (found->driver.units.len == 0 || is_known(self, count, found))
            continue;
        found->kernel = target->driver || is_kernel_code(self, found);
        found->taken = found->kernel;
        any |= found->taken;
    }
    return any;
}
