/* startio: StartIo, cancellation, completion of the lower driver. */
#include "startio.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, StartioFrameFits)
#endif

BOOLEAN
StartioFrameFits(PSTARTIO_EXTENSION Extension, PIO_STACK_LOCATION Stack)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(Extension);
    return Stack->Parameters.Write.Length <= STARTIO_MAX_FRAME;
}

/* DISPATCH_LEVEL; one request at a time. */
VOID
StartioStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;
    KIRQL cancelIrql;

    IoAcquireCancelSpinLock(&cancelIrql);
    if (Irp->Cancel) {
        IoReleaseCancelSpinLock(cancelIrql);
        return;
    }
    IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(cancelIrql);

    if (stack->MajorFunction == IRP_MJ_FLUSH_BUFFERS) {
        if (IoForwardIrpSynchronously(extension->Lower, Irp)) { // expect: blocking-raised "DISPATCH_LEVEL"
            status = Irp->IoStatus.Status;
        } else {
            status = STATUS_UNSUCCESSFUL;
        }
        StartioComplete(extension, Irp, status, 0);
        IoStartNextPacket(DeviceObject, TRUE);
        return;
    }

    if (!StartioFrameFits(extension, stack)) { // expect: pageable-code-raised "DISPATCH_LEVEL"
        StartioComplete(extension, Irp, STATUS_INVALID_BUFFER_SIZE, 0);
        IoStartNextPacket(DeviceObject, TRUE);
        return;
    }

    /* the line wants a gap between two frames */
    KeStallExecutionProcessor(200); // expect: busy-wait-raised "DISPATCH_LEVEL"
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
        ExFreeToPagedLookasideList(&extension->FrameList, frame); // expect: ddi-irql "DISPATCH_LEVEL"
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
    KIRQL oldIrql;

    UNREFERENCED_PARAMETER(DeviceObject);

    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }

    if (extension->StatusWord != NULL) {
        *extension->StatusWord = (ULONG)Irp->IoStatus.Status; // expect: user-pointer-context "_LEVEL"
    }

    if (!NT_SUCCESS(Irp->IoStatus.Status)) {
        extension->FramesFailed++;
        IoQueueWorkItem(extension->RetryItem, StartioRetryWorker, DelayedWorkQueue, extension);
    } else {
        extension->FramesSent++;
        KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
        IoStartNextPacket(extension->Self, TRUE);
        KeLowerIrql(oldIrql);
    }

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
    IoStartNextPacket(DeviceObject, TRUE); // expect: ddi-irql "PASSIVE_LEVEL"
}
