/* irql-lowered-early: callbacks that go back to where they were. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KDPC Dpcs[8];
    KIRQL Level;
    BOOLEAN Busy;
    ULONG Count;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Raise_ok;
KDEFERRED_ROUTINE Steps_ok;
KDEFERRED_ROUTINE Lock_ok;
KDEFERRED_ROUTINE Unknown_ok;
KDEFERRED_ROUTINE Tested_ok;
KDEFERRED_ROUTINE Same_ok;

VOID Raise_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeRaiseIrql(HIGH_LEVEL, &irql);
    port->Count++;
    KeLowerIrql(irql);
}

VOID Steps_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeRaiseIrql(HIGH_LEVEL, &irql);
    port->Count++;
    KeLowerIrql(DISPATCH_LEVEL);
    irql = PASSIVE_LEVEL;
}

VOID Lock_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLock(&port->Lock, &irql);
    port->Count++;
    KeReleaseSpinLock(&port->Lock, irql);
}

VOID Unknown_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    irql = port->Level;
    KeRaiseIrql(HIGH_LEVEL, &port->Level);
    port->Count++;
    KeLowerIrql(port->Level);
}

VOID Tested_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    irql = KeGetCurrentIrql();
    port->Count++;
    if (irql < DISPATCH_LEVEL)
        KeLowerIrql(PASSIVE_LEVEL);
}

VOID Same_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    irql = DISPATCH_LEVEL;
    port->Busy = TRUE;
    KeLowerIrql(irql);
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
    KeInitializeDpc(&port->Dpcs[0], Raise_ok, port);
    KeInitializeDpc(&port->Dpcs[1], Steps_ok, port);
    KeInitializeDpc(&port->Dpcs[2], Lock_ok, port);
    KeInitializeDpc(&port->Dpcs[3], Unknown_ok, port);
    KeInitializeDpc(&port->Dpcs[4], Tested_ok, port);
    KeInitializeDpc(&port->Dpcs[5], Same_ok, port);
    return STATUS_SUCCESS;
}
