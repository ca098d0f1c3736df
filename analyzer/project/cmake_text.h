/* cmake_text: a CMakeLists.txt as a list of calls with their variables replaced. */
#ifndef IRQLINT_PROJECT_CMAKE_TEXT_H
#define IRQLINT_PROJECT_CMAKE_TEXT_H

#include "analyzer/base/base.h"

typedef struct CmakeVariable {
    const char *name;  /* as written: names have a case */
    const char *value; /* a list has semicolons */
} CmakeVariable;

/* The variables of a file; those of a file that it adds start with them. */
typedef struct CmakeScope {
    Array(CmakeVariable) variables; /* so far */
    size_t budget;                  /* bytes that expansion may still make, in all */
} CmakeScope;

typedef struct CmakeReader {
    Arena *arena;      /* owns everything */
    const char *at;    /* what is left */
    CmakeScope *scope; /* for ${…} */
} CmakeReader;

/* The next call and its arguments; NULL at the end. What stands in a function or in a conditional
 * is a call like any other. */
const char *cmake_next_call(CmakeReader *self, CStrArray *arguments);
void cmake_set(Arena *arena, CmakeScope *scope, const char *name, const char *value);
/* "" when it is not set. */
const char *cmake_get(const CmakeScope *scope, const char *name);

#endif
