/* Near misses: the guard is gone, the resident implementer is the one that the DPC sees, the
 * pageable object outlives the lock. */
#include <ntddk.h>

#define PAGED __declspec(code_seg("PAGE"))

class SpinGuard {
public:
    explicit SpinGuard(PKSPIN_LOCK lock) : m_Lock(lock), m_Held(TRUE)
    {
        KeAcquireSpinLock(m_Lock, &m_Irql);
    }
    ~SpinGuard() { Leave(); }
    void Leave()
    {
        if (m_Held) {
            m_Held = FALSE;
            KeReleaseSpinLock(m_Lock, m_Irql);
        }
    }

private:
    PKSPIN_LOCK m_Lock;
    KIRQL m_Irql;
    BOOLEAN m_Held;
};

class Logger {
public:
    PAGED void Flush();
    ULONG m_Lines;
};

PAGED void Logger::Flush()
{
    PAGED_CODE();
    m_Lines = 0;
}

/* One of the two can be called at DISPATCH_LEVEL, and that is the one that is. */
class ISink {
public:
    virtual VOID Put() = 0;
};

class RingSink : public ISink {
public:
    VOID Put() override { m_Count++; }
    ULONG m_Count;
};

class FileSink : public ISink {
public:
    PAGED VOID Put() override { m_Count++; }
    ULONG m_Count;
};

static KSPIN_LOCK g_Lock;
static Logger g_Logger;
static RingSink g_Ring;
static FileSink g_File;
static ISink *g_Sink = &g_Ring;
static KDPC g_Dpc;

static VOID Flush_after_block_ok()
{
    {
        SpinGuard guard(&g_Lock);
        g_Logger.m_Lines++;
    }
    g_Logger.Flush();
}

static VOID Flush_after_leave_ok()
{
    SpinGuard guard(&g_Lock);
    g_Logger.m_Lines++;
    guard.Leave();
    g_Logger.Flush();
}

class Session {
public:
    PAGED ~Session();
};

PAGED Session::~Session()
{
    g_Logger.Flush();
}

/* Objects die in the reverse order: the guard first. */
static VOID Session_outlives_guard_ok()
{
    Session session;
    SpinGuard guard(&g_Lock);
    g_Logger.m_Lines++;
}

static VOID Sink_of_dpc_ok(PKDPC dpc, PVOID context, PVOID first, PVOID second)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(first);
    UNREFERENCED_PARAMETER(second);
    g_Sink->Put();
}

static VOID Lambda_unlocked_ok()
{
    auto flush = []() { g_Logger.Flush(); };
    {
        SpinGuard guard(&g_Lock);
        g_Logger.m_Lines = 0;
    }
    flush();
}

PAGED static NTSTATUS Write_ok(PDEVICE_OBJECT device, PIRP irp)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    PAGED_CODE();
    g_Logger.Flush();
    g_File.Put();
    return STATUS_SUCCESS;
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    Flush_after_block_ok();
    Flush_after_leave_ok();
    Session_outlives_guard_ok();
    Lambda_unlocked_ok();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNREFERENCED_PARAMETER(path);
    KeInitializeSpinLock(&g_Lock);
    KeInitializeDpc(&g_Dpc, Sink_of_dpc_ok, NULL);
    driver->MajorFunction[IRP_MJ_READ] = Read;
    driver->MajorFunction[IRP_MJ_WRITE] = Write_ok;
    return STATUS_SUCCESS;
}
