/* cmake_cond: which arms of if() … endif() hold, as far as the text tells. */
#ifndef IRQLINT_PROJECT_CMAKE_COND_H
#define IRQLINT_PROJECT_CMAKE_COND_H

#include "analyzer/project/cmake_text.h"

typedef enum CmakeTruth { CMAKE_FALSE, CMAKE_TRUE, CMAKE_UNKNOWN } CmakeTruth;

typedef struct CmakeArm {
    CmakeTruth now;     /* this arm is taken */
    CmakeTruth earlier; /* an arm before it was taken */
} CmakeArm;

typedef struct CmakeConds {
    Array(CmakeArm) open; /* innermost last */
} CmakeConds;

/* Follows if, elseif, else, endif; true when the call is one of them. */
bool cmake_cond_see(CmakeConds *self, Arena *arena, const CmakeScope *scope, const char *call,
                    const CStrArray *words);
/* True when what stands here surely does not hold. */
bool cmake_cond_is_off(const CmakeConds *self);

#endif
