// Kernel C++: the headers parse as C++, pool allocation, COM interfaces.
#include <ntddk.h>
#include <portcls.h>

class Miniport : public IMiniportWaveRT, public CUnknown {
public:
    DECLARE_STD_UNKNOWN();
    DEFINE_STD_CONSTRUCTOR(Miniport);
    IMP_IMiniportWaveRT;
};

struct Lock {
    KSPIN_LOCK &lock;
    KIRQL irql;
    explicit Lock(KSPIN_LOCK &l) : lock(l) { KeAcquireSpinLock(&lock, &irql); }
    ~Lock() { KeReleaseSpinLock(&lock, irql); }
};

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
    static KSPIN_LOCK lock;
    Lock guard(lock);
    int *p = new (NonPagedPoolNx, 'tseT') int;
    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(RegistryPath);
    return p ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
