/* marks: finds the marks of a source as text, and the lines that each is about.
 *
 * A comment on a line of its own is about the statement that follows, one behind code about the
 * statements on its line; `#pragma warning(disable: …)` about all up to its `default`, `pop` or the
 * end of the file. Statements end at `;` outside parentheses and at braces. Invariant: lines are
 * those of the file, whatever is continued. Errs towards fewer lines: macros are not expanded.
 */
#include "analyzer/gate/marks.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct Statement {
    uint32_t first; /* line */
    uint32_t last;  /* line */
    bool opens;     /* ends with `{` */
} Statement;

/* A mark whose lines are not known yet. */
typedef struct Pending {
    uint32_t mark; /* index */
    uint32_t end;  /* line on which the comment or pragma ends */
    bool behind;   /* code stands before it on its line */
} Pending;

/* A warning that is disabled. */
typedef struct Region {
    uint32_t mark;  /* index */
    uint32_t depth; /* of `push` */
    bool open;      /* still */
} Region;

typedef struct Scanner {
    Arena *arena;
    Marks *marks;
    const char *text;            /* the source */
    const char *at;              /* next byte */
    const char *end;             /* behind the last */
    const char *line_start;      /* of the present line */
    uint32_t line;               /* its number */
    uint32_t code_line;          /* line of the last byte of code, 0 none */
    uint32_t statement;          /* line on which the open statement begins, 0 none is open */
    uint32_t parens;             /* open ones in it */
    Array(Statement) statements; /* in order */
    Array(Pending) pending;      /* marks about a statement */
    Array(Region) regions;       /* disabled warnings */
    uint32_t depth;              /* of `push` */
} Scanner;

static bool is_word(char byte) {
    return isalnum((unsigned char)byte) || byte == '_';
}

static void next_line(Scanner *self) {
    self->line++;
    self->line_start = self->at;
}

/* Over one byte, which may end a line. */
static void step(Scanner *self) {
    if (*self->at++ == '\n')
        next_line(self);
}

static bool starts(const Scanner *self, const char *text) {
    size_t len = strlen(text);
    return (size_t)(self->end - self->at) >= len && memcmp(self->at, text, len) == 0;
}

/* ---- what a mark says ------------------------------------------------------------------------ */

/* Part of a comment or pragma that is being read. */
typedef struct Cursor {
    const char *at, *end;
} Cursor;

static void skip_space(Cursor *self) {
    while (self->at < self->end && isspace((unsigned char)*self->at))
        self->at++;
}

static const char *take_word(Arena *arena, Cursor *self, const char *more) {
    skip_space(self);
    const char *start = self->at;
    while (self->at < self->end && (is_word(*self->at) || strchr(more, *self->at) != NULL) &&
           *self->at != '\0')
        self->at++;
    return arena_strndup(arena, start, (size_t)(self->at - start));
}

static bool take(Cursor *self, char byte) {
    skip_space(self);
    if (self->at == self->end || *self->at != byte)
        return false;
    self->at++;
    return true;
}

static uint32_t add_mark(Scanner *self, const Mark *mark, uint32_t end, bool behind) {
    Pending pending = {self->marks->items.len, end, behind};
    array_push(&self->marks->items, self->arena, *mark);
    array_push(&self->pending, self->arena, pending);
    return pending.mark;
}

static void add_problem(Scanner *self, uint32_t line, uint32_t column, const char *text) {
    MarkProblem problem = {line, column, text};
    array_push(&self->marks->problems, self->arena, problem);
}

/* The rest of the line, without blanks around it. */
static const char *reason_of(Scanner *self, Cursor cursor) {
    const char *stop = memchr(cursor.at, '\n', (size_t)(cursor.end - cursor.at));
    Cursor rest = {cursor.at, stop == NULL ? cursor.end : stop};
    skip_space(&rest);
    while (rest.at < rest.end && (*rest.at == '-' || *rest.at == ':'))
        rest.at++;
    skip_space(&rest);
    while (rest.end > rest.at && isspace((unsigned char)rest.end[-1]))
        rest.end--;
    return arena_strndup(self->arena, rest.at, (size_t)(rest.end - rest.at));
}

/* `cursor` stands behind "irqlint:". */
static void read_allow(Scanner *self, Cursor cursor, Mark mark, uint32_t end, bool behind) {
    CStrArray rules = {0};
    bool good = str_eq(take_word(self->arena, &cursor, ""), "allow") && take(&cursor, '(');
    while (good) {
        const char *rule = take_word(self->arena, &cursor, "-");
        good = rule[0] != '\0';
        if (good)
            array_push(&rules, self->arena, rule);
        if (!take(&cursor, ','))
            break;
    }
    if (!good || !take(&cursor, ')')) {
        add_problem(self, mark.line, mark.column,
                    "'irqlint:' is not followed by allow(RULE) and a reason");
        return;
    }
    mark.reason = reason_of(self, cursor);
    if (mark.reason[0] == '\0') {
        add_problem(self, mark.line, mark.column,
                    "a suppression without a reason suppresses nothing");
        return;
    }
    for (uint32_t i = 0; i < rules.len; i++) {
        mark.rule = rules.items[i];
        add_mark(self, &mark, end, behind);
    }
}

