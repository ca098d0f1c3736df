/* sal_cond: the conditions of _When_ and _Success_, as alternatives of conjunctions.
 *
 *     or      := and ("||" and)*
 *     and     := mask ("&&" mask)*
 *     mask    := equal ("&" equal)*
 *     equal   := order (("==" | "!=") order)*
 *     order   := unary [("<" | ">" | "<=" | ">=") unary]
 *     unary   := ("!" | "*" | "-" | cast)* primary
 *     primary := "(" or ")" | number | name | name "(" … ")"
 *
 * Names are parameters, "return" or constants. Invariant: the result has at least one alternative.
 * Errs towards COND_OPAQUE: whatever else stands there can hold or not.
 */
#include "analyzer/link/sal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

enum { MAX_NESTING = 40, MAX_JOINS = 64, MAX_ALTERNATIVES = 8, MAX_ATOMS = 8, NO_SUBJECT = 254 };

/* A formula: an atom, or two formulas. */
typedef struct Node {
    char op;           /* '&', '|', or 'a': an atom */
    bool negated;      /* only of '&' and '|' */
    Cond atom;         /* of 'a' */
    struct Node *sub;  /* the operands … */
    struct Node *sub2; /* … of '&' and '|' */
} Node;

typedef enum TermKind { TERM_NUMBER, TERM_SUBJECT, TERM_MASKED, TERM_FORMULA, TERM_OTHER } TermKind;

typedef struct Term {
    TermKind kind;        /* which of the members count */
    uint8_t subject;      /* parameter or SAL_RETURN */
    bool deref;           /* what it points at */
    int64_t value;        /* TERM_NUMBER; TERM_MASKED: the mask */
    const char *spelling; /* TERM_NUMBER; TERM_MASKED: of the mask */
    Node *formula;        /* TERM_FORMULA */
} Term;

typedef struct Parse {
    const SalSource *source; /* names and arena */
    const char *at;          /* next character */
    unsigned depth;          /* nested parentheses and operators */
    unsigned joins;          /* && and || so far */
    bool failed;             /* not understood: everything is opaque */
} Parse;

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

int sal_param_index(const SalSource *source, const char *name, size_t len) {
    if (len == strlen("_Curr_") && strncmp(name, "_Curr_", len) == 0)
        return source->param;
    for (uint32_t i = 0; i < source->param_count && i < NO_SUBJECT && len != 0; i++) {
        if (strlen(source->params[i]) == len && strncmp(source->params[i], name, len) == 0)
            return (int)i;
    }
    return -1;
}

/* ---- atoms ---------------------------------------------------------------------------------- */

static const char *subject_text(Arena *arena, const Term *term) {
    if (term->subject == SAL_RETURN)
        return term->deref ? "*return" : "return";
    return arena_printf(arena, "%sarg%u", term->deref ? "*" : "", term->subject);
}

static Node *make_atom(Parse *self, Cond atom) {
    Node *node = arena_new_of(self->source->arena, Node);
    *node = (Node){.op = 'a', .atom = atom};
    return node;
}

static Node *make_opaque(Parse *self) {
    return make_atom(self, (Cond){.kind = COND_OPAQUE});
}

/* "arg1 == 5": the text as the tables spell it. */
static Node *make_compare(Parse *self, const Term *term, CondKind kind, int64_t value,
                          const char *spelling) {
    static const char *const OPERATORS[] = {
        [COND_ARG_EQ] = "==",     [COND_ARG_NE] = "!=",  [COND_ARG_BITS] = "&",
        [COND_ARG_NO_BITS] = "&", [COND_ARG_LT] = "<",   [COND_ARG_GT] = ">",
        [COND_DEREF_EQ] = "==",   [COND_DEREF_NE] = "!="};
    Arena *arena = self->source->arena;
    bool none = kind == COND_ARG_NO_BITS;
    const char *text =
        arena_printf(arena, "%s%s %s %s%s", none ? "!(" : "", subject_text(arena, term),
                     OPERATORS[kind], spelling, none ? ")" : "");
    return make_atom(self, (Cond){(uint8_t)kind, term->subject, value, text});
}

static Node *compare_subject(Parse *self, const Term *term, const char *op, int64_t value,
                             const char *spelling) {
    Arena *arena = self->source->arena;
    bool equal = str_eq(op, "=="), unequal = str_eq(op, "!=");
    if (term->deref && (equal || unequal))
        return make_compare(self, term, equal ? COND_DEREF_EQ : COND_DEREF_NE, value, spelling);
    if (term->deref || value == INT64_MIN || value == INT64_MAX)
        return make_opaque(self);
    if (equal || unequal)
        return make_compare(self, term, equal ? COND_ARG_EQ : COND_ARG_NE, value, spelling);
    bool less = op[0] == '<';
    if (op[1] == '=') { /* x <= 5 is x < 6 */
        value += less ? 1 : -1;
        spelling = arena_printf(arena, "%lld", (long long)value);
    }
    return make_compare(self, term, less ? COND_ARG_LT : COND_ARG_GT, value, spelling);
}

