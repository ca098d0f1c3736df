/* C++: annotated methods called above or below what their annotations allow. */
#include <ntddk.h>

class Guard {
public:
    explicit Guard(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~Guard() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

class Cache {
public:
    _IRQL_requires_max_(PASSIVE_LEVEL) VOID Rebuild() { m_Size = 0; }
    _IRQL_requires_(DISPATCH_LEVEL) VOID Touch() { m_Hits++; }
    _IRQL_requires_max_(APC_LEVEL) static ULONG Limit() { return 8; }
    _IRQL_requires_max_(PASSIVE_LEVEL) Cache &operator++()
    {
        m_Size++;
        return *this;
    }
    VOID Reset_bad();
    VOID Hit_bad();
    VOID Grow_bad();
    static VOID Dpc_bad(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;

private:
    KSPIN_LOCK m_Lock;
    ULONG m_Size;
    ULONG m_Hits;
};

VOID Cache::Reset_bad()
{
    Guard guard(m_Lock);

    Rebuild(); // expect: annotation-exceeded "_IRQL_requires_max_(PASSIVE_LEVEL)"
}

/* The block of the guard is over. */
VOID Cache::Hit_bad()
{
    {
        Guard guard(m_Lock);
        Touch();
    }
    Touch(); // expect: annotation-exceeded "_IRQL_requires_(DISPATCH_LEVEL)"
}

VOID Cache::Grow_bad()
{
    const KIRQL irql = KeRaiseIrqlToDpcLevel();

    ++*this; // expect: annotation-exceeded "DISPATCH_LEVEL"
    KeLowerIrql(irql);
}

VOID Cache::Dpc_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    Cache *cache = static_cast<Cache *>(context);
    auto full = [cache] {
        return cache->m_Size >= Limit(); // expect: annotation-exceeded "APC_LEVEL"
    };

    if (full())
        cache->m_Hits = 0;
}

static Cache g_Cache;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Cache.Reset_bad();
    g_Cache.Hit_bad();
    g_Cache.Grow_bad();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Cache.m_Dpc, Cache::Dpc_bad, &g_Cache);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
