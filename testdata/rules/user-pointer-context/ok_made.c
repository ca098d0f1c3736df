/* user-pointer-context: buffers of requests that the driver makes itself, and memory that it maps
 * into the process of its own thread. */
#include <ntifs.h>

typedef struct _CHANNEL {
    PDEVICE_OBJECT Target;
    PFILE_OBJECT File;
    PIRP Spare;
    ULONG Reply;
    PUCHAR Image;
    SIZE_T Size;
    KEVENT Stop;
} CHANNEL, *PCHANNEL;

DRIVER_INITIALIZE DriverEntry;
IO_COMPLETION_ROUTINE Query_ok;
IO_COMPLETION_ROUTINE Spare_ok;
IO_COMPLETION_ROUTINE OutParam_ok;
KSTART_ROUTINE Thread_ok;

CHANNEL Channel;

/* The request was allocated here: its UserBuffer is the driver's. */
NTSTATUS Query_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PULONG reply = (PULONG)Irp->UserBuffer;
    PCHANNEL channel = (PCHANNEL)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    channel->Reply = *reply;
    IoFreeIrp(Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS SendQuery(PCHANNEL channel)
{
    PIRP irp = IoAllocateIrp(channel->Target->StackSize, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    irp->UserBuffer = &channel->Reply;
    IoSetCompletionRoutine(irp, Query_ok, channel, TRUE, TRUE, TRUE);
    return IoCallDriver(channel->Target, irp);
}

/* Kept in a field and used again and again. */
NTSTATUS Spare_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    RtlCopyMemory(Irp->UserBuffer, Irp->AssociatedIrp.SystemBuffer, Irp->IoStatus.Information);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Send(PCHANNEL channel, PIRP request)
{
    IoSetCompletionRoutine(request, Spare_ok, channel, TRUE, TRUE, TRUE);
    IoCallDriver(channel->Target, request);
}

static VOID SendSpare(PCHANNEL channel)
{
    if (channel->Spare == NULL) {
        channel->Spare = IoAllocateIrp(channel->Target->StackSize, FALSE);
    }
    if (channel->Spare != NULL) {
        Send(channel, channel->Spare);
    }
}

/* Built by a helper that hands it out through a pointer. */
NTSTATUS OutParam_ok(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    *(PULONG)Irp->UserBuffer = 0;
    return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS Build(PCHANNEL channel, PIRP *result)
{
    LARGE_INTEGER offset = {0};

    *result = IoBuildAsynchronousFsdRequest(IRP_MJ_READ, channel->Target, &channel->Reply,
                                            sizeof(channel->Reply), &offset, NULL);
    return *result == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static NTSTATUS SendBuilt(PCHANNEL channel)
{
    PIRP irp;
    NTSTATUS status = Build(channel, &irp);

    if (NT_SUCCESS(status)) {
        IoSetCompletionRoutine(irp, OutParam_ok, channel, TRUE, TRUE, TRUE);
        status = IoCallDriver(channel->Target, irp);
    }
    return status;
}

static NTSTATUS Grow_ok(PCHANNEL channel, SIZE_T size)
{
    PVOID image = NULL;
    NTSTATUS status =
        ZwAllocateVirtualMemory(NtCurrentProcess(), &image, 0, &size, MEM_COMMIT, PAGE_READWRITE);

    if (NT_SUCCESS(status)) {
        RtlCopyMemory(image, channel->Image, channel->Size);
        channel->Image = (PUCHAR)image;
        channel->Size = size;
    }
    return status;
}

/* Memory of the system process, in a thread of the system process. */
VOID Thread_ok(PVOID Context)
{
    PCHANNEL channel = (PCHANNEL)Context;

    while (NT_SUCCESS(Grow_ok(channel, channel->Size + PAGE_SIZE))) {
        channel->Image[0] = 1;
        SendQuery(channel);
        SendSpare(channel);
        SendBuilt(channel);
        KeWaitForSingleObject(&channel->Stop, Executive, KernelMode, FALSE, NULL);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    HANDLE thread;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeEvent(&Channel.Stop, NotificationEvent, FALSE);
    return PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread_ok, &Channel);
}
