/* busy-wait-raised: long stalls at DISPATCH_LEVEL or above. */
#include <ntddk.h>

#define RESET_DELAY_US 1000
#define MS_TO_US(ms) ((ms) * 1000)

enum { SETTLE_US = 51 };

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    KDPC Dpc;
    KDPC DeepDpc;
    PKINTERRUPT Interrupt;
    ULONG Revision;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Dpc_bad;
KDEFERRED_ROUTINE DeepDpc;
KSERVICE_ROUTINE Isr_bad;

VOID Dpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeStallExecutionProcessor(RESET_DELAY_US); // expect: busy-wait-raised "DISPATCH_LEVEL"
}

/* The wrapper has the call, its caller the interval. */
static VOID DelayMilliseconds_bad(ULONG Milliseconds)
{
    KeStallExecutionProcessor(Milliseconds * 1000); // expect: busy-wait-raised "DISPATCH_LEVEL"
}

static VOID Recover(PDEVICE_CONTEXT Device)
{
    UNREFERENCED_PARAMETER(Device);
    DelayMilliseconds_bad(2);
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Recover((PDEVICE_CONTEXT)Context);
}

BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    KeStallExecutionProcessor(100); // expect: busy-wait-raised "DIRQL"
    return TRUE;
}

static VOID UnderLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    KeStallExecutionProcessor(MS_TO_US(5)); // expect: busy-wait-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* One more than is allowed. */
static VOID RaisedByHand_bad(VOID)
{
    KIRQL oldIrql;

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
    KeStallExecutionProcessor(SETTLE_US); // expect: busy-wait-raised "DISPATCH_LEVEL"
    KeLowerIrql(oldIrql);
}

/* A local that holds a long interval on either way. */
static VOID EitherWay_bad(PDEVICE_CONTEXT Device)
{
    ULONG delay = 200;
    KIRQL oldIrql;

    if (Device->Revision > 2) {
        delay = 100;
    }
    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    KeStallExecutionProcessor(delay); // expect: busy-wait-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    UnderLock_bad(device);
    RaisedByHand_bad();
    EitherWay_bad(device);

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
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->Dpc, Dpc_bad, device);
    KeInitializeDpc(&device->DeepDpc, DeepDpc, device);
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
