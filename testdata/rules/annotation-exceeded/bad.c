/* annotation-exceeded: functions called at levels that their annotations exclude. */
#include <ntddk.h>

typedef struct _RING {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    KDPC Other;
    KTIMER Timer;
    ULONG Head;
    ULONG Tail;
} RING, *PRING;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Read_bad;
DRIVER_DISPATCH Write_bad;
KDEFERRED_ROUTINE Drain_bad;

_IRQL_requires_max_(PASSIVE_LEVEL) VOID RingReset(PRING Ring);
_IRQL_requires_max_(APC_LEVEL) ULONG RingCount(PRING Ring);
_IRQL_requires_(DISPATCH_LEVEL) VOID RingPush(PRING Ring);
_IRQL_requires_min_(DISPATCH_LEVEL) VOID RingPop(PRING Ring);
__drv_maxIRQL(PASSIVE_LEVEL) VOID RingName(PRING Ring);
/* the annotation of a callback that the system calls higher */
_IRQL_requires_max_(PASSIVE_LEVEL) VOID Tick_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B);

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

VOID RingPop(PRING Ring)
{
    Ring->Tail++;
}

VOID RingName(PRING Ring)
{
    Ring->Tail = 1;
}

static VOID RingLock(PRING Ring, PKIRQL Irql)
{
    KeAcquireSpinLock(&Ring->Lock, Irql);
}

VOID Drain_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    PRING ring = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    if (RingCount(ring) != 0) { // expect: annotation-exceeded "DISPATCH_LEVEL"
        RingPop(ring);
    }
    RingName(ring); // expect: annotation-exceeded "__drv_maxIRQL"
}

VOID Tick_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B) // expect: annotation-exceeded "a DPC"
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    ((PRING)Context)->Head = 0;
}

NTSTATUS Read_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    RingPush(&g_Ring); // expect: annotation-exceeded "_IRQL_requires_(DISPATCH_LEVEL)"
    RingLock(&g_Ring, &irql);
    RingReset(&g_Ring); // expect: annotation-exceeded "_IRQL_requires_max_(PASSIVE_LEVEL)"
    KeReleaseSpinLock(&g_Ring.Lock, irql);
    RingPop(&g_Ring); // expect: annotation-exceeded "PASSIVE_LEVEL"
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS Write_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    ExAcquireFastMutex(&g_Ring.Mutex);
    RingReset(&g_Ring); // expect: annotation-exceeded "APC_LEVEL"
    ExReleaseFastMutex(&g_Ring.Mutex);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    KeInitializeSpinLock(&g_Ring.Lock);
    ExInitializeFastMutex(&g_Ring.Mutex);
    KeInitializeDpc(&g_Ring.Dpc, Drain_bad, &g_Ring);
    KeInitializeDpc(&g_Ring.Other, Tick_bad, &g_Ring);
    Driver->MajorFunction[IRP_MJ_READ] = Read_bad;
    Driver->MajorFunction[IRP_MJ_WRITE] = Write_bad;
    return STATUS_SUCCESS;
}
