/* What the files of the infer stage share.
 *
 * Vocabulary: a *place* is an access path of the whole driver; a *world* is one possible state at a
 * point of a function; an *instance* is a function entered at one level with certain argument
 * values; a *summary* is what an instance can do to its caller: its exits; a *node* is an instance
 * in a context.
 */
#ifndef IRQLINT_INFER_INTERNAL_H
#define IRQLINT_INFER_INTERNAL_H

#include "analyzer/infer/infer.h"

typedef uint32_t PlaceId; /* index into PlaceTable; 0 = unknown */
typedef uint32_t InstId;  /* index into Inferred.instances; 0 = none */
typedef uint32_t TraceId; /* index into Inferred.traces; 0 = empty */

enum {
    MAX_WORLDS = 12,       /* per block before they are joined */
    MAX_VARS = 48,         /* known places per world */
    MAX_LOCKS = 8,         /* held or released locks per world */
    MAX_EXITS = 6,         /* per summary before they are joined */
    MAX_KEYS = 32,         /* argument states per function and entry level */
    MAX_KEY_VARS = 8,      /* known places in an entry state */
    MAX_ARG_ORIGINS = 16,  /* arguments whose origin is recorded */
    CALL_DEPTH_LIMIT = 100 /* nested analyses before the worklist takes over */
};

/* ---- places (place.c) --------------------------------------------------------------------- */

typedef enum AccessKind {
    PLACE_UNKNOWN,   /* nothing is known of it */
    PLACE_LOCAL,     /* a = function, b = local */
    PLACE_OF_GLOBAL, /* a = global */
    PLACE_RESULT,    /* a = OpId: the result of that call */
    PLACE_DEREF,     /* a = place: what the pointer it holds points at */
    PLACE_FIELD,     /* a = place of the struct, b = FieldId */
    PLACE_ELEMENT    /* a = place of the array */
} AccessKind;

typedef struct PlaceRec {
    uint32_t kind; /* AccessKind */
    uint32_t a;    /* see AccessKind */
    uint32_t b;    /* see AccessKind */
} PlaceRec;

/* ---- values (value.c) --------------------------------------------------------------------- */

/* What is known of a scalar: an interval, whether it is zero, where a pointer came from. */
typedef struct AbsValue {
    int64_t lo;      /* least value */
    int64_t hi;      /* greatest value */
    uint8_t nonzero; /* known not to be 0 */
    uint8_t stored;  /* a constant stored in memory that other threads write too */
    uint16_t origin; /* Origin bits; ORIGIN_RAW … */
    uint32_t source; /* of a user address: the place it was first read from, 0 unknown */
} AbsValue;

enum {
    ORIGIN_RAW = 16,     /* as ORIGIN_UNPROBED where the root's requests come unprobed */
    ORIGIN_OTHER = 32,   /* known to be none of the origins that its field may hold */
    ORIGIN_MAYBE = 64,   /* the origins beside it hold on some paths only */
    ORIGIN_COPY = 128,   /* points at the kernel's copy of a user buffer: pointers in it are USER */
    ORIGIN_MODE = 256,   /* the requester's processor mode */
    ORIGIN_PARTLY = 512, /* ORIGIN_UNPROBED or ORIGIN_RAW hold on some paths only */
    ORIGIN_PROBED = 1024,   /* probed on every path */
    ORIGIN_COUNT = 2048,    /* a counter of references, just lowered */
    ORIGIN_DUMP = 4096,     /* not 0: a crash dump is written, alone on one processor */
    ORIGIN_NO_DUMP = 8192,  /* so it is when it is 0 */
    ORIGIN_PRIVATE = 16384, /* the address of a variable that no other thread knows of */
    ORIGIN_BARE = ORIGIN_UNPROBED | ORIGIN_RAW | ORIGIN_PARTLY /* what a probe takes away */
};

