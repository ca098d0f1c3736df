/* trace: `x.tmh` headers, generated before the compiler runs, which nobody has here.
 *
 * A trace function is named in a `begin_wpp config` comment (FUNC Name…) of the source or of a
 * header that it reaches, in the project file (trace_project.c), or it is learned from what clang
 * finds undeclared. Invariant: behind the include of a .tmh these names are macros that do
 * nothing, so that a trace call is a statement without effect, as it is without tracing. Errs:
 * calls among the arguments of a trace call are lost.
 */
#include "analyzer/frontend/trace.h"

#include <ctype.h>
#include <sys/stat.h>

enum { MAX_FILES = 400, MAX_SIZE = 4 * 1024 * 1024, MAX_LINES = 4 };

struct Trace {
    Arena *arena;          /* owns everything */
    FilesRead *read;       /* takes the files read, NULL: nobody asks */
    StrTab *seen;          /* paths that were read */
    StrTab *names;         /* trace functions, "" first */
    CStrArray macros;      /* by name: what defines it, NULL: it does nothing */
    StrTab *headers;       /* paths of the .tmh files that are not there, "" first */
    CStrArray dirs;        /* the -I folders */
    CStrArray pending;     /* files to be read */
    uint32_t pending_read; /* of them, already read */
};

static const char *const USUAL_NAMES[] = {"DoTraceMessage", "WPP_INIT_TRACING", "WPP_CLEANUP",
                                          "WPP_INIT_TRACING_EX", "WPP_INIT_LOG_STRUCT"};

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void add_function(Trace *self, const TraceFunction *function) {
    uint32_t known = strtab_count(self->names);
    if (function->name[0] == '\0')
        return;
    StrId id = strtab_add(self->names, function->name);
    if (id == known)
        array_push(&self->macros, self->arena, function->macro);
    else if (self->macros.items[id] == NULL)
        self->macros.items[id] = function->macro;
}

static void add_name(Trace *self, const char *name) {
    TraceFunction function = {name, NULL};
    add_function(self, &function);
}

/* `FUNC Name…` or `Name{…}…` on a line of a configuration block. */
static void read_line(Trace *self, const char *at, const char *end) {
    while (at < end && (*at == '/' || *at == '*' || isspace((unsigned char)*at)))
        at++;
    bool named = end - at > 5 && strncmp(at, "FUNC ", 5) == 0;
    at += named ? 5 : 0;
    while (at < end && *at == ' ')
        at++;
    const char *behind = at;
    while (behind < end && is_name_char(*behind))
        behind++;
    if (behind == at || (!named && (behind == end || *behind != '{')))
        return;
    TraceFunction function = trace_read_function(self->arena, &at, end);
    add_function(self, &function);
}

