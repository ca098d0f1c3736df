/* C++: guards that fit: one raises and lowers, the other does neither. */
#include <ntddk.h>

struct Raising {
    static VOID Take(KSPIN_LOCK *lock, KIRQL *irql) { KeAcquireSpinLock(lock, irql); }
    static VOID Give(KSPIN_LOCK *lock, KIRQL irql) { KeReleaseSpinLock(lock, irql); }
};

struct AtDispatch {
    static VOID Take(KSPIN_LOCK *lock, KIRQL *) { KeAcquireSpinLockAtDpcLevel(lock); }
    static VOID Give(KSPIN_LOCK *lock, KIRQL) { KeReleaseSpinLockFromDpcLevel(lock); }
};

template <typename Policy> class Hold {
public:
    explicit Hold(KSPIN_LOCK &lock) : m_Lock(&lock) { Policy::Take(m_Lock, &m_Irql); }
    ~Hold() { Policy::Give(m_Lock, m_Irql); }

private:
    KSPIN_LOCK *m_Lock;
    KIRQL m_Irql;
};

static KSPIN_LOCK g_Lock;
static ULONG g_Value;
static KDPC g_Dpc;

static VOID Dpc_ok(PKDPC, PVOID, PVOID, PVOID)
{
    Hold<AtDispatch> hold(g_Lock);

    g_Value++;
}

/* Raised by hand around the lock. */
static VOID ByHand_ok()
{
    const KIRQL irql = KeRaiseIrqlToDpcLevel();
    {
        Hold<AtDispatch> hold(g_Lock);
        g_Value--;
    }
    KeLowerIrql(irql);
}

static VOID Unload_ok(PDRIVER_OBJECT)
{
    Hold<Raising> hold(g_Lock);

    g_Value = 0;
}

static NTSTATUS Close(PDEVICE_OBJECT, PIRP)
{
    ByHand_ok();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Dpc, Dpc_ok, nullptr);
    driver->MajorFunction[IRP_MJ_CLOSE] = Close;
    driver->DriverUnload = Unload_ok;
    return STATUS_SUCCESS;
}
