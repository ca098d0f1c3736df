/* startio: StartIo, cancellation, completion of the lower driver. */
#include "startio.h"

/* Called by StartIo: resident. */
BOOLEAN
StartioFrameFits(PIO_STACK_LOCATION Stack)
{
    return Stack->Parameters.Write.Length <= STARTIO_MAX_FRAME;
}

/* The next packet may only be started at DISPATCH_LEVEL, wherever the caller runs. */
VOID
StartioStartNext(PDEVICE_OBJECT DeviceObject)
{
    KIRQL oldIrql;

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
    IoStartNextPacket(DeviceObject, TRUE);
    KeLowerIrql(oldIrql);
}

/* DISPATCH_LEVEL; one request at a time. */
VOID
StartioStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    KIRQL cancelIrql;

    IoAcquireCancelSpinLock(&cancelIrql);
    if (Irp->Cancel) {
        IoReleaseCancelSpinLock(cancelIrql);
        return;
    }
    IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(cancelIrql);

    if (stack->MajorFunction == IRP_MJ_FLUSH_BUFFERS) {
        IoCopyCurrentIrpStackLocationToNext(Irp);
        IoSetCompletionRoutine(Irp, StartioFlushDone, extension, TRUE, TRUE, TRUE);
        IoCallDriver(extension->Lower, Irp);
        return;
    }

    if (!StartioFrameFits(stack)) {
        StartioComplete(extension, Irp, STATUS_INVALID_BUFFER_SIZE, 0);
        IoStartNextPacket(DeviceObject, TRUE);
        return;
    }

    /* the line wants a gap between two frames */
    KeStallExecutionProcessor(40);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, StartioFrameDone, extension, TRUE, TRUE, TRUE);
    IoCallDriver(extension->Lower, Irp);
}

/* Entered at DISPATCH_LEVEL with the cancel spin lock held. */
VOID
StartioCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    PSTARTIO_FRAME frame;
    KIRQL oldIrql;

    frame = (PSTARTIO_FRAME)extension->ReserveFrame;
    extension->ReserveFrame = NULL;
    if (frame != NULL) {
        ExFreeToNPagedLookasideList(&extension->FrameList, frame);
    }

    if (Irp == DeviceObject->CurrentIrp) {
        oldIrql = Irp->CancelIrql;
        IoReleaseCancelSpinLock(DISPATCH_LEVEL);
        IoStartNextPacket(DeviceObject, TRUE);
        KeLowerIrql(oldIrql);
    } else {
        KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue,
                                 &Irp->Tail.Overlay.DeviceQueueEntry);
        IoReleaseCancelSpinLock(Irp->CancelIrql);
    }

    extension->FramesCancelled++;
    StartioComplete(extension, Irp, STATUS_CANCELLED, 0);
}

/* The lower driver is through with the frame: any thread, up to DISPATCH_LEVEL. */
NTSTATUS
StartioFrameDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)Context;

    UNREFERENCED_PARAMETER(DeviceObject);

    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }

    StartioReportStatus(extension, Irp->IoStatus.Status);

    if (!NT_SUCCESS(Irp->IoStatus.Status)) {
        extension->FramesFailed++;
        IoQueueWorkItem(extension->RetryItem, StartioRetryWorker, DelayedWorkQueue, extension);
    } else {
        extension->FramesSent++;
        StartioStartNext(extension->Self);
    }

    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return STATUS_CONTINUE_COMPLETION;
}

/* A flush carries no data: only the queue has to go on. */
NTSTATUS
StartioFlushDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)Context;

    UNREFERENCED_PARAMETER(DeviceObject);

    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    StartioStartNext(extension->Self);
    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return STATUS_CONTINUE_COMPLETION;
}

/* A failed line gets half a second of rest before the next frame. */
VOID
StartioRetryWorker(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    LARGE_INTEGER pause;

    UNREFERENCED_PARAMETER(Context);

    pause.QuadPart = -500 * 10 * 1000;
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    StartioStartNext(DeviceObject);
}
