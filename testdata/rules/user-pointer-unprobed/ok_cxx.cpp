/* C++: addresses of the requester that a constructor, a helper or a method has probed before. */
#include <ntddk.h>

#define IOCTL_GET CTL_CODE(FILE_DEVICE_UNKNOWN, 0x960, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_PUT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x961, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_ASK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x962, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_KERNEL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x964, METHOD_NEITHER, FILE_ANY_ACCESS)

struct State {
    ULONG Size;
    ULONG Flags;
};

/* Whoever has one has probed it. */
template <typename T> class UserPtr {
public:
    explicit UserPtr(PVOID address) : m_Address(static_cast<T *>(address))
    {
        ProbeForWrite(m_Address, sizeof(T), alignof(T));
    }
    T &operator*() const { return *m_Address; }
    T *operator->() const { return m_Address; }

private:
    T *m_Address;
};

/* Tells by its result whether it did. */
static bool IsReadable(const VOID *address, SIZE_T size)
{
    __try {
        ProbeForRead(const_cast<VOID *>(address), size, 1);
        return true;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return false;
    }
}

static NTSTATUS CheckWritable(PVOID address, SIZE_T size)
{
    __try {
        ProbeForWrite(address, size, 1);
        return STATUS_SUCCESS;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
}

class Panel {
public:
    NTSTATUS Get_ok(PVOID output);
    NTSTATUS Put_ok(const State *input);
    NTSTATUS Ask_ok(ULONG *output);
    NTSTATUS Kernel_ok(PIRP irp, State *input);

private:
    State m_State;
};

NTSTATUS Panel::Get_ok(PVOID output)
{
    __try {
        UserPtr<State> target(output);
        target->Size = m_State.Size;
        (*target).Flags = m_State.Flags;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

NTSTATUS Panel::Put_ok(const State *input)
{
    if (!IsReadable(input, sizeof(*input)))
        return STATUS_ACCESS_VIOLATION;
    __try {
        m_State = *input;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

NTSTATUS Panel::Ask_ok(ULONG *output)
{
    if (NTSTATUS status = CheckWritable(output, sizeof(*output)); !NT_SUCCESS(status))
        return status;
    __try {
        *output = m_State.Flags;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Other drivers only. */
NTSTATUS Panel::Kernel_ok(PIRP irp, State *input)
{
    if (irp->RequestorMode != KernelMode)
        return STATUS_ACCESS_DENIED;
    m_State = *input;
    return STATUS_SUCCESS;
}

static Panel g_Panel;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;
    State *input = static_cast<State *>(request.Type3InputBuffer);

    switch (request.IoControlCode) {
    case IOCTL_GET:
        return g_Panel.Get_ok(irp->UserBuffer);
    case IOCTL_PUT:
        return g_Panel.Put_ok(input);
    case IOCTL_ASK:
        return g_Panel.Ask_ok(static_cast<ULONG *>(irp->UserBuffer));
    case IOCTL_KERNEL:
        return g_Panel.Kernel_ok(irp, input);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
