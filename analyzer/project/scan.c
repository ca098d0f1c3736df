/* scan: the `#include` lines of a source and a few marks, found as text.
 *
 * No macro is expanded and no conditional decided: every include line counts, `#include MACRO` does
 * not. An include is *unconditional* when it stands in no conditional but the file's own guard and
 * `#ifdef __cplusplus`. Errs
 * towards seeing too much: an include or a mark in code that is compiled out is still reported;
 * comments are not seen, and the text of a string is seen only as far as `//` and quotes inside it
 * are understood.
 */
#include "analyzer/project/view.h"

#include <ctype.h>

enum { MAX_SOURCE_SIZE = 64 * 1024 * 1024 };

/* Macros whose definition changes what a model header declares: those it tests with #if. */
static const char *const configuring_macros[] = {"RTL_USE_AVL_TABLES",
                                                 "DBG",
                                                 "NDIS_MINIPORT_MAJOR_VERSION",
                                                 "NDIS_FILTER_MAJOR_VERSION",
                                                 "NDIS_PROTOCOL_MAJOR_VERSION",
                                                 "NDIS_SUPPORT_NDIS6",
                                                 NULL};
/* Words that say where code or data is placed. */
static const char *const placing_words[] = {"alloc_text", "code_seg",  "data_seg",
                                            "bss_seg",    "const_seg", NULL};
/* Functions that only a user-mode program defines. */
static const char *const main_words[] = {"main",     "wmain",   "_tmain", "WinMain",
                                         "wWinMain", "DllMain", NULL};

/* ---- bytes ---------------------------------------------------------------------------------- */

/* What a byte can begin; sources are read byte by byte in every run, so this is a table. */
enum {
    BYTE_WORD = 1,    /* digits, letters and the underscore of ASCII */
    BYTE_MARK = 2,    /* … with which a word that is looked for begins */
    BYTE_QUOTE = 4,   /* a literal */
    BYTE_COMMENT = 8, /* perhaps a comment or a continuation */
    BYTE_LINE_END = 16
};

#define IN_WORD(byte) [byte] = BYTE_WORD
#define IN_MARK(byte) [byte] = BYTE_WORD | BYTE_MARK

static const uint8_t byte_kinds[256] = {
    IN_WORD('0'),          IN_WORD('1'),         IN_WORD('2'),          IN_WORD('3'),
    IN_WORD('4'),          IN_WORD('5'),         IN_WORD('6'),          IN_WORD('7'),
    IN_WORD('8'),          IN_WORD('9'),         IN_MARK('_'),          IN_WORD('A'),
    IN_WORD('B'),          IN_WORD('C'),         IN_MARK('D'),          IN_WORD('E'),
    IN_WORD('F'),          IN_WORD('G'),         IN_WORD('H'),          IN_WORD('I'),
    IN_WORD('J'),          IN_WORD('K'),         IN_WORD('L'),          IN_WORD('M'),
    IN_WORD('N'),          IN_WORD('O'),         IN_WORD('P'),          IN_WORD('Q'),
    IN_WORD('R'),          IN_WORD('S'),         IN_WORD('T'),          IN_WORD('U'),
    IN_WORD('V'),          IN_MARK('W'),         IN_WORD('X'),          IN_WORD('Y'),
    IN_WORD('Z'),          IN_MARK('a'),         IN_MARK('b'),          IN_MARK('c'),
    IN_MARK('d'),          IN_WORD('e'),         IN_WORD('f'),          IN_WORD('g'),
    IN_WORD('h'),          IN_WORD('i'),         IN_WORD('j'),          IN_WORD('k'),
    IN_WORD('l'),          IN_MARK('m'),         IN_WORD('n'),          IN_WORD('o'),
    IN_WORD('p'),          IN_WORD('q'),         IN_WORD('r'),          IN_WORD('s'),
    IN_WORD('t'),          IN_WORD('u'),         IN_WORD('v'),          IN_MARK('w'),
    IN_WORD('x'),          IN_WORD('y'),         IN_WORD('z'),          ['"'] = BYTE_QUOTE,
    ['\''] = BYTE_QUOTE,   ['/'] = BYTE_COMMENT, ['\\'] = BYTE_COMMENT, ['\n'] = BYTE_LINE_END,
    ['\0'] = BYTE_LINE_END};

static inline bool byte_is(char byte, unsigned kinds) {
    return (byte_kinds[(unsigned char)byte] & kinds) != 0;
}

/* ---- comments and continued lines ---------------------------------------------------------- */

/* Copies a literal up to its closing quote or the end of the line; returns where it stopped. */
static const char *copy_literal(const char *at, const char *end, char **out) {
    char quote = *at;
    do {
        *(*out)++ = *at++;
        if (at < end && *at == '\\' && at + 1 < end && at[1] != '\n' && at[1] != '\r') {
            *(*out)++ = *at++;
            *(*out)++ = *at++;
        }
    } while (at < end && *at != quote && *at != '\n');
    if (at < end && *at == quote)
        *(*out)++ = *at++;
    return at;
}

