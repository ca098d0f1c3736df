/* thread-create-raised: system threads created at PASSIVE_LEVEL. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KGUARDED_MUTEX Guard;
    KDPC Dpc;
    PIO_WORKITEM WorkItem;
    HANDLE Thread;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl_ok;
KDEFERRED_ROUTINE Dpc_ok;
IO_WORKITEM_ROUTINE Worker_ok;
KSTART_ROUTINE ThreadMain;
KSTART_ROUTINE ParentThread_ok;

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

VOID ThreadMain(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* A thread may start another. */
VOID ParentThread_ok(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, device);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID Worker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, device);
}

/* Shared by the DPC and the dispatch routine. */
static VOID TestsLevel_ok(PDEVICE_CONTEXT Device)
{
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
        PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
    } else {
        IoQueueWorkItem(Device->WorkItem, Worker_ok, DelayedWorkQueue, Device);
    }
}

/* The caller says where it runs. */
static VOID ToldByCaller_ok(PDEVICE_CONTEXT Device, BOOLEAN Passive)
{
    if (!Passive) {
        return;
    }
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
}

VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    TestsLevel_ok(device);
    ToldByCaller_ok(device, FALSE);
}

/* Decide under the lock, create after it. */
static VOID AfterRelease_ok(PDEVICE_CONTEXT Device)
{
    BOOLEAN create;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    create = Device->Count++ == 0;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    if (create) {
        PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
    }
}

static VOID AfterOwnUnlock_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    Device->Count++;
    UnlockDevice(Device, oldIrql);
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
}

static VOID AfterFastMutex_ok(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    Device->Count++;
    ExReleaseFastMutex(&Device->Mutex);
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
}

/* Neither a guarded mutex nor a critical region changes the level. */
static VOID UnderGuardedMutex_ok(PDEVICE_CONTEXT Device)
{
    KeAcquireGuardedMutex(&Device->Guard);
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
    KeReleaseGuardedMutex(&Device->Guard);
}

static VOID InCriticalRegion_ok(PDEVICE_CONTEXT Device)
{
    KeEnterCriticalRegion();
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
    KeLeaveCriticalRegion();
}

static VOID TryLockFailed_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (TryLockDevice(Device, &oldIrql)) {
        Device->Count++;
        UnlockDevice(Device, oldIrql);
        return;
    }
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
}

static NTSTATUS Cleanup_ok(PDEVICE_CONTEXT Device)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL oldIrql = LockDevice(Device);

    if (Device->Count == 9) {
        status = STATUS_DEVICE_BUSY;
        goto unlock;
    }
    Device->Count++;

unlock:
    UnlockDevice(Device, oldIrql);
    if (NT_SUCCESS(status)) {
        status = PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device);
    }
    return status;
}

NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    TestsLevel_ok(device);
    ToldByCaller_ok(device, TRUE);
    AfterRelease_ok(device);
    AfterOwnUnlock_ok(device);
    AfterFastMutex_ok(device);
    UnderGuardedMutex_ok(device);
    InCriticalRegion_ok(device);
    TryLockFailed_ok(device);
    Cleanup_ok(device);

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
    device->Self = deviceObject;
    device->WorkItem = IoAllocateWorkItem(deviceObject);
    KeInitializeSpinLock(&device->Lock);
    ExInitializeFastMutex(&device->Mutex);
    KeInitializeGuardedMutex(&device->Guard);
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    return PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL,
                                ParentThread_ok, device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    return STATUS_SUCCESS;
}
