/* rows: from the words of a table or of an overlay to the parts of a row.
 *
 * One piece of code reads the knowledge at build time (scripts/ddigen, rules/ddi) and at run time
 * (overlay.c, a user's JSON): words.c knows the vocabulary, cond.c parses conditions, ddi_row.c and
 * role_row.c build the parts and check what belongs together. Every error goes to the Reader's
 * `complain`; what is returned after an error is well-formed, but means nothing.
 */
#ifndef IRQLINT_MODEL_ROWS_H
#define IRQLINT_MODEL_ROWS_H

#include "analyzer/base/base.h"
#include "irqlint/model.h"

enum { NO_ARG = 255, MAX_PARTS = 255 };

/* A word or text as it stands in its file; "" is nothing. */
typedef struct Cell {
    const char *text; /* NUL-terminated, lives as long as the rows */
    uint32_t line;    /* 1-based */
} Cell;

/* Where texts come from and who hears what is wrong with them. */
typedef struct Reader {
    Arena *arena; /* owns what is built */
    void *source; /* of the functions below */
    void (*complain)(struct Reader *self, uint32_t line, const char *message);
    /* The value of a named constant; false: there is none. */
    bool (*constant)(struct Reader *self, const char *name, int64_t *value);
    const char *const *constant_names; /* for suggestions, NULL-terminated; may be NULL */
} Reader;

void reader_error(Reader *self, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- words.c ---- */

/* A word and the value it stands for. */
typedef struct Word {
    const char *text; /* as spelled in the tables */
    int value;        /* in model.h */
} Word;

/* The words that may stand in one place; ends with a NULL text. */
typedef struct Vocabulary {
    const char *what;  /* for messages: "effect" */
    const Word *words; /* sorted */
} Vocabulary;

extern const Vocabulary effect_words, lock_class_words, blocking_words, memory_words, field_words,
    ddi_flag_words, effect_flag_words, role_flag_words;

/* The value of the word, or -1 with an error. */
int word_value(Reader *self, const Vocabulary *vocabulary, Cell word);
/* An Irql, or -1 with an error. */
int word_level(Reader *self, Cell word);
/* A Context, CONTEXT_COUNT for "unknown" and with an error. */
uint8_t word_context(Reader *self, Cell word);
/* "" | ret | argN | *argN | in(argN) | global(name). */
Place word_place(Reader *self, Cell word);
/* argN; N, or -1 with an error. */
int word_arg(Reader *self, Cell word);
/* Comma-separated words of a vocabulary of flags, or levels; "" is none. */
uint16_t words_flags(Reader *self, const Vocabulary *vocabulary, Cell words);
IrqlSet words_levels(Reader *self, Cell words);
/* The next item of a separated list, trimmed, or NULL; *rest moves on. */
const char *next_item(Arena *arena, const char **rest, char separator);
/* A whole number, decimal or 0x…; false when it is none or does not fit. */
bool number_value(const char *text, int64_t *value);
/* A number or the name of a constant; false with an error when it is neither. */
bool constant_value(Reader *self, Cell text, int64_t *value);

/* The one of the NULL-terminated words that was probably meant, or NULL. */
const char *nearest_word(const char *const *words, const char *text);
/* "unknown WHAT: word", and the one that was probably meant. */
void complain_of_word(Reader *self, const char *what, Cell word, const char *const *words);

/* ---- ddi_row.c: a function, macro or marker ---- */

/* A Ddi under construction. */
typedef struct DdiRow {
    Ddi ddi;                  /* scalars; ddi_row_finish fills the pointers and counts */
    uint32_t line;            /* where it begins */
    Array(Cond) conds;        /* its atoms */
    Array(Limit) limits;      /* in the order given */
    Array(Effect) effects;    /* by step */
    Array(MemoryRole) memory; /* in the order given */
} DdiRow;

/* The words of one effect. */
typedef struct EffectCells {
    Cell effect;     /* what happens */
    Cell level;      /* a level, "caller" or "" */
    Cell lock_class; /* class of the lock */
    Cell lock;       /* a place */
    Cell from;       /* a place */
    Cell saved;      /* a place */
    Cell context;    /* argN or "" */
    Cell when;       /* a conjunction */
    uint8_t flags;   /* EFFECT_SHARED …, from words_flags */
} EffectCells;

/* `max` may be "unknown"; before the limits. */
void ddi_row_set_range(Reader *self, DdiRow *row, Cell min, Cell max);
void ddi_row_add_limit(Reader *self, DdiRow *row, Cell max, Cell when);
void ddi_row_add_effect(Reader *self, DdiRow *row, const EffectCells *cells);
void ddi_row_set_blocking(Reader *self, DdiRow *row, Cell kind, Cell max, Cell when);
void ddi_row_add_memory(Reader *self, DdiRow *row, Cell kind, Cell arg, Cell when);
/* Takes the arrays over into row->ddi; an error when one is too long. */
void ddi_row_finish(Reader *self, DdiRow *row);

/* ---- cond.c ---- */

typedef Array(CondSet) CondSetArray;
/* Adds the atoms of a condition to the row and its conjunctions to `out` ("" is one empty
 * conjunction). Errors: syntax, an unknown constant, more than DDI_MAX_CONDS atoms. */
void cond_parse(Reader *self, Cell text, DdiRow *row, CondSetArray *out);
/* The same where alternatives have no meaning. */
CondSet cond_parse_one(Reader *self, Cell text, DdiRow *row);

/* ---- role_row.c: roles, registrations, fields ---- */

/* A level is certain or possible, not both. */
void role_check(Reader *self, uint32_t line, const Role *role);
/* "Field", "Field[index]" or "Field{Other=CONSTANT}" into reg. */
void registration_set_field(Reader *self, Registration *reg, Cell member);
/* "kind" or "passive-setting(CONSTANT)" into fact->kind and fact->value. */
void field_set_kind(Reader *self, FieldFact *fact, Cell kind);
/* What tells field facts apart: the field, of settings the value too. */
const char *field_key(Arena *arena, const FieldFact *fact);
/* Orders by the condition on another member. */
int compare_siblings(const Registration *a, const Registration *b);
/* By ddi, arg, role; by type, field, index, sibling, role. */
int compare_by_ddi(const Registration *a, const Registration *b);
int compare_by_field(const Registration *a, const Registration *b);

#endif
