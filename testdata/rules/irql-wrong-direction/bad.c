/* irql-wrong-direction: raises that lower and lowers that raise. */
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
KDEFERRED_ROUTINE Dpc_bad;

static VOID ApcInDpc_bad(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(APC_LEVEL, &irql); // expect: irql-wrong-direction "raise to a lower level"
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID UnderLock_bad(PPORT Port)
{
    KIRQL irql, old;

    KeAcquireSpinLock(&Port->Lock, &irql);
    KeRaiseIrql(APC_LEVEL, &old); // expect: irql-wrong-direction "KeRaiseIrql"
    Port->Count++;
    KeLowerIrql(old);
    KeReleaseSpinLock(&Port->Lock, irql);
}

static VOID LowerUp_bad(PPORT Port)
{
    Port->Busy = TRUE;
    KeLowerIrql(DISPATCH_LEVEL); // expect: irql-wrong-direction "lower to a higher level"
    Port->Busy = FALSE;
    KeLowerIrql(PASSIVE_LEVEL);
}

static VOID Under(PPORT Port, KIRQL Level)
{
    KIRQL irql;

    KeRaiseIrql(Level, &irql); // expect: irql-wrong-direction "raise to a lower level"
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID Argument_bad(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Under(Port, APC_LEVEL);
    KeLowerIrql(irql);
}

static VOID Swapped_bad(PPORT Port)
{
    KIRQL outer, inner;

    KeRaiseIrql(APC_LEVEL, &outer);
    KeRaiseIrql(DISPATCH_LEVEL, &inner);
    Port->Count++;
    KeLowerIrql(outer);
    KeLowerIrql(inner); // expect: irql-wrong-direction "KeLowerIrql"
    KeLowerIrql(PASSIVE_LEVEL);
}

static VOID InDpc(PPORT Port)
{
    KIRQL irql;

    ApcInDpc_bad(Port);
    KeRaiseIrql(PASSIVE_LEVEL, &irql); // expect: irql-wrong-direction "in a DPC"
    Port->Busy = FALSE;
}

VOID Dpc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InDpc(port);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        UnderLock_bad(port);
        break;
    case 1:
        LowerUp_bad(port);
        break;
    case 2:
        Argument_bad(port);
        break;
    case 3:
        Swapped_bad(port);
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
