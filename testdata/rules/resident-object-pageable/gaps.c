/* resident-object-pageable: what the analysis is known to get wrong. */
#include <ntddk.h>

typedef struct _REQUEST {
    LIST_ENTRY Link;
    KEVENT Done;
} REQUEST, *PREQUEST;

DRIVER_INITIALIZE DriverEntry;

static LIST_ENTRY Requests;

/* What comes back out of a list has lost its origin. */
static VOID Fn_container(VOID)
{
    PREQUEST request = CONTAINING_RECORD(Requests.Flink, REQUEST, Link);

    KeInitializeEvent(&request->Done, NotificationEvent, FALSE); // expect-missed: resident-object-pageable  entries of a list are not followed
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PREQUEST request = ExAllocatePoolWithTag(PagedPool, sizeof(REQUEST), 'sreR');

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    InitializeListHead(&Requests);
    if (request == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    InsertTailList(&Requests, &request->Link);
    Fn_container();
    return STATUS_SUCCESS;
}
