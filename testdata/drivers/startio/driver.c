/* startio: load, device creation, Plug and Play, dispatch routines. */
#include "startio.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, StartioAddDevice)
#pragma alloc_text(PAGE, StartioUnload)
#pragma alloc_text(PAGE, StartioCreateClose)
#pragma alloc_text(PAGE, StartioDeviceControl)
#pragma alloc_text(PAGE, StartioPnp)
#endif

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);

    DriverObject->MajorFunction[IRP_MJ_CREATE] = StartioCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = StartioCreateClose;
    DriverObject->MajorFunction[IRP_MJ_READ] = StartioReadWrite;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = StartioReadWrite;
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = StartioReadWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = StartioDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = StartioPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = StartioPower;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = StartioPassDown;
    DriverObject->DriverStartIo = StartioStartIo;
    DriverObject->DriverExtension->AddDevice = StartioAddDevice;
    DriverObject->DriverUnload = StartioUnload;
    return STATUS_SUCCESS;
}

NTSTATUS
StartioAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PSTARTIO_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    PAGED_CODE();

    status = IoCreateDevice(DriverObject, sizeof(STARTIO_EXTENSION), NULL,
                            FILE_DEVICE_SERIAL_PORT, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    extension = (PSTARTIO_EXTENSION)device->DeviceExtension;
    RtlZeroMemory(extension, sizeof(*extension));
    extension->Self = device;
    IoInitializeRemoveLock(&extension->RemoveLock, STARTIO_TAG, 0, 0);
    extension->RetryItem = IoAllocateWorkItem(device);
    if (extension->RetryItem == NULL) {
        IoDeleteDevice(device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    extension->Lower = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (extension->Lower == NULL) {
        IoFreeWorkItem(extension->RetryItem);
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    ExInitializePagedLookasideList(&extension->FrameList, NULL, NULL, 0, sizeof(STARTIO_FRAME),
                                   STARTIO_TAG, 0);
    extension->ReserveFrame = ExAllocateFromPagedLookasideList(&extension->FrameList);

    device->Flags |= extension->Lower->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
    device->Flags |= DO_POWER_PAGABLE;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

VOID
StartioUnload(PDRIVER_OBJECT DriverObject)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS
StartioCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DeviceObject);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS
StartioReadWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    NTSTATUS status;

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        Irp->IoStatus.Status = status;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return status;
    }

    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, NULL, StartioCancel);
    return STATUS_PENDING;
}

NTSTATUS
StartioDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;

    PAGED_CODE();

    if (stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_STARTIO_SET_STATUS_WORD) {
        if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            status = STATUS_BUFFER_TOO_SMALL;
        } else {
            extension->StatusWord = (PULONG)Irp->UserBuffer;
            status = STATUS_SUCCESS;
        }
    }

    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS
StartioPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;
    UCHAR minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    PDEVICE_OBJECT lower = extension->Lower;
    NTSTATUS status;

    PAGED_CODE();

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        Irp->IoStatus.Status = status;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return status;
    }

    if (minor == IRP_MN_START_DEVICE) {
        if (IoForwardIrpSynchronously(lower, Irp)) {
            status = Irp->IoStatus.Status;
        } else {
            status = STATUS_UNSUCCESSFUL;
        }
        StartioComplete(extension, Irp, status, 0);
        return status;
    }

    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(lower, Irp);
    if (minor == IRP_MN_REMOVE_DEVICE) {
        IoReleaseRemoveLockAndWait(&extension->RemoveLock, Irp);
        ExDeletePagedLookasideList(&extension->FrameList);
        IoFreeWorkItem(extension->RetryItem);
        IoDetachDevice(lower);
        IoDeleteDevice(DeviceObject);
    } else {
        IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    }
    return status;
}

NTSTATUS
StartioPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;

    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(extension->Lower, Irp);
}

NTSTATUS
StartioPassDown(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTARTIO_EXTENSION extension = (PSTARTIO_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->Lower, Irp);
}
