/* C++: methods that raise and return raised, where nothing lowers for them. */
#include <ntddk.h>

/* The class remembers the level; only Restore goes back to it. */
class Level {
public:
    explicit Level(KIRQL irql) { KeRaiseIrql(irql, &m_Saved); }
    VOID Restore() const { KeLowerIrql(m_Saved); }

private:
    KIRQL m_Saved;
};

/* Lowers at its end, unless it was dismissed. */
class Raised {
public:
    Raised() : m_Saved(KeRaiseIrqlToDpcLevel()), m_Active(true) {}
    ~Raised()
    {
        if (m_Active)
            KeLowerIrql(m_Saved);
    }
    VOID Dismiss() { m_Active = false; }

private:
    KIRQL m_Saved;
    bool m_Active;
};

class Timing {
public:
    NTSTATUS Sample_bad(ULONG rounds);
    BOOLEAN Find_bad(ULONG value);
    VOID Store_bad(ULONG value);
    NTSTATUS Keep_bad();
    VOID Sort_bad();
    static NTSTATUS Dispatch_bad(PDEVICE_OBJECT device, PIRP irp);

private:
    ULONG m_Values[16];
    ULONG m_Count;
    bool m_Frozen;
};

NTSTATUS Timing::Sample_bad(ULONG rounds)
{
    Level level(DISPATCH_LEVEL);

    if (rounds > 16)
        return STATUS_INVALID_PARAMETER; // expect: irql-not-restored "DISPATCH_LEVEL to its caller"
    for (ULONG i = 0; i < rounds; i++)
        m_Values[i] = i;
    level.Restore();
    return STATUS_SUCCESS;
}

/* Leaves the range-for as soon as it is found; the answer is always no. */
BOOLEAN Timing::Find_bad(ULONG value)
{
    const KIRQL saved = KeRaiseIrqlToDpcLevel();

    for (ULONG &each : m_Values) {
        if (each == value)
            return FALSE; // expect: irql-not-restored "Find_bad"
    }
    KeLowerIrql(saved);
    return FALSE;
}

VOID Timing::Store_bad(ULONG value)
{
    KIRQL saved;

    KeRaiseIrql(APC_LEVEL, &saved);
    if (m_Frozen)
        return; // expect: irql-not-restored "APC_LEVEL"
    m_Values[m_Count++ % 16] = value;
    KeLowerIrql(saved);
}

/* Dismissed on failure only, so the destructor leaves the level. */
NTSTATUS Timing::Keep_bad()
{
    Raised raised;

    if (m_Count == 0) {
        raised.Dismiss();
        return STATUS_NO_MORE_ENTRIES; // expect: irql-not-restored "Keep_bad"
    }
    m_Count--;
    return STATUS_SUCCESS;
}

/* The comparison raises for itself and returns early. */
VOID Timing::Sort_bad()
{
    auto less = [](const ULONG &left, const ULONG &right) -> bool {
        Level level(DISPATCH_LEVEL);

        if (left == right)
            return false; // expect: irql-not-restored "DISPATCH_LEVEL"
        bool result = left < right;
        level.Restore();
        return result;
    };

    m_Frozen = less(m_Values[0], m_Values[1]);
}

/* The system gets its thread back raised. */
NTSTATUS Timing::Dispatch_bad(PDEVICE_OBJECT device, PIRP)
{
    Timing &self = *static_cast<Timing *>(device->DeviceExtension);
    Raised raised;

    self.m_Count = 0;
    raised.Dismiss();
    return STATUS_SUCCESS; // expect: irql-not-restored "to the system"
}

static Timing g_Timing;

static NTSTATUS Control(PDEVICE_OBJECT, PIRP irp)
{
    switch (irp->CurrentLocation) {
    case 1:
        return g_Timing.Sample_bad(irp->StackCount);
    case 2:
        g_Timing.Store_bad(9);
        return STATUS_SUCCESS;
    case 3:
        g_Timing.Sort_bad();
        return STATUS_SUCCESS;
    case 4:
        return g_Timing.Keep_bad();
    default:
        return g_Timing.Find_bad(5) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_READ] = Timing::Dispatch_bad;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}
