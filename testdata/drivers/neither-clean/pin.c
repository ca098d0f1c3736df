/* neither: user ranges made usable outside the caller's thread. */
#include "neither.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, NeitherPin)
#endif

/* Caller's thread. On success the range stays locked and mapped until NeitherUnpin. */
NTSTATUS
NeitherPin(PNEITHER_PIN Pin, PVOID UserAddress, ULONG Length, LOCK_OPERATION Access)
{
    NTSTATUS status = STATUS_SUCCESS;
    PMDL mdl;

    PAGED_CODE();

    Pin->Mdl = NULL;
    Pin->Address = NULL;
    mdl = IoAllocateMdl(UserAddress, Length, FALSE, FALSE, NULL);
    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    __try {
        MmProbeAndLockPages(mdl, UserMode, Access);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(mdl);
        return status;
    }

    Pin->Address = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (Pin->Address == NULL) {
        MmUnlockPages(mdl);
        IoFreeMdl(mdl);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Pin->Mdl = mdl;
    return STATUS_SUCCESS;
}

VOID
NeitherUnpin(PNEITHER_PIN Pin)
{
    if (Pin->Mdl != NULL) {
        MmUnlockPages(Pin->Mdl);
        IoFreeMdl(Pin->Mdl);
        Pin->Mdl = NULL;
        Pin->Address = NULL;
    }
}

/* Swaps the watched counter for *Pin; the caller unpins what it gets back. */
VOID
NeitherExchangeWatch(PNEITHER_EXTENSION Extension, PNEITHER_PIN Pin)
{
    NEITHER_PIN old;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Extension->WatchLock, &oldIrql);
    old = Extension->WatchPin;
    Extension->WatchPin = *Pin;
    KeReleaseSpinLock(&Extension->WatchLock, oldIrql);
    *Pin = old;
}
