/* init-code-late: code of an INIT section that only initialisation reaches. */
#include <ntddk.h>

typedef struct _SENSOR {
    ULONG Scale;
    BOOLEAN Ready;
    VOID (*Reset)(struct _SENSOR *Sensor);
} SENSOR, *PSENSOR;

typedef VOID STEP(PSENSOR Sensor);

DRIVER_INITIALIZE DriverEntry;
DRIVER_REINITIALIZE Reinitialize_ok;
DRIVER_ADD_DEVICE AddDevice_ok;
DRIVER_UNLOAD Unload_ok;
DRIVER_DISPATCH Control_ok;
RTL_QUERY_REGISTRY_ROUTINE TakeValue_ok;
KIPI_BROADCAST_WORKER OnEachProcessor_ok;
STEP Probe_ok, Measure_ok, Calibrate_ok;
NTSTATUS ReadSettings_ok(PSENSOR Sensor);
VOID Nobody_ok(PSENSOR Sensor);

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(INIT, Reinitialize_ok)
#pragma alloc_text(INIT, TakeValue_ok)
#pragma alloc_text(INIT, OnEachProcessor_ok)
#pragma alloc_text(INIT, Probe_ok)
#pragma alloc_text(INIT, Measure_ok)
#pragma alloc_text(INIT, Calibrate_ok)
#pragma alloc_text(INIT, ReadSettings_ok)
#pragma alloc_text(INIT, Nobody_ok)
#pragma alloc_text(PAGE, AddDevice_ok)

static SENSOR First;
static ULONG Processors;

/* Steps of initialisation, in a table that only DriverEntry runs through. */
VOID Probe_ok(PSENSOR Sensor) { Sensor->Scale = 1; }
VOID Measure_ok(PSENSOR Sensor) { Sensor->Scale += 2; }
VOID Calibrate_ok(PSENSOR Sensor) { Sensor->Scale *= 3; }

static STEP *const Steps[] = { Probe_ok, Measure_ok, Calibrate_ok };

/* Called back by the registry while DriverEntry waits. */
NTSTATUS TakeValue_ok(PWSTR Name, ULONG Type, PVOID Data, ULONG Size, PVOID Context, PVOID Entry)
{
    UNREFERENCED_PARAMETER(Name);
    UNREFERENCED_PARAMETER(Type);
    UNREFERENCED_PARAMETER(Size);
    UNREFERENCED_PARAMETER(Entry);
    ((PSENSOR)Context)->Scale = *(PULONG)Data;
    return STATUS_SUCCESS;
}

NTSTATUS ReadSettings_ok(PSENSOR Sensor)
{
    RTL_QUERY_REGISTRY_TABLE query[2] = {0};

    query[0].QueryRoutine = TakeValue_ok;
    query[0].Name = L"Scale";
    return RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"Sensor", query, Sensor, NULL);
}

/* Runs on every processor, and DriverEntry goes on when all are done. */
ULONG_PTR OnEachProcessor_ok(ULONG_PTR Argument)
{
    UNREFERENCED_PARAMETER(Argument);
    return 1;
}

/* Resident, and calls discarded code: but only DriverEntry gets here. */
static VOID Setup_ok(PSENSOR Sensor)
{
    if (!Sensor->Ready) {
        Calibrate_ok(Sensor);
    }
    Sensor->Ready = TRUE;
}

/* Which of the two it is, the caller says. */
static VOID Start_ok(PSENSOR Sensor, BOOLEAN FirstTime)
{
    if (FirstTime) {
        Probe_ok(Sensor);
    }
    Sensor->Ready = TRUE;
}

static VOID Nothing_ok(PSENSOR Sensor) { Sensor->Scale = 0; }

/* The pointer is changed before anybody but DriverEntry uses it; AddDevice calls resident code. */
NTSTATUS AddDevice_ok(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(PhysicalDeviceObject);
    PAGED_CODE();
    First.Reset = Nothing_ok;
    First.Reset(&First);
    Start_ok(&First, FALSE);
    return STATUS_SUCCESS;
}

VOID Unload_ok(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Start_ok(&First, FALSE);
}

/* Initialisation goes on here. */
VOID Reinitialize_ok(PDRIVER_OBJECT DriverObject, PVOID Context, ULONG Count)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(Count);
    Measure_ok((PSENSOR)Context);
}

NTSTATUS Control_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Start_ok(&First, FALSE);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* No caller is in sight: it may be part of initialisation. */
VOID Nobody_ok(PSENSOR Sensor) { Sensor->Scale = 7; }
VOID NobodyEither_ok(PSENSOR Sensor) { Nobody_ok(Sensor); }

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice_ok;
    DriverObject->DriverUnload = Unload_ok;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control_ok;
    for (i = 0; i < RTL_NUMBER_OF(Steps); i++) {
        Steps[i](&First);
    }
    Setup_ok(&First);
    Start_ok(&First, TRUE);
    Processors = (ULONG)KeIpiGenericCall(OnEachProcessor_ok, 0);
    IoRegisterDriverReinitialization(DriverObject, Reinitialize_ok, &First);
    return ReadSettings_ok(&First);
}
