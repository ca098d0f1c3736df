/* lock-pair-mixed: taken without raising, given back by lowering. */
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
static KIRQL SavedIrql;
static ULONG Total;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Dpc_bad;
DRIVER_CANCEL Cancel_bad;

static VOID Field_bad(PPORT Port)
{
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, Port->OldIrql); // expect: lock-pair-mixed "PORT.QueueLock"
}

static VOID Early_bad(PPORT Port)
{
    KeAcquireSpinLockAtDpcLevel(&Port->Lock);
    if (Port->Busy) {
        KeReleaseSpinLock(&Port->Lock, Port->OldIrql); // expect: lock-pair-mixed "AtDpcLevel"
        return;
    }
    Port->Busy = TRUE;
    KeReleaseSpinLockFromDpcLevel(&Port->Lock);
}

static VOID Exclusive_bad(VOID)
{
    KeAcquireSpinLockAtDpcLevel(&TableLock);
    Total++;
    KeReleaseSpinLock(&TableLock, SavedIrql); // expect: lock-pair-mixed "TableLock"
}

static VOID FromDpc(PPORT Port)
{
    Field_bad(Port);
    Early_bad(Port);
    Exclusive_bad();
}

VOID Cancel_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    KeAcquireSpinLockAtDpcLevel(&port->QueueLock);
    port->Count--;
    KeReleaseSpinLock(&port->QueueLock, Irp->CancelIrql); // expect: lock-pair-mixed "QueueLock"
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

VOID Dpc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    FromDpc(port);
    KeAcquireSpinLockAtDpcLevel(&port->Lock);
    port->Count++;
    KeReleaseSpinLock(&port->Lock, PASSIVE_LEVEL); // expect: lock-pair-mixed "in a DPC"
} // expect: irql-not-restored "PASSIVE_LEVEL"

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        KeInsertQueueDpc(&port->Dpc, NULL, NULL);
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
    PDEVICE_OBJECT device;
    NTSTATUS status =
        IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Dpc_bad, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
