/* cond: conditions of rows.
 *
 *     condition   := conjunction ("||" conjunction)*
 *     conjunction := atom ("&&" atom)*
 *     atom        := argN ("==" | "!=" | "<" | ">" | "&") value
 *                  | "!(" argN "&" value ")"
 *                  | "*" argN ("==" | "!=") value
 *                  | ("pageable" | "user" | "format_wide") "(" argN ")"
 *                  | opaque("text")
 *     value       := number | name of a constant
 *
 * Invariant: an atom is stored once per row, under its spelling without surrounding blanks.
 */
#include "analyzer/model/rows.h"

#include <stdlib.h>

/* A cursor over one condition. */
typedef struct Parse {
    Reader *reader; /* for errors and constants */
    uint32_t line;  /* for errors */
    const char *at; /* next character */
    bool failed;    /* an error was given */
} Parse;

static void fail(Parse *parse, const char *what) {
    if (!parse->failed)
        reader_error(parse->reader, parse->line, "%s at: %s", what, parse->at);
    parse->failed = true;
}

static bool accept(Parse *parse, const char *token) {
    parse->at += strspn(parse->at, " ");
    if (!str_starts_with(parse->at, token))
        return false;
    parse->at += strlen(token);
    return true;
}

static void expect(Parse *parse, const char *token) {
    if (!accept(parse, token))
        fail(parse, arena_printf(parse->reader->arena, "expected %s", token));
}

static const char *take_word(Parse *parse) {
    parse->at += strspn(parse->at, " ");
    size_t len = strspn(parse->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-");
    const char *word = arena_strndup(parse->reader->arena, parse->at, len);
    parse->at += len;
    return word;
}

static uint8_t take_arg(Parse *parse) {
    parse->at += strspn(parse->at, " ");
    const char *start = parse->at;
    const char *word = take_word(parse);
    char *end;
    long number = str_starts_with(word, "arg") ? strtol(word + 3, &end, 10) : -1;
    if (number < 0 || number > 31 || word[3] == '\0' || *end != '\0') {
        parse->at = start;
        fail(parse, "expected an argument");
        return 0;
    }
    return (uint8_t)number;
}

static int64_t take_value(Parse *parse) {
    int64_t value = 0;
    if (!parse->failed &&
        !constant_value(parse->reader, (Cell){take_word(parse), parse->line}, &value))
        parse->failed = true;
    return value;
}

static uint8_t take_operator(Parse *parse, bool deref) {
    if (accept(parse, "=="))
        return deref ? COND_DEREF_EQ : COND_ARG_EQ;
    if (accept(parse, "!="))
        return deref ? COND_DEREF_NE : COND_ARG_NE;
    if (!deref && accept(parse, "<"))
        return COND_ARG_LT;
    if (!deref && accept(parse, ">"))
        return COND_ARG_GT;
    if (!deref && accept(parse, "&"))
        return COND_ARG_BITS;
    fail(parse, "expected an operator");
    return COND_OPAQUE;
}

static void take_comparison(Parse *parse, bool deref, Cond *cond) {
    cond->arg = take_arg(parse);
    cond->kind = take_operator(parse, deref);
    cond->value = take_value(parse);
}

static void take_opaque(Parse *parse, Cond *cond) {
    cond->kind = COND_OPAQUE;
    const char *end = strchr(parse->at, '"');
    if (end == NULL) {
        fail(parse, "expected a closing quote");
        return;
    }
    cond->text = arena_strndup(parse->reader->arena, parse->at, (size_t)(end - parse->at));
    parse->at = end + 1;
    expect(parse, ")");
}

static void take_predicate(Parse *parse, CondKind kind, Cond *cond) {
    cond->kind = (uint8_t)kind;
    cond->arg = take_arg(parse);
    expect(parse, ")");
}

static Cond take_atom(Parse *parse) {
    Cond cond = {.kind = COND_OPAQUE};
    parse->at += strspn(parse->at, " ");
    const char *start = parse->at;
    if (accept(parse, "opaque(\"")) {
        take_opaque(parse, &cond);
        return cond;
    }
    if (accept(parse, "pageable(")) {
        take_predicate(parse, COND_ARG_PAGEABLE, &cond);
    } else if (accept(parse, "user(")) {
        take_predicate(parse, COND_ARG_USER, &cond);
    } else if (accept(parse, "format_wide(")) {
        take_predicate(parse, COND_FORMAT_WIDE, &cond);
    } else if (accept(parse, "!(")) {
        take_comparison(parse, false, &cond);
        if (cond.kind != COND_ARG_BITS)
            fail(parse, "only a bit test can be negated");
        cond.kind = COND_ARG_NO_BITS;
        expect(parse, ")");
    } else {
        bool deref = accept(parse, "*");
        take_comparison(parse, deref, &cond);
    }
    cond.text = arena_strndup(parse->reader->arena, start, (size_t)(parse->at - start));
    return cond;
}

/* The bit of the atom in the row; equal spellings are one atom. */
static CondSet atom_bit(Parse *parse, DdiRow *row, Cond cond) {
    uint32_t i = 0;
    if (parse->failed)
        return 0;
    while (i < row->conds.len &&
           (row->conds.items[i].kind != cond.kind || !str_eq(row->conds.items[i].text, cond.text)))
        i++;
    if (i == DDI_MAX_CONDS) {
        fail(parse, "too many conditions in one routine");
        return 0;
    }
    if (i == row->conds.len)
        array_push(&row->conds, parse->reader->arena, cond);
    return (CondSet)(1u << i);
}

void cond_parse(Reader *self, Cell text, DdiRow *row, CondSetArray *out) {
    Parse parse = {.reader = self, .line = text.line, .at = text.text};
    CondSet set = 0;
    if (text.text[0] == '\0') {
        array_push(out, self->arena, 0);
        return;
    }
    for (;;) {
        set |= atom_bit(&parse, row, take_atom(&parse));
        if (parse.failed)
            return;
        if (accept(&parse, "&&"))
            continue;
        array_push(out, self->arena, set);
        set = 0;
        if (!accept(&parse, "||"))
            break;
    }
    if (parse.at[strspn(parse.at, " ")] != '\0')
        fail(&parse, "unexpected text");
}

CondSet cond_parse_one(Reader *self, Cell text, DdiRow *row) {
    CondSetArray sets = {0};
    cond_parse(self, text, row, &sets);
    if (sets.len > 1)
        reader_error(self, text.line, "alternatives need rows of their own: %s", text.text);
    return sets.len == 1 ? sets.items[0] : 0;
}
