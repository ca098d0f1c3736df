/* dispatch-type-mismatch: what it does not see. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH Fn_loop;

NTSTATUS Fn_loop(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    ULONG i;

    UNREFERENCED_PARAMETER(Path);
    for (i = IRP_MJ_WRITE; i <= IRP_MJ_SET_EA; i++) {
        Driver->MajorFunction[i] = Fn_loop; // expect-missed: dispatch-type-mismatch the range of a loop is not followed
    }
    return STATUS_SUCCESS;
}