/* From `start`, on line `line`, which begins at `line_start`. */
static void read_comment(Scanner *self, const char *start, const char *end, uint32_t line,
                         const char *line_start, bool behind) {
    static const char lead[] = "irqlint:";
    const size_t len = sizeof lead - 1;
    for (const char *at = start; at + len <= end; at++) {
        if (*at == '\n') {
            line++;
            line_start = at + 1;
        }
        if (memcmp(at, lead, len) != 0 || (at > start && is_word(at[-1])))
            continue;
        Mark mark = {.line = line, .column = (uint32_t)(at - line_start) + 1};
        read_allow(self, (Cursor){at + len, end}, mark, self->line, behind);
    }
}

/* ---- pragmas --------------------------------------------------------------------------------- */

static void close_regions(Scanner *self, uint32_t warning, uint32_t depth) {
    for (uint32_t i = 0; i < self->regions.len; i++) {
        Region *region = &self->regions.items[i];
        Mark *mark = &self->marks->items.items[region->mark];
        if (!region->open || region->depth < depth || (warning != 0 && mark->warning != warning))
            continue;
        region->open = false;
        mark->last = self->line;
    }
}

static void see_number(Scanner *self, const char *what, Mark mark, bool behind) {
    if (str_eq(what, "suppress")) {
        add_mark(self, &mark, self->line, behind);
    } else if (str_eq(what, "disable")) {
        Region region = {self->marks->items.len, self->depth, true};
        mark.first = mark.line;
        mark.last = UINT32_MAX;
        array_push(&self->marks->items, self->arena, mark);
        array_push(&self->regions, self->arena, region);
    } else if (str_eq(what, "default")) {
        close_regions(self, mark.warning, 0);
    }
}

/* `warning(disable: 28118 28121; suppress: 4100)`, `prefast(suppress: 28118, "reason")`. */
static void read_pragma(Scanner *self, Cursor cursor, Mark mark, bool behind) {
    const char *name = take_word(self->arena, &cursor, "");
    if (!str_eq(name, "warning") && !str_eq(name, "prefast"))
        return;
    if (!take(&cursor, '('))
        return;
    do {
        const char *what = take_word(self->arena, &cursor, "");
        if (str_eq(what, "push"))
            self->depth++;
        if (str_eq(what, "pop") && self->depth > 0)
            close_regions(self, 0, self->depth--);
        if (!take(&cursor, ':'))
            continue;
        for (skip_space(&cursor); cursor.at < cursor.end && isdigit((unsigned char)*cursor.at);
             skip_space(&cursor)) {
            mark.warning = (uint32_t)strtoul(take_word(self->arena, &cursor, ""), NULL, 10);
            mark.reason = "";
            const char *quote = memchr(cursor.at, '"', (size_t)(cursor.end - cursor.at));
            const char *close =
                quote == NULL ? NULL : memchr(quote + 1, '"', (size_t)(cursor.end - quote - 1));
            if (close != NULL)
                mark.reason = arena_strndup(self->arena, quote + 1, (size_t)(close - quote - 1));
            see_number(self, what, mark, behind);
            take(&cursor, ',');
        }
    } while (take(&cursor, ';'));
}

/* ---- the text -------------------------------------------------------------------------------- */

static bool continues(const Scanner *self) {
    return *self->at == '\\' && (starts(self, "\\\n") || starts(self, "\\\r\n"));
}

static void skip_continuation(Scanner *self) {
    while (*self->at != '\n')
        self->at++;
    step(self);
}

static void skip_comment(Scanner *self) {
    const char *start = self->at, *line_start = self->line_start;
    uint32_t line = self->line;
    bool behind = self->code_line == line, block = starts(self, "/*");
    self->at += 2;
    while (self->at < self->end && (block ? !starts(self, "*/") : *self->at != '\n')) {
        if (continues(self))
            skip_continuation(self);
        else
            step(self);
    }
    const char *end = self->at;
    if (block && self->at < self->end)
        self->at += 2;
    read_comment(self, start, end, line, line_start, behind);
}

static void skip_literal(Scanner *self) {
    char quote = *self->at++;
    while (self->at < self->end && *self->at != quote && *self->at != '\n') {
        if (continues(self))
            skip_continuation(self);
        else if (*self->at == '\\' && self->at + 1 < self->end)
            self->at += 2;
        else
            self->at++;
    }
    if (self->at < self->end && *self->at == quote)
        self->at++;
}

