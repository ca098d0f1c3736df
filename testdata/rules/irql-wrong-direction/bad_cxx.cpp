/* C++: objects and templates that raise to a level below the present one. */
#include <ntddk.h>

template <KIRQL Level> class Raise {
public:
    Raise() { KeRaiseIrql(Level, &m_Old); } // expect: irql-wrong-direction "raise to a lower level"
    ~Raise() { KeLowerIrql(m_Old); }

private:
    KIRQL m_Old;
};

class Port {
public:
    VOID Lock() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    VOID Unlock() { KeReleaseSpinLock(&m_Lock, m_Irql); }
    VOID Under_bad();
    VOID Default_bad(KIRQL level = APC_LEVEL);
    static VOID Dpc_bad(PKDPC, PVOID, PVOID, PVOID);

    KDPC m_Dpc;

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
    ULONG m_Count;
};

VOID Port::Under_bad()
{
    Lock();
    {
        Raise<APC_LEVEL> raise;
        m_Count++;
    }
    Unlock();
}

VOID Port::Default_bad(KIRQL level)
{
    KIRQL old;

    Lock();
    KeRaiseIrql(level, &old); // expect: irql-wrong-direction "raise to a lower level"
    m_Count--;
    Unlock();
}

VOID Port::Dpc_bad(PKDPC, PVOID, PVOID, PVOID)
{
    auto raise = [] {
        KIRQL old;
        KeRaiseIrql(PASSIVE_LEVEL, &old); // expect: irql-wrong-direction "in a DPC"
        return old;
    };

    (void)raise();
}

static Port g_Port;

static NTSTATUS Create(PDEVICE_OBJECT, PIRP irp)
{
    if (irp->Cancel)
        g_Port.Under_bad();
    else
        g_Port.Default_bad();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Port.m_Dpc, Port::Dpc_bad, &g_Port);
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
