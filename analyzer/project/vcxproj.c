/* vcxproj: a Visual Studio project as one driver.
 *
 * Takes from the evaluated project what decides the meaning of a source: the ClCompile items, their
 * include folders, macros and forced includes. Folders named through a property that is not known
 * (the kits') are dropped. Whether a project is kernel code is what its properties say; where they
 * do not say, its sources decide.
 */
#include "analyzer/project/generate.h"
#include "analyzer/project/load.h"
#include "analyzer/project/msbuild.h"

#include <ctype.h>

enum { MAX_MAKERS = 20, MAX_GENERATORS = 1000 };

/* ---- lists in metadata ---------------------------------------------------------------------- */

/* MSBuild writes special bytes as %XX. */
static const char *unescape(Arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text), *out = copy;
    for (const char *at = copy; *at != '\0'; out++) {
        unsigned int byte;
        if (at[0] == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2]) &&
            sscanf(at + 1, "%2x", &byte) == 1 && byte != 0) {
            *out = (char)byte;
            at += 3;
        } else {
            *out = *at++;
        }
    }
    *out = '\0';
    return copy;
}

/* `text` without a pair of double quotes around it and with \" as ". */
static const char *unquote(Arena *arena, const char *text) {
    size_t len = strlen(text);
    bool quoted = len >= 2 && text[0] == '"' && text[len - 1] == '"';
    char *copy = quoted ? arena_strndup(arena, text + 1, len - 2) : arena_strdup(arena, text);
    char *out = copy;
    for (const char *at = copy; *at != '\0'; at++) {
        if (at[0] == '\\' && at[1] == '"')
            at++;
        *out++ = *at;
    }
    *out = '\0';
    return copy;
}

static void metadata_list(Msbuild *build, const MsValues *metadata, const char *name,
                          CStrArray *parts) {
    const char *list = ms_get(metadata, name);
    CStrArray raw = {0};
    if (list != NULL)
        ms_split(build, list, &raw);
    for (uint32_t i = 0; i < raw.len; i++)
        array_push(parts, build->arena,
                   unquote(build->arena, unescape(build->arena, raw.items[i])));
}

static void add_include_folders(Msbuild *build, const CStrArray *names, CStrArray *args) {
    const char *project_dir = path_dir(build->arena, build->project);
    for (uint32_t i = 0; i < names->len; i++) {
        /* an unknown property leaves `\inc` or nothing: neither is there */
        const char *dir = view_find(build->view, project_dir, names->items[i], PATH_DIR);
        if (dir != NULL)
            cstr_add(args, build->arena, arena_printf(build->arena, "-I%s", dir));
    }
}

static void add_macros(Msbuild *build, const CStrArray *names, const char *option,
                       CStrArray *args) {
    for (uint32_t i = 0; i < names->len; i++) {
        const char *name = names->items[i];
        if (isalpha((unsigned char)name[0]) || name[0] == '_')
            array_push(args, build->arena, arena_printf(build->arena, "%s%s", option, name));
    }
}

static void add_forced_includes(Msbuild *build, const CStrArray *names, CStrArray *args) {
    const char *project_dir = path_dir(build->arena, build->project);
    for (uint32_t i = 0; i < names->len; i++) {
        const char *path = view_find(build->view, project_dir, names->items[i], PATH_FILE);
        array_push(args, build->arena, "-include");
        array_push(args, build->arena,
                   path != NULL ? path : slashes(build->arena, names->items[i]));
    }
}

static bool is_metadata(const MsItem *item, const char *name, const char *value) {
    const char *own = ms_get(&item->metadata, name);
    return own != NULL && str_icmp(own, value) == 0;
}

/* The folders of the sources that make precompiled headers, once for a project. */
static const CStrArray *maker_folders(Msbuild *build) {
    for (uint32_t i = 0; !build->makers_known && i < build->items.len; i++) {
        const MsItem *maker = &build->items.items[i];
        if (str_icmp(maker->type, "ClCompile") != 0 ||
            !is_metadata(maker, "PrecompiledHeader", "Create") || build->makers.len >= MAX_MAKERS)
            continue;
        const char *path = slashes(build->arena, maker->include);
        const char *dir =
            view_find(build->view, maker->dir, path_dir(build->arena, path), PATH_DIR);
        if (dir != NULL)
            cstr_add(&build->makers, build->arena, dir);
    }
    build->makers_known = true;
    return &build->makers;
}

