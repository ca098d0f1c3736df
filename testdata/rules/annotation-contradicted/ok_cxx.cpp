/* A template's annotation is written for all of its instances. */
#include <ntddk.h>

class SpinLock {
public:
    void Lock() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    void Unlock() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

class NoLock {
public:
    void Lock() {}
    void Unlock() {}
};

template <typename T> class Guard {
public:
    _IRQL_raises_(DISPATCH_LEVEL) Guard(T &lock) : m_Lock(lock) { m_Lock.Lock(); }
    _IRQL_requires_(DISPATCH_LEVEL) void Release() { m_Lock.Unlock(); }

private:
    T &m_Lock;
};

static SpinLock g_Spin;
static NoLock g_None;
static ULONG g_Count;

VOID CountUnderSpinLock_ok()
{
    Guard<SpinLock> guard(g_Spin);
    g_Count++;
    guard.Release();
}

VOID CountUnlocked_ok()
{
    Guard<NoLock> guard(g_None);
    g_Count++;
}
