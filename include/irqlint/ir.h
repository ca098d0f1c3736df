/* ir: the facts of one translation unit (TU).
 *
 * A unit is a value: flat tables of fixed-size records that refer to each other by u32 index and to
 * text by offset into one string blob. Nothing in it is a pointer into another record, so a unit
 * can be written to a file and read back unchanged (analyzer/ir/ir.h).
 *
 * A function body is a control-flow graph: blocks of simple operations, each block closed by one
 * terminator. Index 0 of every table is a reserved "none" record, so 0 means "none" everywhere
 * except for IrBlock/IrOp ranges, which are (first, count).
 *
 * What clang could not parse is an explicit IR_OP_UNKNOWN / IR_VALUE_UNKNOWN and an IrNote, never
 * silence.
 */
#ifndef IRQLINT_IR_H
#define IRQLINT_IR_H

#include <stdint.h>

typedef uint32_t IrStr;    /* offset into IrUnit.strings; 0 is "" */
typedef uint32_t IrFile;   /* index into IrUnit.files */
typedef uint32_t IrFunc;   /* index into IrUnit.funcs */
typedef uint32_t IrGlobal; /* index into IrUnit.globals */
typedef uint32_t IrPath;   /* index into IrUnit.paths */
typedef uint32_t IrValue;  /* index into IrUnit.values */
typedef uint32_t IrOp;     /* index into IrUnit.ops */
typedef uint32_t IrBlock;  /* index into IrUnit.blocks */

/* Longest chain of paths and values inside one expression; what is deeper is UNKNOWN, so that
 * expressions can be walked by recursion. */
#define IR_MAX_DEPTH 200

/* A place in the source as the reader sees it: where the macro is used, not where it is defined. */
typedef struct IrLoc {
    IrFile file;     /* 0: no location */
    uint32_t line;   /* 1-based */
    uint32_t column; /* 1-based, bytes */
} IrLoc;

/* ---- places: what can be read and written ------------------------------------------------- */

typedef enum IrPathKind {
    IR_PATH_NONE,   /* reserved record 0 */
    IR_PATH_LOCAL,  /* a = index into the function's locals (parameters come first) */
    IR_PATH_GLOBAL, /* a = IrGlobal */
    IR_PATH_DEREF,  /* a = IrValue: what that pointer value points at */
    IR_PATH_FIELD,  /* a = IrPath of the struct, b = IrStr struct type name, c = IrStr field name */
    IR_PATH_INDEX,  /* a = IrPath of the array (elements are not told apart), b = IrValue index */
    IR_PATH_UNKNOWN /* a place that could not be described; each is of its own */
} IrPathKind;

/* An access path. `p->Ext.Lock` is FIELD(FIELD(DEREF(PATH(LOCAL p)), T, "Ext"), U, "Lock").
 * Paths are interned within a unit *and function*: equal ids are the same expression. The struct
 * type name is the tag without leading underscores (`_DEVICE_OBJECT` is "DEVICE_OBJECT"), or the
 * typedef's name for an untagged struct, so that it means the same in every TU; anonymous struct
 * members and unions inside are skipped, their fields belong to the nearest named type. */
typedef struct IrPathRec {
    uint32_t kind; /* IrPathKind */
    uint32_t a;    /* see IrPathKind */
    uint32_t b;    /* see IrPathKind */
    uint32_t c;    /* see IrPathKind */
} IrPathRec;

/* ---- values: expressions without side effects, evaluated where they are used -------------- */

typedef enum IrValueKind {
    IR_VALUE_NONE,    /* reserved record 0 */
    IR_VALUE_UNKNOWN, /* could not be described */
    IR_VALUE_CONST,   /* a/b = low/high half of the int64 (enumerators, sizeof, NULL too) */
    IR_VALUE_STRING,  /* a = IrStr, a string literal */
    IR_VALUE_PATH,    /* a = IrPath: what that place holds now */
    IR_VALUE_ADDR,    /* a = IrPath: its address; an array that decays to a pointer is the
                         address of IR_PATH_INDEX(array) */
    IR_VALUE_FUNC,    /* a = IrFunc: the address of that function */
    IR_VALUE_CALL,    /* a = IrOp: the result of that call */
    IR_VALUE_UNARY,   /* a = IrUnary, b = IrValue */
    IR_VALUE_BINARY   /* a = IrBinary, b, c = IrValue */
} IrValueKind;

