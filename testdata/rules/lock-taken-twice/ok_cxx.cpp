/* C++: two objects of one class, a guard that ended, a lock that nests. */
#include <ntddk.h>

template <typename L> class Scoped {
public:
    explicit Scoped(L &lock) : m_Lock(&lock) { m_Lock->Enter(); }
    ~Scoped() { Unlock(); }
    VOID Unlock()
    {
        if (m_Lock != nullptr)
            m_Lock->Exit();
        m_Lock = nullptr;
    }

private:
    L *m_Lock;
};

class Spin {
public:
    VOID Enter() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    VOID Exit() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

/* May be taken again by its owner. */
class Shared {
public:
    VOID Enter() { KeEnterCriticalRegion(); ExAcquireResourceSharedLite(&m_Resource, TRUE); }
    VOID Exit() { ExReleaseResourceLite(&m_Resource); KeLeaveCriticalRegion(); }

private:
    ERESOURCE m_Resource;
};

class Node {
public:
    VOID MoveTo_ok(Node &other);
    VOID Again_ok();
    VOID Nested_ok();
    VOID Blocks_ok();
    VOID Rounds_ok();
    VOID Child_ok();
    VOID AddLocked(ULONG amount) { m_Value += amount; }
    VOID Add(ULONG amount)
    {
        Scoped<Spin> lock(m_Lock);

        AddLocked(amount);
    }

private:
    Spin m_Lock;
    Spin m_Order;
    Shared m_Table;
    Node *m_Child;
    ULONG m_Value;
};

/* The locks of two nodes. */
VOID Node::MoveTo_ok(Node &other)
{
    Scoped<Spin> mine(m_Lock);
    Scoped<Spin> theirs(other.m_Lock);

    other.m_Value += m_Value;
    m_Value = 0;
}

/* Let go before the method that locks. */
VOID Node::Again_ok()
{
    Scoped<Spin> lock(m_Lock);

    AddLocked(1);
    lock.Unlock();
    Add(2);
}

/* A resource held shared may be taken shared. */
VOID Node::Nested_ok()
{
    Scoped<Shared> first(m_Table);
    {
        Scoped<Shared> second(m_Table);
        m_Value++;
    }
}

VOID Node::Blocks_ok()
{
    {
        Scoped<Spin> lock(m_Lock);
        m_Value |= 1;
    }
    {
        Scoped<Spin> lock(m_Lock);
        m_Value |= 2;
    }
    Scoped<Spin>(m_Lock), m_Value |= 4;
    Scoped<Spin>(m_Lock), m_Value |= 8;
}

VOID Node::Rounds_ok()
{
    while (m_Value != 0) {
        Scoped<Spin> lock(m_Lock);
        if ((m_Value & 1) != 0)
            continue;
        m_Value >>= 1;
    }
}

/* The child's lock, under the parent's. */
VOID Node::Child_ok()
{
    Scoped<Spin> lock(m_Lock);

    if (m_Child != nullptr)
        m_Child->Add(m_Value);
}

static Node g_First, g_Second;

static VOID Unload(PDRIVER_OBJECT)
{
    g_First.MoveTo_ok(g_Second);
    g_First.Again_ok();
    g_First.Nested_ok();
    g_Second.Blocks_ok();
    g_Second.Rounds_ok();
    g_Second.Child_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
