/* annotation-contradicted: bodies that keep to their annotations, or may. */
#include <ntddk.h>

typedef struct _CHANNEL {
    KSPIN_LOCK Lock;
    KEVENT Idle;
    ULONG Count;
    ULONG State;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;

/* waits only when its caller asks for it */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Flush_ok(PCHANNEL Channel, BOOLEAN Wait)
{
    Channel->Count = 0;
    if (Wait) {
        KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL);
    }
}

/* looks at the level first */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Level_ok(PCHANNEL Channel)
{
    if (KeGetCurrentIrql() < DISPATCH_LEVEL) {
        KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL);
    }
    Channel->Count++;
}

/* a test, not a wait */
_IRQL_requires_max_(DISPATCH_LEVEL)
BOOLEAN Poll_ok(PCHANNEL Channel)
{
    LARGE_INTEGER now;

    now.QuadPart = 0;
    return KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, &now) ==
           STATUS_SUCCESS;
}

/* a field decides, and callers know it */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID State_ok(PCHANNEL Channel)
{
    if (Channel->State == 0) {
        return;
    }
    KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL);
}

_IRQL_requires_max_(APC_LEVEL)
VOID Wait_ok(PCHANNEL Channel)
{
    PAGED_CODE();
    KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL);
}

_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_requires_same_
VOID Count_ok(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    Channel->Count++;
    KeReleaseSpinLock(&Channel->Lock, irql);
}

_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_raises_(DISPATCH_LEVEL)
VOID Lock_ok(PCHANNEL Channel, _Out_ _IRQL_saves_ PKIRQL Irql)
{
    KeAcquireSpinLock(&Channel->Lock, Irql);
}

_IRQL_requires_(DISPATCH_LEVEL)
VOID Unlock_ok(PCHANNEL Channel, _In_ _IRQL_restores_ KIRQL Irql)
{
    KeReleaseSpinLock(&Channel->Lock, Irql);
}

_IRQL_always_function_max_(DISPATCH_LEVEL)
VOID Bounded_ok(PCHANNEL Channel)
{
    Count_ok(Channel);
}

_When_(Wait != FALSE, _IRQL_requires_max_(DISPATCH_LEVEL))
VOID When_ok(PCHANNEL Channel, BOOLEAN Wait)
{
    UNREFERENCED_PARAMETER(Wait);
    KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static CHANNEL channel;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    Flush_ok(&channel, TRUE);
    Level_ok(&channel);
    if (Poll_ok(&channel)) {
        State_ok(&channel);
    }
    Wait_ok(&channel);
    Count_ok(&channel);
    Lock_ok(&channel, &irql);
    Unlock_ok(&channel, irql);
    Bounded_ok(&channel);
    When_ok(&channel, TRUE);
    return STATUS_SUCCESS;
}
