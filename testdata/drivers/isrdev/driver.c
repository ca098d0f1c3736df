/* isrdev: load, device creation, unload. */
#include "isrdev.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, IsrdevAddDevice)
#pragma alloc_text(PAGE, IsrdevUnload)
#endif

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);

    DriverObject->MajorFunction[IRP_MJ_CREATE] = IsrdevCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = IsrdevCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = IsrdevCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = IsrdevReadWrite;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = IsrdevReadWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = IsrdevDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = IsrdevPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = IsrdevPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = IsrdevSystemControl;
    DriverObject->DriverExtension->AddDevice = IsrdevAddDevice;
    DriverObject->DriverUnload = IsrdevUnload;

    return STATUS_SUCCESS;
}

NTSTATUS
IsrdevAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT device;
    PISRDEV_EXTENSION extension;
    NTSTATUS status;

    PAGED_CODE();

    status = IoCreateDevice(DriverObject, sizeof(ISRDEV_EXTENSION), NULL, FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    extension = (PISRDEV_EXTENSION)device->DeviceExtension;
    RtlZeroMemory(extension, sizeof(*extension));
    extension->Self = device;
    extension->Pdo = PhysicalDeviceObject;

    IoInitializeRemoveLock(&extension->RemoveLock, ISRDEV_TAG, 0, 0);
    KeInitializeSpinLock(&extension->QueueLock);
    InitializeListHead(&extension->PendingList);
    KeInitializeEvent(&extension->IdleEvent, NotificationEvent, TRUE);

    IoInitializeDpcRequest(device, IsrdevDpcForIsr);
    KeInitializeDpc(&extension->ErrorDpc, IsrdevErrorDpc, extension);
    KeInitializeDpc(&extension->WatchdogDpc, IsrdevWatchdogDpc, extension);
    KeInitializeTimer(&extension->WatchdogTimer);

    extension->Lower = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (extension->Lower == NULL) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }

    device->Flags |= DO_BUFFERED_IO | DO_POWER_PAGABLE;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

VOID
IsrdevUnload(PDRIVER_OBJECT DriverObject)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DriverObject);
    KdPrint(("isrdev: unloaded\n"));
}
