/* model: what is known about the kernel API, as data.
 *
 * The tables under rules/ddi/ are compiled into static arrays by scripts/ddigen; look-ups are by
 * the documented name of the function, macro or marker. An unknown function is unknown, not
 * harmless: look-ups return NULL and callers must treat that as "anything".
 */
#ifndef IRQLINT_MODEL_H
#define IRQLINT_MODEL_H

#include "irqlint/context.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- conditions --------------------------------------------------------------------------- */

typedef enum CondKind {
    COND_ARG_EQ,      /* argument == value (NULL and FALSE are 0, TRUE is 1) */
    COND_ARG_NE,      /* argument != value */
    COND_ARG_BITS,    /* (argument & value) != 0 */
    COND_ARG_NO_BITS, /* (argument & value) == 0 */
    COND_ARG_LT,      /* argument < value */
    COND_ARG_GT,      /* argument > value */
    COND_DEREF_EQ,    /* *argument == value; false for a NULL argument */
    COND_DEREF_NE, /* *argument != value; true for a NULL argument (NULL time-out waits for ever) */
    COND_ARG_PAGEABLE, /* argument points at pageable memory */
    COND_ARG_USER,     /* argument is a user address */
    COND_FORMAT_WIDE,  /* argument is a format string with a Unicode conversion (%wZ %ws %S %ls %C
                          %lc) */
    COND_OPAQUE        /* stated by the documentation, not decidable here: text says what */
} CondKind;

/* One atom. */
typedef struct Cond {
    uint8_t kind;     /* CondKind */
    uint8_t arg;      /* argument, from 0 */
    int64_t value;    /* see CondKind */
    const char *text; /* its spelling in the table, e.g. "arg4 == NULL" */
} Cond;

enum { DDI_MAX_CONDS = 16 };

/* A conjunction of atoms: bit i set = conds[i] of the same Ddi must hold. 0 = always. Rows with
 * "or" are several entries. */
typedef uint16_t CondSet;

/* ---- places an effect speaks about -------------------------------------------------------- */

typedef enum PlaceKind {
    PLACE_NONE,
    PLACE_RETURN, /* the result of the call */
    PLACE_ARG,    /* the value of argument n */
    PLACE_OUT,    /* what argument n points at */
    PLACE_HIDDEN, /* inside the object argument n points at (lock handle, lock, state) */
    PLACE_GLOBAL  /* one object of the system: name says which ("cancel", "vpb", "startio") */
} PlaceKind;

typedef struct Place {
    uint8_t kind;     /* PlaceKind */
    uint8_t arg;      /* argument n */
    const char *name; /* PLACE_GLOBAL: which; PLACE_HIDDEN: "TYPE.field" when sources may name the
                         member that holds it; else NULL */
} Place;

/* ---- effects ------------------------------------------------------------------------------ */

typedef enum EffectKind {
    EFFECT_RAISE, /* the level becomes `level` (or the argument in `from`); old level to `saved` */
    EFFECT_LOWER, /* the level becomes the one in `saved` (PLACE_ARG / PLACE_HIDDEN) */
    EFFECT_ACQUIRE,   /* takes `lock` of class `lock_class` */
    EFFECT_RELEASE,   /* releases it */
    EFFECT_CALL,      /* calls the function in argument `from.arg`, with `context_arg` as its first
                         argument, before it returns, at `level` (IRQL_COUNT: the caller's level),
                         holding `lock` if any */
    EFFECT_READ_IRQL, /* the result is the current level */
    EFFECT_CLAIM_MAX, /* asserts that the level is <= `level` (PAGED_CODE) */
    EFFECT_CLAIM,     /* asserts that argument 0 is true (ASSERT, _Analysis_assume_) */
    EFFECT_NORETURN,  /* does not return (KeBugCheckEx, ExRaiseStatus) */
    EFFECT_RAISES_EXCEPTION, /* may raise an exception: in a __try the handler may run next */
    EFFECT_ENTER_REGION, /* critical or guarded region: `lock.name` says which; IRQL unchanged */
    EFFECT_LEAVE_REGION,
    EFFECT_ATTACH, /* attaches the thread to a process: user addresses of that process */
    EFFECT_DETACH,
    EFFECT_LOCK_SECTION, /* locks the pageable section of the routine or handle in argument */
    EFFECT_UNLOCK_SECTION,
    EFFECT_QUEUE, /* queues DPC / work item / timer: hands work on (lock.name: "dpc", "work",
                     "timer") */
    EFFECT_PRECEDES_WAIT,    /* returns with the dispatcher held (Wait = TRUE): the next call must
                                be a wait, which ends that state */
    EFFECT_ACQUIRE_IF_MUTEX, /* acquires `lock` when the object is a mutex: the row cannot tell */
    EFFECT_HOLDS_INSIDE      /* takes `lock` and gives it back before it returns; level unchanged */
} EffectKind;

