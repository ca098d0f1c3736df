/* user-pointer-context: the right thread at the wrong time, or attached to the wrong process. */
#include <ntifs.h>

#define IOCTL_PEEK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SHARE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SIGNAL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static PEPROCESS Target;
static PVOID Shared;

/* Probed in the requester's process, read in another one. */
static ULONG Fn_attached(PULONG Address)
{
    KAPC_STATE state;
    ULONG value = 0;

    __try {
        ProbeForRead(Address, sizeof(ULONG), sizeof(ULONG));
        KeStackAttachProcess(Target, &state);
        value = *Address; // expect-missed: user-pointer-context  attaching is taken to be to the process that the address belongs to
        KeUnstackDetachProcess(&state);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        value = 0;
    }
    return value;
}

/* The address came with an earlier request, perhaps of another process. */
static VOID Fn_laterRequest(VOID)
{
    __try {
        ProbeForWrite(Shared, sizeof(ULONG), sizeof(ULONG));
        *(PULONG)Shared = 1; // expect-missed: user-pointer-context  which request brought the address is not known
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Shared = NULL;
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_PEEK:
        Irp->IoStatus.Information = Fn_attached(stack->Parameters.DeviceIoControl.Type3InputBuffer);
        break;
    case IOCTL_SHARE:
        Shared = stack->Parameters.DeviceIoControl.Type3InputBuffer;
        break;
    case IOCTL_SIGNAL:
        Fn_laterRequest();
        break;
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
