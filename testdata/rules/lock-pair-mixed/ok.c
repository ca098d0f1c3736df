/* lock-pair-mixed: matching pairs, and levels handed over. */
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

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Dpc_ok;
DRIVER_CANCEL Cancel_ok;

static VOID HandOver_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    KeReleaseSpinLockFromDpcLevel(&Port->Lock);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, irql);
}

static VOID Raised_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeAcquireSpinLockAtDpcLevel(&Port->Lock);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Try_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (!KeTryToAcquireSpinLockAtDpcLevel(&Port->Lock)) {
        KeLowerIrql(irql);
        return;
    }
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Plain_ok(PPORT Port)
{
    KeAcquireSpinLock(&Port->Lock, &Port->OldIrql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, Port->OldIrql);
}

/* The cancel lock is given back first and leaves the level to the other one. */
VOID Cancel_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    KeAcquireSpinLockAtDpcLevel(&port->QueueLock);
    IoReleaseCancelSpinLock(DISPATCH_LEVEL);
    port->Count--;
    KeReleaseSpinLock(&port->QueueLock, Irp->CancelIrql);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static VOID Swap(PPORT Port)
{
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    Port->Count++;
    KeReleaseSpinLockFromDpcLevel(&Port->QueueLock);
}

VOID Dpc_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Swap(port);
    KeAcquireSpinLockAtDpcLevel(&port->Lock);
    port->Count++;
    KeReleaseSpinLockFromDpcLevel(&port->Lock);
    KeAcquireSpinLockAtDpcLevel(&port->QueueLock);
    port->Count--;
    KeReleaseSpinLock(&port->QueueLock, DISPATCH_LEVEL); /* stays where it is */
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        HandOver_ok(port);
        break;
    case 1:
        Raised_ok(port);
        break;
    case 2:
        port->Busy = TRUE;
        break;
    case 3:
        Try_ok(port);
        break;
    case 4:
        Plain_ok(port);
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
    PDEVICE_OBJECT device;
    NTSTATUS status =
        IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Dpc_ok, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
