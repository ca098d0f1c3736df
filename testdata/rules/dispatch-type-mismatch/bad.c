/* dispatch-type-mismatch: dispatch routines in entries that they are not annotated for. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
_Dispatch_type_(IRP_MJ_CREATE) DRIVER_DISPATCH Create_bad;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH Read_bad;
_Dispatch_type_(IRP_MJ_READ) _Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH Transfer_bad;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) NTSTATUS Control_bad(PDEVICE_OBJECT Device, PIRP Irp);
__drv_dispatchType(IRP_MJ_PNP) DRIVER_DISPATCH Pnp_bad;
_Function_class_(DRIVER_DISPATCH) _Dispatch_type_(IRP_MJ_POWER)
NTSTATUS Power_bad(PDEVICE_OBJECT Device, PIRP Irp);
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH Cleanup_bad;

static NTSTATUS Finish(PIRP Irp)
{
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

#define DISPATCH(name)                                                                             \
    NTSTATUS name(PDEVICE_OBJECT Device, PIRP Irp)                                                 \
    {                                                                                              \
        UNREFERENCED_PARAMETER(Device);                                                            \
        return Finish(Irp);                                                                        \
    }

DISPATCH(Create_bad)
DISPATCH(Read_bad)
DISPATCH(Transfer_bad)
DISPATCH(Control_bad)
DISPATCH(Pnp_bad)
DISPATCH(Power_bad)
DISPATCH(Cleanup_bad)

static VOID FillRest(PDRIVER_OBJECT Driver)
{
    Driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Pnp_bad; // expect: dispatch-type-mismatch "IRP_MJ_PNP"
    Driver->MajorFunction[IRP_MJ_PNP] = Power_bad;          // expect: dispatch-type-mismatch "IRP_MJ_POWER"
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    PDRIVER_DISPATCH *table = Driver->MajorFunction;
    PDRIVER_DISPATCH chosen = Read_bad;

    UNREFERENCED_PARAMETER(Path);
    UNREFERENCED_PARAMETER(table);
    Driver->MajorFunction[IRP_MJ_CREATE] = Create_bad;
    Driver->MajorFunction[IRP_MJ_CLOSE] = Create_bad; // expect: dispatch-type-mismatch "0x02"
    Driver->MajorFunction[IRP_MJ_WRITE] = chosen;     // expect: dispatch-type-mismatch "IRP_MJ_READ"
    Driver->MajorFunction[IRP_MJ_READ] = Transfer_bad;
    Driver->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = Transfer_bad; // expect: dispatch-type-mismatch "0x09"
    Driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = Control_bad; // expect: dispatch-type-mismatch "0x0f"
    Driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup_bad;
    Driver->MajorFunction[IRP_MJ_SHUTDOWN] = Cleanup_bad; // expect: dispatch-type-mismatch "IRP_MJ_CLEANUP"
    FillRest(Driver);
    return STATUS_SUCCESS;
}
