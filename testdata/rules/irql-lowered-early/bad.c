/* irql-lowered-early: callbacks that lower the level they came at. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KDPC Dpcs[8];
    KIRQL Level;
    BOOLEAN Busy;
    ULONG Count;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Constant_bad;
KDEFERRED_ROUTINE Apc_bad;
KDEFERRED_ROUTINE Loop_bad;
KDEFERRED_ROUTINE Branch_bad;
KDEFERRED_ROUTINE Variable_bad;
KDEFERRED_ROUTINE AfterLock_bad;

VOID Constant_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeLowerIrql(PASSIVE_LEVEL); // expect: irql-lowered-early "to PASSIVE_LEVEL in a DPC"
    port->Count++;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
}

VOID Apc_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeLowerIrql(APC_LEVEL); // expect: irql-lowered-early "to APC_LEVEL"
    port->Count++;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
}

VOID Loop_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    while (port->Busy) {
        KeLowerIrql(PASSIVE_LEVEL); // expect: irql-lowered-early "called at DISPATCH_LEVEL"
        port->Count++;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    }
    irql = PASSIVE_LEVEL;
}

VOID Branch_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (port->Busy) {
        KeLowerIrql(PASSIVE_LEVEL); // expect: irql-lowered-early "KeLowerIrql"
        port->Count = 0;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    }
    port->Busy = FALSE;
}

VOID Variable_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    irql = PASSIVE_LEVEL;
    port->Busy = TRUE;
    KeLowerIrql(irql); // expect: irql-lowered-early "PASSIVE_LEVEL"
    port->Busy = FALSE;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
}

VOID AfterLock_bad(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&port->Lock);
    port->Count++;
    KeReleaseSpinLockFromDpcLevel(&port->Lock);
    KeLowerIrql(PASSIVE_LEVEL); // expect: irql-lowered-early "in a DPC"
    port->Count++;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    PDEVICE_OBJECT device;
    PPORT port;
    NTSTATUS status =
        IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    UNREFERENCED_PARAMETER(Path);
    if (!NT_SUCCESS(status))
        return status;
    port = (PPORT)device->DeviceExtension;
    KeInitializeDpc(&port->Dpcs[0], Constant_bad, port);
    KeInitializeDpc(&port->Dpcs[1], Apc_bad, port);
    KeInitializeDpc(&port->Dpcs[2], Loop_bad, port);
    KeInitializeDpc(&port->Dpcs[3], Branch_bad, port);
    KeInitializeDpc(&port->Dpcs[4], Variable_bad, port);
    KeInitializeDpc(&port->Dpcs[5], AfterLock_bad, port);
    return STATUS_SUCCESS;
}
