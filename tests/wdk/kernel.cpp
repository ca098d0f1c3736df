// Kernel C++: the headers parse as C++, pool allocation, COM interfaces.
#include <ntddk.h>
#include <portcls.h>
#include <stdio.h>

static_assert(sizeof(FILE *) == sizeof(void *), "the C library's streams have a name");

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

// What is handed over has to have the very type in C++.
static void OnProcess(PEPROCESS Process, HANDLE ProcessId, PPS_CREATE_NOTIFY_INFO Info) {
    UNREFERENCED_PARAMETER(Process);
    UNREFERENCED_PARAMETER(ProcessId);
    UNREFERENCED_PARAMETER(Info);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
    static KSPIN_LOCK lock;
    Lock guard(lock);
    int *p = new (NonPagedPoolNx, 'tseT') int;
    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(RegistryPath);
    PsSetCreateProcessNotifyRoutineEx(OnProcess, FALSE);
    return p ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
