/* user-pointer-raised: addresses of the requester used where a page fault stops the system. */
#include <ntddk.h>

#define IOCTL_LOCKED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_COPY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_RAISED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_HELPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_WRAPPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INNER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _REQUEST {
    PULONG Result;
    ULONG Value;
} REQUEST, *PREQUEST;

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    ULONG Count;
    UCHAR Data[32];
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

/* Probed and guarded, and wrong all the same: __try takes no page fault at DISPATCH_LEVEL. */
static VOID Locked_bad(PDEVICE_CONTEXT Device, PIRP Irp)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    *(PULONG)Irp->UserBuffer = Device->Count; // expect: user-pointer-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, irql);
}

static VOID Copy_bad(PDEVICE_CONTEXT Device, PIO_STACK_LOCATION Stack)
{
    PUCHAR input = (PUCHAR)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&Device->Lock, &handle);
    RtlCopyMemory(Device->Data, input, sizeof(Device->Data)); // expect: user-pointer-raised "read by RtlCopyMemory"
    KeReleaseInStackQueuedSpinLock(&handle);
}

static VOID Raised_bad(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PULONG output = (PULONG)Irp->UserBuffer;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    output[0] = Device->Count; // expect: user-pointer-raised "output is written"
    KeLowerIrql(irql);
}

static VOID Put(PULONG Target, ULONG Value)
{
    *Target = Value; // expect: user-pointer-raised "Target is written"
}

/* The lock is taken by the caller of the helper. */
static VOID Helper_bad(PDEVICE_CONTEXT Device, PIRP Irp)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    Put((PULONG)Irp->UserBuffer, Device->Count);
    KeReleaseSpinLock(&Device->Lock, irql);
}

static KIRQL Enter(PDEVICE_CONTEXT Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    return irql;
}

/* The lock is taken by a wrapper. */
static VOID Wrapper_bad(PDEVICE_CONTEXT Device, PIO_STACK_LOCATION Stack)
{
    PREQUEST input = (PREQUEST)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    KIRQL irql = Enter(Device);

    Device->Count = input->Value; // expect: user-pointer-raised "input is read"
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* A pointer inside the copy of a buffered request. */
static VOID Inner_bad(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PREQUEST request = (PREQUEST)Irp->AssociatedIrp.SystemBuffer;
    KIRQL irql;

    ProbeForWrite(request->Result, sizeof(ULONG), 1);

    KeAcquireSpinLock(&Device->Lock, &irql);
    *request->Result = request->Value; // expect: user-pointer-raised "is written"
    KeReleaseSpinLock(&Device->Lock, irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForRead(stack->Parameters.DeviceIoControl.Type3InputBuffer, 32, 1);
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), 1);
        switch (stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_LOCKED:
            Locked_bad(device, Irp);
            break;
        case IOCTL_COPY:
            Copy_bad(device, stack);
            break;
        case IOCTL_RAISED:
            Raised_bad(device, Irp);
            break;
        case IOCTL_HELPER:
            Helper_bad(device, Irp);
            break;
        case IOCTL_WRAPPER:
            Wrapper_bad(device, stack);
            break;
        case IOCTL_INNER:
            Inner_bad(device, Irp);
            break;
        default:
            status = STATUS_INVALID_DEVICE_REQUEST;
            break;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
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
