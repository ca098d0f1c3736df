/* busy-wait-raised: stalls of a miniport that writes a crash dump, when nothing else runs. */
#include <storport.h>

typedef struct _ADAPTER {
    ULONG DumpMode;
    ULONG Resets;
    ULONG Ready;
} ADAPTER, *PADAPTER;

sp_DRIVER_INITIALIZE DriverEntry;
HW_FIND_ADAPTER FindAdapter;
HW_INITIALIZE Initialize;
HW_STARTIO StartIo;
HW_RESET_BUS ResetBus;
HW_INTERRUPT Interrupt;

static BOOLEAN IsDump(PADAPTER Adapter)
{
    return Adapter->DumpMode > 0;
}

/* No timer and no interrupt is there in dump mode. */
static VOID Settle_ok(PADAPTER Adapter)
{
    if (IsDump(Adapter))
        StorPortStallExecution(10000);
    else
        Adapter->Resets++;
}

static VOID Negated_ok(PADAPTER Adapter)
{
    BOOLEAN dump = IsDump(Adapter);

    if (!dump)
        return;
    StorPortStallExecution(20000);
}

static VOID Compared_ok(PADAPTER Adapter)
{
    if (Adapter->DumpMode == 0)
        Adapter->Resets = 0;
    else
        StorPortStallExecution(5000);
}

static VOID OneMode_ok(PADAPTER Adapter)
{
    if (Adapter->DumpMode == 1)
        StorPortStallExecution(5000);
}

static VOID Short_ok(PADAPTER Adapter)
{
    Adapter->Resets++;
    StorPortStallExecution(999);
}

BOOLEAN ResetBus(PVOID Extension, ULONG PathId)
{
    UNREFERENCED_PARAMETER(PathId);
    Settle_ok((PADAPTER)Extension);
    Negated_ok((PADAPTER)Extension);
    return TRUE;
}

BOOLEAN Interrupt(PVOID Extension)
{
    Compared_ok((PADAPTER)Extension);
    OneMode_ok((PADAPTER)Extension);
    Short_ok((PADAPTER)Extension);
    return TRUE;
}

ULONG FindAdapter(PVOID Extension, PVOID HwContext, PVOID BusInformation, PCHAR Arguments,
                  PPORT_CONFIGURATION_INFORMATION Config, PBOOLEAN Again)
{
    PADAPTER adapter = (PADAPTER)Extension;

    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(BusInformation);
    UNREFERENCED_PARAMETER(Arguments);
    UNREFERENCED_PARAMETER(Again);
    adapter->DumpMode = Config->DumpMode;
    return SP_RETURN_FOUND;
}

BOOLEAN StartIo(PVOID Extension, PSCSI_REQUEST_BLOCK Srb)
{
    UNREFERENCED_PARAMETER(Extension);
    UNREFERENCED_PARAMETER(Srb);
    return TRUE;
}

BOOLEAN Initialize(PVOID Extension)
{
    ((PADAPTER)Extension)->Resets = 0;
    return TRUE;
}

ULONG DriverEntry(PVOID Driver, PVOID Path)
{
    HW_INITIALIZATION_DATA data = {0};

    data.HwInitializationDataSize = sizeof(data);
    data.HwFindAdapter = FindAdapter;
    data.HwInitialize = Initialize;
    data.HwStartIo = StartIo;
    data.HwResetBus = ResetBus;
    data.HwInterrupt = Interrupt;
    data.DeviceExtensionSize = sizeof(ADAPTER);
    return StorPortInitialize(Driver, Path, &data, NULL);
}
