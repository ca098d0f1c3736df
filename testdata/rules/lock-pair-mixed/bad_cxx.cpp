/* C++: locks taken without raising and given back by methods that lower. */
#include <ntddk.h>

class Ring {
public:
    static VOID Dpc(PKDPC, PVOID context, PVOID, PVOID);
    VOID Drain_bad();
    VOID Count_bad();

    KDPC m_Dpc;

private:
    KSPIN_LOCK m_Lock;
    KSPIN_LOCK m_Stats;
    KIRQL m_Saved;
    ULONG m_Used;
};

VOID Ring::Drain_bad()
{
    KeAcquireSpinLockAtDpcLevel(&m_Lock);
    m_Used = 0;
    KeReleaseSpinLock(&m_Lock, m_Saved); // expect: lock-pair-mixed "Ring.m_Lock"
}

VOID Ring::Count_bad()
{
    KSPIN_LOCK &stats = m_Stats;

    KeAcquireSpinLockAtDpcLevel(&stats);
    m_Used++;
    KeReleaseSpinLock(&stats, m_Saved); // expect: lock-pair-mixed "AtDpcLevel"
}

VOID Ring::Dpc(PKDPC, PVOID context, PVOID, PVOID)
{
    Ring *ring = static_cast<Ring *>(context);

    if (ring->m_Used > 4)
        ring->Drain_bad();
    else
        ring->Count_bad();
}

static Ring g_Ring;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Ring.m_Dpc, Ring::Dpc, &g_Ring);
    return STATUS_SUCCESS;
}
