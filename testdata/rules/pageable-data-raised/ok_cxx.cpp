/* C++: members and variables in pageable sections, used below DISPATCH_LEVEL only. */
#include <ntddk.h>

#pragma data_seg("PAGEDATA")
static ULONG g_Names = 1;
#pragma data_seg()
static ULONG g_Ticks;

class Guard {
public:
    explicit Guard(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~Guard() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

class Counter {
public:
    VOID Outside_ok();
    VOID Address_ok(ULONG *&kept);
    static VOID Dpc_ok(PKDPC, PVOID, PVOID, PVOID) { g_Ticks++; }

    KDPC m_Dpc;

private:
    KSPIN_LOCK m_Lock;
};

VOID Counter::Outside_ok()
{
    const ULONG names = g_Names;
    {
        Guard guard(m_Lock);
        g_Ticks += names;
    }
    g_Names++;
}

/* The address is no access. */
VOID Counter::Address_ok(ULONG *&kept)
{
    Guard guard(m_Lock);

    kept = &g_Names;
}

static Counter g_Counter;

static VOID Unload(PDRIVER_OBJECT)
{
    ULONG *kept;

    g_Counter.Address_ok(kept);
    g_Counter.Outside_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Counter.m_Dpc, Counter::Dpc_ok, &g_Counter);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
