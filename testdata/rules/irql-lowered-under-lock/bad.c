/* irql-lowered-under-lock: the level falls, a spin lock stays. */
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

static VOID Nested_bad(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, outer); // expect: irql-lowered-under-lock "PORT.Lock"
    KeReleaseSpinLock(&Port->Lock, inner);
}

static VOID WrongOrder_bad(PPORT Port)
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&Port->Lock, &outer);
    KeAcquireSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, outer); // expect: irql-lowered-under-lock "PORT.QueueLock"
    KeReleaseSpinLock(&Port->QueueLock, inner);
}

static VOID Between_bad(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Busy = TRUE;
    KeLowerIrql(irql); // expect: irql-lowered-under-lock "KeLowerIrql lowers"
    Port->Busy = FALSE;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Constant_bad(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, PASSIVE_LEVEL); // expect: irql-lowered-under-lock "PASSIVE_LEVEL"
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID Queued_bad(PPORT Port)
{
    KLOCK_QUEUE_HANDLE outer, inner;

    KeAcquireInStackQueuedSpinLock(&Port->Lock, &outer);
    KeAcquireInStackQueuedSpinLock(&Port->QueueLock, &inner);
    Port->Count++;
    KeReleaseInStackQueuedSpinLock(&outer); // expect: irql-lowered-under-lock "InStackQueued"
    KeReleaseInStackQueuedSpinLock(&inner);
}

static VOID LockQueue(PPORT Port, PKIRQL Irql)
{
    KeAcquireSpinLock(&Port->QueueLock, Irql);
}

static VOID Wrapped_bad(PPORT Port)
{
    KIRQL saved, irql;

    KeRaiseIrql(DISPATCH_LEVEL, &saved);
    LockQueue(Port, &irql);
    Port->Count++;
    KeLowerIrql(saved); // expect: irql-lowered-under-lock "PORT.QueueLock"
    KeReleaseSpinLock(&Port->QueueLock, irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Nested_bad(port);
        break;
    case 1:
        WrongOrder_bad(port);
        break;
    case 2:
        Between_bad(port);
        break;
    case 3:
        Constant_bad(port);
        break;
    case 4:
        Queued_bad(port);
        break;
    case 5:
        Wrapped_bad(port);
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
