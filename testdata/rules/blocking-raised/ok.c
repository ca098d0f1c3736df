/* blocking-raised: waits where they are allowed, tests that do not wait. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KEVENT Done;
    KEVENT Request;
    KDPC Dpc;
    PIO_WORKITEM WorkItem;
    PKINTERRUPT Interrupt;
    HANDLE File;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl_ok;
KSERVICE_ROUTINE Isr_ok;
KDEFERRED_ROUTINE Dpc_ok;
IO_WORKITEM_ROUTINE Worker_ok;
KSTART_ROUTINE Thread_ok;

static KIRQL LockDevice(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    return oldIrql;
}

static VOID UnlockDevice(PDEVICE_CONTEXT Device, KIRQL OldIrql)
{
    KeReleaseSpinLock(&Device->Lock, OldIrql);
}

static BOOLEAN TryLockDevice(PDEVICE_CONTEXT Device, PKIRQL OldIrql)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (KeTryToAcquireSpinLockAtDpcLevel(&Device->Lock)) {
        *OldIrql = irql;
        return TRUE;
    }
    KeLowerIrql(irql);
    return FALSE;
}

/* A zero time-out only looks at the object. */
static BOOLEAN IsDone_ok(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER timeout;
    NTSTATUS status;

    timeout.QuadPart = 0;
    status = KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, &timeout);
    return status == STATUS_SUCCESS;
}

static BOOLEAN IsDoneUnderLock_ok(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER noWait = { 0 };
    KIRQL oldIrql = LockDevice(Device);
    NTSTATUS status;

    status = KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, &noWait);
    UnlockDevice(Device, oldIrql);
    return status != STATUS_TIMEOUT;
}

/* Waits only if the caller can afford it. */
static BOOLEAN Await_ok(PDEVICE_CONTEXT Device, BOOLEAN Wait)
{
    if (Wait) {
        KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
        return TRUE;
    }
    return KeReadStateEvent(&Device->Done) != 0;
}

/* Shared by the DPC and the threads. */
static VOID Settle_ok(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER interval;

    if (KeGetCurrentIrql() > APC_LEVEL) {
        KeStallExecutionProcessor(10);
    } else {
        interval.QuadPart = -10000;
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
    }
    Device->Count++;
}

/* The lock is given back before the wait. */
static VOID AfterRelease_ok(PDEVICE_CONTEXT Device)
{
    BOOLEAN busy;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    busy = Device->Count != 0;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    if (busy) {
        KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
    }
}

static NTSTATUS Cleanup_ok(PDEVICE_CONTEXT Device)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL oldIrql = LockDevice(Device);

    if (Device->Count == 0) {
        UnlockDevice(Device, oldIrql);
        status = STATUS_NO_SUCH_DEVICE;
        goto done;
    }
    Device->Count--;
    UnlockDevice(Device, oldIrql);

done:
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
    return status;
}

/* Someone else has the lock: sleep, then try again. */
static VOID Retry_ok(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER interval;
    KIRQL oldIrql;

    while (!TryLockDevice(Device, &oldIrql)) {
        interval.QuadPart = -10000;
        KeDelayExecutionThread(KernelMode, FALSE, &interval);
    }
    Device->Count++;
    UnlockDevice(Device, oldIrql);
}

/* The flag says whether the lock is held. */
static VOID Flag_ok(PDEVICE_CONTEXT Device, BOOLEAN NeedLock)
{
    KIRQL oldIrql = PASSIVE_LEVEL;

    if (NeedLock) {
        KeAcquireSpinLock(&Device->Lock, &oldIrql);
    }
    Device->Count++;
    if (NeedLock) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
}

/* APC_LEVEL may wait. */
static VOID UnderFastMutex_ok(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
    ExReleaseFastMutex(&Device->Mutex);
}

/* The saved level comes back before the handle is closed. */
static VOID Lowered_ok(PDEVICE_CONTEXT Device)
{
    HANDLE file;
    KIRQL oldIrql;

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
    file = Device->File;
    Device->File = NULL;
    KeLowerIrql(oldIrql);
    if (file != NULL) {
        ZwClose(file);
    }
}

/* Signal and wait in one go, at PASSIVE_LEVEL. */
static VOID Handshake_ok(PDEVICE_CONTEXT Device)
{
    KeSetEvent(&Device->Request, IO_NO_INCREMENT, TRUE);
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL);
}

BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    KeStallExecutionProcessor(2);
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (IsDone_ok(device) && Await_ok(device, FALSE)) {
        Settle_ok(device);
        KeSetEvent(&device->Done, IO_NO_INCREMENT, FALSE);
    }
    IoQueueWorkItem(device->WorkItem, Worker_ok, DelayedWorkQueue, device);
}

VOID Worker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    Await_ok(device, TRUE);
    Settle_ok(device);
    if (device->File != NULL) {
        ZwClose(device->File);
    }
}

VOID Thread_ok(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;
    LARGE_INTEGER interval;

    interval.QuadPart = -10000000;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
    KeWaitForSingleObject(&device->Request, Executive, KernelMode, FALSE, NULL);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    IsDone_ok(device);
    IsDoneUnderLock_ok(device);
    Await_ok(device, TRUE);
    Settle_ok(device);
    AfterRelease_ok(device);
    Cleanup_ok(device);
    Retry_ok(device);
    Flag_ok(device, TRUE);
    Flag_ok(device, FALSE);
    UnderFastMutex_ok(device);
    Lowered_ok(device);
    Handshake_ok(device);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->WorkItem = IoAllocateWorkItem(deviceObject);
    KeInitializeSpinLock(&device->Lock);
    ExInitializeFastMutex(&device->Mutex);
    KeInitializeEvent(&device->Done, NotificationEvent, FALSE);
    KeInitializeEvent(&device->Request, SynchronizationEvent, FALSE);
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    status = PsCreateSystemThread(&device->File, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_ok,
                                  device);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(deviceObject);
        return status;
    }
    return IoConnectInterrupt(&device->Interrupt, Isr_ok, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    return STATUS_SUCCESS;
}
