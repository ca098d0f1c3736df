/* thread-create-raised: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    KDPC Dpc;
    ULONG_PTR Key;
    ULONG_PTR Hidden;
    ULONG Mode;
    HANDLE Thread;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

typedef VOID WORK_ROUTINE(PDEVICE_CONTEXT Device);

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Dpc;
KSTART_ROUTINE ThreadMain;

VOID ThreadMain(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Only reached through a pointer that is stored under a key. */
static VOID Fn_encodedPointer(PDEVICE_CONTEXT Device)
{
    PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect-missed: thread-create-raised  the pointer is encoded
}

VOID Dpc(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ((WORK_ROUTINE *)(device->Hidden ^ device->Key))(device);
}

/* Odd modes lock, even modes do the work: the two tests exclude each other. */
static VOID Fp_exclusiveTests(PDEVICE_CONTEXT Device, ULONG Mode)
{
    KIRQL oldIrql = PASSIVE_LEVEL;

    if (Mode % 2 == 1) {
        KeAcquireSpinLock(&Device->Lock, &oldIrql);
    }
    if ((Mode & 1) == 0) {
        PsCreateSystemThread(&Device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadMain, Device); // expect-false: thread-create-raised  arithmetic ties the two tests together
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
    device->Hidden = (ULONG_PTR)Fn_encodedPointer ^ device->Key;
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->Dpc, Dpc, device);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
