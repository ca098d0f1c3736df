/* ddi-irql: a library whose annotations say where a lock saves the level, and not who restores it. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
} GATE, *PGATE;

_IRQL_requires_max_(PASSIVE_LEVEL) NTSTATUS GateConfigure(_In_ PGATE Gate);
_IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(Gate->Lock)
VOID GateEnter(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);
_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(Gate->Lock)
VOID GateLeave(_Inout_ PGATE Gate, _In_ KIRQL OldIrql);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload_ok;

static GATE Global;

VOID Unload_ok(PDRIVER_OBJECT Driver) {
    KIRQL old;

    UNREFERENCED_PARAMETER(Driver);
    GateEnter(&Global, &old);
    GateLeave(&Global, old);
    GateConfigure(&Global);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    Driver->DriverUnload = Unload_ok;
    return STATUS_SUCCESS;
}