typedef enum IrUnary { IR_NOT, IR_NEG, IR_BITNOT } IrUnary;

typedef enum IrBinary {
    IR_ADD,
    IR_SUB,
    IR_MUL,
    IR_DIV,
    IR_MOD,
    IR_AND,
    IR_OR,
    IR_XOR,
    IR_SHL,
    IR_SHR,
    IR_EQ,
    IR_NE,
    IR_LT,
    IR_LE,
    IR_GT,
    IR_GE
} IrBinary;

/* Casts are transparent (a constant is already converted to the type it is cast to). */
typedef struct IrValueRec {
    uint32_t kind; /* IrValueKind */
    uint32_t a;    /* see IrValueKind */
    uint32_t b;    /* see IrValueKind */
    uint32_t c;    /* see IrValueKind */
} IrValueRec;

static inline int64_t ir_const(const IrValueRec *value) {
    return (int64_t)((uint64_t)value->a | (uint64_t)value->b << 32);
}

/* ---- operations --------------------------------------------------------------------------- */

typedef enum IrOpKind {
    IR_OP_NONE,   /* reserved record 0 */
    IR_OP_CALL,   /* a = callee IrValue (FUNC, or a pointer value), arguments = IrUnit.args[b … b+c)
                   */
    IR_OP_STORE,  /* a = IrPath written, b = IrValue stored; also initialisers and `x op= y` */
    IR_OP_LOAD,   /* a = IrPath read, when it is not a plain local: a dereference or a global */
    IR_OP_SCOPE,  /* a = local index: the variable's scope begins; its value is indeterminate */
    IR_OP_UNKNOWN /* a = IrStr what it was; anything may have happened */
} IrOpKind;

enum {
    IR_OP_IMPLICIT = 1, /* written by the compiler: C++ constructor, destructor */
    IR_OP_VIRTUAL = 2,  /* call through the vtable: the callee is the statically named method */
    IR_OP_MACRO = 4     /* comes out of a macro expansion */
};

typedef struct IrOpRec {
    uint32_t kind;  /* IrOpKind */
    uint32_t a;     /* see IrOpKind */
    uint32_t b;     /* see IrOpKind */
    uint32_t c;     /* see IrOpKind */
    IrLoc loc;      /* where; of a call: the start of the call expression */
    uint32_t flags; /* IR_OP_IMPLICIT … */
} IrOpRec;

/* ---- blocks ------------------------------------------------------------------------------- */

typedef enum IrTermKind {
    IR_TERM_NONE,       /* reserved */
    IR_TERM_GOTO,       /* to a */
    IR_TERM_BRANCH,     /* cond != 0 to a, else to b; `&& || !` are already blocks of their own */
    IR_TERM_SWITCH,     /* cond against IrUnit.cases[a … a+b); no match: block c */
    IR_TERM_RETURN,     /* returns cond (0: nothing) */
    IR_TERM_UNREACHABLE /* after a call that never returns */
} IrTermKind;

typedef struct IrBlockRec {
    uint32_t first_op; /* IrOp of the first operation */
    uint32_t op_count; /* operations in the block */
    uint32_t region;   /* index into IrUnit.regions of the innermost __try, 0 outside */
    uint32_t term;     /* IrTermKind */
    IrValue cond;      /* see IrTermKind */
    uint32_t a, b, c;  /* see IrTermKind */
    IrLoc term_loc; /* of the condition or the return; of an implicit return: the closing brace */
} IrBlockRec;

typedef struct IrCaseRec {
    int64_t low;    /* first constant matched */
    int64_t high;   /* last constant matched */
    IrBlock target; /* where to */
    uint32_t pad;   /* 0 */
} IrCaseRec;

typedef enum IrRegionKind { IR_REGION_NONE, IR_REGION_EXCEPT, IR_REGION_FINALLY } IrRegionKind;

/* A __try body. A finally body is lowered again at every way out of the region, so the handler of
 * IR_REGION_FINALLY is only what runs when an exception passes; inference decides when that is. */
