/* Annotations on C++ methods: parameters count from `this`, an overriding method has its own. */
#include <ntddk.h>

class Gate {
public:
    _IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL)
    void Enter(_Out_ _IRQL_saves_ PKIRQL old);
    _IRQL_requires_(DISPATCH_LEVEL) void Leave(_In_ _IRQL_restores_ KIRQL old);
    _IRQL_requires_max_(APC_LEVEL) virtual void Flush();
    _When_(wait != FALSE, _IRQL_requires_max_(APC_LEVEL)) static void Poll(BOOLEAN wait);
    _Acquires_lock_(this->m_lock) void Lock();

private:
    KSPIN_LOCK m_lock;
};

class InnerGate : public Gate {
public:
    _IRQL_requires_max_(PASSIVE_LEVEL) void Flush() override;
};

_IRQL_requires_min_(PASSIVE_LEVEL) void InnerGate::Flush() {
    KIRQL old;
    Enter(&old);
    Leave(old);
    Poll(TRUE);
    Lock();
}

extern "C" VOID Use(Gate *gate) {
    gate->Flush();
}
