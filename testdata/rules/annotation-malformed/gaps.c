/* annotation-malformed: what it does not see. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

static ULONG Total;

/* a word that is none: it may be a macro of the driver */
_IRQL_requires_max_(DISPATCH_LEVLE) // expect-missed: annotation-malformed a name may be a macro
static VOID Fn_typo(VOID)
{
    Total++;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    Fn_typo();
    return STATUS_SUCCESS;
}
