/* C++: long stalls in overriders, destructors, templates and default arguments, at a raised level. */
#include <ntddk.h>

class IPhy {
public:
    virtual VOID Reset() = 0;
};

class SlowPhy : public IPhy {
public:
    VOID Reset() override
    {
        m_Resets++;
        KeStallExecutionProcessor(2000); // expect: busy-wait-raised "DISPATCH_LEVEL"
    }

private:
    ULONG m_Resets = 0;
};

/* Waits out what is left of the pulse when it ends. */
template <ULONG Microseconds> class Pulse {
public:
    explicit Pulse(ULONG &line) : m_Line(line) { m_Line = 1; }
    ~Pulse()
    {
        KeStallExecutionProcessor(Microseconds); // expect: busy-wait-raised "DISPATCH_LEVEL"
        m_Line = 0;
    }

private:
    ULONG &m_Line;
};

static constexpr ULONG SettleTime = 50 * 10;

class Bus {
public:
    VOID Send_bad();
    VOID Settle_bad();
    static VOID Dpc(PKDPC, PVOID context, PVOID, PVOID);
    static BOOLEAN Isr_bad(PKINTERRUPT, PVOID context);

    KDPC m_Dpc;
    PKINTERRUPT m_Interrupt;

private:
    static VOID Delay(ULONG microseconds = SettleTime)
    {
        KeStallExecutionProcessor(microseconds); // expect: busy-wait-raised "DISPATCH_LEVEL"
    }

    KSPIN_LOCK m_Lock;
    ULONG m_Line;
    SlowPhy m_Slow;
    IPhy &m_Phy = m_Slow;
};

VOID Bus::Send_bad()
{
    KIRQL irql;

    KeAcquireSpinLock(&m_Lock, &irql);
    {
        Pulse<300> pulse(m_Line);
    }
    KeReleaseSpinLock(&m_Lock, irql);
}

VOID Bus::Settle_bad()
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&m_Lock, &handle);
    Delay();
    KeReleaseInStackQueuedSpinLock(&handle);
}

VOID Bus::Dpc(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Bus *>(context)->m_Phy.Reset();
}

BOOLEAN Bus::Isr_bad(PKINTERRUPT, PVOID context)
{
    auto wait = [](ULONG milliseconds) {
        KeStallExecutionProcessor(milliseconds * 1000); // expect: busy-wait-raised "DIRQL"
    };

    wait(1);
    return KeInsertQueueDpc(&static_cast<Bus *>(context)->m_Dpc, nullptr, nullptr);
}

static Bus g_Bus;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Bus.Send_bad();
    g_Bus.Settle_bad();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Bus.m_Dpc, Bus::Dpc, &g_Bus);
    driver->DriverUnload = Unload;
    return IoConnectInterrupt(&g_Bus.m_Interrupt, Bus::Isr_bad, &g_Bus, nullptr, 7, 7, 7, LevelSensitive, TRUE, 1, FALSE);
}
