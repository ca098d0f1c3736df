/* lower: the inside of frontend_parse: from the AST of one TU to the tables of a unit.
 *
 * libclang shows one function as a stream of cursors; tree.c keeps it as an array of nodes, and the
 * lower_*.c files walk that array. Nothing here is visible outside the folder.
 */
#ifndef IRQLINT_FRONTEND_LOWER_H
#define IRQLINT_FRONTEND_LOWER_H

#include "analyzer/base/base.h"
#include "analyzer/frontend/frontend.h"
#include "analyzer/ir/ir.h"

#include <clang-c/Index.h>

/* ---- the TU --------------------------------------------------------------------------------- */

typedef uint32_t TypeId; /* index into Lower.types; 0: no type */
typedef uint32_t NodeId; /* index into Body.nodes; 0: none */

typedef enum TypeClass {
    TYPE_OTHER,     /* floating, dependent, invalid … */
    TYPE_VOID,      /* void */
    TYPE_INT,       /* integer, enumeration, bool */
    TYPE_POINTER,   /* pointer */
    TYPE_REFERENCE, /* C++ reference */
    TYPE_ARRAY,     /* array of any kind */
    TYPE_RECORD,    /* struct, union, class */
    TYPE_FUNCTION,  /* function */
    TYPE_DEPENDENT  /* what clang could not work out, or a template's */
} TypeClass;

typedef struct TypeInfo {
    CXType type;      /* as written */
    CXType canonical; /* without sugar */
    uint32_t kind;    /* TypeClass of the canonical type */
    uint32_t width;   /* bits of a TYPE_INT, 1 for bool, else 0 */
    bool is_signed;   /* of a TYPE_INT */
    bool is_const;    /* const-qualified */
    bool has_key;     /* key is worked out */
    IrStr key;        /* struct type name that it is or points at, 0 none */
    IrStr spelling;   /* 0: not asked for yet */
} TypeInfo;

typedef struct FileInfo {
    CXFile file;   /* libclang's handle */
    IrFile ir;     /* its number in the unit */
    bool is_model; /* lies in the folder of the model headers */
} FileInfo;

/* One declaration of a driver's function or global, in source order. */
typedef struct DeclItem {
    CXCursor cursor; /* the declaration */
    uint32_t next;   /* index of the next one of the same symbol, 0 none */
} DeclItem;

/* What goes beside an IrFuncRec or IrGlobalRec until the unit is finished. */
typedef struct SymbolItem {
    uint32_t first_decl; /* index into Lower.decls, 0 none */
    uint32_t last_decl;  /* index into Lower.decls */
    uint32_t definition; /* the declaration with the body or the initialiser, 0 none */
    uint32_t overridden; /* C++: its overridden methods are recorded */
} SymbolItem;

typedef struct FieldItem {
    IrStr owner; /* struct type name */
    IrStr name;  /* 0: an anonymous member, skipped in paths */
} FieldItem;

/* A placing directive read as text. */
typedef struct AllocText {
    const char *function; /* its name */
    const char *segment;  /* "PAGE" */
    IrLoc loc;            /* the directive */
    uint32_t offset;      /* of the directive in its file */
} AllocText;

/* An error of clang inside a driver file: what was there may be missing from the AST. */
typedef struct ErrorSpot {
    CXFile file;     /* where */
    uint32_t offset; /* where in it */
    bool is_told;    /* an expression around it is UNKNOWN already */
} ErrorSpot;

/* C++: a variable of the function around that a lambda uses. */
typedef struct Capture {
    CXCursor variable; /* null: `this` */
    bool by_reference; /* the closure holds its address */
} Capture;

/* C++: a lambda whose closure was made; it is lowered after the function around it. */
typedef struct LambdaItem {
    CXCursor lambda; /* the expression */
    IrStr key;       /* struct type name of the closure */
    Array(Capture) captures;
} LambdaItem;

/* C++: a constructor or destructor that the compiler writes. */
typedef struct ImplicitItem {
    CXCursor class;     /* whose it is */
    IrFunc func;        /* its record */
    bool is_destructor; /* else the default constructor */
} ImplicitItem;

