/* rule: all that a rule needs: the inferred program to read and a way to report.
 *
 * A rule is a pure function of the inferred program: no state, no order, no list of API names
 * (those are rows in rules/ddi). It asks at which (context, IRQL) pairs an operation can run, keeps
 * the pairs that are wrong, and reports; the path is built for it.
 */
#ifndef IRQLINT_RULE_H
#define IRQLINT_RULE_H

#include "irqlint/finding.h"
#include "irqlint/program.h"

#include <stddef.h>

/* What inference found out; opaque here. */
typedef struct Inferred Inferred;

/* Pairs by how sure it is that the operation runs there; a pair is in one set only, the surest. */
typedef struct SitePairs {
    PairSet by[CERTAINTY_COUNT]; /* indexed by Certainty */
} SitePairs;

/* ---- sets --------------------------------------------------------------------------------- */

/* All pairs at `irql` or above / strictly below, in any context. */
PairSet pairs_at_or_above(Irql irql);
PairSet pairs_below(Irql irql);
/* All pairs of a context. */
PairSet pairs_of_context(Context context);
SitePairs site_pairs_and(SitePairs pairs, PairSet mask);
/* Pairs that are in both, each as sure as the less sure of the two. */
SitePairs site_pairs_meet(SitePairs a, SitePairs b);
/* Pairs of any certainty. */
PairSet site_pairs_any(SitePairs pairs);
bool site_pairs_empty(SitePairs pairs);
/* The surest certainty that holds a pair; CERTAINTY_COUNT when there is none. */
Certainty site_pairs_surest(SitePairs pairs);

/* ---- questions ---------------------------------------------------------------------------- */

const Program *inferred_program(const Inferred *self);
/* Where the function can be entered. */
SitePairs inferred_entry(const Inferred *self, FuncId func);
/* Where the operation can run. */
SitePairs inferred_at(const Inferred *self, FuncId func, OpId op);
/* Where the call `op` runs while the conditions of `ddi` hold; undecided ones make it weak. */
SitePairs inferred_at_when(const Inferred *self, FuncId func, OpId op, const Ddi *ddi,
                           CondSet when);
/* Where the load or store `op` goes through a pointer of that origin. */
typedef enum Origin {
    ORIGIN_USER = 1,     /* a user address */
    ORIGIN_PAGED = 2,    /* pageable memory: paged pool, a variable in a PAGE section */
    ORIGIN_UNPROBED = 4, /* a user address that nobody probed */
    ORIGIN_GIVEN = 8     /* a user address that the requester passed in (not one made here) */
} Origin;
SitePairs inferred_at_origin(const Inferred *self, FuncId func, OpId op, Origin origin);
/* Where the call `op` passes, as argument `arg` (from 0), a pointer of that origin. */
SitePairs inferred_arg_origin(const Inferred *self, FuncId func, OpId op, unsigned arg,
                              Origin origin);
/* The store that brings a user address into the field; false when there is none. */
bool inferred_field_source(const Inferred *self, FieldId field, FuncId *func, OpId *op);
/* Pairs just after the call `op` at DISPATCH_LEVEL or above, where the level before it was below
 * and the function was entered below: the call that raises the level inside this function. */
SitePairs inferred_raised_by(const Inferred *self, FuncId func, OpId op);

/* Names of locks as bits; bit 63: some lock without a name. Meaningful within one program. */
typedef uint64_t LockNames;
/* The locks that are surely held whenever the operation runs in one of the pairs: by the function,
 * its callers, or the system. All bits when it never runs there. */
LockNames inferred_locks(const Inferred *self, FuncId func, OpId op, PairSet pairs);
/* What has to be true of a run of an operation, all at once. */
typedef struct SiteFilter {
    Origin origin; /* the pointer has that origin, 0: any … */
    uint8_t arg; /* … the pointer that argument `arg - 1` holds; 0: that a load or store follows */
    bool unguarded; /* outside every __try with a handler, callers included */
    bool strict;    /* ORIGIN_UNPROBED: not an address that the system probes for some requests */
} SiteFilter;
SitePairs inferred_at_filtered(const Inferred *self, FuncId func, OpId op,
                               const SiteFilter *filter);
/* True when the operation, or every way to it, lies in a __try with a handler. */
bool inferred_is_guarded(const Inferred *self, FuncId func, OpId op);

