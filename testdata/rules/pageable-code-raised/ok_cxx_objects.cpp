/* C++: pageable methods, destructors, overriders and lambdas that run below DISPATCH_LEVEL. */
#include <ntddk.h>
#include <wdf.h>

#define PAGED_SEGMENT __declspec(code_seg("PAGE"))

namespace {

class DeviceLock {
public:
    VOID Enter() { KeAcquireSpinLock(&m_Lock, &m_Saved); }
    VOID Leave() { KeReleaseSpinLock(&m_Lock, m_Saved); }

private:
    KSPIN_LOCK m_Lock = 0;
    KIRQL m_Saved = PASSIVE_LEVEL;
};

class PassiveLock {
public:
    VOID Enter() { KeEnterCriticalRegion(); ExAcquirePushLockExclusive(&m_Lock); }
    VOID Leave() { ExReleasePushLockExclusive(&m_Lock); KeLeaveCriticalRegion(); }

private:
    EX_PUSH_LOCK m_Lock = 0;
};

/* Which level it means depends on the lock. */
template <typename L> class Hold {
public:
    explicit Hold(L &lock) : m_Lock(&lock) { m_Lock->Enter(); }
    ~Hold()
    {
        if (m_Lock != nullptr)
            m_Lock->Leave();
    }
    VOID Drop()
    {
        m_Lock->Leave();
        m_Lock = nullptr;
    }

private:
    L *m_Lock;
};

class Engine {
public:
    virtual VOID Prepare() = 0;
    virtual VOID Kick() = 0;

protected:
    ULONG m_Credits = 0;
};

/* Only Kick is called from the DPC; only Prepare is pageable. */
class RingEngine : public Engine {
public:
    PAGED_SEGMENT VOID Prepare() override;
    VOID Kick() override { m_Credits--; }
};

VOID RingEngine::Prepare()
{
    PAGED_CODE();
    m_Credits = 64;
}

struct Snapshot {
    explicit Snapshot(ULONG &target) : Target(target) {}
    PAGED_SEGMENT ~Snapshot() { Target = Value; }
    ULONG &Target;
    ULONG Value = 0;
};

struct ADAPTER {
    Engine *Ring;
    DeviceLock Queue;
    PassiveLock Config;
    ULONG Mode;
    ULONG Errors;
};

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ADAPTER, AdapterOf)

PAGED_SEGMENT VOID Reconfigure(ADAPTER &adapter, ULONG mode)
{
    PAGED_CODE();
    adapter.Mode = mode;
}

/* The block ends before the call. */
VOID AfterBlock_ok(ADAPTER &adapter)
{
    {
        Hold<DeviceLock> hold(adapter.Queue);
        adapter.Errors = 0;
    }
    Reconfigure(adapter, 1);
}

/* Let go by hand; the destructor knows. */
VOID AfterDrop_ok(ADAPTER &adapter)
{
    Hold<DeviceLock> hold(adapter.Queue);

    adapter.Errors++;
    hold.Drop();
    Reconfigure(adapter, 2);
}

/* The same guard over a lock that does not raise. */
VOID UnderPushLock_ok(ADAPTER &adapter)
{
    Hold<PassiveLock> hold(adapter.Config);

    Reconfigure(adapter, 3);
}

/* The snapshot outlives the guard. */
VOID Order_ok(ADAPTER &adapter)
{
    Snapshot snapshot(adapter.Mode);
    Hold<DeviceLock> hold(adapter.Queue);

    snapshot.Value = adapter.Errors;
}

/* Each round gives the lock back before the next begins. */
VOID Rounds_ok(ADAPTER &adapter)
{
    for (ULONG i = 0; i < 4; i++) {
        Reconfigure(adapter, i);
        Hold<DeviceLock> hold(adapter.Queue);
        if (adapter.Errors == 0)
            continue;
        adapter.Errors--;
    }
}

extern "C" VOID Dpc_ok(WDFINTERRUPT interrupt, WDFOBJECT)
{
    ADAPTER *adapter = AdapterOf(WdfInterruptGetDevice(interrupt));

    adapter->Ring->Kick();
}

extern "C" BOOLEAN Isr_ok(WDFINTERRUPT interrupt, ULONG)
{
    WdfInterruptQueueDpcForIsr(interrupt);
    return TRUE;
}

/* Work items run at PASSIVE_LEVEL. */
VOID Worker_ok(WDFWORKITEM item)
{
    ADAPTER *adapter = AdapterOf(WdfWorkItemGetParentObject(item));
    auto apply = [adapter](ULONG mode) { Reconfigure(*adapter, mode); };

    adapter->Ring->Prepare();
    apply(4);
    AfterBlock_ok(*adapter);
    AfterDrop_ok(*adapter);
    UnderPushLock_ok(*adapter);
    Order_ok(*adapter);
    Rounds_ok(*adapter);
}

RingEngine g_Ring;

} // namespace

EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd_ok;

PAGED_SEGMENT NTSTATUS DeviceAdd_ok(WDFDRIVER, PWDFDEVICE_INIT init)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_INTERRUPT_CONFIG config;
    WDF_WORKITEM_CONFIG work;
    WDFINTERRUPT interrupt;
    WDFWORKITEM item;
    WDFDEVICE device;

    PAGED_CODE();
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ADAPTER);
    NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status))
        return status;
    AdapterOf(device)->Ring = &g_Ring;
    WDF_INTERRUPT_CONFIG_INIT(&config, Isr_ok, Dpc_ok);
    status = WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);
    if (!NT_SUCCESS(status))
        return status;
    WDF_WORKITEM_CONFIG_INIT(&work, Worker_ok);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    status = WdfWorkItemCreate(&work, &attributes, &item);
    if (NT_SUCCESS(status))
        WdfWorkItemEnqueue(item);
    return status;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd_ok);
    return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
