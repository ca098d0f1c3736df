/* C++: references to the requester's memory that are checked and read again. */
#include <ntddk.h>

#define IOCTL_FILL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x990, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SELECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x991, METHOD_NEITHER, FILE_ANY_ACCESS)

struct Fill {
    ULONG Length;
    ULONG Slot;
    UCHAR Data[1];
};

class Panel {
public:
    NTSTATUS Fill_bad(const Fill &fill);
    NTSTATUS Select_bad(Fill *fill);

private:
    UCHAR m_Data[64];
    ULONG m_Slots[8];
};

/* The member is read through the reference each time. */
NTSTATUS Panel::Fill_bad(const Fill &fill)
{
    if (fill.Length > sizeof(m_Data))
        return STATUS_BUFFER_TOO_SMALL;
    RtlCopyMemory(m_Data, fill.Data, fill.Length); // expect: user-double-fetch "Fill.Length"
    return STATUS_SUCCESS;
}

NTSTATUS Panel::Select_bad(Fill *fill)
{
    const ULONG &slot = fill->Slot;

    if (slot >= 8)
        return STATUS_INVALID_PARAMETER;
    m_Slots[slot] = 1; // expect: user-double-fetch "used as an index"
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
            return g_Panel.Fill_bad(*fill);
        return g_Panel.Select_bad(fill);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
