/* lock-not-released: what gives its locks back, and what is meant to return with one. */
#include <ntddk.h>

enum { USE_LOCK = 4, MODE_QUEUE = 1 };

typedef struct _CHANNEL {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    LIST_ENTRY Entries;
    ULONG Flags;
    BOOLEAN Removed;
    BOOLEAN Shared;
    ULONG Pending;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_CANCEL Cancel_ok;

static NTSTATUS Balanced_ok(PCHANNEL Channel)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    if (Channel->Removed) {
        status = STATUS_DELETE_PENDING;
        goto Unlock;
    }
    Channel->Pending++;
Unlock:
    KeReleaseSpinLock(&Channel->Lock, irql);
    return status;
}

/* Success comes with the lock. */
static NTSTATUS Begin_ok(PCHANNEL Channel, PKIRQL Irql)
{
    KeAcquireSpinLock(&Channel->Lock, Irql);
    if (Channel->Removed) {
        KeReleaseSpinLock(&Channel->Lock, *Irql);
        return STATUS_DELETE_PENDING;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS UseBegin_ok(PCHANNEL Channel)
{
    KIRQL irql;
    NTSTATUS status = Begin_ok(Channel, &irql);

    if (!NT_SUCCESS(status))
        return status;
    Channel->Pending++;
    KeReleaseSpinLock(&Channel->Lock, irql);
    return STATUS_SUCCESS;
}

/* The caller says whether it wants to keep it. */
static ULONG Count_ok(PCHANNEL Channel, BOOLEAN Keep, PKIRQL Irql)
{
    ULONG pending;

    KeAcquireSpinLock(&Channel->QueueLock, Irql);
    pending = Channel->Pending;
    if (!Keep)
        KeReleaseSpinLock(&Channel->QueueLock, *Irql);
    return pending;
}

static VOID UseCount_ok(PCHANNEL Channel)
{
    KIRQL irql;

    if (Count_ok(Channel, FALSE, &irql) == 0)
        return;
    Count_ok(Channel, TRUE, &irql);
    Channel->Pending = 0;
    KeReleaseSpinLock(&Channel->QueueLock, irql);
}

/* A variable remembers. */
static VOID Flag_ok(PCHANNEL Channel, ULONG Code)
{
    BOOLEAN locked = FALSE;

    if (Code == 7) {
        ExAcquireFastMutex(&Channel->Mutex);
        locked = TRUE;
    }
    Channel->Pending++;
    if (Channel->Removed)
        Channel->Pending = 0;
    if (locked)
        ExReleaseFastMutex(&Channel->Mutex);
}

/* The same bit is tested twice. */
static VOID Bits_ok(PCHANNEL Channel)
{
    KIRQL irql = PASSIVE_LEVEL;

    if (Channel->Flags & USE_LOCK)
        KeAcquireSpinLock(&Channel->Lock, &irql);
    Channel->Pending++;
    if (Channel->Flags & USE_LOCK)
        KeReleaseSpinLock(&Channel->Lock, irql);
}

/* One lock or the other. */
static VOID LockOne(PCHANNEL Channel, PKIRQL Irql)
{
    if (Channel->Shared)
        KeAcquireSpinLock(&Channel->QueueLock, Irql);
    else
        KeAcquireSpinLock(&Channel->Lock, Irql);
}

static VOID UnlockOne(PCHANNEL Channel, KIRQL Irql)
{
    if (Channel->Shared)
        KeReleaseSpinLock(&Channel->QueueLock, Irql);
    else
        KeReleaseSpinLock(&Channel->Lock, Irql);
}

static VOID Either_ok(PCHANNEL Channel)
{
    KIRQL irql;

    LockOne(Channel, &irql);
    Channel->Pending = 0;
    UnlockOne(Channel, irql);
}

/* Lets go of the caller's lock for a while. */
static VOID Breathe_ok(PCHANNEL Channel, PKIRQL Irql)
{
    if (Channel->Pending < 8)
        return;
    KeReleaseSpinLock(&Channel->Lock, *Irql);
    Channel->Pending = 0;
    KeAcquireSpinLock(&Channel->Lock, Irql);
}

static VOID UseBreathe_ok(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    Breathe_ok(Channel, &irql);
    KeReleaseSpinLock(&Channel->Lock, irql);
}

static BOOLEAN Try_ok(PCHANNEL Channel)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (!KeTryToAcquireSpinLockAtDpcLevel(&Channel->QueueLock)) {
        KeLowerIrql(irql);
        return FALSE;
    }
    Channel->Pending++;
    KeReleaseSpinLockFromDpcLevel(&Channel->QueueLock);
    KeLowerIrql(irql);
    return TRUE;
}

static NTSTATUS Finally_ok(PCHANNEL Channel, PULONG Out)
{
    ExAcquireFastMutex(&Channel->Mutex);
    __try {
        if (Channel->Removed)
            return STATUS_DELETE_PENDING;
        *Out = Channel->Pending;
    } __finally {
        ExReleaseFastMutex(&Channel->Mutex);
    }
    return STATUS_SUCCESS;
}

VOID Cancel_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

/* Called by nothing here: whoever calls it knows. */
VOID LockForOthers_ok(PCHANNEL Channel, PKIRQL Irql)
{
    KeAcquireSpinLock(&Channel->Lock, Irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PCHANNEL channel = (PCHANNEL)Device->DeviceExtension;
    NTSTATUS status = Balanced_ok(channel);
    ULONG count = 0;

    UseBegin_ok(channel);
    UseCount_ok(channel);
    Flag_ok(channel, Irp->Flags);
    Bits_ok(channel);
    Either_ok(channel);
    UseBreathe_ok(channel);
    if (Try_ok(channel))
        IoSetCancelRoutine(Irp, Cancel_ok);
    Finally_ok(channel, &count);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
