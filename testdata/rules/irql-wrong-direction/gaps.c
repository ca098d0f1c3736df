/* irql-wrong-direction: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KSPIN_LOCK QueueLock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    KIRQL OldIrql;
    BOOLEAN Busy;
    ULONG Count;
    struct _PORT *Next;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

/* A level that is not known is no finding. */
static VOID Fn_unknown(PPORT Port, const KIRQL *Levels)
{
    KIRQL irql, inner;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeRaiseIrql(Levels[Port->Count & 1], &inner); // expect-missed: irql-wrong-direction  unknown
    Port->Count++;
    KeLowerIrql(inner);
    KeLowerIrql(irql);
}

static const KIRQL Levels[2] = {PASSIVE_LEVEL, APC_LEVEL};

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Fn_unknown(port, Levels);
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
