/* options of TraceLogging providers */
#include <traceloggingprovider.h>
