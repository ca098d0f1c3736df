/* user-pointer-context: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    KDPC Dpc;
    ULONG_PTR Key;
    ULONG_PTR Hidden;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Fn_encodedPointer;

/* The user pointer is stored under a key. */
VOID Fn_encodedPointer(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    *(PULONG)(device->Hidden ^ device->Key) = device->Count; // expect-missed: user-pointer-context  the pointer is encoded
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    device->Hidden = (ULONG_PTR)Irp->UserBuffer ^ device->Key;
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    LARGE_INTEGER now;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    KeQuerySystemTime(&now);
    device->Key = (ULONG_PTR)now.QuadPart;
    KeInitializeDpc(&device->Dpc, Fn_encodedPointer, device);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