typedef struct Lower {
    Arena *arena;           /* the unit's */
    Arena *scratch;         /* lives as long as the TU */
    const FrontendJob *job; /* what is parsed */
    CXTranslationUnit tu;   /* the AST */
    CXFile stand_ins;       /* header of names that nobody declares, NULL none */
    bool cxx;               /* C++ */
    IrBuilder *builder;     /* the unit */
    IrTables *tables;       /* the unit's tables */
    Map64 *file_ids;        /* CXFile -> index into files */
    Array(FileInfo) files;
    Map64 *type_ids; /* opaque type pointer -> TypeId */
    Array(TypeInfo) types;
    Map64 *record_keys; /* record declaration -> IrStr */
    Map64 *func_ids;    /* any declaration of a function -> IrFunc */
    Map64 *usr_ids;     /* hash of the USR -> IrFunc */
    Map64 *global_ids;  /* any declaration of a variable -> IrGlobal */
    Map64 *field_ids;   /* field declaration -> index into fields */
    Map64 *enum_ids;    /* enumerator -> index into enums */
    Map64 *dtor_ids;    /* record declaration -> IrFunc of its destructor, 0 none */
    Map64 *ctor_ids;    /* record declaration -> IrFunc of its default constructor, 0 none */
    Map64 *lambda_ids;  /* closure class -> index into lambdas + 1 */
    Array(FieldItem) fields;
    Array(int64_t) enums;
    Array(DeclItem) decls;
    Array(SymbolItem) funcs;       /* by IrFunc */
    Array(SymbolItem) globals;     /* by IrGlobal */
    Array(CXCursor) classes;       /* C++: the driver's, whose destructors may override others */
    Array(CXCursor) local_classes; /* C++: declared in functions; their methods come later */
    uint32_t local_done;           /* of these, lowered */
    Array(LambdaItem) lambdas;
    Array(ImplicitItem) implicits;
    Array(CXCursor) instances; /* C++: call operators of generic lambdas that are called */
    Array(CXCursor) statics;   /* static variables of functions: initialised with the globals */
    Array(AllocText) alloc_texts;
    Map64 *alloc_scanned; /* CXFile whose alloc_text directives were read */
    Array(ErrorSpot) errors;
    Array(ErrorSpot) addresses; /* where clang refused the address of a cast */
    Array(ErrorSpot) surplus;   /* C: arguments behind the last parameter */
    uint32_t unknown_notes;     /* IR_NOTE_UNKNOWN written so far */
} Lower;

/* ---- one function --------------------------------------------------------------------------- */

typedef struct Node {
    CXCursor cursor; /* the AST node */
    NodeId first;    /* first child */
    NodeId last;     /* last child */
    NodeId next;     /* next sibling */
    NodeId end;      /* one behind its last descendant */
} Node;

typedef enum ScopeKind {
    SCOPE_LOOP,    /* takes break and continue */
    SCOPE_SWITCH,  /* takes break, case and default */
    SCOPE_TRY,     /* a __try: takes __leave; with `finally` a body to run on the way out */
    SCOPE_CLEANUP, /* C++: a local whose destructor runs on the way out */
    SCOPE_LIMIT    /* a finally body: inner jumps do not see what is around it */
} ScopeKind;

/* What a jump out of here must do or may aim at; on the C stack, innermost first. */
typedef struct Scope {
    struct Scope *outer;    /* the scope around */
    ScopeKind kind;         /* which of the fields mean something */
    IrBlock break_to;       /* LOOP, SWITCH: behind it; TRY: where __leave goes */
    IrBlock continue_to;    /* LOOP */
    IrBlock default_to;     /* SWITCH: 0 no default yet */
    TypeId type;            /* SWITCH: of the value */
    Array(IrCaseRec) cases; /* SWITCH */
    U32Array unknown_cases; /* SWITCH: blocks behind cases that are no constants */
    NodeId body;            /* TRY: the guarded block; CLEANUP: the compound statement */
    NodeId finally;         /* TRY: the finally block, 0 for __except */
    uint32_t outer_region;  /* TRY: region around it */
    IrPath object;          /* CLEANUP: what is destroyed */
    TypeId object_type;     /* CLEANUP: of the object */
} Scope;

/* C++: an object that lives until the end of its full expression. */
typedef struct Temporary {
    IrPath path; /* the object */
    TypeId type; /* of the object */
} Temporary;

