/* outside: includes that leave the given trees. */
#ifndef IRQLINT_FRONTEND_OUTSIDE_H
#define IRQLINT_FRONTEND_OUTSIDE_H

#include "analyzer/frontend/frontend.h"

#include <clang-c/Index.h>

/* The first file that was read and is in none of the folders and files job->readable; NULL when
 * there is none, or job->readable is NULL. */
const char *outside_first(Arena *arena, CXTranslationUnit tu, const FrontendJob *job);
/* Clang's message; one about a file that the sandbox kept shut says so. */
const char *outside_explain(Arena *arena, const char *message);

#endif
