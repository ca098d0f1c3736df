/* Trace functions: named in a configuration comment, or only on the trace preprocessor's command
 * line; the generated header is not there. */
//
// begin_wpp config
// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);
// end_wpp
//
#include "trace.tmh"

int Test(int n);

int Traced(int n) {
    TraceEvents(TRACE_LEVEL_ERROR, DBG_INIT, "n %d", n);
    if (Test(n))
        OnCommandLine(TRACE_LEVEL_ERROR, DBG_INIT, "n %d", n);
    return n;
}
