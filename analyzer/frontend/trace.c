/* trace: `x.tmh` headers, generated before the compiler runs, which nobody has here.
 *
 * A trace function is named in a `begin_wpp config` comment (FUNC Name…) of the source or of a
 * header that it reaches, or on the trace preprocessor's command line, which is learned from what
 * clang finds undeclared. Invariant: behind the include of a .tmh these names are macros that do
 * nothing, so that a trace call is a statement without effect, as it is without tracing. Errs:
 * calls among the arguments of a trace call are lost.
 */
#include "analyzer/frontend/trace.h"

#include <ctype.h>

enum { MAX_FILES = 400, MAX_SIZE = 4 * 1024 * 1024, MAX_LINES = 4 };

struct Trace {
    Arena *arena;      /* owns everything */
    StrTab *seen;      /* paths that were read */
    StrTab *names;     /* trace functions, "" first */
    StrTab *headers;   /* paths of the .tmh files that are not there, "" first */
    CStrArray dirs;    /* the -I folders */
    CStrArray pending; /* files still to be read */
};

static const char *const USUAL_NAMES[] = {"DoTraceMessage", "WPP_INIT_TRACING", "WPP_CLEANUP",
                                          "WPP_INIT_TRACING_EX", "WPP_INIT_LOG_STRUCT"};

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool exists(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* `FUNC Name` inside a configuration block. */
static void read_functions(Trace *self, const char *begin, const char *end) {
    for (const char *at = begin; (at = memmem(at, (size_t)(end - at), "FUNC ", 5)) != NULL;) {
        at += 5;
        while (at < end && *at == ' ')
            at++;
        size_t len = 0;
        while (at + len < end && is_name_char(at[len]))
            len++;
        if (len > 0)
            strtab_add_len(self->names, at, len);
    }
}

static void read_configuration(Trace *self, const char *text, size_t size) {
    const char *end = text + size, *at = text;
    while ((at = memmem(at, (size_t)(end - at), "begin_wpp", 9)) != NULL) {
        const char *stop = memmem(at, (size_t)(end - at), "end_wpp", 7);
        read_functions(self, at, stop == NULL ? end : stop);
        at = stop == NULL ? end : stop;
    }
}

static bool is_trace_header(const char *name) {
    size_t len = strlen(name);
    return len > 4 && str_icmp(name + len - 4, ".tmh") == 0;
}

static void add_pending(Trace *self, const char *path) {
    uint32_t known = strtab_count(self->seen);
    if (strtab_add(self->seen, path) == known && known < MAX_FILES)
        array_push(&self->pending, self->arena, path);
}

static void add_include(Trace *self, const char *dir, const char *name) {
    const char *path = path_join(self->arena, dir, name);
    if (is_trace_header(name)) {
        if (!exists(path))
            strtab_add(self->headers, path);
        return;
    }
    for (uint32_t i = 0; !exists(path) && i < self->dirs.len; i++)
        path = path_join(self->arena, self->dirs.items[i], name);
    if (exists(path))
        add_pending(self, path);
}

/* `#include "name"`, backslashes turned. */
static void read_includes(Trace *self, const char *dir, const char *text, size_t size) {
    const char *end = text + size, *at = text;
    while ((at = memmem(at, (size_t)(end - at), "include", 7)) != NULL) {
        at += 7;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        const char *close =
            at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
        if (close == NULL || close - at > 256 || memchr(at, '\n', (size_t)(close - at)) != NULL)
            continue;
        char *name = arena_strndup(self->arena, at + 1, (size_t)(close - at - 1));
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '\\' ? '/' : *c;
        add_include(self, dir, name);
    }
}

static void read_text(Trace *self, const char *path, const char *text, size_t size) {
    read_configuration(self, text, size);
    read_includes(self, path_dir(self->arena, path), text, size);
}

static void read_pending(Trace *self) {
    for (uint32_t i = 0; i < self->pending.len; i++) {
        Error err = {""};
        char *text;
        size_t size;
        const char *path = self->pending.items[i];
        if (file_read(self->arena, path, MAX_SIZE, &text, &size, &err) == 0)
            read_text(self, path, text, size);
    }
}

Trace *trace_find(Arena *arena, const char *source, const char *text, const char *const *args,
                  uint32_t arg_count) {
    Trace *self = arena_new_of(arena, Trace);
    self->arena = arena;
    self->seen = strtab_new(arena);
    self->names = strtab_new(arena);
    self->headers = strtab_new(arena);
    for (uint32_t i = 0; i < arg_count; i++) {
        if (str_starts_with(args[i], "-I"))
            array_push(&self->dirs, arena, args[i] + 2);
    }
    for (size_t i = 0; i < sizeof USUAL_NAMES / sizeof USUAL_NAMES[0]; i++)
        strtab_add(self->names, USUAL_NAMES[i]);
    strtab_add(self->seen, source);
    read_text(self, source, text, strlen(text));
    read_pending(self);
    return strtab_count(self->headers) > 1 ? self : NULL;
}

/* ---- learning ------------------------------------------------------------------------------- */

/* What clang says about a name that is not declared. */
typedef struct Undeclared {
    const char *name; /* the name */
    CXFile file;      /* where it is used */
    unsigned line;    /* where it is used */
    bool is_call;     /* as a function */
} Undeclared;

typedef Array(Undeclared) UndeclaredArray;

/* C++ reports the function as a name like any other: what is behind it tells. */
static bool is_called(CXTranslationUnit tu, CXFile file, unsigned offset, size_t name_len) {
    size_t size = 0;
    const char *text = clang_getFileContents(tu, file, &size);
    size_t at = offset + name_len;
    while (text != NULL && at < size && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return text != NULL && at < size && text[at] == '(';
}

static void add_undeclared(Trace *self, CXTranslationUnit tu, UndeclaredArray *list,
                           CXDiagnostic diagnostic) {
    CXString spelling = clang_getDiagnosticSpelling(diagnostic);
    const char *text = clang_getCString(spelling);
    const char *begin = text == NULL ? NULL : strchr(text, '\'');
    const char *end = begin == NULL ? NULL : strchr(begin + 1, '\'');
    if (end != NULL && strstr(text, "undeclared") != NULL) {
        Undeclared item = {.is_call = strstr(text, "undeclared function") != NULL};
        item.name = arena_strndup(self->arena, begin + 1, (size_t)(end - begin - 1));
        unsigned offset;
        clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &item.file, &item.line,
                                   NULL, &offset);
        item.is_call |= is_called(tu, item.file, offset, strlen(item.name));
        array_push(list, self->arena, item);
    }
    clang_disposeString(spelling);
}

/* Is there an undeclared name right behind the call? In C++ the function itself is one. */
static bool is_trace_call(const UndeclaredArray *list, uint32_t call) {
    const Undeclared *item = &list->items[call];
    for (uint32_t i = call + 1; i < list->len; i++) {
        const Undeclared *other = &list->items[i];
        if (other->line < item->line || other->line > item->line + MAX_LINES)
            return false;
        if (!other->is_call && clang_File_isEqual(other->file, item->file))
            return true;
    }
    return false;
}

bool trace_learn(Trace *self, CXTranslationUnit tu) {
    UndeclaredArray list = {0};
    uint32_t before = strtab_count(self->names);
    unsigned count = clang_getNumDiagnostics(tu);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        add_undeclared(self, tu, &list, diagnostic);
        clang_disposeDiagnostic(diagnostic);
    }
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.items[i].is_call && is_trace_call(&list, i))
            strtab_add(self->names, list.items[i].name);
    }
    return strtab_count(self->names) > before;
}

/* ---- writing -------------------------------------------------------------------------------- */

void trace_files(Trace *self, UnsavedFiles *files) {
    Text text = {0};
    for (StrId id = 1; id < strtab_count(self->names); id++)
        text_printf(&text, self->arena, "#undef %s\n#define %s(...) ((void)0)\n",
                    strtab_get(self->names, id), strtab_get(self->names, id));
    const char *contents = text_cstr(&text, self->arena);
    for (StrId id = 1; id < strtab_count(self->headers); id++) {
        struct CXUnsavedFile file = {strtab_get(self->headers, id), contents, text.len};
        array_push(files, self->arena, file);
    }
}
