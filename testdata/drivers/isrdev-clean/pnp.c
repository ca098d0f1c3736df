/* isrdev: Plug and Play, power, WMI. */
#include "isrdev.h"

IO_COMPLETION_ROUTINE IsrdevSignalCompletion;
NTSTATUS IsrdevForwardAndWait(PISRDEV_EXTENSION Extension, PIRP Irp);
NTSTATUS IsrdevStartDevice(PISRDEV_EXTENSION Extension, PIO_STACK_LOCATION Stack);
VOID IsrdevStopDevice(PISRDEV_EXTENSION Extension);
VOID IsrdevRemoveDevice(PISRDEV_EXTENSION Extension, PIRP Irp);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, IsrdevPnp)
#pragma alloc_text(PAGE, IsrdevForwardAndWait)
#pragma alloc_text(PAGE, IsrdevStartDevice)
#pragma alloc_text(PAGE, IsrdevStopDevice)
#pragma alloc_text(PAGE, IsrdevRemoveDevice)
#pragma alloc_text(PAGE, IsrdevSystemControl)
#endif

/* The lower driver may complete at DISPATCH_LEVEL: resident on purpose. */
NTSTATUS
IsrdevSignalCompletion(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PKEVENT event = (PKEVENT)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);

    KeSetEvent(event, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS
IsrdevForwardAndWait(PISRDEV_EXTENSION Extension, PIRP Irp)
{
    KEVENT event;
    NTSTATUS status;

    PAGED_CODE();

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, IsrdevSignalCompletion, &event, TRUE, TRUE, TRUE);

    status = IoCallDriver(Extension->Lower, Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = Irp->IoStatus.Status;
    }
    return status;
}

NTSTATUS
IsrdevStartDevice(PISRDEV_EXTENSION Extension, PIO_STACK_LOCATION Stack)
{
    PCM_RESOURCE_LIST list = Stack->Parameters.StartDevice.AllocatedResourcesTranslated;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR interrupt = NULL;
    PCM_PARTIAL_RESOURCE_DESCRIPTOR memory = NULL;
    PCM_PARTIAL_RESOURCE_LIST partial;
    LARGE_INTEGER period;
    NTSTATUS status;
    ULONG i;

    PAGED_CODE();

    if (list == NULL || list->Count == 0) {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }

    partial = &list->List[0].PartialResourceList;
    for (i = 0; i < partial->Count; i++) {
        switch (partial->PartialDescriptors[i].Type) {
        case CmResourceTypeInterrupt:
            interrupt = &partial->PartialDescriptors[i];
            break;
        case CmResourceTypeMemory:
            memory = &partial->PartialDescriptors[i];
            break;
        default:
            break;
        }
    }
    if (interrupt == NULL || memory == NULL) {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }

    if (Extension->Bounce == NULL) {
        Extension->Bounce =
            ExAllocatePool2(POOL_FLAG_NON_PAGED, ISRDEV_MAX_TRANSFER, ISRDEV_TAG);
        if (Extension->Bounce == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
    }

    Extension->Registers =
        (PULONG)MmMapIoSpace(memory->u.Memory.Start, memory->u.Memory.Length, MmNonCached);
    if (Extension->Registers == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Extension->RegistersLength = memory->u.Memory.Length;
    IsrdevResetHardware(Extension);

    status = IoConnectInterrupt(&Extension->Interrupt, IsrdevInterruptIsr, Extension, NULL,
                                interrupt->u.Interrupt.Vector,
                                (KIRQL)interrupt->u.Interrupt.Level,
                                (KIRQL)interrupt->u.Interrupt.Level, LevelSensitive, TRUE,
                                interrupt->u.Interrupt.Affinity, FALSE);
    if (!NT_SUCCESS(status)) {
        MmUnmapIoSpace(Extension->Registers, Extension->RegistersLength);
        Extension->Registers = NULL;
        return status;
    }

    IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, ISRDEV_CONTROL_IRQ);
    period.QuadPart = -10 * 1000 * 1000;
    KeSetTimerEx(&Extension->WatchdogTimer, period, 1000, &Extension->WatchdogDpc);
    return STATUS_SUCCESS;
}

VOID
IsrdevStopDevice(PISRDEV_EXTENSION Extension)
{
    PAGED_CODE();

    KeCancelTimer(&Extension->WatchdogTimer);
    if (Extension->Interrupt != NULL) {
        IsrdevWriteRegister(Extension, ISRDEV_REG_CONTROL, 0);
        IoDisconnectInterrupt(Extension->Interrupt);
        Extension->Interrupt = NULL;
    }
    KeFlushQueuedDpcs();
    if (Extension->Registers != NULL) {
        MmUnmapIoSpace(Extension->Registers, Extension->RegistersLength);
        Extension->Registers = NULL;
    }
}

VOID
IsrdevRemoveDevice(PISRDEV_EXTENSION Extension, PIRP Irp)
{
    PDEVICE_OBJECT lower = Extension->Lower;

    PAGED_CODE();

    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    IsrdevStopDevice(Extension);
    if (Extension->Bounce != NULL) {
        ExFreePoolWithTag(Extension->Bounce, ISRDEV_TAG);
    }
    IoFreeWorkItem(Extension->RecoveryItem);
    IoDetachDevice(lower);
    IoDeleteDevice(Extension->Self);
}

NTSTATUS
IsrdevPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PDEVICE_OBJECT lower = extension->Lower;
    NTSTATUS status;

    PAGED_CODE();

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        return IsrdevCompleteIrp(Irp, status, 0);
    }

    switch (stack->MinorFunction) {
    case IRP_MN_START_DEVICE:
        status = IsrdevForwardAndWait(extension, Irp);
        if (NT_SUCCESS(status)) {
            status = IsrdevStartDevice(extension, stack);
        }
        IoReleaseRemoveLock(&extension->RemoveLock, Irp);
        return IsrdevCompleteIrp(Irp, status, 0);

    case IRP_MN_STOP_DEVICE:
    case IRP_MN_SURPRISE_REMOVAL:
        IsrdevStopDevice(extension);
        Irp->IoStatus.Status = STATUS_SUCCESS;
        break;

    case IRP_MN_REMOVE_DEVICE:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        IoSkipCurrentIrpStackLocation(Irp);
        status = IoCallDriver(lower, Irp);
        IsrdevRemoveDevice(extension, Irp);
        return status;

    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        break;

    default:
        break;
    }

    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(lower, Irp);
    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return status;
}

NTSTATUS
IsrdevPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;
    NTSTATUS status;

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    PoStartNextPowerIrp(Irp);
    if (!NT_SUCCESS(status)) {
        return IsrdevCompleteIrp(Irp, status, 0);
    }

    IoSkipCurrentIrpStackLocation(Irp);
    status = PoCallDriver(extension->Lower, Irp);
    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return status;
}

NTSTATUS
IsrdevSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PISRDEV_EXTENSION extension = (PISRDEV_EXTENSION)DeviceObject->DeviceExtension;

    PAGED_CODE();

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->Lower, Irp);
}
