/* ddigen: from the tables of rules/ddi to one C file of constants.
 *
 * Stages, one file each: table.c reads and checks the shape of a table, ddi.c and role.c build the
 * rows from its cells (analyzer/model/rows.h knows their words and conditions), check.c compares
 * them with the declarations, emit.c and emit_role.c write C. Every error is `file:line: message`;
 * nothing is written when there was one.
 */
#ifndef IRQLINT_DDIGEN_H
#define IRQLINT_DDIGEN_H

#include "analyzer/model/rows.h"
#include "analyzer/model/tables.h"

enum { MAX_COLUMNS = 16 };

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
    Reader reader;        /* of cells; its source is the run */
    const Table *table;   /* the one being read, for messages */
    uint32_t error_count; /* errors printed so far */
    uint64_t version;     /* hash of all input */
    Table irql;           /* the tables as read */
    Table effects;
    Table blocking;
    Table callbacks;
    Table registrations;
    Table memory;
    Table fields;
    Table objects;
    Table constants;
    Array(DdiRow) ddis;              /* by name */
    Array(Role) roles;               /* by name */
    Array(RoleNameRow) role_names;   /* by name */
    Array(RegistrationRow) by_ddi;   /* by ddi, arg */
    Array(RegistrationRow) by_field; /* by type, field, index */
    Array(FieldFact) field_facts;    /* by type, field */
    Array(ObjectCreator) creators;   /* by ddi */
    Array(Constant) constant_rows;   /* by name */
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

/* The cell of a row, with its line. */
Cell row_cell(const Row *row, uint32_t column);

/* ---- ddi.c, role.c, check.c, emit.c ---- */
void gen_build_constants(Gen *self);
void gen_build_ddis(Gen *self);
DdiRow *gen_find_ddi(Gen *self, const char *name);
void gen_build_roles(Gen *self);
/* Compares the arguments that rows speak of with the declared ones. */
void gen_check_declarations(Gen *self, const char *path);
void gen_emit_ddis(Gen *self, Text *out);
void gen_emit_roles(Gen *self, Text *out);
void emit_string(Gen *self, Text *out, const char *text);

#endif
