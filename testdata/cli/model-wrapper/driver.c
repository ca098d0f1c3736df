#include <ntddk.h>
#include "acme.h"

static ACME_QUEUE *Queue;
static KEVENT Event;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_DISPATCH Cleanup;

/* The library calls it in a DPC. */
static VOID Drained(ACME_QUEUE *Drained, PVOID Context)
{
    UNREFERENCED_PARAMETER(Drained);
    KeWaitForSingleObject(Context, Executive, KernelMode, FALSE, NULL);
}

static NTSTATUS Cleanup(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    AcmeFlushQueue(Queue, TRUE);
    AcmeLockQueue(Queue);
    AcmeFlushQueue(Queue, FALSE);
    AcmeFlushQueue(Queue, TRUE);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    AcmeUnlockQueue(Queue);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    AcmeNotifyDrained(Queue, Drained, &Event);
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    return STATUS_SUCCESS;
}
