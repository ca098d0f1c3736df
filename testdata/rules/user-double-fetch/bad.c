/* user-double-fetch: what is checked and what is used are two reads of the requester's memory. */
#include <ntddk.h>

#define IOCTL_COPY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_TABLE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_POINTER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_GATHER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)

#define SLOTS 16
#define POOL_TAG 'fDuT'

typedef struct _COPY_REQUEST {
    ULONG Length;
    ULONG Offset;
    UCHAR Data[1];
} COPY_REQUEST, *PCOPY_REQUEST;

typedef struct _POINTER_REQUEST {
    PVOID Buffer;
    SIZE_T Length;
    ULONG Slot;
} POINTER_REQUEST, *PPOINTER_REQUEST;

typedef struct _DEVICE_CONTEXT {
    UCHAR Staging[256];
    ULONG Slots[SLOTS];
    ULONG Limit;
    PPOINTER_REQUEST Current;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;

/* The length is compared with the buffer, then read again. */
static NTSTATUS Copy_bad(PDEVICE_CONTEXT device, PCOPY_REQUEST request)
{
    if (request->Length > sizeof(device->Staging)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    RtlCopyMemory(device->Staging, request->Data, request->Length); // expect: user-double-fetch "COPY_REQUEST.Length"
    return STATUS_SUCCESS;
}

/* The checked value is in a variable, but the call does not use it. */
static NTSTATUS CapturedButNotUsed_bad(PDEVICE_CONTEXT device, PCOPY_REQUEST request)
{
    ULONG length = request->Length;

    if (length > sizeof(device->Staging)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    RtlZeroMemory(device->Staging, sizeof(device->Staging));
    RtlCopyMemory(device->Staging, request->Data, request->Length); // expect: user-double-fetch "as a size"
    return STATUS_SUCCESS;
}

/* Allocated for one size, filled with another. */
static NTSTATUS Allocate_bad(PCOPY_REQUEST request)
{
    PUCHAR copy = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, request->Length, POOL_TAG);

    if (copy == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(copy, request->Data, request->Length); // expect: user-double-fetch "as a size"
    ExFreePoolWithTag(copy, POOL_TAG);
    return STATUS_SUCCESS;
}

/* An index that was in range. */
static NTSTATUS Table_bad(PDEVICE_CONTEXT device, PPOINTER_REQUEST request)
{
    if (!(request->Slot < SLOTS) || request->Length == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    device->Slots[request->Slot]++; // expect: user-double-fetch "as an index"
    return STATUS_SUCCESS;
}

/* The address that was probed need not be the one that is written to. */
static NTSTATUS Pointer_bad(PDEVICE_CONTEXT device, PPOINTER_REQUEST request)
{
    ProbeForWrite(request->Buffer, sizeof(ULONG), sizeof(ULONG));
    *(PULONG)request->Buffer = device->Limit; // expect: user-double-fetch "as an address"
    return STATUS_SUCCESS;
}

/* Kept for later, past the check. */
static NTSTATUS Keep_bad(PDEVICE_CONTEXT device, PCOPY_REQUEST request)
{
    if (request->Length >= sizeof(device->Staging)) {
        return STATUS_INVALID_PARAMETER;
    }
    KeMemoryBarrier();
    device->Limit = request->Length; // expect: user-double-fetch "as if it were checked"
    return STATUS_SUCCESS;
}

/* Through a field of the device, in a loop over the requests; the second read goes to a variable. */
static NTSTATUS Field_bad(PDEVICE_CONTEXT device, PPOINTER_REQUEST requests, ULONG count)
{
    ULONG i, slot;

    for (i = 0; i < count; i++) {
        device->Current = &requests[i];
        if (requests[i].Slot >= SLOTS) {
            break;
        }
        slot = requests[i].Slot; // expect: user-double-fetch "as an index"
        device->Slots[slot] = 0;
    }
    return STATUS_SUCCESS;
}

/* The sum is checked; one part of it is read again. */
static NTSTATUS Sum_bad(PDEVICE_CONTEXT device, PCOPY_REQUEST request)
{
    ULONG length = request->Length;

    if (length > sizeof(device->Staging) || request->Offset + length > sizeof(device->Staging)) {
        return STATUS_INVALID_PARAMETER;
    }
    RtlCopyMemory(device->Staging + request->Offset, request->Data, length); // expect: user-double-fetch "COPY_REQUEST.Offset"
    return STATUS_SUCCESS;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PVOID input = stack->Parameters.DeviceIoControl.Type3InputBuffer;
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;

    __try {
        ProbeForRead(input, length, sizeof(ULONG));
        switch (stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_COPY:
            status = Copy_bad(device, (PCOPY_REQUEST)input);
            if (NT_SUCCESS(status)) {
                status = CapturedButNotUsed_bad(device, (PCOPY_REQUEST)input);
            }
            break;
        case IOCTL_TABLE:
            status = Table_bad(device, (PPOINTER_REQUEST)input);
            if (NT_SUCCESS(status)) {
                status = Field_bad(device, (PPOINTER_REQUEST)input, 2);
            }
            break;
        case IOCTL_POINTER:
            status = Pointer_bad(device, (PPOINTER_REQUEST)input);
            break;
        case IOCTL_GATHER:
            status = Allocate_bad((PCOPY_REQUEST)input);
            if (NT_SUCCESS(status)) {
                status = Keep_bad(device, (PCOPY_REQUEST)input);
            }
            if (NT_SUCCESS(status)) {
                status = Sum_bad(device, (PCOPY_REQUEST)input);
            }
            break;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
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
    return STATUS_SUCCESS;
}