/* True when one of those locks keeps others out, or may: not a rundown, not an event waited for. */
bool inferred_may_exclude(const Inferred *self, LockNames names);
/* True when one of them is, or may be, a lock that can be held at DISPATCH_LEVEL: no mutex, no
 * resource. */
bool inferred_may_spin(const Inferred *self, LockNames names);
/* True when one of them is, or may be, a lock that keeps an interrupt service routine out. */
bool inferred_may_mask(const Inferred *self, LockNames names);
/* The name of the first of them ("TYPE.field", a variable), "" when it has none. */
const char *inferred_lock_name(const Inferred *self, LockNames names);

/* ---- shared data -------------------------------------------------------------------------- */

/* What an access does to the data. */
typedef enum UpdateKind {
    UPDATE_READ,  /* reads it */
    UPDATE_WRITE, /* overwrites it */
    UPDATE_UP,    /* adds to what it holds */
    UPDATE_DOWN,  /* subtracts from it */
    UPDATE_BITS,  /* sets or clears bits of it */
    UPDATE_LINKS, /* relinks the list of which it is the head */
    UPDATE_FREE   /* frees the memory that it points at */
} UpdateKind;

/* How the code came by the object that the data is part of. */
typedef enum HolderKind {
    HOLDER_UNKNOWN, /* not followed */
    HOLDER_FIELD,   /* a pointer read from field `id` */
    HOLDER_GLOBAL,  /* global `id`, or what it points at */
    HOLDER_RESULT,  /* what function `id` returned for the device's handle */
    HOLDER_ROOT,    /* a parameter of the callback: its context */
    HOLDER_MANY,    /* an element of an array or a list: one of many */
    HOLDER_PRIVATE  /* a variable of this function, or memory just allocated */
} HolderKind;

typedef struct Holder {
    uint16_t kind;   /* HolderKind */
    uint16_t up;     /* calls from the function that has the object from there to the access */
    uint32_t id;     /* see HolderKind */
    uint32_t inside; /* field of it that the object is, the innermost one; 0: none */
} Holder;

/* One way to run one operation that reads or writes the data, from a root that surely (or by a
 * documented possibility) gets there; roots that only start or stop the device are left out. */
typedef struct SharedAccess {
    FuncId func;          /* where */
    OpId op;              /* the load, the store, or the call that relinks */
    UpdateKind update;    /* what it does */
    Holder holder;        /* of the object */
    const ProgRoot *root; /* where the way starts */
    Context context;      /* of the root */
    Irql irql;            /* highest level at the operation */
    LockNames sure;       /* locks surely held there on this way, the system's included */
    LockNames maybe;      /* locks perhaps held there: never less */
    uint32_t way;         /* for the report: which way */
} SharedAccess;

typedef struct SharedData {
    const char *name;          /* "TYPE.field" or a global */
    FieldId field;             /* 0: a global */
    bool single;               /* nothing shows that there are many objects of the type */
    const SharedAccess *items; /* in a fixed order */
    uint32_t len;              /* how many */
} SharedData;

/* True when the two can happen at the same time on two processors, or one can interrupt the other,
 * for all that roots, contexts and the framework's own locks say. */
bool inferred_may_overlap(const Inferred *self, const SharedAccess *a, const SharedAccess *b);
/* What the body of a function asks of whoever calls it: the levels at which everything that it
 * does, on a path that its caller cannot prevent, is allowed. Calls through pointers, undecided
 * conditions and levels that no page states ask for nothing. */
typedef struct BodyLimit {
    Irql max; /* highest level of an entry; IRQL_HIGH: no limit */
    Irql min; /* lowest level of an entry */
    OpId
        max_op; /* the call of the function that asks for `max`; 0: its section does, or no limit */
    OpId min_op; /* … for `min`, 0: no limit */
} BodyLimit;
BodyLimit inferred_body_limit(const Inferred *self, FuncId func);
/* The levels with which the function returns when it is entered at `entry`; IRQL_SET_NONE when it
 * was not analysed there, or something was lost on the way. */
IrqlSet inferred_exits(const Inferred *self, FuncId func, Irql entry);
/* Where the level at which the function was entered is on every return: its result (PLACE_RETURN),
 * or what parameter n points at (PLACE_OUT). Of functions entered at PASSIVE_LEVEL. */