static Node *compare_masked(Parse *self, const Term *term, const char *op, int64_t value) {
    bool equal = str_eq(op, "==");
    bool one_bit = term->value > 0 && (term->value & (term->value - 1)) == 0;
    bool whole = value == term->value && one_bit;
    if ((!equal && !str_eq(op, "!=")) || (value != 0 && !whole))
        return make_opaque(self);
    bool set = equal == (value != 0);
    return make_compare(self, term, set ? COND_ARG_BITS : COND_ARG_NO_BITS, term->value,
                        term->spelling);
}

/* ---- formulas ------------------------------------------------------------------------------- */

static Node *negate(Parse *self, Node *node) {
    if (node->op != 'a') {
        node->negated = !node->negated;
        return node;
    }
    Term term = {.subject = node->atom.arg};
    int64_t value = node->atom.value;
    const char *spelling = arena_printf(self->source->arena, "%lld", (long long)value);
    switch ((CondKind)node->atom.kind) {
    case COND_ARG_EQ:
        return compare_subject(self, &term, "!=", value, spelling);
    case COND_ARG_NE:
        return compare_subject(self, &term, "==", value, spelling);
    case COND_ARG_LT:
        return compare_subject(self, &term, ">=", value, spelling);
    case COND_ARG_GT:
        return compare_subject(self, &term, "<=", value, spelling);
    case COND_ARG_BITS:
        return make_compare(self, &term, COND_ARG_NO_BITS, value, spelling);
    case COND_ARG_NO_BITS:
        return make_compare(self, &term, COND_ARG_BITS, value, spelling);
    case COND_DEREF_EQ:
    case COND_DEREF_NE:
        term.deref = true;
        return compare_subject(self, &term, node->atom.kind == COND_DEREF_EQ ? "!=" : "==", value,
                               spelling);
    default:
        return make_opaque(self);
    }
}

static Node *join(Parse *self, char op, Node *left, Node *right) {
    Node *node = arena_new_of(self->source->arena, Node);
    *node = (Node){.op = op, .sub = left, .sub2 = right};
    self->failed = self->failed || ++self->joins > MAX_JOINS;
    return node;
}

/* What a term means where a truth is wanted. */
static Node *truth_of(Parse *self, const Term *term) {
    switch (term->kind) {
    case TERM_FORMULA:
        return term->formula;
    case TERM_SUBJECT:
        return compare_subject(self, term, "!=", 0, "0");
    case TERM_MASKED:
        return compare_masked(self, term, "!=", 0);
    case TERM_NUMBER: /* always: an empty conjunction */
        return term->value != 0 ? join(self, '&', NULL, NULL) : make_opaque(self);
    default:
        return make_opaque(self);
    }
}

static Term formula_term(Node *node) {
    return (Term){.kind = TERM_FORMULA, .formula = node};
}

