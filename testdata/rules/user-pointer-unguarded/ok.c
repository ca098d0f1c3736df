/* user-pointer-unguarded: guarded here or by a caller, or no address of a user. */
#include <ntddk.h>

#define TAG 'gUrp'

#define IOCTL_GUARDED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_CALLER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_CAPTURED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_MAPPED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_BUFFERED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x904, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KERNEL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_OWN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x906, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _REQUEST {
    ULONG Kind;
    ULONG Value;
} REQUEST, *PREQUEST;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static PDEVICE_OBJECT Lower;

static ULONG Values[8];

static NTSTATUS Guarded_ok(PIRP Irp)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), sizeof(ULONG));
        *(PULONG)Irp->UserBuffer = Values[0];
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

/* Every caller is inside a __try; a __finally in between does not change that. */
static VOID Inside_ok(PREQUEST Input)
{
    __try {
        ProbeForRead(Input, sizeof(*Input), 1);
        Values[1] = Input->Value;
    } __finally {
        Values[2] = 0;
    }
}

static NTSTATUS Caller_ok(PIO_STACK_LOCATION Stack)
{
    __try {
        Inside_ok((PREQUEST)Stack->Parameters.DeviceIoControl.Type3InputBuffer);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Works on the copy after the guarded part. */
static NTSTATUS Captured_ok(PIO_STACK_LOCATION Stack)
{
    REQUEST local;
    PREQUEST copy;

    copy = (PREQUEST)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*copy), TAG);
    if (copy == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local), 1);
        RtlCopyMemory(&local, Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(local));
        RtlCopyMemory(copy, Stack->Parameters.DeviceIoControl.Type3InputBuffer, sizeof(*copy));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        ExFreePool(copy);
        return GetExceptionCode();
    }
    Values[local.Kind & 7] = local.Value + copy->Value;
    ExFreePool(copy);
    return STATUS_SUCCESS;
}

/* A system address of locked pages cannot vanish. */
static NTSTATUS Mapped_ok(PIRP Irp)
{
    PMDL mdl = IoAllocateMdl(Irp->UserBuffer, sizeof(ULONG), FALSE, FALSE, NULL);
    PULONG address;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(mdl);
        return GetExceptionCode();
    }
    address = (PULONG)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (address != NULL) {
        *address = Values[3];
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
    return STATUS_SUCCESS;
}

/* The system's copy of a buffered request. */
static VOID Buffered_ok(PIRP Irp)
{
    PREQUEST request = (PREQUEST)Irp->AssociatedIrp.SystemBuffer;

    Values[request->Kind & 7] = request->Value;
    RtlZeroMemory(request, sizeof(*request));
}

/* Addresses of a driver above. */
static NTSTATUS Kernel_ok(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PREQUEST input = (PREQUEST)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    if (Irp->RequestorMode != UserMode) {
        Values[4] = input->Value;
        return STATUS_SUCCESS;
    }
    return STATUS_ACCESS_DENIED;
}

/* Handed to a helper that tests the mode. */
static VOID CopyOut(PVOID Target, KPROCESSOR_MODE Mode)
{
    if (Mode == KernelMode) {
        RtlCopyMemory(Target, Values, sizeof(ULONG));
        return;
    }
    __try {
        ProbeForWrite(Target, sizeof(ULONG), 1);
        RtlCopyMemory(Target, Values, sizeof(ULONG));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Values[5] = 1;
    }
}

static VOID Helper_ok(PIRP Irp)
{
    CopyOut(Irp->UserBuffer, Irp->RequestorMode);
}

/* The buffer of a request that the driver makes is what the driver put there, whatever runs in
 * between. */
static NTSTATUS Forwarded_ok(PMDL Mdl)
{
    PIRP own = IoAllocateIrp(Lower->StackSize, FALSE);
    NTSTATUS status;

    if (own == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    own->UserBuffer = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
    status = IoCallDriver(Lower, own);
    if (NT_SUCCESS(status)) {
        RtlCopyMemory(own->UserBuffer, own->AssociatedIrp.SystemBuffer, own->IoStatus.Information);
    }
    IoFreeIrp(own);
    return status;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_GUARDED:
        status = Guarded_ok(Irp);
        break;
    case IOCTL_CALLER:
        status = Caller_ok(stack);
        break;
    case IOCTL_CAPTURED:
        status = Captured_ok(stack);
        break;
    case IOCTL_MAPPED:
        status = Mapped_ok(Irp);
        break;
    case IOCTL_BUFFERED:
        Buffered_ok(Irp);
        break;
    case IOCTL_KERNEL:
        status = Kernel_ok(Irp, stack);
        break;
    case IOCTL_OWN:
        Helper_ok(Irp);
        status = Forwarded_ok(Irp->MdlAddress);
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
    return STATUS_SUCCESS;
}