/* The compiler takes a precompiled header by its name alone, wherever it was made: the folder of
 * the source that makes it is searched last. */
static void add_precompiled_folder(Msbuild *build, const MsItem *item, CStrArray *args) {
    const char *header = ms_get(&item->metadata, "PrecompiledHeaderFile");
    if (!is_metadata(item, "PrecompiledHeader", "Use") || header == NULL)
        return;
    const CStrArray *dirs = maker_folders(build);
    for (uint32_t i = 0; i < dirs->len; i++) {
        if (view_find(build->view, dirs->items[i], header, PATH_FILE) != NULL)
            cstr_add(args, build->arena, arena_printf(build->arena, "-I%s", dirs->items[i]));
    }
}

/* Clang arguments of an item; *cxx is changed when the item says the language. */
static void item_args(Loader *self, Msbuild *build, const MsItem *item, CStrArray *args,
                      bool *cxx) {
    CStrArray folders = {0}, macros = {0}, undefined = {0}, forced = {0}, words = {0};
    metadata_list(build, &item->metadata, "AdditionalIncludeDirectories", &folders);
    ms_split(build, ms_property(build, "IncludePath"), &folders);
    metadata_list(build, &item->metadata, "PreprocessorDefinitions", &macros);
    metadata_list(build, &item->metadata, "UndefinePreprocessorDefinitions", &undefined);
    metadata_list(build, &item->metadata, "ForcedIncludeFiles", &forced);
    add_include_folders(build, &folders, args);
    add_precompiled_folder(build, item, args);
    add_macros(build, &macros, "-D", args);
    add_macros(build, &undefined, "-U", args);
    add_kit_macros(build, args);
    add_forced_includes(build, &forced, args);
    const char *compile_as = ms_get(&item->metadata, "CompileAs");
    ArgReader reader = {
        .loader = self, .dir = path_dir(build->arena, build->project), .args = args, .cxx = -1};
    const char *options = ms_get(&item->metadata, "AdditionalOptions");
    split_command(self->arena, options == NULL ? "" : options, true, &words);
    read_args(&reader, words.items, words.len);
    if (compile_as != NULL && str_icmp(compile_as, "CompileAsC") == 0)
        *cxx = false;
    else if (reader.cxx == 1 || (compile_as != NULL && str_icmp(compile_as, "CompileAsCpp") == 0))
        *cxx = true;
}

/* ---- items ---------------------------------------------------------------------------------- */

/* `pattern` without regard to case; `*` and `?` stay within a name. */
static bool matches(const char *pattern, const char *name) {
    for (; *pattern != '\0'; pattern++, name++) {
        if (*pattern == '*') {
            while (!matches(pattern + 1, name)) {
                if (*name++ == '\0')
                    return false;
            }
            return true;
        }
        if (*name == '\0' ||
            (*pattern != '?' && tolower((unsigned char)*pattern) != tolower((unsigned char)*name)))
            return false;
    }
    return *name == '\0';
}

enum { MAX_SEARCHED = 20000, MAX_STARS = 3 };

typedef struct Search {
    const char *pattern;   /* of the names wanted */
    uint32_t entries_left; /* how many more are looked at: `..\\..\\**` must end */
    CStrArray *paths;      /* the result */
} Search;

/* The files of a folder (and of those below it) that match. */
static void find_matching(Loader *self, const char *dir, uint32_t depth, Search *search) {
    DirListing listing = *view_list(self->view, dir);
    for (uint32_t i = 0; i < listing.len && search->entries_left > 0; i++) {
        const DirEntry *entry = &listing.entries[i];
        const char *path = path_join(self->arena, dir, entry->name);
        search->entries_left--;
        if (entry->is_dir && !entry->is_link && depth > 0)
            find_matching(self, path, depth - 1, search);
        else if (!entry->is_dir && matches(search->pattern, entry->name))
            array_push(search->paths, self->arena, path);
    }
}

