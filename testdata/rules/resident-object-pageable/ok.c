/* resident-object-pageable: objects in resident memory, pageable memory without such objects. */
#include <ntddk.h>

#define TAG 'sreR'

typedef struct _REQUEST {
    PKEVENT Done;
    ULONG Length;
} REQUEST, *PREQUEST;

typedef struct _DEVICE_CONTEXT {
    KEVENT Event;
    KSPIN_LOCK Lock;
    PREQUEST Request;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;

static DEVICE_CONTEXT Context;
static KMUTEX Mutex_ok;

static PVOID Allocate(POOL_TYPE Pool, SIZE_T Size)
{
    return ExAllocatePoolWithTag(Pool, Size, TAG);
}

static VOID Static_ok(VOID)
{
    KeInitializeEvent(&Context.Event, NotificationEvent, FALSE);
    KeInitializeSpinLock(&Context.Lock);
    KeInitializeMutex(&Mutex_ok, 0);
}

static VOID Stack_ok(VOID)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, TRUE);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}

static VOID Pool_ok(VOID)
{
    PKEVENT event = Allocate(NonPagedPoolNx, sizeof(KEVENT));

    if (event == NULL)
        return;
    KeInitializeEvent(event, SynchronizationEvent, FALSE);
    ExFreePoolWithTag(event, TAG);
}

/* The pageable part holds a pointer to the resident object. */
static VOID Pointer_ok(VOID)
{
    PREQUEST request = Allocate(PagedPool, sizeof(REQUEST));

    if (request == NULL)
        return;
    request->Done = Allocate(NonPagedPoolNx, sizeof(KEVENT));
    if (request->Done != NULL)
        KeInitializeEvent(request->Done, NotificationEvent, FALSE);
    Context.Request = request;
}

static VOID Setup(PKEVENT Event)
{
    KeInitializeEvent(Event, NotificationEvent, FALSE);
}

static VOID Helper_ok(PDEVICE_CONTEXT Device)
{
    Setup(&Device->Event);
}

static VOID Flags_ok(VOID)
{
    PKTIMER timer = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KTIMER), TAG);

    if (timer == NULL)
        return;
    KeInitializeTimer(timer);
    ExFreePoolWithTag(timer, TAG);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Static_ok();
    Stack_ok();
    Pool_ok();
    Pointer_ok();
    Helper_ok(&Context);
    Flags_ok();
    return STATUS_SUCCESS;
}
