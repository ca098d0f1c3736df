/* ddk: a `sources` file of the old driver kits' build tool as one driver.
 *
 * Reads assignments (`NAME = value`, continued with a backslash), `$(NAME)` and `!include`.
 * Conditionals are not decided: every assignment counts, the last one wins. Errs towards sources
 * and macros of another configuration.
 */
#include "analyzer/project/load.h"
#include "analyzer/project/msbuild.h"

#include <ctype.h>

enum { MAX_SOURCES_SIZE = 1024 * 1024, MAX_INCLUDES = 16 };

/* Joins continued lines and blanks comments, in place. */
static void join_lines(char *text) {
    char *out = text;
    bool comment = false;
    for (const char *at = text; *at != '\0'; at++) {
        size_t joined = at[0] != '\\'                    ? 0
                        : at[1] == '\n'                  ? 1
                        : at[1] == '\r' && at[2] == '\n' ? 2
                                                         : 0;
        comment = (comment || *at == '#') && *at != '\n';
        if (joined != 0) {
            *out++ = ' ';
            at += joined;
        } else if (!comment) {
            *out++ = *at;
        }
    }
    *out = '\0';
}

static void read_file(Msbuild *self, const char *path);

static void read_include(Msbuild *self, const char *name) {
    bool partial = false;
    CStrArray words = {0};
    split_command(self->arena, ms_expand(self, name, NULL, &partial), true, &words);
    const char *dir = path_dir(self->arena, self->file);
    const char *path =
        words.len == 0 ? NULL : view_find(self->view, dir, words.items[0], PATH_FILE);
    if (path != NULL && self->importing.len < MAX_INCLUDES && !cstr_has(&self->importing, path))
        read_file(self, path);
}

static void read_line(Msbuild *self, char *line) {
    while (isspace((unsigned char)*line))
        line++;
    if (strncasecmp(line, "!include", 8) == 0) {
        read_include(self, line + 8);
        return;
    }
    size_t len = 0;
    while (isalnum((unsigned char)line[len]) || line[len] == '_')
        len++;
    char *value = line + len + strspn(line + len, " \t");
    if (len == 0 || *value != '=')
        return;
    MsValue property = {.name = arena_strndup(self->arena, line, len)};
    property.value = ms_expand(self, value + 1, NULL, &property.partial);
    ms_set(self, &self->properties, property);
}

static void read_file(Msbuild *self, const char *path) {
    char *text, *rest;
    size_t size;
    Error err;
    if (text_read(self->arena, path, MAX_SOURCES_SIZE, &text, &size, &err) != 0)
        return;
    const char *outer = self->file;
    self->file = path;
    array_push(&self->importing, self->arena, path);
    join_lines(text);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        read_line(self, line);
    self->file = outer;
}

/* INCLUDES separates folders by semicolons, C_DEFINES holds options. */
static void read_options(Loader *self, Msbuild *build, CStrArray *args) {
    const char *home = path_dir(self->arena, build->project);
    CStrArray folders = {0}, words = {0};
    ms_split(build, ms_property(build, "INCLUDES"), &folders);
    for (uint32_t i = 0; i < folders.len; i++) {
        const char *dir = view_find(self->view, home, folders.items[i], PATH_DIR);
        if (dir != NULL)
            cstr_add(args, self->arena, arena_printf(self->arena, "-I%s", dir));
    }
    split_command(self->arena, ms_property(build, "C_DEFINES"), true, &words);
    split_command(self->arena, ms_property(build, "USER_C_FLAGS"), true, &words);
    ArgReader reader = {.loader = self, .dir = home, .args = args, .cxx = -1};
    read_args(&reader, words.items, words.len);
}

static void add_sources(Loader *self, Msbuild *build, const char *list, const CStrArray *args,
                        Found *found) {
    const char *home = path_dir(self->arena, build->project);
    CStrArray names = {0};
    split_command(self->arena, ms_property(build, list), true, &names);
    for (uint32_t i = 0; i < names.len; i++) {
        bool cxx;
        if (!path_is_source(names.items[i], &cxx))
            continue; /* resources, message files */
        const char *path = view_find(self->view, home, names.items[i], PATH_FILE);
        if (path != NULL)
            add_unit(self, found, path, cxx, args);
        else
            add_problem(self, path_join(self->arena, home, slashes(self->arena, names.items[i])),
                        "named in the sources file but not there");
    }
}

static void add_libraries(Loader *self, Msbuild *build, Found *found) {
    CStrArray names = {0};
    split_command(self->arena, ms_property(build, "TARGETLIBS"), true, &names);
    for (uint32_t i = 0; i < names.len; i++) {
        const char *base = path_base(slashes(self->arena, names.items[i]));
        const char *dot = strrchr(base, '.');
        if (dot != NULL)
            cstr_add(&found->libraries, self->arena,
                     arena_strndup(self->arena, base, (size_t)(dot - base)));
    }
}

static bool is_kernel_type(const char *type) {
    static const char *const types[] = {"DRIVER",   "DRIVER_LIBRARY", "EXPORT_DRIVER",
                                        "MINIPORT", "GDI_DRIVER",     NULL};
    uint32_t i = 0;
    while (types[i] != NULL && strncasecmp(type, types[i], strlen(types[i])) != 0)
        i++;
    return types[i] != NULL;
}

Found *load_ddk_sources(Loader *self, const char *path) {
    Msbuild build = {.arena = self->arena, .view = self->view, .project = path};
    read_file(&build, path);
    CStrArray name = {0}, type = {0}, args = {0};
    split_command(self->arena, ms_property(&build, "TARGETNAME"), true, &name);
    split_command(self->arena, ms_property(&build, "TARGETTYPE"), true, &type);
    if (name.len == 0 || type.len == 0)
        return NULL; /* some other file of that name */
    Found *found = add_found(self, name.items[0], path_dir(self->arena, path));
    found->file = path;
    found->output = name.items[0];
    found->kernel = is_kernel_type(type.items[0]);
    found->library = str_icmp(type.items[0], "DRIVER_LIBRARY") == 0;
    read_options(self, &build, &args);
    add_sources(self, &build, "SOURCES", &args, found);
    add_sources(self, &build, "AMD64_SOURCES", &args, found);
    add_libraries(self, &build, found);
    return found;
}