void find_files(Loader *self, const char *dir, const char *pattern, uint32_t depth,
                CStrArray *paths) {
    size_t stars = 0;
    for (const char *at = pattern; *at != '\0'; at++)
        stars += *at == '*';
    if (stars <= MAX_STARS)
        find_matching(self, dir, depth, &(Search){pattern, MAX_SEARCHED, paths});
}

/* The files that an Include names: one, or those of a `dir\*.c` or `dir\**\*.c`. */
static void item_paths(Loader *self, const MsItem *item, CStrArray *paths) {
    const char *name = slashes(self->arena, unescape(self->arena, item->include));
    const char *base = path_base(name);
    size_t stars = 0;
    for (const char *at = base; *at != '\0'; at++)
        stars += *at == '*';
    if (stars > 0 && stars <= MAX_STARS) {
        char *dir = path_dir(self->arena, name);
        bool below = str_eq(path_base(dir), "**");
        dir = below ? path_dir(self->arena, dir) : dir;
        const char *found = view_find(self->view, item->dir, dir, PATH_DIR);
        if (found != NULL)
            find_files(self, found, base, below ? 8 : 0, paths);
        return;
    }
    const char *path = view_find(self->view, item->dir, name, PATH_FILE);
    bool cxx;
    if (path != NULL)
        array_push(paths, self->arena, path);
    else if (!item->partial && path_is_source(name, &cxx))
        add_problem(self, path_join(self->arena, item->dir, name),
                    "named in the project but not there");
}

static void add_item(Loader *self, Msbuild *build, const MsItem *item, Found *found) {
    const char *excluded = ms_get(&item->metadata, "ExcludedFromBuild");
    if (excluded != NULL && str_icmp(excluded, "true") == 0)
        return;
    CStrArray paths = {0};
    item_paths(self, item, &paths);
    for (uint32_t i = 0; i < paths.len; i++) {
        bool cxx;
        CStrArray args = {0};
        if (!path_is_source(paths.items[i], &cxx))
            continue;
        item_args(self, build, item, &args, &cxx);
        add_unit(self, found, paths.items[i], cxx, &args);
    }
}

/* ---- headers that the build makes ----------------------------------------------------------- */

static const char *stem_of(Arena *arena, const char *path) {
    const char *base = path_base(path), *dot = strrchr(base, '.');
    return dot == NULL ? base : arena_strndup(arena, base, (size_t)(dot - base));
}

/* The first of some metadata that is there, without quotes and folders; NULL when none is. */
static const char *file_name_in(Msbuild *build, const MsItem *item, const char *const *names) {
    for (; *names != NULL; names++) {
        const char *value = ms_get(&item->metadata, *names);
        if (value != NULL && *value != '\0')
            return path_base(slashes(build->arena, unquote(build->arena, value)));
    }
    return NULL;
}

/* The class file that a compiled one ("x.bmf") comes from: of a MofComp item, else beside it. */
static const char *class_file(Loader *self, Msbuild *build, const MsItem *item) {
    static const char *const outputs[] = {"CreateBinaryMofFile", NULL};
    const char *compiled = path_base(slashes(self->arena, item->include));
    const char *file = arena_printf(self->arena, "%s.mof", stem_of(self->arena, compiled));
    for (uint32_t i = 0; i < build->items.len; i++) {
        const MsItem *other = &build->items.items[i];
        if (str_icmp(other->type, "MofComp") != 0)
            continue;
        const char *output = file_name_in(build, other, outputs);
        if (output != NULL ? str_icmp(output, compiled) == 0
                           : str_icmp(path_base(slashes(self->arena, other->include)), file) == 0)
            file = other->include;
    }
    return view_find(self->view, item->dir, file, PATH_FILE);
}

