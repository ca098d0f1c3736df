/* C++: callbacks that go below the level at which they were called, in methods, lambdas and blocks. */
#include <ntddk.h>

static constexpr KIRQL Calm = PASSIVE_LEVEL;

class Notifier {
public:
    static VOID Dpc_bad(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Timer_bad(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Start_bad(PDEVICE_OBJECT device, PIRP irp);

    KDPC m_Dpc;
    KDPC m_TimerDpc;

private:
    KEVENT m_Event;
    ULONG m_Count;
};

/* Goes down to wait. */
VOID Notifier::Dpc_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    Notifier *self = static_cast<Notifier *>(context);

    KeLowerIrql(Calm); // expect: irql-lowered-early "to PASSIVE_LEVEL in a DPC"
    KeWaitForSingleObject(&self->m_Event, Executive, KernelMode, FALSE, nullptr);
    KeRaiseIrqlToDpcLevel();
}

/* On one path only, and with the right level at the end. */
VOID Notifier::Timer_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    auto &self = *static_cast<Notifier *>(context);

    if (self.m_Count > 100) {
        KIRQL old;
        KeLowerIrql(APC_LEVEL); // expect: irql-lowered-early "to APC_LEVEL"
        self.m_Count = 0;
        KeRaiseIrql(DISPATCH_LEVEL, &old);
    }
}

VOID Notifier::Start_bad(PDEVICE_OBJECT device, PIRP irp)
{
    KeLowerIrql(static_cast<KIRQL>(PASSIVE_LEVEL)); // expect: irql-lowered-early "PASSIVE_LEVEL"
    irp->IoStatus.Information = device->Flags;
    KeRaiseIrqlToDpcLevel();
}

static Notifier g_Notifier;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Notifier.m_Dpc, Notifier::Dpc_bad, &g_Notifier);
    KeInitializeDpc(&g_Notifier.m_TimerDpc, Notifier::Timer_bad, &g_Notifier);
    driver->DriverStartIo = Notifier::Start_bad;
    return STATUS_SUCCESS;
}
