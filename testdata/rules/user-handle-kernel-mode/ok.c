/* user-handle-kernel-mode: the object manager checks, or the handle is the driver's own. */
#include <ntddk.h>

typedef struct _REGISTER {
    HANDLE Event;
    ULONG Flags;
} REGISTER, *PREGISTER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
KSTART_ROUTINE Thread_ok;

static PKEVENT Event;
static PVOID ThreadObject;

static NTSTATUS User_ok(PIRP Irp)
{
    PREGISTER request = (PREGISTER)Irp->AssociatedIrp.SystemBuffer;

    return ObReferenceObjectByHandle(request->Event, EVENT_MODIFY_STATE, *ExEventObjectType,
                                     UserMode, (PVOID *)&Event, NULL);
}

static NTSTATUS Requestor_ok(PIRP Irp)
{
    PREGISTER request = (PREGISTER)Irp->AssociatedIrp.SystemBuffer;

    return ObReferenceObjectByHandle(request->Event, EVENT_MODIFY_STATE, *ExEventObjectType,
                                     Irp->RequestorMode, (PVOID *)&Event, NULL);
}

static NTSTATUS Previous_ok(PIRP Irp)
{
    HANDLE handle = *(PHANDLE)Irp->AssociatedIrp.SystemBuffer;

    return ObReferenceObjectByHandle(handle, 0, NULL, ExGetPreviousMode(), (PVOID *)&Event, NULL);
}

VOID Thread_ok(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* A handle that the driver made. */
static NTSTATUS Own_ok(VOID)
{
    HANDLE handle;
    NTSTATUS status =
        PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_ok, NULL);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                       &ThreadObject, NULL);
    ZwClose(handle);
    return status;
}

/* The copy's handle is replaced by one of the driver's. */
static NTSTATUS Replaced_ok(PIRP Irp, HANDLE Mine)
{
    REGISTER local;

    RtlCopyMemory(&local, Irp->AssociatedIrp.SystemBuffer, sizeof(local));
    local.Event = Mine;
    return ObReferenceObjectByHandle(local.Event, 0, *ExEventObjectType, KernelMode,
                                     (PVOID *)&Event, NULL);
}

static NTSTATUS Reference(HANDLE Handle, KPROCESSOR_MODE Mode)
{
    return ObReferenceObjectByHandle(Handle, 0, *ExEventObjectType, Mode, (PVOID *)&Event, NULL);
}

static NTSTATUS Helper_ok(PIRP Irp)
{
    return Reference(((PREGISTER)Irp->AssociatedIrp.SystemBuffer)->Event, UserMode);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    status = User_ok(Irp);
    if (NT_SUCCESS(status)) {
        status = Requestor_ok(Irp);
    }
    if (NT_SUCCESS(status)) {
        status = Previous_ok(Irp);
    }
    if (NT_SUCCESS(status)) {
        status = Own_ok();
    }
    if (NT_SUCCESS(status)) {
        status = Replaced_ok(Irp, NULL);
    }
    if (NT_SUCCESS(status)) {
        status = Helper_ok(Irp);
    }
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
