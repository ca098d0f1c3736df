/* ddigen: from the tables of rules/ddi to one C file of constants.
 *
 * Stages, one file each: table.c reads and checks the shape of a table, words.c knows the words of
 * its cells, cond.c parses conditions, ddi.c and role.c build the rows, check.c compares them with
 * the declarations, emit.c and emit_role.c write C. Every error is `file:line: message`; nothing is
 * written when there was one.
 */
#ifndef IRQLINT_DDIGEN_H
#define IRQLINT_DDIGEN_H

#include "analyzer/base/base.h"
#include "irqlint/model.h"

enum { MAX_COLUMNS = 16, NO_ARG = 255 };

/* One line of a table. */
typedef struct Row {
    const char *cells[MAX_COLUMNS]; /* by column; "-" is read as "" */
    uint32_t line;                  /* 1-based */
} Row;

/* What a table must look like. */
typedef struct TableShape {
    const char *name;    /* file stem */
    const char *columns; /* the header line, blanks for tabs */
    uint32_t key_count;  /* the first columns, by which it is sorted and unique */
} TableShape;

typedef struct Table {
    const char *path;        /* for messages */
    Array(Row) rows;         /* without the header */
    const TableShape *shape; /* what was asked for */
} Table;

/* A Ddi under construction; all strings are in the arena. */
typedef struct DdiRow {
    Ddi ddi;                  /* scalars; the pointers and counts are filled when emitted */
    uint32_t line;            /* in irql.tsv */
    Array(Cond) conds;        /* its atoms */
    Array(Limit) limits;      /* in the order of the cell */
    Array(Effect) effects;    /* by step */
    Array(MemoryRole) memory; /* in table order */
} DdiRow;

typedef struct RegistrationRow {
    Registration reg; /* as emitted */
    uint32_t line;    /* in registrations.tsv */
} RegistrationRow;

typedef struct RoleNameRow {
    const char *name; /* of the role or a pointer to it */
    uint32_t role;    /* index into Gen.roles */
    uint32_t line;    /* in callbacks.tsv */
} RoleNameRow;

/* The run. */
typedef struct Gen {
    Arena *arena;         /* owns everything */
    uint32_t error_count; /* errors printed so far */
    uint64_t version;     /* hash of all input */
    Table irql;           /* the tables as read */
    Table effects;
    Table blocking;
    Table callbacks;
    Table registrations;
    Table memory;
    Table fields;
    Table constants;
    Array(DdiRow) ddis;              /* by name */
    Array(Role) roles;               /* by name */
    Array(RoleNameRow) role_names;   /* by name */
    Array(RegistrationRow) by_ddi;   /* by ddi, arg */
    Array(RegistrationRow) by_field; /* by type, field, index */
    Array(FieldFact) field_facts;    /* by type, field */
} Gen;

/* Prints `path:line: message` (line 0: `path: message`) and counts it. */
void gen_error(Gen *self, const Table *table, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- table.c ---- */
/* Reads dir/<shape name>.tsv; errors for a missing file, a wrong header, rows with the wrong number
 * of cells, empty cells, rows out of order and duplicates. */
void table_read(Gen *self, Table *table, const char *dir, const TableShape *shape);
/* The row whose first cell is `name`, or NULL; the table must be sorted. */
const Row *table_find(const Table *table, const char *name);

/* ---- words.c: the value of a word, or -1 with an error ---- */
int word_level(Gen *self, const Table *table, uint32_t line, const char *word);
int word_effect(Gen *self, const Table *table, uint32_t line, const char *word);
int word_lock_class(Gen *self, const Table *table, uint32_t line, const char *word);
int word_blocking(Gen *self, const Table *table, uint32_t line, const char *word);
int word_memory(Gen *self, const Table *table, uint32_t line, const char *word);
int word_field(Gen *self, const Table *table, uint32_t line, const char *word);
/* Comma-separated flags, "" is 0. */
int words_ddi_flags(Gen *self, const Table *table, uint32_t line, const char *words);
int words_effect_flags(Gen *self, const Table *table, uint32_t line, const char *words);
int words_role_flags(Gen *self, const Table *table, uint32_t line, const char *words);
/* Comma-separated levels as an IrqlSet, "" is none. */
int words_levels(Gen *self, const Table *table, uint32_t line, const char *words);
/* "" | ret | argN | *argN | in(argN) | global(name); the name is in the arena. */
Place word_place(Gen *self, const Table *table, uint32_t line, const char *word);
/* argN; returns N or -1 with an error. */
int word_arg(Gen *self, const Table *table, uint32_t line, const char *word);
/* The next item of a separated list, trimmed, or NULL; *rest moves on. */
const char *next_item(Gen *self, const char **rest, char separator);

/* ---- cond.c ---- */
typedef Array(CondSet) CondSetArray;
/* Adds the atoms of a condition to the row and its conjunctions to `out` ("" is one empty
 * conjunction). Errors: syntax, an unknown constant, more than DDI_MAX_CONDS atoms. */
void cond_parse(Gen *self, const Table *table, uint32_t line, const char *text, DdiRow *ddi,
                CondSetArray *out);
/* The same where alternatives have no meaning. */
CondSet cond_parse_one(Gen *self, const Table *table, uint32_t line, const char *text, DdiRow *ddi);
/* A number or the name of a constant; false with an error when it is neither. */
bool constant_value(Gen *self, const Table *table, uint32_t line, const char *text, int64_t *value);

/* ---- ddi.c, role.c, check.c, emit.c ---- */
void gen_build_ddis(Gen *self);
DdiRow *gen_find_ddi(Gen *self, const char *name);
void gen_build_roles(Gen *self);
/* Compares the arguments that rows speak of with the declared ones. */
void gen_check_declarations(Gen *self, const char *path);
void gen_emit_ddis(Gen *self, Text *out);
void gen_emit_roles(Gen *self, Text *out);
void emit_string(Gen *self, Text *out, const char *text);

#endif
