#ifndef TINY_WDM
#define TINY_WDM
#include <ntdef.h>
#include "..\shared\kernelspecs.h"
#define TINY_KIT 22
#define PAGED_CODE() ((void)0)
#define PASSIVE_LEVEL 0
#define DISPATCH_LEVEL 2
typedef struct _DRIVER_OBJECT { PVOID Unload; } DRIVER_OBJECT, *PDRIVER_OBJECT;
typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef _Function_class_(DRIVER_INITIALIZE) NTSTATUS DRIVER_INITIALIZE(PDRIVER_OBJECT, PUNICODE_STRING);
KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock);
void KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
#endif
