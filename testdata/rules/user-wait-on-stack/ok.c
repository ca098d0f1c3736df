/* user-wait-on-stack: waits in KernelMode, objects that do not lie on the stack. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Read;

static KEVENT Event;

static VOID Kernel_ok(VOID)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}

static VOID Global_ok(VOID)
{
    KeWaitForSingleObject(&Event, Executive, UserMode, TRUE, NULL);
}

static VOID Static_ok(VOID)
{
    static KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&event, Executive, UserMode, TRUE, NULL);
}

static VOID Pool_ok(VOID)
{
    PKEVENT event = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KEVENT), 'tiaW');

    if (event == NULL)
        return;
    KeInitializeEvent(event, NotificationEvent, FALSE);
    KeWaitForSingleObject(event, Executive, UserMode, TRUE, NULL);
    ExFreePoolWithTag(event, 'tiaW');
}

/* Only tests it. */
static NTSTATUS Test_ok(VOID)
{
    KEVENT event;
    LARGE_INTEGER zero;

    zero.QuadPart = 0;
    KeInitializeEvent(&event, NotificationEvent, TRUE);
    return KeWaitForSingleObject(&event, Executive, UserMode, FALSE, &zero);
}

static VOID Mode(KPROCESSOR_MODE Mode)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&event, Executive, Mode, FALSE, NULL);
}

static VOID Parameter_ok(VOID)
{
    Mode(KernelMode);
}

NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Kernel_ok();
    Global_ok();
    Static_ok();
    Pool_ok();
    (void)Test_ok();
    Parameter_ok();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    return STATUS_SUCCESS;
}
