/* user-double-fetch: what the analysis is known to get wrong. */
#include <ntddk.h>

#define SLOTS 16

typedef struct _REQUEST {
    ULONG Length;
    ULONG Slot;
    UCHAR Data[60];
} REQUEST, *PREQUEST;

typedef struct _DEVICE_CONTEXT {
    UCHAR Staging[256];
    ULONG Slots[SLOTS];
    REQUEST Copy;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;

static BOOLEAN IsValid(PREQUEST request)
{
    return request->Length <= sizeof(request->Data) && request->Slot < SLOTS;
}

/* The check and the use are in two functions. */
static VOID Fn_helper(PDEVICE_CONTEXT device, PREQUEST request)
{
    if (IsValid(request)) {
        device->Slots[request->Slot] = 1; // expect-missed: user-double-fetch  checked in a helper
    }
}

/* The second read copies the first one's location with the rest. */
static VOID Fn_wholeCopy(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG i;

    if (request->Length > sizeof(request->Data)) {
        return;
    }
    RtlCopyMemory(&device->Copy, request, sizeof(REQUEST)); // expect-missed: user-double-fetch  the whole structure
    for (i = 0; i < device->Copy.Length; i++) {
        device->Staging[i] = device->Copy.Data[i];
    }
}

/* The limit of a loop is read in every round. */
static VOID Fn_loop(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG i;

    if (request->Length > sizeof(request->Data)) {
        return;
    }
    for (i = 0; i < request->Length; i++) { // expect-missed: user-double-fetch  a loop's limit
        device->Staging[i] = 0;
    }
}

/* The macro reads its argument twice, unless the compiler reads once. */
static VOID Fn_macro(PDEVICE_CONTEXT device, PREQUEST request)
{
    ULONG length = min(request->Length, 60); // expect-missed: user-double-fetch  within one macro

    RtlCopyMemory(device->Staging, request->Data, length);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PREQUEST input = (PREQUEST)stack->Parameters.DeviceIoControl.Type3InputBuffer;
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForRead(input, sizeof(REQUEST), sizeof(ULONG));
        Fn_helper(device, input);
        Fn_wholeCopy(device, input);
        Fn_loop(device, input);
        Fn_macro(device, input);
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