Place inferred_saves_level(const Inferred *self, FuncId func);

/* What a function does wrong with levels and locks. */
typedef enum MisuseKind {
    MISUSE_RAISE_BELOW,        /* a raise to a level below the present one */
    MISUSE_LOWER_ABOVE,        /* a lower to a level above the present one */
    MISUSE_LOWERED_UNDER_LOCK, /* the level falls below DISPATCH_LEVEL, a spin lock is still held */
    MISUSE_LOWERED_BELOW_ENTRY, /* a routine that the system calls lowers the level it came at */
    MISUSE_TAKEN_TWICE,         /* takes a lock that it holds: waits for itself */
    MISUSE_MIXED_PAIR,          /* taken at DISPATCH_LEVEL, given back by a routine that lowers */
    MISUSE_HELD_AT_RETURN,  /* some return keeps a lock; the caller cannot know, or is the system */
    MISUSE_RELEASED_UNHELD, /* gives back a lock that nobody took */
    MISUSE_LEVEL_AT_RETURN, /* some return leaves another level behind; likewise */
    MISUSE_COUNT
} MisuseKind;

typedef struct MisuseSite {
    MisuseKind kind;    /* what */
    FuncId func;        /* function of `op` */
    OpId op;            /* where: the call; of returns: what took the lock or changed the level, 0:
                           the system did before the entry */
    OpId other;         /* a second operation of `func` (the lock's taking), 0 none */
    FuncId at_func;     /* of returns: the function that returns, else `func` */
    IrLoc at;           /* of returns: the first such return */
    SitePairs pairs;    /* at `op` (before it), or at the entry when op is 0 */
    IrqlSet after;      /* level left behind */
    const char *lock;   /* name of the lock ("TYPE.field", a variable), "" unknown */
    bool lock_is_local; /* `lock` is the name of a local or parameter */
    bool to_system;     /* of returns: wrong because the system is the caller */
} MisuseSite;

/* ---- reporting ---------------------------------------------------------------------------- */

typedef struct RuleRun RuleRun;

typedef struct Rule {
    const char *id;          /* the only spelling: file stem, page stem, folder, SARIF ruleId */
    const char *title;       /* one line */
    FindingLevel level;      /* how bad */
    const char *hint;        /* how to mend it, one sentence */
    const char *requirement; /* "F1" */
    const char *severity;    /* CVSS base score of what it finds, for code hosts: 8.4 memory of
                                others or the kernel, 6.2 and 4.7 the system stops, 0.0 none */
    uint16_t warnings[16];   /* numbers of Code Analysis warnings of the same defect, 0 ends: a
                                pragma that silences one silences the rule there */
    void (*check)(RuleRun *run);
} Rule;

const Inferred *run_inferred(const RuleRun *self);
const Program *run_program(const RuleRun *self);

/* Called for every operation of every defined function, in a fixed order. */
typedef void RuleVisitor(RuleRun *run, FuncId func, OpId op, const IrOpRec *record);
void run_each_op(RuleRun *self, RuleVisitor *visit);
/* Called for every call and each function it may go to, in the same order. */
typedef void CallVisitor(RuleRun *run, FuncId func, OpId op, const IrOpRec *call,
                         const ProgFunc *callee);
void run_each_call(RuleRun *self, CallVisitor *visit);
/* Called for every misuse of that kind, in a fixed order. */
typedef void MisuseVisitor(RuleRun *run, const MisuseSite *site);
void run_each_misuse(RuleRun *self, MisuseKind kind, MisuseVisitor *visit);
/* Called for every field of the driver's structs and every global that is accessed from more than
 * one root, in a fixed order. */
typedef void SharedVisitor(RuleRun *run, const SharedData *data);
void run_each_shared(RuleRun *self, SharedVisitor *visit);

/* An operation that may use a user address. */
typedef struct UserUse {
    FuncId func; /* where */
    OpId op;     /* the load, store or call */
    uint8_t arg; /* argument + 1 of a call, 0: not a call */
    bool probes; /* only probes it */
    IrPath path; /* place that holds the address, 0 unknown: equal in one function = the same */
    const char *name;    /* of that place, "" none */
    bool lasting;        /* the name may be a finding's subject: it is no local's */
    FieldId field;       /* the place is this field, 0 none */
    const char *verb;    /* "read", "written by memcpy" */
    SitePairs pairs;     /* where it is a user address … */
    SitePairs given;     /* … that the requester passed in … */
    SitePairs unprobed;  /* … and nobody has probed … */
    SitePairs bare;      /* … whatever the transfer method of the request is */
    SitePairs unguarded; /* given, and no handler takes the exception (callers' included) */
} UserUse;

