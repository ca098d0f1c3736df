/* pageable-data-raised: one data section is locked by the driver, another is not. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Dpc;

#pragma data_seg("PAGELOCK")
static ULONG Locked_bad = 1;
#pragma data_seg("PAGEREST")
static ULONG Rest_bad = 1;
#pragma data_seg()

static KDPC Object;
static PVOID Handle;

VOID Dpc(PKDPC Self, PVOID Argument, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Locked_bad++; // expect: pageable-data-raised "Locked_bad of section PAGELOCK"
    Rest_bad++;   // expect: pageable-data-raised "Rest_bad of section PAGEREST"
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeDpc(&Object, Dpc, NULL);
    Handle = MmLockPagableDataSection(&Locked_bad);
    return STATUS_SUCCESS;
}
