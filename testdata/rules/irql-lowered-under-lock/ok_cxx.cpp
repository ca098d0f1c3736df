/* C++: objects end in reverse order, so the level falls last. */
#include <ntddk.h>

class Elevated {
public:
    Elevated() : m_Irql(KeRaiseIrqlToDpcLevel()) {}
    ~Elevated() { KeLowerIrql(m_Irql); }

private:
    KIRQL m_Irql;
};

class AtDpc {
public:
    explicit AtDpc(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLockAtDpcLevel(&m_Lock); }
    ~AtDpc() { KeReleaseSpinLockFromDpcLevel(&m_Lock); }

private:
    KSPIN_LOCK &m_Lock;
};

class Spin {
public:
    explicit Spin(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~Spin() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

/* The base is built first and destroyed last. */
class Both : private Elevated, private AtDpc {
public:
    explicit Both(KSPIN_LOCK &lock) : AtDpc(lock) {}
};

class Bridge {
public:
    VOID Order_ok();
    VOID Nested_ok();
    VOID Base_ok();
    VOID Members_ok();
    VOID Hand_ok();

private:
    KSPIN_LOCK m_Left;
    KSPIN_LOCK m_Right;
    ULONG m_Count;
};

VOID Bridge::Order_ok()
{
    Elevated elevated;
    AtDpc left(m_Left);
    AtDpc right(m_Right);

    m_Count++;
}

VOID Bridge::Nested_ok()
{
    Spin left(m_Left);
    {
        Spin right(m_Right);
        m_Count--;
    }
    m_Count ^= 1;
}

VOID Bridge::Base_ok()
{
    Both both(m_Left);

    m_Count = 0;
}

/* Members go in reverse order as well. */
VOID Bridge::Members_ok()
{
    struct Pair {
        Spin Outer;
        Spin Inner;
    } pair{Spin(m_Left), Spin(m_Right)};

    m_Count = 2;
}

/* The first lock goes first, but stays at the level of the second. */
VOID Bridge::Hand_ok()
{
    KIRQL irql;

    KeAcquireSpinLock(&m_Left, &irql);
    KeAcquireSpinLockAtDpcLevel(&m_Right);
    m_Count = 3;
    KeReleaseSpinLockFromDpcLevel(&m_Left);
    m_Count = 4;
    KeReleaseSpinLock(&m_Right, irql);
}

static Bridge g_Bridge;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Bridge.Order_ok();
    g_Bridge.Nested_ok();
    g_Bridge.Base_ok();
    g_Bridge.Members_ok();
    g_Bridge.Hand_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
