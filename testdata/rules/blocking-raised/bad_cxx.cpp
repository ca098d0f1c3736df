/* C++: waits in overriders, destructors, constructors and lambdas that run at DISPATCH_LEVEL. */
#include <ntddk.h>
#include <wdf.h>

namespace modem {

/* Raises in its constructor, nothing else. */
struct DispatchScope {
    DispatchScope() : Saved(KeRaiseIrqlToDpcLevel()) {}
    ~DispatchScope() { KeLowerIrql(Saved); }
    KIRQL Saved;
};

/* A WDF lock; every method takes it for its whole body. */
struct WdfScope {
    explicit WdfScope(WDFSPINLOCK lock) : Lock(lock) { WdfSpinLockAcquire(Lock); }
    ~WdfScope() { WdfSpinLockRelease(Lock); }
    WDFSPINLOCK Lock;
};

class Link {
public:
    virtual ~Link() {}
    virtual VOID Poke() = 0;
    virtual NTSTATUS Drain(LONG milliseconds) = 0;
};

class SlowLink final : public Link {
public:
    VOID Poke() override;
    NTSTATUS Drain(LONG milliseconds) override;

private:
    KEVENT m_Empty;
    ULONG m_Pokes;
};

/* Flush is a reference to a thread that has to end. */
class Worker {
public:
    ~Worker();
    PVOID Thread = nullptr;
};

class Session {
public:
    VOID Close_bad();
    VOID Early_bad(BOOLEAN quick);
    VOID Wait_bad();
    VOID Pause();

    WDFSPINLOCK m_Lock;
    Link *m_Link;
    KEVENT m_Gone;
    BOOLEAN m_Open;
};

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Session, SessionOf)

/* The timer reaches it through the interface. */
VOID SlowLink::Poke()
{
    LARGE_INTEGER interval;

    interval.QuadPart = -20000;
    m_Pokes++;
    KeDelayExecutionThread(KernelMode, FALSE, &interval); // expect: blocking-raised "DISPATCH_LEVEL"
}

NTSTATUS SlowLink::Drain(LONG milliseconds)
{
    LARGE_INTEGER limit;

    limit.QuadPart = -10000LL * milliseconds;
    return KeWaitForSingleObject(&m_Empty, Executive, KernelMode, FALSE, &limit); // expect: blocking-raised "DISPATCH_LEVEL"
}

/* Waits for the thread, wherever the object ends. */
Worker::~Worker()
{
    if (Thread != nullptr) {
        KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, nullptr); // expect: blocking-raised "DISPATCH_LEVEL"
        ObDereferenceObject(Thread);
    }
}

VOID Session::Close_bad()
{
    WdfScope scope(m_Lock);
    Worker worker;

    m_Open = FALSE;
    worker.Thread = KeGetCurrentThread();
}

/* The early return comes before the lock is gone, the wait as well. */
VOID Session::Early_bad(BOOLEAN quick)
{
    WdfScope scope(m_Lock);

    if (quick) {
        m_Link = nullptr;
        return;
    }
    m_Link->Drain(5);
}

/* The lambda is called where it stands. */
VOID Session::Wait_bad()
{
    DispatchScope raised;
    auto wait = [this]() -> bool {
        return KeWaitForSingleObject(&m_Gone, Executive, KernelMode, FALSE, nullptr) == STATUS_SUCCESS; // expect: blocking-raised "DISPATCH_LEVEL"
    };

    if (!wait())
        m_Open = FALSE;
}

template <typename T> class Paced {
public:
    static VOID Run(T &subject, ULONG rounds)
    {
        while (rounds-- > 0) {
            DispatchScope raised;
            subject.Pause();
        }
    }
};

VOID Session::Pause()
{
    LARGE_INTEGER interval;

    interval.QuadPart = -1;
    KeDelayExecutionThread(KernelMode, FALSE, &interval); // expect: blocking-raised "DISPATCH_LEVEL"
}

SlowLink g_Link;

} // namespace modem

using modem::Session;

static EVT_WDF_TIMER Tick;
static EVT_WDF_DEVICE_D0_EXIT Exit;
static EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;

static VOID Tick(WDFTIMER timer)
{
    Session *session = modem::SessionOf(WdfTimerGetParentObject(timer));

    session->m_Link->Poke();
}

static NTSTATUS Exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE)
{
    Session &session = *modem::SessionOf(device);

    session.Wait_bad();
    session.Early_bad(FALSE);
    session.Close_bad();
    modem::Paced<Session>::Run(session, 3);
    return STATUS_SUCCESS;
}

static NTSTATUS DeviceAdd(WDFDRIVER, PWDFDEVICE_INIT init)
{
    WDF_PNPPOWER_EVENT_CALLBACKS power;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_TIMER_CONFIG config;
    WDFDEVICE device;
    WDFTIMER timer;

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&power);
    power.EvtDeviceD0Exit = Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &power);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, Session);
    NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status))
        return status;
    modem::SessionOf(device)->m_Link = &modem::g_Link;
    WDF_TIMER_CONFIG_INIT_PERIODIC(&config, Tick, 100);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    status = WdfTimerCreate(&config, &attributes, &timer);
    if (!NT_SUCCESS(status))
        return status;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    return WdfSpinLockCreate(&attributes, &modem::SessionOf(device)->m_Lock);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