static Term compare(Parse *self, Term left, const char *op, Term right) {
    static const char *const MIRRORED[][2] = {{"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
    if (left.kind == TERM_NUMBER && right.kind != TERM_NUMBER) {
        Term swap = left;
        left = right;
        right = swap;
        for (unsigned i = 0; i < 4; i++) {
            if (str_eq(op, MIRRORED[i][0])) {
                op = MIRRORED[i][1];
                break;
            }
        }
    }
    bool equal = str_eq(op, "=="), unequal = str_eq(op, "!=");
    if (right.kind != TERM_NUMBER)
        return formula_term(make_opaque(self));
    if (left.kind == TERM_SUBJECT)
        return formula_term(compare_subject(self, &left, op, right.value, right.spelling));
    if (left.kind == TERM_MASKED)
        return formula_term(compare_masked(self, &left, op, right.value));
    bool truth = right.value == 0 || right.value == 1;
    if (left.kind != TERM_FORMULA || !truth || (!equal && !unequal))
        return formula_term(make_opaque(self));
    return equal == (right.value != 0) ? left : formula_term(negate(self, left.formula));
}

/* ---- the parser ----------------------------------------------------------------------------- */

static Term parse_or(Parse *self);
static Term parse_unary(Parse *self);

static void skip_blanks(Parse *self) {
    self->at += strspn(self->at, " \t\r\n");
}

static bool accept(Parse *self, const char *token) {
    skip_blanks(self);
    if (!str_starts_with(self->at, token))
        return false;
    self->at += strlen(token);
    return true;
}

/* Deeper than any annotation is: not understood. */
static bool enter(Parse *self) {
    if (self->depth == MAX_NESTING)
        self->failed = true;
    else
        self->depth++;
    return !self->failed;
}

static Term parse_number(Parse *self) {
    char *end;
    const char *start = self->at;
    errno = 0;
    Term term = {.kind = TERM_NUMBER, .value = strtoll(start, &end, 0)};
    term.spelling = arena_strndup(self->source->arena, start, (size_t)(end - start));
    end += strspn(end, "uUlL");
    self->failed = self->failed || errno != 0 || is_word(*end);
    self->at = end;
    return term;
}

/* Moves past a balanced "(…)" that starts here. */
static void skip_arguments(Parse *self) {
    unsigned open = 0;
    do {
        open += *self->at == '(';
        open -= *self->at == ')';
        self->at += *self->at != '\0';
    } while (open != 0 && *self->at != '\0');
    self->failed = self->failed || open != 0;
}

/* NT_SUCCESS(x) is x > -1; any other call can be anything. */
static Term parse_call(Parse *self, const char *name, size_t len) {
    bool success = len == strlen("NT_SUCCESS") && strncmp(name, "NT_SUCCESS", len) == 0;
    if (!success) {
        skip_arguments(self);
        return (Term){.kind = TERM_OTHER};
    }
    self->at++;
    Term inner = parse_or(self);
    self->failed = self->failed || !accept(self, ")");
    if (inner.kind != TERM_SUBJECT || inner.deref)
        return (Term){.kind = TERM_OTHER};
    return formula_term(make_compare(self, &inner, COND_ARG_GT, -1, "-1"));
}

static Term parse_name(Parse *self) {
    const char *name = self->at;
    size_t len = 0;
    while (is_word(name[len]))
        len++;
    self->at += len;
    skip_blanks(self);
    int param = sal_param_index(self->source, name, len);
    if (len == strlen("return") && strncmp(name, "return", len) == 0)
        return (Term){.kind = TERM_SUBJECT, .subject = SAL_RETURN};
    if (param >= 0)
        return (Term){.kind = TERM_SUBJECT, .subject = (uint8_t)param};
    if (*self->at == '(')
        return parse_call(self, name, len);
    Term term = {.kind = TERM_NUMBER, .spelling = arena_strndup(self->source->arena, name, len)};
    if (!model_constant(self->source->model, term.spelling, &term.value))
        term.kind = TERM_OTHER;
    return term;
}

/* "(KPROCESSOR_MODE)" or "(PVOID *)" before an operand. */
static bool skip_cast(Parse *self) {
    const char *at = self->at + 1;
    size_t words = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789 ");
    const char *end = at + words;
    end += strspn(end, "* ");
    if (words == 0 || *end != ')' || isdigit((unsigned char)at[strspn(at, " ")]))
        return false;
    const char *next = end + 1 + strspn(end + 1, " ");
    if (!is_word(*next) && *next != '(')
        return false;
    self->at = end + 1;
    return true;
}

static Term parse_primary(Parse *self) {
    Term term = {.kind = TERM_OTHER};
    skip_blanks(self);
    if (*self->at == '(' && skip_cast(self))
        return parse_unary(self);
    if (accept(self, "(")) {
        term = parse_or(self);
        self->failed = self->failed || !accept(self, ")");
    } else if (isdigit((unsigned char)*self->at)) {
        term = parse_number(self);
    } else if (is_word(*self->at)) {
        term = parse_name(self);
    } else {
        self->failed = true;
    }
    for (skip_blanks(self); !self->failed && (str_starts_with(self->at, "->") || *self->at == '.' ||
                                              *self->at == '[');) {
        size_t len = *self->at == '[' ? strcspn(self->at, "]") : 1;
        self->at += len + (self->at[len] == ']' || self->at[len] == '>');
        while (is_word(*self->at))
            self->at++;
        skip_blanks(self);
        term = (Term){.kind = TERM_OTHER};
    }
    return term;
}

static Term parse_unary(Parse *self) {
    Term term = {.kind = TERM_OTHER};
    skip_blanks(self);
    if (!enter(self))
        return term;
    char op = *self->at;
    bool is_operator = (op == '!' && self->at[1] != '=') || op == '*' || op == '-' || op == '~';
    self->at += is_operator;
    term = is_operator ? parse_unary(self) : parse_primary(self);
    self->depth--;
    if (!is_operator || self->failed)
        return term;
    if (op == '!')
        return formula_term(negate(self, truth_of(self, &term)));
    if (op == '*' && term.kind == TERM_SUBJECT && !term.deref) {
        term.deref = true;
        return term;
    }
    if (op == '-' && term.kind == TERM_NUMBER && term.value != INT64_MIN) {
        term.value = -term.value;
        term.spelling = arena_printf(self->source->arena, "-%s", term.spelling);
        return term;
    }
    return (Term){.kind = TERM_OTHER};
}

static Term parse_order(Parse *self) {
    static const char *const OPERATORS[] = {"<=", ">=", "<", ">"};
    Term left = parse_unary(self);
    for (unsigned i = 0; i < 4 && !self->failed; i++) {
        if (accept(self, OPERATORS[i]))
            return compare(self, left, OPERATORS[i], parse_unary(self));
    }
    return left;
}

static Term parse_equal(Parse *self) {
    Term left = parse_order(self);
    while (!self->failed) {
        bool equal = accept(self, "==");
        if (!equal && !accept(self, "!="))
            break;
        left = compare(self, left, equal ? "==" : "!=", parse_order(self));
    }
    return left;
}

static Term parse_mask(Parse *self) {
    Term left = parse_equal(self);
    for (skip_blanks(self); !self->failed && *self->at == '&' && self->at[1] != '&';
         skip_blanks(self)) {
        self->at++;
        Term right = parse_equal(self);
        if (left.kind == TERM_NUMBER) {
            Term swap = left;
            left = right;
            right = swap;
        }
        if (left.kind != TERM_SUBJECT || left.deref || right.kind != TERM_NUMBER)
            left = (Term){.kind = TERM_OTHER};
        else
            left = (Term){TERM_MASKED, left.subject, false, right.value, right.spelling, NULL};
    }
    return left;
}

static Term parse_and(Parse *self) {
    Term left = parse_mask(self);
    while (!self->failed && accept(self, "&&")) {
        Term right = parse_mask(self);
        left = formula_term(join(self, '&', truth_of(self, &left), truth_of(self, &right)));
    }
    return left;
}

static Term parse_or(Parse *self) {
    if (!enter(self))
        return (Term){.kind = TERM_OTHER};
    Term left = parse_and(self);
    while (!self->failed && accept(self, "||")) {
        Term right = parse_and(self);
        left = formula_term(join(self, '|', truth_of(self, &left), truth_of(self, &right)));
    }
    self->depth--;
    return left;
}

/* ---- alternatives --------------------------------------------------------------------------- */

/* Every conjunction of `left` with every one of `right`; false when there are too many. */
static bool multiply(Arena *arena, const CondListArray *left, const CondListArray *right,
                     CondListArray *out) {
    if (left->len * right->len > MAX_ALTERNATIVES)
        return false;
    for (uint32_t l = 0; l < left->len; l++) {
        for (uint32_t r = 0; r < right->len; r++) {
            CondArray both = {0};
            for (uint32_t i = 0; i < left->items[l].len; i++)
                array_push(&both, arena, left->items[l].items[i]);
            for (uint32_t i = 0; i < right->items[r].len; i++)
                array_push(&both, arena, right->items[r].items[i]);
            if (both.len > MAX_ATOMS)
                return false;
            array_push(out, arena, both);
        }
    }
    return true;
}

/* The alternatives of a formula, or of its negation; false when there are too many. */
static bool expand(Parse *self, const Node *node, bool negated, CondListArray *out) {
    Arena *arena = self->source->arena;
    if (node->op == 'a') {
        Node copy = *node;
        CondArray one = {0};
        array_push(&one, arena, negated ? negate(self, &copy)->atom : node->atom);
        array_push(out, arena, one);
        return true;
    }
    if (node->sub == NULL) { /* always */
        array_push(out, arena, (CondArray){0});
        return !negated;
    }
    negated = negated != node->negated;
    CondListArray left = {0}, right = {0};
    if (!expand(self, node->sub, negated, &left) || !expand(self, node->sub2, negated, &right))
        return false;
    if ((node->op == '&') != negated)
        return multiply(arena, &left, &right, out);
    for (uint32_t i = 0; i < left.len; i++)
        array_push(out, arena, left.items[i]);
    for (uint32_t i = 0; i < right.len; i++)
        array_push(out, arena, right.items[i]);
    return out->len <= MAX_ALTERNATIVES;
}

void sal_parse_cond(const SalSource *source, const char *text, CondListArray *out) {
    Parse parse = {.source = source, .at = text};
    Term term = parse_or(&parse);
    skip_blanks(&parse);
    bool understood = !parse.failed && *parse.at == '\0';
    out->len = 0;
    if (!understood || !expand(&parse, truth_of(&parse, &term), false, out)) {
        CondArray whole = {0};
        array_push(&whole, source->arena, (Cond){.kind = COND_OPAQUE});
        out->len = 0;
        array_push(out, source->arena, whole);
    }
    for (uint32_t i = 0; i < out->len; i++) {
        for (uint32_t c = 0; c < out->items[i].len; c++) {
            if (out->items[i].items[c].text == NULL)
                out->items[i].items[c].text = text;
        }
    }
}
