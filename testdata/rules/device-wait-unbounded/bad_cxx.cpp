// device-wait-unbounded: registers behind classes and references.
#include <ntddk.h>

class Registers {
public:
    explicit Registers(PULONG base) : m_base(base) {}
    ULONG Read(ULONG index) const { return READ_REGISTER_ULONG(m_base + index); }
    bool Ready() const { return (Read(1) & 0x80) != 0; }

private:
    PULONG m_base;
};

class Device {
public:
    explicit Device(PULONG base) : m_registers(base) {}
    void Reset_bad();
    void Poll_bad();
    void Bounded_ok();

private:
    Registers m_registers;
};

void Device::Reset_bad()
{
    while (!m_registers.Ready()) { // expect: device-wait-unbounded "DISPATCH_LEVEL"
    }
}

void Device::Poll_bad()
{
    ULONG status = 0;

    while (status == 0) {
        status = m_registers.Read(2); // expect: device-wait-unbounded "DISPATCH_LEVEL"
    }
}

void Device::Bounded_ok()
{
    for (ULONG tries = 0; !m_registers.Ready() && tries < 50; ++tries) {
        KeStallExecutionProcessor(1);
    }
}

extern "C" VOID Dpc(PKDPC, PVOID Context, PVOID, PVOID)
{
    Device *device = static_cast<Device *>(Context);

    device->Reset_bad();
    device->Poll_bad();
    device->Bounded_ok();
}

static KDPC TheDpc;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING)
{
    KeInitializeDpc(&TheDpc, Dpc, nullptr);
    KeInsertQueueDpc(&TheDpc, nullptr, nullptr);
    return STATUS_SUCCESS;
}
