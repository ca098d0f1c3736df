/* C++: waits behind a guard's end, in overriders that no raised code reaches, with a zero time-out. */
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;

template <typename T> class Unique {
public:
    explicit Unique(T *object = nullptr) : m_Object(object) {}
    Unique(Unique &&other) : m_Object(other.m_Object) { other.m_Object = nullptr; }
    ~Unique()
    {
        if (m_Object != nullptr)
            m_Object->Stop();
    }
    T *operator->() const { return m_Object; }

private:
    T *m_Object;
};

class Thread {
public:
    VOID Stop()
    {
        KeSetEvent(&m_Quit, IO_NO_INCREMENT, FALSE);
        KeWaitForSingleObject(m_Object, Executive, KernelMode, FALSE, nullptr);
    }

private:
    KEVENT m_Quit;
    PVOID m_Object;
};

class FastMutex {
public:
    class Locker {
    public:
        explicit Locker(FastMutex &mutex) : m_Mutex(mutex.m_Mutex) { ExAcquireFastMutex(&m_Mutex); }
        ~Locker() { ExReleaseFastMutex(&m_Mutex); }

    private:
        FAST_MUTEX &m_Mutex;
    };

private:
    FAST_MUTEX m_Mutex;
};

class Spin {
public:
    class Locker {
    public:
        explicit Locker(Spin &spin) { KeAcquireInStackQueuedSpinLock(&spin.m_Lock, &m_Handle); }
        ~Locker() { KeReleaseInStackQueuedSpinLock(&m_Handle); }

    private:
        KLOCK_QUEUE_HANDLE m_Handle;
    };

private:
    KSPIN_LOCK m_Lock;
};

/* One implementation polls, the other waits; the DPC knows the first by its own type. */
class Completion {
public:
    virtual BOOLEAN Finished() = 0;
};

class PolledCompletion : public Completion {
public:
    BOOLEAN Finished() override
    {
        LARGE_INTEGER none = {};

        return KeWaitForSingleObject(&m_Event, Executive, KernelMode, FALSE, &none) == STATUS_SUCCESS;
    }

private:
    KEVENT m_Event;
};

class WaitedCompletion : public Completion {
public:
    BOOLEAN Finished() override
    {
        KeWaitForSingleObject(&m_Event, Executive, KernelMode, FALSE, nullptr);
        return TRUE;
    }

private:
    KEVENT m_Event;
};

class Card {
public:
    BOOLEAN Ready_ok();
    NTSTATUS Start_ok();
    VOID Halt_ok();
    VOID Swap_ok();
    BOOLEAN Await_ok(Completion &completion);
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;
    Spin m_Spin;
    FastMutex m_Mutex;
    KEVENT m_Started;
    Thread m_Thread;
    PolledCompletion m_Polled;
    WaitedCompletion m_Waited;
    ULONG m_State = 0;
};

BOOLEAN Card::Ready_ok()
{
    Spin::Locker locker(m_Spin);
    LARGE_INTEGER now;

    now.QuadPart = 0;
    return KeWaitForSingleObject(&m_Started, Executive, KernelMode, FALSE, &now) != STATUS_TIMEOUT;
}

/* Each return leaves the inner block, and with it the lock, before the wait. */
NTSTATUS Card::Start_ok()
{
    {
        Spin::Locker locker(m_Spin);
        if (m_State != 0)
            return STATUS_DEVICE_BUSY;
        m_State = 1;
    }
    return KeWaitForSingleObject(&m_Started, Executive, KernelMode, FALSE, nullptr);
}

/* APC_LEVEL allows waits. */
VOID Card::Halt_ok()
{
    FastMutex::Locker locker(m_Mutex);
    Unique<Thread> thread(&m_Thread);

    m_State = 0;
}

/* The temporary dies at the end of its statement. */
VOID Card::Swap_ok()
{
    LARGE_INTEGER pause;

    pause.QuadPart = -10000;
    (Spin::Locker(m_Spin), m_State = 2);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
}

BOOLEAN Card::Await_ok(Completion &completion)
{
    return completion.Finished();
}

VOID Card::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    Card *card = static_cast<Card *>(context);

    if (card->m_Polled.Finished())
        card->m_State = 3;
}

static Card g_Card;

static VOID Unload(PDRIVER_OBJECT)
{
    if (!g_Card.Ready_ok())
        g_Card.Start_ok();
    g_Card.Swap_ok();
    g_Card.Await_ok(g_Card.m_Waited);
    g_Card.Halt_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Card.m_Dpc, Card::Dpc_ok, &g_Card);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
