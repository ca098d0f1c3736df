/* What the files of the link stage share. */
#ifndef IRQLINT_LINK_INTERNAL_H
#define IRQLINT_LINK_INTERNAL_H

#include "analyzer/link/link.h"
#include "analyzer/link/sal.h"

typedef struct Linker {
    Arena *arena;              /* the run's: holds the result and, until the end, the work */
    Program *program;          /* the result being built */
    StrTab *names;             /* keys of functions, fields and globals */
    Array(ProgRoot) roots;     /* found so far */
    const uint32_t *slot_base; /* by FuncId: slot of its local 0 */
} Linker;

typedef void OpVisitor(Linker *self, FuncId func, const ProgUnit *unit, IrOp op, void *data);
/* Every operation of every defined function, in id order; the pseudo-functions of global
 * initialisers have func 0. */
void linker_each_op(Linker *self, OpVisitor *visit, void *data);

/* slots.c: solves where function pointers point; fills program->targets. */
typedef struct Slots Slots;
Slots *slots_solve(Linker *self);
/* Functions that a value of `func`'s unit may be, sorted. */
ProgTargets slots_of_value(Slots *self, FuncId func, const ProgUnit *unit, IrValue value);

/* settings.c: what decides the level of framework callbacks; fills program->settings. */
typedef struct Settings Settings;
Settings *settings_find(Linker *self);
/* Of a callback stored in a member of the structure by `op` … */
RootSetting settings_of_field(const Settings *self, const Role *role, FuncId func, IrOp op,
                              const ProgUnit *unit, IrPath structure);
/* … handed to the API function that `op` calls. */
RootSetting settings_of_argument(const Settings *self, const Role *role, FuncId func,
                                 const ProgUnit *unit, IrOp op);

/* roots.c: fills self->roots from registrations, names, role types, annotations. */
void roots_find(Linker *self, Slots *slots);

/* requests.c: marks the roots that complete requests of the driver's own making. */
void requests_mark_own(Linker *linker);

/* sections.c: fills program->locked_sections. */
void sections_find(Linker *self, Slots *slots);

/* annotations.c: adds what the annotations of one declaration say to the facts of its function. */
void annotations_read(Linker *self, const IrUnit *unit, const IrFuncRec *record,
                      SalFactArray *facts);
/* The roles of a function whose facts are known: its annotations' and those of `types`. */
void annotations_set_roles(Linker *self, ProgFunc *func, const CStrArray *types);
/* Rows for functions without a body that the model does not know; all facts are known. */
void annotations_make_rows(Linker *self);
/* Fills program->conflicts; after the roots. */
void annotations_find_conflicts(Linker *self);

#endif