extern const AbsValue VALUE_TOP;
AbsValue abs_const(int64_t number);
AbsValue abs_of_levels(IrqlSet levels);
/* All that is known is where it comes from. */
AbsValue abs_of_origin(uint16_t origin);
/* The levels that a saved KIRQL may stand for; IRQL_SET_ALL when nothing is known. */
IrqlSet abs_levels(AbsValue value);
bool abs_is_top(AbsValue value);
bool abs_is_const(AbsValue value);
bool abs_equal(AbsValue a, AbsValue b);
AbsValue abs_join(AbsValue a, AbsValue b);
typedef enum Truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;
Truth abs_truth(AbsValue value);
Truth abs_compare(IrBinary op, AbsValue a, AbsValue b);
AbsValue abs_binary(IrBinary op, AbsValue a, AbsValue b);
AbsValue abs_unary(IrUnary op, AbsValue a);
/* `value` given that `value op constant` holds; *possible says whether it can. */
AbsValue abs_refine(AbsValue value, IrBinary op, AbsValue constant, bool *possible);

/* ---- worlds (world.c) --------------------------------------------------------------------- */

typedef struct Var {
    PlaceId place;  /* which */
    AbsValue value; /* never top */
} Var;

typedef struct HeldLock {
    PlaceId place;      /* the lock object, 0 unknown */
    PlaceId handle;     /* what stands for it at its release, 0 the object itself */
    uint8_t lock_class; /* LockClass */
    uint8_t flags;      /* EFFECT_SHARED … */
    bool released;      /* not held: released, though the caller took it */
    IrqlSet before;     /* level before it was taken */
    OpId op;            /* where it was taken or released; 0: held at the entry */
    OpId via;           /* the operation of the function at hand that led there */
    bool again;         /* released: this function had given it back before */
} HeldLock;

/* Names of locks, as bits: what surely is held. All classes, also those that leave the level alone.
 * Locks are told apart by field or global, whatever the object. */
typedef uint64_t LockSet;
enum {
    LOCK_BIT_LEVEL = 62,  /* no lock: the level is not that of the entry (choice.c) */
    LOCK_BIT_UNKNOWN = 63 /* some lock that has no name or came too late for a bit */
};

typedef struct World {
    IrqlSet level;             /* current levels; nearly always one */
    IrqlSet base;              /* level to return to when nothing says which */
    bool claimed;              /* an assertion on the way contradicts the level */
    bool lossy;                /* worlds were joined on the way */
    uint8_t assumed;           /* Assumption that every path to here makes, ASSUME_NOTHING */
    uint8_t lock_len;          /* locks in use */
    uint8_t var_len;           /* vars in use */
    TraceId trace;             /* raises and lowers on the way, newest first */
    uint8_t merges;            /* how often another world was merged into this one */
    bool dirty;                /* not yet followed from its block */
    LockSet held;              /* taken since the entry and surely held */
    LockSet dropped;           /* perhaps released since, though taken before the entry */
    LockSet maybe;             /* taken since the entry and perhaps held: never less than held */
    LockSet gone;              /* surely released since: never more than dropped */
    bool attached;             /* to another process: user addresses are those of that one */
    bool trusted;              /* a test has shown that the kernel made the request */
    uint64_t probed;           /* fields of which an address was probed on some path, hashed */
    LockSet given;             /* surely taken by this function and given back since */
    HeldLock locks[MAX_LOCKS]; /* in the order taken */
    Var vars[MAX_VARS];        /* sorted by place; those not in use may lie outside the memory */
} World;

typedef Array(World) WorldArray;

/* Bytes in use: all that a world that is only merged into, so never grows, has memory for. */
static inline size_t world_size(const World *self) {
    return offsetof(World, vars) + sizeof(Var) * self->var_len;
}
static inline void world_copy(World *to, const World *from) {
    memcpy(to, from, world_size(from));
}
/* Adds a copy of `from`, which is no element of the array. */
World *worlds_add(WorldArray *self, Arena *arena, const World *from);

AbsValue *world_var(World *self, PlaceId place);
void world_set(World *self, PlaceId place, AbsValue value);
void world_drop(World *self, PlaceId place);
/* Same levels, locks, claims: may be merged without loss that matters. */
bool world_same_state(const World *a, const World *b);
/* Merges `from` into `into`; true when `into` changed. Intervals that keep growing are dropped. */
bool world_merge(World *into, const World *from, bool widen);

