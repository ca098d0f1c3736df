/* C++, irql-lowered-under-lock: what the analysis is known to get wrong. */
#include <ntddk.h>

class Elevated {
public:
    Elevated() : m_Irql(KeRaiseIrqlToDpcLevel()) {}
    ~Elevated() { Drop(); }
    VOID Drop()
    {
        if (m_Live)
            KeLowerIrql(m_Irql); // expect-missed: irql-lowered-under-lock  the locks of a destructor's caller are not followed
        m_Live = false;
    }

private:
    KIRQL m_Irql;
    bool m_Live = true;
};

class Wire {
public:
    VOID Fn_scope();

private:
    KSPIN_LOCK m_Send;
    ULONG m_Sent;
};

/* The block that raises is over before the lock is given back. */
VOID Wire::Fn_scope()
{
    {
        Elevated elevated;
        KeAcquireSpinLockAtDpcLevel(&m_Send);
        m_Sent++;
    }
    KeReleaseSpinLockFromDpcLevel(&m_Send);
}

static Wire g_Wire;

static NTSTATUS Cleanup(PDEVICE_OBJECT, PIRP)
{
    g_Wire.Fn_scope();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    return STATUS_SUCCESS;
}
