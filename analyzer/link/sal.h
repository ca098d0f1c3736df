/* sal: from the text of annotations to facts, and from facts to the row of a function without a
 * body. */
#ifndef IRQLINT_LINK_SAL_H
#define IRQLINT_LINK_SAL_H

#include "analyzer/base/base.h"
#include "irqlint/sal.h"

typedef Array(SalFact) SalFactArray;

/* One annotation and what its names mean. */
typedef struct SalSource {
    Arena *arena;              /* owns the facts */
    const Model *model;        /* values of constants */
    const char *const *params; /* names of the parameters, "" for one without */
    uint32_t param_count;      /* how many */
    int32_t param;             /* the parameter it stands on; -1: the function */
    const char *text;          /* as written, arguments not expanded */
    const char *file;          /* where */
    uint32_t line;             /* 1-based */
} SalSource;

/* Adds the facts of one annotation. Never fails: what cannot be read is a SAL_MALFORMED fact. */
void sal_parse(const SalSource *source, SalFactArray *facts);

/* sal_cond.c: the parameter that a name means, or -1; "_Curr_" is the one it stands on. */
int sal_param_index(const SalSource *source, const char *name, size_t len);

typedef Array(Cond) CondArray;
typedef Array(CondArray) CondListArray;
/* The alternatives of a condition, each a conjunction. What is not understood, or has too many
 * alternatives, is one atom of kind COND_OPAQUE. At least one alternative, always. */
void sal_parse_cond(const SalSource *source, const char *text, CondListArray *out);

/* sal_row.c: what the facts of a function without a body say, as a row of the API tables; NULL when
 * it says nothing that a row can hold. With `unsaved`, giving back a lock gives back the level. */
const Ddi *sal_make_row(Arena *arena, const char *name, const SalFact *facts, uint32_t count,
                        bool unsaved);
/* True when some fact of that kind has a legal value. */
bool sal_has(const SalFact *facts, uint32_t count, SalKind kind);

#endif