/* ---- facts about functions (prepare.c) ----------------------------------------------------- */

typedef struct FuncFacts {
    uint64_t relevant;   /* parameters whose value may decide something (bit 63: all above) */
    uint64_t writes[4];  /* Bloom filter of fields and globals it may write, callees included */
    uint64_t tests[4];   /* Bloom filter of fields and globals that branches test, likewise */
    uint64_t escaped;    /* locals whose address is kept somewhere (bit 63: all above) */
    uint64_t keeps;      /* parameters that it, or what it calls, keeps somewhere */
    IrqlSet claims;      /* levels at which its annotations let it be entered */
    bool raises;         /* may raise an exception, callees included */
    uint64_t reassigned; /* parameters that the function itself assigns */
    bool sensitive;      /* some call of it depends on arguments: effects, waits, conditions; or
                            may only be made while there are INIT sections */
    bool syncs;          /* may take or release a lock or wait: others may write meanwhile */
    bool lowers;         /* may lower the level or release a lock its caller took */
} FuncFacts;

/* The bit of a parameter (or local) in those sets. */
static inline uint64_t param_bit(uint32_t index) {
    return (uint64_t)1 << (index < 63 ? index : 63);
}

/* In Instance.base, beside levels: the system holds the cancel spin lock when it calls; the thread
 * is attached to another process; the kernel made the request. */
enum {
    BASE_CANCEL = 128,
    BASE_ATTACHED = 64,
    BASE_TRUSTED = 32,
    BASE_FLAGS = BASE_CANCEL | BASE_ATTACHED | BASE_TRUSTED
};

/* ---- instances (engine.c) ------------------------------------------------------------------ */

/* An exit of a summary has memory for its world_size only. */
typedef struct Exit {
    AbsValue result; /* value returned */
    World world;     /* state at the return, places translated as far as parameters */
} Exit;

/* What was seen at an operation of an instance. */
typedef struct OpState {
    IrqlSet seen;                         /* levels at which it is reached */
    IrqlSet unclaimed;                    /* … in a world whose claims hold */
    IrqlSet clear;                        /* … and in which nothing was lost */
    IrqlSet sure;                         /* … and nothing assumed */
    uint8_t assumed;                      /* Assumption of a world that makes one */
    IrqlSet raised;                       /* levels after it that are higher than before */
    uint16_t origin;                      /* Origin bits of the pointer it goes through */
    uint16_t origin_sure;                 /* … those that hold on every path of some world */
    uint16_t arg_origin[MAX_ARG_ORIGINS]; /* Origin bits of the arguments */
    uint16_t arg_sure[MAX_ARG_ORIGINS];   /* … those that hold on every path of some world */
    LockSet held;                         /* locks surely held, of those taken since the entry */
    LockSet dropped;                      /* locks of the callers that may have been released */
    LockSet maybe;                        /* locks perhaps held, of those taken since the entry */
    LockSet gone;                         /* locks of the callers that surely were released */
    uint16_t may_hold[IRQL_COUNT];        /* DDI conditions that can be true, by level */
    uint16_t may_fail[IRQL_COUNT];        /* … that can be false */
    TraceId trace[IRQL_COUNT];            /* shortest trace that reaches it at that level */
} OpState;

typedef struct CallEdge {
    IrOp op;         /* the call in the caller */
    Irql level;      /* level of the caller there */
    InstId callee;   /* whom */
    uint8_t weak;    /* Assumption made by this edge, ASSUME_NOTHING if none */
    bool claimed;    /* only in worlds whose claims do not hold */
    TraceId trace;   /* raises and lowers before the call */
    LockSet held;    /* locks surely held there, of those taken since the entry */
    LockSet some;    /* … held there in some world */
    LockSet dropped; /* locks of the callers that may have been released */
    LockSet maybe;   /* locks perhaps held there, of those taken since the entry */
    LockSet gone;    /* locks of the callers that surely were released */
    uint32_t next;   /* index + 1 of the edge of the same call made before, 0 none */
} CallEdge;

