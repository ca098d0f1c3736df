/* pageable-code-raised: code in a pageable section that runs at DISPATCH_LEVEL or above. */
#include <ntddk.h>

typedef struct _DEVICE_CONTEXT DEVICE_CONTEXT, *PDEVICE_CONTEXT;
typedef VOID WORK_ROUTINE(PDEVICE_CONTEXT Device);

typedef struct _WORK_OPS {
    WORK_ROUTINE *Prepare;
    WORK_ROUTINE *Finish;
} WORK_OPS;

struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    KDPC DirectDpc;
    KDPC DeepDpc;
    KDPC PagedDpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    WORK_ROUTINE *Hook;
    ULONG Count;
    ULONG Mode;
};

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_bad;
KSYNCHRONIZE_ROUTINE Synchronized_bad;
KDEFERRED_ROUTINE DirectDpc_bad;
KDEFERRED_ROUTINE DeepDpc;
KDEFERRED_ROUTINE PagedDpc_bad;
KDEFERRED_ROUTINE TimerDpc;
WORK_ROUTINE PagedWork;
WORK_ROUTINE PagedFinish;
WORK_ROUTINE PagedHook;
VOID RaisesInItsBody_bad(PDEVICE_CONTEXT Device);
VOID RaisesByHand_bad(PDEVICE_CONTEXT Device);
VOID CallsInline_bad(PDEVICE_CONTEXT Device);

#pragma alloc_text(PAGE, PagedWork)
#pragma alloc_text("PAGE", PagedFinish)
#pragma alloc_text(PAGEFOO, PagedHook)
#pragma alloc_text(PAGE, PagedDpc_bad)
#pragma alloc_text(PAGE, RaisesInItsBody_bad)
#pragma alloc_text(PAGE, RaisesByHand_bad)
#pragma alloc_text(PAGE, CallsInline_bad)

VOID PagedWork(PDEVICE_CONTEXT Device) { PAGED_CODE(); Device->Count++; }
VOID PagedFinish(PDEVICE_CONTEXT Device) { PAGED_CODE(); Device->Count--; }
VOID PagedHook(PDEVICE_CONTEXT Device) { PAGED_CODE(); Device->Count = 0; }

#pragma code_seg(push)
#pragma code_seg("PAGE")
VOID PagedByPragma(PDEVICE_CONTEXT Device)
{
    PAGED_CODE();
    Device->Count += 2;
}
#pragma code_seg(pop)

#define PAGED_FUNCTION __declspec(code_seg("PAGE"))
PAGED_FUNCTION VOID PagedByDeclspec(PDEVICE_CONTEXT Device)
{
    PAGED_CODE();
    Device->Count += 3;
}

static const WORK_OPS Ops = { PagedWork, PagedFinish };

static KIRQL LockDevice(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    return oldIrql;
}

static VOID UnlockDevice(PDEVICE_CONTEXT Device, KIRQL OldIrql)
{
    KeReleaseSpinLock(&Device->Lock, OldIrql);
}

static BOOLEAN TryLockDevice(PDEVICE_CONTEXT Device, PKIRQL OldIrql)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (KeTryToAcquireSpinLockAtDpcLevel(&Device->Lock)) {
        *OldIrql = irql;
        return TRUE;
    }
    KeLowerIrql(irql);
    return FALSE;
}

#define LOCKED(Device, Statement)                       \
    do {                                                \
        KIRQL savedIrql_;                               \
        KeAcquireSpinLock(&(Device)->Lock, &savedIrql_); \
        Statement;                                      \
        KeReleaseSpinLock(&(Device)->Lock, savedIrql_); \
    } while (0)

/* A DPC calls it at once. */
VOID DirectDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    PagedWork((PDEVICE_CONTEXT)Context); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

/* Three calls away from the DPC. */
static VOID DeepSecond_bad(PDEVICE_CONTEXT Device)
{
    if (Device->Count > 4) {
        PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    }
}

static VOID DeepFirst(PDEVICE_CONTEXT Device)
{
    DeepSecond_bad(Device);
}

VOID DeepDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    DeepFirst((PDEVICE_CONTEXT)Context);
}

/* The DPC itself may be paged out. */
VOID PagedDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) // expect: pageable-code-raised "DISPATCH_LEVEL"
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Count++;
}

/* The interrupt service routine. */
BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    PagedWork((PDEVICE_CONTEXT)Context); // expect: pageable-code-raised "DIRQL"
    return TRUE;
}