/* R"x( … )x" */
static void skip_raw_string(Scanner *self) {
    const char *open = memchr(self->at, '(', (size_t)(self->end - self->at));
    size_t len = open == NULL ? 0 : (size_t)(open - self->at - 1);
    if (open == NULL || len > 16) {
        skip_literal(self);
        return;
    }
    const char *close = arena_printf(self->arena, ")%.*s\"", (int)len, self->at + 1);
    while (self->at < self->end && !starts(self, close))
        step(self);
    self->at += self->at < self->end ? strlen(close) : 0;
}

static bool is_raw(const Scanner *self) {
    const char *at = self->at;
    return at > self->text && at[-1] == 'R' &&
           (at - 1 == self->text || !is_word(at[-2]) || strchr("LuU8", at[-2]) != NULL);
}

/* 1'000 */
static bool is_separator(const Scanner *self) {
    return *self->at == '\'' && self->at > self->text && isxdigit((unsigned char)self->at[-1]) &&
           self->at + 1 < self->end && isxdigit((unsigned char)self->at[1]) &&
           !(self->at + 2 < self->end && self->at[2] == '\'');
}

static void end_statement(Scanner *self, bool opens) {
    Statement statement = {self->statement, self->line, opens};
    if (self->statement != 0)
        array_push(&self->statements, self->arena, statement);
    self->statement = self->parens = 0;
}

/* To the end of a directive, whose name and text are handed to read_pragma. */
static void skip_directive(Scanner *self) {
    Text text = {0};
    Mark mark = {.line = self->line, .column = (uint32_t)(self->at - self->line_start) + 1};
    for (self->at++; self->at < self->end && *self->at != '\n';) {
        if (continues(self)) {
            skip_continuation(self);
        } else if (starts(self, "//") || starts(self, "/*")) {
            skip_comment(self);
        } else {
            text_append_len(&text, self->arena, self->at, 1);
            self->at++;
        }
    }
    if (text.len == 0)
        return;
    Cursor cursor = {text.items, text.items + text.len};
    if (str_eq(take_word(self->arena, &cursor, ""), "pragma"))
        read_pragma(self, cursor, mark, false);
}

/* A word of code; __pragma(…) is read as well. */
static void see_word(Scanner *self) {
    const char *start = self->at;
    Mark mark = {.line = self->line, .column = (uint32_t)(start - self->line_start) + 1};
    while (self->at < self->end && is_word(*self->at))
        self->at++;
    Cursor cursor = {self->at, self->end};
    if ((size_t)(self->at - start) == 8 && memcmp(start, "__pragma", 8) == 0 && take(&cursor, '('))
        read_pragma(self, cursor, mark, true);
}

static void see_code(Scanner *self) {
    char byte = *self->at;
    if (self->statement == 0)
        self->statement = self->line;
    self->code_line = self->line;
    if (byte == '"' && is_raw(self)) {
        skip_raw_string(self);
    } else if (byte == '"' || (byte == '\'' && !is_separator(self))) {
        skip_literal(self);
    } else if (is_word(byte)) {
        see_word(self);
    } else {
        self->at++;
        self->parens += byte == '(';
        self->parens -= byte == ')' && self->parens > 0;
        if (byte == '{' || byte == '}' || (byte == ';' && self->parens == 0))
            end_statement(self, byte == '{');
    }
}

static void walk(Scanner *self) {
    while (self->at < self->end) {
        if (starts(self, "//") || starts(self, "/*"))
            skip_comment(self);
        else if (*self->at == '#' && self->code_line != self->line)
            skip_directive(self);
        else if (isspace((unsigned char)*self->at) || continues(self))
            step(self);
        else
            see_code(self);
    }
    end_statement(self, false);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void take_in(Mark *mark, const Statement *statement) {
    if (mark->first == 0 || statement->first < mark->first)
        mark->first = statement->first;
    if (statement->last > mark->last)
        mark->last = statement->last;
    mark->opens |= statement->opens;
}

/* Statements come in order and do not overlap: the first that ends at or behind the mark is around
 * it or follows it. */
static void place(const Scanner *self, const Pending *pending) {
    Mark *mark = &self->marks->items.items[pending->mark];
    uint32_t begin = mark->line, end = pending->end;
    for (uint32_t i = 0; !pending->behind && i < self->statements.len; i++) {
        if (self->statements.items[i].last >= end) {
            begin = end = self->statements.items[i].first;
            break;
        }
    }
    for (uint32_t i = 0; i < self->statements.len; i++) {
        const Statement *statement = &self->statements.items[i];
        bool meant = pending->behind ? statement->first <= end && statement->last >= begin
                                     : statement->first == begin;
        if (meant)
            take_in(mark, statement);
    }
    if (mark->first == 0)
        mark->first = mark->last = mark->line;
}

void marks_scan(Arena *arena, const char *text, size_t size, Marks *marks) {
    Scanner self = {.arena = arena,
                    .marks = marks,
                    .text = text,
                    .at = text,
                    .end = text + size,
                    .line_start = text,
                    .line = 1};
    walk(&self);
    for (uint32_t i = 0; i < self.pending.len; i++)
        place(&self, &self.pending.items[i]);
}
