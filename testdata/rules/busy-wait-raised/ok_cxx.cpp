/* C++: short stalls where the level is raised, long ones where it is not. */
#include <ntddk.h>

class Lock {
public:
    explicit Lock(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~Lock() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

template <ULONG Microseconds> struct After {
    ~After() { KeStallExecutionProcessor(Microseconds); }
};

class Chip {
public:
    VOID Strobe_ok();
    VOID Warm_ok();
    VOID Order_ok();
    VOID Wait(ULONG microseconds) { KeStallExecutionProcessor(microseconds); }
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;

private:
    KSPIN_LOCK m_Lock;
    ULONG m_Port;
};

VOID Chip::Strobe_ok()
{
    Lock lock(m_Lock);
    After<5> after;

    m_Port |= 1;
}

VOID Chip::Warm_ok()
{
    {
        Lock lock(m_Lock);
        m_Port |= 2;
    }
    Wait(5000);
}

/* Built first, so it ends behind the lock. */
VOID Chip::Order_ok()
{
    After<900> after;
    Lock lock(m_Lock);

    m_Port &= ~2u;
}

VOID Chip::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Chip *>(context)->Wait(10);
}

static Chip g_Chip;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Chip.Strobe_ok();
    g_Chip.Warm_ok();
    g_Chip.Order_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Chip.m_Dpc, Chip::Dpc_ok, &g_Chip);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
