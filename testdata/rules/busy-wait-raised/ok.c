/* busy-wait-raised: short stalls, and long ones below DISPATCH_LEVEL. */
#include <ntddk.h>

#define RESET_DELAY_US 50
enum { SETTLE_US = 500 };

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
KDEFERRED_ROUTINE Dpc_ok;
KDEFERRED_ROUTINE DeepDpc;
KSERVICE_ROUTINE Isr_ok;

/* As long as is allowed. */
VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeStallExecutionProcessor(RESET_DELAY_US);
}

/* Long for the dispatch routine, short for the DPC. */
static VOID Delay_ok(ULONG Microseconds)
{
    KeStallExecutionProcessor(Microseconds);
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Delay_ok(10);
}

BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    KeStallExecutionProcessor(1);
    return TRUE;
}

static VOID AfterRelease_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    Device->Revision++;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
    KeStallExecutionProcessor(SETTLE_US);
}

static VOID TestsLevel_ok(VOID)
{
    if (KeGetCurrentIrql() < DISPATCH_LEVEL) {
        KeStallExecutionProcessor(SETTLE_US);
    }
}

static VOID UnderLock_ok(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    TestsLevel_ok();
    KeStallExecutionProcessor(Device->Revision > 2 ? 20 : 40);
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    Delay_ok(1000);
    AfterRelease_ok(device);
    TestsLevel_ok();
    UnderLock_ok(device);

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
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    KeInitializeDpc(&device->DeepDpc, DeepDpc, device);
    return IoConnectInterrupt(&device->Interrupt, Isr_ok, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
