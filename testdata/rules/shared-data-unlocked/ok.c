/* shared-data-unlocked: the same, right. */
#include <ntddk.h>

#define TAG 'khSx'

typedef struct _DEVICE {
    KDPC Dpc;
    PKINTERRUPT Interrupt;
    KSPIN_LOCK Lock;
    LIST_ENTRY Requests;
    LONG Outstanding;
    LONG Interlocked;
    ULONG Flags;
    ULONG Missed;
    ULONG Received;
    ULONG Mode;
    BOOLEAN Stopping;
    ULONG *Table;
    LIST_ENTRY Work;
} DEVICE, *PDEVICE;

typedef struct _REQUEST {
    LIST_ENTRY Link;
    LONG Parts;
} REQUEST, *PREQUEST;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_UNLOAD Unload;
DRIVER_DISPATCH Read;
DRIVER_DISPATCH Write;
DRIVER_DISPATCH Pnp;
KDEFERRED_ROUTINE DpcRoutine;
KSERVICE_ROUTINE Isr;
KSYNCHRONIZE_ROUTINE TakeMissed_ok;

ULONG DebugLevel;

/* Both hold the lock; one at the DPC's level. */
static VOID Begin_ok(PDEVICE Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    Device->Outstanding++;
    KeReleaseSpinLock(&Device->Lock, irql);
}

static VOID Finish_ok(PDEVICE Device)
{
    KeAcquireSpinLockAtDpcLevel(&Device->Lock);
    Device->Outstanding--;
    KeReleaseSpinLockFromDpcLevel(&Device->Lock);
}

/* The lock is the caller's, and a wrapper takes it. */
static KIRQL Enter(PDEVICE Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    return irql;
}

static VOID Leave(PDEVICE Device, KIRQL Irql)
{
    KeReleaseSpinLock(&Device->Lock, Irql);
}

static VOID Append_ok(PDEVICE Device, PLIST_ENTRY Entry)
{
    InsertTailList(&Device->Requests, Entry);
}

static PLIST_ENTRY Take_ok(PDEVICE Device)
{
    return IsListEmpty(&Device->Requests) ? NULL : RemoveHeadList(&Device->Requests);
}

/* Interlocked. */
static VOID Count_ok(PDEVICE Device)
{
    InterlockedIncrement(&Device->Interlocked);
}

static VOID Uncount_ok(PDEVICE Device)
{
    InterlockedDecrement(&Device->Interlocked);
}

static VOID Insert_ok(PDEVICE Device, PLIST_ENTRY Entry)
{
    ExInterlockedInsertTailList(&Device->Work, Entry, &Device->Lock);
}

/* Only counts up: a statistic. */
static VOID Statistics_ok(PDEVICE Device)
{
    Device->Received++;
}

/* A flag that is only set, and read. */
static VOID Stop_ok(PDEVICE Device)
{
    Device->Stopping = TRUE;
}

/* Written before anything else runs. */
static VOID Prepare_ok(PDEVICE Device)
{
    Device->Mode |= 4;
    Device->Flags = 0;
    InitializeListHead(&Device->Requests);
    InitializeListHead(&Device->Work);
    Device->Table = ExAllocatePoolWithTag(NonPagedPool, 64, TAG);
}

/* An object that belongs to whoever has the request. */
static VOID Part_ok(PREQUEST Request)
{
    Request->Parts--;
}

/* What the ISR changes is taken at its level, under its lock. */
BOOLEAN TakeMissed_ok(PVOID Context)
{
    PDEVICE device = Context;

    device->Missed -= 1;
    return TRUE;
}

BOOLEAN Isr(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE device = Context;

    UNREFERENCED_PARAMETER(Interrupt);
    device->Missed += 1;
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;
    PREQUEST request = ExAllocatePoolWithTag(NonPagedPool, sizeof *request, TAG);
    KIRQL irql;

    if (request == NULL || device->Stopping)
        return STATUS_UNSUCCESSFUL;
    request->Parts = 1;
    request->Parts++;
    Begin_ok(device);
    Count_ok(device);
    Statistics_ok(device);
    irql = Enter(device);
    Append_ok(device, &Irp->Tail.Overlay.ListEntry);
    Leave(device, irql);
    Insert_ok(device, &request->Link);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

NTSTATUS Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;

    KeSynchronizeExecution(device->Interrupt, TakeMissed_ok, device);
    if (device->Mode & 4)
        Stop_ok(device);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

VOID DpcRoutine(PKDPC Dpc, PVOID Context, PVOID Arg1, PVOID Arg2)
{
    PDEVICE device = Context;
    PREQUEST request;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Arg1);
    UNREFERENCED_PARAMETER(Arg2);
    Finish_ok(device);
    Uncount_ok(device);
    Statistics_ok(device);
    irql = Enter(device);
    request = CONTAINING_RECORD(Take_ok(device), REQUEST, Link);
    Leave(device, irql);
    Part_ok(request);
    if (device->Table != NULL && !device->Stopping)
        device->Flags = device->Table[0];
}

/* Taken down when nothing runs any more. */
NTSTATUS Pnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;

    UNREFERENCED_PARAMETER(Irp);
    IoDisconnectInterrupt(device->Interrupt);
    KeFlushQueuedDpcs();
    RemoveHeadList(&device->Requests);
    ExFreePoolWithTag(device->Table, TAG);
    device->Table = NULL;
    device->Outstanding--;
    return STATUS_SUCCESS;
}

VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DebugLevel &= ~1;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT Pdo)
{
    PDEVICE_OBJECT object;
    PDEVICE device;
    NTSTATUS status = IoCreateDevice(DriverObject, sizeof(DEVICE), NULL, FILE_DEVICE_UNKNOWN, 0,
                                     FALSE, &object);

    UNREFERENCED_PARAMETER(Pdo);
    if (!NT_SUCCESS(status))
        return status;
    device = object->DeviceExtension;
    Prepare_ok(device);
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->Dpc, DpcRoutine, device);
    return IoConnectInterrupt(&device->Interrupt, Isr, device, NULL, 5, 5, 5, LevelSensitive, TRUE,
                              1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DebugLevel |= 1;
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    DriverObject->MajorFunction[IRP_MJ_PNP] = Pnp;
    return STATUS_SUCCESS;
}
