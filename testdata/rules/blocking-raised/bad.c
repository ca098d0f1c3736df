/* blocking-raised: waits, sleeps and synchronous I/O at DISPATCH_LEVEL or above. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT DEVICE_CONTEXT, *PDEVICE_CONTEXT;
typedef VOID TICK_ROUTINE(PDEVICE_CONTEXT Device);

struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Lower;
    KSPIN_LOCK Lock;
    ERESOURCE Table;
    KEVENT Done;
    KDPC SleepDpc;
    KDPC DeepDpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    HANDLE File;
    TICK_ROUTINE *OnTick;
    ULONG Count;
};

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
DRIVER_STARTIO StartIo_bad;
KSERVICE_ROUTINE Isr;
KSYNCHRONIZE_ROUTINE Synchronized_bad;
KDEFERRED_ROUTINE SleepDpc_bad;
KDEFERRED_ROUTINE DeepDpc;
KDEFERRED_ROUTINE TimerDpc;

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

#define SLEEP_MS(Milliseconds)                                        \
    do {                                                              \
        LARGE_INTEGER interval_;                                      \
        interval_.QuadPart = -10000LL * (Milliseconds);               \
        KeDelayExecutionThread(KernelMode, FALSE, &interval_);        \
    } while (0)

/* Sleeps in a DPC; the call is inside a macro. */
VOID SleepDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    SLEEP_MS(device->Count); // expect: blocking-raised "DISPATCH_LEVEL"
}

/* Closes a handle three calls away from the DPC. */
static VOID CloseFile_bad(PDEVICE_CONTEXT Device)
{
    if (Device->File != NULL) {
        ZwClose(Device->File); // expect: blocking-raised "DISPATCH_LEVEL"
        Device->File = NULL;
    }
}

static VOID GiveUp(PDEVICE_CONTEXT Device)
{
    CloseFile_bad(Device);
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    GiveUp(device);
}

/* AddDevice stores it as the tick routine; the timer's DPC calls it through the field. */
static VOID SlowTick_bad(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER interval;

    interval.QuadPart = -500000;
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, &interval); // expect: blocking-raised "DISPATCH_LEVEL"
}

VOID TimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->OnTick(device);
}

static VOID SettleHardware_bad(PDEVICE_CONTEXT Device)
{
    LARGE_INTEGER interval;

    interval.QuadPart = -10 * (LONGLONG)Device->Count;
    KeDelayExecutionThread(KernelMode, FALSE, &interval); // expect: blocking-raised "DIRQL"
}

/* The interrupt service routine waits for the card. */
BOOLEAN Isr(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    SettleHardware_bad((PDEVICE_CONTEXT)Context);
    return TRUE;
}

/* Runs under the interrupt's lock. */
BOOLEAN Synchronized_bad(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    KeWaitForSingleObject(&device->Done, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DIRQL"
    return TRUE;
}

/* StartIo runs at DISPATCH_LEVEL. */
VOID StartIo_bad(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    IoForwardIrpSynchronously(device->Lower, Irp); // expect: blocking-raised "DISPATCH_LEVEL"
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoStartNextPacket(DeviceObject, FALSE);
}

/* For ever, under a spin lock of the same function. */
static VOID UnderLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* A second at most is still a wait. */
static VOID LocalTimeout_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);
    LARGE_INTEGER timeout;

    timeout.QuadPart = -10000000;
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, &timeout); // expect: blocking-raised "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* The caller decides whether to wait for the table, and decides wrongly. */
static BOOLEAN EnterTable_bad(PDEVICE_CONTEXT Device, BOOLEAN Wait)
{
    return ExAcquireResourceExclusiveLite(&Device->Table, Wait); // expect: blocking-raised "DISPATCH_LEVEL"
}

static VOID WaitPassedDown_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeEnterCriticalRegion();
    oldIrql = LockDevice(Device);
    if (EnterTable_bad(Device, TRUE)) {
        Device->Count++;
        ExReleaseResourceLite(&Device->Table);
    }
    UnlockDevice(Device, oldIrql);
    KeLeaveCriticalRegion();
}

/* The try-lock succeeded: the lock is held. */
static VOID TryLockSucceeded_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (TryLockDevice(Device, &oldIrql)) {
        KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
        UnlockDevice(Device, oldIrql);
    }
}

/* Raised by hand, with the registry behind the call. */
static VOID RaisedByHand_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = KeRaiseIrqlToDpcLevel();

    Device->Count++;
    RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"bad"); // expect: blocking-raised "DISPATCH_LEVEL"
    KeLowerIrql(oldIrql);
}

/* One way to the label still holds the lock. */
static NTSTATUS Cleanup_bad(PDEVICE_CONTEXT Device)
{
    NTSTATUS status = STATUS_SUCCESS;
    BOOLEAN locked = TRUE;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    if (Device->Count == 0) {
        status = STATUS_NO_SUCH_DEVICE;
        goto done;
    }
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    locked = FALSE;

done:
    KeWaitForSingleObject(&Device->Done, Executive, KernelMode, FALSE, NULL); // expect: blocking-raised "DISPATCH_LEVEL"
    if (locked) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
    return status;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    UnderLock_bad(device);
    LocalTimeout_bad(device);
    WaitPassedDown_bad(device);
    TryLockSucceeded_bad(device);
    RaisedByHand_bad(device);
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

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->Lower = PhysicalDeviceObject;
    device->OnTick = SlowTick_bad;
    KeInitializeSpinLock(&device->Lock);
    ExInitializeResourceLite(&device->Table);
    KeInitializeEvent(&device->Done, NotificationEvent, FALSE);
    KeInitializeDpc(&device->SleepDpc, SleepDpc_bad, device);
    KeInitializeDpc(&device->DeepDpc, DeepDpc, device);
    KeInitializeDpc(&device->TimerDpc, TimerDpc, device);
    KeInitializeTimer(&device->Timer);
    due.QuadPart = -10000000;
    KeSetTimer(&device->Timer, due, &device->TimerDpc);
    return IoConnectInterrupt(&device->Interrupt, Isr, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    DriverObject->DriverStartIo = StartIo_bad;
    return STATUS_SUCCESS;
}
