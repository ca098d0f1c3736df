/* user-pointer-unguarded: what the analysis is known to get wrong. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

static ULONG Count;

/* The filter lets every exception pass, so the handler never takes one. */
static VOID Fn_filter(PIRP Irp)
{
    PULONG output = (PULONG)Irp->UserBuffer;

    __try {
        ProbeForWrite(output, sizeof(ULONG), 1);
        *output = Count; // expect-missed: user-pointer-unguarded  filters are not looked at
    } __except (EXCEPTION_CONTINUE_SEARCH) {
        Count++;
    }
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Fn_filter(Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
