/* init-code-late: what it is known to get wrong. */
#include <ntddk.h>

typedef struct _UNIT {
    KEVENT Done;
    ULONG Level;
} UNIT, *PUNIT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_REINITIALIZE Reinitialize;
DRIVER_DISPATCH Read_fn;
KSTART_ROUTINE Helper_fp;
VOID ReadLevels(PUNIT Unit);

#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(INIT, ReadLevels)

#pragma data_seg("INIT")
static ULONG Defaults[4] = { 1, 2, 3, 4 };
#pragma data_seg()

static UNIT TheUnit;

VOID ReadLevels(PUNIT Unit) { Unit->Level = Defaults[0]; }

/* DriverEntry waits until the thread is done. */
VOID Helper_fp(PVOID Context)
{
    PUNIT unit = (PUNIT)Context;

    ReadLevels(unit); // expect-false: init-code-late  DriverEntry waits for the event below
    KeSetEvent(&unit->Done, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Data of the section is gone, too. */
NTSTATUS Read_fn(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    TheUnit.Level = Defaults[1]; // expect-missed: init-code-late  the rule looks at code only
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* Queued again and again, the routine runs long after the section is gone. */
VOID Reinitialize(PDRIVER_OBJECT DriverObject, PVOID Context, ULONG Count)
{
    if (Count < 3) {
        IoRegisterDriverReinitialization(DriverObject, Reinitialize, Context);
    }
    ReadLevels((PUNIT)Context); // expect-missed: init-code-late  reinitialisation counts as initialisation
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    HANDLE thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeEvent(&TheUnit.Done, NotificationEvent, FALSE);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read_fn;
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Helper_fp, &TheUnit);
    if (NT_SUCCESS(status)) {
        KeWaitForSingleObject(&TheUnit.Done, Executive, KernelMode, FALSE, NULL);
        ZwClose(thread);
        IoRegisterDriverReinitialization(DriverObject, Reinitialize, &TheUnit);
    }
    return status;
}
