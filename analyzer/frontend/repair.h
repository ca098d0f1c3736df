/* repair: what Microsoft's compiler takes and clang does not, mended for another parse. */
#ifndef IRQLINT_FRONTEND_REPAIR_H
#define IRQLINT_FRONTEND_REPAIR_H

#include "analyzer/frontend/trace.h"

typedef struct Repair Repair;

Repair *repair_new(Arena *arena, bool cxx);
/* Looks at what clang reported; true when something was mended, so that parsing again is worth it.
 */
bool repair_learn(Repair *self, CXTranslationUnit tu);
/* True when the model headers have to be seen otherwise than in a precompiled prelude. */
bool repair_is_plain(const Repair *self);
/* Appends arguments, in self's arena. */
void repair_args(const Repair *self, CStrArray *args);
/* Sources with something blanked out, by the names clang has for them. */
const UnsavedFiles *repair_files(const Repair *self);

#endif
