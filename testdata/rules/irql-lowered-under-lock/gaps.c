/* irql-lowered-under-lock: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    LIST_ENTRY Queue;
    KIRQL OldIrql;
    BOOLEAN Busy;
    BOOLEAN Closed;
    ULONG Flags;
    ULONG Count;
    KIRQL Levels[2];
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

/* A level out of a table is not known: it is taken to be the one saved. */
static VOID Fn_table(PPORT Port, const KIRQL *Levels)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Port->Count++;
    KeLowerIrql(Levels[Port->Count & 1]); // expect-missed: irql-lowered-under-lock  unknown level
    KeReleaseSpinLock(&Port->Lock, irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Fn_table(port, port->Levels);
        break;
    default:
        port->Count = 0;
        break;
    }
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
