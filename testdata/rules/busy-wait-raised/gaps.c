/* busy-wait-raised: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    KDPC Dpc;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
KDEFERRED_ROUTINE Dpc;

/* Ten thousand short stalls are a long one. */
static VOID Fn_addsUp(PDEVICE_CONTEXT Device)
{
    ULONG i;

    UNREFERENCED_PARAMETER(Device);
    for (i = 0; i < 10000; i++) {
        KeStallExecutionProcessor(10); // expect-missed: busy-wait-raised  stalls in a loop are not added up
    }
}

VOID Dpc(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Fn_addsUp((PDEVICE_CONTEXT)Context);
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    KeInitializeDpc(&device->Dpc, Dpc, device);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    return STATUS_SUCCESS;
}
