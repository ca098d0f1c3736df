/* shared-data-unlocked: what a DPC, an ISR or another thread changes too, changed without its lock. */
#include <ntddk.h>

#define TAG 'dhSx'
#define FLAG_RUNNING 1
#define FLAG_TIMED_OUT 2

typedef struct _DEVICE {
    KDPC Dpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    LIST_ENTRY Requests;
    LIST_ENTRY Pending;
    LIST_ENTRY Done;
    LONG Outstanding;
    ULONG Flags;
    ULONG Missed;
    LONG Credits;
    ULONG *Table;
    SINGLE_LIST_ENTRY Free;
    LIST_ENTRY Work;
} DEVICE, *PDEVICE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH Read;
DRIVER_DISPATCH Write;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE DpcRoutine;
KDEFERRED_ROUTINE TimerRoutine;
KSERVICE_ROUTINE Isr;

LIST_ENTRY AllRequests;
KSPIN_LOCK AllLock;

/* ---- both sides change what they find there -------------------------------------------------- */

static VOID Finish_bad(PDEVICE Device)
{
    Device->Outstanding--; // expect: shared-data-unlocked "DEVICE.Outstanding"
}

static VOID Timeout_bad(PDEVICE Device)
{
    Device->Flags |= FLAG_TIMED_OUT; // expect: shared-data-unlocked "DEVICE.Flags"
}

static PLIST_ENTRY Take_bad(PDEVICE Device)
{
    return RemoveHeadList(&Device->Requests); // expect: shared-data-unlocked "DEVICE.Requests"
}

static VOID Recycle_bad(PDEVICE Device, PSINGLE_LIST_ENTRY Entry)
{
    PushEntryList(&Device->Free, Entry); // expect: shared-data-unlocked "DEVICE.Free"
}

/* A spin lock does not keep the ISR out. */
static VOID Forgive_bad(PDEVICE Device)
{
    KeAcquireSpinLockAtDpcLevel(&Device->Lock);
    Device->Missed -= 1; // expect: shared-data-unlocked "holding only DEVICE.Lock"
    KeReleaseSpinLockFromDpcLevel(&Device->Lock);
}

BOOLEAN Isr(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE device = Context;

    UNREFERENCED_PARAMETER(Interrupt);
    device->Missed += 1;
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

/* ---- one side frees what the other uses ------------------------------------------------------ */

static ULONG Look_bad(PDEVICE Device, ULONG Index)
{
    ULONG *table = Device->Table; // expect: shared-data-unlocked "DEVICE.Table"

    return table != NULL ? table[Index & 15] : 0;
}

static VOID Replace(PDEVICE Device)
{
    ExFreePoolWithTag(Device->Table, TAG);
    Device->Table = ExAllocatePoolWithTag(NonPagedPool, 64, TAG);
}

/* ---- all others hold the lock ---------------------------------------------------------------- */

static VOID Queue(PDEVICE Device, PLIST_ENTRY Entry)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->QueueLock, &irql);
    InsertTailList(&Device->Work, Entry);
    KeReleaseSpinLock(&Device->QueueLock, irql);
}

static PLIST_ENTRY Dequeue(PDEVICE Device)
{
    PLIST_ENTRY entry = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&Device->QueueLock, &irql);
    if (!IsListEmpty(&Device->Work))
        entry = RemoveHeadList(&Device->Work);
    KeReleaseSpinLock(&Device->QueueLock, irql);
    return entry;
}

static VOID Requeue(PDEVICE Device, PLIST_ENTRY Entry)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->QueueLock, &irql);
    InsertHeadList(&Device->Work, Entry);
    KeReleaseSpinLock(&Device->QueueLock, irql);
}

static VOID Steal_bad(PDEVICE Device)
{
    RemoveTailList(&Device->Work); // expect: shared-data-unlocked "DEVICE.Work"
}

/* ---- globals --------------------------------------------------------------------------------- */

static VOID Remember_bad(PLIST_ENTRY Entry)
{
    InsertTailList(&AllRequests, Entry);
}

static VOID Forget_bad(VOID)
{
    RemoveHeadList(&AllRequests); // expect: shared-data-unlocked "AllRequests"
}

/* ---- who calls them -------------------------------------------------------------------------- */

NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;

    device->Outstanding++;
    InsertTailList(&device->Requests, &Irp->Tail.Overlay.ListEntry);
    Queue(device, &Irp->Tail.Overlay.ListEntry);
    Remember_bad(&Irp->Tail.Overlay.ListEntry);
    PopEntryList(&device->Free);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

NTSTATUS Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;

    device->Flags &= ~FLAG_RUNNING;
    Replace(device);
    Requeue(device, &Irp->Tail.Overlay.ListEntry);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    Steal_bad(DeviceObject->DeviceExtension);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

VOID DpcRoutine(PKDPC Dpc, PVOID Context, PVOID Arg1, PVOID Arg2)
{
    PDEVICE device = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Arg1);
    UNREFERENCED_PARAMETER(Arg2);
    Finish_bad(device);
    Take_bad(device);
    Dequeue(device);
    Recycle_bad(device, Arg1);
    Forgive_bad(device);
    Look_bad(device, 3);
    Forget_bad();
}

VOID TimerRoutine(PKDPC Dpc, PVOID Context, PVOID Arg1, PVOID Arg2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Arg1);
    UNREFERENCED_PARAMETER(Arg2);
    Timeout_bad(Context);
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
    InitializeListHead(&device->Requests);
    InitializeListHead(&device->Work);
    KeInitializeSpinLock(&device->Lock);
    KeInitializeSpinLock(&device->QueueLock);
    KeInitializeDpc(&device->Dpc, DpcRoutine, device);
    KeInitializeDpc(&device->TimerDpc, TimerRoutine, device);
    return IoConnectInterrupt(&device->Interrupt, Isr, device, NULL, 5, 5, 5, LevelSensitive, TRUE,
                              1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    InitializeListHead(&AllRequests);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
