#include <ntddk.h>

VOID
Whole(PKSPIN_LOCK Lock)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(Lock, &oldIrql);
    KeReleaseSpinLock(Lock, oldIrql);
}

VOID
Cut(PKSPIN_LOCK Lock)
{
    KIRQL oldIrql;

    KeAcquireSpinLock(Lock, &old