/* Places of the effects, where it is not obvious:
 * ACQUIRE: `lock` is PLACE_ARG (its value identifies the lock) or PLACE_GLOBAL; `saved`, when
 *   PLACE_HIDDEN, is the handle that stands for the lock in the matching RELEASE, whose `lock` is
 *   then PLACE_HIDDEN.
 * CALL: `from` PLACE_HIDDEN = the callbacks kept in that object (IO_CSQ), PLACE_GLOBAL = a routine
 *   registered elsewhere ("startio").
 * ENTER_REGION: `saved`, when given, is the state that LEAVE_REGION takes back. Region names:
 *   "critical", "guarded" (APCs held back), "affinity", "fp". */

typedef enum LockClass {
    LOCK_NONE,
    LOCK_SPIN,       /* spin lock, raises to DISPATCH or used there */
    LOCK_QUEUED,     /* in-stack queued spin lock */
    LOCK_RW_SPIN,    /* EX_SPIN_LOCK, NDIS_RW_LOCK */
    LOCK_CANCEL,     /* the system cancel spin lock */
    LOCK_INTERRUPT,  /* interrupt spin lock: DIRQL (or the passive interrupt lock) */
    LOCK_FAST_MUTEX, /* FAST_MUTEX, guarded mutex */
    LOCK_MUTEX,      /* KMUTEX and framework wait locks: PASSIVE */
    LOCK_RESOURCE,   /* ERESOURCE */
    LOCK_PUSH,       /* push lock */
    LOCK_RUNDOWN,    /* rundown, remove locks: not mutual exclusion */
    LOCK_FRAMEWORK,  /* WDF object lock: spin lock or mutex by execution level */
    LOCK_CLASS_COUNT
} LockClass;

const char *lock_class_name(LockClass lock_class);

enum {
    EFFECT_SHARED = 1,       /* acquired shared (readers) */
    EFFECT_TRY = 2,          /* happens only when the result is `success` … */
    EFFECT_AT_DPC = 4,       /* the "FromDpcLevel"/"AtDpcLevel" variant: level unchanged */
    EFFECT_SUCCESS_ZERO = 8, /* … success is result == 0 (STATUS_SUCCESS), otherwise result != 0 */
    EFFECT_PASSIVE_IF_SET = 16, /* `level` (of a lower: the level given up) is PASSIVE instead when
                                   the object was set up as passive-level */
    EFFECT_SUCCESS_STATUS = 32, /* … success is result >= 0 (NT_SUCCESS) */
    EFFECT_ONE_WAY = 64,   /* nothing says how the old level comes back: what follows is weak */
    EFFECT_RECURSIVE = 128 /* who holds the lock may take it again, but not what is shared alone */
};

typedef struct Effect {
    uint8_t kind;        /* EffectKind */
    uint8_t level;       /* Irql, IRQL_COUNT = not a constant */
    uint8_t flags;       /* EFFECT_SHARED … */
    uint8_t lock_class;  /* LockClass */
    Place from;          /* raise: the argument that gives the level; call: the callback */
    Place saved;         /* where the old level is saved to / taken from */
    Place lock;          /* which lock object, or the region's name */
    uint8_t context_arg; /* EFFECT_CALL: argument handed on as the callback's first, 255 none */
    CondSet when;        /* only when these hold; unknown = may */
} Effect;