/* How a __try is left: at its end or by __leave; by a jump or an exception, which is what
 * AbnormalTermination asks for. */
typedef enum Leaving { LEAVING_NONE, LEAVING_NORMALLY, LEAVING_ABNORMALLY } Leaving;

typedef struct Body {
    Lower *lower;               /* the TU */
    Array(Node) nodes;          /* the function's AST in preorder; nodes[1] is the function */
    IrFunc func;                /* whose body this is */
    Array(IrLocalRec) locals;   /* parameters, variables, temporaries */
    Map64 *local_ids;           /* variable declaration -> index into locals + 1 */
    Map64 *label_ids;           /* label node and copy -> block */
    Array(IrBlockRec) blocks;   /* under construction; ids are local, 0 reserved */
    U32Array order;             /* blocks in the order they were begun */
    IrBlock current;            /* where operations go; never 0 */
    uint32_t region;            /* region of what is lowered now: local id, 0 none */
    Array(IrRegionRec) regions; /* local ids, 0 reserved */
    Array(IrCaseRec) cases;     /* of all switches, targets local */
    Scope *scope;               /* innermost */
    NodeId statement;           /* innermost that ends the scope of what is declared in it */
    Array(Temporary) temps;     /* C++: of the full expressions that are being lowered */
    NodeId direct;              /* C++: the call whose result becomes an object as it is */
    IrPath bound;               /* C++: what the last reference was bound to */
    const LambdaItem *lambda;   /* C++: whose body this is, NULL none */
    Map64 *binding_ids;         /* C++: structured binding -> IrPath */
    IrLoc place;                /* where operations are said to be, when its file is not 0 */
    NodeId copy_of;             /* the finally block that is being lowered again, 0 none */
    uint32_t copy;              /* number of that copy */
    uint32_t copies;            /* copies so far */
    Leaving leaving;            /* how the __try of the innermost finally block was left */
    uint32_t depth;             /* recursion depth */
    uint32_t first_op;          /* of this function in the unit */
    uint32_t first_value;       /* of this function in the unit */
    bool incomplete;            /* something was not lowered */
    bool in_globals;            /* the pseudo-function of the globals' initialisers */
    bool has_errors;            /* clang reported errors inside it */
    uint32_t next_error;        /* index into Lower.errors, when has_errors */
} Body;

enum { MAX_DEPTH = 1200, MAX_BLOCKS = 50000, MAX_UNKNOWN_NOTES = 200 };

/* Are clang's builtin headers where they should be? 0, or -1 with the reason. */
int frontend_check(Error *err);

/* ---- tree.c: the AST of one function as an array -------------------------------------------- */

void tree_collect(Body *self, CXCursor function);
/* Adds an expression from elsewhere (a default argument); its node. */
NodeId tree_append(Body *self, CXCursor expression);
static inline uint32_t node_kind(const Body *self, NodeId node) {
    return (uint32_t)self->nodes.items[node].cursor.kind;
}
static inline CXCursor node_cursor(const Body *self, NodeId node) {
    return self->nodes.items[node].cursor;
}
static inline NodeId node_first(const Body *self, NodeId node) {
    return self->nodes.items[node].first;
}
static inline NodeId node_next(const Body *self, NodeId node) {
    return self->nodes.items[node].next;
}
static inline NodeId node_last(const Body *self, NodeId node) {
    return self->nodes.items[node].last;
}
/* Is it an expression (not a reference to a type or a member, not an attribute)? */
bool node_is_expr(const Body *self, NodeId node);
/* The n-th child that is an expression or a statement, 0 none. */
NodeId node_child(const Body *self, NodeId node, uint32_t index);
uint32_t node_child_count(const Body *self, NodeId node);
/* The node without parentheses and implicit conversions. */
NodeId node_strip(const Body *self, NodeId node);
TypeId node_type(const Body *self, NodeId node);
TypeClass node_class(const Body *self, NodeId node);
IrLoc node_loc(const Body *self, NodeId node);
/* IR_OP_MACRO when the node comes out of the body of a macro. */
uint32_t node_flags(const Body *self, NodeId node);

/* ---- lower_type.c: types, files and places -------------------------------------------------- */

