/* neither: control device, dispatch routines. */
#include "neither.h"

static UNICODE_STRING NeitherDeviceName = RTL_CONSTANT_STRING(L"\\Device\\Neither");
static UNICODE_STRING NeitherLinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Neither");

static NTSTATUS NeitherChecksum(PNEITHER_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack);
static NTSTATUS NeitherSample(PNEITHER_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack);
static NTSTATUS NeitherWatch(PNEITHER_EXTENSION Extension, PIO_STACK_LOCATION Stack);
static NTSTATUS NeitherVersion(PIRP Irp, PIO_STACK_LOCATION Stack, PULONG_PTR Information);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, NeitherUnload)
#pragma alloc_text(PAGE, NeitherCreateClose)
#pragma alloc_text(PAGE, NeitherDeviceControl)
#pragma alloc_text(PAGE, NeitherChecksum)
#pragma alloc_text(PAGE, NeitherSample)
#pragma alloc_text(PAGE, NeitherWatch)
#pragma alloc_text(PAGE, NeitherVersion)
#endif

NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    PNEITHER_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);

    status = IoCreateDevice(DriverObject, sizeof(NEITHER_EXTENSION), &NeitherDeviceName,
                            FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    extension = (PNEITHER_EXTENSION)device->DeviceExtension;
    RtlZeroMemory(extension, sizeof(*extension));
    extension->Self = device;
    ExInitializeFastMutex(&extension->ThreadMutex);
    KeInitializeEvent(&extension->Wake, SynchronizationEvent, FALSE);
    KeInitializeSpinLock(&extension->JobLock);
    InitializeListHead(&extension->Jobs);
    KeInitializeTimer(&extension->Timer);
    KeInitializeDpc(&extension->TimerDpc, NeitherTimerDpc, extension);

    extension->SampleItem = IoAllocateWorkItem(device);
    if (extension->SampleItem == NULL) {
        IoDeleteDevice(device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    status = IoCreateSymbolicLink(&NeitherLinkName, &NeitherDeviceName);
    if (!NT_SUCCESS(status)) {
        IoFreeWorkItem(extension->SampleItem);
        IoDeleteDevice(device);
        return status;
    }

    DriverObject->MajorFunction[IRP_MJ_CREATE] = NeitherCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = NeitherCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = NeitherDeviceControl;
    DriverObject->DriverUnload = NeitherUnload;
    return STATUS_SUCCESS;
}

VOID
NeitherUnload(_In_ PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device = DriverObject->DeviceObject;
    PNEITHER_EXTENSION extension = (PNEITHER_EXTENSION)device->DeviceExtension;

    PAGED_CODE();

    KeCancelTimer(&extension->Timer);
    KeFlushQueuedDpcs();
    NeitherStopThread(extension);
    IoFreeWorkItem(extension->SampleItem);
    IoDeleteSymbolicLink(&NeitherLinkName);
    IoDeleteDevice(device);
}

NTSTATUS
NeitherCreateClose(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    PAGED_CODE();

    if (stack->MajorFunction == IRP_MJ_CREATE) {
        status = NeitherStartThread((PNEITHER_EXTENSION)DeviceObject->DeviceExtension);
    }
    return NeitherComplete(Irp, status, 0);
}

NTSTATUS
NeitherDeviceControl(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PNEITHER_EXTENSION extension = (PNEITHER_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG_PTR information = 0;
    NTSTATUS status;

    PAGED_CODE();

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_NEITHER_CHECKSUM:
        status = NeitherChecksum(extension, Irp, stack);
        break;
    case IOCTL_NEITHER_SAMPLE:
        status = NeitherSample(extension, Irp, stack);
        break;
    case IOCTL_NEITHER_WATCH:
        status = NeitherWatch(extension, stack);
        break;
    case IOCTL_NEITHER_VERSION:
        status = NeitherVersion(Irp, stack, &information);
        break;
    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    if (status == STATUS_PENDING) {
        return status;
    }
    return NeitherComplete(Irp, status, information);
}

/* The long computation is the worker thread's business; the request stays pending. */
static NTSTATUS
NeitherChecksum(PNEITHER_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID input = Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    ULONG length = Stack->Parameters.DeviceIoControl.InputBufferLength;
    PNEITHER_JOB job;

    PAGED_CODE();

    if (length == 0 || length > NEITHER_MAX_LENGTH ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
        return STATUS_INVALID_PARAMETER;
    }

    __try {
        ProbeForRead(input, length, sizeof(UCHAR));
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), sizeof(ULONG));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }

    job = (PNEITHER_JOB)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*job), NEITHER_TAG);
    if (job == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    job->Irp = Irp;
    job->Input = (PUCHAR)input;
    job->InputLength = length;
    job->Result = (PULONG)Irp->UserBuffer;

    IoMarkIrpPending(Irp);
    NeitherQueueJob(Extension, job);
    return STATUS_PENDING;
}

static NTSTATUS
NeitherSample(PNEITHER_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PAGED_CODE();

    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(NEITHER_SAMPLE)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    __try {
        ProbeForWrite(Irp->UserBuffer, sizeof(NEITHER_SAMPLE), sizeof(ULONG));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }

    if (InterlockedCompareExchange(&Extension->SampleBusy, 1, 0) != 0) {
        return STATUS_DEVICE_BUSY;
    }
    Extension->SampleOutput = (PNEITHER_SAMPLE)Irp->UserBuffer;
    Extension->SampleIrp = Irp;
    IoMarkIrpPending(Irp);
    IoQueueWorkItem(Extension->SampleItem, NeitherSampleWorker, DelayedWorkQueue, Extension);
    return STATUS_PENDING;
}

static NTSTATUS
NeitherWatch(PNEITHER_EXTENSION Extension, PIO_STACK_LOCATION Stack)
{
    PNEITHER_WATCH input = (PNEITHER_WATCH)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    LARGE_INTEGER due;
    ULONG period;

    PAGED_CODE();

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(NEITHER_WATCH)) {
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    __try {
        ProbeForRead(input, sizeof(*input), sizeof(ULONG));
        Extension->WatchTicks = input->Ticks;
        period = input->PeriodMs;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    if (period < 10) {
        return STATUS_INVALID_PARAMETER;
    }

    due.QuadPart = -10000LL * period;
    KeSetTimerEx(&Extension->Timer, due, (LONG)period, &Extension->TimerDpc);
    return STATUS_SUCCESS;
}

static NTSTATUS
NeitherVersion(PIRP Irp, PIO_STACK_LOCATION Stack, PULONG_PTR Information)
{
    PAGED_CODE();

    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    __try {
        ProbeForWrite(Irp->UserBuffer, sizeof(ULONG), sizeof(ULONG));
        *(PULONG)Irp->UserBuffer = NEITHER_VERSION;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    *Information = sizeof(ULONG);
    return STATUS_SUCCESS;
}
