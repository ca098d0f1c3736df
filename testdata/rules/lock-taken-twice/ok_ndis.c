/* lock-taken-twice: an NDIS lock may be taken again by who holds it in the same way. */
#include <ndis.h>

typedef struct _MODULE {
    PNDIS_RW_LOCK_EX Lock;
    ULONG Count;
} MODULE, *PMODULE;

static MODULE Module;

DRIVER_INITIALIZE DriverEntry;
FILTER_ATTACH Attach;
FILTER_SEND_NET_BUFFER_LISTS Send;

static VOID Inner(PMODULE Self)
{
    LOCK_STATE_EX state;

    NdisAcquireRWLockWrite(Self->Lock, &state, NDIS_RWL_AT_DISPATCH_LEVEL);
    Self->Count++;
    NdisReleaseRWLock(Self->Lock, &state);
}

NDIS_STATUS Attach(NDIS_HANDLE Filter, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    LOCK_STATE_EX state, again;

    UNREFERENCED_PARAMETER(Filter);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    NdisAcquireRWLockWrite(Module.Lock, &state, 0);
    NdisAcquireRWLockWrite(Module.Lock, &again, NDIS_RWL_AT_DISPATCH_LEVEL);
    Module.Count++;
    NdisReleaseRWLock(Module.Lock, &again);
    Inner(&Module);
    NdisReleaseRWLock(Module.Lock, &state);
    NdisAcquireRWLockRead(Module.Lock, &state, 0);
    NdisAcquireRWLockRead(Module.Lock, &again, NDIS_RWL_AT_DISPATCH_LEVEL);
    NdisReleaseRWLock(Module.Lock, &again);
    NdisReleaseRWLock(Module.Lock, &state);
    return NDIS_STATUS_SUCCESS;
}

/* The flag is not known: one lock is taken, not two. */
VOID Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Lists, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    LOCK_STATE_EX state;

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Lists);
    NdisAcquireRWLockRead(Module.Lock, &state, (UCHAR)(Flags & NDIS_RWL_AT_DISPATCH_LEVEL));
    Module.Count++;
    NdisReleaseRWLock(Module.Lock, &state);
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
