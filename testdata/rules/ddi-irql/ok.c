/* ddi-irql: kernel routines called at levels they allow. */
#include <ntddk.h>

#define TAG 'kokI'

typedef struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KEVENT Done;
    KDPC Dpc;
    KTIMER Timer;
    PKINTERRUPT Interrupt;
    PIO_WORKITEM WorkItem;
    PULONG Register;
    UNICODE_STRING Link;
    UNICODE_STRING Text;
    PVOID Buffer;
    LONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl_ok;
DRIVER_DISPATCH Write_ok;
DRIVER_STARTIO StartIo_ok;
DRIVER_CANCEL Cancel_ok;
KSERVICE_ROUTINE Isr_ok;
IO_DPC_ROUTINE DpcForIsr_ok;
KSYNCHRONIZE_ROUTINE Synchronized_ok;
KDEFERRED_ROUTINE Dpc_ok;
IO_WORKITEM_ROUTINE Worker_ok;

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

/* The caller chooses a pool that fits its level. */
static PVOID AllocateFrom_ok(POOL_TYPE Type, SIZE_T Size)
{
    return ExAllocatePoolWithTag(Type, Size, TAG);
}

/* Shared by the DPC and the dispatch routine. */
static VOID TestsLevel_ok(PDEVICE_CONTEXT Device)
{
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
        RtlIntegerToUnicodeString((ULONG)Device->Count, 10, &Device->Text);
    }
}

static VOID AfterRelease_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    Device->Count = 0;
    UnlockDevice(Device, oldIrql);
    IoDeleteSymbolicLink(&Device->Link);
}

static VOID UnderFastMutex_ok(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    if (Device->Buffer == NULL) {
        Device->Buffer = ExAllocatePool2(POOL_FLAG_PAGED, 64, TAG);
    }
    ExReleaseFastMutex(&Device->Mutex);
    RtlIntegerToUnicodeString(7, 10, &Device->Text);
}

static VOID TryLockFailed_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (!TryLockDevice(Device, &oldIrql)) {
        RtlFreeUnicodeString(&Device->Text);
        return;
    }
    Device->Count++;
    UnlockDevice(Device, oldIrql);
}

static VOID Cleanup_ok(PDEVICE_CONTEXT Device)
{
    BOOLEAN locked = FALSE;
    KIRQL oldIrql = PASSIVE_LEVEL;

    if (Device->Count == 0) {
        goto done;
    }
    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    locked = TRUE;
    if (Device->Count == 1) {
        goto done;
    }
    Device->Count--;

done:
    if (locked) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
    RtlFreeUnicodeString(&Device->Text);
}

/* StartIo's queue wants DISPATCH_LEVEL, and gets it. */
static VOID StartNext_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
    IoStartNextPacket(Device->Self, TRUE);
    KeLowerIrql(oldIrql);
}

BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    if (READ_REGISTER_ULONG(device->Register) == 0) {
        return FALSE;
    }
    WRITE_REGISTER_ULONG(device->Register, 0);
    InterlockedIncrement(&device->Count);
    IoRequestDpc(device->Self, NULL, device);
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

VOID DpcForIsr_ok(PKDPC Dpc, PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Irp);
    KeSynchronizeExecution(device->Interrupt, Synchronized_ok, device);
    IoStartNextPacket(DeviceObject, TRUE);
}

BOOLEAN Synchronized_ok(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    device->Count = (LONG)READ_REGISTER_ULONG(device->Register);
    return TRUE;
}

VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;
    LARGE_INTEGER due;
    PVOID block;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);

    KeAcquireSpinLockAtDpcLevel(&device->Lock);
    device->Count++;
    KeReleaseSpinLockFromDpcLevel(&device->Lock);

    block = AllocateFrom_ok(NonPagedPoolNx, 64);
    if (block != NULL) {
        ExFreePoolWithTag(block, TAG);
    }
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, TAG);
    if (block != NULL) {
        ExFreePoolWithTag(block, TAG);
    }

    TestsLevel_ok(device);
    KeSetEvent(&device->Done, IO_NO_INCREMENT, FALSE);
    due.QuadPart = -10000000;
    KeSetTimer(&device->Timer, due, &device->Dpc);
    IoQueueWorkItem(device->WorkItem, Worker_ok, DelayedWorkQueue, device);
}

VOID Worker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    StartNext_ok(device);
    RtlIntegerToUnicodeString((ULONG)device->Count, 10, &device->Text);
}

VOID StartIo_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL oldIrql;

    IoAcquireCancelSpinLock(&oldIrql);
    IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(oldIrql);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoStartNextPacket(DeviceObject, TRUE);
}

VOID Cancel_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

NTSTATUS Write_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, NULL, Cancel_ok);
    return STATUS_PENDING;
}

/* One string in paged pool says nothing of another string: the type is the kernel's own. */
static VOID TwoStrings_ok(PDEVICE_CONTEXT Device)
{
    UNICODE_STRING paged, resident;
    KIRQL oldIrql;

    paged.Buffer = (PWCH)ExAllocatePoolWithTag(PagedPool, 64, TAG);
    resident.Buffer = (PWCH)ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
    if (paged.Buffer != NULL && resident.Buffer != NULL) {
        KeAcquireSpinLock(&Device->Lock, &oldIrql);
        RtlCopyMemory(resident.Buffer, L"name", sizeof(L"name"));
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
}

/* The caller's level travels in a hint; the level saved in the handle comes back through it. */
static VOID LockByHint_ok(PDEVICE_CONTEXT Device, PKLOCK_QUEUE_HANDLE Handle, KIRQL Lowest)
{
    if (Lowest >= DISPATCH_LEVEL) {
        KeAcquireInStackQueuedSpinLockAtDpcLevel(&Device->Lock, Handle);
    } else {
        KeAcquireInStackQueuedSpinLock(&Device->Lock, Handle);
    }
}

static VOID UnlockByHint_ok(PKLOCK_QUEUE_HANDLE Handle, PKIRQL Lowest)
{
    if (*Lowest >= DISPATCH_LEVEL) {
        KeReleaseInStackQueuedSpinLockFromDpcLevel(Handle);
    } else {
        KeReleaseInStackQueuedSpinLock(Handle);
        *Lowest = Handle->OldIrql;
    }
}

static VOID CountByHint_ok(PDEVICE_CONTEXT Device, PKIRQL Lowest)
{
    KLOCK_QUEUE_HANDLE handle = {0};

    LockByHint_ok(Device, &handle, *Lowest);
    Device->Count++;
    UnlockByHint_ok(&handle, Lowest);
}

static VOID ByHint_ok(PDEVICE_CONTEXT Device)
{
    KIRQL lowest = PASSIVE_LEVEL;

    CountByHint_ok(Device, &lowest);
    CountByHint_ok(Device, &lowest);
}

NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PVOID block;

    AfterRelease_ok(device);
    UnderFastMutex_ok(device);
    TryLockFailed_ok(device);
    Cleanup_ok(device);
    TestsLevel_ok(device);
    StartNext_ok(device);
    TwoStrings_ok(device);
    ByHint_ok(device);
    block = AllocateFrom_ok(PagedPool, 256);
    if (block != NULL) {
        ExFreePoolWithTag(block, TAG);
    }

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
    KeInitializeEvent(&device->Done, NotificationEvent, FALSE);
    KeInitializeTimer(&device->Timer);
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    IoInitializeDpcRequest(deviceObject, DpcForIsr_ok);
    return IoConnectInterrupt(&device->Interrupt, Isr_ok, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write_ok;
    DriverObject->DriverStartIo = StartIo_ok;
    return STATUS_SUCCESS;
}
