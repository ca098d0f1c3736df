/* ddi-irql: functions of a library that no table knows; what their annotations allow is their limit. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GATE, *PGATE;

_IRQL_requires_max_(PASSIVE_LEVEL) NTSTATUS GateConfigure(_In_ PGATE Gate);
_IRQL_requires_max_(APC_LEVEL) VOID GateFlush(_In_ PGATE Gate);
_IRQL_requires_min_(DISPATCH_LEVEL) _IRQL_requires_max_(DISPATCH_LEVEL) VOID GateKick(_In_ PGATE Gate);
/* A level that does not exist limits nothing. */
_IRQL_requires_max_(99) VOID GateNonsense(_In_ PGATE Gate); // expect: annotation-malformed "99"
__drv_requiresIRQL(PASSIVE_LEVEL) VOID GateOld(_In_ PGATE Gate);
_IRQL_always_function_max_(APC_LEVEL) VOID GateNever(_In_ PGATE Gate);

_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_ _Acquires_lock_(Gate->Lock)
KIRQL GateEnter(_Inout_ PGATE Gate);
_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(Gate->Lock)
VOID GateLeave(_Inout_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);
_When_(return != FALSE, _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL))
BOOLEAN GateTry(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);

__drv_maxIRQL(DISPATCH_LEVEL)
__drv_when(Timeout == NULL || *Timeout != 0, __drv_maxIRQL(APC_LEVEL))
NTSTATUS GateWait(_In_ PGATE Gate, _In_opt_ PLONGLONG Timeout);
_IRQL_requires_max_(DISPATCH_LEVEL)
_When_((Pool & PagedPool) != 0, _IRQL_requires_max_(APC_LEVEL))
PVOID GateTake(_In_ POOL_TYPE Pool);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload_bad;
KDEFERRED_ROUTINE Dpc_bad;

static GATE Global;
static KDPC Dpc;

VOID Dpc_bad(PKDPC Routine, PVOID Context, PVOID First, PVOID Second) {
    LONGLONG wait = -1;

    UNREFERENCED_PARAMETER(Routine);
    UNREFERENCED_PARAMETER(Context);
    GateNonsense(&Global);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    GateConfigure(&Global);       // expect: ddi-irql "annotated for PASSIVE_LEVEL only"
    GateFlush(&Global);           // expect: ddi-irql "annotated for up to APC_LEVEL only"
    GateOld(&Global);             // expect: ddi-irql "annotated for PASSIVE_LEVEL only"
    GateNever(&Global);           // expect: ddi-irql "annotated for up to APC_LEVEL only"
    GateWait(&Global, NULL);      // expect: ddi-irql "when argument 2 == NULL, it is annotated"
    GateWait(&Global, &wait);     // expect: ddi-irql "when what is at argument 2 != 0"
    (void)GateTake(PagedPool);    // expect: ddi-irql "when argument 1 & PagedPool"
}

VOID Unload_bad(PDRIVER_OBJECT Driver) {
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Gate");
    KIRQL old;

    UNREFERENCED_PARAMETER(Driver);
    GateKick(&Global);            // expect: ddi-irql "annotated for at least DISPATCH_LEVEL"
    old = GateEnter(&Global);
    GateConfigure(&Global);       // expect: ddi-irql "called at DISPATCH_LEVEL"
    IoDeleteSymbolicLink(&link);  // expect: ddi-irql "called at DISPATCH_LEVEL"
    GateLeave(&Global, old);
    if (GateTry(&Global, &old)) {
        IoDeleteSymbolicLink(&link); // expect: ddi-irql "called at DISPATCH_LEVEL"
        GateLeave(&Global, old);
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    KeInitializeDpc(&Dpc, Dpc_bad, NULL);
    Driver->DriverUnload = Unload_bad;
    return STATUS_SUCCESS;
}
