/* dispatch-type-mismatch: entries that agree with the annotations, and routines that say nothing. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH OpenClose_ok;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH Read_ok;
_Dispatch_type_(IRP_MJ_OTHER_OF_OURS) DRIVER_DISPATCH Unknown_ok;
DRIVER_DISPATCH Any_ok;
_Dispatch_type_(IRP_MJ_PNP) DRIVER_DISPATCH Pnp_ok;
_Dispatch_type_(IRP_MJ_POWER) DRIVER_DISPATCH Power_ok;

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

DISPATCH(OpenClose_ok)
DISPATCH(Read_ok)
DISPATCH(Unknown_ok)
DISPATCH(Any_ok)
DISPATCH(Pnp_ok)
DISPATCH(Power_ok)

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    ULONG i;

    UNREFERENCED_PARAMETER(Path);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        Driver->MajorFunction[i] = Pnp_ok;
    }
    Driver->MajorFunction[IRP_MJ_CREATE] = OpenClose_ok;
    Driver->MajorFunction[IRP_MJ_CLOSE] = OpenClose_ok;
    Driver->MajorFunction[IRP_MJ_READ] = Read_ok;
    Driver->MajorFunction[IRP_MJ_WRITE] = Unknown_ok;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = Any_ok;
    Driver->MajorFunction[IRP_MJ_POWER] = Power_ok;
    return STATUS_SUCCESS;
}
