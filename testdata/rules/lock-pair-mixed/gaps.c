/* lock-pair-mixed: what the analysis is known to get wrong. */
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
KDEFERRED_ROUTINE Fn_dpc;

/* The level is handed in: the caller may well have raised. This one did not. */
static VOID Fn_argument(PPORT Port, KIRQL Irql)
{
    KeAcquireSpinLockAtDpcLevel(&Port->Lock);
    Port->Count++;
    KeReleaseSpinLock(&Port->Lock, Irql); // expect-missed: lock-pair-mixed  the level is an argument
}

/* The caller's lock is handed over: its release is taken for that of the new one. */
static VOID Exchange(PPORT Port, KIRQL Irql)
{
    KeAcquireSpinLockAtDpcLevel(&Port->QueueLock);
    KeReleaseSpinLockFromDpcLevel(&Port->Lock);
    Port->Count++;
    KeReleaseSpinLock(&Port->QueueLock, Irql); // expect-false: lock-not-held  locks of a class match
}

static VOID Fp_callers(PPORT Port)
{
    KIRQL irql;

    KeAcquireSpinLock(&Port->Lock, &irql);
    Exchange(Port, irql);
}

VOID Fn_dpc(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Fn_argument(port, PASSIVE_LEVEL);
} // expect: irql-not-restored "PASSIVE_LEVEL"

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 0:
        Fp_callers(port);
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
    KeInitializeDpc(&((PPORT)device->DeviceExtension)->Dpc, Fn_dpc, device->DeviceExtension);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
