#include <Wdm.h>
#include <wdf.h>
#include <string.h>

#if TINY_KIT != 22 || TINY_WDF != 31
#error "other headers"
#endif

DRIVER_INITIALIZE DriverEntry;
static KSPIN_LOCK Lock;

void Paged(void);
#pragma alloc_text(PAGE, Paged)
void Paged(void)
{
    PAGED_CODE();
}

_IRQL_requires_max_(PASSIVE_LEVEL)
void Annotated(void);

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    KIRQL irql = KeAcquireSpinLockRaiseToDpc(&Lock);
    Paged();
    KeReleaseSpinLock(&Lock, irql);
    Annotated();
    return memcmp(DriverObject, RegistryPath, 2) == 0 ? STATUS_SUCCESS : 1;
}
