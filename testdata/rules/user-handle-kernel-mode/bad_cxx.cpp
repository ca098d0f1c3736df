/* C++: classes that turn the requester's handles into objects with the rights of the kernel. */
#include <ntddk.h>

struct Registration {
    HANDLE Event;
    HANDLE Section;
};

/* References an object for as long as it lives; asks no questions unless told to. */
template <typename T> class ObjectRef {
public:
    NTSTATUS Open(HANDLE handle, POBJECT_TYPE type, KPROCESSOR_MODE mode = KernelMode)
    {
        return ObReferenceObjectByHandle(handle, 0, type, mode, reinterpret_cast<PVOID *>(&m_Object), nullptr); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
    }
    ~ObjectRef()
    {
        if (m_Object != nullptr)
            ObDereferenceObject(m_Object);
    }

private:
    T *m_Object = nullptr;
};

class Client {
public:
    NTSTATUS Register_bad(const Registration &registration);
    NTSTATUS Wrap_bad(PIRP irp);
    NTSTATUS Lambda_bad(HANDLE handle);

private:
    PVOID m_Event;
    ObjectRef<KEVENT> m_Ref;
};

NTSTATUS Client::Register_bad(const Registration &registration)
{
    return ObReferenceObjectByHandle(registration.Event, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, &m_Event, nullptr); // expect: user-handle-kernel-mode "rights of the kernel"
}

NTSTATUS Client::Wrap_bad(PIRP irp)
{
    const auto *registration = static_cast<const Registration *>(irp->AssociatedIrp.SystemBuffer);

    return m_Ref.Open(registration->Section, *ExEventObjectType);
}

NTSTATUS Client::Lambda_bad(HANDLE handle)
{
    auto reference = [this](HANDLE each) {
        return ObReferenceObjectByHandle(each, 0, nullptr, KernelMode, &m_Event, nullptr); // expect: user-handle-kernel-mode "ObReferenceObjectByHandle"
    };

    return reference(handle);
}

static Client g_Client;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto *buffer = static_cast<Registration *>(irp->AssociatedIrp.SystemBuffer);

    switch (IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.IoControlCode) {
    case 0:
        return g_Client.Register_bad(*buffer);
    case 4:
        return g_Client.Wrap_bad(irp);
    default:
        return g_Client.Lambda_bad(buffer->Event);
    }
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
