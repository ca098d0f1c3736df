/* Function pointers by every route: a static table, a field set at run time, a parameter, an array of
 * dispatch routines filled in a loop, a registration through a wrapper of the driver's own. */
#include <ntddk.h>

typedef NTSTATUS OPERATION(PVOID context);

typedef struct _OPERATIONS {
    OPERATION *Open;
    OPERATION *Close;
} OPERATIONS;

typedef struct _EXT {
    const OPERATIONS *Ops;
    OPERATION *Current;
    KDPC Dpc;
} EXT, *PEXT;

DRIVER_INITIALIZE DriverEntry;
DRIVER_DISPATCH DispatchAny;
DRIVER_DISPATCH DispatchPower;
KDEFERRED_ROUTINE DpcRoutine;

static OPERATION OpenDisk, OpenTape, CloseAny, Chosen;

static const OPERATIONS Disk = {OpenDisk, CloseAny};
static const OPERATIONS Tape = {.Close = CloseAny, .Open = OpenTape};
static EXT Global;

static NTSTATUS OpenDisk(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    return STATUS_SUCCESS;
}

static NTSTATUS OpenTape(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    return STATUS_SUCCESS;
}

static NTSTATUS CloseAny(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    return STATUS_SUCCESS;
}

static NTSTATUS Chosen(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    return STATUS_SUCCESS;
}

static NTSTATUS Apply(OPERATION *operation, PVOID context) {
    return operation(context);
}

static VOID PrepareDpc(PKDPC dpc, PKDEFERRED_ROUTINE routine) {
    KeInitializeDpc(dpc, routine, NULL);
}

VOID DpcRoutine(PKDPC dpc, PVOID context, PVOID one, PVOID two) {
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(one);
    UNREFERENCED_PARAMETER(two);
}

NTSTATUS DispatchAny(PDEVICE_OBJECT device, PIRP irp) {
    PEXT ext = device->DeviceExtension;
    UNREFERENCED_PARAMETER(irp);
    ext->Ops->Open(ext);
    ext->Current(ext);
    return Apply(ext->Ops->Close, ext);
}

NTSTATUS DispatchPower(PDEVICE_OBJECT device, PIRP irp) {
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    ULONG i;
    Global.Ops = path->Length ? &Disk : &Tape;
    Global.Current = Chosen;
    PrepareDpc(&Global.Dpc, DpcRoutine);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        driver->MajorFunction[i] = DispatchAny;
    driver->MajorFunction[IRP_MJ_POWER] = DispatchPower;
    return STATUS_SUCCESS;
}
