/* annotation-exceeded: calls that keep the contract, and those of which another rule speaks. */
#include <ntddk.h>

typedef struct _RING {
    KSPIN_LOCK Lock;
    KDPC Dpc;
    ULONG Head;
    ULONG Tail;
} RING, *PRING;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Read_ok;
KDEFERRED_ROUTINE Drain_ok;
IO_COMPLETION_ROUTINE Done_ok;

_IRQL_requires_max_(PASSIVE_LEVEL) VOID RingReset(PRING Ring);
_IRQL_requires_max_(DISPATCH_LEVEL) ULONG RingCount(PRING Ring);
_IRQL_requires_(DISPATCH_LEVEL) VOID RingPush(PRING Ring);
_When_(Wait != FALSE, _IRQL_requires_max_(APC_LEVEL))
_When_(Wait == FALSE, _IRQL_requires_max_(DISPATCH_LEVEL)) VOID RingFlush(PRING Ring, BOOLEAN Wait);
_IRQL_requires_max_(RING_LEVEL) VOID RingOwn(PRING Ring);

static RING g_Ring;

VOID RingReset(PRING Ring)
{
    Ring->Head = 0;
}

ULONG RingCount(PRING Ring)
{
    return Ring->Head - Ring->Tail;
}

VOID RingPush(PRING Ring)
{
    Ring->Head++;
}

VOID RingFlush(PRING Ring, BOOLEAN Wait)
{
    Ring->Head = Wait;
}

VOID RingOwn(PRING Ring)
{
    Ring->Head = 7;
}

VOID Drain_ok(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    if (RingCount(Context) != 0) {
        RingPush(Context);
    }
    RingFlush(Context, FALSE);
    RingOwn(Context);
}

/* it may run high, but need not */
NTSTATUS Done_ok(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    RingReset(Context);
    return STATUS_SUCCESS;
}

NTSTATUS Read_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    RingReset(&g_Ring);
    KeAcquireSpinLock(&g_Ring.Lock, &irql);
    RingPush(&g_Ring);
    KeReleaseSpinLock(&g_Ring.Lock, irql);
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
        RingReset(&g_Ring);
    }
    IoSetCompletionRoutine(Irp, Done_ok, &g_Ring, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    KeInitializeSpinLock(&g_Ring.Lock);
    KeInitializeDpc(&g_Ring.Dpc, Drain_ok, &g_Ring);
    Driver->MajorFunction[IRP_MJ_READ] = Read_ok;
    return STATUS_SUCCESS;
}
