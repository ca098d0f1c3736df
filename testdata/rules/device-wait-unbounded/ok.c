/* device-wait-unbounded: loops that something else ends too, that work, or that run below
 * DISPATCH_LEVEL. */
#include <ntddk.h>

#include "registers.h"

enum { MAX_POLLS = 100 };

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_ok;
KDEFERRED_ROUTINE Dpc_ok;

/* Serves the device until it has nothing more: every round gets on. */
BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = Context;
    BOOLEAN ours = FALSE;
    ULONG status;

    UNREFERENCED_PARAMETER(Interrupt);
    while (((status = READ_STATUS(device)) & STATUS_READY) != 0) {
        WRITE_REGISTER_ULONG(&device->Registers->Status, status);
        ours = TRUE;
    }
    return ours;
}

/* A counter. */
VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = Context;
    ULONG tries = 0;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    while ((READ_STATUS(device) & STATUS_BUSY) != 0 && tries < MAX_POLLS) {
        KeStallExecutionProcessor(1);
        tries++;
    }
}

/* The limit stands in the middle. */
static BOOLEAN Return_ok(PDEVICE_CONTEXT Device)
{
    ULONG left = MAX_POLLS;

    for (;;) {
        if ((READ_STATUS(Device) & STATUS_BUSY) == 0) {
            return TRUE;
        }
        if (--left == 0) {
            return FALSE;
        }
        YieldProcessor();
    }
}

/* A clock. */
static VOID Clock_ok(PDEVICE_CONTEXT Device)
{
    ULONGLONG end = KeQueryInterruptTime() + 500;

    do {
        if ((READ_STATUS(Device) & STATUS_READY) != 0) {
            break;
        }
    } while (KeQueryInterruptTime() < end);
}

/* A flag that the removal of the device sets; in the open, and within a function. */
static VOID Flag_ok(PDEVICE_CONTEXT Device)
{
    while (!Device->Removed && (READ_STATUS(Device) & STATUS_BUSY) != 0) {
        YieldProcessor();
    }
    while (WrapIsBusyAndPresent(Device)) {
        YieldProcessor();
    }
}

/* Empties a buffer of the device. */
static VOID Drain_ok(PDEVICE_CONTEXT Device)
{
    while ((READ_STATUS(Device) & STATUS_READY) != 0) {
        (VOID)READ_REGISTER_ULONG(&Device->Registers->Data);
    }
}

/* The register decides whether to go on, the counter whether it is asked again. */
static VOID Count_ok(PDEVICE_CONTEXT Device)
{
    ULONG i;
    ULONG ready = 0;

    for (i = 0; i < MAX_POLLS; i++) {
        if (WrapIsBusy(Device)) {
            ready++;
        }
    }
    Device->LastStatus = ready;
}

/* At PASSIVE_LEVEL others can run meanwhile. */
static VOID Passive_ok(PDEVICE_CONTEXT Device)
{
    while (WrapIsBusy(Device)) {
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = DeviceObject->DeviceExtension;
    KIRQL oldIrql;

    Passive_ok(device);
    KeAcquireSpinLock(&device->Lock, &oldIrql);
    Return_ok(device);
    Clock_ok(device);
    Flag_ok(device);
    Drain_ok(device);
    Count_ok(device);
    KeReleaseSpinLock(&device->Lock, oldIrql);

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
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
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
