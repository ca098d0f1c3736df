/* isrdev: interrupt service routine and everything that runs as a DPC. */
#include "isrdev.h"

/* DIRQL. Claims the interrupt, quiets the card, leaves the rest to the DPC. */
BOOLEAN
IsrdevInterruptIsr(PKINTERRUPT Interrupt, PVOID ServiceContext)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)ServiceContext;
    ULONG cause;

    UNREFERENCED_PARAMETER(Interrupt);

    cause = IsrdevReadRegister(extension, ISRDEV_REG_STATUS) & ISRDEV_STATUS_MINE;
    if (cause == 0) {
        return FALSE;
    }

    IsrdevWriteRegister(extension, ISRDEV_REG_STATUS, cause);
    extension->PendingStatus |= cause;
    extension->InterruptCount++;

    if (cause & ISRDEV_STATUS_ERROR) {
        KeInsertQueueDpc(&extension->ErrorDpc, NULL, NULL);
    } else {
        KeSetEvent(&extension->IdleEvent, IO_NO_INCREMENT, FALSE); // expect: ddi-irql "DIRQL"
    }
    IoRequestDpc(extension->Self, NULL, extension);
    return TRUE;
}

/* Runs under the interrupt spin lock: swaps the status the ISR gathered with zero. */
BOOLEAN
IsrdevTakeStatus(PVOID SynchronizeContext)
{
    PISRDEV_SNAPSHOT snapshot = (PISRDEV_SNAPSHOT)SynchronizeContext;

    snapshot->Status = snapshot->Extension->PendingStatus;
    snapshot->Extension->PendingStatus = 0;
    return snapshot->Status != 0;
}

VOID
IsrdevDpcForIsr(PKDPC Dpc, PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)Context;
    ISRDEV_SNAPSHOT snapshot;
    PIRP finished = NULL;
    ULONG length;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);

    snapshot.Extension = extension;
    snapshot.Status = 0;
    if (!KeSynchronizeExecution(extension->Interrupt, IsrdevTakeStatus, &snapshot)) {
        return;
    }

    if (extension->UserCounter != NULL) {
        *extension->UserCounter = extension->InterruptCount; // expect: user-pointer-context "DISPATCH_LEVEL"
    }

    KeAcquireSpinLockAtDpcLevel(&extension->QueueLock);
    if (snapshot.Status & ISRDEV_STATUS_DONE) {
        finished = extension->Current;
        extension->Current = NULL;
        extension->Stats.Transfers++;
    }
    IsrdevStartNextRequest(extension);
    KeReleaseSpinLockFromDpcLevel(&extension->QueueLock);

    if (finished != NULL) {
        length = IsrdevReadRegister(extension, ISRDEV_REG_LENGTH);
        IsrdevFinishRequest(extension, finished, STATUS_SUCCESS, length);
    }
}

VOID
IsrdevErrorDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeferredContext;
    PIRP failed;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    KeAcquireSpinLockAtDpcLevel(&extension->QueueLock);
    failed = extension->Current;
    extension->Current = NULL;
    extension->Stats.Errors++;
    KeReleaseSpinLockFromDpcLevel(&extension->QueueLock);

    IsrdevResetHardware(extension);

    if (failed != NULL) {
        IsrdevFinishRequest(extension, failed, STATUS_IO_DEVICE_ERROR, 0);
    }
}

/* Once a second: has the card made progress since the last look? */
VOID
IsrdevWatchdogDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeferredContext;
    BOOLEAN stuck;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    KeAcquireSpinLockAtDpcLevel(&extension->QueueLock);
    stuck = extension->Current != NULL && extension->Stats.Transfers == extension->LastTransfers;
    extension->LastTransfers = extension->Stats.Transfers;
    KeReleaseSpinLockFromDpcLevel(&extension->QueueLock);

    if (stuck) {
        IsrdevStartRecovery(extension);
    }
}
