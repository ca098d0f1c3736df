/* user-pointer-unprobed: probed by the driver, by the system, or no address of a user. */
#include <ntddk.h>

#define IOCTL_PROBED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_ALIAS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_WRAPPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_MODE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INNER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_BY_HAND CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_LOCKED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x906, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_OFFSET CTL_CODE(FILE_DEVICE_UNKNOWN, 0x907, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KERNEL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x908, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_REPLACED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x909, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _TRANSFER {
    PUCHAR Data;
    ULONG Length;
    ULONG Offset;
} TRANSFER, *PTRANSFER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl_ok;
DRIVER_DISPATCH Read_ok;
DRIVER_DISPATCH Internal_ok;

static UCHAR Store[256];

static VOID Probed_ok(PIO_STACK_LOCATION Stack)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    ProbeForRead(input, sizeof(*input), sizeof(PVOID));
    Store[0] = (UCHAR)input->Length;
}

/* The same address under another name. */
static VOID Alias_ok(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    PULONG output = (PULONG)Irp->UserBuffer;

    ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(*input), 1);
    ProbeForWrite(output, sizeof(ULONG), sizeof(ULONG));
    *(PULONG)Irp->UserBuffer = input->Length;
}

/* A helper that probes what it is given. */
static VOID ProbeSmall(PVOID Address, SIZE_T Length)
{
    if (Length != 0) {
        ProbeForRead(Address, Length, 1);
    } else {
        ExRaiseStatus(STATUS_INVALID_PARAMETER);
    }
}

static VOID Wrapper_ok(PIO_STACK_LOCATION Stack)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    ProbeSmall(input, sizeof(*input));
    Store[1] = (UCHAR)input->Length;
}

/* The kernel's own requests need no probe. */
static VOID Mode_ok(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    if (Irp->RequestorMode != KernelMode) {
        ProbeForRead(input, sizeof(*input), 1);
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), 1);
    }
    *(PULONG)Irp->UserBuffer = input->Length;
}

static VOID PreviousMode_ok(PIO_STACK_LOCATION Stack)
{
    KPROCESSOR_MODE mode = ExGetPreviousMode();

    if (mode == UserMode) {
        ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(TRANSFER), 1);
    }
    Store[2] = (UCHAR)((PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer)->Length;
}

static VOID Inner_ok(PIO_STACK_LOCATION Stack)
{
    TRANSFER local;

    ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local), 1);
    local = *(PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    if (local.Length <= sizeof(Store)) {
        ProbeForRead(local.Data, local.Length, 1);
        RtlCopyMemory(Store, local.Data, local.Length);
    }
}

/* Compares with the limit of user addresses. */
static NTSTATUS ByHand_ok(PIO_STACK_LOCATION Stack)
{
    PUCHAR input = (PUCHAR)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    if ((ULONG_PTR)input >= (ULONG_PTR)MM_USER_PROBE_ADDRESS) {
        return STATUS_ACCESS_VIOLATION;
    }
    Store[3] = *input;
    return STATUS_SUCCESS;
}

static NTSTATUS Locked_ok(PIRP Irp)
{
    PMDL mdl = IoAllocateMdl(Irp->UserBuffer, sizeof(ULONG), FALSE, FALSE, NULL);
    PULONG address;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    address = (PULONG)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (address != NULL) {
        *address = Store[0];
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
    return STATUS_SUCCESS;
}

/* A number of the requester is no address. */
static NTSTATUS Offset_ok(PIRP Irp)
{
    PTRANSFER request = (PTRANSFER)Irp->AssociatedIrp.SystemBuffer;

    if (request->Offset >= sizeof(Store)) {
        return STATUS_INVALID_PARAMETER;
    }
    request->Length = *(Store + request->Offset);
    return STATUS_SUCCESS;
}

static VOID UseKernelAddress(PIO_STACK_LOCATION Stack)
{
    Store[4] = *(PUCHAR)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
}

static NTSTATUS Kernel_ok(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    if (Irp->RequestorMode == UserMode) {
        return STATUS_ACCESS_DENIED;
    }
    UseKernelAddress(Stack);
    return STATUS_SUCCESS;
}

/* The pointer in the copy is replaced by one of the driver's. */
static VOID Replaced_ok(PIO_STACK_LOCATION Stack)
{
    TRANSFER local;

    ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local), 1);
    RtlCopyMemory(&local, Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local));
    local.Data = Store;
    *local.Data = 1;
}

static NTSTATUS Control(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_PROBED:
        Probed_ok(Stack);
        return STATUS_SUCCESS;
    case IOCTL_ALIAS:
        Alias_ok(Irp, Stack);
        return STATUS_SUCCESS;
    case IOCTL_WRAPPER:
        Wrapper_ok(Stack);
        return STATUS_SUCCESS;
    case IOCTL_MODE:
        Mode_ok(Irp, Stack);
        PreviousMode_ok(Stack);
        return STATUS_SUCCESS;
    case IOCTL_INNER:
        Inner_ok(Stack);
        return STATUS_SUCCESS;
    case IOCTL_BY_HAND:
        return ByHand_ok(Stack);
    case IOCTL_LOCKED:
        return Locked_ok(Irp);
    case IOCTL_OFFSET:
        return Offset_ok(Irp);
    case IOCTL_KERNEL:
        return Kernel_ok(Irp, Stack);
    case IOCTL_REPLACED:
        Replaced_ok(Stack);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

/* The handler of the caller is enough. */
NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    __try {
        status = Control(Irp, IoGetCurrentIrpStackLocation(Irp));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

/* The system has probed the buffer of a read. */
NTSTATUS Read_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    __try {
        RtlCopyMemory(Irp->UserBuffer, Store, 16);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

/* Another driver's buffer. */
NTSTATUS Internal_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    *(PULONG)Irp->UserBuffer = Store[0];
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read_ok;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = Internal_ok;
    return STATUS_SUCCESS;
}