TypeId type_of(Lower *self, CXType type);
static inline const TypeInfo *type_info(const Lower *self, TypeId type) {
    return &self->types.items[type];
}
IrStr type_spelling(Lower *self, TypeId type);
/* Struct type name that it is or points at (through arrays and references too). */
IrStr type_key(Lower *self, TypeId type);
/* Struct type name of a record's declaration. */
IrStr record_key(Lower *self, CXCursor record);
const FieldItem *field_item(Lower *self, CXCursor field);
int64_t type_convert(const TypeInfo *type, int64_t value);
const FileInfo *file_info(Lower *self, CXFile file);
IrLoc loc_of(Lower *self, CXSourceLocation location);
bool is_model_cursor(Lower *self, CXCursor cursor);
/* Is it declared because nobody else does (declare.c)? */
bool is_stand_in(const Lower *self, CXCursor cursor);
IrStr cursor_name(Lower *self, CXCursor cursor);
IrStr intern_cx(Lower *self, CXString text);
static inline uint64_t cursor_id(CXCursor cursor) {
    return (uint64_t)(uintptr_t)cursor.data[0];
}

/* ---- lower_unit.c, lower_decl.c: symbols ----------------------------------------------------- */

/* Fills the builder's tables from the TU. */
void lower_unit(Lower *self);
IrFunc func_of(Lower *self, CXCursor function);
/* A function that has no declaration in the AST. */
IrFunc func_named(Lower *self, const char *name);
IrGlobal global_of(Lower *self, CXCursor variable);
IrFuncRec *func_rec(Lower *self, IrFunc func);
/* Fills roles, annotations, segment and parameters of a driver's function from all declarations,
 * and lowers its body. */
void lower_function(Lower *self, IrFunc func);
void lower_declared_params(Lower *self, IrFunc func, CXCursor function);
/* The name of the function type behind a declared type (PDRIVER_DISPATCH, DRIVER_DISPATCH *):
 * "DRIVER_DISPATCH"; 0 when it is not a function type known by name. *typedef_decl (may be NULL)
 * gets its declaration. */
IrStr role_of_type(Lower *self, CXType type, CXCursor *typedef_decl);
/* Initialisers of globals as the pseudo-function. */
void lower_globals(Lower *self);
/* C++: lambdas and what the compiler writes, as long as there are more of them. */
void lower_pending(Lower *self);
/* The key of a function with this USR; lambdas of one function have one USR and are told apart by
 * their places, which stand in the spellings of the types. */
const char *lambda_key(Lower *self, const char *usr, CXType first, CXType second);
/* The name of a class with its template arguments. */
const char *class_name(Lower *self, CXCursor class);
IrStr qualified_name(Lower *self, CXCursor cursor);
IrFunc find_usr(Lower *self, const char *usr);
IrFunc add_usr(Lower *self, const char *usr, const IrFuncRec *func);
IrLocalRec this_local(Lower *self, CXCursor class);
void note_unknown(Body *self, const char *what, IrLoc loc);

/* ---- lower_sal.c, lower_place.c -------------------------------------------------------------- */

/* Adds the annotation when the cursor is one of ours and not there yet. */
void sal_add(Lower *self, uint32_t first, CXCursor attribute, int32_t param);
/* Adds the annotations on a driver's function typedef. */
void sal_add_typedef(Lower *self, uint32_t first, CXCursor typedef_decl);
/* The section that an attribute says, 0 none; *loc gets the place of the pragma or declspec. */
IrStr place_of_attribute(Lower *self, CXCursor attribute, const char *function, CXCursor owner,
                         IrLoc *loc);

/* ---- flow.c: blocks ------------------------------------------------------------------------- */

