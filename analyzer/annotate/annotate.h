/* annotate: annotations that follow from the bodies of a driver's functions, as a patch. */
#ifndef IRQLINT_ANNOTATE_H
#define IRQLINT_ANNOTATE_H

#include "analyzer/base/base.h"
#include "irqlint/rule.h"

#include <stdio.h>

typedef struct AnnotateOptions {
    const char *root;      /* only files beneath this folder are changed; absolute */
    const char *base;      /* paths in the patch are relative to it; absolute */
    const CStrArray *only; /* names of functions; empty: all */
    bool paged_code;       /* add PAGED_CODE() too */
} AnnotateOptions;

/* Lines to insert, of all drivers so far. */
typedef struct Annotations Annotations;

Annotations *annotate_new(Arena *arena, const AnnotateOptions *options);
/* Adds what follows for the functions of one driver. */
void annotate_program(Annotations *self, const Inferred *inferred);

typedef struct AnnotateCounts {
    uint32_t functions; /* that get something */
    uint32_t files;     /* changed */
} AnnotateCounts;

/* Writes the patch (nothing when there is nothing to add): files sorted by path, so it depends on
 * neither the order of drivers nor that of units. What drivers that share a source disagree about
 * is left out, and so is a file that cannot be patched as text (UTF-16, gone). */
AnnotateCounts annotate_write(Annotations *self, FILE *out);

#endif
