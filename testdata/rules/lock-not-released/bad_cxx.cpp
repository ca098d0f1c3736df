/* C++: locks as members, taken by hand beside objects that clean up everything but the lock. */
#include <ntddk.h>

namespace store {

class SpinLock {
public:
    SpinLock() { KeInitializeSpinLock(&m_Lock); }
    KIRQL Acquire()
    {
        KIRQL irql;

        KeAcquireSpinLock(&m_Lock, &irql);
        return irql;
    }
    VOID Release(KIRQL irql) { KeReleaseSpinLock(&m_Lock, irql); }

private:
    KSPIN_LOCK m_Lock;
};

/* Gives back memory, not locks. */
template <typename T> class Owner {
public:
    explicit Owner(T *object) : m_Object(object) {}
    ~Owner()
    {
        if (m_Object != nullptr)
            ExFreePool(m_Object);
    }
    T *Detach()
    {
        T *object = m_Object;

        m_Object = nullptr;
        return object;
    }
    explicit operator bool() const { return m_Object != nullptr; }

private:
    T *m_Object;
};

/* Takes the lock at once, gives it back only when told. */
class Ticket {
public:
    explicit Ticket(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    VOID Done() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

struct Item {
    LIST_ENTRY Link;
    ULONG Key;
};

class Store {
public:
    NTSTATUS Insert_bad(ULONG key);
    BOOLEAN Remove_bad(ULONG key);
    ULONG Sum_bad(ULONG limit);
    NTSTATUS Flush_bad();
    Store &operator+=(ULONG count);
    VOID Visit_bad();
    static NTSTATUS Dispatch(PDEVICE_OBJECT device, PIRP irp);

private:
    SpinLock m_Lock;
    KSPIN_LOCK m_Count;
    FAST_MUTEX m_Config;
    LIST_ENTRY m_Items;
    ULONG m_Total;
    BOOLEAN m_Closed;
};

/* The owner frees the item on this way out; nobody frees the lock. */
NTSTATUS Store::Insert_bad(ULONG key)
{
    Owner<Item> item(static_cast<Item *>(ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(Item), 'rotS')));

    if (!item)
        return STATUS_INSUFFICIENT_RESOURCES;
    const KIRQL irql = m_Lock.Acquire();
    if (m_Closed)
        return STATUS_DELETE_PENDING; // expect: lock-not-released "DISPATCH_LEVEL"
    Item *kept = item.Detach();
    kept->Key = key;
    InsertTailList(&m_Items, &kept->Link);
    m_Lock.Release(irql);
    return STATUS_SUCCESS;
}

/* Found or not: the ticket has no destructor. */
BOOLEAN Store::Remove_bad(ULONG key)
{
    Ticket ticket(m_Count);

    for (PLIST_ENTRY link = m_Items.Flink; link != &m_Items; link = link->Flink) {
        if (CONTAINING_RECORD(link, Item, Link)->Key == key) {
            RemoveEntryList(link);
            m_Total--;
            ticket.Done();
            return TRUE;
        }
    }
    return FALSE; // expect: lock-not-released "DISPATCH_LEVEL"
}

/* Leaves out of the middle of the loop. */
ULONG Store::Sum_bad(ULONG limit)
{
    ULONG sum = 0;
    KIRQL irql = m_Lock.Acquire();

    for (PLIST_ENTRY link = m_Items.Flink; link != &m_Items; link = link->Flink) {
        sum += CONTAINING_RECORD(link, Item, Link)->Key;
        if (sum > limit)
            return limit; // expect: lock-not-released "Sum_bad"
    }
    m_Lock.Release(irql);
    return sum;
}

NTSTATUS Store::Flush_bad()
{
    NTSTATUS status = STATUS_SUCCESS;

    ExAcquireFastMutex(&m_Config);
    if (IsListEmpty(&m_Items)) {
        status = STATUS_NO_MORE_ENTRIES;
        goto exit;
    }
    InitializeListHead(&m_Items);
    ExReleaseFastMutex(&m_Config);
exit:
    return status; // expect: lock-not-released "Store.m_Config"
}

/* An operator that returns the object. */
Store &Store::operator+=(ULONG count)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&m_Count, &handle);
    if (m_Total + count < m_Total)
        return *this; // expect: lock-not-released "DISPATCH_LEVEL"
    m_Total += count;
    KeReleaseInStackQueuedSpinLock(&handle);
    return *this;
}

/* The return is that of the lambda. */
VOID Store::Visit_bad()
{
    auto half = [this]() -> ULONG {
        KIRQL irql;

        KeAcquireSpinLock(&m_Count, &irql);
        if (m_Total == 0)
            return 0; // expect: lock-not-released "DISPATCH_LEVEL"
        ULONG result = m_Total / 2;
        KeReleaseSpinLock(&m_Count, irql);
        return result;
    };

    m_Total = half();
}

NTSTATUS Store::Dispatch(PDEVICE_OBJECT device, PIRP)
{
    Store &self = *static_cast<Store *>(device->DeviceExtension);

    self += 4;
    self.Visit_bad();
    if (self.Remove_bad(self.Sum_bad(9)))
        return self.Flush_bad();
    return self.Insert_bad(3);
}

} // namespace store

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = store::Store::Dispatch;
    return STATUS_SUCCESS;
}