/* Runs under the interrupt's lock, whoever asks for it. */
BOOLEAN Synchronized_bad(PVOID Context)
{
    PagedFinish((PDEVICE_CONTEXT)Context); // expect: pageable-code-raised "DIRQL"
    return TRUE;
}

/* A spin lock in the same function. */
static VOID UnderLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* The driver's own lock functions. */
static VOID UnderOwnLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    PagedByPragma(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* A queued lock, and a section set by __declspec. */
static VOID UnderQueuedLock_bad(PDEVICE_CONTEXT Device)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&Device->Lock, &handle);
    PagedByDeclspec(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    KeReleaseInStackQueuedSpinLock(&handle);
}

/* A macro hides the lock. */
static VOID UnderMacro_bad(PDEVICE_CONTEXT Device)
{
    LOCKED(Device, PagedWork(Device)); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

/* A constant table of functions. */
static VOID ThroughTable_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    Ops.Prepare(Device);
    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    Ops.Finish(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

/* A hook that AddDevice stored in the device context; the timer's DPC calls it. */
VOID TimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Hook(device); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

/* On success the lock is held. */
static VOID TryLockSucceeded_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    if (!TryLockDevice(Device, &oldIrql)) {
        return;
    }
    PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    UnlockDevice(Device, oldIrql);
}

/* Only one of the two ways out of the if has given the lock back. */
static VOID EarlyRelease_bad(PDEVICE_CONTEXT Device)
{
    BOOLEAN locked = TRUE;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    if (Device->Mode == 1) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
        locked = FALSE;
    }
    PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    if (locked) {
        KeReleaseSpinLock(&Device->Lock, oldIrql);
    }
}

/* The wrong arm of a test of the level. */
static VOID WrongArm_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql = LockDevice(Device);

    if (KeGetCurrentIrql() >= DISPATCH_LEVEL) {
        PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    }
    UnlockDevice(Device, oldIrql);
}

/* The system's cancel lock is a spin lock, too. */
static VOID UnderCancelLock_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    IoAcquireCancelSpinLock(&oldIrql);
    PagedWork(Device); // expect: pageable-code-raised "DISPATCH_LEVEL"
    IoReleaseCancelSpinLock(oldIrql);
}

/* Pageable, and takes a spin lock: the page may go while the lock is held. */
VOID RaisesInItsBody_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    PAGED_CODE();

    KeAcquireSpinLock(&Device->Lock, &oldIrql); // expect: pageable-code-raised "DISPATCH_LEVEL"
    Device->Count++;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

VOID RaisesByHand_bad(PDEVICE_CONTEXT Device)
{
    KIRQL oldIrql;

    PAGED_CODE();

    KeRaiseIrql(DISPATCH_LEVEL, &oldIrql); // expect: pageable-code-raised "DISPATCH_LEVEL"
    Device->Count++;
    KeLowerIrql(oldIrql);
}

/* The helper lies in whichever section its caller lies in. */
static FORCEINLINE VOID CountLocked(PDEVICE_CONTEXT Device, PULONG Counter)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Device->Lock, &oldIrql);
    *Counter += 1;
    KeReleaseSpinLock(&Device->Lock, oldIrql);
}

VOID CallsInline_bad(PDEVICE_CONTEXT Device)
{
    ULONG calls = 0;

    PAGED_CODE();
    CountLocked(Device, &calls); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;

    UnderLock_bad(device);
    UnderOwnLock_bad(device);
    UnderQueuedLock_bad(device);
    UnderMacro_bad(device);
    ThroughTable_bad(device);
    TryLockSucceeded_bad(device);
    EarlyRelease_bad(device);
    WrongArm_bad(device);
    UnderCancelLock_bad(device);
    RaisesInItsBody_bad(device);
    RaisesByHand_bad(device);
    CallsInline_bad(device);
    KeSynchronizeExecution(device->Interrupt, Synchronized_bad, device);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    LARGE_INTEGER due;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(PhysicalDeviceObject);

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->Hook = PagedHook;
    KeInitializeSpinLock(&device->Lock);
    KeInitializeDpc(&device->DirectDpc, DirectDpc_bad, device);
    KeInitializeDpc(&device->DeepDpc, DeepDpc, device);
    KeInitializeDpc(&device->PagedDpc, PagedDpc_bad, device);
    KeInitializeDpc(&device->TimerDpc, TimerDpc, device);
    KeInitializeTimer(&device->Timer);
    due.QuadPart = -10000000;
    KeSetTimer(&device->Timer, due, &device->TimerDpc);
    return IoConnectInterrupt(&device->Interrupt, Isr_bad, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
