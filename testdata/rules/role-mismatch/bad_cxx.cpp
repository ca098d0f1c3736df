/* C++: static methods declared with one role and registered, by casts, as another. */
#include <ntddk.h>

class Device {
public:
    NTSTATUS Start_bad(PDRIVER_OBJECT driver);
    VOID Queue_bad();
    static KSTART_ROUTINE Poll;
    static DRIVER_CANCEL Cancel;
    static KDEFERRED_ROUTINE Complete;
    static IO_WORKITEM_ROUTINE Work;
    static DRIVER_UNLOAD Unload;

private:
    template <typename R> static PKDEFERRED_ROUTINE AsDpc(R *routine) { return reinterpret_cast<PKDEFERRED_ROUTINE>(routine); }

    KDPC m_Tick;
    KDPC m_Late;
    PIO_WORKITEM m_Item;
    HANDLE m_Thread;
    ULONG m_Count;
};

VOID Device::Poll(PVOID context) { static_cast<Device *>(context)->m_Count++; }
VOID Device::Complete(PKDPC, PVOID context, PVOID, PVOID) { static_cast<Device *>(context)->m_Count--; }
VOID Device::Work(PDEVICE_OBJECT, PVOID context) { static_cast<Device *>(context)->m_Count = 0; }
VOID Device::Unload(PDRIVER_OBJECT) {}

VOID Device::Cancel(PDEVICE_OBJECT, PIRP irp)
{
    IoReleaseCancelSpinLock(irp->CancelIrql); // expect: lock-not-held "nobody on this path"
}

NTSTATUS Device::Start_bad(PDRIVER_OBJECT driver)
{
    driver->DriverUnload = reinterpret_cast<PDRIVER_UNLOAD>(&Device::Cancel); // expect: role-mismatch "DRIVER_UNLOAD"
    KeInitializeDpc(&m_Tick, reinterpret_cast<PKDEFERRED_ROUTINE>(Poll), this); // expect: role-mismatch "KSTART_ROUTINE"
    return PsCreateSystemThread(&m_Thread, 0, nullptr, nullptr, nullptr, // expect: role-mismatch "KDEFERRED_ROUTINE"
                                reinterpret_cast<PKSTART_ROUTINE>(Complete), this);
}

VOID Device::Queue_bad()
{
    KeInitializeDpc(&m_Late, AsDpc(&Device::Work), this); // expect: role-mismatch "IO_WORKITEM_ROUTINE"
    IoQueueWorkItem(m_Item, (PIO_WORKITEM_ROUTINE)Complete, DelayedWorkQueue, this); // expect: role-mismatch "PASSIVE_LEVEL"
}

static Device g_Device;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    g_Device.Queue_bad();
    return g_Device.Start_bad(driver);
}
