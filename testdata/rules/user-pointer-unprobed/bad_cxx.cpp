/* C++: addresses of the requester behind references, classes and overriders that nobody probed. */
#include <ntddk.h>

#define IOCTL_LOAD CTL_CODE(FILE_DEVICE_UNKNOWN, 0x950, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SAVE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x951, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_LIST CTL_CODE(FILE_DEVICE_UNKNOWN, 0x952, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PAIR CTL_CODE(FILE_DEVICE_UNKNOWN, 0x953, METHOD_NEITHER, FILE_ANY_ACCESS)

struct Filter {
    ULONG Count;
    ULONG *Items;
};

class IHandler {
public:
    virtual VOID Handle(PVOID input, PVOID output) = 0;
};

class Loader : public IHandler {
public:
    VOID Handle(PVOID input, PVOID) override
    {
        __try {
            m_Filter = *static_cast<Filter *>(input); // expect: user-pointer-unprobed "is read"
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            m_Filter.Count = 0;
        }
    }

private:
    Filter m_Filter;
};

class Table {
public:
    NTSTATUS Save_bad(ULONG &target);
    NTSTATUS List_bad(const Filter *filter);
    NTSTATUS Pair_bad(Filter *input);

private:
    ULONG m_Count;
    ULONG m_First;
};

/* What the reference is bound to is the requester's. */
NTSTATUS Table::Save_bad(ULONG &target)
{
    __try {
        target = m_Count; // expect: user-pointer-unprobed "is written"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

/* The system's copy of the filter, the requester's items. */
NTSTATUS Table::List_bad(const Filter *filter)
{
    __try {
        for (ULONG i = 0; i < filter->Count; i++)
            m_First += filter->Items[i]; // expect: user-pointer-unprobed "is read"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* The filter is probed, its items are not. */
NTSTATUS Table::Pair_bad(Filter *input)
{
    __try {
        ProbeForRead(input, sizeof(*input), alignof(Filter));
        ULONG *const items = input->Items;
        *items = m_First; // expect: user-pointer-unprobed "items is written"
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static Loader g_Loader;
static Table g_Table;
static IHandler *g_Handler = &g_Loader;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;

    switch (request.IoControlCode) {
    case IOCTL_LOAD:
        g_Handler->Handle(request.Type3InputBuffer, irp->UserBuffer);
        return STATUS_SUCCESS;
    case IOCTL_SAVE:
        return g_Table.Save_bad(*static_cast<ULONG *>(irp->UserBuffer));
    case IOCTL_LIST:
        return g_Table.List_bad(static_cast<const Filter *>(irp->AssociatedIrp.SystemBuffer));
    case IOCTL_PAIR:
        return g_Table.Pair_bad(static_cast<Filter *>(request.Type3InputBuffer));
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
