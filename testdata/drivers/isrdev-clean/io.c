/* isrdev: create/close/cleanup, read/write queue, device control. */
#include "isrdev.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, IsrdevCreateClose)
#endif

NTSTATUS
IsrdevCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DeviceObject);
    return IsrdevCompleteIrp(Irp, STATUS_SUCCESS, 0);
}

/* Caller holds QueueLock. Gives the card the oldest waiting request, if it is free. */
VOID
IsrdevStartNextRequest(PISRDEV_EXTENSION Extension)
{
    PLIST_ENTRY entry;
    PIO_STACK_LOCATION stack;

    if (Extension->Current != NULL || IsListEmpty(&Extension->PendingList)) {
        return;
    }

    entry = RemoveHeadList(&Extension->PendingList);
    Extension->Stats.Queued--;
    Extension->Current = CONTAINING_RECORD(entry, IRP, Tail.Overlay.ListEntry);
    KeClearEvent(&Extension->IdleEvent);

    stack = IoGetCurrentIrpStackLocation(Extension->Current);
    IsrdevWriteRegister(Extension, ISRDEV_REG_LENGTH, stack->Parameters.Read.Length);
    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_START | ISRDEV_CONTROL_IRQ);
}

/* Caller holds QueueLock. */
VOID
IsrdevSignalIfIdle(PISRDEV_EXTENSION Extension)
{
    if (Extension->Current == NULL) {
        KeSetEvent(&Extension->IdleEvent, IO_NO_INCREMENT, FALSE);
    }
}

/* Called from the DPCs without any lock. */
VOID
IsrdevFinishRequest(PISRDEV_EXTENSION Extension, PIRP Irp, NTSTATUS Status, ULONG Length)
{
    IsrdevRecordTransfer(Extension, Length);

    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Length;
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    IoCompleteRequest(Irp, IO_DISK_INCREMENT);
}

NTSTATUS
IsrdevReadWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;
    KIRQL oldIrql;

    if (stack->Parameters.Read.Length > ISRDEV_MAX_TRANSFER) {
        return IsrdevCompleteIrp(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        return IsrdevCompleteIrp(Irp, status, 0);
    }

    IsrdevLockQueue(extension, &oldIrql);
    IoMarkIrpPending(Irp);
    InsertTailList(&extension->PendingList, &Irp->Tail.Overlay.ListEntry);
    extension->Stats.Queued++;
    IsrdevStartNextRequest(extension);
    IsrdevUnlockQueue(extension, oldIrql);
    return STATUS_PENDING;
}

/* Last handle closed: nothing of this device may be left in flight. */
NTSTATUS
IsrdevCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;
    BOOLEAN busy;
    KIRQL oldIrql;

    IsrdevLockQueue(extension, &oldIrql);
    busy = extension->Current != NULL;
    IsrdevUnlockQueue(extension, oldIrql);

    if (busy) {
        KeWaitForSingleObject(&extension->IdleEvent, Executive, KernelMode, FALSE, NULL);
    }
    IsrdevUnmapCounter(extension);

    return IsrdevCompleteIrp(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS
IsrdevDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outputLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    PISRDEV_SET_COUNTER setCounter;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG_PTR information = 0;
    KIRQL oldIrql;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ISRDEV_GET_STATS:
        if (outputLength < sizeof(ISRDEV_STATS)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        IsrdevQueryStats(extension, (PISRDEV_STATS)buffer);
        information = sizeof(ISRDEV_STATS);
        break;

    case IOCTL_ISRDEV_GET_NAME:
        if (outputLength < sizeof(ISRDEV_NAME)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        IsrdevLockQueue(extension, &oldIrql);
        information = IsrdevFormatName(extension, (PISRDEV_NAME)buffer);
        IsrdevUnlockQueue(extension, oldIrql);
        break;

    case IOCTL_ISRDEV_SET_COUNTER:
        if (inputLength < sizeof(ISRDEV_SET_COUNTER)) {
            status = STATUS_INFO_LENGTH_MISMATCH;
            break;
        }
        setCounter = (PISRDEV_SET_COUNTER)buffer;
        status = IsrdevMapCounter(extension, setCounter->Counter);
        break;

    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    return IsrdevCompleteIrp(Irp, status, information);
}
