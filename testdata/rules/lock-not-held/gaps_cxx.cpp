/* C++, lock-not-held: what the analysis is known to get wrong. */
#include <ntddk.h>

/* Takes over a lock that the caller holds. */
class Adopted {
public:
    explicit Adopted(FAST_MUTEX &mutex) : m_Mutex(mutex) {}
    ~Adopted() { ExReleaseFastMutex(&m_Mutex); }

private:
    FAST_MUTEX &m_Mutex;
};

class Port {
public:
    VOID Fn_adopted();

private:
    FAST_MUTEX m_Mutex;
    ULONG m_Count;
};

/* There is nothing to take over. */
VOID Port::Fn_adopted()
{
    Adopted adopted(m_Mutex);

    m_Count = 1;
} // expect-missed: lock-not-held  which lock a reference in an object names is not followed

static Port g_Port;

static NTSTATUS Create(PDEVICE_OBJECT, PIRP)
{
    g_Port.Fn_adopted();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