/* ---- limits, blocking --------------------------------------------------------------------- */

/* "callable at IRQL <= max when `when`". */
typedef struct Limit {
    uint8_t max;  /* Irql */
    CondSet when; /* 0: always */
} Limit;

typedef enum BlockingKind {
    BLOCK_NONE,
    BLOCK_WAIT,    /* waits for an object */
    BLOCK_SLEEP,   /* delays the thread */
    BLOCK_LOCK,    /* waits for a mutex, resource … */
    BLOCK_SYNC_IO, /* I/O or system service that waits inside */
    BLOCK_DRAIN,   /* waits until callbacks, references or I/O are done */
    BLOCK_PAGING,  /* page-faults by design */
    BLOCK_BUSY     /* spins the processor: legal anywhere, but for how long? */
} BlockingKind;

const char *blocking_kind_name(BlockingKind kind);

/* ---- memory roles ------------------------------------------------------------------------- */

typedef enum MemoryKind {
    MEM_ALLOC,          /* result (or *arg when out) is memory; pool decided by `arg`/conditions */
    MEM_ALLOC_PAGED,    /* result is paged memory (when `when`) */
    MEM_FREE,           /* frees argument */
    MEM_PROBE,          /* probes the user address in argument */
    MEM_CAPTURE_SRC,    /* reads what argument points at */
    MEM_CAPTURE_DST,    /* writes what argument points at */
    MEM_USER_RESULT,    /* result / *argument is a user address */
    MEM_KERNEL_RESULT,  /* result is a system address good in any context (MDL mapping) */
    MEM_LOCK_USER,      /* locks user pages (MmProbeAndLockPages) */
    MEM_DESCRIBED,      /* an MDL describes what argument points at: it may get locked */
    MEM_NEEDS_NONPAGED, /* argument must point at resident memory */
    MEM_NOT_ON_STACK,   /* argument must not lie on the stack of the thread */
    MEM_PAGEABLE_INPUT, /* argument may be pageable: raises the routine's own limit */
    MEM_RELINKS,        /* changes the links of the list that argument is the head of, no lock */
    MEM_COUNTER,        /* result is a counter of references that was just lowered */
    MEM_MODE_RESULT,    /* result is the processor mode of the requester */
    MEM_DEVICE_RESULT,  /* result / *argument was read from a register of the device */
    MEM_OF_REQUESTER,   /* argument is a request: legal in the requester's thread only */
    MEM_TRUSTED_HANDLE, /* argument is a handle that is used with the kernel's rights */
    MEM_OWN_REQUEST,    /* result / argument is a request that the driver makes: its buffers are the
                           kernel's */
    MEM_COMPLETION_OF   /* argument is the request whose completion routine is registered */
} MemoryKind;

typedef struct MemoryRole {
    uint8_t kind; /* MemoryKind */
    uint8_t arg;  /* argument; 255 = the result */
    CondSet when; /* 0: always */
} MemoryRole;

/* ---- the row ------------------------------------------------------------------------------ */

enum {
    DDI_WEAK = 1,      /* no page states the level (basis "inferred") */
    DDI_EXACT_MIN = 2, /* calls below `min` are an error too (documented, or an AtDpcLevel form) */
    DDI_CREATES_THREAD = 4, /* creates a thread: thread-create-raised speaks of it, no other rule */
    DDI_ANNOTATED = 8, /* not of the kernel: the row is what its annotations say (link stage) */
    DDI_INTRINSIC = 16 /* the compiler's own: no call of the kernel API */
};

