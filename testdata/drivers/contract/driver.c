/* Set-up and requests. */
#include "contract.h"

NTSTATUS ContractRead(PDEVICE_OBJECT Device, PIRP Irp)
{
    PCONTRACT_EXTENSION extension = Device->DeviceExtension;
    KIRQL irql;

    KeAcquireSpinLock(&extension->Lock, &irql);
    if (ContractPending(extension) > extension->Limit) {
        ContractSetLimit(extension, extension->Pending); // expect: annotation-exceeded "DISPATCH_LEVEL"
    }
    KeReleaseSpinLock(&extension->Lock, irql);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

VOID ContractUnload(PDRIVER_OBJECT Driver)
{
    ContractDrain(Driver->DeviceObject->DeviceExtension);
    IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS ContractAddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Physical)
{
    PCONTRACT_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Physical);
    status = IoCreateDevice(Driver, sizeof(CONTRACT_EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
                            &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = device->DeviceExtension;
    extension->Self = device;
    KeInitializeSpinLock(&extension->Lock);
    KeInitializeEvent(&extension->Idle, NotificationEvent, FALSE);
    KeInitializeDpc(&extension->Dpc, (PKDEFERRED_ROUTINE)ContractDpc, extension); // expect: role-mismatch "IO_WORKITEM_ROUTINE"
    ContractSetLimit(extension, 16);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->DriverExtension->AddDevice = ContractAddDevice;
    Driver->DriverUnload = ContractUnload;
    Driver->MajorFunction[IRP_MJ_READ] = ContractRead;
    Driver->MajorFunction[IRP_MJ_WRITE] = ContractRead; // expect: dispatch-type-mismatch "IRP_MJ_READ"
    return STATUS_SUCCESS;
}
