/* C++: locks given back once: by hand or by a destructor that knows, by objects that take over. */
#include <ntddk.h>

struct adopt_t {};
static constexpr adopt_t adopt = {};

class Lock {
public:
    VOID Take() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    VOID Give() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

class Holder {
public:
    explicit Holder(Lock &lock) : m_Lock(lock), m_Held(true) { m_Lock.Take(); }
    Holder(Lock &lock, adopt_t) : m_Lock(lock), m_Held(true) {}
    ~Holder()
    {
        if (m_Held)
            m_Lock.Give();
    }
    VOID Release()
    {
        m_Held = false;
        m_Lock.Give();
    }
    VOID Retake()
    {
        m_Lock.Take();
        m_Held = true;
    }

private:
    Lock &m_Lock;
    bool m_Held;
};

class Pump {
public:
    VOID ByHand_ok();
    VOID Adopts_ok();
    VOID Around_ok();
    VOID Early_ok(ULONG limit);
    BOOLEAN TryEnter_ok();
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;

private:
    VOID Drain(Holder &holder);

    Lock m_Lock;
    KSPIN_LOCK m_Raw;
    ULONG m_Work;
};

VOID Pump::ByHand_ok()
{
    Holder holder(m_Lock);

    m_Work++;
    holder.Release();
}

/* The caller took it. */
VOID Pump::Adopts_ok()
{
    m_Lock.Take();
    Holder holder(m_Lock, adopt);

    m_Work = 0;
}

/* The callee lets go and takes again what its caller's guard holds. */
VOID Pump::Drain(Holder &holder)
{
    holder.Release();
    m_Work--;
    holder.Retake();
}

VOID Pump::Around_ok()
{
    Holder holder(m_Lock);

    while (m_Work > 0)
        Drain(holder);
}

VOID Pump::Early_ok(ULONG limit)
{
    Holder holder(m_Lock);

    if (m_Work > limit) {
        holder.Release();
        return;
    }
    m_Work++;
}

BOOLEAN Pump::TryEnter_ok()
{
    KIRQL irql = KeRaiseIrqlToDpcLevel();
    const BOOLEAN taken = KeTryToAcquireSpinLockAtDpcLevel(&m_Raw);

    if (taken)
        KeReleaseSpinLockFromDpcLevel(&m_Raw);
    KeLowerIrql(irql);
    return taken;
}

VOID Pump::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    Pump &pump = *static_cast<Pump *>(context);
    struct Exit {
        KSPIN_LOCK &Lock;
        ~Exit() { KeReleaseSpinLockFromDpcLevel(&Lock); }
    };

    KeAcquireSpinLockAtDpcLevel(&pump.m_Raw);
    Exit exit{pump.m_Raw};
    pump.m_Work++;
}

static Pump g_Pump;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Pump.ByHand_ok();
    g_Pump.Adopts_ok();
    g_Pump.Around_ok();
    g_Pump.Early_ok(g_Pump.TryEnter_ok());
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Pump.m_Dpc, Pump::Dpc_ok, &g_Pump);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