typedef struct Node {
    uint8_t certainty;  /* Certainty, CERTAINTY_COUNT: not reached */
    uint8_t assumption; /* Assumption */
    uint32_t depth;     /* calls from the root */
    uint32_t root;      /* index into Inferred.roots + 1 when it starts here, else 0 */
    InstId parent;      /* caller instance (same context) */
    uint32_t edge;      /* index into the parent's edges */
} Node;

/* Something that a state of an instance does wrong with levels or locks. */
typedef struct Misuse {
    uint8_t kind;        /* MisuseKind */
    bool clear;          /* nothing was lost on the way */
    bool claimed;        /* an assertion denies the level */
    bool root_only;      /* wrong only where the system is the caller */
    IrqlSet levels;      /* at `op` */
    IrqlSet after;       /* level that it leaves behind */
    OpId op;             /* the operation */
    FuncId func;         /* its function: this one or a callee */
    OpId taken;          /* of locks at returns: what took or gave it back, in whichever function */
    OpId other;          /* a second operation of this function (the lock taken …), 0 none */
    IrLoc at;            /* the return it shows at; file 0: at `op` */
    PlaceId lock;        /* the lock, 0 unknown */
    LockSet if_held;     /* wrong only where the callers hold all of these … */
    LockSet unless_held; /* … and none of these */
} Misuse;

/* A call that leads to an instance. */
typedef struct Link {
    InstId parent; /* caller, 0: the system */
    uint32_t edge; /* index into its edges */
} Link;

typedef struct Instance {
    FuncId func;                 /* function */
    Irql entry;                  /* level at entry */
    IrqlSet base;                /* level below it, for functions that lower; BASE_CANCEL */
    uint8_t key_len;             /* known places at entry */
    Var key[MAX_KEY_VARS];       /* sorted by place */
    InstId next;                 /* another one whose entry state has the same hash, 0 none */
    Array(Exit *) exits;         /* summary so far */
    U32Array callers;            /* instances to run again when the summary grows */
    bool queued;                 /* on the worklist */
    bool reached;                /* from a root, by recorded calls */
    bool started;                /* analysed at least once */
    uint32_t lost_worlds;        /* joins that lost precision, of the last analysis */
    uint32_t widened;            /* calls without room for an entry state of their own, likewise */
    const OpState **ops;         /* what was seen, by op of the function, from its first */
    IrOp first_op;               /* … that op */
    uint32_t op_count;           /* … how many */
    Array(CallEdge) edges;       /* calls, of the last analysis */
    Array(Misuse) misuses;       /* likewise */
    LockSet entry_held;          /* locks that every caller surely holds */
    LockSet entry_some;          /* locks that some caller may hold */
    uint8_t bare;                /* bit per context: some way there is outside every __try … */
    Link bare_by[CONTEXT_COUNT]; /* … through this call */
    bool raw;                    /* every root that leads here hands on unprobed addresses */
    Node nodes[CONTEXT_COUNT];   /* by context */
} Instance;

/* A raise or lower on a path: a list that grows at its head and is shared. */
typedef struct Trace {
    TraceId prev;   /* earlier events */
    uint32_t len;   /* events in the list */
    FuncId func;    /* function of the operation */
    OpId op;        /* operation that changed the level */
    uint8_t level;  /* level after it */
    IrqlSet before; /* levels before it */
    bool raise;     /* went up (or a lock was taken) */
} Trace;

/* A function that the API call `op` calls before it returns. */
typedef struct SyncCallback {
    OpId op;       /* the call */
    FuncId func;   /* the callback */
    uint32_t next; /* index + 1 of the next one of the same call, 0 none */
} SyncCallback;

/* What one analysis after the other at the same depth uses. */
typedef struct RunMemory {
    Arena *scratch;  /* emptied after each */
    WorldArray now;  /* memory of Run.now */
    WorldArray next; /* memory of Run.next */
} RunMemory;

