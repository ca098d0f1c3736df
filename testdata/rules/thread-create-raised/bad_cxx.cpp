/* C++: classes that own a thread, started where the level is up. */
#include <ntddk.h>

class Worker {
public:
    NTSTATUS Start();
    virtual VOID Main() = 0;

private:
    static VOID Entry(PVOID context)
    {
        static_cast<Worker *>(context)->Main();
        PsTerminateSystemThread(STATUS_SUCCESS);
    }

    HANDLE m_Handle = nullptr;
};

NTSTATUS Worker::Start()
{
    return PsCreateSystemThread(&m_Handle, THREAD_ALL_ACCESS, nullptr, nullptr, nullptr, Entry, this); // expect: thread-create-raised "DISPATCH_LEVEL"
}

class Scrubber : public Worker {
public:
    VOID Main() override { m_Rounds++; }

private:
    ULONG m_Rounds = 0;
};

/* Its constructor starts it, wherever that runs. */
class Logger {
public:
    explicit Logger(HANDLE &handle)
    {
        PsCreateSystemThread(&handle, 0, nullptr, nullptr, nullptr, [](PVOID) {}, nullptr); // expect: thread-create-raised "APC_LEVEL"
    }
};

class FastGuard {
public:
    explicit FastGuard(FAST_MUTEX *mutex) : m_Mutex(mutex) { ExAcquireFastMutex(m_Mutex); }
    ~FastGuard() { ExReleaseFastMutex(m_Mutex); }

private:
    PFAST_MUTEX m_Mutex;
};

struct SpinGuard {
    explicit SpinGuard(KSPIN_LOCK &lock) : Lock(lock), Irql(KeAcquireSpinLockRaiseToDpc(&lock)) {}
    ~SpinGuard() { KeReleaseSpinLock(&Lock, Irql); }
    KSPIN_LOCK &Lock;
    KIRQL Irql;
};

class Volume {
public:
    NTSTATUS Lazy_bad();
    VOID Log_bad();
    NTSTATUS Once_bad();
    static VOID Dpc(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;
    PDRIVER_OBJECT m_Driver;

private:
    KSPIN_LOCK m_Lock;
    FAST_MUTEX m_Mutex;
    Scrubber m_Scrubber;
    HANDLE m_Log;
    HANDLE m_Other;
    bool m_Started;
};

/* The lock is there so that it is started once only. */
NTSTATUS Volume::Lazy_bad()
{
    SpinGuard guard(m_Lock);

    if (m_Started)
        return STATUS_SUCCESS;
    m_Started = true;
    return m_Scrubber.Start();
}

VOID Volume::Log_bad()
{
    FastGuard guard(&m_Mutex);
    Logger logger(m_Log);
}

NTSTATUS Volume::Once_bad()
{
    auto create = [this](PKSTART_ROUTINE routine) {
        return IoCreateSystemThread(m_Driver, &m_Other, 0, nullptr, nullptr, nullptr, routine, this); // expect: thread-create-raised "DISPATCH_LEVEL"
    };
    SpinGuard guard(m_Lock);

    return create([](PVOID) {});
}

VOID Volume::Dpc(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Volume *>(context)->m_Scrubber.Start();
}

static Volume g_Volume;

static NTSTATUS Create(PDEVICE_OBJECT, PIRP)
{
    g_Volume.Log_bad();
    (void)g_Volume.Once_bad();
    return g_Volume.Lazy_bad();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Volume.m_Dpc, Volume::Dpc, &g_Volume);
    g_Volume.m_Driver = driver;
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
