/* lock-not-released: what the analysis is known to get wrong. */
#include <ntddk.h>

enum { USE_LOCK = 4 };

typedef struct _CHANNEL {
    KSPIN_LOCK Lock;
    PIRP Waiting;
    ULONG Flags;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DeviceControl;

/* Taken and given back under the same bit, which is not followed: all that is said of such a lock is
 * weak. */
static VOID Fn_bits(PCHANNEL Channel, PIRP Irp)
{
    KIRQL irql = PASSIVE_LEVEL;

    if (Channel->Flags & USE_LOCK)
        KeAcquireSpinLock(&Channel->Lock, &irql);
    if (Channel->Waiting == Irp)
        return; // expect-missed: lock-not-released  bits of flags are not followed
    Channel->Waiting = Irp;
    if (Channel->Flags & USE_LOCK)
        KeReleaseSpinLock(&Channel->Lock, irql);
}

NTSTATUS DeviceControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    Fn_bits((PCHANNEL)Device->DeviceExtension, Irp);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
