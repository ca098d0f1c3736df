/* lock-not-held: locks given back that nobody took. */
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
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_DISPATCH Read;
KDEFERRED_ROUTINE Dpc_bad;

static VOID Never_bad(PPORT Port)
{
    Port->Count++;
    KeReleaseSpinLockFromDpcLevel(&Port->QueueLock); // expect: lock-not-held "PORT.QueueLock"
}

static NTSTATUS Twice_bad(PPORT Port)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    if (Port->Closed) {
        status = STATUS_DELETE_PENDING;
        KeReleaseSpinLock(&Port->Lock, irql);
        goto Done;
    }
    Port->Count++;
Done:
    KeReleaseSpinLock(&Port->Lock, irql); // expect: lock-not-held "PORT.Lock"
    return status;
}

/* The failure comes before the lock. */
static NTSTATUS Cleanup_bad(PPORT Port)
{
    NTSTATUS status = STATUS_SUCCESS;
    PVOID buffer = ExAllocatePoolWithTag(NonPagedPool, 64, 'troP');

    if (buffer == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        goto Out;
    }
    ExAcquireFastMutex(&Port->Mutex);
    Port->Count++;
Out:
    ExReleaseFastMutex(&Port->Mutex); // expect: lock-not-held "PORT.Mutex"
    if (buffer != NULL)
        ExFreePoolWithTag(buffer, 'troP');
    return status;
}

static VOID Unlock(PPORT Port, KIRQL Irql)
{
    KeReleaseSpinLock(&Port->QueueLock, Irql);
}

static VOID Wrapped_bad(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->QueueLock, &irql);
    Port->Count = 0;
    Unlock(Port, irql);
    Unlock(Port, irql); // expect: lock-not-held "PORT.QueueLock"
}

static VOID Try_bad(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (!KeTryToAcquireSpinLockAtDpcLevel(&Port->Lock))
        Port->Busy = TRUE;
    KeReleaseSpinLockFromDpcLevel(&Port->Lock); // expect: lock-not-held "nobody on this path"
    KeLowerIrql(irql);
}

/* One early way out does not go by the release, another one does. */
static NTSTATUS Skipped_bad(PPORT Port, ULONG Length)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (Port->Closed)
        return STATUS_DELETE_PENDING;
    if (Length > 4)
        goto Out;
    ExAcquireFastMutex(&Port->Mutex);
    Port->Count = Length;
    status = STATUS_SUCCESS;
Out:
    ExReleaseFastMutex(&Port->Mutex); // expect: lock-not-held "PORT.Mutex"
    return status;
}

/* A test that has nothing to do with it stands between. */
static VOID Between_bad(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    if (Port->Count > 7)
        KeReleaseSpinLock(&Port->Lock, irql);
    if (Port->Flags & 1)
        Port->Count = 0;
    KeReleaseSpinLock(&Port->Lock, irql); // expect: lock-not-held "PORT.Lock"
}

VOID Dpc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ((PPORT)Context)->Busy = FALSE;
    KeReleaseSpinLockFromDpcLevel(&((PPORT)Context)->QueueLock); // expect: lock-not-held "DPC"
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        port->Count = 1;
        break;
    case 1:
        Twice_bad(port);
        break;
    case 2:
        Cleanup_bad(port);
        break;
    case 3:
        Wrapped_bad(port);
        break;
    case 4:
        Try_bad(port);
        break;
    case 5:
        Skipped_bad(port, (ULONG)Irp->IoStatus.Information);
        break;
    case 6:
        Between_bad(port);
        break;
    default:
        port->Count = 0;
        break;
    }
    return STATUS_SUCCESS;
}

NTSTATUS Read(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    Never_bad((PPORT)Device->DeviceExtension);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status =
        IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Dpc_bad, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    Driver->MajorFunction[IRP_MJ_READ] = Read;
    return STATUS_SUCCESS;
}
