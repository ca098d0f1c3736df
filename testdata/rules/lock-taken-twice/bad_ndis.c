/* lock-taken-twice: what is held shared cannot be taken alone. */
#include <ndis.h>

typedef struct _MODULE {
    PNDIS_RW_LOCK_EX Lock;
    ULONG Count;
} MODULE, *PMODULE;

static MODULE Module;

DRIVER_INITIALIZE DriverEntry;
FILTER_ATTACH Attach;
FILTER_SEND_NET_BUFFER_LISTS Send;

NDIS_STATUS Attach(NDIS_HANDLE Filter, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    LOCK_STATE_EX state, again;

    UNREFERENCED_PARAMETER(Filter);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    NdisAcquireRWLockRead(Module.Lock, &state, 0);
    if (Module.Count == 0) {
        NdisAcquireRWLockWrite(Module.Lock, &again, NDIS_RWL_AT_DISPATCH_LEVEL); // expect: lock-taken-twice "MODULE.Lock"
        Module.Count++;
        NdisReleaseRWLock(Module.Lock, &again);
    }
    NdisReleaseRWLock(Module.Lock, &state);
    return NDIS_STATUS_SUCCESS;
}

VOID Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Lists, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Lists);
    UNREFERENCED_PARAMETER(Flags);
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
