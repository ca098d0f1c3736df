/* Branches that decide the level: a test of the present level, a try-lock's result, a flag set with
 * the lock, an early return, a status that is returned together with the lock. */
#include <ntddk.h>

typedef struct _EXT {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    BOOLEAN Busy;
} EXT, *PEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
KDEFERRED_ROUTINE DpcRoutine;

static EXT Global;

static VOID Low(VOID) {
}

static VOID High(VOID) {
}

static VOID Locked(VOID) {
}

static VOID NotLocked(VOID) {
}

static VOID AfterTry(VOID) {
}

static VOID AfterFlag(VOID) {
}

static VOID Ready(VOID) {
}

static VOID NotReady(VOID) {
}

static VOID TestLevel(VOID) {
    if (KeGetCurrentIrql() < DISPATCH_LEVEL)
        Low();
    else
        High();
}

static VOID TryLock(PEXT ext) {
    if (KeTryToAcquireSpinLockAtDpcLevel(&ext->Lock)) {
        Locked();
        KeReleaseSpinLockFromDpcLevel(&ext->Lock);
    } else {
        NotLocked();
    }
    AfterTry();
}

static VOID MutexTaken(VOID) {
}

static VOID MutexBusy(VOID) {
}

static VOID TryMutex(PEXT ext) {
    if (ExTryToAcquireFastMutex(&ext->Mutex)) {
        MutexTaken();
        ExReleaseFastMutex(&ext->Mutex);
    } else {
        MutexBusy();
    }
}

static VOID LockByFlag(PEXT ext, BOOLEAN exclusive) {
    KIRQL old = PASSIVE_LEVEL;
    if (exclusive)
        KeAcquireSpinLock(&ext->Lock, &old);
    ext->Busy = FALSE;
    if (exclusive)
        KeReleaseSpinLock(&ext->Lock, old);
    AfterFlag();
}

/* Holds the lock exactly when it succeeds. */
static NTSTATUS Reserve(PEXT ext, PKIRQL old) {
    KeAcquireSpinLock(&ext->Lock, old);
    if (ext->Busy) {
        KeReleaseSpinLock(&ext->Lock, *old);
        return STATUS_DEVICE_BUSY;
    }
    return STATUS_SUCCESS;
}

static VOID UseReserve(PEXT ext) {
    KIRQL old;
    NTSTATUS status = Reserve(ext, &old);
    if (!NT_SUCCESS(status)) {
        NotReady();
        return;
    }
    Ready();
    KeReleaseSpinLock(&ext->Lock, old);
}

VOID DpcRoutine(PKDPC dpc, PVOID context, PVOID one, PVOID two) {
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(one);
    UNREFERENCED_PARAMETER(two);
    TestLevel();
    TryLock((PEXT)context);
}

VOID Unload(PDRIVER_OBJECT driver) {
    TestLevel();
    TryMutex(&Global);
    LockByFlag(&Global, driver->DriverStartIo != NULL);
    UseReserve(&Global);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    UNREFERENCED_PARAMETER(path);
    KeInitializeDpc(&Global.Dpc, DpcRoutine, &Global);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
