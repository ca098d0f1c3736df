/* C++, lock-taken-twice: what the analysis is known to miss: which lock a guard holds for whom. */
#include <ntddk.h>

class Mutex {
public:
    KSPIN_LOCK Lock;
};

class AutoLock {
public:
    explicit AutoLock(Mutex &mutex) : m_Mutex(mutex) { KeAcquireSpinLock(&m_Mutex.Lock, &m_Old); }
    ~AutoLock() { KeReleaseSpinLock(&m_Mutex.Lock, m_Old); }

private:
    Mutex &m_Mutex;
    KIRQL m_Old;
};

class Registry {
public:
    VOID Inner_guard();
    VOID Manual_guard();
    VOID Walk_guard();
    ULONG Twice_guard();
    BOOLEAN IsEmpty();

private:
    Mutex m_Mutex;
    KSPIN_LOCK m_List;
    ULONG m_Count;
    LIST_ENTRY m_Head;
};

static Mutex g_Global;
static ULONG g_Users;

/* The inner block has a guard of its own. */
VOID Registry::Inner_guard()
{
    AutoLock outer(m_Mutex);

    m_Count++;
    if (m_Count > 3) {
        AutoLock inner(m_Mutex); // expect-missed: lock-taken-twice  the lock that a guard names is not followed
        m_Count = 0;
    }
}

/* By hand under a guard. */
VOID Registry::Manual_guard()
{
    AutoLock lock(m_Mutex);
    KIRQL irql;

    KeAcquireSpinLock(&m_Mutex.Lock, &irql); // expect-missed: lock-taken-twice  the lock that a guard names is not followed
    m_Count--;
    KeReleaseSpinLock(&m_Mutex.Lock, irql);
}

BOOLEAN Registry::IsEmpty()
{
    AutoLock lock(m_Mutex);

    return m_Count == 0;
}

/* A getter that locks, called by who holds the lock. */
ULONG Registry::Twice_guard()
{
    AutoLock lock(m_Mutex);

    return IsEmpty() ? 0 : m_Count; // expect-missed: lock-taken-twice  the lock that a guard names is not followed
}

/* The body of the loop takes what the loop holds. */
VOID Registry::Walk_guard()
{
    KIRQL irql;

    KeAcquireSpinLock(&m_List, &irql);
    for (PLIST_ENTRY at = m_Head.Flink; at != &m_Head; at = at->Flink) {
        auto count = [this] {
            KLOCK_QUEUE_HANDLE handle;

            KeAcquireInStackQueuedSpinLock(&m_List, &handle);
            m_Count++;
            KeReleaseInStackQueuedSpinLock(&handle);
        };
        count(); // expect-missed: lock-taken-twice  that a caller holds the lock of an object is not followed
    }
    KeReleaseSpinLock(&m_List, irql);
}

/* The reference is the global. */
static VOID Join_guard(Mutex &mutex = g_Global)
{
    AutoLock first(mutex);
    AutoLock second(g_Global); // expect-missed: lock-taken-twice  the lock that a guard names is not followed

    g_Users++;
}

static Registry g_Registry;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Registry.Inner_guard();
    g_Registry.Manual_guard();
    g_Registry.Walk_guard();
    if (g_Registry.Twice_guard() != 0)
        Join_guard();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
