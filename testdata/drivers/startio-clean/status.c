/* startio: the status word that the application shares with the driver. */
#include "startio.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, StartioMapStatus)
#endif

/* Caller's thread: the word is locked now, so that the completion routine may write it later. */
NTSTATUS
StartioMapStatus(PSTARTIO_EXTENSION Extension, PVOID UserAddress)
{
    NTSTATUS status = STATUS_SUCCESS;
    PULONG address;
    PMDL mdl;

    PAGED_CODE();

    mdl = IoAllocateMdl(UserAddress, sizeof(ULONG), FALSE, FALSE, NULL);
    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status)) {
        goto free;
    }

    address = (PULONG)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (address == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        goto unlock;
    }

    StartioReplaceStatus(Extension, mdl, address);
    return STATUS_SUCCESS;

unlock:
    MmUnlockPages(mdl);
free:
    IoFreeMdl(mdl);
    return status;
}

VOID
StartioReplaceStatus(PSTARTIO_EXTENSION Extension, PMDL Mdl, PULONG Address)
{
    PMDL old;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Extension->StatusLock, &oldIrql);
    old = Extension->StatusMdl;
    Extension->StatusMdl = Mdl;
    Extension->StatusAddress = Address;
    KeReleaseSpinLock(&Extension->StatusLock, oldIrql);

    if (old != NULL) {
        MmUnlockPages(old);
        IoFreeMdl(old);
    }
}

VOID
StartioReportStatus(PSTARTIO_EXTENSION Extension, NTSTATUS Status)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(&Extension->StatusLock, &oldIrql);
    if (Extension->StatusAddress != NULL) {
        *Extension->StatusAddress = (ULONG)Status;
    }
    KeReleaseSpinLock(&Extension->StatusLock, oldIrql);
}
