/* annotation-malformed: annotations that say something, or that are none of ours. */
#include <ntddk.h>

#define QUEUE_LEVEL DISPATCH_LEVEL

DRIVER_INITIALIZE DriverEntry;

static ULONG Total;

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID Named_ok(VOID)
{
    Total++;
}

_IRQL_requires_max_(2)
static VOID Number_ok(VOID)
{
    Total++;
}

_IRQL_requires_(QUEUE_LEVEL)
static VOID Macro_ok(VOID)
{
    Total++;
}

_When_(Wait == TRUE, _IRQL_requires_max_(APC_LEVEL))
_When_(Wait == FALSE, _IRQL_requires_max_(DISPATCH_LEVEL))
static VOID When_ok(BOOLEAN Wait)
{
    Total += Wait;
}

_Must_inspect_result_
_Success_(return != FALSE)
static BOOLEAN Other_ok(_In_reads_bytes_(Size) const UCHAR *Data, _In_ ULONG Size)
{
    return Size != 0 && Data[0] != 0;
}

__drv_maxIRQL(APC_LEVEL)
static VOID Old_ok(VOID)
{
    Total++;
}

_Dispatch_type_(IRP_MJ_CREATE)
static NTSTATUS Dispatch_ok(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    static const UCHAR data[1] = {1};
    KIRQL irql;

    UNREFERENCED_PARAMETER(Path);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    Macro_ok();
    KeLowerIrql(irql);
    Named_ok();
    Number_ok();
    When_ok(TRUE);
    Old_ok();
    if (!Other_ok(data, sizeof data)) {
        return STATUS_UNSUCCESSFUL;
    }
    return Dispatch_ok(Driver->DeviceObject, NULL);
}
