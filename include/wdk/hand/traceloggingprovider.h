/* TraceLogging: providers are handles, events vanish. */
#ifndef IRQLINT_TRACELOGGING_H
#define IRQLINT_TRACELOGGING_H
#include <evntprov.h>
typedef struct _tlgProvider_t *TraceLoggingHProvider;
#define TRACELOGGING_DECLARE_PROVIDER(name) EXTERN_C TraceLoggingHProvider name
#define TRACELOGGING_DEFINE_PROVIDER(name, ...) EXTERN_C TraceLoggingHProvider name
#define TRACELOGGING_DEFINE_PROVIDER_STORAGE(name, ...) EXTERN_C TraceLoggingHProvider name
#define TraceLoggingRegister(provider) ((void)(provider), (NTSTATUS)0)
#define TraceLoggingRegisterEx(provider, callback, context) ((void)(provider), (NTSTATUS)0)
#define TraceLoggingUnregister(provider) ((void)(provider))
#define TraceLoggingWrite(...) ((void)0)
#define TraceLoggingWriteActivity(...) ((void)0)
#define TraceLoggingWriteStart(...) ((void)0)
#define TraceLoggingWriteStop(...) ((void)0)
#define TraceLoggingWriteTagged(...) ((void)0)
#define TraceLoggingProviderEnabled(provider, level, keyword) (0)
#define TraceLoggingProviderId(provider) (GUID_NULL)
#define TraceLoggingOptionGroup(...)
#define TraceLoggingOptionMicrosoftTelemetry()
#define TraceLoggingLevel(...)
#define TraceLoggingKeyword(...)
#endif
