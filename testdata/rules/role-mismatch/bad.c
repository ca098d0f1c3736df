/* role-mismatch: callbacks whose declared role is not the one they are registered as. */
#include <ntddk.h>

typedef struct _PORT {
    PDEVICE_OBJECT Self;
    KDPC ReadDpc;
    KDPC WriteDpc;
    KTIMER Timer;
    KDPC TimerDpc;
    PKINTERRUPT Interrupt;
    PIO_WORKITEM WorkItem;
    IO_REMOVE_LOCK RemoveLock;
    ULONG Count;
} PORT, *PPORT;

typedef VOID PORT_SERVICE(PVOID First, PVOID Second);

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE AddDevice;

/* a work item's type on a DPC, by a cast */
IO_WORKITEM_ROUTINE ReadDone_bad;
/* a DPC's type on a work item */
KDEFERRED_ROUTINE Deferred_bad;
/* a thread's type on a DPC of a timer */
KSTART_ROUTINE TimerTick_bad;
/* a DPC's type on an interrupt routine */
KDEFERRED_ROUTINE Interrupt_bad;
/* the annotation instead of a type */
_Function_class_(IO_WORKITEM_ROUTINE) VOID WriteDone_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B);
/* a dispatch routine's type on a cancel routine */
DRIVER_DISPATCH Cancel_bad;
/* the type of a start routine on an unload routine */
DRIVER_STARTIO Unload_bad;

VOID ReadDone_bad(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    ((PPORT)Context)->Count++;
}

VOID WriteDone_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    ((PPORT)Context)->Count++;
}

VOID Deferred_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
}

VOID TimerTick_bad(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
}

VOID Interrupt_bad(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
}

NTSTATUS Cancel_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    return STATUS_SUCCESS;
}

VOID Unload_bad(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
}

/* registered by a helper that gets the routine */
static VOID SetUpDpc(PKDPC Dpc, PKDEFERRED_ROUTINE Routine, PVOID Context)
{
    KeInitializeDpc(Dpc, Routine, Context); // expect: role-mismatch "IO_WORKITEM_ROUTINE"
}

static VOID MarkPending(PIRP Irp)
{
    IoSetCancelRoutine(Irp, (PDRIVER_CANCEL)Cancel_bad); // expect: role-mismatch "DRIVER_CANCEL"
}

NTSTATUS AddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Physical)
{
    PDEVICE_OBJECT self;
    PPORT port;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Physical);
    status = IoCreateDevice(Driver, sizeof(PORT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &self);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    port = self->DeviceExtension;
    port->Self = self;
    port->WorkItem = IoAllocateWorkItem(self);
    SetUpDpc(&port->ReadDpc, (PKDEFERRED_ROUTINE)ReadDone_bad, port);
    KeInitializeDpc(&port->WriteDpc, WriteDone_bad, port); // expect: role-mismatch "KDEFERRED_ROUTINE"
    KeInitializeTimer(&port->Timer);
    KeInitializeDpc(&port->TimerDpc, (PKDEFERRED_ROUTINE)TimerTick_bad, port); // expect: role-mismatch "KSTART_ROUTINE"
    IoConnectInterrupt(&port->Interrupt, (PKSERVICE_ROUTINE)Interrupt_bad, port, NULL, 5, 5, 5, // expect: role-mismatch "KSERVICE_ROUTINE"
                       LevelSensitive, TRUE, 1, FALSE);
    if (port->WorkItem != NULL) {
        IoQueueWorkItem(port->WorkItem, (PIO_WORKITEM_ROUTINE)Deferred_bad, DelayedWorkQueue, port); // expect: role-mismatch "PASSIVE_LEVEL"
    }
    if (self->CurrentIrp != NULL) {
        MarkPending(self->CurrentIrp);
    }
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Path);
    Driver->DriverExtension->AddDevice = AddDevice;
    Driver->DriverUnload = (PDRIVER_UNLOAD)Unload_bad; // expect: role-mismatch "DRIVER_UNLOAD"
    return STATUS_SUCCESS;
}