static void see_generator(Loader *self, Msbuild *build, const MsItem *item) {
    static const char *const message_names[] = {"GeneratedFilesBaseName", "BaseName", NULL};
    static const char *const class_names[] = {"HeaderOutputFile", NULL};
    static const char *const counter_names[] = {"HeaderFileNameForProvider", NULL};
    bool classes = str_icmp(item->type, "Wmimofck") == 0;
    bool counters = str_icmp(item->type, "Ctrpp") == 0;
    if ((!classes && !counters && str_icmp(item->type, "MessageCompile") != 0) ||
        ++build->generator_count > MAX_GENERATORS)
        return;
    const char *source = classes ? class_file(self, build, item)
                                 : view_find(self->view, item->dir, item->include, PATH_FILE);
    const char *header = file_name_in(build, item,
                                      classes    ? class_names
                                      : counters ? counter_names
                                                 : message_names);
    if (header == NULL && !classes)
        header = stem_of(self->arena, item->include);
    if (source == NULL || header == NULL)
        return;
    const char *dot = strrchr(header, '.'), *prefix = ms_get(&item->metadata, "AddPrefix");
    bool complete = dot != NULL && str_icmp(dot, ".h") == 0;
    fileview_hint(self->view, complete ? header : arena_printf(self->arena, "%s.h", header), source,
                  counters && prefix != NULL && generate_is_name(prefix) ? prefix : "");
}

/* ---- the project ---------------------------------------------------------------------------- */