/* A function, macro or marker of the kernel API. */
typedef struct Ddi {
    const char *name;      /* documented name */
    const char *header;    /* documented header */
    const char *page;      /* source: page of the DDI reference, "" for markers of our own */
    uint8_t min;           /* lowest Irql of a call */
    uint8_t max;           /* highest Irql of a call when nothing lowers it; IRQL_COUNT unknown */
    uint8_t flags;         /* DDI_WEAK … */
    uint8_t blocking;      /* BlockingKind */
    CondSet blocking_when; /* it blocks when these hold (0: always) */
    uint8_t blocking_max;  /* highest Irql at which blocking is legal (APC or PASSIVE) */
    uint8_t cond_count;    /* atoms */
    uint8_t limit_count;   /* conditional limits */
    uint8_t effect_count;  /* effects, in order */
    uint8_t memory_count;  /* memory roles */
    const Cond *conds;     /* the atoms the CondSets speak of */
    const Limit *limits;   /* each lowers `max` */
    const Effect *effects; /* in order */
    const MemoryRole *memory;  /* roles */
    const char *blocking_text; /* when it blocks, for the message */
} Ddi;

/* ---- callbacks ---------------------------------------------------------------------------- */

/* How the system calls a callback of this role. */
typedef struct Role {
    const char *name;    /* function type: "KSERVICE_ROUTINE" */
    const char *page;    /* source */
    uint8_t context;     /* Context; CONTEXT_COUNT: unknown */
    IrqlSet certain;     /* levels at which the system certainly calls it */
    IrqlSet possible;    /* further levels it may be called at, by documentation */
    uint16_t flags;      /* ROLE_… */
    const char *depends; /* what the level depends on, "" nothing */
    uint32_t user_args;  /* bit n set: parameter n is (or holds) a user address */
} Role;

enum {
    ROLE_WEAK = 1, /* level inferred, not documented */
    ROLE_CANCEL_LOCK_HELD =
        2,           /* entered with the cancel spin lock held; leaves through its release */
    ROLE_CALLER = 4, /* called at its caller's level, synchronously (EFFECT_CALL) */
    ROLE_PASSIVE_IF_SET = 8,       /* PassiveHandling / ExecutionLevel decide (depends) */
    ROLE_INTERRUPT_LOCK_HELD = 16, /* entered with the interrupt lock held */
    ROLE_SUPPLIED = 32, /* implemented by the system (or another driver) and called by this one: its
                          limits are model_ddi(name); when the driver implements it, the levels are
                          those at which others may call it */
    ROLE_RARELY =
        64, /* the `possible` levels are hardly ever used: they need evidence in the code */
    ROLE_RAW_BUFFERS = 128, /* nobody has probed the user addresses of the request */
    ROLE_KERNEL_REQUESTS =
        256,              /* only drivers send such requests: their addresses are the kernel's */
    ROLE_LIFECYCLE = 512, /* starts or stops the device: no other of these runs meanwhile, and
                             mostly no I/O */
    ROLE_STARTIO_LOCK_HELD = 1024, /* entered with the port driver's StartIo lock held */
    ROLE_REQUEST_CONTEXT = 2048,   /* its parameters belong to one request or work item */
    ROLE_AT_ONCE = 4096 /* called only before the function that registers it goes on: a registration
                           structure handed to a routine that calls back */
};

/* A way a callback is handed to the system. A registration says more than the declared role type:
 * where both are known, it wins (KeInitializeThreadedDpc, MajorFunction[IRP_MJ_POWER]). */
typedef struct Registration {
    const char *role;  /* Role.name */
    const char *ddi;   /* function (or, for a call through a field, the role it is declared with)
                          that takes it as argument `arg`; NULL when by field */
    uint8_t arg;       /* argument, from 0 */
    const char *type;  /* struct type name (as in IR_PATH_FIELD); "": the system calls the function
                          by its name, `field` ("DriverEntry") … */
    const char *field; /* … and field that holds it; NULL when by argument */
    int32_t index;     /* element of an array field (MajorFunction[IRP_MJ_POWER]), -1 any */
    const char *sibling;   /* only where this member of the same structure … */
    int64_t sibling_value; /* … is set to that; NULL: always */
} Registration;

/* ---- a user-memory field ------------------------------------------------------------------ */