static void read_functions(Trace *self, const char *begin, const char *end) {
    while (begin < end) {
        const char *stop = memchr(begin, '\n', (size_t)(end - begin));
        stop = stop == NULL ? end : stop;
        read_line(self, begin, stop);
        begin = stop + 1;
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

const char *trace_header_of(Arena *arena, const char *argument) {
    const char *value = str_starts_with(argument, "-D") ? strchr(argument, '=') : NULL;
    if (value == NULL)
        return NULL;
    size_t len = strcspn(value + 1 + (value[1] == '"'), "\"");
    const char *name = arena_strndup(arena, value + 1 + (value[1] == '"'), len);
    return is_trace_header(name) ? name : NULL;
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

/* `#include "name"` or `<name>`, backslashes turned. */
static void read_includes(Trace *self, const char *dir, const char *text, size_t size) {
    const char *end = text + size, *at = text;
    while ((at = memmem(at, (size_t)(end - at), "include", 7)) != NULL) {
        at += 7;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        int quote = at == end ? 0 : *at == '"' ? '"' : *at == '<' ? '>' : 0;
        const char *close = quote == 0 ? NULL : memchr(at + 1, quote, (size_t)(end - at - 1));
        if (close == NULL || close - at > 256 || memchr(at, '\n', (size_t)(close - at)) != NULL)
            continue;
        char *name = arena_strndup(self->arena, at + 1, (size_t)(close - at - 1));
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '\\' ? '/' : *c;
        add_include(self, dir, name);
    }
}

/* `-DTMH_FILE=x.tmh` or `"x.tmh"`, for `#include` of a macro: clang looks beside the source too. */
static void add_defined(Trace *self, const FrontendJob *job) {
    for (uint32_t i = 0; i < job->arg_count; i++) {
        const char *name = trace_header_of(self->arena, job->args[i]);
        if (name != NULL)
            add_include(self, path_dir(self->arena, job->source), name);
    }
}

static void read_text(Trace *self, const char *path, const char *text, size_t size) {
    read_configuration(self, text, size);
    read_includes(self, path_dir(self->arena, path), text, size);
}

static void read_pending(Trace *self) {
    for (; self->pending_read < self->pending.len; self->pending_read++) {
        Error err = {""};
        char *text;
        size_t size;
        const char *path = self->pending.items[self->pending_read];
        if (self->read != NULL)
            array_push(&self->read->paths, self->read->arena,
                       arena_strdup(self->read->arena, path));
        if (file_read(self->arena, path, MAX_SIZE, &text, &size, &err) == 0)
            read_text(self, path, text, size);
    }
}

static void read_projects(Trace *self, const FrontendJob *job) {
    CStrArray headers = {0};
    TraceFunctionArray functions = {0};
    const char *dir = path_dir(self->arena, job->source);
    trace_read_projects(self->arena, dir, &functions, &headers);
    if (job->driver_dir != NULL && !str_eq(job->driver_dir, dir))
        trace_read_projects(self->arena, job->driver_dir, &functions, &headers);
    for (uint32_t i = 0; i < functions.len; i++)
        add_function(self, &functions.items[i]);
    for (uint32_t i = 0; i < headers.len; i++)
        add_pending(self, headers.items[i]);
    read_pending(self);
}

Trace *trace_find(Arena *arena, const FrontendJob *job, const char *text) {
    Trace *self = arena_new_of(arena, Trace);
    self->arena = arena;
    self->read = job->read;
    self->seen = strtab_new(arena);
    self->names = strtab_new(arena);
    self->headers = strtab_new(arena);
    array_push(&self->macros, arena, NULL);
    for (uint32_t i = 0; i < job->arg_count; i++) {
        if (str_starts_with(job->args[i], "-I"))
            array_push(&self->dirs, arena, job->args[i] + 2);
    }
    for (size_t i = 0; i < sizeof USUAL_NAMES / sizeof USUAL_NAMES[0]; i++)
        add_name(self, USUAL_NAMES[i]);
    strtab_add(self->seen, job->source);
    add_defined(self, job);
    read_text(self, job->source, text, strlen(text));
    read_pending(self);
    if (strtab_count(self->headers) == 1)
        return NULL;
    read_projects(self, job);
    return self;
}

/* ---- learning ------------------------------------------------------------------------------- */

/* What clang says about a name that is not declared. */
typedef struct Undeclared {
    const char *name; /* the name */
    CXFile file;      /* where it is used */
    unsigned line;    /* where it is used */
    bool is_call;     /* as a function, with a string among the arguments */
} Undeclared;

typedef Array(Undeclared) UndeclaredArray;

/* Every trace call has a message. C++ reports the function as a name like any other. */
static bool is_called(CXTranslationUnit tu, CXFile file, unsigned offset, size_t name_len) {
    size_t size = 0;
    const char *text = clang_getFileContents(tu, file, &size);
    size_t at = offset + name_len;
    while (text != NULL && at < size && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (text == NULL || at >= size || text[at] != '(')
        return false;
    for (int level = 0; at < size && text[at] != '"' && text[at] != ';'; at++) {
        level += (text[at] == '(') - (text[at] == ')');
        if (level == 0)
            return false;
    }
    return at < size && text[at] == '"';
}

static void add_undeclared(Trace *self, CXTranslationUnit tu, UndeclaredArray *list,
                           CXDiagnostic diagnostic) {
    CXString spelling = clang_getDiagnosticSpelling(diagnostic);
    const char *text = clang_getCString(spelling);
    const char *begin = text == NULL ? NULL : strchr(text, '\'');
    const char *end = begin == NULL ? NULL : strchr(begin + 1, '\'');
    if (end != NULL && strstr(text, "undeclared") != NULL) {
        Undeclared item = {.name = NULL};
        item.name = arena_strndup(self->arena, begin + 1, (size_t)(end - begin - 1));
        unsigned offset;
        clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &item.file, &item.line,
                                   NULL, &offset);
        item.is_call = is_called(tu, item.file, offset, strlen(item.name));
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

/* C++: what is called with an argument that nobody declares is not reported itself. */
typedef struct OpenCall {
    Arena *arena;     /* owns the name */
    const char *name; /* of the function, NULL: it has a declaration */
    CXCursor call;    /* the call */
    bool is_open;     /* there is such an argument */
    bool has_string;  /* and a message */
} OpenCall;

/* A name that nobody declares has no parts, or is its own only one. */
static enum CXChildVisitResult find_more(CXCursor cursor, CXCursor parent, CXClientData data) {
    bool *is_name = data;
    (void)parent;
    *is_name &= cursor.kind == CXCursor_DeclRefExpr;
    return CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit_parts(CXCursor cursor, CXCursor parent, CXClientData data) {
    OpenCall *self = data;
    bool is_direct = parent.data[1] == self->call.data[1]; /* the parents of both may differ */
    if (parent.kind == CXCursor_DeclRefExpr && cursor.kind == CXCursor_OverloadedDeclRef &&
        self->name == NULL && clang_getNumOverloadedDecls(cursor) == 0) {
        CXString name = clang_getCursorSpelling(cursor);
        const char *text = clang_getCString(name);
        self->name = text == NULL ? NULL : arena_strdup(self->arena, text);
        clang_disposeString(name);
    }
    self->has_string |= cursor.kind == CXCursor_StringLiteral;
    if (is_direct && cursor.kind == CXCursor_UnexposedExpr &&
        clang_getCursorType(cursor).kind == CXType_Dependent) {
        bool is_name = true;
        clang_visitChildren(cursor, find_more, &is_name);
        self->is_open |= is_name;
    }
    return CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit_call(CXCursor cursor, CXCursor parent, CXClientData data) {
    Trace *self = data;
    OpenCall call = {.arena = self->arena, .call = cursor};
    (void)parent;
    if (cursor.kind != CXCursor_CallExpr || clang_getCursorType(cursor).kind != CXType_Dependent)
        return CXChildVisit_Recurse;
    clang_visitChildren(cursor, visit_parts, &call);
    if (call.name != NULL && call.is_open && call.has_string && call.name[0] != '\0')
        add_name(self, call.name);
    return CXChildVisit_Recurse;
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
            add_name(self, list.items[i].name);
    }
    clang_visitChildren(clang_getTranslationUnitCursor(tu), visit_call, self);
    return strtab_count(self->names) > before;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* What the kit's template for generated headers gives every source. */
static const char COMMON_PART[] =
    "#ifndef TRACE_LEVEL_NONE\n"
    "#define TRACE_LEVEL_NONE 0\n#define TRACE_LEVEL_CRITICAL 1\n#define TRACE_LEVEL_FATAL 1\n"
    "#define TRACE_LEVEL_ERROR 2\n#define TRACE_LEVEL_WARNING 3\n"
    "#define TRACE_LEVEL_INFORMATION 4\n#define TRACE_LEVEL_VERBOSE 5\n"
    "#endif\n"
    "#ifndef WPP_LEVEL_ENABLED\n#define WPP_LEVEL_ENABLED(...) 0\n#endif\n"
    "#ifndef WPP_FLAG_ENABLED\n#define WPP_FLAG_ENABLED(...) 0\n#endif\n"
    "#ifndef WPP_LEVEL_LOGGER\n#define WPP_LEVEL_LOGGER(...) 0,\n#endif\n"
    "#ifndef WPP_CONTROL\n"
    "struct irqlint_wpp { unsigned char Level; unsigned Flags[1]; };\n"
    "#define WPP_CONTROL(...) (*(struct irqlint_wpp *)0)\n"
    "#endif\n";

void trace_files(Trace *self, UnsavedFiles *files) {
    Text text = {0};
    text_append(&text, self->arena, COMMON_PART);
    for (StrId id = 1; id < strtab_count(self->names); id++) {
        const char *name = strtab_get(self->names, id), *macro = self->macros.items[id];
        text_printf(&text, self->arena, "#undef %s\n", name);
        if (macro != NULL)
            text_append(&text, self->arena, macro);
        else
            text_printf(&text, self->arena, "#define %s(...) ((void)0)\n", name);
    }
    const char *contents = text_cstr(&text, self->arena);
    for (StrId id = 1; id < strtab_count(self->headers); id++) {
        struct CXUnsavedFile file = {strtab_get(self->headers, id), contents, text.len};
        array_push(files, self->arena, file);
    }
}
