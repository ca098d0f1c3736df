/* blocking-raised: waits after library functions gave the level back, or never raised it. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KEVENT Idle;
} GATE, *PGATE;

_IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_ _Acquires_lock_(Gate->Lock) KIRQL GateEnter(_Inout_ PGATE Gate);
_Releases_lock_(Gate->Lock) VOID GateLeave(_Inout_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);
_When_(return == 0, _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL))
NTSTATUS GateTry(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);
_Acquires_lock_(Gate->Mutex) _IRQL_requires_max_(APC_LEVEL) VOID GateHold(_Inout_ PGATE Gate);
_Releases_lock_(Gate->Mutex) VOID GateFree(_Inout_ PGATE Gate);
_IRQL_requires_max_(APC_LEVEL) typedef VOID GATE_CALLBACK(_In_ PGATE Gate);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload_ok;

static GATE Global;

static VOID WaitIdle(PGATE Gate) {
    KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL);
}

VOID Unload_ok(PDRIVER_OBJECT Driver) {
    KIRQL old;

    UNREFERENCED_PARAMETER(Driver);
    old = GateEnter(&Global);
    GateLeave(&Global, old);
    WaitIdle(&Global);
    if (GateTry(&Global, &old) == STATUS_SUCCESS)
        GateLeave(&Global, old);
    WaitIdle(&Global);
    if (GateTry(&Global, &old) != 0)
        WaitIdle(&Global);
    else
        GateLeave(&Global, old);
    GateHold(&Global);
    WaitIdle(&Global);
    GateFree(&Global);
}

GATE_CALLBACK OnGate_ok;
VOID OnGate_ok(PGATE Gate) {
    KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    KeInitializeEvent(&Global.Idle, NotificationEvent, FALSE);
    Driver->DriverUnload = Unload_ok;
    return STATUS_SUCCESS;
}
