/* C++: methods, constructors and overriders that do what their annotations deny. */
#include <ntddk.h>

class Settled {
public:
    virtual _IRQL_requires_max_(DISPATCH_LEVEL) VOID Settle();
    _IRQL_requires_same_ VOID Enter();
    VOID Exit() { KeReleaseSpinLock(&m_Lock, m_Irql); }
    _IRQL_requires_max_(DISPATCH_LEVEL) static PVOID Allocate(SIZE_T size);

protected:
    KEVENT m_Event;
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

VOID Settled::Settle()
{
    KeWaitForSingleObject(&m_Event, Executive, KernelMode, FALSE, nullptr); // expect: annotation-contradicted "APC_LEVEL at most"
}

VOID Settled::Enter() // expect: annotation-contradicted "_IRQL_requires_same_"
{
    KeAcquireSpinLock(&m_Lock, &m_Irql);
}

PVOID Settled::Allocate(SIZE_T size)
{
    return ExAllocatePoolWithTag(PagedPool, size, 'tteS'); // expect: annotation-contradicted "APC_LEVEL at most"
}

class Waited {
public:
    _IRQL_requires_max_(DISPATCH_LEVEL) VOID Leave();

private:
    ERESOURCE m_Resource;
};

VOID Waited::Leave()
{
    ExAcquireResourceExclusiveLite(&m_Resource, TRUE); // expect: annotation-contradicted "APC_LEVEL at most"
    ExReleaseResourceLite(&m_Resource);
}

static Settled g_Settled;
static Waited g_Waited;

static VOID Unload(PDRIVER_OBJECT driver)
{
    g_Settled.Settle();
    driver->DriverExtension = static_cast<PDRIVER_EXTENSION>(Settled::Allocate(16));
    g_Waited.Leave();
    g_Settled.Enter();
    g_Settled.Exit();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
