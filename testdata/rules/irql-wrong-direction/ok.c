/* irql-wrong-direction: levels that go the right way. */
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
KDEFERRED_ROUTINE Dpc_ok;

static VOID Same_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID High_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(HIGH_LEVEL, &irql);
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID Nested_ok(PPORT Port)
{
    KIRQL outer, inner;

    KeRaiseIrql(APC_LEVEL, &outer);
    KeRaiseIrql(DISPATCH_LEVEL, &inner);
    Port->Count++;
    KeLowerIrql(inner);
    KeLowerIrql(outer);
}

static VOID Steps_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Count++;
    KeLowerIrql(APC_LEVEL);
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID Tested_ok(PPORT Port)
{
    KIRQL irql = KeGetCurrentIrql();

    if (irql < APC_LEVEL)
        KeRaiseIrql(APC_LEVEL, &irql);
    Port->Count++;
    KeLowerIrql(irql);
}

static VOID Field_ok(PPORT Port)
{
    KeRaiseIrql(DISPATCH_LEVEL, &Port->OldIrql);
    Port->Count++;
    KeLowerIrql(Port->OldIrql);
}

VOID Dpc_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Same_ok(port);
    High_ok(port);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Same_ok(port);
        break;
    case 1:
        High_ok(port);
        break;
    case 2:
        Nested_ok(port);
        break;
    case 3:
        Steps_ok(port);
        break;
    case 4:
        Tested_ok(port);
        break;
    case 5:
        Field_ok(port);
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
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Dpc_ok, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
