/* irql-lowered-under-lock: nested locks that are given back in order. */
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

static VOID Nested_ok(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, inner);
    KeReleaseSpinLock(&Port->Lock, outer);
}

/* The levels stay nested though the locks do not. */
static VOID HandOver_ok(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, inner);
    KeReleaseSpinLock(&Port->QueueLock, outer);
}

static VOID Dpc_ok(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    KeReleaseSpinLockFromDpcLevel(&Port->Lock);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, irql);
}

static VOID Queued_ok(PPORT Port)
{
    KLOCK_QUEUE_HANDLE outer, inner;

    KeAcquireInStackQueuedSpinLock(&Port->Lock, &outer);
    KeAcquireInStackQueuedSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseInStackQueuedSpinLock(&inner);
    KeReleaseInStackQueuedSpinLock(&outer);
}

static VOID Field_ok(PPORT Port)
{
    KIRQL inner;

    KeAcquireSpinLock(&Port->Lock, &Port->OldIrql);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, inner);
    KeReleaseSpinLock(&Port->Lock, Port->OldIrql);
}

/* A mutex at APC_LEVEL is none of this rule's business. */
static VOID Mutex_ok(PPORT Port)
{
    KIRQL irql;

    ExAcquireFastMutex(&Port->Mutex);
    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, irql);
    ExReleaseFastMutex(&Port->Mutex);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Nested_ok(port);
        break;
    case 1:
        HandOver_ok(port);
        break;
    case 2:
        Dpc_ok(port);
        break;
    case 3:
        Queued_ok(port);
        break;
    case 4:
        Field_ok(port);
        break;
    case 5:
        Mutex_ok(port);
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
