/* user-handle-kernel-mode: what the analysis is known to get wrong. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static PVOID Object;
static LUID Privilege = {7, 0};

/* Only who holds a privilege gets here. */
static NTSTATUS Fp_privilege(PIRP Irp)
{
    HANDLE handle = *(PHANDLE)Irp->AssociatedIrp.SystemBuffer;

    if (!SeSinglePrivilegeCheck(Privilege, UserMode)) {
        return STATUS_PRIVILEGE_NOT_HELD;
    }
    return ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &Object, NULL); // expect-false: user-handle-kernel-mode  checks of privileges are not known
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = Fp_privilege(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
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
