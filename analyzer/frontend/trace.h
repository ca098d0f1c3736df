/* trace: stand-ins for the headers that the trace preprocessor (WPP) would generate. */
#ifndef IRQLINT_FRONTEND_TRACE_H
#define IRQLINT_FRONTEND_TRACE_H

#include "analyzer/frontend/frontend.h"

#include <clang-c/Index.h>

typedef struct Trace Trace;

typedef Array(struct CXUnsavedFile) UnsavedFiles;

/* Follows the quoted includes of a source as text, along the -I folders of the arguments, and reads
 * the project files beside the source and in the driver's folder (NULL none). NULL when the source
 * reaches no `.tmh` that is not there. */
Trace *trace_find(Arena *arena, const FrontendJob *job, const char *text);
/* The header that a macro of the command line names, `-DNAME=x.tmh`, also in quotes; NULL when it
 * is none. */
const char *trace_header_of(Arena *arena, const char *argument);
/* Learns the trace functions that nothing names: what is called without a declaration and with
 * arguments that are not declared either. True when there is something new. */
bool trace_learn(Trace *self, CXTranslationUnit tu);
/* The generated headers, for clang. */
void trace_files(Trace *self, UnsavedFiles *files);

/* One trace function of a configuration. */
typedef struct TraceFunction {
    const char *name;  /* "": none was there */
    const char *macro; /* the lines that define it, NULL: it does nothing */
} TraceFunction;

typedef Array(TraceFunction) TraceFunctionArray;

/* Reads `Name{A=x}(B,MSG,...)`; *at goes behind it, at least by one character. */
TraceFunction trace_read_function(Arena *arena, const char **at, const char *end);
/* Trace functions and files with configuration blocks that the project files in a folder name. */
void trace_read_projects(Arena *arena, const char *dir, TraceFunctionArray *functions,
                         CStrArray *headers);

/* Stands for what trace_read_projects reads in a folder. */
Hash128 trace_projects_content(Arena *arena, const char *dir);

#endif
