/* pageable-data-raised: objects made by operator new in paged pool. */
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;
extern "C" DRIVER_DISPATCH Create;

void *operator new(size_t Size, POOL_TYPE Pool)
{
    return ExAllocatePoolWithTag(Pool, Size, 'dgaP');
}

class Counter {
public:
    void Add_bad() { m_value++; } // expect: pageable-data-raised "DISPATCH_LEVEL"
    ULONG m_value;
};

class SpinGuard {
public:
    explicit SpinGuard(KSPIN_LOCK *Lock) : m_lock(Lock) { KeAcquireSpinLock(m_lock, &m_irql); }
    ~SpinGuard() { KeReleaseSpinLock(m_lock, m_irql); }

private:
    KSPIN_LOCK *m_lock;
    KIRQL m_irql;
};

class Owner {
public:
    void Make() { m_counter = new (PagedPool) Counter; }
    void Guarded_bad()
    {
        SpinGuard guard(&m_lock);
        m_counter->m_value = 1; // expect: pageable-data-raised "Owner.m_counter is written"
    }
    KSPIN_LOCK m_lock;
    Counter *m_counter;
};

static Owner g_owner;

static void Local_bad()
{
    Counter *counter = new (PagedPool) Counter;
    if (counter != nullptr) {
        SpinGuard guard(&g_owner.m_lock);
        counter->Add_bad();
    }
}

NTSTATUS Create(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    g_owner.Make();
    g_owner.Guarded_bad();
    Local_bad();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&g_owner.m_lock);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Create;
    return STATUS_SUCCESS;
}
