/* marks: what the comments and pragmas of one source say about findings. */
#ifndef IRQLINT_GATE_MARKS_H
#define IRQLINT_GATE_MARKS_H

#include "analyzer/base/base.h"

typedef struct Mark {
    const char *rule;   /* `irqlint: allow(rule)`, as written; NULL: a pragma */
    uint32_t warning;   /* of a pragma: number of the warning that it silences */
    const char *reason; /* "" none */
    uint32_t line;      /* where it stands */
    uint32_t column;    /* … in bytes */
    uint32_t first;     /* lines that it is about: the statement it stands at or before … */
    uint32_t last;      /* … the last one */
    bool opens;         /* that ends with `{`: perhaps the head of a function */
    bool used;          /* free for the reader */
} Mark;

typedef struct MarkProblem {
    uint32_t line;    /* where */
    uint32_t column;  /* where, in bytes */
    const char *text; /* one line */
} MarkProblem;

typedef struct Marks {
    Array(Mark) items;           /* in the order of the text */
    Array(MarkProblem) problems; /* what is no mark, but was meant to be one */
} Marks;

void marks_scan(Arena *arena, const char *text, size_t size, Marks *marks);

#endif
