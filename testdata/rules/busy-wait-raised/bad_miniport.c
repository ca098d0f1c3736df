/* busy-wait-raised: stalls of a miniport while the system runs. */
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

static VOID Settle_bad(PADAPTER Adapter)
{
    if (!IsDump(Adapter))
        StorPortStallExecution(10000); // expect: busy-wait-raised "999 microseconds"
    else
        Adapter->Resets++;
}

static VOID Early_bad(PADAPTER Adapter)
{
    if (Adapter->DumpMode != 0)
        return;
    StorPortStallExecution(1000); // expect: busy-wait-raised "DIRQL"
}

/* What is tested has nothing to do with dumps. */
static VOID Other_bad(PADAPTER Adapter)
{
    if (Adapter->Ready > 0)
        StorPortStallExecution(2000); // expect: busy-wait-raised "DIRQL"
}

BOOLEAN ResetBus(PVOID Extension, ULONG PathId)
{
    UNREFERENCED_PARAMETER(PathId);
    Settle_bad((PADAPTER)Extension);
    return TRUE;
}

BOOLEAN Interrupt(PVOID Extension)
{
    Early_bad((PADAPTER)Extension);
    Other_bad((PADAPTER)Extension);
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
