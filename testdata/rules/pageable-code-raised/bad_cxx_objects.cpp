/* C++: pageable methods, destructors, overriders and lambdas that run at DISPATCH_LEVEL. */
#include <ntddk.h>

#define PAGED_SEGMENT __declspec(code_seg("PAGE"))

void *operator new(size_t size, POOL_TYPE pool, ULONG tag) { return ExAllocatePoolWithTag(pool, size, tag); }
void operator delete(void *memory) { ExFreePool(memory); }
void operator delete(void *memory, size_t) { ExFreePool(memory); }

namespace meter {

class SpinGuard {
public:
    explicit SpinGuard(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~SpinGuard() { KeReleaseSpinLock(&m_Lock, m_Irql); }
    SpinGuard(const SpinGuard &) = delete;
    SpinGuard &operator=(const SpinGuard &) = delete;

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

class IScale {
public:
    virtual VOID Apply(LONG &value) = 0;
    virtual ~IScale() {}
};

/* The whole class is pageable. */
class PAGED_SEGMENT Limits {
public:
    VOID Reset();
    static LONG DefaultStep();

private:
    LONG m_Lowest = 0;
};

VOID Limits::Reset() { m_Lowest = 16; }
LONG Limits::DefaultStep() { return 4; }

/* Called through the vtable, it is not expanded anywhere. */
class Table : public IScale {
public:
    PAGED_SEGMENT VOID Apply(LONG &value) override { value = value * m_Factor / 16; }

private:
    LONG m_Factor = 16;
};

/* Its end is pageable, not its use. */
class Trace {
public:
    Trace(LONG &sum) : m_Sum(sum) {}
    PAGED_SEGMENT ~Trace();
    VOID Add(LONG value) { m_Sum += value; }

private:
    LONG &m_Sum;
};

Trace::~Trace() { m_Sum &= 0xffff; }

class Probe {
public:
    NTSTATUS Start();
    VOID Shut_bad();
    VOID Order_bad();
    VOID Step_bad();
    VOID Sample_bad();
    LONG AddRef() { return InterlockedIncrement(&m_References); }
    LONG Release_bad();

private:
    static KDEFERRED_ROUTINE Tick_bad;
    static KDEFERRED_ROUTINE Drop;
    PAGED_SEGMENT ~Probe();
    VOID Advance(LONG by = Limits::DefaultStep()) { m_Value += by; }
    template <typename F> VOID Locked(F body)
    {
        SpinGuard guard(m_Lock);
        body(m_Value);
    }

    KSPIN_LOCK m_Lock;
    KDPC m_TickDpc;
    KDPC m_DropDpc;
    IScale *m_Scale = nullptr;
    Limits m_Limits;
    LONG m_Value = 0;
    LONG m_References = 1;
};

Probe::~Probe() { delete m_Scale; }

NTSTATUS Probe::Start()
{
    m_Scale = new (NonPagedPoolNx, 'retM') Table;
    if (m_Scale == nullptr)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeSpinLock(&m_Lock);
    KeInitializeDpc(&m_TickDpc, Tick_bad, this);
    KeInitializeDpc(&m_DropDpc, Drop, this);
    return STATUS_SUCCESS;
}

/* Nobody but Table implements the interface. */
VOID Probe::Tick_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    Probe *probe = static_cast<Probe *>(context);

    probe->m_Scale->Apply(probe->m_Value); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

/* The last reference goes in a DPC. */
LONG Probe::Release_bad()
{
    LONG left = InterlockedDecrement(&m_References);

    if (left == 0)
        delete this; // expect: pageable-code-raised "DISPATCH_LEVEL"
    return left;
}

VOID Probe::Drop(PKDPC, PVOID context, PVOID, PVOID)
{
    reinterpret_cast<Probe *>(context)->Release_bad();
}

/* The guard lives to the end of the function. */
VOID Probe::Shut_bad()
{
    SpinGuard guard(m_Lock);

    m_Value = 0;
    m_Limits.Reset(); // expect: pageable-code-raised "DISPATCH_LEVEL"
}

/* What was declared last is destroyed first: the trace ends under the lock. */
VOID Probe::Order_bad()
{
    SpinGuard guard(m_Lock);
    Trace trace(m_Value);

    trace.Add(3);
} // expect: pageable-code-raised "DISPATCH_LEVEL"

/* The default argument is evaluated here. */
VOID Probe::Step_bad()
{
    SpinGuard guard(m_Lock);

    Advance(); // expect: pageable-code-raised "DefaultStep"
}

/* The body runs inside Locked. */
VOID Probe::Sample_bad()
{
    Limits &limits = m_Limits;

    Locked([&limits](LONG &value) {
        value = 0;
        limits.Reset(); // expect: pageable-code-raised "DISPATCH_LEVEL"
    });
}

} // namespace meter

static meter::Probe *g_Probe;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Probe->Shut_bad();
    g_Probe->Order_bad();
    g_Probe->Step_bad();
    g_Probe->Sample_bad();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    g_Probe = new (NonPagedPoolNx, 'retM') meter::Probe;
    if (g_Probe == nullptr)
        return STATUS_INSUFFICIENT_RESOURCES;
    driver->DriverUnload = Unload;
    return g_Probe->Start();
}
