/* declare: stand-ins for names that a unit uses and nobody declares. */
#ifndef IRQLINT_FRONTEND_DECLARE_H
#define IRQLINT_FRONTEND_DECLARE_H

#include "analyzer/frontend/source.h"

#include <clang-c/Index.h>

/* What clang said of a name before it had a stand-in. */
typedef struct DeclareError {
    StrId name;          /* whose stand-in answers it */
    const char *message; /* clang's */
    const char *path;    /* file, as clang spells it */
    unsigned line;       /* where */
    unsigned column;     /* where */
} DeclareError;

typedef Array(DeclareError) DeclareErrorArray;

typedef struct Declare Declare;

Declare *declare_new(Arena *arena, const char *source, bool cxx);
/* Learns from the errors of a parse. True when the file must be parsed again. */
bool declare_learn(Declare *self, CXTranslationUnit tu);
/* Forgets everything: the names turned out to be arguments of trace calls. */
void declare_reset(Declare *self);
/* The header of stand-ins, which is to be included before everything; false when it is empty. */
bool declare_file(Declare *self, struct CXUnsavedFile *file);
/* Its path; no such file exists. */
const char *declare_path(const Declare *self);
/* What was learned from, in clang's order. */
const DeclareErrorArray *declare_errors(Declare *self);

#endif
