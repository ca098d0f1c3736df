/* C++: every use of the requester's addresses lies in a __try, here or in the caller. */
#include <ntddk.h>

#define IOCTL_QUERY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x940, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_APPLY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x941, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_DIRECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x942, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)

/* The handler is the template's, the work its argument's. */
template <typename F> NTSTATUS Guarded(F &&body)
{
    __try {
        body();
        return STATUS_SUCCESS;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return STATUS_ACCESS_VIOLATION;
    }
}

template <typename T> class UserRead {
public:
    explicit UserRead(PVOID address) : m_Address(static_cast<T *>(address)) {}
    NTSTATUS Load(T &into) const
    {
        __try {
            ProbeForRead(m_Address, sizeof(T), alignof(T));
            into = *m_Address;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            return GetExceptionCode();
        }
        return STATUS_SUCCESS;
    }

private:
    T *m_Address;
};

struct Level {
    ULONG Value;
    ULONG Scale;
};

class Gauge {
public:
    NTSTATUS Apply_ok(PVOID input);
    NTSTATUS Query_ok(PIRP irp);
    NTSTATUS Direct_ok(PIRP irp);
    VOID Store(ULONG &into) const { into = m_Level.Value; }

private:
    Level m_Level;
};

NTSTATUS Gauge::Apply_ok(PVOID input)
{
    return UserRead<Level>(input).Load(m_Level);
}

/* Store itself has no handler; its caller has. */
NTSTATUS Gauge::Query_ok(PIRP irp)
{
    PVOID output = irp->UserBuffer;

    return Guarded([this, output] {
        ProbeForWrite(output, sizeof(ULONG), alignof(ULONG));
        Store(*static_cast<ULONG *>(output));
    });
}

/* The system has locked these pages. */
NTSTATUS Gauge::Direct_ok(PIRP irp)
{
    ULONG *output = static_cast<ULONG *>(MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority));

    if (output == nullptr)
        return STATUS_INSUFFICIENT_RESOURCES;
    Store(*output);
    return STATUS_SUCCESS;
}

static Gauge g_Gauge;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_QUERY:
        return g_Gauge.Query_ok(irp);
    case IOCTL_APPLY:
        return g_Gauge.Apply_ok(stack->Parameters.DeviceIoControl.Type3InputBuffer);
    case IOCTL_DIRECT:
        return g_Gauge.Direct_ok(irp);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
