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

/* Called from the DPCs without any lock. */
VOID
IsrdevFinishRequest(PISRDEV_EXTENSION Extension, PIRP Irp, NTSTATUS Status, ULONG Length)
{
    IsrdevRecordTransfer(Extension, Length); // expect: pageable-code-raised "DISPATCH_LEVEL"

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
    if (extension->Bounce == NULL) {
        extension->Bounce = ExAllocatePoolWithTag(PagedPool, ISRDEV_MAX_TRANSFER, ISRDEV_TAG); // expect: ddi-irql "DISPATCH_LEVEL"
    }
    if (extension->Bounce == NULL) {
        IsrdevUnlockQueue(extension, oldIrql);
        IoReleaseRemoveLock(&extension->RemoveLock, Irp);
        return IsrdevCompleteIrp(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }

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
    KIRQL oldIrql;

    IsrdevLockQueue(extension, &oldIrql);
    if (extension->Current != NULL) {
        KeWaitForSingleObject(&extension->IdleEvent, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
    }
    extension->UserCounter = NULL;
    IsrdevUnlockQueue(extension, oldIrql);

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
        information = IsrdevFormatName(extension, (PISRDEV_NAME)buffer); // expect: pageable-code-raised "DISPATCH_LEVEL"
        IsrdevUnlockQueue(extension, oldIrql);
        break;

    case IOCTL_ISRDEV_SET_COUNTER:
        if (inputLength < sizeof(ISRDEV_SET_COUNTER)) {
            status = STATUS_INFO_LENGTH_MISMATCH;
            break;
        }
        setCounter = (PISRDEV_SET_COUNTER)buffer;
        extension->UserCounter = setCounter->Counter;
        break;

    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    return IsrdevCompleteIrp(Irp, status, information);
}
