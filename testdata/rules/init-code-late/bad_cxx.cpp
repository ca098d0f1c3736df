// init-code-late in C++: methods in a discarded section, called by methods that stay.
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
DRIVER_DISPATCH Control;

class Counter {
public:
    __declspec(code_seg("INIT")) void Prepare();
    void Restart();
    void Stop();
    virtual void Clear();

private:
    ULONG step_;
};

static Counter TheCounter;

void Counter::Prepare() { step_ = 1; }

void Counter::Restart()
{
    Prepare(); // expect: init-code-late "the caller's thread"
}

void Counter::Stop()
{
    auto again = [this] { Prepare(); }; // expect: init-code-late "a system thread"
    again();
}

#pragma code_seg(push, "INIT")
void Counter::Clear() { step_ = 0; }
static void First(Counter &counter) { counter.Clear(); }
#pragma code_seg(pop)

void Unload(PDRIVER_OBJECT)
{
    TheCounter.Stop();
    First(TheCounter); // expect: init-code-late "First lies in the discarded section INIT"
}

NTSTATUS Control(PDEVICE_OBJECT, PIRP Irp)
{
    TheCounter.Restart();
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

#pragma code_seg("INIT")
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING)
{
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    TheCounter.Prepare();
    First(TheCounter);
    return STATUS_SUCCESS;
}
#pragma code_seg()