typedef struct IrRegionRec {
    uint32_t kind;   /* IrRegionKind */
    uint32_t parent; /* enclosing region, 0 none */
    IrBlock handler; /* first block of the __except (filter included) or __finally body */
    uint32_t pad;    /* 0 */
} IrRegionRec;

/* ---- functions and globals ---------------------------------------------------------------- */

enum {
    IR_FUNC_BODY = 1,        /* has a body in this unit */
    IR_FUNC_STATIC = 2,      /* internal linkage */
    IR_FUNC_INLINE = 4,      /* inline: takes the section of the function it is inlined into */
    IR_FUNC_VARIADIC = 8,    /* `...` */
    IR_FUNC_NORETURN = 16,   /* declared so */
    IR_FUNC_INCOMPLETE = 32, /* some of its body is IR_OP_UNKNOWN: coverage */
    IR_FUNC_MODEL = 64,      /* declared by the model headers (a kernel API), not by the driver */
    IR_FUNC_VIRTUAL = 128,   /* C++ virtual method */
    IR_FUNC_METHOD = 256,    /* C++ member: local 0 is `this` */
    IR_FUNC_GLOBALS = 512,   /* the unit's pseudo-function: stores of the initialisers of globals */
    IR_FUNC_INSTANCE = 1024, /* of a C++ template, or a member of one */
    IR_FUNC_PURE = 2048,     /* C++ `= 0`: a call through the vtable never gets here */
    IR_FUNC_LIFETIME = 4096  /* C++ constructor or destructor */
};

/* A function seen in this unit: defined, called, its address taken, or annotated. One record per
 * function, whatever the number of declarations; tables below belong to it. */
typedef struct IrFuncRec {
    IrStr key;             /* identity across units: the USR (static functions carry the file) */
    IrStr name;            /* as written; C++: qualified, e.g. "Device::Start" */
    uint32_t flags;        /* IR_FUNC_… */
    IrLoc loc;             /* the name in the definition, else in the first declaration */
    IrStr segment;         /* code section by pragma or declspec: "PAGE", "INIT"; 0 = default */
    IrLoc segment_loc;     /* the pragma or declspec that says so */
    uint32_t param_count;  /* parameters (locals 0 … param_count-1) */
    uint32_t first_local;  /* IrUnit.locals */
    uint32_t local_count;  /* parameters, variables, temporaries */
    uint32_t first_note;   /* IrUnit.sal: annotations of the function and its parameters */
    uint32_t note_count;   /* how many */
    uint32_t first_role;   /* IrUnit.roles (IrStr): function types it was declared with */
    uint32_t role_count;   /* e.g. `DRIVER_DISPATCH DispatchRead;` gives "DRIVER_DISPATCH" */
    uint32_t first_block;  /* IrUnit.blocks; the first one is the entry */
    uint32_t block_count;  /* 0 without a body */
    uint32_t end_line;     /* line of the closing brace */
    IrStr return_type;     /* spelling */
    IrLoc decl_start;      /* where the first declaration begins; none: made up, in a template,
                              inside a function, or the model's */
    IrLoc decl_name;       /* the name in it */
    IrLoc code_start;      /* first statement of the body that is no declaration, 0 none */
    uint32_t first_region; /* IrUnit.regions of this function */
    uint32_t region_count; /* how many */
} IrFuncRec;

typedef struct IrLocalRec {
    IrStr name;     /* "" for a temporary */
    IrStr type;     /* spelling of the type, e.g. "KIRQL", "PIRP" */
    IrStr type_key; /* struct type name that it is or points at (as in IR_PATH_FIELD), 0 if none */
    uint32_t flags; /* IR_LOCAL_… */
} IrLocalRec;

enum {
    IR_LOCAL_PARAM = 1,
    IR_LOCAL_TEMP = 2,
    IR_LOCAL_STATIC = 4,
    IR_LOCAL_AGGREGATE = 8,
    IR_LOCAL_NOT_NULL = 16 /* `this` or a reference: holds an address, never 0 */
};

/* A SAL annotation, as text: "_IRQL_requires_max_(DISPATCH_LEVEL)". */
typedef struct IrSalRec {
    IrStr text;    /* the annotation's source spelling, arguments not expanded */
    int32_t param; /* parameter it stands on, -1: the function */
    IrLoc loc;     /* where it stands */
} IrSalRec;

