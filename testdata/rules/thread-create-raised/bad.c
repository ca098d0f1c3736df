/* thread-create-raised: system threads created above PASSIVE_LEVEL. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT DEVICE_CONTEXT, *PDEVICE_CONTEXT;
typedef VOID START_ROUTINE(PDEVICE_CONTEXT Device);

struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KDPC DirectDpc;
    KDPC DeepDpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    START_ROUTINE *Start;
    HANDLE Thread;
    ULONG Count;
};

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_bad;
KDEFERRED_ROUTINE DirectDpc_bad;
KDEFERRED_ROUTINE DeepDpc;
KDEFERRED_ROUTINE TimerDpc;
KSTART_ROUTINE ThreadMain;

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

#define START_THREAD(Device) \
    PsCreateSystemThread(&(Device)->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device)

/* In the DPC itself. */
VOID DirectDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, device); // expect: thread-create-raised "DISPATCH_LEVEL"
}

/* Three calls away from the DPC. */
static NTSTATUS Spawn_bad(PDEVICE_CONTEXT Device)
{
    return PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "DISPATCH_LEVEL"
}

static VOID Recover(PDEVICE_CONTEXT Device)
{
    if (Device->Count > 3) {
        Spawn_bad(Device);
    }
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Recover(device);
}

/* Reached through a field from the timer's DPC. */
static VOID StartFromField_bad(PDEVICE_CONTEXT Device)
{
    START_THREAD(Device); // expect: thread-create-raised "DISPATCH_LEVEL"
}

VOID TimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Start(device);
}

BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, device); // expect: thread-create-raised "DIRQL"
    return TRUE;
}

static VOID UnderLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    if (Device->Thread == NULL) {
        PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "DISPATCH_LEVEL"
    }
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

static VOID UnderOwnLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    IoCreateSystemThread(Device->Self, &Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* APC_LEVEL is too high already. */
static VOID UnderFastMutex_bad(PDEVICE_CONTEXT Device)
{
    ExAcquireFastMutex(&Device->Mutex);
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "APC_LEVEL"
    ExReleaseFastMutex(&Device->Mutex);
}

static VOID RaisedByHand_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeRaiseIrql(APC_LEVEL, &oldIrql);
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "APC_LEVEL"
    KeLowerIrql(oldIrql);
}

static VOID TryLockSucceeded_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (!TryLockDevice(Device, &oldIrql)) {
        return;
    }
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

static VOID TryMutexSucceeded_bad(PDEVICE_CONTEXT Device)
{
    if (ExTryToAcquireFastMutex(&Device->Mutex)) {
        PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect: thread-create-raised "APC_LEVEL"
        ExReleaseFastMutex(&Device->Mutex);
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    UnderLock_bad(device);
    UnderOwnLock_bad(device);
    UnderFastMutex_bad(device);
    RaisedByHand_bad(device);
    TryLockSucceeded_bad(device);
    TryMutexSucceeded_bad(device);

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
    device->Start = StartFromField_bad;
    KeInitializeSpinLock(&device->Lock);
    ExInitializeFastMutex(&device->Mutex);
    KeInitializeDpc(&device->DirectDpc, DirectDpc_bad, device);
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