struct Inferred {
    Arena *arena;                  /* owns all */
    const Program *program;        /* the linked driver */
    FuncFacts *facts;              /* by FuncId */
    Array(PlaceRec) places;        /* by PlaceId */
    Map64 *place_ids;              /* PlaceRec -> PlaceId */
    PlaceId **path_places;         /* by unit, by IrPath: cache, 0 = not made */
    Array(Trace) traces;           /* by TraceId */
    Map64 *trace_ids;              /* Trace -> TraceId */
    Array(Instance *) instances;   /* by InstId */
    U32Array *of_func;             /* by FuncId: its instances */
    Map64 *instance_ids;           /* hash of an entry state -> InstId of the newest one */
    uint32_t *of_entry;            /* by FuncId * IRQL_COUNT + Irql: how many instances */
    Map64 *caller_pairs;           /* (callee, caller): the caller is among the callee's callers */
    Array(RunMemory) memory;       /* by depth of nested analyses */
    U32Array worklist;             /* instances to run again */
    const FieldFact **field_fact;  /* by FieldId: what the model knows of it, or NULL */
    uint8_t *field_origin;         /* by FieldId: origins ever stored in it */
    OpId *field_source;            /* by FieldId: the store that brought a user address */
    FuncId *field_source_func;     /* … its function */
    U32Array *field_readers;       /* by FieldId: instances that read it */
    Map64 *reader_pairs;           /* (field, instance): the instance is among the readers */
    Array(ProgRoot) roots;         /* the program's, then those for what nothing reaches */
    IrqlSet *registered;           /* by FuncId: levels of the roles it is registered as, 0 none */
    Map64 *lock_bits;              /* name of a lock -> bit in a LockSet */
    uint32_t lock_count;           /* bits given */
    PlaceId lock_places[64];       /* by bit: the first lock of that name, 0 none */
    uint32_t lock_classes[64];     /* by bit: set of the LockClasses it was taken as */
    Map64 *member_fields;          /* name in a row (its address) -> FieldId */
    Array(const OpState *) states; /* what was recorded, each content once */
    Map64 *state_ids;              /* hash of a content -> its index in states */
    Map64 *callbacks;              /* OpId -> index + 1 of its first synchronous callback in sync */
    Array(SyncCallback) sync;      /* callbacks that an API function calls before it returns */
    BodyLimit *limits;             /* by FuncId */
    InferStats stats;              /* coverage */
    uint32_t depth;                /* nested analyses now */
    InstId current;                /* the instance being analysed */
    bool pruning;                  /* roots are listed in the worklist */
};

/* What was recorded of an operation (of the function's unit) in an instance; NULL: it was not. */
static inline const OpState *state_at(const Instance *instance, IrOp op) {
    bool recorded = instance->ops != NULL && op >= instance->first_op &&
                    op - instance->first_op < instance->op_count;
    return recorded ? instance->ops[op - instance->first_op] : NULL;
}

/* place.c */
PlaceId place_make(Inferred *self, AccessKind kind, uint32_t a, uint32_t b);
PlaceId place_of_path(Inferred *self, FuncId func, IrPath path);
/* The place a pointer value points at. */
PlaceId place_pointed(Inferred *self, FuncId func, IrValue value);
/* True when `place` can only be named through the value held in `base`. */
bool place_depends_on(const Inferred *self, PlaceId place, PlaceId base);
/* A place of the callee seen from the call, 0 when it does not exist there. */
PlaceId place_to_caller(Inferred *self, FuncId caller, const IrOpRec *call, FuncId callee,
                        PlaceId place);
/* A place seen from the callee: `prefix` (what argument `param` points at) becomes DEREF(param). */
PlaceId place_to_callee(Inferred *self, FuncId callee, uint32_t param, PlaceId prefix,
                        PlaceId place);
/* True when the place is (part of) a variable on this function's stack. */
bool place_is_local(const Inferred *self, PlaceId place);
/* True when it is (part of) a variable of which nobody else keeps the address. */
bool place_is_private(const Inferred *self, PlaceId place);
/* True when the place is (part of) an array element: elements are not told apart, so that nothing
 * may be remembered of it. */
