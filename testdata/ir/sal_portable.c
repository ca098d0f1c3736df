/* A portable source that takes compiler attributes away: annotations stay. */
#include <ntddk.h>

#define __attribute__(x)

_IRQL_requires_max_(APC_LEVEL)
VOID Configure(ULONG Value);

__attribute__((packed)) VOID Plain(ULONG Value);

VOID Use(VOID)
{
    Configure(1);
    Plain(2);
}
