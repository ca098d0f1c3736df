/* Whether a counter of references reaches zero under the lock is the driver's secret: possible. */
#include <ntddk.h>

typedef struct _ITEM {
    LONG volatile Refs;
    ULONG Users;
    KSPIN_LOCK Lock;
} ITEM, *PITEM;

VOID LastOfInterlocked(PITEM Item)
{
    Item->Users = 0;
}

VOID LastOfPlain(PITEM Item)
{
    Item->Users = 0;
}

VOID LastAfterTest(PITEM Item)
{
    Item->Users = 0;
}

VOID EveryTime(PITEM Item)
{
    Item->Users = 0;
}

static LONG Lower(PITEM Item)
{
    return InterlockedExchangeAdd(&Item->Refs, -1) - 1;
}

static VOID DropInterlocked(PITEM Item)
{
    if (InterlockedDecrement(&Item->Refs) == 0) {
        LastOfInterlocked(Item);
    }
    EveryTime(Item);
}

static VOID DropPlain(PITEM Item)
{
    Item->Users--;
    if (Item->Users == 0) {
        LastOfPlain(Item);
    }
}

static VOID DropByHelper(PITEM Item)
{
    if (Lower(Item) > 0) {
        return;
    }
    LastAfterTest(Item);
}

NTSTATUS Dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PITEM item = (PITEM)DeviceObject->DeviceExtension;
    KIRQL oldIrql;

    UNREFERENCED_PARAMETER(Irp);
    KeAcquireSpinLock(&item->Lock, &oldIrql);
    DropInterlocked(item);
    DropPlain(item);
    DropByHelper(item);
    KeReleaseSpinLock(&item->Lock, oldIrql);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_READ] = Dispatch;
    return STATUS_SUCCESS;
}
