/* device-wait-unbounded: loops that only the device can end, at DISPATCH_LEVEL or above. */
#include <ntddk.h>

#include "registers.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_bad;
KDEFERRED_ROUTINE Dpc_bad;
KSYNCHRONIZE_ROUTINE Synchronized_bad;

BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = Context;

    UNREFERENCED_PARAMETER(Interrupt);
    while (READ_REGISTER_ULONG(&device->Registers->Status) & STATUS_BUSY) // expect: device-wait-unbounded "DIRQL"
        ;
    return TRUE;
}

/* The value goes through a variable, with a stall between the reads. */
VOID Dpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = Context;
    ULONG status;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    do {
        KeStallExecutionProcessor(1);
        status = READ_STATUS(device); // expect: device-wait-unbounded "DISPATCH_LEVEL"
        status &= STATUS_READY;
    } while (status == 0);
}

/* The way out is a break, the condition of the loop none. */
static VOID Break_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    for (;;) {
        UCHAR value = READ_PORT_UCHAR(Device->Port + 5); // expect: device-wait-unbounded "DISPATCH_LEVEL"

        if (value == 0x20) {
            break;
        }
        YieldProcessor();
    }
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* The register's value is kept in the device's state. */
static VOID Kept_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    WRITE_REGISTER_ULONG(&Device->Registers->Reset, 1);
    do {
        Device->LastStatus = READ_STATUS(Device); // expect: device-wait-unbounded "DISPATCH_LEVEL"
    } while ((Device->LastStatus & Device->BusyMask) != 0);
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* Through a function of the header that hands the register on. */
static VOID Wrapped_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql);
    while ((WrapReadStatus(Device) & STATUS_READY) == 0) { // expect: device-wait-unbounded "DISPATCH_LEVEL"
        KeStallExecutionProcessor(10);
    }
    KeLowerIrql(oldIrql);
}

/* … or makes a yes or no of it. */
BOOLEAN Synchronized_bad(PVOID Context)
{
    PDEVICE_CONTEXT device = Context;

    while (WrapIsBusy(device)) { // expect: device-wait-unbounded "DIRQL"
    }
    return TRUE;
}

/* Two ways out, both in the hands of the device, inside a loop that is bounded. */
static VOID Nested_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;
    ULONG i;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    for (i = 0; i < 4; i++) {
        WRITE_REGISTER_ULONG(&Device->Registers->Control, i);
        for (;;) {
            ULONG status = READ_STATUS(Device); // expect: device-wait-unbounded "DISPATCH_LEVEL"

            if ((status & STATUS_BUSY) == 0 || (status & STATUS_READY) != 0) {
                break;
            }
        }
    }
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = DeviceObject->DeviceExtension;

    Break_bad(device);
    Kept_bad(device);
    Wrapped_bad(device);
    Nested_bad(device);
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
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = deviceObject->DeviceExtension;
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->Dpc, Dpc_bad, device);
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