/* Called for every function with uses, once, in a fixed order; the uses in the order of the code.
 */
typedef void UserVisitor(RuleRun *run, const UserUse *uses, uint32_t count);
void run_each_user_use(RuleRun *self, UserVisitor *visit);
/* A location of the requester's memory that is read twice: checked first, then used. */
typedef enum FetchUse {
    FETCH_AS_INDEX = 2,   /* an index or offset */
    FETCH_AS_POINTER = 4, /* an address that is followed */
    FETCH_AS_SIZE = 8,    /* the size of what is copied */
    FETCH_KEPT = 16       /* stored in memory that outlives the function */
} FetchUse;

typedef struct DoubleFetch {
    FuncId func;      /* where */
    OpId first;       /* the read that is checked */
    OpId second;      /* the read that is used */
    const char *name; /* field that the location is, "" none */
    bool lasting;     /* the name may be a finding's subject */
    unsigned uses;    /* FetchUse bits */
    SitePairs pairs;  /* where the second one reads what the requester passed in */
} DoubleFetch;

/* Called for every such pair, in a fixed order. */
typedef void FetchVisitor(RuleRun *run, const DoubleFetch *fetch);
void run_each_double_fetch(RuleRun *self, FetchVisitor *visit);

/* A loop that does nothing but wait, and that only the device can end. */
typedef struct DeviceWait {
    FuncId func;     /* where */
    OpId read;       /* the call that reads the device */
    SitePairs pairs; /* where it runs */
} DeviceWait;

/* Called for every such loop, in a fixed order. */
typedef void WaitVisitor(RuleRun *run, const DeviceWait *wait);
void run_each_device_wait(RuleRun *self, WaitVisitor *visit);

/* An operation that touches pageable memory. */
typedef struct PagedUse {
    FuncId func;         /* where */
    OpId op;             /* the load, store or call */
    uint8_t arg;         /* argument + 1 of a call, 0: not a call */
    Irql limit;          /* highest level at which that is allowed */
    bool weak_row;       /* no page states that level */
    bool resident;       /* the routine that gets it demands resident memory, at any level … */
    bool readies;        /* … and does no more than make an object of it ready for use */
    IrPath path;         /* place that holds the address, or the variable, 0 unknown: equal in one
                            function = the same */
    const char *name;    /* of the place that holds the address, or of the variable; "" none */
    bool lasting;        /* the name may be a finding's subject: it is no local's */
    FieldId field;       /* the place is this field, 0 none */
    const char *section; /* it is a variable of that section, "" memory */
    const char *verb;    /* "read", "written by memcpy" */
    FuncId source_func;  /* what brought the memory … */
    OpId source_op;      /* … 0 unknown */
    SitePairs pairs;     /* where it is pageable memory, at any level */
} PagedUse;

/* Called for every function with such uses, once, in a fixed order; the uses in the order of the
 * code. */
typedef void PagedVisitor(RuleRun *run, const PagedUse *uses, uint32_t count);
void run_each_paged_use(RuleRun *self, PagedVisitor *visit);
/* Words for reports of misuses: the lock by name, as well as it is known ("DEVICE.Lock", "a lock");
 * a subject that outlives an edit; the name of what the call `op` calls, "" when there is none. */
const char *run_lock_text(RuleRun *self, const MisuseSite *site);
const char *run_lock_subject(RuleRun *self, const MisuseSite *site);
const char *run_callee_name(const RuleRun *self, FuncId func, OpId op);

/* Where in a function a report points. */
typedef enum ReportSite {
    SITE_OP,    /* at the operation; `pairs` hold before it */
    SITE_RAISE, /* at the call that raises the level; `pairs` hold after it */
    SITE_ENTRY  /* at the function's name; `pairs` hold at its entry */
} ReportSite;

