/* declare: stand-ins for names that a unit uses and nobody declares.
 *
 * clang drops the whole statement around a name that it does not know, and the statements inside it
 * too. So the file is parsed again behind a header that declares these names, with a type that is
 * unknown itself: clang then keeps the statement, and what depends on the name has no type. Whether
 * a name is a type, in C++ a function or a template, follows from the message and from the text
 * around it. Invariant: every name was reported, and the reports stay errors of the unit; a name
 * that the unit declares after all has no stand-in. Errs: a macro of the missing header that leaves
 * the function, or takes part of a statement, is a call or a value here.
 */
#include "analyzer/frontend/declare.h"

#include <ctype.h>

#define UNKNOWN_TYPE "__irqlint_unknown"

enum { MAX_STAND_INS = 4000 };

typedef enum StandInKind {
    STAND_IN_NONE,     /* the unit declares it itself, or it is a namespace */
    STAND_IN_VALUE,    /* a variable, an enumerator, a macro */
    STAND_IN_TYPE,     /* a typedef or a class */
    STAND_IN_TEMPLATE, /* C++: of types */
    STAND_IN_FUNCTION  /* C++: in C a call declares it */
} StandInKind;

typedef struct StandIn {
    const char *name;  /* the name */
    const char *space; /* C++: namespace that is said to lack it, NULL the global one */
    StandInKind kind;  /* what it seems to be */
} StandIn;

struct Declare {
    Arena *arena;             /* owns everything */
    const char *path;         /* of the header */
    bool cxx;                 /* the language */
    StrTab *known;            /* namespace::name, "" first */
    Array(StandIn) stand_ins; /* by the ids of `known` */
    DeclareErrorArray errors; /* the reports */
    bool grown;               /* the header has changed */
};

Declare *declare_new(Arena *arena, const char *source, bool cxx) {
    Declare *self = arena_new_of(arena, Declare);
    self->arena = arena;
    self->path = header_name(arena, source, ".undeclared.h");
    self->cxx = cxx;
    declare_reset(self);
    return self;
}

void declare_reset(Declare *self) {
    StandIn none = {NULL, NULL, STAND_IN_NONE};
    self->known = strtab_new(self->arena);
    self->stand_ins.len = self->errors.len = 0;
    array_push(&self->stand_ins, self->arena, none);
}

const char *declare_path(const Declare *self) {
    return self->path;
}

/* ---- the text around a name ----------------------------------------------------------------- */

/* A name where it is used. */
typedef struct Use {
    const char *begin; /* of the file */
    const char *name;  /* first character */
    const char *after; /* one behind the last */
    const char *end;   /* of the file */
} Use;

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_word_start(char c) {
    return isalpha((unsigned char)c) || c == '_';
}

/* False when something else stands there: the name came out of a macro. */
static bool find_use(CXTranslationUnit tu, CXSourceLocation location, const char *name, Use *use) {
    CXFile file;
    unsigned offset;
    size_t size = 0, len = strlen(name);
    clang_getSpellingLocation(location, &file, NULL, NULL, &offset);
    const char *text = file == NULL ? NULL : clang_getFileContents(tu, file, &size);
    if (text == NULL || offset + len > size || strncmp(text + offset, name, len) != 0)
        return false;
    *use = (Use){text, text + offset, text + offset + len, text + size};
    return true;
}

static const char *skip_right(const char *at, const char *end, const char *blanks) {
    while (at < end && *at != '\0' && strchr(blanks, *at) != NULL)
        at++;
    return at;
}

/* One behind the last character before `at` that is no blank. */
static const char *skip_left(const char *begin, const char *at) {
    while (at > begin && strchr(" \t\r\n\\", at[-1]) != NULL)
        at--;
    return at;
}

static bool ends_with_word(const char *begin, const char *at, const char *word) {
    size_t len = strlen(word);
    return (size_t)(at - begin) >= len && strncmp(at - len, word, len) == 0 &&
           ((size_t)(at - begin) == len || !is_word(at[-(ptrdiff_t)len - 1]));
}