typedef enum FieldKind {
    FIELD_USER_POINTER,   /* holds a user address that nobody probed (Type3InputBuffer) */
    FIELD_RAW_POINTER,    /* holds a user address, unprobed in roles with ROLE_RAW_BUFFERS */
    FIELD_PROBED_POINTER, /* holds a user address that the system has probed */
    FIELD_KERNEL_COPY, /* holds the kernel's copy (SystemBuffer): pointers in it are user pointers
                        */
    FIELD_LOCKED_MDL,  /* describes locked pages */
    FIELD_REQUESTOR_MODE,   /* while it is `value`, the request's user pointers are kernel addresses
                             */
    FIELD_DEVICE_STATE,     /* points at the state of the one device */
    FIELD_DUMP_MODE,        /* not 0: the driver writes a crash dump, alone on one processor */
    FIELD_PASSIVE_SETTING,  /* storing `value` in it makes callbacks passive-level */
    FIELD_PASSIVE_BIT,      /* so does setting (some of) the bits of `value` */
    FIELD_DISPATCH_SETTING, /* storing `value` lets them run at up to DISPATCH_LEVEL */
    FIELD_SERIAL_SETTING,   /* storing `value` makes the framework hold a lock around callbacks */
    FIELD_PARALLEL_SETTING  /* storing `value` makes it hold none */
} FieldKind;

typedef struct FieldFact {
    const char *type;  /* struct type name */
    const char *field; /* field name */
    uint8_t kind;      /* FieldKind */
    int64_t value;     /* of settings and FIELD_REQUESTOR_MODE: the value that matters */
} FieldFact;

/* ---- framework objects -------------------------------------------------------------------- */

/* A routine that creates an object of a framework: what decides the level of its callbacks. */
typedef struct ObjectCreator {
    const char *ddi;      /* the routine */
    const char *kind;     /* "queue", "timer" … */
    const char *parent;   /* kind of the parent, from which settings are inherited; "" none */
    uint8_t config;       /* argument: structure with callbacks; 255 none */
    uint8_t attributes;   /* argument: structure with the settings; 255 none */
    uint8_t parent_arg;   /* argument: the parent; 255 none */
    bool passive_cleanup; /* its cleanup and destroy callbacks run at PASSIVE_LEVEL */
} ObjectCreator;

/* ---- look-ups ----------------------------------------------------------------------------- */

typedef struct Model Model;

/* The built-in tables. */
const Model *model_builtin(void);

struct Arena;
/* What is wrong with a user's files: "file:line: message" each. */
typedef struct ModelErrors {
    const char *const *items; /* in the order of the files, then of the lines */
    uint32_t len;             /* 0: nothing */
} ModelErrors;
/* The built-in tables with the rows of a user's JSON files (docs/ddi-tables.md) laid over them, the
 * last file on top. Everything lives in the arena. NULL when any file has an error. */
const Model *model_overlay(struct Arena *arena, const char *const *paths, uint32_t path_count,
                           ModelErrors *errors);

/* The row of a documented name, or NULL. */
const Ddi *model_ddi(const Model *self, const char *name);
/* The role of a function type name ("KDEFERRED_ROUTINE"; also a pointer type "PKDEFERRED_ROUTINE",
 * "PFN_…"), or NULL. */
const Role *model_role(const Model *self, const char *type_name);
/* Registrations through a DDI's argument / through a struct field: first match and its count; the
 * matches are adjacent. NULL when none. */
const Registration *model_registrations_of_ddi(const Model *self, const char *ddi, uint32_t *count);
const Registration *model_registrations_of_field(const Model *self, const char *type,
                                                 const char *field, uint32_t *count);
/* What is known of a field: the first row and their count; NULL when none. */
const FieldFact *model_field(const Model *self, const char *type, const char *field,
                             uint32_t *count);
/* How the routine creates an object, or NULL. */
const ObjectCreator *model_creator(const Model *self, const char *ddi);
/* The value of a name that conditions may use; false when it is none. */
bool model_constant(const Model *self, const char *name, int64_t *value);
uint32_t model_ddi_count(const Model *self);
uint32_t model_role_count(const Model *self);
/* Changes whenever a table changes: part of every cache key. */
uint64_t model_version(const Model *self);

#endif
