/* irql-not-restored: returns that leave another level behind. */
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
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;
KDEFERRED_ROUTINE Dpc_bad;

static NTSTATUS Early_bad(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (Port->Closed)
        return STATUS_DELETE_PENDING; // expect: irql-not-restored "DISPATCH_LEVEL to its caller"
    Port->Count++;
    KeLowerIrql(irql);
    return STATUS_SUCCESS;
}

static VOID Nothing_bad(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(APC_LEVEL, &irql);
    if (Port->Busy)
        return; // expect: irql-not-restored "APC_LEVEL"
    Port->Count++;
    KeLowerIrql(irql);
}

static BOOLEAN Loop_bad(PPORT Port)
{
    KIRQL irql = KeRaiseIrqlToDpcLevel();
    ULONG i;

    for (i = 0; i < 8; i++) {
        if (Port->Count == i)
            return FALSE; // expect: irql-not-restored "Loop_bad"
    }
    KeLowerIrql(irql);
    return TRUE;
}

static KIRQL Enter(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Flags |= 1;
    return irql;
}

static VOID Leave(PPORT Port, KIRQL Irql)
{
    Port->Flags &= ~1u;
    KeLowerIrql(Irql);
}

static VOID Wrapped_bad(PPORT Port)
{
    KIRQL irql = Enter(Port);

    if (Port->Count > 3)
        return; // expect: irql-not-restored "Wrapped_bad"
    Leave(Port, irql);
}

static NTSTATUS Break_bad(PPORT Port)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    do {
        if (Port->Closed) {
            status = STATUS_CANCELLED;
            break;
        }
        Port->Count++;
        KeLowerIrql(irql);
    } while (FALSE);
    return status; // expect: irql-not-restored "restore the level"
}

VOID Dpc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeRaiseIrql(HIGH_LEVEL, &irql);
    port->Count = 0;
} // expect: irql-not-restored "to the system"

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Early_bad(port);
        break;
    case 1:
        Nothing_bad(port);
        break;
    case 2:
        Loop_bad(port);
        break;
    case 3:
        Wrapped_bad(port);
        break;
    case 4:
        Break_bad(port);
        break;
    default:
        port->Count = 0;
        break;
    }
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status =
        IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Dpc_bad, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
