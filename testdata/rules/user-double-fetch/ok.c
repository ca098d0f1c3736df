/* user-double-fetch: reads of the requester's memory that are fine. */
#include <ntddk.h>

#define SLOTS 16
#define POOL_TAG 'kOuT'
#define REQUEST_VERSION 3

typedef struct _REQUEST {
    ULONG Version;
    ULONG Length;
    ULONG Slot;
    ULONG Flags;
    PULONG Result;
    UCHAR Data[1];
} REQUEST, *PREQUEST;

typedef struct _DEVICE_CONTEXT {
    UCHAR Staging[256];
    ULONG Slots[SLOTS];
    ULONG Version;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
DRIVER_DISPATCH InternalControl;

/* Read once, checked, used. */
static NTSTATUS Capture_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG length = request->Length;

    if (length > sizeof(device->Staging)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    RtlCopyMemory(device->Staging, request->Data, length);
    return STATUS_SUCCESS;
}

/* The whole header is copied first; all that follows looks at the copy. */
static NTSTATUS CopyFirst_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    REQUEST copy;

    RtlCopyMemory(&copy, request, sizeof(copy));
    if (copy.Slot >= SLOTS || copy.Length > sizeof(device->Staging)) {
        return STATUS_INVALID_PARAMETER;
    }
    device->Slots[copy.Slot] = copy.Length;
    RtlCopyMemory(device->Staging, request->Data, copy.Length);
    return STATUS_SUCCESS;
}

/* Checked in passing, then captured and checked for good. */
static NTSTATUS CheckedAgain_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG slot;

    if (request->Slot >= SLOTS) {
        return STATUS_INVALID_PARAMETER;
    }
    slot = request->Slot;
    if (slot >= SLOTS) {
        return STATUS_INVALID_PARAMETER;
    }
    device->Slots[slot] = 1;
    return STATUS_SUCCESS;
}

static BOOLEAN IsSlot(ULONG slot)
{
    return slot < SLOTS;
}

/* … by a helper. */
static NTSTATUS CheckedByHelper_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG slot;

    if (request->Slot >= 2 * SLOTS) {
        return STATUS_INVALID_PARAMETER;
    }
    slot = request->Slot;
    if (!IsSlot(slot)) {
        return STATUS_INVALID_PARAMETER;
    }
    device->Slots[slot] = 2;
    return STATUS_SUCCESS;
}

/* The first read is only reported. */
static NTSTATUS Traced_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG length;

    DbgPrint("request of %u bytes\n", request->Length);
    length = request->Length;
    if (length > sizeof(device->Staging)) {
        DbgPrint("%u bytes are too many\n", request->Length);
        return STATUS_BUFFER_TOO_SMALL;
    }
    RtlCopyMemory(device->Staging, request->Data, length);
    return STATUS_SUCCESS;
}

/* Flags are tested one after the other; nothing rests on their agreeing. */
static NTSTATUS Flags_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    if ((request->Flags & 1) != 0) {
        device->Slots[0] = 0;
    }
    if ((request->Flags & 2) != 0) {
        device->Slots[1] = 0;
    }
    if (request->Version == REQUEST_VERSION || request->Version == REQUEST_VERSION - 1) {
        device->Version = request->Version;
    }
    return STATUS_SUCCESS;
}

/* The mask makes any value safe. */
static NTSTATUS Masked_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    if (request->Slot > 3 * SLOTS) {
        return STATUS_INVALID_PARAMETER;
    }
    device->Slots[request->Slot & (SLOTS - 1)] = 0;
    device->Slots[request->Slot % SLOTS] = 1;
    return STATUS_SUCCESS;
}

/* Another element each time. */
static NTSTATUS Next_ok(PDEVICE_CONTEXT device, PREQUEST request, ULONG count)
{
    ULONG slot = 0;

    while (count-- != 0) {
        device->Slots[slot]++;
        slot = request->Slot;
        if (slot >= SLOTS) {
            return STATUS_INVALID_PARAMETER;
        }
        if (request->Length > sizeof(REQUEST)) {
            request++;
            RtlCopyMemory(device->Staging, request->Data, min(slot, request->Length));
        }
    }
    return STATUS_SUCCESS;
}

/* What the driver wrote there itself and reads back is not the requester's size. */
static NTSTATUS Written_ok(PDEVICE_CONTEXT device, PREQUEST request)
{
    if (request->Slot >= SLOTS) {
        request->Slot = 0;
        device->Slots[request->Slot] = 3;
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

/* The address is read once. */
static NTSTATUS Pointer_ok(PREQUEST request)
{
    PULONG result = request->Result;

    ProbeForWrite(result, sizeof(ULONG), sizeof(ULONG));
    *result = 1;
    return STATUS_SUCCESS;
}

/* NULL is no address of anything: that is not what makes the other read safe. */
static NTSTATUS Optional_ok(PREQUEST request)
{
    if (request->Result != NULL) {
        PULONG result = request->Result;

        ProbeForWrite(result, sizeof(ULONG), sizeof(ULONG));
        *result = 0;
    }
    return STATUS_SUCCESS;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PREQUEST input = (PREQUEST)stack->Parameters.DeviceIoControl.Type3InputBuffer;
    NTSTATUS status;

    __try {
        ProbeForRead(input, sizeof(REQUEST), sizeof(ULONG));
        status = Capture_ok(device, input);
        if (NT_SUCCESS(status))
            status = CopyFirst_ok(device, input);
        if (NT_SUCCESS(status))
            status = CheckedAgain_ok(device, input);
        if (NT_SUCCESS(status))
            status = CheckedByHelper_ok(device, input);
        if (NT_SUCCESS(status))
            status = Traced_ok(device, input);
        if (NT_SUCCESS(status))
            status = Flags_ok(device, input);
        if (NT_SUCCESS(status))
            status = Masked_ok(device, input);
        if (NT_SUCCESS(status))
            status = Next_ok(device, input, 2);
        if (NT_SUCCESS(status))
            status = Written_ok(device, input);
        if (NT_SUCCESS(status))
            status = Pointer_ok(input);
        if (NT_SUCCESS(status))
            status = Optional_ok(input);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

/* The kernel's copy (METHOD_BUFFERED) does not change; so do requests of drivers. */
NTSTATUS InternalControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PREQUEST request = (PREQUEST)Irp->AssociatedIrp.SystemBuffer;
    PREQUEST direct = (PREQUEST)IoGetCurrentIrpStackLocation(Irp)
                          ->Parameters.DeviceIoControl.Type3InputBuffer;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (request->Length <= sizeof(device->Staging)) {
        RtlCopyMemory(device->Staging, request->Data, request->Length);
        status = STATUS_SUCCESS;
    }
    if (direct->Slot < SLOTS) {
        device->Slots[direct->Slot] = 0;
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);
    return IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
                          &deviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = InternalControl;
    return STATUS_SUCCESS;
}
