/* sal: what the annotations of a function say about levels, locks and roles, one fact each.
 *
 * An annotation under conditions (_When_) or on another place (_At_) is a fact with those
 * conditions and that place; a condition with alternatives gives a fact for each. What cannot be
 * read is a fact too (SAL_MALFORMED, SAL_BAD_VALUE): a mistake of the author that a rule may
 * report.
 */
#ifndef IRQLINT_SAL_H
#define IRQLINT_SAL_H

#include "irqlint/model.h"

typedef enum SalKind {
    SAL_MALFORMED,      /* cannot be read; `text` is all that is known */
    SAL_REQUIRES,       /* entered at `level` */
    SAL_MAX,            /* entered at `level` at most */
    SAL_MIN,            /* entered at `level` at least */
    SAL_RAISES,         /* leaves at `level`, or at the level in `place` */
    SAL_SAVES,          /* the level at entry goes to `place` */
    SAL_RESTORES,       /* leaves at the level in `place` */
    SAL_SAME,           /* leaves at the level at which it was entered */
    SAL_FUNCTION_MAX,   /* never runs above `level`, not even for a moment */
    SAL_FUNCTION_MIN,   /* never runs below it */
    SAL_USES_CANCEL,    /* `place` is the level that a cancel routine has to restore */
    SAL_IS_CANCEL,      /* `place` is the level of a cancel routine */
    SAL_ACQUIRES,       /* leaves with the lock `place` of `lock_class` held */
    SAL_RELEASES,       /* leaves with it released */
    SAL_HELD,           /* entered with it held */
    SAL_NOT_HELD,       /* entered without it */
    SAL_NONE_HELD,      /* entered without any lock */
    SAL_CLEARS_INIT,    /* clears DO_DEVICE_INITIALIZING: `name` is "yes" or "no" */
    SAL_SUCCESS,        /* `conds` tell success from failure */
    SAL_FUNCTION_CLASS, /* is a callback of the role `name` */
    SAL_DISPATCH_TYPE,  /* is the dispatch routine for the function code `name` */
    SAL_KIND_COUNT
} SalKind;

enum {
    SAL_BAD_VALUE = 1, /* the argument is none that this annotation can have */
    SAL_SHARED = 2,    /* the lock is taken or held shared */
    SAL_EXCLUSIVE = 4  /* … exclusively */
};

enum { SAL_RETURN = 255 }; /* Cond.arg: the condition is about the result */

typedef struct SalFact {
    uint8_t kind;        /* SalKind */
    uint8_t level;       /* Irql; IRQL_COUNT: none, or not a constant that is known */
    uint8_t flags;       /* SAL_BAD_VALUE … */
    uint8_t lock_class;  /* LockClass; LOCK_NONE: the annotation does not say */
    Place place;         /* what it speaks about; PLACE_GLOBAL: an expression without parameters */
    const char *name;    /* see SalKind; of locks and places: the expression; else "" */
    const Cond *conds;   /* all must hold; those about the result hold afterwards */
    uint32_t cond_count; /* 0: always */
    const char *text;    /* the whole annotation as written */
    const char *file;    /* where it stands */
    uint32_t line;       /* 1-based */
} SalFact;

/* "max", "raises", … */
const char *sal_kind_name(SalKind kind);

/* The levels at which the facts without conditions let a function be entered; IRQL_SET_ALL when
 * they do not say, or contradict each other. */
IrqlSet sal_entry_levels(const SalFact *facts, uint32_t count);

#endif
