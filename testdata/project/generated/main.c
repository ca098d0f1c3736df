#include <ntddk.h>
#include "messages.h"
#include "Traces.h"
#include <wmi_blocks.h>
#include "waveNumbers.h"
#include "elsewhere.h"
#include "Forgotten.h"

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DemoState state;
    NTSTATUS status = DEMO_BROKEN;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    C_ASSERT(FORGOTTEN);
    EventRegisterDemo_Driver();
    if (MCGEN_EVENT_ENABLED(Started) && DEMO_TRACE_Context.IsEnabled != 0 && Started.Id == Started_value)
        status = STATUS_SUCCESS;
    if (EventEnabledStarted())
        EventWriteStarted(NULL, status, 3);
    state.Mode = DEMO_ON;
    state.Inner.Kind = (USHORT)sizeof(state.Inner.Label);
    state.Sums[2] = DemoState_SIZE + DemoReset_IN_SIZE + DemoState_Mode_ID;
    state.VariableData[0] = 0;
    DmUnregisterTide();
    EventUnregisterDEMO_TRACE();
    return state.Sums[2] == BEHIND ? DEMO_TIRED : IsEqualGUID(&DemoState_GUID, &DemoInner_GUID);
}
