/* pageable-data-raised: what the analysis is known to get wrong. */
#include <ntddk.h>

#define TAG 'dgaP'

typedef struct _RECORD {
    LIST_ENTRY Link;
    ULONG Length;
} RECORD, *PRECORD;

typedef struct _NAMES {
    UNICODE_STRING Name;
} NAMES, *PNAMES;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Create;

static KSPIN_LOCK Lock;
static LIST_ENTRY Records;
static NAMES Names;
static ULONG Sum;

#pragma bss_seg("PAGEBSS")
ULONG ResetLater;
#pragma bss_seg()

/* The entry comes back out of the list without its origin. */
static VOID Fn_container(VOID)
{
    PRECORD record = ExAllocatePoolWithTag(PagedPool, sizeof(RECORD), TAG);
    KIRQL irql;

    if (record != NULL)
        InsertTailList(&Records, &record->Link); /* under a fast mutex, say */
    KeAcquireSpinLock(&Lock, &irql);
    if (!IsListEmpty(&Records)) {
        record = CONTAINING_RECORD(Records.Flink, RECORD, Link);
        record->Length++; // expect-missed: pageable-data-raised  what a list of the kernel's type holds is not followed
    }
    KeReleaseSpinLock(&Lock, irql);
}

/* The buffer of a string: a field of the kernel's own type serves many objects. */
static VOID Fn_string(VOID)
{
    KIRQL irql;

    KeAcquireSpinLock(&Lock, &irql);
    Sum += Names.Name.Buffer[0]; // expect-missed: pageable-data-raised  the field is not the driver's
    KeReleaseSpinLock(&Lock, irql);
}

static NTSTATUS AllocateOut(PULONG *Block)
{
    PULONG block = ExAllocatePoolWithTag(PagedPool, 64, TAG);

    if (block == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    *Block = block;
    return STATUS_SUCCESS;
}

/* On one of the two ways back the variable is unchanged, which nobody remembers. */
static VOID Fn_out(VOID)
{
    PULONG block = NULL;
    KIRQL irql;

    if (!NT_SUCCESS(AllocateOut(&block)))
        return;
    KeAcquireSpinLock(&Lock, &irql);
    *block = 1; // expect-missed: pageable-data-raised  the ways back were joined
    KeReleaseSpinLock(&Lock, irql);
}

/* clang decides at the end of the unit where a variable without an initialiser lies in C. */
static VOID Fn_bss(VOID)
{
    KIRQL irql;

    KeAcquireSpinLock(&Lock, &irql);
    ResetLater++; // expect-missed: pageable-data-raised  the pragma was undone by then
    KeReleaseSpinLock(&Lock, irql);
}

NTSTATUS Create(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Names.Name.Buffer = ExAllocatePoolWithTag(PagedPool, 64, TAG);
    Fn_container();
    Fn_string();
    Fn_out();
    Fn_bss();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Lock);
    InitializeListHead(&Records);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
