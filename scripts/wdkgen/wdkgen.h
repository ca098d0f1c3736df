// wdkgen: turns the declaration tables of include/wdk/tables into one C header per kit header.
//
// Stages: table.c reads rows, build.c makes one Decl per declaration, fields.c writes the C text of
// field and parameter lists and notes what they refer to, model.c resolves names, emit.c orders the
// declarations and writes the headers.
//
// Invariant: after model_resolve() every reference of a declaration is either an index of another
// declaration, or a name that a placeholder stands for, or a C keyword. So each header that emit.c
// writes compiles alone.
#ifndef WDKGEN_H
#define WDKGEN_H

#include <stddef.h>
#include <stdio.h>

// ---- text.c: memory (freed at exit only), growing text, string -> int map ----------------------
typedef struct {
    char *data; // zero-terminated, owned
    size_t len;
    size_t cap;
} Buf;

typedef struct {
    const char **keys; // borrowed
    int *values;
    size_t cap; // a power of two, or 0
    size_t len;
} Map;

void *mem_alloc(size_t size);
void *mem_grow(void *old, size_t item_size, int len, int *cap);
char *str_dup_n(const char *s, size_t len);
char *str_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *str_trim(char *s);
char *str_lower(const char *s);
void buf_add(Buf *self, const char *s);
void buf_add_n(Buf *self, const char *s, size_t len);
void buf_printf(Buf *self, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *buf_take(Buf *self);
int map_get(const Map *self, const char *key); // -1 when absent
void map_put(Map *self, const char *key, int value);

// ---- table.c ------------------------------------------------------------------------------------
typedef struct {
    char **cells; // columns_len of them, never NULL
    int line;     // 1-based, in the file
} Row;

typedef struct {
    const char *path;
    int columns_len;
    Row *rows;
    int rows_len;
} Table;

// Reads dir/name; dies when it is missing or a row has another number of columns than the first.
Table table_read(const char *dir, const char *name, int columns_len);
// Whole file as text, NULL when it cannot be opened.
char *file_read(const char *path);
// Splits s at sep outside of (), [], {} and quotes; the parts are trimmed copies.
int split_top(const char *s, char sep, char ***parts);

// ---- model.c ------------------------------------------------------------------------------------
typedef enum {
    REF_NAME,     // a declaration of the type is enough
    REF_COMPLETE, // the full type is needed: a field by value
    REF_EXPR,     // a constant in an expression
    REF_OPTIONAL, // a word in the value of a macro: nothing stands for it when it is unknown
} RefKind;

typedef struct {
    const char *name; // "FOO", "struct _FOO", "union _FOO", "enum _FOO"
    RefKind kind;
} Ref;

// Order of kinds is the order inside a header.
typedef enum {
    DECL_CONSTANT,
    DECL_PLACEHOLDER,
    DECL_FORWARD, // typedef struct _X X, *PX;
    DECL_TYPE,    // any other typedef
    DECL_ENUM,
    DECL_CALLBACK, // function type and its pointer names
    DECL_BODY,     // struct _X { ... };
    DECL_INTERFACE,
    DECL_VARIABLE,
    DECL_FUNCTION,
} DeclKind;

typedef struct {
    DeclKind kind;
    const char *name; // main name; the guard is made of it
    int header;       // index into Model.headers
    const char *text; // C text with final newline
    Ref *refs;        // as written
    int refs_len;
    int refs_cap;
    int *needs; // resolved: must come before this one
    int needs_len;
    int needs_cap;
    int body;          // of a FORWARD: its BODY, else -1
    const char *alias; // of a TYPE that renames another type by value: that type, else NULL
    int emitted;       // in how many headers
} Decl;

typedef struct {
    const char *name; // lower case
    int *includes;    // directly included headers
    int includes_len;
    int includes_cap;
    int explicit_includes; // listed in includes.tsv
    int *list;             // declarations to write, ordered
    int list_len;
    int list_cap;
    unsigned char *has; // per declaration: visible after this header; NULL until planned
    int planning;       // on the stack of plan_header: finds include cycles
} Header;

typedef struct {
    Decl *decls;
    int decls_len;
    int decls_cap;
    Header *headers;
    int headers_len;
    int headers_cap;
    Map header_of;   // header name -> index
    Map names;       // typedef name, constant, enumerator, "struct tag" -> declaration
    Map objects;     // function and variable names -> declaration
    Map hand;        // macro names that hand-written files define
    Map type_refs;   // names used as types
    Map functypes;   // names of function types (roles)
    int dropped_len; // rows left out because another row has the name
    int unknown_len; // placeholders made
    const char *hand_dir;
    FILE *report;
} Model;

int model_header(Model *self, const char *name);
int model_add(Model *self, DeclKind kind, const char *name, const char *header, const char *text);
// Names decl as the declaration of name; says so and returns -1 when another one has it.
int model_name(Model *self, Map *map, const char *name, int decl);
void model_ref(Model *self, int decl, const char *name, RefKind kind);
void model_resolve(Model *self);

// ---- build.c ------------------------------------------------------------------------------------
void build_all(Model *self, const char *tables_dir);
void build_hand(Model *self);

// ---- interfaces.c -------------------------------------------------------------------------------
void build_interfaces(Model *self, const char *tables_dir);

// ---- fields.c -----------------------------------------------------------------------------------
// Appends the C text of a field list ("ULONG A;u{...}B") and notes references of decl.
void fields_write(Model *self, int decl, const char *fields, int indent, Buf *out);
// "T a; U b" -> "T a, U b"; "" and "void" -> "void"; "?" -> any parameters.
void params_write(Model *self, int decl, const char *params, Buf *out);
// Notes what one declaration ("const FOO *x[BAR]") refers to.
void note_refs(Model *self, int decl, const char *declaration, int by_value);
// Notes all identifiers of an expression (REF_EXPR or REF_OPTIONAL).
void note_expr(Model *self, int decl, const char *expr, RefKind kind);
int is_keyword(const char *word, size_t len);

// ---- emit.c -------------------------------------------------------------------------------------
void emit_all(Model *self, const char *out_dir);

// ---- main.c -------------------------------------------------------------------------------------
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
