/* init-code-late: code of an INIT section that is reached when the section is gone. */
#include <ntddk.h>

typedef struct _SENSOR {
    PDEVICE_OBJECT Self;
    PIO_WORKITEM Item;
    KDPC Dpc;
    KTIMER Timer;
    VOID (*Reset)(struct _SENSOR *Sensor);
    ULONG Scale;
    ULONG Offset;
} SENSOR, *PSENSOR;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice_bad;
DRIVER_UNLOAD Unload_bad;
DRIVER_DISPATCH Create_bad;
DRIVER_DISPATCH Control;
IO_WORKITEM_ROUTINE Worker_bad;
KDEFERRED_ROUTINE TimerDpc_bad;
KSTART_ROUTINE Thread_bad;
NTSTATUS ReadSettings(PSENSOR Sensor);
VOID LoadTable(PSENSOR Sensor);
VOID ResetSensor(PSENSOR Sensor);
RTL_QUERY_REGISTRY_ROUTINE TakeValue_bad;

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(INIT, ReadSettings)
#pragma alloc_text("INIT", LoadTable)
#pragma alloc_text(INIT, Create_bad)
#pragma alloc_text(INIT, ResetSensor)
#pragma alloc_text(INIT, TakeValue_bad)

static ULONG Table[16];
static volatile LONG Stopping;

NTSTATUS ReadSettings(PSENSOR Sensor)
{
    Sensor->Scale = 10;
    LoadTable(Sensor); /* discarded code may call discarded code */
    return STATUS_SUCCESS;
}

VOID LoadTable(PSENSOR Sensor)
{
    Table[0] = Sensor->Scale;
}

VOID ResetSensor(PSENSOR Sensor)
{
    Sensor->Offset = 0;
}

#pragma code_seg(push)
#pragma code_seg("INIT")
static ULONG FindScale(VOID)
{
    return Table[0] + 1;
}
#pragma code_seg(pop)

#define ONCE __declspec(code_seg("INIT"))
ONCE VOID PrepareTable(VOID)
{
    Table[1] = 1;
}

/* The system calls a function of the section itself. */
NTSTATUS Create_bad(PDEVICE_OBJECT DeviceObject, PIRP Irp) // expect: init-code-late "after initialisation"
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* Devices are added when DriverEntry has returned. */
NTSTATUS AddDevice_bad(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PSENSOR sensor;
    LARGE_INTEGER due;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);
    status = IoCreateDevice(DriverObject, sizeof(SENSOR), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE,
                            &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    sensor = (PSENSOR)deviceObject->DeviceExtension;
    sensor->Self = deviceObject;
    sensor->Item = IoAllocateWorkItem(deviceObject);
    sensor->Reset = ResetSensor;
    KeInitializeDpc(&sensor->Dpc, TimerDpc_bad, sensor);
    KeInitializeTimer(&sensor->Timer);
    due.QuadPart = -1000000;
    KeSetTimer(&sensor->Timer, due, &sensor->Dpc);
    return ReadSettings(sensor); // expect: init-code-late "ReadSettings lies in the discarded section INIT"
}

/* Neither is there a section left when the driver goes. */
VOID Unload_bad(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    PrepareTable(); // expect: init-code-late "a system thread"
}

/* Two calls below a work item. */
static VOID Recompute_bad(PSENSOR Sensor)
{
    if (Sensor->Scale == 0) {
        Sensor->Scale = FindScale(); // expect: init-code-late "a system thread"
    }
}

VOID Worker_bad(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Recompute_bad((PSENSOR)Context);
}

/* DriverEntry calls it as well: that call is right, this one is not. */
static VOID Setup_bad(PSENSOR Sensor)
{
    LoadTable(Sensor); // expect: init-code-late "the caller's thread"
}

/* A pointer that AddDevice stored. */
VOID TimerDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PSENSOR sensor = (PSENSOR)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    sensor->Reset(sensor); // expect: init-code-late "a DPC"
}

/* A thread that DriverEntry starts and nobody waits for. */
VOID Thread_bad(PVOID Context)
{
    while (Stopping == 0) {
        LoadTable((PSENSOR)Context); // expect: init-code-late "a system thread"
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* The registry calls back at once, but on behalf of a request. */
NTSTATUS TakeValue_bad(PWSTR Name, ULONG Type, PVOID Data, ULONG Size, PVOID Context, PVOID Entry) // expect: init-code-late "the caller's thread"
{
    UNREFERENCED_PARAMETER(Name);
    UNREFERENCED_PARAMETER(Type);
    UNREFERENCED_PARAMETER(Size);
    UNREFERENCED_PARAMETER(Entry);
    ((PSENSOR)Context)->Scale = *(PULONG)Data;
    return STATUS_SUCCESS;
}

static NTSTATUS Reread(PSENSOR Sensor)
{
    RTL_QUERY_REGISTRY_TABLE query[2] = {0};

    query[0].QueryRoutine = TakeValue_bad;
    query[0].Name = L"Scale";
    return RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"Sensor", query, Sensor, NULL);
}

NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSENSOR sensor = (PSENSOR)DeviceObject->DeviceExtension;
    NTSTATUS status = Reread(sensor);

    Setup_bad(sensor);
    IoQueueWorkItem(sensor->Item, Worker_bad, DelayedWorkQueue, sensor);
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static SENSOR first;
    HANDLE thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice_bad;
    DriverObject->DriverUnload = Unload_bad;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Create_bad;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    PrepareTable();
    Setup_bad(&first);
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_bad, &first);
    if (NT_SUCCESS(status)) {
        ZwClose(thread);
    }
    return status;
}
