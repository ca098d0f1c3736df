/* pageable-code-raised: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    KDPC Dpc;
    ULONG_PTR Key;
    ULONG_PTR Hidden;
    ULONG Mode;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

typedef VOID WORK_ROUTINE(PDEVICE_CONTEXT Device);

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Fn_encodedPointer;
WORK_ROUTINE PagedWork;

#pragma alloc_text(PAGE, PagedWork)

VOID PagedWork(PDEVICE_CONTEXT Device) { PAGED_CODE(); Device->Count++; }

/* The address of PagedWork is stored under a key. */
VOID Fn_encodedPointer(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ((WORK_ROUTINE *)(device->Hidden ^ device->Key))(device); // expect-missed: pageable-code-raised  the pointer is encoded
}

/* Odd modes lock, even modes do the pageable work: the two tests exclude each other. */
static VOID Fp_exclusiveTests(PDEVICE_CONTEXT Device, ULONG Mode)
{
    KIRQL oldIrql = PASSIVE_LEVEL;

    if (Mode % 2 == 1) {
        KeAcquireSpinLock(&Device->Lock, &oldIrql);
    }
    if ((Mode & 1) == 0) {
        PagedWork(Device); // expect-false: pageable-code-raised  arithmetic ties the two tests together
    }
    if (Mode % 2 == 1) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    Fp_exclusiveTests(device, device->Mode);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    LARGE_INTEGER now;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    KeQuerySystemTime(&now);
    device->Key = (ULONG_PTR)now.QuadPart;
    device->Hidden = (ULONG_PTR)PagedWork ^ device->Key;
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->Dpc, Fn_encodedPointer, device);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
