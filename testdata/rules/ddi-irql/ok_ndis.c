/* ddi-irql: NDIS locks whose flag says what is true. */
#include <ndis.h>

typedef struct _MODULE {
    PNDIS_RW_LOCK_EX Lock;
    ULONG Count;
} MODULE, *PMODULE;

static MODULE Module;

DRIVER_INITIALIZE DriverEntry;
FILTER_ATTACH Attach;
FILTER_SEND_NET_BUFFER_LISTS Send;

static VOID Count_ok(PMODULE Self, BOOLEAN AtDispatch)
{
    LOCK_STATE_EX state;

    NdisAcquireRWLockWrite(Self->Lock, &state, AtDispatch ? NDIS_RWL_AT_DISPATCH_LEVEL : 0);
    Self->Count++;
    NdisReleaseRWLock(Self->Lock, &state);
}

NDIS_STATUS Attach(NDIS_HANDLE Filter, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    LOCK_STATE_EX state;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Filter);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    NdisAcquireRWLockRead(Module.Lock, &state, 0);
    Module.Count++;
    NdisReleaseRWLock(Module.Lock, &state);
    Count_ok(&Module, FALSE);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    NdisAcquireRWLockRead(Module.Lock, &state, NDIS_RWL_AT_DISPATCH_LEVEL);
    Module.Count++;
    NdisReleaseRWLock(Module.Lock, &state);
    KeLowerIrql(irql);
    return NDIS_STATUS_SUCCESS;
}

VOID Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Lists, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Lists);
    Count_ok(&Module, NDIS_TEST_SEND_AT_DISPATCH_LEVEL(Flags));
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS filter = {0};
    NDIS_HANDLE handle;

    UNREFERENCED_PARAMETER(Path);
    filter.AttachHandler = Attach;
    filter.SendNetBufferListsHandler = Send;
    return NdisFRegisterFilterDriver(Driver, Driver, &filter, &handle);
}