static bool is_word(const char *text, const char *const *words) {
    while (*words != NULL && str_icmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

bool reaches_kernel(Loader *self, const Found *found) {
    bool kernel = false;
    for (uint32_t i = 0; i < found->driver.units.len; i++) {
        SourceKind kind = classify_source(self, &found->driver.units.items[i]);
        if (kind == SOURCE_FOREIGN)
            return false;
        kernel |= kind == SOURCE_KERNEL;
    }
    return kernel;
}

/* Whether the project builds kernel code: toolset, then driver type, then what its sources are. */
static bool is_kernel_project(Loader *self, const Msbuild *build, const Found *found) {
    static const char *const kernel_types[] = {"KMDF", "WDM", "Miniport", "ExportDriver", NULL};
    static const char *const user_types[] = {"Application", "DynamicLibrary", NULL};
    const char *toolset = ms_property(build, "PlatformToolset");
    const char *type = ms_property(build, "ConfigurationType");
    const char *driver = ms_property(build, "DriverType");
    if (str_icmp(type, "Application") == 0)
        return false;
    if (strncasecmp(toolset, "WindowsKernelModeDriver", 23) == 0)
        return true;
    if (strncasecmp(toolset, "WindowsUserModeDriver", 21) == 0 ||
        strncasecmp(toolset, "WindowsApplication", 18) == 0 || str_icmp(driver, "UMDF") == 0)
        return false;
    if (is_word(driver, kernel_types) || str_icmp(type, "Driver") == 0)
        return true;
    return !is_word(type, user_types) && reaches_kernel(self, found);
}

static void add_references(Loader *self, Msbuild *build, Found *found) {
    for (uint32_t i = 0; i < build->items.len; i++) {
        const MsItem *item = &build->items.items[i];
        if (str_icmp(item->type, "ProjectReference") != 0)
            continue;
        const char *path = view_find(self->view, item->dir, item->include, PATH_FILE);
        if (path != NULL)
            cstr_add(&found->references, self->arena, path);
    }
}

/* The project in `dir` that builds `name`.lib: the one of that name, else the only one. */
static const char *project_in(Loader *self, const char *dir, const char *name) {
    const char *file = arena_printf(self->arena, "%s.vcxproj", name);
    const char *path = view_find(self->view, dir, file, PATH_FILE);
    const DirListing *listing = view_list(self->view, dir);
    uint32_t count = 0;
    for (uint32_t i = 0; path == NULL && i < listing->len; i++) {
        const char *dot = strrchr(listing->entries[i].name, '.');
        if (dot != NULL && str_icmp(dot, ".vcxproj") == 0 && ++count == 1)
            file = listing->entries[i].name;
    }
    return count == 1 ? path_join(self->arena, dir, file) : path;
}

/* A library that is linked by its name alone may be the kit's, or the output of a project that is
 * met in this run or lies in a folder that is searched for libraries. */
static void add_library_by_name(Loader *self, Msbuild *build, const char *name, Found *found) {
    const char *list = msbuild_definition(build, "Link", "AdditionalLibraryDirectories");
    const char *home = path_dir(self->arena, build->project);
    CStrArray dirs = {0};
    if (list != NULL)
        ms_split(build, list, &dirs);
    for (uint32_t i = 0; i < dirs.len; i++) {
        const char *dir = view_find(self->view, home, dirs.items[i], PATH_DIR);
        const char *project = dir == NULL || str_eq(dir, home) ? NULL : project_in(self, dir, name);
        if (project != NULL)
            cstr_add(&found->candidates, self->arena, project);
    }
    cstr_add(&found->libraries, self->arena, name);
}

/* A library that is linked by path comes out of a project in the folder that the path begins with:
 * `..\hal\$(IntDir)\hal.lib`. */
static void add_library(Loader *self, Msbuild *build, const char *entry, Found *found) {
    const char *path = slashes(self->arena, entry), *base = path_base(path);
    const char *dot = strrchr(base, '.');
    if (dot == NULL || str_icmp(dot, ".lib") != 0)
        return;
    const char *name = arena_strndup(self->arena, base, (size_t)(dot - base));
    if (base == path) {
        add_library_by_name(self, build, name, found);
        return;
    }
    const char *home = path_dir(self->arena, build->project);
    const char *dir = view_find(self->view, home, path_dir(self->arena, path), PATH_DIR);
    const char *project = dir == NULL || str_eq(dir, home) ? NULL : project_in(self, dir, name);
    if (project != NULL)
        cstr_add(&found->references, self->arena, project);
    else
        cstr_add(&found->libraries, self->arena, name);
}

static void add_libraries(Loader *self, Msbuild *build, Found *found) {
    const char *list = msbuild_definition(build, "Link", "AdditionalDependencies");
    CStrArray entries = {0};
    if (list != NULL)
        ms_split(build, list, &entries);
    for (uint32_t i = 0; i < entries.len; i++)
        add_library(self, build, entries.items[i], found);
}

static Found *known_project(Loader *self, const char *path) {
    for (uint32_t i = 0; i < self->found.len; i++) {
        const char *file = self->found.items[i]->file;
        if (file != NULL && str_eq(file, path))
            return self->found.items[i];
    }
    return NULL;
}

bool take_kernel_project(Loader *self, const char *path) {
    uint32_t problem_count = self->project->problems.len;
    bool ddk = str_icmp(path_base(path), "sources") == 0;
    Found *found = ddk ? load_ddk_sources(self, path) : load_vcxproj(self, path);
    if (found == NULL)
        return false;
    if (found->kernel)
        found->taken = true;
    else
        self->project->problems.len = problem_count; /* not ours: nor is what it lacks */
    return found->kernel;
}

Found *load_vcxproj(Loader *self, const char *path) {
    Found *found = known_project(self, path);
    if (found != NULL)
        return found;
    Error err;
    Msbuild build = {.arena = self->arena,
                     .view = self->view,
                     .project = path,
                     .configuration = self->options->configuration,
                     .platform = self->options->platform,
                     .solution_dir = self->solution_dir};
    if (msbuild_evaluate(&build, &err) != 0) {
        add_problem(self, path, "%s", err.message);
        return NULL;
    }
    found = add_found(self, ms_property(&build, "ProjectName"), path_dir(self->arena, path));
    found->file = path;
    found->output = ms_property(&build, "TargetName");
    if (found->output[0] == '\0')
        found->output = found->driver.name;
    if (build.lacks != NULL)
        add_problem(self, path, "has no configuration %s|%s, only %s; the nearest one was taken",
                    self->options->configuration == NULL ? "*" : self->options->configuration,
                    self->options->platform == NULL ? "*" : self->options->platform, build.lacks);
    for (uint32_t i = 0; i < build.items.len; i++) {
        if (str_icmp(build.items.items[i].type, "ClCompile") == 0)
            add_item(self, &build, &build.items.items[i], found);
        else
            see_generator(self, &build, &build.items.items[i]);
    }
    add_references(self, &build, found);
    add_libraries(self, &build, found);
    found->library = str_icmp(ms_property(&build, "ConfigurationType"), "StaticLibrary") == 0;
    found->kernel = is_kernel_project(self, &build, found);
    return found;
}
