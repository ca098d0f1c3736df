/* ddi-irql: library functions at levels that their annotations allow, and annotations that say
 * nothing about the call at hand. */
#include <ntddk.h>

#define GATE_LEVEL (DISPATCH_LEVEL)

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GATE, *PGATE;

_IRQL_requires_max_(PASSIVE_LEVEL) NTSTATUS GateConfigure(_In_ PGATE Gate);
_IRQL_requires_max_(GATE_LEVEL) VOID GateAny(_In_ PGATE Gate);
_IRQL_requires_(PASSIVE_LEVEL) _IRQL_requires_(DISPATCH_LEVEL) VOID GateContradicts(_In_ PGATE Gate);
_When_(return != 0, _IRQL_requires_max_(PASSIVE_LEVEL)) BOOLEAN GateAfter(_In_ PGATE Gate);

_IRQL_raises_(DISPATCH_LEVEL) _At_(Gate->Old, _IRQL_saves_) _Acquires_lock_(Gate->Lock)
VOID GateEnter(_Inout_ PGATE Gate);
_At_(Gate->Old, _IRQL_restores_) _Releases_lock_(Gate->Lock)
VOID GateLeave(_Inout_ PGATE Gate);
_When_(NT_SUCCESS(return), _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL))
NTSTATUS GateTry(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);
_Success_(return) _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL)
BOOLEAN GateTryOld(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);
_Releases_lock_(Gate->Lock)
VOID GateLower(_Inout_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);
/* Nothing says where these keep the old level. */
_IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(*Gate) VOID GateShut(_Inout_ PGATE Gate);
_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(*Gate) VOID GateOpen(_Inout_ PGATE Gate);

/* … and these do not even say that they are a lock. */
_IRQL_raises_(DISPATCH_LEVEL) VOID GateUp(VOID);
_IRQL_requires_(DISPATCH_LEVEL) VOID GateDown(VOID);

__drv_maxIRQL(DISPATCH_LEVEL)
__drv_when(Timeout == NULL || *Timeout != 0, __drv_maxIRQL(APC_LEVEL))
NTSTATUS GateWait(_In_ PGATE Gate, _In_opt_ PLONGLONG Timeout);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload_ok;
KDEFERRED_ROUTINE Dpc_ok;

static GATE Global;
static KDPC Dpc;

VOID Dpc_ok(PKDPC Routine, PVOID Context, PVOID First, PVOID Second) {
    LONGLONG none = 0;

    UNREFERENCED_PARAMETER(Routine);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    GateAny(&Global);
    GateContradicts(&Global);
    GateAfter(&Global);
    GateWait(&Global, &none);
}

VOID Unload_ok(PDRIVER_OBJECT Driver) {
    KIRQL old;

    UNREFERENCED_PARAMETER(Driver);
    GateEnter(&Global);
    GateLeave(&Global);
    GateConfigure(&Global);
    if (NT_SUCCESS(GateTry(&Global, &old)))
        GateLower(&Global, old);
    GateConfigure(&Global);
    if (!GateTryOld(&Global, &old)) {
        GateConfigure(&Global);
        return;
    }
    GateLower(&Global, old);
    GateConfigure(&Global);
    GateShut(&Global);
    GateOpen(&Global);
    GateConfigure(&Global);
    GateWait(&Global, NULL);
    GateUp();
    GateDown();
    GateConfigure(&Global);
}

/* Only its type says that it may run at DISPATCH_LEVEL; its author knows better. */
_IRQL_requires_max_(PASSIVE_LEVEL) IO_COMPLETION_ROUTINE Completed_ok;

NTSTATUS Completed_ok(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Context);
    GateConfigure(&Global);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    KeInitializeDpc(&Dpc, Dpc_ok, NULL);
    Driver->DriverUnload = Unload_ok;
    return STATUS_SUCCESS;
}
