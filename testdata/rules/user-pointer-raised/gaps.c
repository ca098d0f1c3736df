/* user-pointer-raised: what the analysis is known to get wrong. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH Write;

typedef struct _LIST {
    PVOID Items[4];
} LIST;

static KSPIN_LOCK Lock;
static LIST List;
static ULONG Sum;

/* Elements of an array are not followed. */
static VOID Fn_element(VOID)
{
    KIRQL irql;

    KeAcquireSpinLock(&Lock, &irql);
    Sum += *(PULONG)(PVOID)((ULONG_PTR)List.Items[1] ^ 1); // expect-missed: user-pointer-raised  the address is encoded
    KeReleaseSpinLock(&Lock, irql);
}

NTSTATUS Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    List.Items[1] = (PVOID)((ULONG_PTR)Irp->UserBuffer ^ 1);
    Fn_element();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    return STATUS_SUCCESS;
}
