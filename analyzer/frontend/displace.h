/* displace: model declarations that a driver declares otherwise. */
#ifndef IRQLINT_FRONTEND_DISPLACE_H
#define IRQLINT_FRONTEND_DISPLACE_H

#include "analyzer/frontend/source.h"

#include <clang-c/Index.h>

typedef struct Displace Displace;

Displace *displace_new(Arena *arena, const char *source);
/* Learns from the errors of a parse. True when the file must be parsed again, without a prelude. */
bool displace_learn(Displace *self, CXTranslationUnit tu);
/* The header that is to be included before everything; false when nothing is displaced. */
bool displace_file(Displace *self, struct CXUnsavedFile *file);
/* Its path; no such file exists. */
const char *displace_path(const Displace *self);

#endif
