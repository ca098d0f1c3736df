/* irql-not-restored: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    LIST_ENTRY Queue;
    KIRQL OldIrql;
    BOOLEAN Busy;
    BOOLEAN Closed;
    ULONG Flags;
    ULONG Count;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

/* Gives back the lock with the wrong level: what a lock raised is taken to be lowered with it. */
static VOID Fn_wrongLevel(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, DISPATCH_LEVEL);
} // expect-missed: irql-not-restored  levels that locks raised are not looked at

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Fn_wrongLevel(port);
        break;
    default:
        port->Count = 0;
        break;
    }
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}

/* A pair of the driver's own that nests: the last to leave lowers, to the level that the first kept. */
static struct {
    LONG depth;
    KIRQL level;
} g_Nest;

static VOID EnterNest(VOID) {
    KIRQL old = KeRaiseIrqlToDpcLevel();
    if (InterlockedIncrement(&g_Nest.depth) == 1)
        g_Nest.level = old;
}

static VOID LeaveNest_ok(VOID) {
    if (InterlockedDecrement(&g_Nest.depth) == 0) {
        KIRQL old = g_Nest.level;
        g_Nest.level = 0;
        KeLowerIrql(old);
    }
}

DRIVER_DISPATCH NestedDispatch_ok;
NTSTATUS NestedDispatch_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    UNREFERENCED_PARAMETER(DeviceObject);
    EnterNest();
    EnterNest();
    LeaveNest_ok();
    LeaveNest_ok();
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS; // expect-false: irql-not-restored  the count that says who lowers is not followed
}
