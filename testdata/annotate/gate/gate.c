/* A driver whose functions say little of their levels. */
#include "gate.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, GatePaged)
#pragma alloc_text(PAGE, GateUnload)
#endif

#define GATE_STEP(name)                                                                            \
    static VOID name(PGATE Gate)                                                                   \
    {                                                                                              \
        KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL);                    \
    }

GATE_STEP(GateStep)

static GATE g_Gate;

VOID
GateDrain(
    _In_ PGATE Gate
    )
{
    KeWaitForSingleObject(&Gate->Idle, Executive, KernelMode, FALSE, NULL);
}

VOID GateReset(PGATE Gate)
{
    GateDrain(Gate);
    Gate->Count = 0;
}

VOID GateOwn(PGATE Gate)
{
    GateDrain(Gate);
}

VOID GateAny(PGATE Gate)
{
    Gate->Count++;
}

VOID GateEnter(PGATE Gate, PKIRQL OldIrql)
{
    KeAcquireSpinLock(&Gate->Lock, OldIrql);
}

VOID GateLeave(PGATE Gate, KIRQL OldIrql)
{
    KeReleaseSpinLock(&Gate->Lock, OldIrql);
}

KIRQL GateRaise(VOID)
{
    return KeRaiseIrqlToDpcLevel();
}

VOID GatePush(PGATE Gate)
{
    KeAcquireSpinLockAtDpcLevel(&Gate->Lock);
    Gate->Count++;
    KeReleaseSpinLockFromDpcLevel(&Gate->Lock);
}

VOID GatePaged(PGATE Gate)
{
    ULONG count = Gate->Count;

    Gate->State = count;
    Gate->Count = 0;
}

NTSTATUS GateStatus(PGATE Gate, HANDLE Handle)
{
    PVOID object = NULL;
    NTSTATUS status;

    status = IoAcquireRemoveLock((PIO_REMOVE_LOCK)Gate, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle(Handle, SYNCHRONIZE, *ExEventObjectType, KernelMode, &object,
                                       NULL);
    if (NT_SUCCESS(status)) {
        ObDereferenceObject(object);
    }
    IoReleaseRemoveLock((PIO_REMOVE_LOCK)Gate, NULL);
    return status;
}

VOID GateFlush(PGATE Gate, BOOLEAN Wait)
{
    if (Wait) {
        GateDrain(Gate);
    }
    Gate->State = 0;
}

VOID GateBroken(PGATE Gate)
{
    ExAcquireFastMutex(&Gate->Mutex);
    Gate->State++;
    ExReleaseFastMutex(&Gate->Mutex);
}

    static
    ULONG
    GateIndented(PGATE Gate)
{
    KeEnterCriticalRegion();
    Gate->State = 1;
    KeLeaveCriticalRegion();
    return Gate->State;
}

/* nobody calls it, and all that is asked for is DISPATCH_LEVEL */
VOID GateUncalled(PGATE Gate)
{
    GateOutside(Gate);
}

VOID GateDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    GatePush(Context);
    GateAny(Context);
    GateFlush(Context, FALSE);
    GateBroken(Context);
}

VOID GateWork(PDEVICE_OBJECT Device, PVOID Context)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    GateReset(Context);
    GateStep(Context);
    GateOwn(Context);
    GatePaged(Context);
    GateFlush(Context, TRUE);
    GateOutside(Context);
    (VOID)GateStatus(Context, NULL);
    (VOID)GateIndented(Context);
    GateEnter(Context, &irql);
    GateAny(Context);
    GateLeave(Context, irql);
    irql = GateRaise();
    GatePush(Context);
    KeLowerIrql(irql);
}

VOID GateUnload(PDRIVER_OBJECT Driver)
{
    UNREFERENCED_PARAMETER(Driver);
    GateReset(&g_Gate);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    KeInitializeSpinLock(&g_Gate.Lock);
    KeInitializeDpc(&g_Gate.Dpc, GateDpc, &g_Gate);
    g_Gate.Work = IoAllocateWorkItem(Driver->DeviceObject);
    if (g_Gate.Work != NULL) {
        IoQueueWorkItem(g_Gate.Work, GateWork, DelayedWorkQueue, &g_Gate);
    }
    Driver->DriverUnload = GateUnload;
    return STATUS_SUCCESS;
}
