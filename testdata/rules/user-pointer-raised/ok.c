/* user-pointer-raised: copied before the lock is taken, or an address that cannot fault. */
#include <ntddk.h>

#define IOCTL_BEFORE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_AFTER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_MUTEX CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SYSTEM CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_DIRECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_WRAPPER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_KERNEL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x906, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _REQUEST {
    ULONG Kind;
    ULONG Value;
} REQUEST, *PREQUEST;

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    ULONG Count;
    REQUEST Last;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static VOID Before_ok(PDEVICE_CONTEXT Device, PIO_STACK_LOCATION Stack)
{
    REQUEST local;
    KIRQL irql;

    RtlCopyMemory(&local, Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local));
    KeAcquireSpinLock(&Device->Lock, &irql);
    Device->Last = local;
    KeReleaseSpinLock(&Device->Lock, irql);
}

static VOID After_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    ULONG count;
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    count = Device->Count;
    KeReleaseSpinLock(&Device->Lock, irql);
    *(PULONG)Irp->UserBuffer = count;
}

/* At APC_LEVEL a page can be brought in. */
static VOID Mutex_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    ExAcquireFastMutex(&Device->Mutex);
    *(PULONG)Irp->UserBuffer = Device->Count;
    ExReleaseFastMutex(&Device->Mutex);
}

/* The system's copy is resident. */
static VOID System_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PREQUEST request = (PREQUEST)Irp->AssociatedIrp.SystemBuffer;
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    Device->Last = *request;
    request->Value = Device->Count;
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* The pages are locked. */
static NTSTATUS Direct_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PULONG output = (PULONG)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    KIRQL irql;

    if (output == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeAcquireSpinLock(&Device->Lock, &irql);
    *output = Device->Count;
    KeReleaseSpinLock(&Device->Lock, irql);
    return STATUS_SUCCESS;
}

static ULONG Snapshot(PDEVICE_CONTEXT Device)
{
    ULONG count;
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    count = Device->Count++;
    KeReleaseSpinLock(&Device->Lock, irql);
    return count;
}

/* The helper is back at the old level when the write is made. */
static VOID Wrapper_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PULONG output = (PULONG)Irp->UserBuffer;

    output[0] = Snapshot(Device);
}

/* Resident memory of another driver. */
static VOID Kernel_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    KIRQL irql;

    if (Irp->RequestorMode != KernelMode) {
        return;
    }
    KeAcquireSpinLock(&Device->Lock, &irql);
    *(PULONG)Irp->UserBuffer = Device->Count;
    KeReleaseSpinLock(&Device->Lock, irql);
}

static NTSTATUS Control(PDEVICE_CONTEXT Device, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    NTSTATUS status = STATUS_SUCCESS;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BEFORE:
        Before_ok(Device, Stack);
        break;
    case IOCTL_AFTER:
        After_ok(Device, Irp);
        break;
    case IOCTL_MUTEX:
        Mutex_ok(Device, Irp);
        break;
    case IOCTL_SYSTEM:
        System_ok(Device, Irp);
        break;
    case IOCTL_DIRECT:
        status = Direct_ok(Device, Irp);
        break;
    case IOCTL_WRAPPER:
        Wrapper_ok(Device, Irp);
        break;
    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    return status;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;

    Kernel_ok(device, Irp);
    __try {
        ProbeForRead(stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(REQUEST), 1);
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), 1);
        status = Control(device, Irp, stack);
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
