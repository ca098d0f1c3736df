/* role-mismatch: what it does not see. */
#include <ntddk.h>

typedef struct _UNIT {
    KDPC Dpc;
    PKDEFERRED_ROUTINE Later[2];
} UNIT, *PUNIT;

DRIVER_INITIALIZE DriverEntry;
/* of a role that is called at its caller's level nothing is known that could disagree */
KSYNCHRONIZE_ROUTINE Fn_caller;

BOOLEAN Fn_caller(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    return TRUE;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static UNIT unit;

    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    KeInitializeDpc(&unit.Dpc, (PKDEFERRED_ROUTINE)Fn_caller, &unit); // expect-missed: role-mismatch called at any level by type
    return STATUS_SUCCESS;
}
