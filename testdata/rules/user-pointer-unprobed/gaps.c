/* user-pointer-unprobed: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _QUEUE {
    PULONG Output;
} QUEUE, *PQUEUE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

typedef struct _ORDER {
    PULONG Result;
    ULONG Value;
} ORDER, *PORDER;

static QUEUE Queue;
static BOOLEAN Careful;

/* Once it went through a structure of the driver nobody knows any more whether it was probed. */
static VOID Fn_stored(PQUEUE Kept)
{
    *Kept->Output = 1; // expect-missed: user-pointer-unprobed  kept in a structure
}

/* Probed on some paths only: not shown by default. */
static VOID Fn_sometimes(PIRP Irp)
{
    PULONG output = (PULONG)Irp->UserBuffer;

    if (Careful) {
        ProbeForWrite(output, sizeof(ULONG), 1);
    }
    *output = 2; // expect-missed: user-pointer-unprobed  one path probes
}

/* Probed by the caller, who reached it by another name than this one. */
static VOID Fp_otherName(PIRP Irp)
{
    PORDER order = (PORDER)Irp->AssociatedIrp.SystemBuffer;

    *order->Result = order->Value; // expect-false: user-pointer-unprobed  names are not carried over calls
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    __try {
        Queue.Output = (PULONG)Irp->UserBuffer;
        Fn_stored(&Queue);
        Fn_sometimes(Irp);
        ProbeForWrite(((PORDER)Irp->AssociatedIrp.SystemBuffer)->Result, sizeof(ULONG), 1);
        Fp_otherName(Irp);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
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
