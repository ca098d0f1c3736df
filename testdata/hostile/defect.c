/* One certain defect: the other inputs of this folder must not hide it. */
#include <ntddk.h>

static KSPIN_LOCK Lock;

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    KIRQL oldIrql;
    LARGE_INTEGER second;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);

    second.QuadPart = -10000000;
    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLock(&Lock, &oldIrql);
    KeDelayExecutionThread(KernelMode, FALSE, &second);
    KeReleaseSpinLock(&Lock, oldIrql);
    return STATUS_SUCCESS;
}
