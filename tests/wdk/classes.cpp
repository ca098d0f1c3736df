// Kernel C++ classes of the implementation library, and the interfaces of SoundWire class audio.
#include <ntddk.h>
#include <sdcastreaming.h>
#include <sdcaxu.h>
#include <wil/resource.h>

class Worker {
    wil::fast_mutex_with_critical_region m_lock;
    wil::kernel_event_auto_reset m_exit;
    wil::kernel_event_manual_reset m_idle{true};

  public:
    void Stop() {
        auto lock = m_lock.acquire();
        m_exit.set();
        lock.reset();
        m_idle.wait();
    }
};

NTSTATUS Connect(SDCAXU_INTERFACE_V0101 *Interface, SDCA_PATH_DESCRIPTORS2 *Path, Worker *Worker) {
    Worker->Stop();
    Path->SdcaPath = SdcaPathReferenceStream | SdcaPathIvSense;
    return Interface->EvtSetXUEntities(Interface->InterfaceHeader.Context, 0, nullptr);
}
