/* C++: whatever raises lowers again: destructors, moved objects, pairs of methods. */
#include <ntddk.h>

class AtDispatch {
public:
    AtDispatch() { KeRaiseIrql(DISPATCH_LEVEL, &m_Saved); }
    AtDispatch(AtDispatch &&other) : m_Saved(other.m_Saved), m_Live(other.m_Live) { other.m_Live = false; }
    ~AtDispatch()
    {
        if (m_Live)
            KeLowerIrql(m_Saved);
    }

private:
    KIRQL m_Saved;
    bool m_Live = true;
};

/* Raises when it has to. */
class MaybeRaised {
public:
    explicit MaybeRaised(bool raise) : m_Raised(raise), m_Saved(PASSIVE_LEVEL)
    {
        if (m_Raised)
            m_Saved = KeRaiseIrqlToDpcLevel();
    }
    ~MaybeRaised()
    {
        if (m_Raised)
            KeLowerIrql(m_Saved);
    }

private:
    const bool m_Raised;
    KIRQL m_Saved;
};

class Clock {
public:
    ULONG Read_ok(bool raise);
    BOOLEAN Early_ok();
    ULONG Switch_ok(ULONG kind);
    VOID Moved_ok();
    KIRQL Enter_ok() { return KeRaiseIrqlToDpcLevel(); }
    VOID Leave_ok(KIRQL irql) { KeLowerIrql(irql); }
    VOID Pair_ok();
    ULONG Nested_ok();

private:
    ULONG m_Ticks;
    ULONG m_Errors;
};

ULONG Clock::Read_ok(bool raise)
{
    MaybeRaised level(raise);

    return m_Ticks != 0 ? m_Ticks : m_Errors;
}

BOOLEAN Clock::Early_ok()
{
    AtDispatch raised;

    if (m_Errors > 3)
        return FALSE;
    for (ULONG i = 0; i < m_Ticks; i++) {
        if (i == m_Errors)
            return FALSE;
    }
    return TRUE;
}

/* Each case has an object of its own. */
ULONG Clock::Switch_ok(ULONG kind)
{
    switch (kind) {
    case 0: {
        AtDispatch raised;
        return ++m_Ticks;
    }
    case 1: {
        AtDispatch raised;
        m_Errors = 0;
        break;
    }
    default:
        return 0;
    }
    return m_Errors;
}

static AtDispatch Start() { return AtDispatch(); }

VOID Clock::Moved_ok()
{
    AtDispatch first = Start();
    AtDispatch second = static_cast<AtDispatch &&>(first);

    m_Ticks = 0;
}

VOID Clock::Pair_ok()
{
    const KIRQL irql = Enter_ok();

    m_Ticks++;
    Leave_ok(irql);
}

ULONG Clock::Nested_ok()
{
    AtDispatch outer;
    {
        AtDispatch inner;
        if (m_Ticks > 9)
            return 9;
    }
    return m_Ticks;
}

static Clock g_Clock;

static VOID Unload(PDRIVER_OBJECT)
{
    if (g_Clock.Early_ok())
        g_Clock.Moved_ok();
    g_Clock.Pair_ok();
    g_Clock.Switch_ok(g_Clock.Nested_ok() + g_Clock.Read_ok(g_Clock.Early_ok() != FALSE));
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
