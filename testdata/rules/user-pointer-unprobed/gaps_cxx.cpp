/* C++, user-pointer-unprobed: what the analysis is known to get wrong. */
#include <ntddk.h>

#define IOCTL_TRY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x970, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SAVE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x971, METHOD_NEITHER, FILE_ANY_ACCESS)

struct State {
    ULONG Size;
    ULONG Flags;
};

/* A handler is not a probe. */
template <typename F> NTSTATUS Try(F &&body)
{
    __try {
        body();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

class Panel {
public:
    NTSTATUS Fp_try(const State &input);
    NTSTATUS Fn_save(ULONG &target);

private:
    State m_State;
};

/* Probed by a lambda that is called at once. */
NTSTATUS Panel::Fp_try(const State &input)
{
    __try {
        [&input] { ProbeForRead(const_cast<State *>(&input), sizeof(input), 4); }();
        m_State.Size = input.Size; // expect-false: user-pointer-unprobed  a copy in a closure is not known to be the same address
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Called by a template that has the closure by reference. */
NTSTATUS Panel::Fn_save(ULONG &target)
{
    return Try([this, &target] {
        target = m_State.Flags; // expect-missed: user-pointer-unprobed  what a closure holds is not carried through a function that does no more than call it
    });
}

static Panel g_Panel;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;

    switch (request.IoControlCode) {
    case IOCTL_TRY:
        return g_Panel.Fp_try(*static_cast<State *>(request.Type3InputBuffer));
    case IOCTL_SAVE:
        return g_Panel.Fn_save(*static_cast<ULONG *>(irp->UserBuffer));
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
