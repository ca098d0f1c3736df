/* C++: handles of the requester with its own rights, handles of the driver with the kernel's. */
#include <ntddk.h>

class Reference {
public:
    explicit Reference(KPROCESSOR_MODE mode) : m_Mode(mode) {}
    NTSTATUS Open(HANDLE handle)
    {
        return ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *ExEventObjectType, m_Mode, &m_Object, nullptr);
    }

private:
    const KPROCESSOR_MODE m_Mode;
    PVOID m_Object = nullptr;
};

class Service {
public:
    NTSTATUS User_ok(HANDLE handle);
    NTSTATUS Mode_ok(PIRP irp, HANDLE handle);
    NTSTATUS Own_ok();

private:
    PVOID m_Event;
};

NTSTATUS Service::User_ok(HANDLE handle)
{
    Reference reference(UserMode);

    return reference.Open(handle);
}

NTSTATUS Service::Mode_ok(PIRP irp, HANDLE handle)
{
    return ObReferenceObjectByHandle(handle, 0, *ExEventObjectType, irp->RequestorMode, &m_Event, nullptr);
}

/* The driver made this one. */
NTSTATUS Service::Own_ok()
{
    HANDLE thread;
    NTSTATUS status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, nullptr, nullptr, nullptr, [](PVOID) {}, this);

    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle(thread, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, &m_Event, nullptr);
        ZwClose(thread);
    }
    return status;
}

static Service g_Service;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    HANDLE handle = *static_cast<HANDLE *>(irp->AssociatedIrp.SystemBuffer);

    if (irp->CurrentLocation == 1)
        return g_Service.User_ok(handle);
    if (irp->CurrentLocation == 2)
        return g_Service.Own_ok();
    return g_Service.Mode_ok(irp, handle);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
