/* pageable-code-raised: pageable code that always runs below DISPATCH_LEVEL. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT DEVICE_CONTEXT, *PDEVICE_CONTEXT;
typedef VOID WORK_ROUTINE(PDEVICE_CONTEXT Device);

typedef struct _WORK_OPS {
    WORK_ROUTINE *Slow;
    WORK_ROUTINE *Fast;
} WORK_OPS;

struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    PIO_WORKITEM WorkItem;
    PKINTERRUPT Interrupt;
    ULONG Count;
    ULONG Mode;
};

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_UNLOAD Unload_ok;
DRIVER_DISPATCH DeviceControl_ok;
KSERVICE_ROUTINE Isr_ok;
KSYNCHRONIZE_ROUTINE Synchronized_ok;
KDEFERRED_ROUTINE Dpc_ok;
IO_WORKITEM_ROUTINE Worker_ok;
KSTART_ROUTINE Thread_ok;
WORK_ROUTINE PagedWork;
WORK_ROUTINE ResidentWork;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, AddDevice)
#pragma alloc_text(PAGE, Unload_ok)
#pragma alloc_text(PAGE, DeviceControl_ok)
#pragma alloc_text(PAGE, PagedWork)

VOID PagedWork(PDEVICE_CONTEXT Device) { PAGED_CODE(); Device->Count++; }
VOID ResidentWork(PDEVICE_CONTEXT Device) { Device->Count--; }

static const WORK_OPS Ops = { PagedWork, ResidentWork };

static VOID LockDevice(PDEVICE_CONTEXT Device, PKIRQL OldIrql)
{
    KeAcquireSpinLock(&Device->Lock, OldIrql);
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

/* The lock is gone again when the pageable code runs. */
static VOID AfterRelease_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    Device->Mode = 0;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    PagedWork(Device);
}

static VOID AfterOwnUnlock_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    LockDevice(Device, &oldIrql);
    ResidentWork(Device);
    UnlockDevice(Device, oldIrql);
    PagedWork(Device);
}

static VOID AfterLowering_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = KeRaiseIrqlToDpcLevel();

    ResidentWork(Device);
    KeLowerIrql(oldIrql);
    PagedWork(Device);
}

static VOID AfterQueuedLock_ok(PDEVICE_CONTEXT Device)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&Device->Lock, &handle);
    ResidentWork(Device);
    KeReleaseInStackQueuedSpinLock(&handle);
    PagedWork(Device);
}

/* Every way to the label has released the lock. */
static NTSTATUS Cleanup_ok(PDEVICE_CONTEXT Device)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    if (Device->Mode == 7) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
        status = STATUS_DEVICE_BUSY;
        goto done;
    }
    Device->Mode++;
    KeReleaseSpinLock(&Device->Lock, oldIrql);

done:
    PagedWork(Device);
    return status;
}

/* A flag says whether the lock is still held. */
static VOID Flag_ok(PDEVICE_CONTEXT Device)
{
    BOOLEAN locked = FALSE;
    KIRQL oldIrql = PASSIVE_LEVEL;

    if (Device->Mode == 3) {
        KeAcquireSpinLock(&Device->Lock, &oldIrql);
        locked = TRUE;
    }
    Device->Count++;
    if (locked) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
    PagedWork(Device);
}

/* Without the lock the level is what it was. */
static VOID TryLockFailed_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (!TryLockDevice(Device, &oldIrql)) {
        PagedWork(Device);
        return;
    }
    ResidentWork(Device);
    UnlockDevice(Device, oldIrql);
}

/* APC_LEVEL is low enough. */
static VOID UnderFastMutex_ok(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    PagedWork(Device);
    ExReleaseFastMutex(&Device->Mutex);
}

static VOID TryFastMutex_ok(PDEVICE_CONTEXT Device)
{
    if (ExTryToAcquireFastMutex(&Device->Mutex)) {
        PagedWork(Device);
        ExReleaseFastMutex(&Device->Mutex);
    }
}

/* Called by the DPC as well as by the dispatch routine; looks before it leaps. */
static VOID TestsLevel_ok(PDEVICE_CONTEXT Device)
{
    if (KeGetCurrentIrql() < DISPATCH_LEVEL) {
        PagedWork(Device);
    } else {
        ResidentWork(Device);
    }
}

/* The caller says where it runs. */
static VOID ToldByCaller_ok(PDEVICE_CONTEXT Device, BOOLEAN FromDpc)
{
    if (FromDpc) {
        ResidentWork(Device);
    } else {
        PagedWork(Device);
    }
}

/* The table's other member is resident. */
static VOID ThroughTable_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    Ops.Fast(Device);
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    Ops.Slow(Device);
}

BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

BOOLEAN Synchronized_ok(PVOID Context)
{
    ResidentWork((PDEVICE_CONTEXT)Context);
    return TRUE;
}

/* Leaves the pageable work to a thread. */
VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    TestsLevel_ok(device);
    ToldByCaller_ok(device, TRUE);
    IoQueueWorkItem(device->WorkItem, Worker_ok, DelayedWorkQueue, device);
}

VOID Worker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    PagedWork((PDEVICE_CONTEXT)Context);
}

VOID Thread_ok(PVOID Context)
{
    PagedWork((PDEVICE_CONTEXT)Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    HANDLE thread;

    PAGED_CODE();

    AfterRelease_ok(device);
    AfterOwnUnlock_ok(device);
    AfterLowering_ok(device);
    AfterQueuedLock_ok(device);
    Cleanup_ok(device);
    Flag_ok(device);
    TryLockFailed_ok(device);
    UnderFastMutex_ok(device);
    TryFastMutex_ok(device);
    TestsLevel_ok(device);
    ToldByCaller_ok(device, FALSE);
    ThroughTable_ok(device);
    KeSynchronizeExecution(device->Interrupt, Synchronized_ok, device);
    PagedWork(device);
    if (NT_SUCCESS(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_ok,
                                        device))) {
        ZwClose(thread);
    }

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

VOID Unload_ok(PDRIVER_OBJECT DriverObject)
{
    PAGED_CODE();
    PagedWork((PDEVICE_CONTEXT)DriverObject->DeviceObject->DeviceExtension);
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    NTSTATUS status;

    PAGED_CODE();
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
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    return IoConnectInterrupt(&device->Interrupt, Isr_ok, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

/* The pointer to the lock says whether it is held: at the release it cannot be NULL then. */
typedef struct _AREA {
    ULONG Entries;
} AREA;

ULONG OffsetOfLock(VOID);

static ULONG CountEntries_lock_is_the_flag(AREA *area)
{
    PEX_SPIN_LOCK lock = NULL;
    KIRQL irql = 0;
    ULONG count = 0;

    if (OffsetOfLock() == MAXULONG) {
        goto Exit;
    }
    lock = (PEX_SPIN_LOCK)((PUCHAR)area + OffsetOfLock());
    irql = ExAcquireSpinLockShared(lock);
    count = area->Entries;
Exit:
    if (lock != NULL) {
        ExReleaseSpinLockShared(lock, irql);
    }
    return count;
}

DRIVER_DISPATCH Read_calls_balanced_helper;
#pragma alloc_text(PAGE, Read_calls_balanced_helper)
NTSTATUS Read_calls_balanced_helper(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PAGED_CODE();
    Irp->IoStatus.Information = CountEntries_lock_is_the_flag(DeviceObject->DeviceExtension);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->DriverUnload = Unload_ok;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read_calls_balanced_helper;
    return STATUS_SUCCESS;
}
