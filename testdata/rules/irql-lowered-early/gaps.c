/* irql-lowered-early: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _PORT {
    KSPIN_LOCK Lock;
    KDPC Dpcs[8];
    KIRQL Level;
    BOOLEAN Busy;
    ULONG Count;
} PORT, *PPORT;

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Fn_dpc;

/* Only the callback itself is looked at: a callee may undo what its caller raised. */
static VOID Fn_callee(PPORT Port)
{
    KeLowerIrql(PASSIVE_LEVEL); // expect-missed: irql-lowered-early  in a callee
    Port->Count++;
}

VOID Fn_dpc(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Fn_callee(port);
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
    KeInitializeDpc(&port->Dpcs[0], Fn_dpc, port);
    return STATUS_SUCCESS;
}
