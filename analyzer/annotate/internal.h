/* What the files of the annotate stage share. */
#ifndef IRQLINT_ANNOTATE_INTERNAL_H
#define IRQLINT_ANNOTATE_INTERNAL_H

#include "analyzer/annotate/annotate.h"

/* ---- source.c ------------------------------------------------------------------------------- */

typedef struct SourceText {
    const char *path; /* absolute */
    const char *data; /* bytes, NUL-terminated; NULL: cannot be changed */
    size_t size;      /* how many */
    U32Array starts;  /* offset of each line, then the size */
    bool crlf;        /* lines end in CR LF */
} SourceText;

/* Reads a file; one that is no text that a patch can change has no data. */
SourceText source_load(Arena *arena, const char *path);
/* The offset of a place, SIZE_MAX when the file has no such line or column. */
size_t source_offset(const SourceText *self, IrLoc loc);
/* True when the identifier stands at that offset, whole. */
bool source_has_word(const SourceText *self, size_t offset, const char *word);
/* True when nothing but blanks, words, and operands in parentheses stands before `loc` on its line:
 * macros that the parser took away. */
bool source_begins_line(const SourceText *self, IrLoc loc);
/* The blanks that a line begins with. */
const char *source_indent(Arena *arena, const SourceText *self, uint32_t line);
/* True when the parameter list that follows `offset` names that parameter. */
bool source_names_param(const SourceText *self, size_t offset, const char *param);

/* ---- derive.c ------------------------------------------------------------------------------- */

/* What follows for a function: annotations, one a line, without indentation. */
typedef struct Derived {
    CStrArray lines;   /* before its declaration */
    const char *param; /* parameter that they name, NULL none */
    bool paged_code;   /* PAGED_CODE() belongs into its body */
} Derived;

void derive_annotations(Arena *arena, const Inferred *inferred, FuncId func, Derived *out);

/* ---- annotate.c ----------------------------------------------------------------------------- */

/* Lines to insert before a line of a file. */
typedef struct Edit {
    const char *path;     /* absolute */
    uint32_t line;        /* 1-based: before it */
    const char *function; /* for whom: key across drivers */
    const char *text;     /* lines, each with its end; "": a driver that adds nothing here */
} Edit;

typedef Array(Edit) EditArray;

/* ---- patch.c -------------------------------------------------------------------------------- */

/* Writes the changes of one file, edits[0 … count) sorted by line. */
void patch_write_file(const SourceText *source, const char *name, const Edit *edits, uint32_t count,
                      FILE *out);

#endif
