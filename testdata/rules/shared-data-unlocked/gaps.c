/* shared-data-unlocked: what it is known not to see. */
#include <ntddk.h>

typedef struct _SLOT {
    LONG Count;
} SLOT, *PSLOT;

typedef struct _DEVICE {
    KDPC Dpc;
    KSPIN_LOCK Lock;
    LONG Left;
    BOOLEAN Fast;
    SLOT Slots[4];
    LIST_ENTRY Ring;
} DEVICE, *PDEVICE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH Read;
KDEFERRED_ROUTINE DpcRoutine;

/* The lock is taken in one case only: perhaps held counts as held. */
static VOID Fn_sometimes(PDEVICE Device)
{
    if (!Device->Fast)
        KeAcquireSpinLockAtDpcLevel(&Device->Lock);
    Device->Left--; // expect-missed: shared-data-unlocked  the lock is skipped on one path
    if (!Device->Fast)
        KeReleaseSpinLockFromDpcLevel(&Device->Lock);
}

/* An element of an array: one of many, and perhaps another one. */
static VOID Fn_element(PDEVICE Device)
{
    Device->Slots[1].Count--; // expect-missed: shared-data-unlocked  objects of arrays are not told apart
}

/* Relinked by hand. */
static VOID Fn_by_hand(PDEVICE Device)
{
    PLIST_ENTRY first = Device->Ring.Flink;

    Device->Ring.Flink = first->Flink; // expect-missed: shared-data-unlocked  a list relinked by hand
    first->Flink->Blink = &Device->Ring;
}

NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE device = DeviceObject->DeviceExtension;
    KIRQL irql;

    KeAcquireSpinLock(&device->Lock, &irql);
    device->Left++;
    KeReleaseSpinLock(&device->Lock, irql);
    device->Slots[1].Count++;
    InsertTailList(&device->Ring, &Irp->Tail.Overlay.ListEntry);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

VOID DpcRoutine(PKDPC Dpc, PVOID Context, PVOID Arg1, PVOID Arg2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Arg1);
    UNREFERENCED_PARAMETER(Arg2);
    Fn_sometimes(Context);
    Fn_element(Context);
    Fn_by_hand(Context);
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
    InitializeListHead(&device->Ring);
    KeInitializeDpc(&device->Dpc, DpcRoutine, device);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    return STATUS_SUCCESS;
}
