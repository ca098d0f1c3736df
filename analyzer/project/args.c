/* args: compiler options as clang arguments with absolute paths.
 *
 * Knows what decides the meaning of a source: include folders, macros, forced includes, language.
 * Everything else is dropped, or kept untouched for what the user wrote behind `--`. An operand
 * that starts with a slash is an option of cl only when no such file exists.
 */
#include "analyzer/project/load.h"

#include <ctype.h>

typedef enum ValueKind { VALUE_DIR, VALUE_FILE, VALUE_TEXT } ValueKind;

typedef struct Option {
    const char *name; /* as written, also `/I` for `-I` when cl is set */
    const char *emit; /* what clang gets */
    ValueKind kind;   /* what the value is */
    bool cl;          /* an option of cl: with either slash or dash */
} Option;

/* Longer names first: -include is not -I. */
static const Option option_table[] = {
    {"external:I", "-I", VALUE_DIR, true},
    {"imsvc", "-isystem", VALUE_DIR, true},
    {"FI", "-include", VALUE_FILE, true},
    {"-include", "-include", VALUE_FILE, false},
    {"-isystem", "-isystem", VALUE_DIR, false},
    {"-iquote", "-I", VALUE_DIR, false},
    {"I", "-I", VALUE_DIR, true},
    {"D", "-D", VALUE_TEXT, true},
    {"U", "-U", VALUE_TEXT, true},
};

/* The value glued to the option, "" when it is the next argument, NULL when it is not this one. */
static const char *match_option(const Option *option, const char *arg) {
    if (option->cl) {
        if (arg[0] != '-' && arg[0] != '/')
            return NULL;
        arg++;
    }
    return str_starts_with(arg, option->name) ? arg + strlen(option->name) : NULL;
}

static void emit_option(ArgReader *self, const Option *option, const char *value) {
    Arena *arena = self->loader->arena;
    if (option->kind == VALUE_TEXT) {
        array_push(self->args, arena, arena_printf(arena, "%s%s", option->emit, value));
        return;
    }
    const char *path = view_place(self->loader->view, self->dir, value);
    if (option->kind == VALUE_FILE)
        path = view_find(self->loader->view, self->dir, value, PATH_FILE);
    if (path == NULL)
        path = value; /* a forced include that is searched for in the include folders */
    if (str_eq(option->emit, "-I")) {
        array_push(self->args, arena, arena_printf(arena, "-I%s", path));
        return;
    }
    array_push(self->args, arena, option->emit);
    array_push(self->args, arena, path);
}

static bool read_language(ArgReader *self, const char *arg, const char *next) {
    bool named = str_eq(arg, "-x") && next != NULL;
    if (named || str_eq(arg, "/TP") || str_eq(arg, "-TP"))
        self->cxx = !named || str_starts_with(next, "c++");
    else if (str_eq(arg, "/TC") || str_eq(arg, "-TC"))
        self->cxx = 0;
    else
        return false;
    return true;
}

/* Reads raw[at]; returns how many arguments it took. */
static uint32_t read_arg(ArgReader *self, const char *arg, const char *next) {
    Loader *loader = self->loader;
    bool cxx, exists = arg[0] != '-' && view_find(loader->view, self->dir, arg, PATH_FILE) != NULL;
    if (exists && path_is_source(arg, &cxx)) {
        if (self->sources != NULL)
            array_push(self->sources, loader->arena,
                       view_find(loader->view, self->dir, arg, PATH_FILE));
        return 1;
    }
    for (size_t i = 0; !exists && i < sizeof option_table / sizeof *option_table; i++) {
        const char *value = match_option(&option_table[i], arg);
        if (value == NULL || (value[0] == '\0' && next == NULL))
            continue;
        emit_option(self, &option_table[i], value[0] != '\0' ? value : next);
        return value[0] != '\0' ? 1 : 2;
    }
    if (read_language(self, arg, next))
        return str_eq(arg, "-x") ? 2 : 1;
    if (self->keep_unknown)
        array_push(self->args, loader->arena, arg);
    return 1;
}

void read_args(ArgReader *self, const char *const *raw, uint32_t count) {
    for (uint32_t i = 0; i < count;)
        i += read_arg(self, raw[i], i + 1 < count ? raw[i + 1] : NULL);
}

/* ---- command lines -------------------------------------------------------------------------- */

typedef struct Splitter {
    const char *at; /* what is left */
    bool windows;   /* a backslash is a path separator unless a double quote follows */
    char quote;     /* the open quote, 0 outside */
} Splitter;

static bool is_escape(const Splitter *self) {
    if (self->at[0] != '\\' || self->at[1] == '\0' || self->quote == '\'')
        return false;
    if (self->windows || self->quote == '"')
        return self->at[1] == '"' || (!self->windows && self->at[1] == '\\');
    return true;
}

/* One word; false at the end of the command. */
static bool next_word(Splitter *self, Arena *arena, const char **word) {
    Text text = {0};
    while (isspace((unsigned char)*self->at))
        self->at++;
    if (*self->at == '\0')
        return false;
    for (self->quote = 0; *self->at != '\0'; self->at++) {
        if (self->quote == 0 && isspace((unsigned char)*self->at))
            break;
        if (is_escape(self))
            text_append_len(&text, arena, ++self->at, 1);
        else if (self->quote != 0 && *self->at == self->quote)
            self->quote = 0;
        else if (self->quote == 0 && (*self->at == '"' || (*self->at == '\'' && !self->windows)))
            self->quote = *self->at;
        else
            text_append_len(&text, arena, self->at, 1);
    }
    *word = text_cstr(&text, arena);
    return true;
}

void split_command(Arena *arena, const char *command, bool windows, CStrArray *words) {
    Splitter splitter = {command, windows, 0};
    const char *word;
    while (next_word(&splitter, arena, &word))
        array_push(words, arena, word);
}
