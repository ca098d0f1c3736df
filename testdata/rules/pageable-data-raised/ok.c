/* pageable-data-raised: pageable memory used where that is fine, and resident memory anywhere. */
#include <ntddk.h>

#define TAG 'dgaP'

typedef struct _RECORD {
    LIST_ENTRY Link;
    ULONG Length;
} RECORD, *PRECORD;

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    LIST_ENTRY Records;
    PULONG Resident;
    PULONG Paged;
    PULONG Locked;
    ULONG Count;
    PMDL Mdl;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Create;
KDEFERRED_ROUTINE Dpc;

#pragma data_seg("PAGEDATA")
static ULONG PagedCounter_ok = 1;
#pragma data_seg()
static ULONG Counter_ok = 1;
ULONG LaterPragma_ok;

static const ULONG Table_ok[4] = {1, 2, 3, 4}; /* constant, but in a resident section */

static DEVICE_CONTEXT Context;

/* PASSIVE_LEVEL, and APC_LEVEL under a fast mutex: pages can be brought in. */
static VOID Low_ok(PDEVICE_CONTEXT Device)
{
    PRECORD record = ExAllocatePoolWithTag(PagedPool, sizeof(RECORD), TAG);

    PagedCounter_ok++;
    if (record == NULL)
        return;
    ExAcquireFastMutex(&Device->Mutex);
    record->Length = PagedCounter_ok;
    InsertTailList(&Device->Records, &record->Link);
    ExReleaseFastMutex(&Device->Mutex);
}

/* Only the address is used under the lock. */
static VOID AddressOnly_ok(PDEVICE_CONTEXT Device, PULONG Old)
{
    PULONG fresh = ExAllocatePoolWithTag(PagedPool, 64, TAG);
    PULONG old;
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    old = Device->Paged;
    Device->Paged = fresh;
    if (fresh != NULL)
        Device->Count++;
    KeReleaseSpinLock(&Device->Lock, irql);
    *Old = old == NULL ? 0 : *old;
    if (old != NULL)
        ExFreePoolWithTag(old, TAG);
}

/* Copied before the lock is taken. */
static VOID CopyFirst_ok(PDEVICE_CONTEXT Device)
{
    ULONG value = PagedCounter_ok;
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    Device->Count = value + Table_ok[value & 3] + Counter_ok;
    LaterPragma_ok++;
    KeReleaseSpinLock(&Device->Lock, irql);
}

static PVOID Allocate(POOL_TYPE Pool, SIZE_T Size)
{
    return ExAllocatePoolWithTag(Pool, Size, TAG);
}

/* The same wrapper serves both pools. */
static VOID Wrapper_ok(PDEVICE_CONTEXT Device)
{
    PULONG paged = Allocate(PagedPool, 64);
    PULONG resident = Allocate(NonPagedPoolNx, 64);
    KIRQL irql;

    if (paged == NULL || resident == NULL)
        return;
    paged[0] = 1;
    KeAcquireSpinLock(&Device->Lock, &irql);
    resident[0] = 1;
    KeReleaseSpinLock(&Device->Lock, irql);
    ExFreePoolWithTag(paged, TAG);
    Device->Resident = resident;
}

static VOID Fill(PULONG Target, ULONG Value)
{
    *Target = Value;
}

/* A helper that gets pageable memory below and resident memory under the lock. */
static VOID Helper_ok(PDEVICE_CONTEXT Device)
{
    KIRQL irql;

    Fill(&PagedCounter_ok, 2);
    KeAcquireSpinLock(&Device->Lock, &irql);
    Fill(&Device->Count, 3);
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* The pages are locked, so that they can be touched anywhere. */
static VOID Mdl_ok(PDEVICE_CONTEXT Device)
{
    PULONG block = ExAllocatePoolWithTag(PagedPool, PAGE_SIZE, TAG);
    KIRQL irql;

    if (block == NULL)
        return;
    Device->Mdl = IoAllocateMdl(block, PAGE_SIZE, FALSE, FALSE, NULL);
    if (Device->Mdl == NULL)
        return;
    MmProbeAndLockPages(Device->Mdl, KernelMode, IoModifyAccess);
    Device->Locked = block;
    KeAcquireSpinLock(&Device->Lock, &irql);
    block[0] = 1;
    Device->Locked[1] = 2;
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* A local that held pageable memory holds resident memory now. */
static VOID Reused_ok(PDEVICE_CONTEXT Device)
{
    PULONG block = ExAllocatePoolWithTag(PagedPool, 64, TAG);
    KIRQL irql;

    if (block != NULL)
        ExFreePoolWithTag(block, TAG);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, TAG);
    if (block == NULL)
        return;
    KeAcquireSpinLock(&Device->Lock, &irql);
    block[0] = 1;
    KeReleaseSpinLock(&Device->Lock, irql);
    ExFreePoolWithTag(block, TAG);
}

VOID Dpc(PKDPC Object, PVOID Argument, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = Argument;

    UNREFERENCED_PARAMETER(Object);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Resident[0]++;
    device->Count += Table_ok[1];
}

NTSTATUS Create(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG old = 0;

    UNREFERENCED_PARAMETER(DeviceObject);
    Low_ok(&Context);
    AddressOnly_ok(&Context, &old);
    CopyFirst_ok(&Context);
    Wrapper_ok(&Context);
    Helper_ok(&Context);
    Mdl_ok(&Context);
    Reused_ok(&Context);
    KeInsertQueueDpc(&Context.Dpc, NULL, NULL);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Context.Lock);
    ExInitializeFastMutex(&Context.Mutex);
    InitializeListHead(&Context.Records);
    KeInitializeDpc(&Context.Dpc, Dpc, &Context);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}

/* What is placed from here on says nothing of variables above. */
#pragma bss_seg("PAGEBSS")
