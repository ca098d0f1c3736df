/* C++: annotated methods and constructors called at levels that they allow. */
#include <ntddk.h>

template <typename L> class Scope {
public:
    explicit Scope(L &lock) : m_Lock(lock) { m_Lock.Take(); }
    ~Scope() { m_Lock.Give(); }

private:
    L &m_Lock;
};

class Spin {
public:
    _IRQL_requires_max_(DISPATCH_LEVEL) VOID Take() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    _IRQL_requires_(DISPATCH_LEVEL) VOID Give() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

class Passive {
public:
    _IRQL_requires_max_(APC_LEVEL) VOID Take() { KeEnterCriticalRegion(); }
    _IRQL_requires_max_(APC_LEVEL) VOID Give() { KeLeaveCriticalRegion(); }
};

class Index {
public:
    _IRQL_requires_max_(PASSIVE_LEVEL) VOID Rebuild_ok();
    _IRQL_requires_(DISPATCH_LEVEL) VOID Insert() { m_Count++; }
    VOID Nested_ok();
    VOID Fast_ok();
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;

private:
    Spin m_Spin;
    Spin m_Inner;
    Passive m_Region;
    ULONG m_Count;
};

VOID Index::Rebuild_ok()
{
    Scope<Passive> region(m_Region);

    m_Count = 0;
}

VOID Index::Nested_ok()
{
    Scope<Spin> outer(m_Spin);
    Scope<Spin> inner(m_Inner);

    Insert();
}

VOID Index::Fast_ok()
{
    {
        Scope<Spin> scope(m_Spin);
        Insert();
    }
    Rebuild_ok();
}

VOID Index::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Index *>(context)->Insert();
}

static Index g_Index;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Index.Nested_ok();
    g_Index.Fast_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Index.m_Dpc, Index::Dpc_ok, &g_Index);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
