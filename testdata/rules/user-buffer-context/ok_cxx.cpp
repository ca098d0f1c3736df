/* C++: the requester's buffer asked for in its own thread; later on its locked pages are used. */
#include <ntddk.h>
#include <wdf.h>

class Transfer {
public:
    NTSTATUS Lock(WDFREQUEST request, size_t length)
    {
        PVOID buffer;
        NTSTATUS status = WdfRequestRetrieveUnsafeUserInputBuffer(request, length, &buffer, nullptr);

        if (NT_SUCCESS(status))
            status = WdfRequestProbeAndLockUserBufferForRead(request, buffer, length, &m_Memory);
        return status;
    }
    WDFMEMORY Memory() const { return m_Memory; }

private:
    WDFMEMORY m_Memory = nullptr;
};

struct REQUEST_CONTEXT {
    Transfer Data;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST_CONTEXT, RequestContext)

class Camera {
public:
    static EVT_WDF_IO_IN_CALLER_CONTEXT InCaller_ok;
    static EVT_WDF_IO_QUEUE_IO_WRITE OnWrite_ok;
};

/* Runs in the thread of the requester. */
VOID Camera::InCaller_ok(WDFDEVICE device, WDFREQUEST request)
{
    NTSTATUS status = RequestContext(request)->Data.Lock(request, 64);

    if (NT_SUCCESS(status))
        status = WdfDeviceEnqueueRequest(device, request);
    if (!NT_SUCCESS(status))
        WdfRequestComplete(request, status);
}

VOID Camera::OnWrite_ok(WDFQUEUE, WDFREQUEST request, size_t)
{
    auto &data = RequestContext(request)->Data;
    auto bytes = static_cast<UCHAR *>(WdfMemoryGetBuffer(data.Memory(), nullptr));

    WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, bytes[0]);
}

static NTSTATUS DeviceAdd(WDFDRIVER, PWDFDEVICE_INIT init)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_IO_QUEUE_CONFIG queue;
    WDFDEVICE device;
    WDFQUEUE handle;

    WdfDeviceInitSetIoInCallerContextCallback(init, Camera::InCaller_ok);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, REQUEST_CONTEXT);
    WdfDeviceInitSetRequestAttributes(init, &attributes);
    NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status))
        return status;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchSequential);
    queue.EvtIoWrite = Camera::OnWrite_ok;
    return WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, &handle);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
