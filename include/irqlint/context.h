/* context: the small finite domain of the analysis: levels, contexts, sets of both.
 *
 * Levels follow the kernel's order; a whole range of device levels is one value. Source:
 * "Managing Hardware Priorities" in the Windows driver documentation.
 */
#ifndef IRQLINT_CONTEXT_H
#define IRQLINT_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

/* Interrupt request level, ascending. */
typedef enum Irql {
    IRQL_PASSIVE,  /* 0: threads */
    IRQL_APC,      /* 1: paging allowed, APCs held back */
    IRQL_DISPATCH, /* 2: DPCs, spin locks: no paging, no waiting */
    IRQL_DIRQL,    /* 3 … 12: device interrupts */
    IRQL_HIGH,     /* 13 … 15: clock, IPI, profile, machine check */
    IRQL_COUNT
} Irql;

typedef uint8_t IrqlSet; /* bit i set: Irql i is possible */

enum { IRQL_SET_NONE = 0, IRQL_SET_ALL = (1 << IRQL_COUNT) - 1 };

#define irql_bit(level) ((IrqlSet)(1u << (level)))

/* The highest level of a set; PASSIVE_LEVEL of an empty one. */
static inline Irql irql_highest(IrqlSet levels) {
    unsigned level = 0;
    while ((levels >> (level + 1)) != 0)
        level++;
    return (Irql)level;
}

/* Where code runs (requirements C1–C7). */
typedef enum Context {
    CONTEXT_INIT,             /* DriverEntry and reinitialisation: INIT sections are still there */
    CONTEXT_CALLER_THREAD,    /* the thread that made the request: user addresses mean something */
    CONTEXT_ARBITRARY_THREAD, /* whichever thread was running */
    CONTEXT_SYSTEM_THREAD,    /* PsCreateSystemThread, work items: no user half */
    CONTEXT_DPC,              /* deferred procedure call */
    CONTEXT_ISR,              /* interrupt service routine at DIRQL */
    CONTEXT_PASSIVE_ISR,      /* interrupt service routine of a passive-level interrupt */
    CONTEXT_APC,              /* APC routine */
    CONTEXT_COUNT
} Context;

typedef uint64_t PairSet; /* bit (context * IRQL_COUNT + irql) */

static inline unsigned pair_of(Context context, Irql irql) {
    return (unsigned)context * IRQL_COUNT + (unsigned)irql;
}
static inline PairSet pair_bit(Context context, Irql irql) {
    return (PairSet)1 << pair_of(context, irql);
}
static inline Context pair_context(unsigned pair) {
    return (Context)(pair / IRQL_COUNT);
}
static inline Irql pair_irql(unsigned pair) {
    return (Irql)(pair % IRQL_COUNT);
}

/* "PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL", "DIRQL", "HIGH_LEVEL". */
const char *irql_name(Irql irql);
/* The level of that name (also "SYNCH_LEVEL", "IPI_LEVEL" …), or -1. */
int irql_from_name(const char *name);
/* The level that the number in a KIRQL stands for on x64 (0, 1, 2, 3…12, 13…15). */
Irql irql_from_number(int64_t number);
/* "init", "caller-thread", "arbitrary-thread", "system-thread", "dpc", "isr", "passive-isr", "apc".
 */
const char *context_name(Context context);
/* The context of that name ('_' and '-' alike), or -1. */
int context_from_name(const char *name);

/* How sure a statement about a (context, IRQL) pair is; smaller is surer. */
typedef enum Certainty {
    CERTAIN,       /* no assumption was made */
    POSSIBLE,      /* rests on a documented possibility ("called at IRQL <= DISPATCH_LEVEL"):
                      shown by default, the assumption is named */
    POSSIBLE_WEAK, /* rests on lost precision, an inferred table row or an unresolved call:
                      shown with --all */
    CERTAINTY_COUNT
} Certainty;

/* Why a finding is not certain. */
typedef enum Assumption {
    ASSUME_NOTHING,
    ASSUME_CALLBACK_LEVEL, /* the system may call the root at this level (documented range) */
    ASSUME_SAL,            /* only an annotation says that it runs here */
    ASSUME_NO_ROOT,        /* nothing in the sources calls it: taken to start at PASSIVE_LEVEL */
    ASSUME_NO_SURE_CALL,   /* nothing surely calls it: taken to start at PASSIVE_LEVEL */
    ASSUME_CALL_TARGET,    /* the call goes through a pointer with several or unknown targets */
    ASSUME_LOST_WORLD,     /* states were joined on the way */
    ASSUME_WEAK_ROW,       /* the table row behind it is inferred, not documented */
    ASSUME_SECTION_LOCKED, /* the driver locks that pageable section in memory somewhere */
    ASSUME_SETTING,        /* a setting of the device, queue or interrupt decides the level */
    ASSUME_DEFAULT_LEVEL,  /* the framework's default lets it run at this level */
    ASSUME_SHARED_HANDLER, /* the line serves requests in the caller's thread as well */
    ASSUME_INLINED,        /* the compiler places an inline function in its caller */
    ASSUME_SAME_OBJECT,    /* data is told apart by its type and field, not by the object */
    ASSUME_DIRECT_CALL,    /* the driver calls a callback itself, above the levels it is for */
    ASSUME_LAST_REFERENCE, /* a counter of references reaches zero here */
    ASSUME_TRUSTED_CALLER, /* whoever may send the request could be trusted with it */
    ASSUME_CONDITION,      /* an argument that decides could not be evaluated */
    ASSUME_METHOD_NEITHER, /* the system probes the address for other transfer methods */
    ASSUME_COUNT
} Assumption;

/* "certain", "possible". (POSSIBLE_WEAK is "possible" too.) */
const char *certainty_name(Certainty certainty);
/* One clause for the report: "the system may call it at this level", … */
const char *assumption_text(Assumption assumption);

#endif
