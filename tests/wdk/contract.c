// The contract between the model headers and the front end: what special constructs become.
// contract.expect lists texts that the AST dump of this file must contain.
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DispatchRead;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH DispatchRead;
KSERVICE_ROUTINE Isr;
KDEFERRED_ROUTINE Dpc;

_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_requires_same_
NTSTATUS Before(_In_ PDEVICE_OBJECT Device, _Out_opt_ PULONG Length);

VOID After(_In_ _IRQL_restores_ KIRQL OldIrql)
    _When_(Wait == TRUE, _IRQL_requires_max_(APC_LEVEL));

__drv_maxIRQL(APC_LEVEL) __drv_sameIRQL VOID Old(__in PVOID Buffer, IN OUT PULONG Size OPTIONAL);

typedef _Function_class_(MY_CALLBACK) _IRQL_requires_(PASSIVE_LEVEL) VOID MY_CALLBACK(PVOID Context);
typedef MY_CALLBACK *PMY_CALLBACK;

_Acquires_lock_(Extension->Lock) _IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_global_(SpinLock, Lock)
VOID TakeLock(_Inout_ _Acquires_lock_(*_Curr_) PKSPIN_LOCK Lock);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, DispatchRead)
#endif

typedef struct _EXTENSION {
    LIST_ENTRY Link;
    KSPIN_LOCK Lock;
    _Guarded_by_(Lock) ULONG Count;
    KDPC Dpc;
} EXTENSION, *PEXTENSION;

_Use_decl_annotations_
NTSTATUS DispatchRead(PDEVICE_OBJECT Device, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PEXTENSION extension = CONTAINING_RECORD(Device->DeviceExtension, EXTENSION, Link);
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    PAGED_CODE();
    NT_ASSERT(extension != NULL);
    _Analysis_assume_(stack != NULL);
    KeAcquireSpinLock(&extension->Lock, &irql);
    extension->Count++;
    KeReleaseSpinLock(&extension->Lock, irql);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeLowerIrql(irql);
    try {
        ProbeForRead(Irp->UserBuffer, stack->Parameters.Read.Length, sizeof(UCHAR));
        if (stack->Parameters.Read.Length == 0) leave;
        RtlCopyMemory(extension, Irp->UserBuffer, sizeof(ULONG));
    } except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    try {
        NOTHING;
    } finally {
        if (AbnormalTermination()) KdPrint(("left early %x\n", status));
    }
    IoMarkIrpPending(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Device, Irp);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
    UNREFERENCED_PARAMETER(RegistryPath);
    Driver->MajorFunction[IRP_MJ_READ] = DispatchRead;
    return STATUS_SUCCESS;
}

BOOLEAN Isr(PKINTERRUPT Interrupt, PVOID Context) {
    UNREFERENCED_PARAMETER(Interrupt);
    return KeInsertQueueDpc(&((PEXTENSION)Context)->Dpc, NULL, NULL);
}

VOID Dpc(PKDPC Dpc, PVOID Context, PVOID A, PVOID B) {
    UNREFERENCED_PARAMETER(Dpc);
    KeAcquireSpinLockAtDpcLevel(&((PEXTENSION)Context)->Lock);
    KeReleaseSpinLockFromDpcLevel(&((PEXTENSION)Context)->Lock);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
}
