// init-code-late in C++: what only DriverEntry reaches.
#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload_ok;

#pragma code_seg(push, "INIT")
class Settings {
public:
    Settings() : scale_(4) {}
    ~Settings() {}
    ULONG Scale() const { return scale_; }

private:
    ULONG scale_;
};

template <typename T> static T Twice_ok(T value) { return value + value; }
#pragma code_seg(pop)

static ULONG Scale;

void Unload_ok(PDRIVER_OBJECT)
{
    Scale = 0;
}

#pragma code_seg("INIT")
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING)
{
    Settings settings;
    auto half_ok = [](ULONG value) { return value / 2; };

    DriverObject->DriverUnload = Unload_ok;
    Scale = Twice_ok(half_ok(settings.Scale()));
    return STATUS_SUCCESS;
}
#pragma code_seg()
