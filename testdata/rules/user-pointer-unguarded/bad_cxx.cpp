/* C++: addresses of the requester behind references, templates and operators, with no handler around. */
#include <ntddk.h>

#define IOCTL_COPY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x930, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_FILL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x931, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SUM CTL_CODE(FILE_DEVICE_UNKNOWN, 0x932, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_TELL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x933, METHOD_NEITHER, FILE_ANY_ACCESS)

struct Sample {
    ULONG Left;
    ULONG Right;
};

/* Probes in its constructor: that alone can raise. */
template <typename T> class Output {
public:
    explicit Output(PVOID address) : m_Address(static_cast<T *>(address))
    {
        ProbeForWrite(address, sizeof(T), alignof(T)); // expect: user-pointer-unguarded "probed by ProbeForWrite"
    }
    VOID Set(const T &value) { *m_Address = value; } // expect: user-pointer-unguarded "is written"

private:
    T *m_Address;
};

static bool Checked(const VOID *address, SIZE_T size)
{
    __try {
        ProbeForRead(const_cast<VOID *>(address), size, 1);
        return true;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return false;
    }
}

class Mixer {
public:
    NTSTATUS Copy_bad(PVOID input);
    NTSTATUS Sum_bad(const Sample &sample);
    NTSTATUS Tell_bad(PVOID output);

private:
    Sample m_Last;
    ULONG m_Sum;
};

/* The probe had a handler, the copy has none. */
NTSTATUS Mixer::Copy_bad(PVOID input)
{
    if (!Checked(input, sizeof(Sample)))
        return STATUS_ACCESS_VIOLATION;
    RtlCopyMemory(&m_Last, input, sizeof(m_Last)); // expect: user-pointer-unguarded "read by RtlCopyMemory"
    return STATUS_SUCCESS;
}

/* A reference is an address. */
NTSTATUS Mixer::Sum_bad(const Sample &sample)
{
    if (!Checked(&sample, sizeof(sample)))
        return STATUS_ACCESS_VIOLATION;
    m_Sum += sample.Left; // expect: user-pointer-unguarded "is read"
    return STATUS_SUCCESS;
}

/* The lambda is called behind the handler. */
NTSTATUS Mixer::Tell_bad(PVOID output)
{
    ULONG *target = static_cast<ULONG *>(output);
    auto tell = [target](ULONG sum) {
        *target = sum; // expect: user-pointer-unguarded "is written"
    };

    __try {
        ProbeForWrite(target, sizeof(*target), alignof(ULONG));
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return STATUS_ACCESS_VIOLATION;
    }
    tell(m_Sum);
    return STATUS_SUCCESS;
}

static Mixer g_Mixer;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    PVOID input = stack->Parameters.DeviceIoControl.Type3InputBuffer;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_COPY:
        return g_Mixer.Copy_bad(input);
    case IOCTL_SUM:
        return g_Mixer.Sum_bad(*static_cast<const Sample *>(input));
    case IOCTL_TELL:
        return g_Mixer.Tell_bad(irp->UserBuffer);
    case IOCTL_FILL:
        Output<Sample>(irp->UserBuffer).Set({1, 2});
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