typedef struct IrGlobalRec {
    IrStr key;      /* identity across units (USR) */
    IrStr name;     /* as written */
    IrStr type;     /* spelling of the type */
    IrStr type_key; /* struct type name, 0 if none */
    IrStr segment;  /* data section by pragma or declspec, 0 = default */
    uint32_t flags; /* IR_GLOBAL_… */
    IrLoc loc;      /* definition, else declaration */
} IrGlobalRec;

enum { IR_GLOBAL_CONST = 1, IR_GLOBAL_STATIC = 2, IR_GLOBAL_MODEL = 4, IR_GLOBAL_DEFINED = 8 };

/* method overrides base: for virtual calls. */
typedef struct IrOverrideRec {
    IrFunc method; /* the overriding method */
    IrFunc base;   /* the method it overrides directly */
} IrOverrideRec;

/* A struct field declared with a function type known by name: `PDRIVER_DISPATCH Handler;`. */
typedef struct IrFieldRec {
    IrStr type;  /* struct type name, as in IR_PATH_FIELD */
    IrStr field; /* field name */
    IrStr role;  /* the typedef's name */
} IrFieldRec;

/* ---- coverage ----------------------------------------------------------------------------- */

typedef enum IrNoteKind {
    IR_NOTE_ERROR,    /* clang error or fatal error */
    IR_NOTE_MISSING,  /* missing header: text = its name */
    IR_NOTE_IMPLICIT, /* call of an undeclared function: text = its name */
    IR_NOTE_UNKNOWN   /* construct not lowered: text = what */
} IrNoteKind;

typedef struct IrNoteRec {
    uint32_t kind; /* IrNoteKind */
    IrStr text;    /* one line */
    IrLoc loc;     /* where */
} IrNoteRec;

typedef enum IrStatus { IR_OK, IR_PARTIAL, IR_FAILED } IrStatus;

/* IrUnit.model_types: names of the struct types used here that the model headers declare. Generic
 * types (UNICODE_STRING) serve many purposes, so what one object's field holds says nothing about
 * another's. */

/* ---- the unit ----------------------------------------------------------------------------- */

#define IR_TABLES(X)                                                                               \
    X(char, strings)                                                                               \
    X(IrStr, files)                                                                                \
    X(IrPathRec, paths)                                                                            \
    X(IrValueRec, values)                                                                          \
    X(IrValue, args)                                                                               \
    X(IrOpRec, ops)                                                                                \
    X(IrBlockRec, blocks)                                                                          \
    X(IrCaseRec, cases)                                                                            \
    X(IrRegionRec, regions)                                                                        \
    X(IrFuncRec, funcs)                                                                            \
    X(IrLocalRec, locals)                                                                          \
    X(IrSalRec, sal)                                                                               \
    X(IrStr, roles)                                                                                \
    X(IrGlobalRec, globals)                                                                        \
    X(IrOverrideRec, overrides)                                                                    \
    X(IrFieldRec, fields)                                                                          \
    X(IrStr, model_types)                                                                          \
    X(IrNoteRec, notes)

typedef struct IrUnit {
    IrStr path;             /* the main source file, absolute */
    uint32_t status;        /* IrStatus */
    uint32_t error_count;   /* clang errors, fatal ones included */
    uint32_t warning_count; /* clang warnings of ours that matter (implicit declarations) */
#define IR_TABLE_FIELD(type, name)                                                                 \
    type *name;          /* records */                                                             \
    uint32_t name##_len; /* their number */
    IR_TABLES(IR_TABLE_FIELD)
#undef IR_TABLE_FIELD
} IrUnit;

/* True when an exception in the region has a handler in the same function. */
static inline int ir_in_except(const IrUnit *unit, uint32_t region) {
    while (region != 0 && unit->regions[region].kind != IR_REGION_EXCEPT)
        region = unit->regions[region].parent;
    return region != 0;
}

/* "ok", "partial", "failed". */
const char *ir_status_name(IrStatus status);

static inline const char *ir_str(const IrUnit *unit, IrStr text) {
    return unit->strings + text;
}

#endif
