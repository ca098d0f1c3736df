/* oracle: what its files share: an interpreter over the facts that runs random paths of a driver.
 *
 * Vocabulary: a *cell* is a concrete place in memory; a *word* is what a cell holds; a *symbol* is
 * a word nobody has looked at yet: it is chosen when it is first looked at and stays so for the
 * path. A *path* is one run from one root. What the interpreter takes for granted is listed in
 * docs/oracle.md.
 */
#ifndef IRQLINT_TESTS_ORACLE_H
#define IRQLINT_TESTS_ORACLE_H

#include "analyzer/base/base.h"
#include "irqlint/rule.h"

typedef uint32_t CellId; /* index into Machine.cells; 0 = none */

enum {
    MAX_PATH_STEPS = 3000, /* steps of one path */
    MAX_CALL_DEPTH = 40,   /* calls under way */
    MAX_ARGS = 32,         /* arguments of a call that are looked at */
    FIRST_DIRQL = 3,       /* device levels are the numbers FIRST_DIRQL … LAST_DIRQL */
    LAST_DIRQL = 12,
    HIGH_NUMBER = 15 /* the number that IRQL_HIGH is run at */
};

/* ---- memory (oracle_memory.c) --------------------------------------------------------------- */

typedef struct Word {
    int64_t number;  /* its value; of a pointer the address */
    CellId target;   /* what it points at, 0 nothing known */
    CellId spare;    /* of a chosen number: what it points at should it be a pointer */
    FuncId func;     /* the function it points at, 0 none */
    uint32_t symbol; /* index into Machine.symbols: the value is chosen there; 0 none */
    bool guessed;    /* chosen, or computed from something chosen */
} Word;

typedef enum CellKind {
    CELL_OBJECT,  /* a variable, or memory that some pointer points at */
    CELL_GLOBAL,  /* a = global of the driver */
    CELL_STRING,  /* a = unit, b = IrStr */
    CELL_SYSTEM,  /* a = hash of the name of a lock of the system */
    CELL_ADDRESS, /* a, b = halves of the address */
    CELL_FIELD,   /* a = struct, b = FieldId */
    CELL_ELEMENT, /* a = array, b = index */
    CELL_OFFSET,  /* a = object, b = distance: a pointer was moved */
    CELL_HIDDEN   /* a = object: what the system keeps in it */
} CellKind;

typedef struct Cell {
    uint32_t kind; /* CellKind */
    uint32_t a;    /* see CellKind */
    uint32_t b;    /* see CellKind */
    CellId child;  /* first part of it, 0 none */
    CellId next;   /* next part of the same whole, 0 none */
    bool written;  /* it holds `word` */
    Word word;     /* see written */
} Cell;

/* ---- a path --------------------------------------------------------------------------------- */

typedef struct Lock {
    CellId cell;        /* the lock, 0 unknown */
    CellId handle;      /* the handle that stands for it, 0 none */
    uint8_t lock_class; /* LockClass */
    uint8_t before;     /* level before it was taken */
    bool raised;        /* taking it raised the level */
} Lock;

typedef enum EventKind { EVENT_CALL, EVENT_RETURN, EVENT_LEVEL, EVENT_BRANCH } EventKind;

/* A line of the trace. */
typedef struct Event {
    EventKind kind; /* what happened */
    FuncId func;    /* function it happened in */
    OpId op;        /* the call; of a branch 0 */
    uint32_t line;  /* 1-based */
    uint32_t depth; /* calls under way */
    uint8_t level;  /* level after it; of a branch whether it was taken */
    FuncId callee;  /* EVENT_CALL: whom */
} Event;

typedef struct Frame {
    FuncId func;             /* function */
    const ProgUnit *unit;    /* its unit */
    const IrFuncRec *record; /* its record */
    CellId locals;           /* cell of local 0; the others follow */
    IrOp first_op;           /* results[0] is that of this operation */
    uint32_t op_count;       /* results */
    Word *results;           /* of the calls made so far */
} Frame;

/* Why a path ended; `stop` of Machine. */
typedef enum Stop {
    STOP_NOT,        /* goes on */
    STOP_DONE,       /* returned from the root */
    STOP_VIOLATION,  /* outside what was inferred */
    STOP_LIMIT,      /* steps, call depth */
    STOP_NULL,       /* a null pointer was followed */
    STOP_CLAIM,      /* PAGED_CODE or ASSERT does not hold */
    STOP_LEVEL,      /* a level that is not known, or a raise or lower that goes the wrong way */
    STOP_FINALLY,    /* an exception passes a __finally */
    STOP_NO_RETURN,  /* a call that does not return */
    STOP_NO_HANDLER, /* an exception that nothing handles */
    STOP_COUNT
} Stop;

/* One operation at one level where inference says that it cannot run. */
typedef struct Violation {
    FuncId func;       /* function */
    OpId op;           /* operation; 0: the entry of the function */
    unsigned pair;     /* the pair that is missing */
    FuncId unexpected; /* != 0: the call went to this function, which is none of its targets */
} Violation;

/* A root at one of its levels. */
typedef struct Start {
    FuncId func;      /* root */
    Context context;  /* where it runs */
    Irql level;       /* at which level */
    bool cancel_lock; /* entered with the cancel spin lock held */
} Start;

typedef Array(Start) StartArray;

