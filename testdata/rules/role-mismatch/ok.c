/* role-mismatch: callbacks that are what they are declared as, or near enough. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _PORT {
    KDPC Dpc;
    KDPC Slow;
    PIO_WORKITEM WorkItem;
    ULONG Count;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd_ok;
KDEFERRED_ROUTINE Dpc_ok;
/* the same type, registered as a threaded DPC */
KDEFERRED_ROUTINE Threaded_ok;
IO_WORKITEM_ROUTINE Worker_ok;
/* one routine for two calls of the framework that are alike */
EVT_WDF_DEVICE_SELF_MANAGED_IO_INIT IoStart_ok;
/* plain dispatch type for a special entry */
DRIVER_DISPATCH Power_ok;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH OpenClose_ok;
/* no type at all */
VOID Plain_ok(PKDPC Dpc, PVOID Context, PVOID A, PVOID B);

static VOID CountDpc(PKDPC Dpc, PVOID Context)
{
    UNREFERENCED_PARAMETER(Dpc);
    ((PPORT)Context)->Count++;
}

VOID Dpc_ok(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    CountDpc(Dpc, Context);
}

VOID Threaded_ok(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    CountDpc(Dpc, Context);
}

VOID Plain_ok(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    CountDpc(Dpc, Context);
}

VOID Worker_ok(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    ((PPORT)Context)->Count = 0;
}

NTSTATUS IoStart_ok(WDFDEVICE Device)
{
    UNREFERENCED_PARAMETER(Device);
    return STATUS_SUCCESS;
}

NTSTATUS Power_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS OpenClose_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

static VOID SetUpPort(PPORT Port, PDEVICE_OBJECT Device)
{
    KeInitializeDpc(&Port->Dpc, Dpc_ok, Port);
    KeInitializeThreadedDpc(&Port->Slow, Threaded_ok, Port);
    KeInitializeDpc(&Port->Dpc, Plain_ok, Port);
    Port->WorkItem = IoAllocateWorkItem(Device);
    if (Port->WorkItem != NULL) {
        IoQueueWorkItem(Port->WorkItem, Worker_ok, DelayedWorkQueue, Port);
    }
}

NTSTATUS DeviceAdd_ok(WDFDRIVER Driver, PWDFDEVICE_INIT Init)
{
    WDF_PNPPOWER_EVENT_CALLBACKS callbacks;

    UNREFERENCED_PARAMETER(Driver);
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
    callbacks.EvtDeviceSelfManagedIoInit = IoStart_ok;
    callbacks.EvtDeviceSelfManagedIoRestart = IoStart_ok;
    WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static PORT port;

    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_POWER] = Power_ok;
    Driver->MajorFunction[IRP_MJ_CREATE] = OpenClose_ok;
    Driver->MajorFunction[IRP_MJ_CLOSE] = OpenClose_ok;
    SetUpPort(&port, Driver->DeviceObject);
    return STATUS_SUCCESS;
}
