/* pageable-code-raised: the driver locks one section; code of another is as pageable as before. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Dpc;
static VOID Locked_bad(VOID);
static VOID Other_bad(VOID);

#pragma alloc_text(PAGESER, Locked_bad)
#pragma alloc_text(PAGE, Other_bad)

static KDPC Object;
static PVOID Handle;
static ULONG Count;

static VOID Locked_bad(VOID)
{
    Count++;
}

static VOID Other_bad(VOID)
{
    Count--;
}

VOID Dpc(PKDPC Self, PVOID Argument, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Locked_bad(); // expect: pageable-code-raised "Locked_bad is called"
    Other_bad();  // expect: pageable-code-raised "Other_bad is called"
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeDpc(&Object, Dpc, NULL);
    Handle = MmLockPagableCodeSection((PVOID)(ULONG_PTR)Locked_bad);
    return STATUS_SUCCESS;
}
