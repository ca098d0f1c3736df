/* Wrappers of a spin lock: the level is raised and lowered inside the driver's own functions, the old
 * level travels through an out parameter, a struct field, a return value. */
#include <ntddk.h>

typedef struct _EXT {
    KSPIN_LOCK Lock;
    KIRQL Saved;
    KDPC Dpc;
    ULONG Count;
} EXT, *PEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
KDEFERRED_ROUTINE DpcRoutine;

static EXT Global;

static VOID LockOut(PEXT ext, PKIRQL old) {
    KeAcquireSpinLock(&ext->Lock, old);
}

static VOID UnlockValue(PEXT ext, KIRQL old) {
    KeReleaseSpinLock(&ext->Lock, old);
}

static VOID LockField(PEXT ext) {
    KIRQL old;
    KeAcquireSpinLock(&ext->Lock, &old);
    ext->Saved = old;
}

static VOID UnlockField(PEXT ext) {
    KeReleaseSpinLock(&ext->Lock, ext->Saved);
}

static KIRQL LockReturn(PEXT ext) {
    return KeAcquireSpinLockRaiseToDpc(&ext->Lock);
}

static VOID UnderOut(PEXT ext) {
    ext->Count++;
}

static VOID AfterOut(PEXT ext) {
    ext->Count--;
}

static VOID UnderField(PEXT ext) {
    ext->Count++;
}

static VOID AfterField(PEXT ext) {
    ext->Count--;
}

static VOID UnderReturn(PEXT ext) {
    ext->Count++;
}

static VOID AfterReturn(PEXT ext) {
    ext->Count--;
}

static VOID Work(PEXT ext) {
    KIRQL old;
    LockOut(ext, &old);
    UnderOut(ext);
    UnlockValue(ext, old);
    AfterOut(ext);

    LockField(ext);
    UnderField(ext);
    UnlockField(ext);
    AfterField(ext);

    old = LockReturn(ext);
    UnderReturn(ext);
    KeReleaseSpinLock(&ext->Lock, old);
    AfterReturn(ext);
}

VOID DpcRoutine(PKDPC dpc, PVOID context, PVOID one, PVOID two) {
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(one);
    UNREFERENCED_PARAMETER(two);
    Work((PEXT)context);
}

VOID Unload(PDRIVER_OBJECT driver) {
    UNREFERENCED_PARAMETER(driver);
    Work(&Global);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    UNREFERENCED_PARAMETER(path);
    KeInitializeSpinLock(&Global.Lock);
    KeInitializeDpc(&Global.Dpc, DpcRoutine, &Global);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
