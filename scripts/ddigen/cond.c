/* cond: conditions of rows.
 *
 *     condition   := conjunction ("||" conjunction)*
 *     conjunction := atom ("&&" atom)*
 *     atom        := argN ("==" | "!=" | "<" | ">" | "&") value
 *                  | "!(" argN "&" value ")"
 *                  | "*" argN ("==" | "!=") value
 *                  | ("pageable" | "user" | "format_wide") "(" argN ")"
 *                  | opaque("text")
 *     value       := number | name in constants.tsv
 *
 * Invariant: an atom is stored once per row, under its spelling without surrounding blanks.
 */
#include "scripts/ddigen/ddigen.h"

#include <stdlib.h>

/* A cursor over one condition. */
typedef struct Parse {
    Gen *gen;           /* for errors */
    const Table *table; /* for errors */
    uint32_t line;      /* for errors */
    const char *at;     /* next character */
    bool failed;        /* an error was counted */
} Parse;

static void fail(Parse *parse, const char *what) {
    if (!parse->failed)
        gen_error(parse->gen, parse->table, parse->line, "%s at: %s", what, parse->at);
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
        fail(parse, arena_printf(parse->gen->arena, "expected %s", token));
}

static const char *take_word(Parse *parse) {
    parse->at += strspn(parse->at, " ");
    size_t len = strspn(parse->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-");
    const char *word = arena_strndup(parse->gen->arena, parse->at, len);
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

bool constant_value(Gen *self, const Table *table, uint32_t line, const char *text,
                    int64_t *value) {
    const Row *row = table_find(&self->constants, text);
    const char *number = row != NULL ? row->cells[1] : text;
    char *end;
    *value = (int64_t)strtoll(number, &end, 0);
    if (number[0] != '\0' && *end == '\0')
        return true;
    if (row != NULL)
        gen_error(self, &self->constants, row->line, "not a number: %s", number);
    else
        gen_error(self, table, line, "unknown constant: %s", text);
    return false;
}

static int64_t take_value(Parse *parse) {
    int64_t value = 0;
    if (!parse->failed &&
        !constant_value(parse->gen, parse->table, parse->line, take_word(parse), &value))
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
    cond->text = arena_strndup(parse->gen->arena, parse->at, (size_t)(end - parse->at));
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
    cond.text = arena_strndup(parse->gen->arena, start, (size_t)(parse->at - start));
    return cond;
}

/* The bit of the atom in the row; equal spellings are one atom. */
static CondSet atom_bit(Parse *parse, DdiRow *ddi, Cond cond) {
    uint32_t i = 0;
    if (parse->failed)
        return 0;
    while (i < ddi->conds.len &&
           (ddi->conds.items[i].kind != cond.kind || !str_eq(ddi->conds.items[i].text, cond.text)))
        i++;
    if (i == DDI_MAX_CONDS) {
        fail(parse, "too many conditions in one routine");
        return 0;
    }
    if (i == ddi->conds.len)
        array_push(&ddi->conds, parse->gen->arena, cond);
    return (CondSet)(1u << i);
}

void cond_parse(Gen *self, const Table *table, uint32_t line, const char *text, DdiRow *ddi,
                CondSetArray *out) {
    Parse parse = {.gen = self, .table = table, .line = line, .at = text};
    CondSet set = 0;
    if (text[0] == '\0') {
        array_push(out, self->arena, 0);
        return;
    }
    for (;;) {
        set |= atom_bit(&parse, ddi, take_atom(&parse));
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

CondSet cond_parse_one(Gen *self, const Table *table, uint32_t line, const char *text,
                       DdiRow *ddi) {
    CondSetArray sets = {0};
    cond_parse(self, table, line, text, ddi, &sets);
    if (sets.len > 1)
        gen_error(self, table, line, "alternatives need rows of their own: %s", text);
    return sets.len == 1 ? sets.items[0] : 0;
}
