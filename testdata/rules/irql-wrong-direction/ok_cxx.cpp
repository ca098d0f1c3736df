/* C++: objects that raise to the present level or above. */
#include <ntddk.h>

template <KIRQL Level> class To {
public:
    To() { KeRaiseIrql(Level, &m_Old); }
    ~To() { KeLowerIrql(m_Old); }

private:
    KIRQL m_Old;
};

/* Raises when it is below only. */
class AtLeast {
public:
    explicit AtLeast(KIRQL level) : m_Old(KeGetCurrentIrql())
    {
        if (m_Old < level)
            KeRaiseIrql(level, &m_Old);
    }
    ~AtLeast()
    {
        if (m_Old < KeGetCurrentIrql())
            KeLowerIrql(m_Old);
    }

private:
    KIRQL m_Old;
};

static ULONG g_Count;

static VOID Nested_ok()
{
    To<APC_LEVEL> apc;
    To<DISPATCH_LEVEL> dispatch;
    To<DISPATCH_LEVEL> again;

    g_Count++;
}

static VOID Dpc_ok(PKDPC, PVOID, PVOID, PVOID)
{
    AtLeast level(APC_LEVEL);

    g_Count--;
}

static VOID Unload(PDRIVER_OBJECT)
{
    Nested_ok();
}

static KDPC g_Dpc;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Dpc, Dpc_ok, nullptr);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
