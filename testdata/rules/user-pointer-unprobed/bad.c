/* user-pointer-unprobed: addresses of the requester used before anything checked them. */
#include <ntddk.h>

/* METHOD_NEITHER but for the one that says otherwise. */
#define IOCTL_READ_VALUE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_WRITE_VALUE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_CAPTURE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INNER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_BUFFERED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_COPIED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_HELPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x906, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_WRONG CTL_CODE(FILE_DEVICE_UNKNOWN, 0x907, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _TRANSFER {
    PUCHAR Data;
    ULONG Length;
} TRANSFER, *PTRANSFER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static ULONG Total;
static UCHAR Store[64];

/* The handler does not help: a kernel address is read without an exception. */
static NTSTATUS ReadValue_bad(PIO_STACK_LOCATION Stack)
{
    PULONG input = (PULONG)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    __try {
        Total += *input; // expect: user-pointer-unprobed "input is read"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Writes wherever the requester says. */
static NTSTATUS WriteValue_bad(PIRP Irp)
{
    __try {
        *(PULONG)Irp->UserBuffer = Total; // expect: user-pointer-unprobed "IRP.UserBuffer is written"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* One finding for an address, at its first use. */
static NTSTATUS Capture_bad(PIO_STACK_LOCATION Stack, PTRANSFER Transfer)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    __try {
        RtlCopyMemory(Transfer, input, sizeof(*input)); // expect: user-pointer-unprobed "read by RtlCopyMemory"
        Total = input->Length;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* The structure is probed, what it points at is not. */
static NTSTATUS Inner_bad(PIO_STACK_LOCATION Stack)
{
    PTRANSFER input = (PTRANSFER)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    PUCHAR data;

    __try {
        ProbeForRead(input, sizeof(*input), sizeof(PVOID));
        data = input->Data;
        Store[0] = data[0]; // expect: user-pointer-unprobed "data is read"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* The copy of a buffered request is safe, the pointer in it is the requester's. */
static NTSTATUS Buffered_bad(PIRP Irp)
{
    PTRANSFER request = (PTRANSFER)Irp->AssociatedIrp.SystemBuffer;

    __try {
        RtlZeroMemory(request->Data, 16); // expect: user-pointer-unprobed "written by RtlZeroMemory"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Copied with care, then the pointer in the copy is trusted. */
static NTSTATUS Copied_bad(PIO_STACK_LOCATION Stack)
{
    TRANSFER local;

    __try {
        ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local), 1);
        RtlCopyMemory(&local, Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local));
        *local.Data = 1; // expect: user-pointer-unprobed "is written"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static VOID Put(PULONG Target, ULONG Value)
{
    *Target = Value; // expect: user-pointer-unprobed "Target is written"
}

static NTSTATUS Helper_bad(PIRP Irp)
{
    __try {
        Put((PULONG)Irp->UserBuffer, Total);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Probes the input, writes the output. */
static NTSTATUS Wrong_bad(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PULONG input = (PULONG)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    PULONG output = (PULONG)Irp->UserBuffer;

    __try {
        ProbeForRead(input, sizeof(ULONG), sizeof(ULONG));
        *output = *input; // expect: user-pointer-unprobed "output is written"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    TRANSFER transfer;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_READ_VALUE:
        status = ReadValue_bad(stack);
        break;
    case IOCTL_WRITE_VALUE:
        status = WriteValue_bad(Irp);
        break;
    case IOCTL_CAPTURE:
        status = Capture_bad(stack, &transfer);
        break;
    case IOCTL_INNER:
        status = Inner_bad(stack);
        break;
    case IOCTL_BUFFERED:
        status = Buffered_bad(Irp);
        break;
    case IOCTL_COPIED:
        status = Copied_bad(stack);
        break;
    case IOCTL_HELPER:
        status = Helper_bad(Irp);
        break;
    case IOCTL_WRONG:
        status = Wrong_bad(Irp, stack);
        break;
    default:
        break;
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
