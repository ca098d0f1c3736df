/* lock-taken-twice: locks taken by who holds them. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    KIRQL OldIrql;
    BOOLEAN Busy;
    ULONG Count;
    struct _PORT *Next;
} PORT, *PPORT;

static KSPIN_LOCK TableLock;
static ULONG Total;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_CANCEL Cancel_bad;

static VOID Again_bad(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->Lock, &inner); // expect: lock-taken-twice "PORT.Lock"
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, inner);
    KeReleaseSpinLock(&Port->Lock, outer);
}

static VOID Global_bad(VOID)
{
    KIRQL irql;

    KeAcquireSpinLock(&TableLock, &irql); // expect: lock-taken-twice "TableLock"
    Total++;
    KeReleaseSpinLock(&TableLock, irql);
}

static VOID Caller(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&TableLock, &irql);
    Port->Count = Total;
    Global_bad();
    KeReleaseSpinLock(&TableLock, irql);
}

static VOID AtDpc_bad(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->QueueLock, &irql);
    if (Port->Busy) {
        KeAcquireSpinLockAtDpcLevel(&Port->QueueLock); // expect: lock-taken-twice "PORT.QueueLock"
        Port->Count++;
        KeReleaseSpinLockFromDpcLevel(&Port->QueueLock);
    }
    KeReleaseSpinLock(&Port->QueueLock, irql);
}

static KIRQL LockPort(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    return irql;
}

static VOID Wrapped_bad(PPORT Port)
{
    KIRQL inner, irql = LockPort(Port);

    KeAcquireSpinLock(&Port->Lock, &inner); // expect: lock-taken-twice "held already"
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, inner);
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Queued_bad(PPORT Port)
{
    KLOCK_QUEUE_HANDLE outer, inner;

    KeAcquireInStackQueuedSpinLock(&Port->Lock, &outer);
    KeAcquireInStackQueuedSpinLock(&Port->Lock, &inner); // expect: lock-taken-twice "InStackQueued"
    Port->Count++;
    KeReleaseInStackQueuedSpinLock(&inner);
    KeReleaseInStackQueuedSpinLock(&outer);
}

/* The system holds the cancel lock. */
VOID Cancel_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    IoAcquireCancelSpinLock(&irql); // expect: lock-taken-twice "held already"
    Irp->IoStatus.Status = STATUS_CANCELLED;
    IoReleaseCancelSpinLock(irql);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Again_bad(port);
        break;
    case 1:
        Caller(port);
        break;
    case 2:
        AtDpc_bad(port);
        break;
    case 3:
        Wrapped_bad(port);
        break;
    case 4:
        Queued_bad(port);
        break;
    case 90:
        IoSetCancelRoutine(Irp, Cancel_bad);
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