bool place_has_element(const Inferred *self, PlaceId place);
/* FieldId of a place that is a field (elements of it included), else 0. */
FieldId place_field(const Inferred *self, PlaceId place);
uint64_t place_bloom_bit(const Inferred *self, PlaceId place, unsigned *word);

/* eval.c */
AbsValue eval(Inferred *self, World *world, FuncId func, IrValue value);
/* The instance at hand looks at field_origin: it is run again when an origin is added. */
void field_remember_reader(Inferred *self, FieldId field);
/* Makes `world` agree with `value` being true or false; false when it cannot. */
bool assume(Inferred *self, World *world, FuncId func, IrValue value, bool truth);
/* Origin of the pointer that the last dereference of a path goes through. */
uint16_t eval_access_origin(Inferred *self, World *world, FuncId func, IrPath path);
/* The pointer value that the outermost dereference of `path` goes through, 0 when there is none. */
IrValue access_pointer(const IrUnit *unit, IrPath path);
/* Truth of one atom and of a conjunction of a DDI's conditions at a call. */
Truth eval_cond(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Cond *cond);
Truth eval_conds(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Ddi *ddi,
                 CondSet when);

/* user.c */
/* Where a pointer that a field holds comes from. */
uint16_t user_field_origin(const Inferred *self, const World *world, FieldId field);
/* True when the place is a member of a local copy of user memory. */
bool user_is_copied(const Inferred *self, World *world, PlaceId place);
/* The address in `value` was probed, under whatever names it is known. */
void user_probe(Inferred *self, World *world, FuncId func, IrValue value);
/* All user addresses at hand were probed. */
void user_probe_all(World *world);
/* A test has shown the request to come from the kernel: its addresses are no user addresses. */
void user_trust(World *world);
/* … when that is what a value, just tested, says. */
void user_learn_mode(World *world, AbsValue mode);
/* What a call of the API probes … */
void user_probe_call(Inferred *self, World *world, FuncId func, const IrOpRec *call,
                     const Ddi *ddi);
/* … whether it copies user memory (before the call) … */
bool user_is_captured(Inferred *self, World *world, FuncId func, const IrOpRec *call,
                      const Ddi *ddi);
/* … to where: the pointers in that copy are user addresses (after the call). */
void user_capture(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Ddi *ddi);
/* Origin of what the call hands out in that role, 0 none. */
uint16_t user_result_origin(const Ddi *ddi, MemoryKind kind);
/* What the system hands to a root: the length of its entry state. */
uint8_t user_root_key(Inferred *self, FuncId func, const Role *role, Var *key);

/* transfer.c: applies the effects of an API call to the world; a try-lock adds a second world. */
void transfer_ddi(Inferred *self, WorldArray *worlds, uint32_t index, FuncId func, IrOp op,
                  const Ddi *ddi, Arena *scratch);
void transfer_store(Inferred *self, World *world, FuncId func, IrOp op);
/* After a call: what it may have stored in fields of the driver whose addresses it got. */
void stores_by_call(Inferred *self, World *world, FuncId func, IrOp op);
/* Before a call that makes an MDL of the memory at `argument`. */
void stores_described(Inferred *self, World *world, FuncId func, IrOp op, IrValue argument);
/* The world after an unknown function got these arguments. */
void transfer_havoc(Inferred *self, World *world, FuncId func, const IrOpRec *call, const Ddi *ddi);
/* Other threads may have written to what is shared: what stores said of it is forgotten. */
void transfer_sync(World *world);
/* True when the API function takes or releases a lock or waits. */
bool ddi_syncs(const Ddi *ddi);
/* The level changed from `before`. A lower that undoes the last raise takes it off the trace. */
void trace_add(Inferred *self, World *world, FuncId func, OpId op, IrqlSet before);

