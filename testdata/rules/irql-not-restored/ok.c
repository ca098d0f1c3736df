/* irql-not-restored: levels that are restored, or meant to stay. */
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
KDEFERRED_ROUTINE Dpc_ok;

static NTSTATUS Balanced_ok(PPORT Port)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (Port->Closed)
        status = STATUS_DELETE_PENDING;
    else
        Port->Count++;
    KeLowerIrql(irql);
    return status;
}

static KIRQL Enter_ok(PPORT Port)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Busy = TRUE;
    return irql;
}

static VOID Leave_ok(PPORT Port, KIRQL Irql)
{
    Port->Busy = FALSE;
    KeLowerIrql(Irql);
}

static VOID Wrapped_ok(PPORT Port)
{
    KIRQL irql = Enter_ok(Port);

    Port->Count++;
    Leave_ok(Port, irql);
}

/* The caller says at which level it is. */
static VOID Flag_ok(PPORT Port, BOOLEAN Raised)
{
    KIRQL irql = PASSIVE_LEVEL;

    if (!Raised)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Count++;
    if (!Raised)
        KeLowerIrql(irql);
}

static VOID UseFlag_ok(PPORT Port)
{
    KIRQL irql;

    Flag_ok(Port, FALSE);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Flag_ok(Port, TRUE);
    KeLowerIrql(irql);
}

static BOOLEAN TryEnter(PPORT Port, PKIRQL Irql)
{
    KeRaiseIrql(DISPATCH_LEVEL, Irql);
    if (Port->Busy) {
        KeLowerIrql(*Irql);
        return FALSE;
    }
    Port->Busy = TRUE;
    return TRUE;
}

static VOID Try_ok(PPORT Port)
{
    KIRQL irql;

    if (!TryEnter(Port, &irql))
        return;
    Port->Count++;
    Leave_ok(Port, irql);
}

/* Two tests of one bit. */
static VOID Bits_ok(PPORT Port)
{
    KIRQL irql = PASSIVE_LEVEL;

    if (Port->Flags & 2)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Count++;
    if (Port->Flags & 2)
        KeLowerIrql(irql);
}

/* A number says by 0 that all is well: the level stays raised until Leave_ok. */
static ULONG Load(PPORT Port, PKIRQL Irql)
{
    KeRaiseIrql(DISPATCH_LEVEL, Irql);
    if (Port->Busy) {
        Port->Count++;
        return 0;
    }
    if (Port->Closed) {
        KeLowerIrql(*Irql);
        return 1;
    }
    if (Port->Flags == 0) {
        KeLowerIrql(*Irql);
        return 2;
    }
    Port->Busy = TRUE;
    return 0;
}

static VOID Number_ok(PPORT Port)
{
    KIRQL irql;

    if (Load(Port, &irql) == 0)
        Leave_ok(Port, irql);
}

static VOID OnlyIfLow_ok(PPORT Port)
{
    KIRQL irql = KeGetCurrentIrql();

    if (irql < DISPATCH_LEVEL)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Port->Count++;
    if (irql < DISPATCH_LEVEL)
        KeLowerIrql(irql);
}

VOID Dpc_ok(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPORT port = (PPORT)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeRaiseIrql(HIGH_LEVEL, &irql);
    port->Count = 0;
    KeLowerIrql(irql);
}

/* The annotation tells the caller when the level stays up. */
_When_(Port->Busy, _IRQL_raises_(DISPATCH_LEVEL))
static VOID Claim_ok(PPORT Port, KIRQL *OldIrql)
{
    KeRaiseIrql(DISPATCH_LEVEL, OldIrql);
    if (Port->Busy)
        return;
    Port->Count++;
    KeLowerIrql(*OldIrql);
}

static VOID Fill_ok(PPORT Port)
{
    KIRQL irql;

    Claim_ok(Port, &irql);
    if (Port->Busy)
        KeLowerIrql(irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PPORT port = (PPORT)Device->DeviceExtension;

    switch (Irp->Flags) {
    case 21:
        Bits_ok(port);
        break;
    case 20:
        Number_ok(port);
        break;
    case 0:
        Balanced_ok(port);
        break;
    case 1:
        Wrapped_ok(port);
        break;
    case 2:
        UseFlag_ok(port);
        break;
    case 3:
        Try_ok(port);
        break;
    case 4:
        OnlyIfLow_ok(port);
        break;
    case 5:
        Fill_ok(port);
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
