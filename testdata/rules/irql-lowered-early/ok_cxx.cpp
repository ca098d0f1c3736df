/* C++: callbacks whose objects raise above the level of the call and lower to it again. */
#include <ntddk.h>

class High {
public:
    explicit High(KIRQL level = HIGH_LEVEL) { KeRaiseIrql(level, &m_Saved); }
    ~High() { KeLowerIrql(m_Saved); }

private:
    KIRQL m_Saved;
};

class Meter {
public:
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Work_ok(PDEVICE_OBJECT, PVOID context);

    KDPC m_Dpc;
    PIO_WORKITEM m_Item;

private:
    ULONG m_Value;
};

VOID Meter::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    Meter *self = static_cast<Meter *>(context);
    {
        High high;
        self->m_Value++;
    }
    IoQueueWorkItem(self->m_Item, Work_ok, DelayedWorkQueue, self);
}

VOID Meter::Work_ok(PDEVICE_OBJECT, PVOID context)
{
    auto read = [context] {
        High dispatch(DISPATCH_LEVEL);
        return static_cast<Meter *>(context)->m_Value;
    };

    static_cast<Meter *>(context)->m_Value = read() + 1;
}

static Meter g_Meter;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Meter.m_Dpc, Meter::Dpc_ok, &g_Meter);
    return STATUS_SUCCESS;
}
