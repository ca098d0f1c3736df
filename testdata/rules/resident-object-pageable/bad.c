/* resident-object-pageable: dispatcher objects, locks and their like in memory that may be out. */
#include <ntddk.h>

#define TAG 'sreR'

typedef struct _REQUEST {
    LIST_ENTRY Link;
    KEVENT Done;
    KSPIN_LOCK Lock;
    FAST_MUTEX Mutex;
} REQUEST, *PREQUEST;

typedef struct _TIMERS {
    KTIMER Timer;
    KDPC Dpc;
} TIMERS, *PTIMERS;

typedef struct _DEVICE_CONTEXT {
    PTIMERS Timers;
    PERESOURCE Resource;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Dpc;

#pragma data_seg("PAGEDATA")
static KSEMAPHORE PagedSemaphore_bad = {0};
#pragma data_seg()

static DEVICE_CONTEXT Context;

VOID Dpc(PKDPC Self, PVOID Argument, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Argument);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
}

static VOID Event_bad(VOID)
{
    PREQUEST request = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(REQUEST), TAG);

    if (request == NULL)
        return;
    KeInitializeEvent(&request->Done, NotificationEvent, FALSE); // expect: resident-object-pageable "handed to KeInitializeEvent, which needs resident memory"
    ExFreePoolWithTag(request, TAG);
}

static VOID Lock_bad(VOID)
{
    PREQUEST request = ExAllocatePoolWithTag(PagedPool, sizeof(REQUEST), TAG);

    if (request == NULL)
        return;
    KeInitializeSpinLock(&request->Lock); // expect: resident-object-pageable "KeInitializeSpinLock"
    ExFreePoolWithTag(request, TAG);
}

static VOID Variable_bad(VOID)
{
    KeInitializeSemaphore(&PagedSemaphore_bad, 0, 1); // expect: resident-object-pageable "PagedSemaphore_bad of section PAGEDATA"
}

static PVOID Allocate(POOL_TYPE Pool, SIZE_T Size)
{
    return ExAllocatePoolWithTag(Pool, Size, TAG);
}

/* Through a wrapper and a field; one finding for the object's memory. */
static VOID Field_bad(PDEVICE_CONTEXT Device)
{
    Device->Timers = Allocate(PagedPool, sizeof(TIMERS));
    if (Device->Timers == NULL)
        return;
    KeInitializeTimer(&Device->Timers->Timer); // expect: resident-object-pageable "DEVICE_CONTEXT.Timers"
}

static VOID Setup(PERESOURCE Resource)
{
    ExInitializeResourceLite(Resource); // expect: resident-object-pageable "ExInitializeResourceLite"
}

/* A helper makes it ready. */
static VOID Helper_bad(PDEVICE_CONTEXT Device)
{
    Device->Resource = Allocate(PagedPool, sizeof(ERESOURCE));
    if (Device->Resource != NULL)
        Setup(Device->Resource);
}

/* The list's entries are pageable, its head must not be. */
static VOID Lookaside_bad(VOID)
{
    PPAGED_LOOKASIDE_LIST list = Allocate(PagedPool, sizeof(PAGED_LOOKASIDE_LIST));

    if (list != NULL)
        ExInitializePagedLookasideList(list, NULL, NULL, 0, 64, TAG, 0); // expect: resident-object-pageable "ExInitializePagedLookasideList"
}

static VOID Dpc_bad(VOID)
{
    PTIMERS timers = Allocate(PagedPool, sizeof(TIMERS));

    if (timers != NULL)
        KeInitializeDpc(&timers->Dpc, Dpc, NULL); // expect: resident-object-pageable "KeInitializeDpc"
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Event_bad();
    Lock_bad();
    Variable_bad();
    Field_bad(&Context);
    Helper_bad(&Context);
    Lookaside_bad();
    Dpc_bad();
    return STATUS_SUCCESS;
}
