/* C++: locks of members, references and templates given back in each other's place. */
#include <ntddk.h>

struct Lanes {
    KSPIN_LOCK Send;
    KSPIN_LOCK Receive;
    ULONG Sent;
    ULONG Received;
};

/* Two locks of any kind; the second one gets the level of the first. */
template <typename T> VOID Twist_bad(T &left, T &right)
{
    KLOCK_QUEUE_HANDLE handles[1];
    KIRQL irql;

    KeAcquireSpinLock(&left, &irql);
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&right, &handles[0]);
    KeReleaseSpinLock(&left, irql); // expect: irql-lowered-under-lock "DISPATCH_LEVEL"
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&handles[0]);
}

class Wire {
public:
    VOID Order_bad();
    VOID Hand_bad(Lanes &lanes);
    VOID Wrong_bad();

private:
    Lanes m_Lanes;
};

/* The first lock goes first, with the level of before both. */
VOID Wire::Order_bad()
{
    KIRQL first, second;

    KeAcquireSpinLock(&m_Lanes.Send, &first);
    KeAcquireSpinLock(&m_Lanes.Receive, &second);
    m_Lanes.Received = m_Lanes.Sent;
    KeReleaseSpinLock(&m_Lanes.Send, first); // expect: irql-lowered-under-lock "Lanes.Receive"
    KeReleaseSpinLock(&m_Lanes.Receive, second);
}

/* Lowered by hand: the lock is that of a reference. */
VOID Wire::Hand_bad(Lanes &lanes)
{
    const auto irql = KeRaiseIrqlToDpcLevel();

    KeAcquireSpinLockAtDpcLevel(&lanes.Receive);
    lanes.Received = 0;
    KeLowerIrql(irql); // expect: irql-lowered-under-lock "KeLowerIrql lowers"
    KeReleaseSpinLockFromDpcLevel(&lanes.Receive);
}

/* The levels are mixed up. */
VOID Wire::Wrong_bad()
{
    KIRQL outer, inner;

    KeAcquireSpinLock(&m_Lanes.Receive, &outer);
    KeAcquireSpinLock(&m_Lanes.Send, &inner);
    m_Lanes.Sent = 0;
    KeReleaseSpinLock(&m_Lanes.Send, outer); // expect: irql-lowered-under-lock "Lanes.Receive"
    KeReleaseSpinLock(&m_Lanes.Receive, inner);
}

static Wire g_Wire;
static Lanes g_Lanes;

static NTSTATUS Cleanup(PDEVICE_OBJECT, PIRP irp)
{
    switch (irp->CurrentLocation) {
    case 1:
        Twist_bad(g_Lanes.Send, g_Lanes.Receive);
        break;
    case 2:
        g_Wire.Order_bad();
        break;
    case 3:
        g_Wire.Hand_bad(g_Lanes);
        break;
    default:
        g_Wire.Wrong_bad();
        break;
    }
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    return STATUS_SUCCESS;
}
