/* C++: routines called above the level they allow by methods, guards, operators and lambdas. */
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;

enum class Pool : int { Resident = NonPagedPoolNx, Pageable = PagedPool };

void *operator new(size_t size, Pool pool)
{
    return ExAllocatePoolWithTag(static_cast<POOL_TYPE>(pool), size, 'ppaM'); // expect: ddi-irql "DISPATCH_LEVEL"
}

void operator delete(void *memory) { ExFreePoolWithTag(memory, 'ppaM'); }
void operator delete(void *memory, size_t) { ExFreePoolWithTag(memory, 'ppaM'); }

/* Interrupt lock: DIRQL while it lives. */
class InterruptScope {
public:
    explicit InterruptScope(PKINTERRUPT interrupt) : m_Interrupt(interrupt), m_Irql(KeAcquireInterruptSpinLock(interrupt)) {}
    ~InterruptScope() { KeReleaseInterruptSpinLock(m_Interrupt, m_Irql); }

private:
    PKINTERRUPT m_Interrupt;
    KIRQL m_Irql;
};

class SpinScope {
public:
    SpinScope(KSPIN_LOCK *lock) : m_Lock(lock) { KeAcquireSpinLock(lock, &m_Irql); }
    ~SpinScope() { KeReleaseSpinLock(m_Lock, m_Irql); }

private:
    KSPIN_LOCK *m_Lock;
    KIRQL m_Irql;
};

/* Owns a string of the registry. */
class Name {
public:
    Name() { RtlInitUnicodeString(&m_Text, nullptr); }
    ~Name() { RtlFreeUnicodeString(&m_Text); } // expect: ddi-irql "DISPATCH_LEVEL"
    Name &operator=(ULONG number)
    {
        RtlIntegerToUnicodeString(number, 16, &m_Text); // expect: ddi-irql "DISPATCH_LEVEL"
        return *this;
    }

private:
    UNICODE_STRING m_Text;
};

struct Entry {
    ULONG Key;
    ULONG Value;
};

class Mapper {
public:
    NTSTATUS Attach(PDRIVER_OBJECT driver);
    VOID Insert_bad(ULONG key);
    VOID Label_bad(ULONG number);
    VOID Signal_bad();
    NTSTATUS Rename_bad();

    static BOOLEAN Isr(PKINTERRUPT interrupt, PVOID context);
    static VOID Dpc_bad(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2);

private:
    virtual VOID OnInterrupt();

    KSPIN_LOCK m_Lock;
    KDPC m_Dpc;
    KEVENT m_Event;
    KTIMER m_Timer;
    PKINTERRUPT m_Interrupt;
    UNICODE_STRING m_Link;
    UNICODE_STRING m_Device;
    Entry *m_Last;
    PDEVICE_OBJECT m_Self;
};

/* The pool is chosen by an argument of operator new. */
VOID Mapper::Insert_bad(ULONG key)
{
    SpinScope scope(&m_Lock);

    m_Last = new (Pool::Pageable) Entry{key, 0};
}

/* The string that is given back is the local of a block under the lock. */
VOID Mapper::Label_bad(ULONG number)
{
    SpinScope scope(&m_Lock);

    if (m_Last != nullptr) {
        Name name;
        name = number;
    }
}

VOID Mapper::Signal_bad()
{
    InterruptScope scope(m_Interrupt);

    KeSetEvent(&m_Event, IO_NO_INCREMENT, FALSE); // expect: ddi-irql "DIRQL"
}

/* The link is made inside the if whose condition holds the guard. */
NTSTATUS Mapper::Rename_bad()
{
    if (SpinScope scope(&m_Lock); m_Last == nullptr)
        return IoCreateSymbolicLink(&m_Link, &m_Device); // expect: ddi-irql "DISPATCH_LEVEL"
    return STATUS_SUCCESS;
}

/* The interrupt service routine hands over to a virtual method. */
VOID Mapper::OnInterrupt()
{
    KeCancelTimer(&m_Timer); // expect: ddi-irql "DIRQL"
}

BOOLEAN Mapper::Isr(PKINTERRUPT, PVOID context)
{
    static_cast<Mapper *>(context)->OnInterrupt();
    return TRUE;
}

VOID Mapper::Dpc_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    auto &self = *static_cast<Mapper *>(context);
    const auto retire = [](PDEVICE_OBJECT device) {
        IoDeleteDevice(device); // expect: ddi-irql "DISPATCH_LEVEL"
    };

    retire(self.m_Self);
}

NTSTATUS Mapper::Attach(PDRIVER_OBJECT driver)
{
    KeInitializeDpc(&m_Dpc, &Mapper::Dpc_bad, this);
    driver->DriverExtension = driver->DriverExtension;
    return IoConnectInterrupt(&m_Interrupt, &Mapper::Isr, this, nullptr, 9, 5, 5, Latched, FALSE, 1, FALSE);
}

static Mapper g_Mapper;

static VOID Unload(PDRIVER_OBJECT)
{
    g_Mapper.Insert_bad(7);
    g_Mapper.Label_bad(12);
    g_Mapper.Signal_bad();
    (void)g_Mapper.Rename_bad();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return g_Mapper.Attach(driver);
}
