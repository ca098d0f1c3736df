// A handler that travels through a virtual method into a field of a field, and is called from a DPC.
#include <ntddk.h>
typedef VOID (*PFN_NOTE)(PVOID Context);
struct NOTE { PFN_NOTE Handler; PVOID Context; };
struct Source {
    virtual VOID SetHandler(int kind, PFN_NOTE handler, PVOID context) = 0;
};
class RadioSource : public Source {
public:
    NOTE m_Mic;
    NOTE m_Speaker;
    VOID SetHandler(int kind, PFN_NOTE handler, PVOID context);
    static VOID Dpc(PKDPC dpc, PVOID context, PVOID a, PVOID b);
};
VOID RadioSource::SetHandler(int kind, PFN_NOTE handler, PVOID context)
{
    if (kind == 1) {
        m_Mic.Handler = handler;
        m_Mic.Context = context;
    } else {
        m_Speaker.Handler = handler;
        m_Speaker.Context = context;
    }
}
VOID RadioSource::Dpc(PKDPC dpc, PVOID context, PVOID a, PVOID b)
{
    RadioSource *self = (RadioSource *)context;
    if (self->m_Mic.Handler != NULL)
        self->m_Mic.Handler(self->m_Mic.Context);
}
class Port {
public:
    FAST_MUTEX m_Lock;
    static VOID EvtChange(PVOID context);
    void Init(Source *device) {
        device->SetHandler(1, EvtChange, this);
    }
};
VOID Port::EvtChange(PVOID context)
{
    Port *self = (Port *)context;
    ExAcquireFastMutex(&self->m_Lock);
    ExReleaseFastMutex(&self->m_Lock);
}
KDPC g_Dpc;
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    static RadioSource device;
    static Port port;
    port.Init(&device);
    KeInitializeDpc(&g_Dpc, RadioSource::Dpc, &device);
    return STATUS_SUCCESS;
}
