/* user-wait-on-stack: the kernel stack may go while the thread waits in UserMode. */
#include <ntddk.h>

typedef struct _JOB {
    ULONG Size;
    KEVENT Done;
} JOB;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Read;

static PKEVENT Waiting;

static VOID Forever_bad(VOID)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    Waiting = &event;
    KeWaitForSingleObject(&event, Executive, UserMode, FALSE, NULL); // expect: user-wait-on-stack "for event"
}

static VOID Member_bad(VOID)
{
    JOB job = {0};

    KeInitializeEvent(&job.Done, NotificationEvent, FALSE);
    KeWaitForSingleObject(&job.Done, UserRequest, UserMode, TRUE, NULL); // expect: user-wait-on-stack "for job"
}

static VOID Timeout_bad(VOID)
{
    KSEMAPHORE semaphore;
    LARGE_INTEGER timeout;

    timeout.QuadPart = -10000;
    KeInitializeSemaphore(&semaphore, 0, 1);
    KeWaitForSingleObject(&semaphore, Executive, UserMode, FALSE, &timeout); // expect: user-wait-on-stack "for semaphore"
}

/* The mode is handed in. */
static VOID Mode(KPROCESSOR_MODE Mode)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&event, Executive, Mode, FALSE, NULL); // expect: user-wait-on-stack "UserMode"
}

static VOID Parameter_bad(VOID)
{
    Mode(UserMode);
}

static VOID Timer_bad(VOID)
{
    KTIMER timers[2];

    KeInitializeTimer(&timers[1]);
    KeWaitForSingleObject(&timers[1], DelayExecution, UserMode, TRUE, NULL); // expect: user-wait-on-stack "for timers"
}

#define WAIT_FOR(Object) KeWaitForSingleObject((Object), Executive, UserMode, FALSE, NULL)

static VOID Macro_bad(VOID)
{
    KEVENT event;

    KeInitializeEvent(&event, SynchronizationEvent, FALSE);
    WAIT_FOR(&event); // expect: user-wait-on-stack "KeWaitForSingleObject"
}

NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Forever_bad();
    Member_bad();
    Timeout_bad();
    Parameter_bad();
    Timer_bad();
    Macro_bad();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    return STATUS_SUCCESS;
}
