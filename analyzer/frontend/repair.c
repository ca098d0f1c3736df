/* repair: what Microsoft's compiler takes and clang does not, mended for another parse.
 *
 * - The body of a template is text to it until the template is used: classes may be complete only
 *   then. Bodies of templates that nothing uses are not seen when this is mended.
 * - What is asserted is not there in a release build and need not compile.
 * - `-DPREFIX=L` and PREFIX"text" are one token. Mended, the text is narrow; nothing depends on it.
 * - `extern "C" static`, `__declspec` in the name of a type, SAL before `template`: the word is
 *   blanked out, so every place stays where it was.
 * Invariant: nothing is changed without an error at that place. Errs towards the error.
 */
#include "analyzer/frontend/repair.h"

#include <ctype.h>

enum { MAX_BLANKED = 1000 };

struct Repair {
    Arena *arena;       /* owns everything */
    bool cxx;           /* the language */
    bool late;          /* bodies of templates are parsed when they are used */
    bool no_asserts;    /* assertions are nothing */
    bool text_prefix;   /* `L` is nothing */
    uint32_t blanked;   /* how often */
    UnsavedFiles files; /* what is blanked */
};

Repair *repair_new(Arena *arena, bool cxx) {
    Repair *self = arena_new_of(arena, Repair);
    self->arena = arena;
    self->cxx = cxx;
    return self;
}

bool repair_is_plain(const Repair *self) {
    return self->late || self->no_asserts || self->text_prefix;
}

void repair_args(const Repair *self, CStrArray *args) {
    if (self->late)
        array_push(args, self->arena, "-fdelayed-template-parsing");
    if (self->no_asserts)
        array_push(args, self->arena, "-DIRQLINT_NO_ASSERTS");
    if (self->text_prefix)
        array_push(args, self->arena, "-DL=");
}

const UnsavedFiles *repair_files(const Repair *self) {
    return &self->files;
}

/* ---- the text around a report --------------------------------------------------------------- */

/* Where a report stands in the text that was written, not in a macro. */
typedef struct Spot {
    CXFile file;      /* NULL: nowhere */
    const char *text; /* of the file */
    size_t size;      /* of the text */
    size_t at;        /* offset in it */
    bool in_macro;    /* a macro stands there */
} Spot;

static Spot spot_of(CXTranslationUnit tu, CXDiagnostic diagnostic) {
    Spot spot = {0};
    unsigned at = 0, spelled = 0;
    CXFile spelled_in;
    CXSourceLocation location = clang_getDiagnosticLocation(diagnostic);
    clang_getExpansionLocation(location, &spot.file, NULL, NULL, &at);
    clang_getSpellingLocation(location, &spelled_in, NULL, NULL, &spelled);
    if (spot.file != NULL && clang_Location_isInSystemHeader(location) == 0)
        spot.text = clang_getFileContents(tu, spot.file, &spot.size);
    spot.at = at;
    spot.in_macro = at != spelled;
    if (spot.text == NULL || spot.at >= spot.size)
        spot.file = NULL;
    return spot;
}

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static size_t name_end(const Spot *spot, size_t at) {
    while (at < spot->size && is_name_char(spot->text[at]))
        at++;
    return at;
}

static bool is_word(const Spot *spot, size_t at, size_t end, const char *word) {
    return end - at == strlen(word) && memcmp(spot->text + at, word, end - at) == 0;
}

/* Behind a name and the parentheses that follow it; `at` when there are none. */
static size_t call_end(const Spot *spot, size_t at) {
    size_t end = name_end(spot, at), depth = 0;
    while (end < spot->size && spot->text[end] == ' ')
        end++;
    if (end >= spot->size || spot->text[end] != '(')
        return at;
    for (; end < spot->size; end++) {
        depth += spot->text[end] == '(';
        depth -= spot->text[end] == ')';
        if (depth == 0)
            return end + 1;
    }
    return at;
}

/* ---- blanking out --------------------------------------------------------------------------- */