/* `(X)y`, `(X *)y`: at is one behind X and its stars. */
static bool is_cast(const Use *use, const char *at) {
    const char *left = skip_left(use->begin, use->name);
    bool stars = at > use->after && at[-1] == '*';
    if (left == use->begin || left[-1] != '(' || at >= use->end || *at != ')')
        return false;
    left = skip_left(use->begin, left - 1);
    if (stars)
        return true;
    if (left > use->begin && is_word(left[-1]) && !ends_with_word(use->begin, left, "return"))
        return false;
    at = skip_right(at + 1, use->end, " \t");
    return at < use->end && (is_word(*at) || strchr("(\"~", *at) != NULL);
}

/* `X y`, `X *y = …`, `X *y;`: at is one behind X and its stars. */
static bool is_declaration(const Use *use, const char *at) {
    const char *left = skip_left(use->begin, use->name);
    if (at >= use->end || !is_word_start(*at))
        return false;
    bool begins = left == use->begin || strchr(";{}):", left[-1]) != NULL ||
                  ends_with_word(use->begin, left, "const") ||
                  ends_with_word(use->begin, left, "static") ||
                  ends_with_word(use->begin, left, "volatile");
    if (memchr(use->after, '*', (size_t)(at - use->after)) == NULL)
        return true;
    while (at < use->end && is_word(*at))
        at++;
    at = skip_right(at, use->end, " \t");
    return begins && at < use->end && strchr("=;,[", *at) != NULL;
}

static StandInKind kind_of_use(const Use *use, bool cxx) {
    const char *at = skip_right(use->after, use->end, " \t*");
    const char *next = skip_right(use->after, use->end, " \t");
    if (cxx && next < use->end && *next == '<' && next[1] != '<' && next[1] != '=' &&
        next[1] != ' ')
        return STAND_IN_TEMPLATE;
    if (is_declaration(use, at) || is_cast(use, at))
        return STAND_IN_TYPE;
    if (cxx && next < use->end && *next == '(')
        return STAND_IN_FUNCTION;
    return STAND_IN_VALUE;
}

/* ---- learning ------------------------------------------------------------------------------- */

/* The text between the first two quotes; NULL none. */
static const char *quoted(Arena *arena, const char *text) {
    const char *open = strchr(text, '\'');
    const char *close = open == NULL ? NULL : strchr(open + 1, '\'');
    return close == NULL ? NULL : arena_strndup(arena, open + 1, (size_t)(close - open - 1));
}

static bool is_name(const char *text) {
    if (!is_word_start(*text))
        return false;
    while (is_word(*text))
        text++;
    return *text == '\0';
}

/* The message is about a name that is not declared: *found gets it with its namespace. */
static bool read_message(Declare *self, const char *text, StandIn *found) {
    static const struct {
        const char *begin; /* of the message */
        StandInKind kind;  /* of the name */
        bool is_member;    /* of a namespace, or of a class, which gets no stand-in */
    } forms[] = {{"use of undeclared identifier '", STAND_IN_VALUE, false},
                 {"unknown type name '", STAND_IN_TYPE, false},
                 {"no template named '", STAND_IN_TEMPLATE, false},
                 {"no member named '", STAND_IN_VALUE, true},
                 {"no type named '", STAND_IN_TYPE, true}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!str_starts_with(text, forms[i].begin))
            continue;
        const char *space = strstr(text, "' in namespace '");
        found->name = quoted(self->arena, text);
        found->space = space == NULL ? NULL : quoted(self->arena, space + 1);
        found->kind = forms[i].kind;
        return found->name != NULL && is_name(found->name) &&
               (!forms[i].is_member || (found->space != NULL && is_name(found->space)));
    }
    return false;
}

/* A namespace, or a class with something in it, gets none. */
static StandInKind choose_kind(const Declare *self, CXTranslationUnit tu, CXSourceLocation location,
                               const StandIn *found) {
    Use use;
    if (found->kind != STAND_IN_VALUE || !find_use(tu, location, found->name, &use))
        return found->kind;
    const char *next = skip_right(use.after, use.end, " \t");
    bool is_scope = use.end - next > 1 && next[0] == ':' && next[1] == ':';
    return is_scope ? STAND_IN_NONE : kind_of_use(&use, self->cxx);
}

