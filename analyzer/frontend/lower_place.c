/* lower_place: the section that code and data are put into.
 *
 * clang itself evaluates the placing pragmas and declspecs (order, push and pop, `#if`, macros,
 * includes) and leaves a section attribute on what they concern; with
 * CXTranslationUnit_VisitImplicitAttributes the attribute is visible and its location is the pragma
 * or declspec that counts. libclang does not tell the section's name, so the few words at that
 * location are read as text. That costs nothing where nothing is placed, needs no preprocessing
 * record and no setting of the precompiled prelude. For alloc_text the attribute has no location:
 * the directive that names the function is looked up in the file, the last one before the
 * definition. Errs: when two alloc_text of one function differ by `#if`, the last one is believed.
 */
#include "analyzer/frontend/lower.h"

#include <ctype.h>

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
}

/* A stretch of a file's text. */
typedef struct Span {
    const char *at;  /* next character */
    const char *end; /* one behind the last */
} Span;

static void skip_space(Span *span) {
    while (span->at < span->end && (isspace((unsigned char)*span->at) || *span->at == '\\'))
        span->at++;
}

static bool take_char(Span *span, char c) {
    skip_space(span);
    if (span->at >= span->end || *span->at != c)
        return false;
    span->at++;
    return true;
}

/* A name or a quoted string, without the quotes; NULL when neither is next. */
static const char *take_word(Span *span, Arena *arena, bool *quoted) {
    skip_space(span);
    *quoted = take_char(span, '"');
    const char *begin = span->at;
    while (span->at < span->end &&
           (*quoted ? *span->at != '"' && *span->at != '\n' : is_name_char(*span->at)))
        span->at++;
    char *word = arena_strndup(arena, begin, (size_t)(span->at - begin));
    if (*quoted)
        take_char(span, '"');
    return *quoted || word[0] != '\0' ? word : NULL;
}

/* ---- names behind macros -------------------------------------------------------------------- */

/* `#define NAME "PAGE"` in the text: PAGE, else NULL. */
static const char *macro_string(Arena *arena, const char *text, size_t size, const char *name) {
    size_t len = strlen(name);
    for (const char *p = text; (p = memmem(p, size - (size_t)(p - text), "define", 6)) != NULL;) {
        p += 6;
        Span span = {p, text + size};
        bool quoted;
        skip_space(&span);
        if ((size_t)(span.end - span.at) <= len || strncmp(span.at, name, len) != 0 ||
            is_name_char(span.at[len]))
            continue;
        span.at += len;
        const char *word = take_word(&span, arena, &quoted);
        if (word != NULL && quoted)
            return word;
    }
    return NULL;
}

static const char *resolve_macro(Lower *self, CXFile file, const char *name) {
    size_t size = 0;
    const char *text = clang_getFileContents(self->tu, file, &size);
    const char *word = text == NULL ? NULL : macro_string(self->scratch, text, size, name);
    for (uint32_t i = 0; word == NULL && i < self->files.len; i++) {
        if (self->files.items[i].is_model)
            continue;
        text = clang_getFileContents(self->tu, self->files.items[i].file, &size);
        if (text != NULL)
            word = macro_string(self->scratch, text, size, name);
    }
    return word;
}

/* ---- attributes with a location ------------------------------------------------------------- */

static bool is_placing_word(const char *word) {
    static const char *const words[] = {"code_seg", "data_seg", "const_seg",  "bss_seg",
                                        "allocate", "section",  "__section__"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(word, words[i]))
            return true;
    }
    return false;
}

/* (push, label, "NAME", "CLASS"): the first string, else the last word, which is a macro. */
static const char *section_argument(Lower *self, CXFile file, Span *span) {
    const char *name = NULL;
    bool quoted;
    if (!take_char(span, '('))
        return NULL;
    do {
        const char *word = take_word(span, self->scratch, &quoted);
        if (word != NULL && quoted)
            return word;
        if (word != NULL)
            name = word;
    } while (take_char(span, ','));
    return name == NULL ? NULL : resolve_macro(self, file, name);
}