typedef struct RuleReport {
    ReportSite site;       /* where */
    FuncId func;           /* the function */
    OpId op;               /* the operation; 0 for SITE_ENTRY */
    SiteFilter filter;     /* what the path shown must agree with */
    SitePairs pairs;       /* the wrong ones; nothing is reported when empty */
    Certainty at_best;     /* the finding is at most this sure … */
    Assumption assumption; /* … because of this, when at_best weakens it */
    bool needs_evidence;   /* weak when only the default of a setting puts the code there */
    bool needs_root;       /* weak when no registered callback or named routine leads there */
    const char *subject;   /* what it is about (callee, field), "" for nothing with a name that
                              outlives an edit; never the name of a local: fingerprint */
    FuncId source_func;    /* where the pointer came from: a step before the last one … */
    OpId source_op;        /* … 0: none */
    const char *source;    /* … its clause */
    Irql raised_to;   /* the level that `source` raises to within the line reported; 0: no raise */
    const IrLoc *at;  /* the line reported, when it is not that of `op`: in at_func … */
    FuncId at_func;   /* … 0: func */
    const char *sink; /* clause for the last step; NULL: "calls SUBJECT" and the like */
    const char *message; /* one sentence; %c: the context in words, %i: the level */
} RuleReport;

/* Two accesses that collide: the path shows the way to `other`, then the way to `here`, which is
 * the line reported. %c and %i in the message: of `here`. */
typedef struct SharedReport {
    const SharedAccess *here;  /* the access that lacks the lock */
    const SharedAccess *other; /* the one it collides with */
    bool at_holder;            /* report the call to which the object was given, not `here` */
    Certainty certainty;       /* how sure */
    Assumption assumption;     /* … because of this */
    const char *subject;       /* for the fingerprint */
    const char *sink;          /* clause for `here` */
    const char *access;        /* clause for `other` */
    const char *message;       /* one sentence */
} SharedReport;
void run_report_shared(RuleRun *self, const SharedReport *report);

/* Reports the surest of the pairs, then the highest level, then the shortest path. A call through a
 * pointer is POSSIBLE at best. Two reports of one rule at one place about one subject become one
 * finding, the surest. */
void run_report(RuleRun *self, const RuleReport *report);
/* The same without weakening, at operation `op` … */
void run_report_op(RuleRun *self, FuncId func, OpId op, SitePairs pairs, const char *subject,
                   const char *message);
/* … and at the entry of a function. */
void run_report_entry(RuleRun *self, FuncId func, SitePairs pairs, const char *subject,
                      const char *message);

/* A finding about what the sources say, whatever runs there: two places that disagree. Context and
 * level of the finding are those at which `func` is entered (the surest), PASSIVE_LEVEL if nothing
 * enters it. */
typedef struct RulePlace {
    const char *file;   /* absolute path */
    uint32_t line;      /* 1-based */
    uint32_t column;    /* 1-based, 0 unknown */
    FuncId func;        /* the function that the line belongs to */
    const char *clause; /* what stands there */
} RulePlace;

typedef struct RuleRemark {
    FuncId func;           /* the function it is about */
    RulePlace because;     /* what is said elsewhere: the first step */
    RulePlace at;          /* the line reported: the last step */
    Certainty certainty;   /* how sure … */
    Assumption assumption; /* … and why no surer */
    const char *subject;   /* as in RuleReport */
    const char *message;   /* one sentence; no directives */
} RuleRemark;
void run_remark(RuleRun *self, const RuleRemark *remark);
/* The place of an operation; the clause is left NULL. */
RulePlace run_place_of_op(const RuleRun *self, FuncId func, OpId op);
/* A report of that use in those pairs; its message: "user address NAME is VERB WHERE". */
RuleReport run_user_report(RuleRun *self, const UserUse *use, SitePairs pairs, const char *where);
/* The same for pageable memory: "pageable memory NAME is VERB WHERE". */
RuleReport run_paged_report(RuleRun *self, const PagedUse *use, SitePairs pairs, const char *where);
/* True when the rule need not look at the use: an earlier one of the same address was `wrong` too.
 */
bool run_is_repeated(const UserUse *uses, uint32_t index, bool (*wrong)(const UserUse *use));

/* printf into the run's memory. */
const char *run_text(RuleRun *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Every rule, sorted by id. */
const Rule *const *rules_all(uint32_t *count);
/* Its page, rules/ID.md. */
const char *rule_page(const Rule *rule);

#endif
