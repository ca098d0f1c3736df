/* isrdev: hardware reset, transfer log, statistics, recovery. */
#include "isrdev.h"

static VOID IsrdevPublishCounter(PISRDEV_EXTENSION Extension, PMDL Mdl, PULONG Address);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, IsrdevResetHardware)
#pragma alloc_text(PAGE, IsrdevMapCounter)
#endif

/* The card needs 20 ms after a reset before its registers may be touched. */
VOID
IsrdevResetHardware(PISRDEV_EXTENSION Extension)
{
    LARGE_INTEGER settle;

    PAGED_CODE();

    settle.QuadPart = -20 * 10 * 1000;
    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_RESET);
    KeDelayExecutionThread(KernelMode, FALSE, &settle);
    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_IRQ);
}

/* Runs in the DPCs: resident. */
VOID
IsrdevRecordTransfer(PISRDEV_EXTENSION Extension, ULONG Length)
{
    ULONG slot = (ULONG)InterlockedIncrement((volatile LONG *)&Extension->LogNext);

    Extension->Log[slot % ISRDEV_LOG_ENTRIES] = Length;
}

/* Runs under the queue lock: resident. */
ULONG
IsrdevFormatName(PISRDEV_EXTENSION Extension, PISRDEV_NAME Name)
{
    ULONG i;

    for (i = 0; i < ISRDEV_NAME_CHARS; i++) {
        Name->Text[i] = Extension->Name.Text[i];
        if (Name->Text[i] == L'\0') {
            break;
        }
    }
    return sizeof(ISRDEV_NAME);
}

/* Takes the queue lock: resident. */
VOID
IsrdevQueryStats(PISRDEV_EXTENSION Extension, PISRDEV_STATS Stats)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Extension->QueueLock, &oldIrql);
    *Stats = Extension->Stats;
    Stats->Interrupts = Extension->InterruptCount;
    KeReleaseSpinLock(&Extension->QueueLock, oldIrql);
}

/* The card hangs: give it a fresh start without holding up the system. */
VOID
IsrdevRecoveryWorker(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)Context;
    KIRQL oldIrql;

    UNREFERENCED_PARAMETER(DeviceObject);

    IsrdevResetHardware(extension);
    InterlockedExchange(&extension->RecoveryQueued, 0);

    IsrdevLockQueue(extension, &oldIrql);
    IsrdevStartNextRequest(extension);
    IsrdevUnlockQueue(extension, oldIrql);

    IoReleaseRemoveLock(&extension->RemoveLock, extension->RecoveryItem);
}

/* Callable up to DISPATCH_LEVEL; at most one recovery is under way at a time. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID
IsrdevStartRecovery(PISRDEV_EXTENSION Extension)
{
    if (InterlockedCompareExchange(&Extension->RecoveryQueued, 1, 0) != 0) {
        return;
    }
    if (!NT_SUCCESS(IoAcquireRemoveLock(&Extension->RemoveLock, Extension->RecoveryItem))) {
        InterlockedExchange(&Extension->RecoveryQueued, 0);
        return;
    }
    IoQueueWorkItem(Extension->RecoveryItem, IsrdevRecoveryWorker, DelayedWorkQueue, Extension);
}

/* Caller's thread. Locks the application's counter so that the DPC may write it. */
NTSTATUS
IsrdevMapCounter(PISRDEV_EXTENSION Extension, PULONG UserAddress)
{
    NTSTATUS status = STATUS_SUCCESS;
    PVOID address;
    PMDL mdl;

    PAGED_CODE();

    IsrdevUnmapCounter(Extension);

    mdl = IoAllocateMdl(UserAddress, sizeof(ULONG), FALSE, FALSE, NULL);
    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(mdl);
        return status;
    }

    address = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (address == NULL) {
        MmUnlockPages(mdl);
        IoFreeMdl(mdl);
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    IsrdevPublishCounter(Extension, mdl, (PULONG)address);
    return STATUS_SUCCESS;
}

/* Takes the queue lock: resident. */
static VOID
IsrdevPublishCounter(PISRDEV_EXTENSION Extension, PMDL Mdl, PULONG Address)
{
    KIRQL oldIrql;

    IsrdevLockQueue(Extension, &oldIrql);
    Extension->CounterMdl = Mdl;
    Extension->CounterAddress = Address;
    IsrdevUnlockQueue(Extension, oldIrql);
}

VOID
IsrdevUnmapCounter(PISRDEV_EXTENSION Extension)
{
    PMDL mdl;
    KIRQL oldIrql;

    IsrdevLockQueue(Extension, &oldIrql);
    mdl = Extension->CounterMdl;
    Extension->CounterMdl = NULL;
    Extension->CounterAddress = NULL;
    IsrdevUnlockQueue(Extension, oldIrql);

    if (mdl != NULL) {
        MmUnlockPages(mdl);
        IoFreeMdl(mdl);
    }
}
