/* lock-taken-twice: locks that are free when they are taken, or others. */
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
static EX_SPIN_LOCK ReadLock;
static ULONG Total;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_CANCEL Cancel_ok;

static VOID Sequence_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count--;
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID TwoLocks_ok(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, inner);
    KeReleaseSpinLock(&Port->Lock, outer);
}

static VOID TwoObjects_ok(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->Next->Lock, &inner);
    Port->Count = Port->Next->Count;
    KeReleaseSpinLock(&Port->Next->Lock, inner);
    KeReleaseSpinLock(&Port->Lock, outer);
}

static VOID Breathe(VOID)
{
    Total++;
    KeReleaseSpinLockFromDpcLevel(&TableLock);
    KeAcquireSpinLockAtDpcLevel(&TableLock);
}

static VOID Breathing_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&TableLock, &irql);
    Port->Count = Total;
    Breathe();
    KeReleaseSpinLock(&TableLock, irql);
}

static VOID Shared_ok(VOID)
{
    KIRQL irql = ExAcquireSpinLockShared(&ReadLock);

    ExAcquireSpinLockSharedAtDpcLevel(&ReadLock);
    Total++;
    ExReleaseSpinLockSharedFromDpcLevel(&ReadLock);
    ExReleaseSpinLockShared(&ReadLock, irql);
}

static VOID Loop_ok(PPORT Port)
{
    KIRQL irql;

    while (Port != NULL) {
        KeAcquireSpinLock(&Port->Lock, &irql);
        Port->Count = 0;
        KeReleaseSpinLock(&Port->Lock, irql);
        Port = Port->Next;
    }
}

VOID Cancel_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    IoAcquireCancelSpinLock(&irql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    IoReleaseCancelSpinLock(irql);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Sequence_ok(port);
        break;
    case 1:
        TwoLocks_ok(port);
        break;
    case 2:
        TwoObjects_ok(port);
        break;
    case 3:
        Breathing_ok(port);
        break;
    case 4:
        Shared_ok();
        break;
    case 5:
        Loop_ok(port);
        break;
    case 90:
        IoSetCancelRoutine(Irp, Cancel_ok);
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
