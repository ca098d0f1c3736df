/* C++: the requester's memory is copied before it is checked. */
#include <ntddk.h>

#define IOCTL_FILL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x9a0, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SELECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x9a1, METHOD_NEITHER, FILE_ANY_ACCESS)

struct Fill {
    ULONG Length;
    ULONG Slot;
    UCHAR Data[1];
};

class Panel {
public:
    NTSTATUS Fill_ok(const Fill &fill);
    NTSTATUS Select_ok(Fill *fill);

private:
    UCHAR m_Data[64];
    ULONG m_Slots[8];
};

NTSTATUS Panel::Fill_ok(const Fill &fill)
{
    const ULONG length = fill.Length;

    if (length > sizeof(m_Data))
        return STATUS_BUFFER_TOO_SMALL;
    RtlCopyMemory(m_Data, fill.Data, length);
    return STATUS_SUCCESS;
}

NTSTATUS Panel::Select_ok(Fill *fill)
{
    const Fill copy = *fill;

    if (copy.Slot >= 8)
        return STATUS_INVALID_PARAMETER;
    m_Slots[copy.Slot] = 1;
    return STATUS_SUCCESS;
}

static Panel g_Panel;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;
    Fill *fill = static_cast<Fill *>(request.Type3InputBuffer);

    __try {
        ProbeForRead(fill, request.InputBufferLength, alignof(Fill));
        if (request.IoControlCode == IOCTL_FILL)
            return g_Panel.Fill_ok(*fill);
        return g_Panel.Select_ok(fill);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
