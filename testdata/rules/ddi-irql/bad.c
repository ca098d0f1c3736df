/* ddi-irql: kernel routines called above or below the levels they allow. */
#include <ntddk.h>

#define TAG 'dabI'

typedef struct _DEVICE_CONTEXT DEVICE_CONTEXT, *PDEVICE_CONTEXT;
typedef VOID FORMAT_ROUTINE(PDEVICE_CONTEXT Device);

struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KEVENT Done;
    KSEMAPHORE Slots;
    KDPC PoolDpc;
    KDPC DeepDpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    PIO_WORKITEM WorkItem;
    UNICODE_STRING Link;
    UNICODE_STRING Text;
    FORMAT_ROUTINE *Format;
    HANDLE Handle;
    PVOID Object;
    PVOID Buffer;
    WCHAR Letter;
    ULONG Count;
};

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_bad;
KSYNCHRONIZE_ROUTINE Synchronized_bad;
KDEFERRED_ROUTINE PoolDpc_bad;
KDEFERRED_ROUTINE DeepDpc;
KDEFERRED_ROUTINE TimerDpc;
IO_WORKITEM_ROUTINE Worker_bad;

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

/* Paged pool in a DPC. */
VOID PoolDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Buffer = ExAllocatePoolWithTag(PagedPool, 64, TAG); // expect: ddi-irql "DISPATCH_LEVEL"
}

/* Three calls away from the DPC. */
static VOID FormatCount_bad(PDEVICE_CONTEXT Device)
{
    RtlIntegerToUnicodeString(Device->Count, 10, &Device->Text); // expect: ddi-irql "DISPATCH_LEVEL"
}

static VOID Report(PDEVICE_CONTEXT Device)
{
    FormatCount_bad(Device);
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Report(device);
}

/* AddDevice stores it; the timer's DPC calls it through the field. */
static VOID UpcaseLetter_bad(PDEVICE_CONTEXT Device)
{
    Device->Letter = RtlUpcaseUnicodeChar(Device->Letter); // expect: ddi-irql "DISPATCH_LEVEL"
}

VOID TimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Format(device);
}

/* Events and requests belong into the DPC. */
static VOID Announce_bad(PDEVICE_CONTEXT Device)
{
    KeSetEvent(&Device->Done, IO_NO_INCREMENT, FALSE); // expect: ddi-irql "DIRQL"
}

BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    device->Count++;
    Announce_bad(device);
    IoQueueWorkItem(device->WorkItem, Worker_bad, DelayedWorkQueue, device); // expect: ddi-irql "DIRQL"
    return TRUE;
}

/* Runs under the interrupt's lock. */
BOOLEAN Synchronized_bad(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    KeCancelTimer(&device->Timer); // expect: ddi-irql "DIRQL"
    return TRUE;
}

/* The level of a work item is too low, not too high. */
VOID Worker_bad(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    IoStartNextPacket(DeviceObject, FALSE); // expect: ddi-irql "PASSIVE_LEVEL"
}

static VOID UnderLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    ObReferenceObjectByHandle(Device->Handle, 0, NULL, KernelMode, &Device->Object, NULL); // expect: ddi-irql "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

static VOID UnderOwnLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    KeInitializeSemaphore(&Device->Slots, 4, 4); // expect: ddi-irql "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* The flags form of the same mistake. */
static VOID PoolFlags_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = KeRaiseIrqlToDpcLevel();

    Device->Buffer = ExAllocatePool2(POOL_FLAG_PAGED, 64, TAG); // expect: ddi-irql "DISPATCH_LEVEL"
    KeLowerIrql(oldIrql);
}

/* The caller chooses the pool. */
static PVOID AllocateFrom_bad(POOL_TYPE Type, SIZE_T Size)
{
    return ExAllocatePoolWithTag(Type, Size, TAG); // expect: ddi-irql "DISPATCH_LEVEL"
}

static VOID PoolPassedDown_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    if (Device->Buffer == NULL) {
        Device->Buffer = AllocateFrom_bad(PagedPool, 128);
    }
    UnlockDevice(Device, oldIrql);
}

/* Wait = TRUE promises a wait that this level forbids. */
static VOID SetAndWait_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    KeSetEvent(&Device->Done, IO_NO_INCREMENT, TRUE); // expect: ddi-irql "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* A fast mutex raises to APC_LEVEL. */
static VOID UnderFastMutex_bad(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    IoDeleteSymbolicLink(&Device->Link); // expect: ddi-irql "APC_LEVEL"
    ExReleaseFastMutex(&Device->Mutex);
}

static VOID TryLockSucceeded_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (!TryLockDevice(Device, &oldIrql)) {
        return;
    }
    RtlUnicodeStringToInteger(&Device->Text, 10, &Device->Count); // expect: ddi-irql "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* One way to the label still holds the lock. */
static VOID Cleanup_bad(PDEVICE_CONTEXT Device)
{
    BOOLEAN locked = TRUE;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    if (Device->Count == 0) {
        goto done;
    }
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    locked = FALSE;

done:
    RtlFreeUnicodeString(&Device->Text); // expect: ddi-irql "DISPATCH_LEVEL"
    if (locked) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    UnderLock_bad(device);
    UnderOwnLock_bad(device);
    PoolFlags_bad(device);
    PoolPassedDown_bad(device);
    SetAndWait_bad(device);
    UnderFastMutex_bad(device);
    TryLockSucceeded_bad(device);
    Cleanup_bad(device);
    KeSynchronizeExecution(device->Interrupt, Synchronized_bad, device);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    LARGE_INTEGER due;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->Self = deviceObject;
    device->Format = UpcaseLetter_bad;
    device->WorkItem = IoAllocateWorkItem(deviceObject);
    KeInitializeSpinLock(&device->Lock);
    ExInitializeFastMutex(&device->Mutex);
    KeInitializeEvent(&device->Done, NotificationEvent, FALSE);
    KeInitializeDpc(&device->PoolDpc, PoolDpc_bad, device);
    KeInitializeDpc(&device->DeepDpc, DeepDpc, device);
    KeInitializeDpc(&device->TimerDpc, TimerDpc, device);
    KeInitializeTimer(&device->Timer);
    due.QuadPart = -10000000;
    KeSetTimer(&device->Timer, due, &device->TimerDpc);
    return IoConnectInterrupt(&device->Interrupt, Isr_bad, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
