/* isrdev - sample driver of a small interrupt-driven acquisition card: shared declarations. */
#pragma once

#include <ntddk.h>

#define ISRDEV_TAG 'vdsI'

/* Register file of the card, one ULONG each. */
#define ISRDEV_REG_STATUS  0
#define ISRDEV_REG_CONTROL 1
#define ISRDEV_REG_LENGTH  2
#define ISRDEV_REG_DATA    3

#define ISRDEV_STATUS_DONE  0x00000001
#define ISRDEV_STATUS_ERROR 0x00000002
#define ISRDEV_STATUS_MINE  (ISRDEV_STATUS_DONE | ISRDEV_STATUS_ERROR)

#define ISRDEV_CONTROL_START 0x00000001
#define ISRDEV_CONTROL_RESET 0x00000002
#define ISRDEV_CONTROL_IRQ   0x00000004

#define ISRDEV_MAX_TRANSFER 4096
#define ISRDEV_LOG_ENTRIES  32
#define ISRDEV_NAME_CHARS   16

#define IOCTL_ISRDEV_GET_STATS \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)
#define IOCTL_ISRDEV_GET_NAME \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS)
#define IOCTL_ISRDEV_SET_COUNTER \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _ISRDEV_STATS {
    ULONG Interrupts;
    ULONG Transfers;
    ULONG Errors;
    ULONG Queued;
} ISRDEV_STATS, *PISRDEV_STATS;

/* Input of IOCTL_ISRDEV_SET_COUNTER: where the application wants its live counter. */
typedef struct _ISRDEV_SET_COUNTER {
    PULONG Counter;
} ISRDEV_SET_COUNTER, *PISRDEV_SET_COUNTER;

typedef struct _ISRDEV_NAME {
    WCHAR Text[ISRDEV_NAME_CHARS];
} ISRDEV_NAME, *PISRDEV_NAME;

typedef struct _ISRDEV_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Pdo;
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;

    /* hardware */
    PULONG Registers;
    ULONG RegistersLength;
    PKINTERRUPT Interrupt;
    ULONG PendingStatus; /* written by the ISR, taken by the DPC */
    ULONG InterruptCount;

    /* requests: PendingList, Current and Stats are guarded by QueueLock */
    KSPIN_LOCK QueueLock;
    LIST_ENTRY PendingList;
    PIRP Current;
    ISRDEV_STATS Stats;
    PVOID Bounce;
    KEVENT IdleEvent;

    /* error handling */
    KDPC ErrorDpc;
    KDPC WatchdogDpc;
    KTIMER WatchdogTimer;
    ULONG LastTransfers;

    /* application's live counter */
    PULONG UserCounter;

    ULONG LogNext;
    ULONG Log[ISRDEV_LOG_ENTRIES];
    ISRDEV_NAME Name;
} ISRDEV_EXTENSION, *PISRDEV_EXTENSION;

typedef struct _ISRDEV_SNAPSHOT {
    PISRDEV_EXTENSION Extension;
    ULONG Status;
} ISRDEV_SNAPSHOT, *PISRDEV_SNAPSHOT;

/* driver.c */
DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE IsrdevAddDevice;
DRIVER_UNLOAD IsrdevUnload;

/* pnp.c */
DRIVER_DISPATCH IsrdevPnp;
DRIVER_DISPATCH IsrdevPower;
DRIVER_DISPATCH IsrdevSystemControl;

/* isr.c */
KSERVICE_ROUTINE IsrdevInterruptIsr;
KSYNCHRONIZE_ROUTINE IsrdevTakeStatus;
IO_DPC_ROUTINE IsrdevDpcForIsr;
KDEFERRED_ROUTINE IsrdevErrorDpc;
KDEFERRED_ROUTINE IsrdevWatchdogDpc;

/* io.c */
DRIVER_DISPATCH IsrdevCreateClose;
DRIVER_DISPATCH IsrdevCleanup;
DRIVER_DISPATCH IsrdevReadWrite;
DRIVER_DISPATCH IsrdevDeviceControl;
VOID IsrdevStartNextRequest(PISRDEV_EXTENSION Extension);
VOID IsrdevFinishRequest(PISRDEV_EXTENSION Extension, PIRP Irp, NTSTATUS Status, ULONG Length);

/* util.c */
VOID IsrdevResetHardware(PISRDEV_EXTENSION Extension);
VOID IsrdevRecordTransfer(PISRDEV_EXTENSION Extension, ULONG Length);
ULONG IsrdevFormatName(PISRDEV_EXTENSION Extension, PISRDEV_NAME Name);
VOID IsrdevQueryStats(PISRDEV_EXTENSION Extension, PISRDEV_STATS Stats);
NTSTATUS IsrdevStartRecovery(PISRDEV_EXTENSION Extension);

FORCEINLINE
ULONG
IsrdevReadRegister(PISRDEV_EXTENSION Extension, ULONG Index)
{
    return READ_REGISTER_ULONG(Extension->Registers + Index);
}

FORCEINLINE
VOID
IsrdevWriteRegister(PISRDEV_EXTENSION Extension, ULONG Index, ULONG Value)
{
    WRITE_REGISTER_ULONG(Extension->Registers + Index, Value);
}

_IRQL_raises_(DISPATCH_LEVEL)
FORCEINLINE
VOID
IsrdevLockQueue(PISRDEV_EXTENSION Extension, PKIRQL OldIrql)
{
    KeAcquireSpinLock(&Extension->QueueLock, OldIrql);
}

_IRQL_requires_(DISPATCH_LEVEL)
FORCEINLINE
VOID
IsrdevUnlockQueue(PISRDEV_EXTENSION Extension, KIRQL OldIrql)
{
    KeReleaseSpinLock(&Extension->QueueLock, OldIrql);
}

FORCEINLINE
NTSTATUS
IsrdevCompleteIrp(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}
