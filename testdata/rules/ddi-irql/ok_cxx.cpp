/* C++: routines called at the level they allow; methods that more than one level shares. */
#include <ntddk.h>
#include <ntstrsafe.h>

extern "C" DRIVER_INITIALIZE DriverEntry;

void *__cdecl operator new(size_t size, POOL_TYPE pool, ULONG tag) { return ExAllocatePoolWithTag(pool, size, tag); }
void __cdecl operator delete(void *memory) { ExFreePool(memory); }
void __cdecl operator delete(void *memory, size_t) { ExFreePool(memory); }

/* The pool is a parameter of the class. */
template <POOL_TYPE Kind, ULONG Tag> class Bytes {
public:
    explicit Bytes(SIZE_T size) : m_Data(static_cast<PUCHAR>(ExAllocatePoolWithTag(Kind, size, Tag))) {}
    ~Bytes()
    {
        if (m_Data != nullptr)
            ExFreePoolWithTag(m_Data, Tag);
    }
    explicit operator bool() const { return m_Data != nullptr; }
    UCHAR &operator[](SIZE_T index) { return m_Data[index]; }

private:
    PUCHAR m_Data;
};

class CritSect {
public:
    VOID Lock() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    VOID Unlock() { KeReleaseSpinLock(&m_Lock, m_Irql); }
    template <typename F> auto With(F &&body) -> decltype(body())
    {
        struct Exit {
            CritSect &Owner;
            ~Exit() { Owner.Unlock(); }
        } exit{*this};

        Lock();
        return body();
    }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

struct Packet {
    LIST_ENTRY Link;
    ULONG Length;
};

class Adapter {
public:
    Packet *Take_ok();
    ULONG Count_ok();
    VOID Shape_ok(ULONG bytes);
    NTSTATUS Publish_ok();
    VOID Flush_ok();
    static VOID TimerDpc_ok(PKDPC, PVOID context, PVOID, PVOID);

    CritSect m_Section;
    KDPC m_Dpc;
    LIST_ENTRY m_Packets;
    UNICODE_STRING m_Link;
    UNICODE_STRING m_Target;
    ULONG m_Sum;
    BOOLEAN m_Linked;
};

/* Resident memory may be had under a lock. */
Packet *Adapter::Take_ok()
{
    return m_Section.With([this]() -> Packet * {
        Packet *packet = new (NonPagedPoolNx, 'tekP') Packet;

        if (packet != nullptr)
            InsertTailList(&m_Packets, &packet->Link);
        return packet;
    });
}

ULONG Adapter::Count_ok()
{
    Bytes<NonPagedPoolNx, 'bekP'> scratch(32);
    ULONG sum = 0;

    m_Section.Lock();
    if (scratch)
        sum = scratch[0] = static_cast<UCHAR>(m_Sum);
    m_Section.Unlock();
    return sum;
}

/* Paged memory; the lock is taken for a moment only. */
VOID Adapter::Shape_ok(ULONG bytes)
{
    Bytes<PagedPool, 'pekP'> copy(bytes);

    if (!copy)
        return;
    m_Section.With([&] { m_Sum += bytes; });
    copy[0] = 1;
}

NTSTATUS Adapter::Publish_ok()
{
    bool first = false;

    m_Section.With([&first, this] {
        first = !m_Linked;
        m_Linked = TRUE;
    });
    return first ? IoCreateSymbolicLink(&m_Link, &m_Target) : STATUS_SUCCESS;
}

/* Shared with the DPC; what it may do hangs on the level. */
VOID Adapter::Flush_ok()
{
    while (!IsListEmpty(&m_Packets)) {
        Packet *packet = CONTAINING_RECORD(RemoveHeadList(&m_Packets), Packet, Link);

        delete packet;
    }
    if (KeGetCurrentIrql() < DISPATCH_LEVEL)
        RtlFreeUnicodeString(&m_Target);
}

VOID Adapter::TimerDpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Adapter *>(context)->Flush_ok();
}

static Adapter g_Adapter;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Adapter.Take_ok();
    g_Adapter.Shape_ok(g_Adapter.Count_ok());
    (void)g_Adapter.Publish_ok();
    g_Adapter.Flush_ok();
    IoDeleteSymbolicLink(&g_Adapter.m_Link);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Adapter.m_Dpc, Adapter::TimerDpc_ok, &g_Adapter);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
