/* blocking-raised: the level was raised by library functions of which only annotations are known. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KEVENT Idle;
} GATE, *PGATE;

_IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_ _Acquires_lock_(Gate->Lock) KIRQL GateEnter(_Inout_ PGATE Gate);
_Releases_lock_(Gate->Lock) VOID GateLeave(_Inout_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);
_When_(return == 0, _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL))
NTSTATUS GateTry(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);
_IRQL_requires_max_(DISPATCH_LEVEL) typedef VOID GATE_CALLBACK(_In_ PGATE Gate);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;

static GATE Global;

static VOID WaitIdle(PGATE Gate) {
    KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
}

VOID Unload(PDRIVER_OBJECT Driver) {
    KIRQL old;

    UNREFERENCED_PARAMETER(Driver);
    old = GateEnter(&Global);
    WaitIdle(&Global);
    GateLeave(&Global, old);
    if (GateTry(&Global, &old) == STATUS_SUCCESS) {
        KeWaitForSingleObject(&Global.Idle, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
        GateLeave(&Global, old);
    }
}

/* Nothing here calls it; who does may do so at DISPATCH_LEVEL, says its type. */
GATE_CALLBACK OnGate;
VOID OnGate(PGATE Gate) {
    KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
}

/* A role by annotation alone. */
_Function_class_(KDEFERRED_ROUTINE)
VOID ByClass(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second) {
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    KeWaitForSingleObject(&Global.Idle, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    KeInitializeEvent(&Global.Idle, NotificationEvent, FALSE);
    Driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
