/* C++: threads that are started at PASSIVE_LEVEL: behind a guard, under one that does not raise. */
#include <ntddk.h>

class Thread {
public:
    template <typename T> NTSTATUS Start(T *object)
    {
        return PsCreateSystemThread(&m_Handle, 0, nullptr, nullptr, nullptr, &Run<T>, object);
    }

private:
    template <typename T> static VOID Run(PVOID context) { static_cast<T *>(context)->Loop(); }

    HANDLE m_Handle;
};

class SpinGuard {
public:
    explicit SpinGuard(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~SpinGuard() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

class GuardedMutex {
public:
    VOID Enter() { KeAcquireGuardedMutex(&m_Mutex); }
    VOID Leave() { KeReleaseGuardedMutex(&m_Mutex); }

private:
    KGUARDED_MUTEX m_Mutex;
};

class Daemon {
public:
    NTSTATUS First_ok();
    NTSTATUS Guarded_ok();
    VOID Loop() { m_Rounds++; }
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Work_ok(PDEVICE_OBJECT, PVOID context);

    KDPC m_Dpc;
    PIO_WORKITEM m_Item;

private:
    bool Claim()
    {
        SpinGuard guard(m_Lock);
        const bool first = !m_Claimed;

        m_Claimed = true;
        return first;
    }

    KSPIN_LOCK m_Lock;
    GuardedMutex m_Mutex;
    Thread m_Thread;
    ULONG m_Rounds;
    bool m_Claimed;
};

/* The lock decides who starts it, and is gone by then. */
NTSTATUS Daemon::First_ok()
{
    return Claim() ? m_Thread.Start(this) : STATUS_SUCCESS;
}

NTSTATUS Daemon::Guarded_ok()
{
    m_Mutex.Enter();
    NTSTATUS status = m_Thread.Start(this);
    m_Mutex.Leave();
    return status;
}

/* A DPC lets a work item do it. */
VOID Daemon::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    Daemon *self = static_cast<Daemon *>(context);

    IoQueueWorkItem(self->m_Item, Work_ok, DelayedWorkQueue, self);
}

VOID Daemon::Work_ok(PDEVICE_OBJECT, PVOID context)
{
    auto *self = static_cast<Daemon *>(context);
    auto start = [self] { return self->First_ok(); };

    if (!NT_SUCCESS(start()))
        self->Guarded_ok();
}

static Daemon g_Daemon;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Daemon.m_Dpc, Daemon::Dpc_ok, &g_Daemon);
    return g_Daemon.First_ok();
}
