/* C++: annotations whose values are constants, enumerators, members or parameters of templates. */
#include <ntddk.h>

static constexpr KIRQL Highest = DISPATCH_LEVEL;

class Pane {
public:
    _IRQL_requires_max_(Highest) VOID Open_ok() { m_Open = true; }
    _IRQL_requires_max_(PASSIVE_LEVEL + 1) VOID Close_ok() { m_Open = false; }
    _IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_global_(Lock, m_Irql) VOID Lock_ok() { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    _When_(wait, _IRQL_requires_max_(APC_LEVEL)) bool Try_ok(bool wait) { return wait || m_Open; }

private:
    KSPIN_LOCK m_Lock;
    KIRQL m_Irql;
    bool m_Open;
};
