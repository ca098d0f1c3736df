/* pageable-data-raised: memory that may be out is touched where its page cannot be brought in. */
#include <ntddk.h>

#define TAG 'dgaP'
#define STATS_POOL PagedPool

typedef struct _RECORD {
    LIST_ENTRY Link;
    LONG References;
    ULONG Length;
    UCHAR Bytes[32];
} RECORD, *PRECORD;

typedef struct _DEVICE_CONTEXT {
    KSPIN_LOCK Lock;
    KDPC Dpc;
    LIST_ENTRY Records;
    PULONG Stats;
    PRECORD Last;
    PUCHAR Cache;
    PVOID Scratch;
    PVOID Given;
    PAGED_LOOKASIDE_LIST Lookaside;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Create;
KDEFERRED_ROUTINE Dpc;

#pragma data_seg("PAGEDATA")
static ULONG PagedCounter = 1;
static struct {
    ULONG Hits;
    UCHAR Name[8];
} PagedState = {1, {0}};
#pragma data_seg()

#pragma const_seg("PAGECONS")
static const USHORT PagedTable[4] = {1, 2, 4, 8};
#pragma const_seg()

__declspec(allocate("PAGEX")) static LONG PagedLong = 4;

static DEVICE_CONTEXT Context;

#pragma bss_seg("PAGEBSS")
ULONG PagedZero;

/* ---- variables of PAGE sections ------------------------------------------------------------- */

static VOID Variable_bad(PDEVICE_CONTEXT Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    PagedCounter++; // expect: pageable-data-raised "variable PagedCounter of section PAGEDATA"
    KeReleaseSpinLock(&Device->Lock, irql);
}

static ULONG Table_bad(ULONG Index)
{
    KIRQL irql;
    ULONG value;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    value = PagedTable[Index & 3]; // expect: pageable-data-raised "PagedTable of section PAGECONS is read"
    KeLowerIrql(irql);
    return value;
}

static VOID Member_bad(PDEVICE_CONTEXT Device)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&Device->Lock, &handle);
    RtlZeroMemory(PagedState.Name, sizeof(PagedState.Name)); // expect: pageable-data-raised "PagedState of section PAGEDATA is written by"
    KeReleaseInStackQueuedSpinLock(&handle);
}

static VOID Interlocked_bad(PDEVICE_CONTEXT Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    InterlockedIncrement(&PagedLong); // expect: pageable-data-raised "PagedLong of section PAGEX"
    KeReleaseSpinLock(&Device->Lock, irql);
}

static VOID Add(PULONG Target)
{
    *Target += 1; // expect: pageable-data-raised "pageable memory Target is"
}

/* Its address is handed to a helper. */
static VOID Address_bad(PDEVICE_CONTEXT Device)
{
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    Add(&PagedZero);
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* ---- paged pool ----------------------------------------------------------------------------- */

static VOID Local_bad(PDEVICE_CONTEXT Device)
{
    PRECORD record = ExAllocatePoolWithTag(PagedPool, sizeof(RECORD), TAG);
    KIRQL irql;

    if (record == NULL)
        return;
    KeAcquireSpinLock(&Device->Lock, &irql);
    record->Length = 1; // expect: pageable-data-raised "pageable memory record is written"
    record->References = 1;
    KeReleaseSpinLock(&Device->Lock, irql);
    ExFreePoolWithTag(record, TAG);
}

/* The classic: a list under a spin lock whose entries are pageable. */
static VOID List_bad(PDEVICE_CONTEXT Device)
{
    PRECORD record = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(RECORD), TAG);
    KIRQL irql;

    if (record == NULL)
        return;
    KeAcquireSpinLock(&Device->Lock, &irql);
    InsertTailList(&Device->Records, &record->Link); // expect: pageable-data-raised "handed to InsertTailList"
    KeReleaseSpinLock(&Device->Lock, irql);
}