typedef struct Machine {
    const Program *program;     /* what is run */
    const Inferred *inferred;   /* what is tested */
    Arena *arena;               /* of the driver */
    Arena *scratch;             /* of the path */
    uint64_t random;            /* state of the generator */
    bool faults;                /* any access in a __try may fault, not only the first */
    bool verbose;               /* traces show the branches */
    FILE *out;                  /* reports */
    PairSet *inside;            /* by OpId: pairs inferred */
    bool *asked;                /* by OpId: `inside` is filled in */
    PairSet *entries;           /* by FuncId: pairs inferred at the entry */
    bool *op_seen;              /* by OpId: run at least once */
    bool *func_seen;            /* by FuncId */
    Map64 *known_violations;    /* what was reported */
    U32Array *initialisers;     /* by global: (unit, op) of the stores that initialise it */
    uint64_t steps;             /* so far */
    uint64_t paths;             /* so far */
    uint64_t stops[STOP_COUNT]; /* paths by how they ended */
    uint32_t violations;        /* different ones */
    Start start;                /* where the path began */
    Stop stop;                  /* why it ended */
    bool unwinding;             /* an exception looks for its handler */
    bool initialised;           /* globals hold their initial values in this path */
    uint8_t level;              /* now, as a number */
    uint8_t dirql;              /* number of the device level in this path */
    uint32_t path_steps;        /* of this path */
    uint32_t depth;             /* calls under way */
    uint32_t guards;            /* … that are inside a __try */
    Array(Lock) locks;          /* held, in the order taken */
    Array(Cell) cells;          /* by CellId */
    Array(Word) symbols;        /* by symbol; a decided one has `symbol` 0 */
    Map64 *cell_ids;            /* Cell -> CellId */
    Array(Event) events;        /* of this path */
} Machine;

/* ---- chance --------------------------------------------------------------------------------- */

uint32_t machine_random(Machine *self, uint32_t count);
/* True once in `count`. */
bool machine_chance(Machine *self, uint32_t count);
/* Ends the path. */
void machine_stop(Machine *self, Stop why);

/* ---- cells and words ------------------------------------------------------------------------- */

/* Forgets everything: a new path. */
void memory_reset(Machine *self);
CellId cell_new(Machine *self, uint32_t count);
CellId cell_get(Machine *self, CellKind kind, uint32_t a, uint32_t b);
/* The part of an object that lies `distance` elements on. */
CellId cell_offset(Machine *self, CellId cell, int64_t distance);
Word cell_read(Machine *self, CellId cell);
/* Overwrites the cell and all its parts. */
void cell_write(Machine *self, CellId cell, Word word);
/* Makes the content indeterminate; what the system keeps in it stays. */
void cell_clear(Machine *self, CellId cell);
/* Copies what is known of a struct's parts. */
void cell_copy(Machine *self, CellId to, CellId from);

Word word_number(int64_t number);
Word word_address(CellId cell);
Word word_symbol(Machine *self);
/* The word that a symbol was chosen to be; undecided symbols as they are. */
Word word_resolve(const Machine *self, Word word);
/* Chooses a number for an undecided symbol, near `hint`. */
Word word_decide(Machine *self, Word word, int64_t hint);
/* Makes an undecided symbol equal to `other`. */
void word_bind(Machine *self, Word word, Word other);
/* What the word points at; 0 for a null pointer. */
CellId word_target(Machine *self, Word word);
bool word_truth(Machine *self, Word word);

/* ---- values (oracle_eval.c) ------------------------------------------------------------------ */

/* 0 ends the path: a null pointer. */
CellId eval_cell(Machine *self, const Frame *frame, IrPath path);
Word eval_word(Machine *self, const Frame *frame, IrValue value);
void eval_hope(Machine *self, const Frame *frame, IrValue value, bool truth);
Word eval_binary(Machine *self, IrBinary op, Word left, Word right);
/* True when all conditions of the set hold at a call with these arguments. */
bool eval_when(Machine *self, const Ddi *ddi, CondSet when, const Word *args, uint32_t count);

/* ---- API calls (oracle_api.c) ---------------------------------------------------------------- */

/* Runs the call of an API function (`ddi` NULL: unknown) and gives its result. */
Word api_call(Machine *self, const Frame *frame, IrOp op, const Ddi *ddi);
Irql machine_irql(const Machine *self);
/* The number that a path runs the level at. */
uint8_t machine_number(const Machine *self, Irql level);
void machine_set_level(Machine *self, const Frame *frame, IrOp op, uint8_t level);

/* ---- functions (oracle_run.c) ---------------------------------------------------------------- */

/* Calls a function of the driver; the result is meaningless when the path ended or unwinds. */
Word run_function(Machine *self, FuncId func, const Word *args, const CellId *aggregates,
                  uint32_t count);
/* One path from the start. */
void run_path(Machine *self, Start start);

/* ---- the fixpoint (oracle_fixpoint.c) -------------------------------------------------------- */

/* Analyses, records and spreads everything once more; what changed, named on `out`: 0 things. */
uint32_t fixpoint_changes(Inferred *inferred, FILE *out);

/* ---- reports (oracle_report.c) ----------------------------------------------------------------
 */

void machine_event(Machine *self, Event event);
/* Ends the path; prints the violation unless it is known. */
void machine_violation(Machine *self, Violation violation);

#endif
