/* user-pointer-context: memory mapped into the requester's process, used by a worker; a request that
 * is only passed on. */
#include <ntddk.h>

typedef struct _SHARED {
    PDEVICE_OBJECT Lower;
    PIO_WORKITEM Item;
    PMDL Mdl;
    PULONG View;
    ULONG Count;
} SHARED, *PSHARED;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
IO_WORKITEM_ROUTINE View_bad;
IO_COMPLETION_ROUTINE PassedOn_bad;

VOID View_bad(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PSHARED shared = (PSHARED)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    *shared->View = shared->Count; // expect: user-pointer-context "PASSIVE_LEVEL"
}

NTSTATUS PassedOn_bad(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    *(PULONG)Irp->UserBuffer = 1; // expect: user-pointer-context "DISPATCH_LEVEL"
    ((PSHARED)Context)->Count++;
    return STATUS_CONTINUE_COMPLETION;
}

static VOID Probe(PSHARED shared)
{
    PIRP own = IoAllocateIrp(shared->Lower->StackSize, FALSE);

    if (own != NULL) {
        IoFreeIrp(own);
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSHARED shared = (PSHARED)DeviceObject->DeviceExtension;

    Probe(shared);
    __try {
        shared->View =
            (PULONG)MmMapLockedPagesSpecifyCache(shared->Mdl, UserMode, MmCached, NULL, FALSE,
                                                 NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        shared->View = NULL;
    }
    IoQueueWorkItem(shared->Item, View_bad, DelayedWorkQueue, shared);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, PassedOn_bad, shared, TRUE, TRUE, TRUE);
    return IoCallDriver(shared->Lower, Irp);
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(PhysicalDeviceObject);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
