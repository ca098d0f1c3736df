/* Which pageable sections the driver locks: by a routine, a variable, through a wrapper. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
static VOID Resident(VOID);
static VOID Paged(VOID);
static VOID Serial(VOID);

#pragma alloc_text(PAGE, Paged)
#pragma alloc_text(PAGESER, Serial)

#pragma data_seg("PAGEDATA")
static struct {
    ULONG First, Second;
} Data = {1, 2};
#pragma data_seg()

static PVOID Handles[3];

static VOID Resident(VOID)
{
}

static VOID Paged(VOID)
{
}

static VOID Serial(VOID)
{
}

static PVOID LockCode(PVOID Routine)
{
    return MmLockPagableCodeSection(Routine);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Paged();
    Handles[0] = LockCode((PVOID)(ULONG_PTR)Serial);
    Handles[1] = MmLockPagableDataSection(&Data.Second);
    MmLockPagableSectionByHandle(Handles[0]);
    MmResetDriverPaging((PVOID)(ULONG_PTR)Paged); /* makes nothing resident */
    Resident();
    return STATUS_SUCCESS;
}
