/* annotation-contradicted: what it does not see. */
#include <ntddk.h>

typedef struct _CHANNEL {
    KEVENT Idle;
    ULONG Count;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;

/* an early way out that no caller relies on */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Fn_early(PCHANNEL Channel)
{
    if (Channel == NULL) {
        return;
    }
    KeWaitForSingleObject(&Channel->Idle, Executive, KernelMode, FALSE, NULL); // expect-missed: annotation-contradicted a caller could pass NULL
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static CHANNEL channel;

    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    Fn_early(&channel);
    return STATUS_SUCCESS;
}