static const char *skip_block_comment(const char *at, const char *end) {
    for (at += 2; at < end; at++) {
        if (at[0] == '*' && at + 1 < end && at[1] == '/')
            return at + 2;
    }
    return end;
}

static const char *skip_line_comment(const char *at, const char *end) {
    while (at < end && *at != '\n')
        at++;
    return at;
}

/* A backslash before the end of the line joins it with the next. */
static size_t continuation(const char *at, const char *end) {
    if (*at != '\\' || at + 1 >= end)
        return 0;
    if (at[1] == '\n')
        return 2;
    return at[1] == '\r' && at + 2 < end && at[2] == '\n' ? 3 : 0;
}

/* The text without comments, continued lines joined. */
static char *clean_text(Arena *arena, const char *at, const char *end) {
    char *text = arena_alloc(arena, (size_t)(end - at) + 1), *out = text;
    while (at < end) {
        while (at < end && !byte_is(*at, BYTE_QUOTE | BYTE_COMMENT))
            *out++ = *at++;
        if (at == end)
            break;
        size_t joined = continuation(at, end);
        if (joined != 0) {
            at += joined;
        } else if (*at == '/' && at + 1 < end && at[1] == '*') {
            at = skip_block_comment(at, end);
            *out++ = ' ';
        } else if (*at == '/' && at + 1 < end && at[1] == '/') {
            at = skip_line_comment(at, end);
        } else if (*at == '"' || *at == '\'') {
            at = copy_literal(at, end, &out);
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return text;
}

/* ---- words ---------------------------------------------------------------------------------- */

typedef struct Word {
    const char *text; /* its first byte; not terminated */
    size_t len;       /* 0: there is none */
} Word;

static inline bool is_word_byte(char byte) {
    return byte_is(byte, BYTE_WORD);
}

static const char *skip_blanks(const char *at) {
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\f' || *at == '\v')
        at++;
    return at;
}

static Word word_at(const char *at) {
    Word word = {at, 0};
    while (is_word_byte(at[word.len]))
        word.len++;
    return word;
}

static bool word_is(Word word, const char *text) {
    return strncmp(word.text, text, word.len) == 0 && text[word.len] == '\0';
}

static bool word_in(Word word, const char *const *texts) {
    while (*texts != NULL && (word.text[0] != **texts || !word_is(word, *texts)))
        texts++;
    return *texts != NULL;
}

/* True when a parameter list and then a body follow: a definition, not a call or a declaration. */
static bool is_defined_here(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    if (*at != '(')
        return false;
    uint32_t depth = 0;
    do {
        depth += *at == '(';
        depth -= *at == ')';
        at++;
    } while (*at != '\0' && depth > 0);
    while (isspace((unsigned char)*at))
        at++;
    return *at == '{' || is_word_byte(*at); /* a word: an attribute, `try`, K&R parameters */
}

/* True when the line names a warning of Code Analysis about levels or locks: C26xxx, C28xxx. */
static bool names_checks(const char *line) {
    for (const char *at = line; *at != '\0' && *at != '\n'; at++) {
        if (*at == '2' && (at[1] == '6' || at[1] == '8') && !is_word_byte(at[-1]))
            return true;
    }
    return false;
}

static uint32_t mark_of(Word word) {
    if (word_in(word, placing_words))
        return SCAN_PLACES_CODE;
    const char *behind = word.text + word.len;
    if (word.text[0] == 'D' && word_is(word, "DriverEntry") && is_defined_here(behind))
        return SCAN_ENTRY;
    if (word_is(word, "__pragma") && names_checks(behind))
        return SCAN_GATES;
    return word_in(word, main_words) && is_defined_here(behind) ? SCAN_MAIN : 0;
}

/* ---- directives ----------------------------------------------------------------------------- */

typedef enum GuardState {
    GUARD_POSSIBLE, /* nothing but #pragma so far */
    GUARD_OPENED,   /* the first directive tests that a macro is not defined */
    GUARD_SETTLED   /* decided: SCAN_GUARDED says how */
} GuardState;

/* An open #if; its #else or #elif makes any kind an IF_OTHER. */
typedef enum IfKind {
    IF_GUARD,     /* the first directive of the file, as long as it may be its guard */
    IF_CPLUSPLUS, /* tests the language */
    IF_OTHER      /* may be false */
} IfKind;

typedef struct Scanner {
    Arena *arena;       /* for names */
    Arena *scratch;     /* for the rest */
    Scan *scan;         /* the result */
    GuardState guard;   /* whether the file has an include guard */
    Array(IfKind) open; /* conditionals, the innermost last */
    uint32_t others;    /* of these, IF_OTHER */
} Scanner;

static void see_include(Scanner *self, const char *at) {
    char close = *at == '<' ? '>' : '"';
    if (*at != '<' && *at != '"') {
        self->scan->marks |= SCAN_COMPUTED;
        return;
    }
    const char *start = at + 1;
    size_t len = 0;
    while (start[len] != '\0' && start[len] != close && start[len] != '\n')
        len++;
    if (len == 0 || start[len] != close)
        return;
    ScanInclude include = {arena_strndup(self->arena, start, len), close == '"', self->others == 0};
    array_push(&self->scan->includes, self->arena, include);
}

static bool is_guard_test(Word word, const char *rest) {
    if (word_is(word, "ifndef"))
        return true;
    return word_is(word, "if") && rest[0] == '!' &&
           word_is(word_at(skip_blanks(rest + 1)), "defined");
}

static void open_if(Scanner *self, IfKind kind) {
    array_push(&self->open, self->scratch, kind);
    self->others += kind == IF_OTHER;
}

static void close_if(Scanner *self) {
    if (self->open.len > 0)
        self->others -= self->open.items[--self->open.len] == IF_OTHER;
}

/* The innermost conditional turns out to be one that may be false. */
static void make_other(Scanner *self) {
    if (self->open.len == 0 || self->open.items[self->open.len - 1] == IF_OTHER)
        return;
    self->open.items[self->open.len - 1] = IF_OTHER;
    self->others++;
}

/* The first directive may test that a macro is not defined, if the second one defines it. */
static void see_guard(Scanner *self, Word word, const char *rest) {
    static const char *const tests[] = {"if", "ifdef", "ifndef", NULL};
    static const char *const others[] = {"else", "elif", "elifdef", "elifndef", NULL};
    bool may_be_guard = self->guard == GUARD_POSSIBLE && is_guard_test(word, rest);
    if (self->guard == GUARD_OPENED && word_is(word, "define"))
        self->scan->marks |= SCAN_GUARDED;
    else if (self->guard == GUARD_OPENED)
        make_other(self);
    self->guard = may_be_guard ? GUARD_OPENED : GUARD_SETTLED;
    if (word_in(word, tests))
        open_if(self, may_be_guard                            ? IF_GUARD
                      : word_is(word_at(rest), "__cplusplus") ? IF_CPLUSPLUS
                                                              : IF_OTHER);
    else if (word_in(word, others))
        make_other(self);
    else if (word_is(word, "endif"))
        close_if(self);
}

static void see_directive(Scanner *self, const char *at) {
    Word word = word_at(at);
    const char *rest = skip_blanks(at + word.len);
    if (!word_is(word, "pragma"))
        see_guard(self, word, rest);
    else if (word_is(word_at(rest), "once"))
        self->scan->marks |= SCAN_GUARDED;
    else if (names_checks(rest))
        self->scan->marks |= SCAN_GATES;
    if (word_is(word, "include") || word_is(word, "include_next") || word_is(word, "import"))
        see_include(self, rest);
    else if (word_is(word, "define") && word_in(word_at(rest), configuring_macros))
        self->scan->marks |= SCAN_CONFIGURES;
}

static const char *skip_literal(const char *at) {
    char quote = *at++;
    while (*at != '\0' && *at != quote && *at != '\n')
        at += *at == '\\' && at[1] != '\0' && at[1] != '\n' ? 2 : 1;
    return *at == quote ? at + 1 : at;
}

/* The marks of the words up to the end of the line; returns the end. */
static const char *see_words(Scanner *self, const char *at) {
    while (!byte_is(*at, BYTE_LINE_END)) {
        if (is_word_byte(*at)) {
            Word word = word_at(at);
            if (byte_is(*at, BYTE_MARK))
                self->scan->marks |= mark_of(word);
            at += word.len;
        } else if (byte_is(*at, BYTE_QUOTE)) {
            at = skip_literal(at);
        } else {
            at++;
        }
    }
    return at;
}

void scan_text(Arena *arena, const char *text, size_t size, Scan *scan) {
    Arena *scratch = arena_new();
    Scanner scanner = {.arena = arena, .scratch = scratch, .scan = scan};
    scan->content = hash128(text, size);
    if (memmem(text, size, "irqlint:", 8) != NULL)
        scan->marks |= SCAN_GATES;
    const char *at = clean_text(scratch, text, text + size);
    while (*at != '\0') {
        at = skip_blanks(at);
        if (*at == '#')
            see_directive(&scanner, skip_blanks(at + 1));
        at = see_words(&scanner, at);
        at += *at == '\n';
    }
    arena_free(scratch);
}

const Scan *view_scan(FileView *self, const char *path) {
    const Scan **slot = view_scan_slot(self, path);
    if (*slot != NULL)
        return *slot;
    Arena *scratch = arena_new();
    Scan *scan = arena_new_of(view_arena(self), Scan);
    char *text;
    size_t size;
    Error err;
    if (text_read(scratch, path, MAX_SOURCE_SIZE, &text, &size, &err) == 0)
        scan_text(view_arena(self), text, size, scan);
    else
        *scan = (Scan){.marks = SCAN_UNREADABLE,
                       .why_unreadable = arena_strdup(view_arena(self), err.message)};
    arena_free(scratch);
    *slot = scan;
    return scan;
}