/* lockset.c */
/* The bit of a lock's name: its field or global. */
unsigned lockset_bit(Inferred *self, PlaceId place);
/* A global lock of the system ("cancel", "interrupt" …). */
PlaceId lockset_global(Inferred *self, const char *name);
void lockset_take(Inferred *self, World *world, PlaceId place, unsigned lock_class);
void lockset_drop(Inferred *self, World *world, PlaceId place);
/* After the spread of contexts: what every caller holds and whether all are inside a __try. */
void lockset_spread(Inferred *self);

/* query.c: true when the operation was seen with that origin in the instance; on every path. */
bool query_has_origin(const Instance *instance, const OpState *state, const SiteFilter *filter,
                      bool *sure);

/* misuse.c */
/* Notes what is wrong in a world of the instance at hand; of its last analysis in the end. */
void misuse_note(Inferred *self, const World *world, Misuse misuse);
/* A return of the instance that is recorded. */
typedef struct ReturnState {
    IrLoc at;        /* the return */
    AbsValue result; /* value returned */
    World world;     /* all of it, with memory for its world_size */
} ReturnState;

/* prepare.c */
void prepare_facts(Inferred *self);

/* calls.c */
/* Takes the held lock that fits a release best off the world: the same object, else the same field,
 * else the same class; of equals the one taken last. False when none fits; *taken may be NULL. */
bool lock_take(const Inferred *self, World *world, PlaceId place, unsigned lock_class,
               HeldLock *taken);
void lock_push(World *world, HeldLock lock);
/* Adds a lock taken: takes back the caller's one when that was given back before. */
void lock_push_taken(World *world, HeldLock lock);
/* The entry state of `callee` for this call; its length. */
uint8_t call_key(Inferred *self, World *world, FuncId caller, const IrOpRec *call, FuncId callee,
                 Var *key);
/* The level the callee would go back to when it lowers what the caller raised. */
IrqlSet call_base(const Inferred *self, const World *world, FuncId callee);
/* Turns the caller's world before the call into the one after an exit of the callee. */
void call_apply_exit(Inferred *self, World *world, FuncId caller, IrOp op, FuncId callee,
                     const Exit *exit);
/* The exit of `func` in this world at a return of `value` (0: nothing). */
void call_make_exit(Inferred *self, World *world, FuncId func, IrValue value, Exit *exit);

/* instance.c */
InstId instance_get(Inferred *self, FuncId func, Irql entry, IrqlSet base, const Var *key,
                    uint8_t key_len);
/* False when there are too many entry states to keep this one apart: the one without a key takes
 * its place, and what comes of it is lossy. */
bool instance_has_room(const Inferred *self, FuncId func, Irql entry, IrqlSet base, const Var *key,
                       uint8_t key_len);
/* To be analysed again. */
void instance_queue(Inferred *self, InstId id);
/* `caller` is run again whenever the summary of `callee` grows; false when that was so before. */
bool instance_add_caller(Inferred *self, InstId callee, InstId caller);
/* Adds an exit to the summary; true when it grew. */
bool instance_add_exit(Inferred *self, Instance *instance, const Exit *exit);
/* True when the callee may as well leave with nothing changed and returning the same: then the
 * level or lock it leaves with is a defect of its own, or a correlation that was lost; what follows
 * in the caller rests on it. */
bool instance_is_doubtful(const Instance *instance, uint32_t exit);

/* engine.c */
/* Analyses until nothing changes. */
void engine_run(Inferred *self);
/* Forgets what was seen of entry states that no root reaches in the end. */
void engine_prune(Inferred *self);
/* Analyses every instance once more; how many summaries, origins of fields and instances are new:
 * 0, or the result was no fixpoint. */
uint32_t engine_unstable(Inferred *self);
/* Gives back what only the analysis needs. */
void engine_end(Inferred *self);

/* limits.c: fills self->limits; after engine_prune. */
void limits_find(Inferred *self);

/* contexts.c */
void contexts_make_roots(Inferred *self);
void contexts_spread(Inferred *self);
/* Roots for what no root reached; true when there were some. */
bool contexts_add_unreached(Inferred *self);

#endif
