/* user-pointer-unguarded: addresses of the requester used where an exception stops the system. */
#include <ntddk.h>

#define IOCTL_PLAIN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_AFTER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_FINALLY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_HELPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INNER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_HANDLER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _REQUEST {
    PULONG Result;
    ULONG Value;
} REQUEST, *PREQUEST;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
DRIVER_DISPATCH Read_bad;

static ULONG Values[8];

/* The probe itself raises the exception. */
static VOID Plain_bad(PIRP Irp)
{
    ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), sizeof(ULONG)); // expect: user-pointer-unguarded "probed by ProbeForWrite"
    *(PULONG)Irp->UserBuffer = Values[0];
}

/* The memory can vanish after the probe. */
static NTSTATUS After_bad(PIO_STACK_LOCATION Stack)
{
    PULONG input = (PULONG)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    __try {
        ProbeForRead(input, sizeof(ULONG), sizeof(ULONG));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    Values[1] = *input; // expect: user-pointer-unguarded "input is read"
    return STATUS_SUCCESS;
}

/* A __finally runs and lets the exception pass. */
static VOID Finally_bad(PIO_STACK_LOCATION Stack)
{
    PREQUEST input = (PREQUEST)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    __try {
        RtlCopyMemory(Values, input, sizeof(*input)); // expect: user-pointer-unguarded "read by RtlCopyMemory"
    } __finally {
        Values[7] = 0;
    }
}

/* One caller has a handler, the other one has none. */
static VOID Store(PULONG Target, ULONG Value)
{
    *Target = Value; // expect: user-pointer-unguarded "Target is written"
}

static VOID Helper_bad(PIRP Irp)
{
    __try {
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), 1);
        Store((PULONG)Irp->UserBuffer, 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Values[2] = 1;
    }
    Store((PULONG)Irp->UserBuffer, 2);
}

/* A pointer inside a buffered request. */
static VOID Inner_bad(PIRP Irp)
{
    PREQUEST request = (PREQUEST)Irp->AssociatedIrp.SystemBuffer;

    __try {
        ProbeForWrite(request->Result, sizeof(ULONG), 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return;
    }
    *request->Result = request->Value; // expect: user-pointer-unguarded "is written"
}

/* In the handler nothing guards any more. */
static NTSTATUS Handler_bad(PIRP Irp)
{
    PULONG output = (PULONG)Irp->UserBuffer;

    __try {
        ProbeForWrite(output, sizeof(ULONG), 1);
        *output = 0;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        *output = 1; // expect: user-pointer-unguarded "output is written"; user-pointer-unprobed "output"
        return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

/* Probed by the system, and yet it can vanish. */
NTSTATUS Read_bad(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    RtlCopyMemory(Irp->UserBuffer, Values, sizeof(ULONG)); // expect: user-pointer-unguarded "IRP.UserBuffer is written"
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_PLAIN:
        Plain_bad(Irp);
        break;
    case IOCTL_AFTER:
        status = After_bad(stack);
        break;
    case IOCTL_FINALLY:
        __try {
            ProbeForRead(stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(REQUEST), 1);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            status = GetExceptionCode();
            break;
        }
        Finally_bad(stack);
        break;
    case IOCTL_HELPER:
        Helper_bad(Irp);
        break;
    case IOCTL_INNER:
        Inner_bad(Irp);
        break;
    case IOCTL_HANDLER:
        status = Handler_bad(Irp);
        break;
    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
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
    DriverObject->MajorFunction[IRP_MJ_READ] = Read_bad;
    return STATUS_SUCCESS;
}
