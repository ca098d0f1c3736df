/* user-pointer-context: user addresses used where they mean something, or made safe first. */
#include <ntifs.h>

#define TAG 'rtpU'

#define IOCTL_VERSION \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_CAPTURE \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SHARE \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_REMEMBER \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_BUFFERED \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _SETTINGS {
    ULONG Period;
    ULONG Limit;
} SETTINGS, *PSETTINGS;

typedef struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Lower;
    KDPC Dpc;
    PKINTERRUPT Interrupt;
    PIO_WORKITEM WorkItem;
    SETTINGS Settings;
    PMDL SharedMdl;
    PULONG SharedAddress;
    PULONG CallersAddress;
    PUCHAR Scratch;
    PSETTINGS Buffered;
    PIRP BufferedIrp;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl_ok;
DRIVER_DISPATCH InternalControl_ok;
DRIVER_DISPATCH Read_ok;
KSERVICE_ROUTINE Isr_ok;
KDEFERRED_ROUTINE Dpc_ok;
IO_WORKITEM_ROUTINE Worker_ok;
IO_COMPLETION_ROUTINE Completion_ok;

/* The caller's own thread, probed, under __try. */
static NTSTATUS Version_ok(PIRP Irp)
{
    __try {
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), sizeof(ULONG));
        *(PULONG)Irp->UserBuffer = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Copies what the caller points to; others work on the copy. */
static NTSTATUS Capture_ok(PDEVICE_CONTEXT Device, PIO_STACK_LOCATION Stack)
{
    PSETTINGS input = (PSETTINGS)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    __try {
        ProbeForRead(input, sizeof(*input), sizeof(ULONG));
        Device->Settings = *input;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Locks the pages; the system address is good everywhere. */
static NTSTATUS Share_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    PMDL mdl = IoAllocateMdl(Irp->UserBuffer, sizeof(ULONG), FALSE, FALSE, NULL);

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(mdl);
        return GetExceptionCode();
    }
    Device->SharedMdl = mdl;
    Device->SharedAddress = (PULONG)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    return STATUS_SUCCESS;
}

/* Kept, but only ever used by the dispatch routine. */
static NTSTATUS Remember_ok(PDEVICE_CONTEXT Device, PIRP Irp)
{
    NTSTATUS status = STATUS_SUCCESS;

    Device->CallersAddress = (PULONG)Irp->UserBuffer;
    __try {
        ProbeForWrite(Device->CallersAddress, sizeof(ULONG), sizeof(ULONG));
        *Device->CallersAddress = Device->Count;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

BOOLEAN Isr_ok(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    device->Count += device->Settings.Period;
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

/* Writes through the system address; looks at the user address without following it. */
VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (device->SharedAddress != NULL) {
        *device->SharedAddress = device->Count;
    }
    if (device->CallersAddress != NULL) {
        device->Count++;
    }
}

/* Pool of the driver's own, and the system buffer of a pending METHOD_BUFFERED request. */
VOID Worker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;
    PIRP irp = device->BufferedIrp;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (device->Scratch != NULL) {
        device->Scratch[0] = (UCHAR)device->Count;
    }
    device->Buffered->Period = device->Settings.Period;
    device->Buffered->Limit = device->Settings.Limit;
    irp->IoStatus.Status = STATUS_SUCCESS;
    irp->IoStatus.Information = sizeof(SETTINGS);
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

/* Direct I/O: the I/O manager has locked the pages. */
NTSTATUS Completion_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PUCHAR data;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    if (Irp->MdlAddress != NULL) {
        data = (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
        if (data != NULL) {
            data[0] ^= 0xFF;
        }
    }
    return STATUS_CONTINUE_COMPLETION;
}

NTSTATUS Read_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Completion_ok, device, TRUE, TRUE, TRUE);
    return IoCallDriver(device->Lower, Irp);
}

NTSTATUS DeviceControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_VERSION:
        status = Version_ok(Irp);
        break;
    case IOCTL_CAPTURE:
        if (stack->Parameters.DeviceIoControl.InputBufferLength >= sizeof(SETTINGS)) {
            status = Capture_ok(device, stack);
        }
        break;
    case IOCTL_SHARE:
        status = Share_ok(device, Irp);
        break;
    case IOCTL_REMEMBER:
        status = Remember_ok(device, Irp);
        break;
    case IOCTL_BUFFERED:
        if (stack->Parameters.DeviceIoControl.OutputBufferLength >= sizeof(SETTINGS)) {
            device->Buffered = (PSETTINGS)Irp->AssociatedIrp.SystemBuffer;
            device->BufferedIrp = Irp;
            IoMarkIrpPending(Irp);
            IoQueueWorkItem(device->WorkItem, Worker_ok, DelayedWorkQueue, device);
            return STATUS_PENDING;
        }
        break;
    default:
        break;
    }

    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

/* Attached to the requester's process its addresses mean what it meant; a wrapper does it too. */
static VOID Enter(PRKPROCESS Process, PKAPC_STATE State)
{
    KeStackAttachProcess(Process, State);
}

static VOID WriteResult(PULONG Target, ULONG Value)
{
    *Target = Value;
}

IO_WORKITEM_ROUTINE AttachedWorker_ok;
VOID AttachedWorker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PIRP irp = (PIRP)Context;
    KAPC_STATE state;

    UNREFERENCED_PARAMETER(DeviceObject);
    __try {
        Enter(IoGetRequestorProcess(irp), &state);
        *(PULONG)irp->UserBuffer = 1;
        WriteResult((PULONG)irp->UserBuffer, 2);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        irp->IoStatus.Information = 0;
    }
    KeUnstackDetachProcess(&state);
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

/* The worker serves requests of the kernel itself only: their addresses are good in every thread. */
IO_WORKITEM_ROUTINE KernelRequestWorker_ok;
VOID KernelRequestWorker_ok(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PIRP irp = (PIRP)Context;
    PULONG value;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (irp->RequestorMode != KernelMode) {
        irp->IoStatus.Status = STATUS_ACCESS_DENIED;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return;
    }
    value = (PULONG)IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.Type3InputBuffer;
    irp->IoStatus.Information = *value;
    irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

/* Only drivers send internal requests: the buffer is theirs, also at a raised level. */
NTSTATUS InternalControl_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    WriteResult((PULONG)Irp->UserBuffer, device->Count);
    KeLowerIrql(irql);

    IoMarkIrpPending(Irp);
    IoQueueWorkItem(device->WorkItem, KernelRequestWorker_ok, DelayedWorkQueue, Irp);
    IoQueueWorkItem(device->WorkItem, AttachedWorker_ok, DelayedWorkQueue, Irp);
    return STATUS_PENDING;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->WorkItem = IoAllocateWorkItem(deviceObject);
    device->Lower = IoAttachDeviceToDeviceStack(deviceObject, PhysicalDeviceObject);
    device->Scratch = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, TAG);
    deviceObject->Flags |= DO_DIRECT_IO;
    KeInitializeDpc(&device->Dpc, Dpc_ok, device);
    return IoConnectInterrupt(&device->Interrupt, Isr_ok, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl_ok;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read_ok;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = InternalControl_ok;
    return STATUS_SUCCESS;
}
