/* What annotations say: facts of functions with and without a body, rows of those without, roles. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GATE, *PGATE;

/* ---- a library: no bodies here -------------------------------------------------------------- */

_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_saves_
_Acquires_lock_(Gate->Lock)
KIRQL GateEnter(_Inout_ PGATE Gate);

_IRQL_requires_(DISPATCH_LEVEL)
_Releases_lock_(Gate->Lock)
VOID GateLeave(_Inout_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);

_When_(return != FALSE, _Acquires_lock_(Gate->Lock) _IRQL_raises_(DISPATCH_LEVEL))
BOOLEAN GateTry(_Inout_ PGATE Gate, _Out_ _IRQL_saves_ PKIRQL OldIrql);

_When_(NT_SUCCESS(return), __drv_acquiresResourceGlobal(QueuedSpinLock, Gate))
NTSTATUS GateQueue(_Inout_ PGATE Gate);

/* Keeps the old level to itself: giving the lock back gives back the level. */
_IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(*Gate) VOID GateShut(_Inout_ PGATE Gate);
_Releases_lock_(*Gate) VOID GateOpen(_Inout_ PGATE Gate);
_IRQL_requires_same_ _Releases_lock_(*Gate) VOID GateOpenSame(_Inout_ PGATE Gate);

__drv_maxIRQL(DISPATCH_LEVEL)
__drv_when(Timeout == NULL || *Timeout != 0, __drv_maxIRQL(APC_LEVEL))
NTSTATUS GateWait(__in PGATE Gate, __in_opt PLONGLONG Timeout);

_IRQL_always_function_max_(PASSIVE_LEVEL) VOID GateFlush(VOID);
_IRQL_raises_(NewIrql) VOID GateRaise(KIRQL NewIrql);
__drv_acquiresCriticalRegion VOID GateHoldApcs(VOID);
_IRQL_requires_max_(LEVEL_OF_MY_OWN) VOID GateUnknown(VOID); /* says nothing: no row */
VOID GateSilent(VOID);

/* The kernel's tables know this one: its row stays. */
_IRQL_requires_max_(HIGH_LEVEL) NTKERNELAPI VOID ExAcquireFastMutex(_Inout_ PFAST_MUTEX FastMutex);

/* ---- the driver's own functions ------------------------------------------------------------- */

_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_requires_same_
typedef VOID GATE_NOTIFY(_In_ PGATE Gate, _In_ _IRQL_restores_ KIRQL OldIrql);

GATE_NOTIFY OnNotify;

/* The prototype says one thing, the definition another; said twice is said once. */
_IRQL_requires_max_(APC_LEVEL) _IRQL_requires_min_(PASSIVE_LEVEL) static VOID Both(PGATE First);

_IRQL_requires_max_(APC_LEVEL) _Requires_lock_held_(Second->Lock) static VOID Both(PGATE Second) {
    Second->Old = 0;
}

VOID OnNotify(PGATE Gate, KIRQL OldIrql) {
    KIRQL old = GateEnter(Gate);
    Gate->Old = OldIrql;
    GateLeave(Gate, old);
    Both(Gate);
}

_IRQL_requires_max_(77)
_IRQL_requires_max_(APC_LEVEL, DISPATCH_LEVEL)
_Kernel_clear_do_init_(perhaps)
VOID Nonsense(VOID) {
    GateSilent();
    GateUnknown();
}

/* Roles without a registration: by annotation. */
_Function_class_(KDEFERRED_ROUTINE)
VOID ByClass(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    GateFlush();
}

_Dispatch_type_(IRP_MJ_POWER) DRIVER_DISPATCH ByPower;
_Dispatch_type_(IRP_MJ_POWER) _Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH ByBoth;
__drv_dispatchType(IRP_MJ_READ)
__drv_dispatchType(IRP_MJ_WRITE) DRIVER_DISPATCH ByTwo;
DRIVER_INITIALIZE DriverEntry;

NTSTATUS ByPower(PDEVICE_OBJECT Device, PIRP Irp) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

NTSTATUS ByBoth(PDEVICE_OBJECT Device, PIRP Irp) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

NTSTATUS ByTwo(PDEVICE_OBJECT Device, PIRP Irp) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

/* Declared as a DPC routine, registered as an unload routine. */
_Function_class_(KDEFERRED_ROUTINE) VOID Misdeclared(PDRIVER_OBJECT Driver) {
    UNREFERENCED_PARAMETER(Driver);
}

/* For reading, and registered for writing as well. */
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH ForRead;
NTSTATUS ForRead(PDEVICE_OBJECT Device, PIRP Irp) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    GATE gate = {0};
    KIRQL old;

    UNREFERENCED_PARAMETER(Path);
    Driver->DriverUnload = Misdeclared;
    Driver->MajorFunction[IRP_MJ_WRITE] = ForRead;
    Driver->MajorFunction[IRP_MJ_READ] = ForRead;
    if (GateTry(&gate, &old))
        GateLeave(&gate, old);
    if (NT_SUCCESS(GateQueue(&gate)))
        GateOpen(&gate);
    GateShut(&gate);
    GateOpen(&gate);
    GateOpenSame(&gate);
    GateWait(&gate, NULL);
    GateRaise(APC_LEVEL);
    GateHoldApcs();
    ExAcquireFastMutex(NULL);
    return STATUS_SUCCESS;
}