void flow_begin(Body *self, IrFunc func);
/* Writes locals, blocks, regions of the function; removes what cannot be reached. */
void flow_finish(Body *self);
IrBlock flow_new(Body *self);
/* Operations go to `block` from now on. */
void flow_start(Body *self, IrBlock block);
/* Ends the current block with a jump and goes on in `block`. */
void flow_continue(Body *self, IrBlock block);
void flow_goto(Body *self, IrBlock block);
void flow_branch(Body *self, IrValue cond, IrBlock yes, IrBlock no, IrLoc loc);
void flow_return(Body *self, IrValue value, IrLoc loc);
void flow_unreachable(Body *self, IrLoc loc);
uint32_t flow_region(Body *self, IrRegionKind kind, IrBlock handler);
uint32_t flow_emit(Body *self, IrOpKind kind, uint32_t a, uint32_t b, uint32_t c, NodeId at);
uint32_t flow_local(Body *self, IrStr name, TypeId type, uint32_t flags);
uint32_t flow_temp(Body *self, TypeId type);
/* The body is incomplete, for a reason. */
void note_unknown(Body *self, const char *what, IrLoc loc);
/* An explicit IR_OP_UNKNOWN with its note. */
void flow_unknown(Body *self, NodeId at, const char *what);

/* ---- lower_stmt.c, lower_loop.c, lower_seh.c ------------------------------------------------- */

void lower_stmt(Body *self, NodeId node);
void lower_compound(Body *self, NodeId node);
void lower_return(Body *self, NodeId node);
void lower_while(Body *self, NodeId node);
void lower_do(Body *self, NodeId node);
void lower_for(Body *self, NodeId node);
/* A loop's body with its break and continue. */
void run_loop_body(Body *self, NodeId body, IrBlock break_to, IrBlock continue_to);
/* Goes on in a block at which a round of a loop ends: what began in the round is destroyed. */
void end_round(Body *self, Scope *inner, Scope *outer, IrBlock block);
void lower_range_for(Body *self, NodeId node);
void lower_switch(Body *self, NodeId node);
void lower_case(Body *self, NodeId node);
void lower_default(Body *self, NodeId node);
void lower_goto(Body *self, NodeId node);
void lower_label(Body *self, NodeId node);
void lower_break(Body *self, NodeId node);
void lower_continue(Body *self, NodeId node);
void lower_try(Body *self, NodeId node);
void lower_leave(Body *self, NodeId node);
void lower_cxx_try(Body *self, NodeId node);
/* Lowers what must run on the way out to `until` (finally bodies, destructors). The caller ends the
 * block with the jump and then calls unwind_end with the result. */
typedef struct Unwind {
    Scope *scope;    /* scope to go back to */
    uint32_t region; /* region to go back to */
} Unwind;
Unwind unwind_begin(Body *self, const Scope *until);
void unwind_end(Body *self, Unwind saved);
bool unwind_needed(const Body *self, const Scope *until);

/* ---- lower_value.c, lower_expr.c, lower_path.c, lower_call.c, lower_init.c, lower_cxx.c
 * ----------------------
 */

IrValue lower_value(Body *self, NodeId node);
/* For its effects; the value is not used. */
void lower_effect(Body *self, NodeId node);
void lower_branch(Body *self, NodeId node, IrBlock yes, IrBlock no);
/* The place that an lvalue names; a temporary for an rvalue. */
IrPath lower_path(Body *self, NodeId node);
IrValue lower_call(Body *self, NodeId node);
IrValue lower_constant(Body *self, NodeId node);
/* C++: *done says whether the node is a call that clang refused. */
IrValue lower_refused_call(Body *self, NodeId node, bool *done);
/* C: *done says whether the node is a call with more arguments than parameters. */
IrValue lower_surplus_call(Body *self, NodeId node, bool *done);
/* clang's own evaluation; false when it is not an integer constant. */
bool eval_int(CXCursor cursor, int64_t *value);
IrValue value_unknown(Body *self);
IrValue value_const(Body *self, int64_t value);
bool value_is_const(const Body *self, IrValue value, int64_t *constant);
IrValue value_binary(Body *self, IrBinary op, IrValue left, IrValue right, TypeId type);
IrValue value_unary(Body *self, IrUnary op, IrValue value, TypeId type);
IrValue value_addr(Body *self, IrPath path);
/* Reads a place, with an IR_OP_LOAD where it is not a plain local. */
IrValue value_read(Body *self, IrPath path, TypeId type, NodeId at);
IrPath path_local(Body *self, uint32_t local);
IrPath path_deref(Body *self, IrValue pointer);
IrPath path_index(Body *self, IrValue base, IrValue index);
IrPath path_field(Body *self, IrPath base, CXCursor field);
IrPath path_variable(Body *self, CXCursor variable, NodeId at);
IrPath path_temp(Body *self, IrValue value, TypeId type, NodeId at);
void store(Body *self, IrPath path, IrValue value, NodeId at);
void lower_variable(Body *self, NodeId node);
/* Stores the initialiser into the place, field by field. */
void lower_init(Body *self, IrPath path, TypeId type, NodeId init);
/* C++ `auto [a, b] = x;` */
void lower_bindings(Body *self, NodeId node);
/* What a binding names; false when it is none. */
bool binding_path(Body *self, CXCursor binding, IrPath *path);
IrPath lower_compound_literal(Body *self, NodeId node);
IrValue lower_conditional(Body *self, NodeId node, bool wanted);
IrValue lower_logical(Body *self, NodeId node, bool wanted);
IrValue lower_statement_expr(Body *self, NodeId node);
IrValue emit_call(Body *self, IrValue callee, const IrValue *args, uint32_t count, NodeId at,
                  uint32_t flags);