static VOID Free_bad(PDEVICE_CONTEXT Device)
{
    PVOID block = ExAllocatePoolWithQuotaTag(PagedPool, 64, TAG);
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    ExFreePoolWithTag(block, TAG); // expect: pageable-data-raised "given to ExFreePoolWithTag"
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* ---- through wrappers ----------------------------------------------------------------------- */

static PVOID Allocate(POOL_TYPE Pool, SIZE_T Size)
{
    PVOID block = ExAllocatePoolWithTag(Pool, Size, TAG);

    if (block != NULL)
        RtlZeroMemory(block, Size);
    return block;
}

static VOID AllocateOut(SIZE_T Size, PVOID *Block)
{
    *Block = Allocate(STATS_POOL, Size);
}

static VOID Wrapper_bad(PDEVICE_CONTEXT Device)
{
    PULONG numbers = Allocate(PagedPool, 16 * sizeof(ULONG));
    PULONG resident = Allocate(NonPagedPoolNx, 16 * sizeof(ULONG));
    KIRQL irql;

    if (numbers == NULL || resident == NULL)
        return;
    KeAcquireSpinLock(&Device->Lock, &irql);
    resident[0] = 1;
    RtlCopyMemory(resident, numbers, 16 * sizeof(ULONG)); // expect: pageable-data-raised "numbers is read by RtlCopyMemory"
    KeReleaseSpinLock(&Device->Lock, irql);
    ExFreePoolWithTag(numbers, TAG);
}

static VOID Out_bad(PDEVICE_CONTEXT Device)
{
    PVOID block = NULL;
    KIRQL irql;

    AllocateOut(64, &block);
    if (block == NULL)
        return;
    KeAcquireSpinLock(&Device->Lock, &irql);
    *(PULONG)block = 1; // expect: pageable-data-raised "block is written"
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* A string's buffer, as long as nothing comes between. */
static VOID String_bad(PDEVICE_CONTEXT Device)
{
    UNICODE_STRING name = {0, 64, ExAllocatePoolWithTag(PagedPool, 64, TAG)};
    KIRQL irql;

    KeAcquireSpinLock(&Device->Lock, &irql);
    name.Buffer[0] = 0; // expect: pageable-data-raised "UNICODE_STRING.Buffer is written"
    KeReleaseSpinLock(&Device->Lock, irql);
}

/* ---- through fields: allocated here, touched in the DPC -------------------------------------- */

static VOID Setup(PDEVICE_CONTEXT Device)
{
    Device->Stats = Allocate(STATS_POOL, 64);
    Device->Last = ExAllocateFromPagedLookasideList(&Device->Lookaside);
    Device->Cache = (PUCHAR)ExAllocatePoolWithTag(PagedPool, 128, TAG) + 64;
    Device->Given = &PagedState;
    AllocateOut(64, &Device->Scratch);
}

static VOID Touch(PRECORD Record)
{
    Record->References--; // expect: pageable-data-raised "pageable memory Record"
}

VOID Dpc(PKDPC Object, PVOID Argument, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = Argument;

    UNREFERENCED_PARAMETER(Object);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    device->Stats[0]++;                  // expect: pageable-data-raised "in a DPC"
    device->Cache[3] = 0;                // expect: pageable-data-raised "DEVICE_CONTEXT.Cache"
    *(PULONG)device->Scratch = 1;        // expect: pageable-data-raised "DEVICE_CONTEXT.Scratch"
    RtlZeroMemory(device->Given, 4);     // expect: pageable-data-raised "DEVICE_CONTEXT.Given"
    if (device->Last != NULL)
        Touch(device->Last);
}

NTSTATUS Create(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Variable_bad(&Context);
    (void)Table_bad(2);
    Member_bad(&Context);
    Interlocked_bad(&Context);
    Address_bad(&Context);
    Local_bad(&Context);
    List_bad(&Context);
    Free_bad(&Context);
    Wrapper_bad(&Context);
    Out_bad(&Context);
    String_bad(&Context);
    KeInsertQueueDpc(&Context.Dpc, NULL, NULL);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Context.Lock);
    InitializeListHead(&Context.Records);
    KeInitializeDpc(&Context.Dpc, Dpc, &Context);
    ExInitializePagedLookasideList(&Context.Lookaside, NULL, NULL, 0, sizeof(RECORD), TAG, 0);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Create;
    Setup(&Context);
    return STATUS_SUCCESS;
}
