/* annotation-contradicted: bodies that do what their annotations deny. */
#include <ntddk.h>

typedef struct _CHANNEL {
    KSPIN_LOCK Lock;
    KEVENT Idle;
    KEVENT Ready;
    ULONG Count;
    ULONG State;
    KIRQL Irql;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;

static VOID Settle(PCHANNEL Channel)
{
    LARGE_INTEGER delay;

    delay.QuadPart = -10000;
    KeDelayExecutionThread(KernelMode, FALSE, &delay);
    Channel->State = 1;
}

/* waits, always */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WaitIdle_bad(PCHANNEL Channel)
{
    KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL); // expect: annotation-contradicted "APC_LEVEL at most"
}

/* a callee does */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Restart_bad(PCHANNEL Channel)
{
    Channel->Count = 0;
    Settle(Channel); // expect: annotation-contradicted "Settle"
}

/* it asserts the contrary */
_IRQL_requires_(DISPATCH_LEVEL)
VOID Locked_bad(PCHANNEL Channel)
{
    PAGED_CODE(); // expect: annotation-contradicted "asserts APC_LEVEL"
    Channel->Count++;
}

/* whatever the API answers */
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS Status_bad(PCHANNEL Channel, HANDLE Handle)
{
    PVOID object = NULL;
    NTSTATUS status;

    Channel->Count++;
    status = ObReferenceObjectByHandle(Handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &object, // expect: annotation-contradicted "PASSIVE_LEVEL at most"
                                       NULL);
    if (NT_SUCCESS(status)) {
        ObDereferenceObject(object);
    }
    return status;
}

/* the old level is never given back */
_IRQL_requires_same_
VOID Enter_bad(PCHANNEL Channel) // expect: annotation-contradicted "_IRQL_requires_same_"
{
    KeAcquireSpinLock(&Channel->Lock, &Channel->Irql);
    Channel->Count++;
}

/* nothing raises */
_IRQL_raises_(DISPATCH_LEVEL)
VOID Raise_bad(PCHANNEL Channel) // expect: annotation-contradicted "no path through it raises"
{
    Channel->State = 2;
}

/* nothing is saved */
VOID Save_bad(PCHANNEL Channel, _Out_ _IRQL_saves_ PKIRQL Irql) // expect: annotation-contradicted "parameter 2"
{
    Channel->State = 3;
}

/* it is to stay at or below APC_LEVEL all the time */
_IRQL_always_function_max_(APC_LEVEL)
VOID Quiet_bad(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    Channel->Count++; // expect: annotation-contradicted "raises the level above it"
    KeReleaseSpinLock(&Channel->Lock, irql);
}

#ifdef ALLOC_PRAGMA
VOID Paged_bad(PCHANNEL Channel);
#pragma alloc_text(PAGE, Paged_bad) // expect: annotation-contradicted "pageable section"
#endif

/* lies in a pageable section */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Paged_bad(PCHANNEL Channel)
{
    Channel->Count--;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static CHANNEL channel;
    KIRQL irql = PASSIVE_LEVEL;

    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    WaitIdle_bad(&channel);
    Restart_bad(&channel);
    Status_bad(&channel, NULL);
    Raise_bad(&channel);
    Save_bad(&channel, &irql);
    Quiet_bad(&channel);
    Paged_bad(&channel);
    Enter_bad(&channel);
    KeReleaseSpinLock(&channel.Lock, channel.Irql);
    return STATUS_SUCCESS;
}
