/* annotation-malformed: annotations that mean nothing. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

static ULONG Total;

_IRQL_requires_max_(77) // expect: annotation-malformed "77"
static VOID High_bad(VOID)
{
    Total++;
}

_IRQL_requires_max_() // expect: annotation-malformed "operand"
static VOID Empty_bad(VOID)
{
    Total++;
}

_IRQL_requires_min_("APC_LEVEL") // expect: annotation-malformed "cannot have"
static VOID Quoted_bad(VOID)
{
    Total++;
}

_IRQL_raises_(-1) // expect: annotation-malformed "-1"
static VOID Negative_bad(VOID)
{
    Total++;
}

_Dispatch_type_(DRIVER_DISPATCH) // expect: annotation-malformed "DRIVER_DISPATCH"
static NTSTATUS Dispatch_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

_When_(Wait == TRUE, _IRQL_requires_maximum_(PASSIVE_LEVEL)) // expect: annotation-malformed "maximum"
static VOID Word_bad(BOOLEAN Wait)
{
    Total += Wait;
}

_Acquires_lock_() // expect: annotation-malformed "cannot be read"
static VOID Lock_bad(VOID)
{
    Total++;
}

_IRQL_saves_global_(OldIrql) // expect: annotation-malformed "OldIrql"
static VOID Operand_bad(VOID)
{
    Total++;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    High_bad();
    Empty_bad();
    Quoted_bad();
    Negative_bad();
    Word_bad(TRUE);
    Lock_bad();
    Operand_bad();
    return Dispatch_bad(Driver->DeviceObject, NULL);
}