static void add_error(Declare *self, StrId id, CXSourceLocation location, const char *text) {
    CXFile file;
    DeclareError error = {.name = id, .message = arena_strdup(self->arena, text)};
    clang_getExpansionLocation(location, &file, &error.line, &error.column, NULL);
    CXString path = clang_getFileName(file);
    const char *spelling = clang_getCString(path);
    error.path = arena_strdup(self->arena, spelling == NULL ? "" : spelling);
    clang_disposeString(path);
    array_push(&self->errors, self->arena, error);
}

static bool is_type(StandInKind kind) {
    return kind == STAND_IN_TYPE || kind == STAND_IN_TEMPLATE;
}

/* What a declaration with an unknown type would declare is unknown too: types are learned first. */
static void learn_name(Declare *self, CXTranslationUnit tu, CXSourceLocation location,
                       const char *text, bool types) {
    StandIn found;
    uint32_t count = strtab_count(self->known);
    if (!read_message(self, text, &found) || str_eq(found.name, UNKNOWN_TYPE) ||
        count >= MAX_STAND_INS)
        return;
    const char *space = found.space == NULL ? "" : found.space;
    const char *key = arena_printf(self->arena, "%s::%s", space, found.name);
    StrId id = strtab_find(self->known, key);
    if (id == UINT32_MAX) {
        found.kind = choose_kind(self, tu, location, &found);
        if (types && !is_type(found.kind))
            return;
        id = strtab_add(self->known, key);
        array_push(&self->stand_ins, self->arena, found);
        self->grown |= found.kind != STAND_IN_NONE;
    }
    add_error(self, id, location, text);
}

/* The unit declares the name behind its stand-in: "redefinition of 'x' …". */
static void refuse_name(Declare *self, const char *text) {
    const char *name = quoted(self->arena, text);
    if (name == NULL ||
        (strstr(text, "redefinition") == NULL && strstr(text, "redeclar") == NULL &&
         strstr(text, "conflicting types") == NULL && strstr(text, "ambiguous") == NULL))
        return;
    for (uint32_t i = 1; i < self->stand_ins.len; i++) {
        StandIn *stand_in = &self->stand_ins.items[i];
        if (stand_in->kind == STAND_IN_NONE || !str_eq(stand_in->name, name))
            continue;
        stand_in->kind = STAND_IN_NONE;
        self->grown = true;
    }
}

static void learn(Declare *self, CXTranslationUnit tu, bool types) {
    unsigned count = clang_getNumDiagnostics(tu);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        if (text != NULL && clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            if (types)
                refuse_name(self, text);
            learn_name(self, tu, clang_getDiagnosticLocation(diagnostic), text, types);
        }
        clang_disposeString(spelling);
        clang_disposeDiagnostic(diagnostic);
    }
}

bool declare_learn(Declare *self, CXTranslationUnit tu) {
    self->grown = false;
    learn(self, tu, true);
    if (!self->grown)
        learn(self, tu, false);
    return self->grown;
}

const DeclareErrorArray *declare_errors(Declare *self) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->errors.len; i++) {
        DeclareError error = self->errors.items[i];
        if (self->stand_ins.items[error.name].kind != STAND_IN_NONE)
            self->errors.items[kept++] = error;
    }
    self->errors.len = kept;
    return &self->errors;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_stand_in(const Declare *self, Text *text, const StandIn *stand_in) {
    static const char *const forms[] = {
        "", "extern " UNKNOWN_TYPE " %s;", "typedef " UNKNOWN_TYPE " %s;",
        "template <class...> using %s = int;", "extern \"C\" int %s(...);"};
    const char *form = forms[stand_in->kind], *at = strstr(form, "%s");
    if (at == NULL)
        return;
    if (stand_in->space != NULL)
        text_printf(text, self->arena, "namespace %s { ", stand_in->space);
    text_printf(text, self->arena, "%.*s%s%s", (int)(at - form), form, stand_in->name, at + 2);
    text_append(text, self->arena, stand_in->space != NULL ? " }\n" : "\n");
}

bool declare_file(Declare *self, struct CXUnsavedFile *file) {
    Text text = {0};
    for (uint32_t i = 1; i < self->stand_ins.len; i++)
        write_stand_in(self, &text, &self->stand_ins.items[i]);
    const char *contents = text_cstr(&text, self->arena);
    *file = (struct CXUnsavedFile){self->path, contents, text.len};
    return text.len > 0;
}
