/* C++: classes that ask for the requester's buffer in queue callbacks, timers and work items. */
#include <ntddk.h>
#include <wdf.h>

class Channel;
struct CHANNEL_SLOT {
    Channel *Object;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(CHANNEL_SLOT, SlotOf)

/* Asks in its constructor. */
class UserInput {
public:
    UserInput(WDFREQUEST request, size_t length)
    {
        m_Status = WdfRequestRetrieveUnsafeUserInputBuffer(request, length, &m_Buffer, nullptr); // expect: user-buffer-context "an arbitrary thread"
    }
    operator NTSTATUS() const { return m_Status; }

private:
    NTSTATUS m_Status;
    PVOID m_Buffer;
};

class Channel {
public:
    virtual NTSTATUS Read(WDFREQUEST request, size_t length)
    {
        PVOID buffer;

        return WdfRequestRetrieveUnsafeUserOutputBuffer(request, length, &buffer, nullptr); // expect: user-buffer-context "an arbitrary thread"
    }
    static EVT_WDF_IO_QUEUE_IO_READ OnRead;
    static EVT_WDF_IO_QUEUE_IO_WRITE OnWrite;
    static EVT_WDF_WORKITEM OnWork_bad;

    WDFREQUEST m_Pending;
};

VOID Channel::OnRead(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    Channel *self = SlotOf(WdfIoQueueGetDevice(queue))->Object;

    WdfRequestComplete(request, self->Read(request, length));
}

VOID Channel::OnWrite(WDFQUEUE, WDFREQUEST request, size_t length)
{
    UserInput input(request, length);

    WdfRequestComplete(request, input);
}

VOID Channel::OnWork_bad(WDFWORKITEM item)
{
    Channel *self = SlotOf(WdfWorkItemGetParentObject(item))->Object;
    auto ask = [self](PVOID *buffer) {
        return WdfRequestRetrieveUnsafeUserInputBuffer(self->m_Pending, 4, buffer, nullptr); // expect: user-buffer-context "a system thread"
    };
    PVOID buffer;

    WdfRequestComplete(self->m_Pending, ask(&buffer));
}

static NTSTATUS DeviceAdd(WDFDRIVER, PWDFDEVICE_INIT init)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_IO_QUEUE_CONFIG queue;
    WDF_WORKITEM_CONFIG work;
    WDFWORKITEM item;
    WDFDEVICE device;
    WDFQUEUE handle;

    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    NTSTATUS status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status))
        return status;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
    queue.EvtIoRead = Channel::OnRead;
    queue.EvtIoWrite = Channel::OnWrite;
    WDF_WORKITEM_CONFIG_INIT(&work, Channel::OnWork_bad);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    status = WdfWorkItemCreate(&work, &attributes, &item);
    if (!NT_SUCCESS(status))
        return status;
    return WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, &handle);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
