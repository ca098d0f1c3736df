/* isrdev: hardware reset, transfer log, statistics, recovery. */
#include "isrdev.h"

KSTART_ROUTINE IsrdevRecoveryThread;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, IsrdevRecordTransfer)
#pragma alloc_text(PAGE, IsrdevFormatName)
#pragma alloc_text(PAGE, IsrdevQueryStats)
#endif

/* The card needs 20 ms after a reset before its registers may be touched. */
VOID
IsrdevResetHardware(PISRDEV_EXTENSION Extension)
{
    LARGE_INTEGER settle;

    settle.QuadPart = -20 * 10 * 1000;
    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_RESET);
    KeDelayExecutionThread(KernelMode, FALSE, &settle); // expect: blocking-raised "DISPATCH_LEVEL"
    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_IRQ);
}

VOID
IsrdevRecordTransfer(PISRDEV_EXTENSION Extension, ULONG Length)
{
    ULONG slot;

    PAGED_CODE();

    slot = Extension->LogNext % ISRDEV_LOG_ENTRIES;
    Extension->Log[slot] = Length;
    Extension->LogNext = slot + 1;
}

ULONG
IsrdevFormatName(PISRDEV_EXTENSION Extension, PISRDEV_NAME Name)
{
    ULONG i;

    PAGED_CODE();

    for (i = 0; i < ISRDEV_NAME_CHARS; i++) {
        Name->Text[i] = Extension->Name.Text[i];
        if (Name->Text[i] == L'\0') {
            break;
        }
    }
    return sizeof(ISRDEV_NAME);
}

VOID
IsrdevQueryStats(PISRDEV_EXTENSION Extension, PISRDEV_STATS Stats)
{
    KIRQL oldIrql;

    PAGED_CODE();

    KeAcquireSpinLock(&Extension->QueueLock, &oldIrql); // expect: pageable-code-raised "DISPATCH_LEVEL"
    *Stats = Extension->Stats;
    Stats->Interrupts = Extension->InterruptCount;
    KeReleaseSpinLock(&Extension->QueueLock, oldIrql);
}

/* The card hangs: give it a fresh start without holding up the system. */
VOID
IsrdevRecoveryThread(PVOID StartContext)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)StartContext;
    KIRQL oldIrql;

    IsrdevResetHardware(extension);

    IsrdevLockQueue(extension, &oldIrql);
    IsrdevStartNextRequest(extension);
    IsrdevUnlockQueue(extension, oldIrql);

    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS
IsrdevStartRecovery(PISRDEV_EXTENSION Extension)
{
    HANDLE thread;
    NTSTATUS status;

    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, IsrdevRecoveryThread, Extension); // expect: thread-create-raised "DISPATCH_LEVEL"
    if (NT_SUCCESS(status)) {
        ZwClose(thread); // expect: blocking-raised "DISPATCH_LEVEL"
    }
    return status;
}
