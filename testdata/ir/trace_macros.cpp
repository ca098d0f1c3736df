// Trace macros with a meaning, and one that only the calls show.
#include "trace_project.h"
#include "trace_macros.tmh"

int Test(int n);

int Traced(int n) {
    ReturnIfBad(Test(1));
    ReturnIfBadMessage(Test(2), "value %d", n);
    LogBraces(FLAG_INIT, "n %d", n);
    OnCommandLine(TRACE_LEVEL_ERROR, FLAG_INIT, "n %d", n);
    if (WPP_LEVEL_FLAGS_ENABLED(TRACE_LEVEL_VERBOSE, FLAG_INIT))
        Test(3);
    return Test(4);
}
