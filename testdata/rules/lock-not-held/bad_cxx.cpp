/* C++: locks given back by hand and once more by a destructor, or by objects that never took them. */
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;

class Gate {
public:
    explicit Gate(KSPIN_LOCK *lock) : m_Lock(lock) { KeAcquireSpinLock(m_Lock, &m_Irql); }
    ~Gate() { KeReleaseSpinLock(m_Lock, m_Irql); }
    KIRQL Irql() const { return m_Irql; }

private:
    KSPIN_LOCK *m_Lock;
    KIRQL m_Irql;
};

/* The common exit is reached before the lock was taken, too. */
template <typename T> NTSTATUS Replace_bad(FAST_MUTEX &mutex, T *&slot, T *item)
{
    NTSTATUS status = STATUS_SUCCESS;

    if (item == nullptr) {
        status = STATUS_INVALID_PARAMETER;
        goto exit;
    }
    ExAcquireFastMutex(&mutex);
    slot = item;
exit:
    ExReleaseFastMutex(&mutex); // expect: lock-not-held "nobody on this path"
    return status;
}

class Port {
public:
    VOID Manual_bad();
    NTSTATUS Early_bad(BOOLEAN busy);
    NTSTATUS Replace(ULONG *limit) { return Replace_bad(m_Mutex, m_Limit, limit); }
    VOID Swapped_bad();
    static VOID Dpc(PKDPC, PVOID context, PVOID, PVOID);

    KDPC m_Dpc;

private:

    KSPIN_LOCK m_Lock;
    KSPIN_LOCK m_Queue;
    FAST_MUTEX m_Mutex;
    ULONG m_Count;
    ULONG *m_Limit;
};

/* The destructor does not know. */
VOID Port::Manual_bad()
{
    Gate gate(&m_Lock);

    m_Count++;
    KeReleaseSpinLock(&m_Lock, gate.Irql());
} // expect: lock-not-held "~Gate"

/* One way out has given it back already. */
NTSTATUS Port::Early_bad(BOOLEAN busy)
{
    Gate gate(&m_Lock);

    if (busy) {
        KeReleaseSpinLock(&m_Lock, gate.Irql());
        return STATUS_DEVICE_BUSY; // expect: lock-not-held "~Gate"
    }
    m_Count = 0;
    return STATUS_SUCCESS;
}

/* Takes one, gives back the other. */
VOID Port::Swapped_bad()
{
    KIRQL irql = KeRaiseIrqlToDpcLevel();

    m_Count += 2;
    KeReleaseSpinLockFromDpcLevel(&m_Queue); // expect: lock-not-held "Port.m_Queue"
    KeLowerIrql(irql);
}

VOID Port::Dpc(PKDPC, PVOID context, PVOID, PVOID)
{
    Port *port = static_cast<Port *>(context);
    auto unlock = [port] {
        KeReleaseSpinLockFromDpcLevel(&port->m_Queue); // expect: lock-not-held "DPC"
    };

    port->m_Count--;
    unlock();
}

static Port g_Port;

static NTSTATUS Create(PDEVICE_OBJECT, PIRP irp)
{
    g_Port.Manual_bad();
    g_Port.Swapped_bad();
    g_Port.Replace(static_cast<ULONG *>(irp->AssociatedIrp.SystemBuffer));
    return g_Port.Early_bad(irp->Cancel);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Port.m_Dpc, Port::Dpc, &g_Port);
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