static char *text_to_change(Repair *self, const Spot *spot) {
    CXString name = clang_getFileName(spot->file);
    const char *path = clang_getCString(name);
    char *text = NULL;
    for (uint32_t i = 0; path != NULL && text == NULL && i < self->files.len; i++) {
        if (str_eq(self->files.items[i].Filename, path))
            text = (char *)(uintptr_t)self->files.items[i].Contents;
    }
    if (path != NULL && text == NULL) {
        text = arena_strndup(self->arena, spot->text, spot->size);
        struct CXUnsavedFile file = {arena_strdup(self->arena, path), text, spot->size};
        array_push(&self->files, self->arena, file);
    }
    clang_disposeString(name);
    return text;
}

static bool blank(Repair *self, const Spot *spot, size_t begin, size_t end) {
    char *text = begin < end && self->blanked < MAX_BLANKED ? text_to_change(self, spot) : NULL;
    for (size_t i = begin; text != NULL && i < end; i++)
        text[i] = text[i] == '\n' || text[i] == '\r' ? text[i] : ' ';
    self->blanked += text != NULL;
    return text != NULL;
}

/* `extern "C" static`: the second word goes, what it says does not matter here. */
static bool blank_static(Repair *self, const Spot *spot) {
    size_t end = name_end(spot, spot->at);
    return is_word(spot, spot->at, end, "static") && blank(self, spot, spot->at, end);
}

/* `(__declspec(align(8)) UCHAR[])`, also behind a macro. */
static bool blank_declspec(Repair *self, const Spot *spot) {
    size_t end = name_end(spot, spot->at);
    if (!is_word(spot, spot->at, end, "__declspec") &&
        !is_word(spot, spot->at, end, "DECLSPEC_ALIGN"))
        return false;
    return blank(self, spot, spot->at, call_end(spot, spot->at));
}

/* SAL before `template`: what stands between the end of the declaration before and the word. */
static bool blank_annotations(Repair *self, const Spot *spot) {
    size_t end = name_end(spot, spot->at), begin = spot->at;
    if (!is_word(spot, spot->at, end, "template"))
        return false;
    while (begin > 0 && strchr(";{}#\"", spot->text[begin - 1]) == NULL)
        begin--;
    while (begin < spot->at && spot->text[begin] != '_')
        begin++;
    return blank(self, spot, begin, spot->at);
}

/* An annotation where clang wants none: the macro and what is in parentheses behind it. */
static bool blank_annotation(Repair *self, const Spot *spot) {
    size_t end = call_end(spot, spot->at);
    end = end == spot->at ? name_end(spot, spot->at) : end;
    return spot->in_macro && blank(self, spot, spot->at, end);
}

/* ---- reports -------------------------------------------------------------------------------- */

static bool is_assertion(const Spot *spot) {
    size_t len = name_end(spot, spot->at) - spot->at;
    return spot->in_macro && (memmem(spot->text + spot->at, len, "ASSERT", 6) != NULL ||
                              memmem(spot->text + spot->at, len, "Assert", 6) != NULL);
}

static bool set(bool *flag, bool value) {
    bool changed = value && !*flag;
    *flag |= value;
    return changed;
}

static bool learn_report(Repair *self, CXTranslationUnit tu, CXDiagnostic diagnostic,
                         const char *message) {
    Spot spot = spot_of(tu, diagnostic);
    bool changed = set(&self->text_prefix, str_eq(message, "use of undeclared identifier 'L'"));
    if (self->cxx)
        changed |= set(&self->late, str_starts_with(message, "member access into incomplete type"));
    if (spot.file == NULL)
        return changed;
    changed |= set(&self->no_asserts, is_assertion(&spot));
    if (str_starts_with(message, "cannot combine with previous 'extern'"))
        return blank_static(self, &spot) || changed;
    if (str_starts_with(message, "expected expression"))
        return blank_declspec(self, &spot) || changed;
    if (str_starts_with(message, "expected unqualified-id"))
        return blank_annotations(self, &spot) || changed;
    if (str_starts_with(message, "an attribute list cannot appear here"))
        return blank_annotation(self, &spot) || changed;
    return changed;
}

bool repair_learn(Repair *self, CXTranslationUnit tu) {
    bool changed = false;
    for (unsigned i = 0; i < clang_getNumDiagnostics(tu); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        if (text != NULL && clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error)
            changed |= learn_report(self, tu, diagnostic, text);
        clang_disposeString(spelling);
        clang_disposeDiagnostic(diagnostic);
    }
    return changed;
}