/* C++: `this`, in a lambda that of the function around. */
IrValue this_value(Body *self, TypeId type, NodeId node);
/* C++; *done says whether it was one of these. */
IrValue lower_cxx_expr(Body *self, NodeId node, bool *done);
/* Casts as lvalues, which clang leaves as operands without an operator, and surplus arguments. */
IrValue lower_ms_expr(Body *self, NodeId node, bool *done);
/* Is this message about such an expression, or about a declaration that means the same to both
 * compilers? Then it is no error; MS_DROPPED: but clang drops the statement. */
typedef enum MsVerdict { MS_ERROR, MS_FINE, MS_DROPPED } MsVerdict;
MsVerdict ms_accepts(Lower *self, const char *message, CXSourceLocation location);
bool is_reference_call(Body *self, NodeId node);
/* The value of an argument for this parameter: a reference takes the address. */
IrValue lower_argument(Body *self, NodeId arg, CXCursor function, uint32_t index);

/* ---- lower_object.c: C++ objects: constructors, destructors, temporaries ----------------------
 */

/* Initialises an object with a constructor, a lambda or the result of a call, without a copy; false
 * when the node is none of them. */
bool lower_construct(Body *self, IrPath path, TypeId type, NodeId node);
/* 0: destroying such an object does nothing. */
IrFunc destructor_of(Lower *self, TypeId type);
/* Destroys what a scope ends with. */
void emit_destructor(Body *self, const Scope *scope, IrLoc loc);
/* Opens the scope of an object that has a destructor. */
void open_cleanup(Body *self, IrPath object, TypeId type);
void close_cleanups(Body *self, const Scope *until);
/* An object without a name. */
void add_temporary(Body *self, IrPath path, TypeId type);
/* Down to what makes the object: parentheses, conversions of a class to itself. */
NodeId strip_object(Body *self, NodeId node);
/* Is it a call that makes an object, not one that refers to it? */
bool is_new_object(Body *self, NodeId node);
/* On a way out: destroys the temporaries since `mark`, which go on existing on the other ways. */
void leave_temporaries(Body *self, uint32_t mark, NodeId at);
/* The end of a full expression: destroys the temporaries since `mark`. */
void end_temporaries(Body *self, uint32_t mark, NodeId at);
/* A reference was bound to one of them: it lives as long as the reference. */
void keep_temporary(Body *self, uint32_t mark);
/* Members and bases before the body of a constructor, and after that of a destructor. */
void begin_members(Body *self, CXCursor method);
void lower_implicit(Lower *self, const ImplicitItem *item);

/* ---- lower_lambda.c -------------------------------------------------------------------------- */

IrValue lambda_value(Body *self, NodeId node);
void lambda_init(Body *self, IrPath path, NodeId node);
/* The closure has nothing in it: its call operator is a plain function. */
bool is_captureless(Lower *self, CXCursor class);
bool is_closure(CXCursor class);
const LambdaItem *lambda_of(Lower *self, CXCursor method);
/* A variable of the function around, in the body of a lambda; false when it is none. */
bool captured_path(Body *self, CXCursor variable, NodeId at, IrPath *path);
void lower_lambda(Lower *self, uint32_t index);
/* A call operator of a generic lambda is lowered when it is called. */
void queue_instance(Lower *self, CXCursor method);
void lower_instance(Lower *self, CXCursor method);

#endif
