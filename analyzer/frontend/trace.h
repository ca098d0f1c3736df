/* trace: stand-ins for the headers that the trace preprocessor (WPP) would generate. */
#ifndef IRQLINT_FRONTEND_TRACE_H
#define IRQLINT_FRONTEND_TRACE_H

#include "analyzer/base/base.h"

#include <clang-c/Index.h>

typedef struct Trace Trace;

typedef Array(struct CXUnsavedFile) UnsavedFiles;

/* Follows the quoted includes of a source as text, along the -I folders of the arguments. NULL when
 * it reaches no `.tmh` that is not there. */
Trace *trace_find(Arena *arena, const char *source, const char *text, const char *const *args,
                  uint32_t arg_count);
/* Learns the trace functions that only the project file names: what is called without a declaration
 * and with arguments that are not declared either. True when there is something new. */
bool trace_learn(Trace *self, CXTranslationUnit tu);
/* The generated headers, for clang. */
void trace_files(Trace *self, UnsavedFiles *files);

#endif
