/* user-pointer-context: user addresses dereferenced outside the caller's thread. */
#include <ntddk.h>

/* All control codes are METHOD_NEITHER except the last. */
#define IOCTL_ARM \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_RUN \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_FORWARD \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_WATCH \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _RECORD {
    ULONG Sequence;
    ULONG Value;
} RECORD, *PRECORD;

typedef struct _WATCH {
    PULONG Address;
} WATCH, *PWATCH;

typedef struct _JOB {
    PUCHAR Source;
    ULONG Length;
    ULONG Sum;
} JOB, *PJOB;

typedef struct _DEVICE_CONTEXT {
    PDEVICE_OBJECT Lower;
    KDPC Dpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    PIO_WORKITEM WorkItem;
    HANDLE Thread;
    JOB Job;
    PULONG IsrCounter;
    PULONG DpcCounter;
    PULONG WatchAddress;
    PRECORD Record;
    PVOID CopyTarget;
    PULONG HelperTarget;
    RECORD Last;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;
DRIVER_DISPATCH DeviceControl;
KSERVICE_ROUTINE Isr_bad;
KDEFERRED_ROUTINE Dpc_bad;
KDEFERRED_ROUTINE TimerDpc_bad;
IO_WORKITEM_ROUTINE Worker_bad;
KSTART_ROUTINE Thread_bad;
IO_COMPLETION_ROUTINE Completion_bad;

/* In whatever process the interrupt found. */
BOOLEAN Isr_bad(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Interrupt);
    device->Count++;
    *device->IsrCounter = device->Count; // expect: user-pointer-context "DIRQL"
    KeInsertQueueDpc(&device->Dpc, NULL, NULL);
    return TRUE;
}

/* The pointer was Irp->UserBuffer in the dispatch routine. */
VOID Dpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (device->DpcCounter != NULL) {
        (*device->DpcCounter)++; // expect: user-pointer-context "DISPATCH_LEVEL"
    }
}

/* The pointer was a field of a buffered structure: the copy is safe, what it points to is not. */
VOID TimerDpc_bad(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;
    PULONG address = device->WatchAddress;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (address != NULL) {
        address[0] = device->Count; // expect: user-pointer-context "DISPATCH_LEVEL"
    }
}

static VOID WriteBack_bad(PULONG Target, ULONG Value)
{
    *Target = Value; // expect: user-pointer-context "PASSIVE_LEVEL"
}

/* A work item: structure member, block copy, and a helper that does the write. */
VOID Worker_bad(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    device->Record->Sequence = device->Last.Sequence; // expect: user-pointer-context "PASSIVE_LEVEL"
    RtlCopyMemory(device->CopyTarget, &device->Last, sizeof(device->Last)); // expect: user-pointer-context "PASSIVE_LEVEL"
    WriteBack_bad(device->HelperTarget, device->Count);
}

/* A system thread has no user half at all; __try does not change that. */
VOID Thread_bad(PVOID Context)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)Context;
    PJOB job = &device->Job;
    ULONG i;

    __try {
        for (i = 0; i < job->Length; i++) {
            job->Sum += job->Source[i]; // expect: user-pointer-context "PASSIVE_LEVEL"
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        job->Sum = 0;
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Reads the pointer out of the request itself. */
NTSTATUS Completion_bad(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PULONG output = (PULONG)Irp->UserBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    *output = (ULONG)Irp->IoStatus.Information; // expect: user-pointer-context "_LEVEL"
    return STATUS_CONTINUE_COMPLETION;
}

static VOID Arm(PDEVICE_CONTEXT Device, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    Device->IsrCounter = (PULONG)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    Device->DpcCounter = (PULONG)Irp->UserBuffer;
}

NTSTATUS DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_CONTEXT device = (PDEVICE_CONTEXT)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PWATCH watch;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ARM:
        Arm(device, Irp, stack);
        break;

    case IOCTL_RUN:
        device->Job.Source = (PUCHAR)stack->Parameters.DeviceIoControl.Type3InputBuffer;
        device->Job.Length = stack->Parameters.DeviceIoControl.InputBufferLength;
        device->Record = (PRECORD)Irp->UserBuffer;
        device->CopyTarget = Irp->UserBuffer;
        device->HelperTarget = (PULONG)Irp->UserBuffer;
        IoQueueWorkItem(device->WorkItem, Worker_bad, DelayedWorkQueue, device);
        PsCreateSystemThread(&device->Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_bad,
                             device);
        break;

    case IOCTL_FORWARD:
        IoCopyCurrentIrpStackLocationToNext(Irp);
        IoSetCompletionRoutine(Irp, Completion_bad, device, TRUE, TRUE, TRUE);
        return IoCallDriver(device->Lower, Irp);

    case IOCTL_WATCH:
        if (stack->Parameters.DeviceIoControl.InputBufferLength >= sizeof(WATCH)) {
            watch = (PWATCH)Irp->AssociatedIrp.SystemBuffer;
            device->WatchAddress = watch->Address;
        }
        break;

    default:
        break;
    }

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT deviceObject;
    PDEVICE_CONTEXT device;
    LARGE_INTEGER due;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_CONTEXT), NULL, FILE_DEVICE_UNKNOWN, 0,
                            FALSE, &deviceObject);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = (PDEVICE_CONTEXT)deviceObject->DeviceExtension;
    device->WorkItem = IoAllocateWorkItem(deviceObject);
    device->Lower = IoAttachDeviceToDeviceStack(deviceObject, PhysicalDeviceObject);
    KeInitializeDpc(&device->Dpc, Dpc_bad, device);
    KeInitializeDpc(&device->TimerDpc, TimerDpc_bad, device);
    KeInitializeTimer(&device->Timer);
    due.QuadPart = -10000000;
    KeSetTimerEx(&device->Timer, due, 1000, &device->TimerDpc);
    return IoConnectInterrupt(&device->Interrupt, Isr_bad, device, NULL, 5, 5, 5, LevelSensitive,
                              TRUE, 1, FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    return STATUS_SUCCESS;
}
