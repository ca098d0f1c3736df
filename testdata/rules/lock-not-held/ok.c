/* lock-not-held: locks given back by who holds them. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    LIST_ENTRY Queue;
    KIRQL OldIrql;
    BOOLEAN Busy;
    BOOLEAN Closed;
    ULONG Flags;
    ULONG Count;
    ULONG Owned;
    PVOID Owner;
    ULONG Depth;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_CANCEL Cancel_ok;

static VOID Balanced_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
}

/* Gives back its caller's lock. */
static VOID Finish(PPORT Port, KIRQL Irql)
{
    Port->Busy = FALSE;
    KeReleaseSpinLock(&Port->QueueLock, Irql);
}

static VOID Callers_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->QueueLock, &irql);
    Port->Busy = TRUE;
    Finish(Port, irql);
}

/* Another name for the same lock. */
static VOID Alias_ok(PPORT Port)
{
    PKSPIN_LOCK lock = &Port->Lock;
    KIRQL irql;

    KeAcquireSpinLock(lock, &irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Try_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (KeTryToAcquireSpinLockAtDpcLevel(&Port->Lock)) {
        Port->Count++;
        KeReleaseSpinLockFromDpcLevel(&Port->Lock);
    }
    KeLowerIrql(irql);
}

/* The lock counts for its owner. */
static VOID Recursive_ok(PPORT Port, BOOLEAN Owner)
{
    if (!Owner)
        ExAcquireFastMutex(&Port->Mutex);
    Port->Owned++;
    Port->Owned--;
    if (Port->Owned == 0)
        ExReleaseFastMutex(&Port->Mutex);
}

static VOID Bits_ok(PPORT Port)
{
    if (Port->Flags & 2)
        ExAcquireFastMutex(&Port->Mutex);
    Port->Count++;
    if (Port->Flags & 2)
        ExReleaseFastMutex(&Port->Mutex);
}

/* The owner may take it again; written out where it is used, and used twice. */
#define OWN(P)                                                                                     \
    {                                                                                              \
        if ((P)->Owner != PsGetCurrentThread()) {                                                  \
            ExAcquireFastMutex(&(P)->Mutex);                                                       \
            (P)->Owner = PsGetCurrentThread();                                                     \
        }                                                                                          \
        (P)->Depth += 1;                                                                           \
    }
#define DISOWN(P)                                                                                  \
    {                                                                                              \
        (P)->Depth -= 1;                                                                           \
        if ((P)->Depth == 0) {                                                                     \
            (P)->Owner = NULL;                                                                     \
            ExReleaseFastMutex(&(P)->Mutex);                                                       \
        }                                                                                          \
    }

static VOID OwnerTwice_ok(PPORT Port)
{
    OWN(Port);
    Port->Owned++;
    DISOWN(Port);
    OWN(Port);
    Port->Owned--;
    DISOWN(Port);
}

/* The first release is for exceptions only. */
static VOID Abnormal_ok(PPORT Port)
{
    ExAcquireFastMutexUnsafe(&Port->Mutex);
    __try {
        ProbeForRead(&Port->Flags, sizeof(ULONG), 1);
    } __finally {
        if (AbnormalTermination())
            ExReleaseFastMutexUnsafe(&Port->Mutex);
    }
    Port->Count++;
    ExReleaseFastMutexUnsafe(&Port->Mutex);
}

/* Gives back the lock of its caller, which the port tells of. */
static VOID Settle(PPORT Port, KIRQL Irql)
{
    if (!Port->Busy)
        KeAcquireSpinLock(&Port->QueueLock, &Irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, Irql);
}

static VOID Flagged_ok(PPORT Port)
{
    KIRQL irql = PASSIVE_LEVEL;

    Settle(Port, irql);
    KeAcquireSpinLock(&Port->QueueLock, &irql);
    Port->Busy = TRUE;
    Settle(Port, irql);
}

VOID Cancel_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Balanced_ok(port);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

/* The callers are elsewhere. */
VOID UnlockForOthers_ok(PPORT Port, KIRQL Irql)
{
    KeReleaseSpinLock(&Port->Lock, Irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Balanced_ok(port);
        break;
    case 1:
        Callers_ok(port);
        break;
    case 2:
        Alias_ok(port);
        break;
    case 3:
        Try_ok(port);
        break;
    case 4:
        Recursive_ok(port, Irp->PendingReturned);
        break;
    case 5:
        Bits_ok(port);
        break;
    case 6:
        OwnerTwice_ok(port);
        break;
    case 7:
        Abnormal_ok(port);
        break;
    case 8:
        Flagged_ok(port);
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
    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
