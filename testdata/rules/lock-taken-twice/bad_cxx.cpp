/* C++: locks of objects and of classes, taken again by hand, in loops, in callees and lambdas. */
#include <ntddk.h>

/* Begin and End are the only way to the lock for most, but it is public. */
class Channel {
public:
    VOID Begin() { KeAcquireSpinLock(&Lock, &m_Saved); }
    VOID End() { KeReleaseSpinLock(&Lock, m_Saved); }
    VOID Reset_bad();

    KSPIN_LOCK Lock;
    ULONG Pending;

private:
    KIRQL m_Saved;
};

/* One lock for all objects of the class. */
class Pool {
public:
    static ULONG Count();
    VOID Grow_bad(ULONG by);
    VOID Visit_bad();

private:
    static KSPIN_LOCK s_Lock;
    static ULONG s_Count;
};

KSPIN_LOCK Pool::s_Lock;
ULONG Pool::s_Count;

namespace {
KSPIN_LOCK g_Names;
ULONG g_NameCount;

template <typename F> VOID With(F &&body)
{
    KIRQL irql;

    KeAcquireSpinLock(&g_Names, &irql);
    body();
    KeReleaseSpinLock(&g_Names, irql);
}
} // namespace

/* By hand after the method that takes it. */
VOID Channel::Reset_bad()
{
    KIRQL irql;

    Begin();
    Pending = 0;
    KeAcquireSpinLock(&Lock, &irql); // expect: lock-taken-twice "Channel.Lock"
    Pending = 1;
    KeReleaseSpinLock(&Lock, irql);
    End();
}

/* Of the base class, by the name of the derived one. */
class Duplex : public Channel {
public:
    VOID Pair_bad(Channel &peer);

private:
    KSPIN_LOCK m_Own;
};

VOID Duplex::Pair_bad(Channel &peer)
{
    KLOCK_QUEUE_HANDLE first, second;

    KeAcquireInStackQueuedSpinLock(&Lock, &first);
    peer.Pending = Pending;
    KeAcquireInStackQueuedSpinLock(&this->Channel::Lock, &second); // expect: lock-taken-twice "Channel.Lock"
    Pending = 0;
    KeReleaseInStackQueuedSpinLock(&second);
    KeReleaseInStackQueuedSpinLock(&first);
}

/* A getter that locks, called by who holds the lock. */
ULONG Pool::Count()
{
    KIRQL irql;

    KeAcquireSpinLock(&s_Lock, &irql); // expect: lock-taken-twice "held already by the caller"
    ULONG count = s_Count;
    KeReleaseSpinLock(&s_Lock, irql);
    return count;
}

VOID Pool::Grow_bad(ULONG by)
{
    KIRQL irql;

    KeAcquireSpinLock(&s_Lock, &irql);
    s_Count = Count() + by;
    KeReleaseSpinLock(&s_Lock, irql);
}

/* With holds the lock that its body takes. */
VOID Pool::Visit_bad()
{
    With([] {
        KLOCK_QUEUE_HANDLE handle;

        KeAcquireInStackQueuedSpinLock(&g_Names, &handle); // expect: lock-taken-twice "g_Names"
        g_NameCount++;
        KeReleaseInStackQueuedSpinLock(&handle);
    });
}

static Channel g_Channel;
static Duplex g_Duplex;
static Pool g_Pool;

static NTSTATUS Control(PDEVICE_OBJECT, PIRP irp)
{
    switch (irp->CurrentLocation) {
    case 1:
        g_Channel.Reset_bad();
        break;
    case 2:
        g_Duplex.Pair_bad(g_Channel);
        break;
    case 3:
        g_Pool.Grow_bad(2);
        break;
    default:
        g_Pool.Visit_bad();
        break;
    }
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}
