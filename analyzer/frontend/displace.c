/* displace: model declarations that a driver declares otherwise.
 *
 * Drivers bring their own declarations of what their kit did not have: structures nobody documents,
 * copies of kit headers, functions with other parameters. The model is only a stand-in for the kit,
 * so the driver's word counts: the file is parsed again behind a header that includes the model
 * header in question with the name spelled otherwise. The model's other declarations then keep the
 * model's version, and the driver's code sees its own.
 * Invariant: a name is displaced only when one of the two declarations is the model's and the other
 * is not. Errs: a type that the driver fills and hands to a model function has two names.
 */
#include "analyzer/frontend/displace.h"

#include <ctype.h>

enum { MAX_DISPLACED = 1000 };

struct Displace {
    Arena *arena;      /* owns everything */
    const char *path;  /* of the header */
    StrTab *names;     /* displaced */
    CStrArray headers; /* model headers that declare them, in the order they were met */
};

Displace *displace_new(Arena *arena, const char *source) {
    Displace *self = arena_new_of(arena, Displace);
    self->arena = arena;
    self->path = header_name(arena, source, ".displaced.h");
    self->names = strtab_new(arena);
    return self;
}

const char *displace_path(const Displace *self) {
    return self->path;
}

static bool is_conflict(const char *message) {
    static const char *const forms[] = {
        "redefinition of '",       "redefinition of enumerator '",
        "redeclaration of '",      "typedef redefinition with different types",
        "static declaration of '", "functions that differ only in their return type"};
    if (strstr(message, "as different kind of symbol") != NULL)
        return false; /* a type's name where clang lost its way */
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (str_starts_with(message, forms[i]))
            return true;
    }
    return false;
}

/* The declared name stands at the place of the message; NULL when a macro wrote it. */
static const char *name_at(Displace *self, CXTranslationUnit tu, CXSourceLocation location) {
    CXFile file;
    unsigned begin;
    size_t size = 0, end;
    clang_getSpellingLocation(location, &file, NULL, NULL, &begin);
    const char *text = file == NULL ? NULL : clang_getFileContents(tu, file, &size);
    for (end = begin; text != NULL && end < size; end++) {
        if (!isalnum((unsigned char)text[end]) && text[end] != '_')
            break;
    }
    if (text == NULL || end <= begin || isdigit((unsigned char)text[begin]))
        return NULL;
    return arena_strndup(self->arena, text + begin, end - begin);
}

static void add_header(Displace *self, CXSourceLocation location) {
    CXFile file;
    clang_getSpellingLocation(location, &file, NULL, NULL, NULL);
    CXString name = clang_getFileName(file);
    const char *path = clang_getCString(name);
    bool known = path == NULL;
    for (uint32_t i = 0; !known && i < self->headers.len; i++)
        known = str_eq(self->headers.items[i], path);
    if (!known)
        array_push(&self->headers, self->arena, arena_strdup(self->arena, path));
    clang_disposeString(name);
}

static bool learn_pair(Displace *self, CXTranslationUnit tu, CXSourceLocation here,
                       CXSourceLocation there) {
    bool model_is_here = clang_Location_isInSystemHeader(here) != 0;
    if (model_is_here == (clang_Location_isInSystemHeader(there) != 0))
        return false;
    const char *name = name_at(self, tu, here);
    if (name == NULL || strtab_find(self->names, name) != UINT32_MAX ||
        strtab_count(self->names) >= MAX_DISPLACED)
        return false;
    strtab_add(self->names, name);
    add_header(self, model_is_here ? here : there);
    return true;
}

static bool learn_error(Displace *self, CXTranslationUnit tu, CXDiagnostic diagnostic) {
    CXDiagnosticSet notes = clang_getChildDiagnostics(diagnostic);
    bool learned = false;
    for (unsigned i = 0; i < clang_getNumDiagnosticsInSet(notes); i++) {
        CXDiagnostic note = clang_getDiagnosticInSet(notes, i);
        CXString spelling = clang_getDiagnosticSpelling(note);
        const char *text = clang_getCString(spelling);
        if (text != NULL && strstr(text, "previous ") != NULL)
            learned |= learn_pair(self, tu, clang_getDiagnosticLocation(diagnostic),
                                  clang_getDiagnosticLocation(note));
        clang_disposeString(spelling);
        clang_disposeDiagnostic(note);
    }
    return learned;
}

/* Does the unit report exactly this? On true *found is the report, which the caller disposes. */
static bool find_error(CXTranslationUnit tu, const char *message, CXDiagnostic *found) {
    for (unsigned i = 0; i < clang_getNumDiagnostics(tu); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        bool same = text != NULL && str_eq(text, message);
        clang_disposeString(spelling);
        if (same) {
            *found = diagnostic;
            return true;
        }
        clang_disposeDiagnostic(diagnostic);
    }
    return false;
}

/* A function with other parameters: as long as its calls fit both, the model's word does no harm
 * and says more; so a call that does not fit, "too few arguments to function call …" with the note
 * "'f' declared here", is the reason. */
static bool learn_call(Displace *self, CXTranslationUnit tu, CXDiagnostic diagnostic) {
    CXDiagnosticSet notes = clang_getChildDiagnostics(diagnostic);
    bool learned = false;
    for (unsigned i = 0; i < clang_getNumDiagnosticsInSet(notes); i++) {
        CXDiagnostic note = clang_getDiagnosticInSet(notes, i), conflict;
        CXString spelling = clang_getDiagnosticSpelling(note);
        const char *text = clang_getCString(spelling);
        const char *end = text == NULL ? NULL : strstr(text, " declared here");
        if (end != NULL && find_error(tu,
                                      arena_printf(self->arena, "conflicting types for %.*s",
                                                   (int)(end - text), text),
                                      &conflict)) {
            learned |= learn_error(self, tu, conflict);
            clang_disposeDiagnostic(conflict);
        }
        clang_disposeString(spelling);
        clang_disposeDiagnostic(note);
    }
    return learned;
}

static bool is_call(const char *message) {
    return str_starts_with(message, "too few arguments to function call") ||
           str_starts_with(message, "too many arguments to function call");
}

bool displace_learn(Displace *self, CXTranslationUnit tu) {
    bool learned = false;
    for (unsigned i = 0; i < clang_getNumDiagnostics(tu); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        bool is_error = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        if (text != NULL && is_error && is_conflict(text))
            learned |= learn_error(self, tu, diagnostic);
        else if (text != NULL && is_error && is_call(text))
            learned |= learn_call(self, tu, diagnostic);
        clang_disposeString(spelling);
        clang_disposeDiagnostic(diagnostic);
    }
    return learned;
}

bool displace_file(Displace *self, struct CXUnsavedFile *file) {
    Text text = {0};
    for (uint32_t i = 1; i < strtab_count(self->names); i++) {
        const char *name = strtab_get(self->names, i);
        text_printf(&text, self->arena, "#define %s irqlint_model_%s\n", name, name);
    }
    for (uint32_t i = 0; i < self->headers.len; i++)
        text_printf(&text, self->arena, "#include \"%s\"\n", self->headers.items[i]);
    for (uint32_t i = 1; i < strtab_count(self->names); i++)
        text_printf(&text, self->arena, "#undef %s\n", strtab_get(self->names, i));
    const char *contents = text_cstr(&text, self->arena);
    *file = (struct CXUnsavedFile){self->path, contents, text.len};
    return self->headers.len > 0;
}
