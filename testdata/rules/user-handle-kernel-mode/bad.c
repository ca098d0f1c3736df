/* user-handle-kernel-mode: handles of the requester used with the rights of the kernel. */
#include <ntddk.h>

typedef struct _REGISTER {
    HANDLE Event;
    ULONG Flags;
} REGISTER, *PREGISTER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static PKEVENT Event;

static NTSTATUS Buffered_bad(PIRP Irp)
{
    PREGISTER request = (PREGISTER)Irp->AssociatedIrp.SystemBuffer;

    return ObReferenceObjectByHandle(request->Event, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "rights of the kernel"
}

static NTSTATUS Whole_bad(PIRP Irp)
{
    HANDLE handle = *(PHANDLE)Irp->AssociatedIrp.SystemBuffer;

    if (handle == NULL) {
        return STATUS_INVALID_HANDLE;
    }
    return ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
}

static NTSTATUS Neither_bad(PIO_STACK_LOCATION Stack)
{
    PREGISTER input = (PREGISTER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    HANDLE handle;

    __try {
        ProbeForRead(input, sizeof(*input), sizeof(HANDLE));
        handle = input->Event;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
}

/* The helper cannot know; its caller does. */
static NTSTATUS Reference(HANDLE Handle, KPROCESSOR_MODE Mode)
{
    return ObReferenceObjectByHandle(Handle, 0, *ExEventObjectType, Mode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
}

static NTSTATUS Helper_bad(PIRP Irp)
{
    return Reference(((PREGISTER)Irp->AssociatedIrp.SystemBuffer)->Event, KernelMode);
}

/* The copy holds the requester's handle all the same. */
static NTSTATUS Copied_bad(PIRP Irp)
{
    REGISTER local;

    RtlCopyMemory(&local, Irp->AssociatedIrp.SystemBuffer, sizeof(local));
    return ObReferenceObjectByHandle(local.Event, 0, *ExEventObjectType, KernelMode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
}

static NTSTATUS Assigned_bad(PIRP Irp)
{
    REGISTER local = *(PREGISTER)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (local.Flags != 0) {
        status = ObReferenceObjectByHandle(local.Event, 0, NULL, KernelMode, (PVOID *)&Event, NULL); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
    }
    return status;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case 0x222000:
        status = Buffered_bad(Irp);
        break;
    case 0x222004:
        status = Whole_bad(Irp);
        break;
    case 0x22200B:
        status = Neither_bad(stack);
        break;
    case 0x22200C:
        status = Helper_bad(Irp);
        break;
    case 0x222010:
        status = Copied_bad(Irp);
        break;
    default:
        status = Assigned_bad(Irp);
        break;
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