static const char *section_at(Lower *self, CXSourceLocation location) {
    CXFile file;
    unsigned offset;
    size_t size = 0;
    bool quoted;
    clang_getSpellingLocation(location, &file, NULL, NULL, &offset);
    const char *text = file == NULL ? NULL : clang_getFileContents(self->tu, file, &size);
    if (text == NULL || offset >= size)
        return NULL;
    Span span = {text + offset, text + size};
    const char *word = take_word(&span, self->scratch, &quoted);
    if (word != NULL && (str_eq(word, "__pragma") || str_eq(word, "pragma"))) {
        take_char(&span, '(');
        word = take_word(&span, self->scratch, &quoted);
    }
    if (word == NULL || !is_placing_word(word))
        return NULL;
    return section_argument(self, file, &span);
}

/* ---- alloc_text ----------------------------------------------------------------------------- */

/* Nothing but blanks before `#pragma` on the line, or a `__pragma`: no comment. */
static bool is_directive(const char *text, const char *at) {
    const char *line = at;
    while (line > text && line[-1] != '\n')
        line--;
    size_t len = (size_t)(at - line);
    if (memmem(line, len, "__pragma", 8) != NULL)
        return true;
    Span span = {line, at};
    skip_space(&span);
    return take_char(&span, '#') && memmem(line, len, "pragma", 6) != NULL;
}

static void add_alloc_texts(Lower *self, CXFile file, const char *text, const char *at, Span span) {
    bool quoted;
    if (!take_char(&span, '('))
        return;
    const char *segment = take_word(&span, self->scratch, &quoted);
    unsigned offset = (unsigned)(at - text);
    AllocText record = {NULL, segment, {0, 0, 0}, offset};
    record.loc = loc_of(self, clang_getLocationForOffset(self->tu, file, offset));
    while (segment != NULL && take_char(&span, ',')) {
        record.function = take_word(&span, self->scratch, &quoted);
        if (record.function == NULL)
            break;
        array_push(&self->alloc_texts, self->scratch, record);
    }
}

static void scan_alloc_texts(Lower *self, CXFile file) {
    static const char word[] = "alloc_text";
    bool created;
    size_t size = 0;
    map64_put(self->alloc_scanned, (uint64_t)(uintptr_t)file, &created);
    const char *text = created ? clang_getFileContents(self->tu, file, &size) : NULL;
    const char *at = text;
    while (at != NULL && (at = memmem(at, size - (size_t)(at - text), word, sizeof word - 1))) {
        Span span = {at + sizeof word - 1, text + size};
        if (is_directive(text, at))
            add_alloc_texts(self, file, text, at, span);
        at += sizeof word - 1;
    }
}

static const AllocText *find_alloc_text(Lower *self, IrFile file, const char *function,
                                        unsigned before) {
    const AllocText *best = NULL;
    for (uint32_t i = 0; i < self->alloc_texts.len; i++) {
        const AllocText *record = &self->alloc_texts.items[i];
        if (!str_eq(record->function, function))
            continue;
        if (record->loc.file == file && record->offset > before)
            continue;
        best = record;
    }
    return best;
}

static IrStr place_by_alloc_text(Lower *self, const char *function, CXCursor owner, IrLoc *loc) {
    CXFile file;
    unsigned offset;
    clang_getExpansionLocation(clang_getCursorLocation(owner), &file, NULL, NULL, &offset);
    if (file == NULL || function == NULL)
        return 0;
    scan_alloc_texts(self, file);
    IrFile ir = file_info(self, file)->ir;
    const AllocText *record = find_alloc_text(self, ir, function, offset);
    for (uint32_t i = 0; record == NULL && i < self->files.len; i++) {
        if (!self->files.items[i].is_model)
            scan_alloc_texts(self, self->files.items[i].file);
        record = find_alloc_text(self, ir, function, offset);
    }
    if (record == NULL)
        return 0;
    *loc = record->loc;
    return irb_str(self->builder, record->segment);
}

IrStr place_of_attribute(Lower *self, CXCursor attribute, const char *function, CXCursor owner,
                         IrLoc *loc) {
    if (attribute.kind != CXCursor_UnexposedAttr)
        return 0;
    CXSourceLocation location = clang_getCursorLocation(attribute);
    if (clang_equalLocations(location, clang_getNullLocation()))
        return place_by_alloc_text(self, function, owner, loc);
    const char *section = section_at(self, location);
    if (section == NULL)
        return 0;
    *loc = loc_of(self, location);
    return irb_str(self->builder, section);
}
