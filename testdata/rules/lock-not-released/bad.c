/* lock-not-released: returns that keep a lock which others give back. */
#include <ntddk.h>

typedef struct _ENTRY {
    LIST_ENTRY Link;
    ULONG Key;
    BOOLEAN Stale;
} ENTRY, *PENTRY;

typedef struct _CHANNEL {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    LIST_ENTRY Entries;
    BOOLEAN Removed;
    ULONG Pending;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_DISPATCH Read;
DRIVER_CANCEL Cancel_bad;
KDEFERRED_ROUTINE Dpc_bad;

static NTSTATUS EarlyReturn_bad(PCHANNEL Channel, ULONG Count)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    if (Channel->Pending + Count < Count)
        return STATUS_INTEGER_OVERFLOW; // expect: lock-not-released "other returns give back"
    Channel->Pending += Count;
    KeReleaseSpinLock(&Channel->Lock, irql);
    return STATUS_SUCCESS;
}

static VOID Nothing_bad(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->QueueLock, &irql);
    if (Channel->Removed)
        return; // expect: lock-not-released "CHANNEL.QueueLock"
    Channel->Pending = 0;
    KeReleaseSpinLock(&Channel->QueueLock, irql);
}

static KIRQL LockChannel(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    return irql;
}

static VOID UnlockChannel(PCHANNEL Channel, KIRQL Irql)
{
    KeReleaseSpinLock(&Channel->Lock, Irql);
}

static PENTRY Wrapped_bad(PCHANNEL Channel, ULONG Key)
{
    KIRQL irql = LockChannel(Channel);
    PLIST_ENTRY link;

    for (link = Channel->Entries.Flink; link != &Channel->Entries; link = link->Flink) {
        PENTRY entry = CONTAINING_RECORD(link, ENTRY, Link);

        if (entry->Key == Key) {
            UnlockChannel(Channel, irql);
            return entry;
        }
    }
    return NULL; // expect: lock-not-released "DISPATCH_LEVEL"
}

static ULONG Loop_bad(PCHANNEL Channel)
{
    KLOCK_QUEUE_HANDLE handle;
    PLIST_ENTRY link;
    ULONG stale = 0;

    KeAcquireInStackQueuedSpinLock(&Channel->QueueLock, &handle);
    for (link = Channel->Entries.Flink; link != &Channel->Entries; link = link->Flink) {
        if (CONTAINING_RECORD(link, ENTRY, Link)->Stale)
            stale++;
        if (stale > 16)
            return stale; // expect: lock-not-released "DISPATCH_LEVEL"
    }
    KeReleaseInStackQueuedSpinLock(&handle);
    return stale;
}

static NTSTATUS Goto_bad(PCHANNEL Channel)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    if (Channel->Removed) {
        status = STATUS_DELETE_PENDING;
        goto Done;
    }
    Channel->Pending++;
    KeReleaseSpinLock(&Channel->Lock, irql);
Done:
    return status; // expect: lock-not-released "Goto_bad"
}

static BOOLEAN Mutex_bad(PCHANNEL Channel)
{
    ExAcquireFastMutex(&Channel->Mutex);
    if (IsListEmpty(&Channel->Entries))
        return FALSE; // expect: lock-not-released "APC_LEVEL"
    Channel->Pending++;
    ExReleaseFastMutex(&Channel->Mutex);
    return TRUE;
}

/* Gives back one of two. */
static NTSTATUS Nested_bad(PCHANNEL Channel)
{
    KIRQL irql;

    KeAcquireSpinLock(&Channel->Lock, &irql);
    KeAcquireSpinLockAtDpcLevel(&Channel->QueueLock);
    if (Channel->Pending > 100) {
        KeReleaseSpinLockFromDpcLevel(&Channel->QueueLock);
        return STATUS_DELETE_PENDING; // expect: lock-not-released "CHANNEL.Lock"
    }
    KeReleaseSpinLockFromDpcLevel(&Channel->QueueLock);
    KeReleaseSpinLock(&Channel->Lock, irql);
    return STATUS_SUCCESS;
}

VOID Dpc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PCHANNEL channel = (PCHANNEL)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&channel->QueueLock);
    channel->Pending = 0;
} // expect: lock-not-released "returns to the system"

VOID Cancel_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
} // expect: lock-not-released "the lock that the system took"

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PCHANNEL channel = (PCHANNEL)Device->DeviceExtension;
    NTSTATUS status;

    if (!Mutex_bad(channel))
        IoSetCancelRoutine(Irp, Cancel_bad);
    status = EarlyReturn_bad(channel, Irp->Flags);
    Nothing_bad(channel);
    if (Wrapped_bad(channel, 3) == NULL)
        status = STATUS_NOT_FOUND;
    if (Loop_bad(channel) != 0)
        status = STATUS_RETRY;
    KeInsertQueueDpc(&channel->Dpc, NULL, NULL);
    return status;
}

NTSTATUS Read(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    if (!NT_SUCCESS(Goto_bad((PCHANNEL)Device->DeviceExtension)))
        return STATUS_UNSUCCESSFUL;
    return Nested_bad((PCHANNEL)Device->DeviceExtension);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(Driver, sizeof(CHANNEL), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
                                     &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeDpc(&((PCHANNEL)device->DeviceExtension)->Dpc, Dpc_bad, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    Driver->MajorFunction[IRP_MJ_READ] = Read;
    return STATUS_SUCCESS;
}
