/* user-buffer-context: the requester's own buffer asked for outside its thread. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
    WDFREQUEST Pending;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL IoDeviceControl_bad;
EVT_WDF_IO_QUEUE_IO_READ IoRead_bad;
EVT_WDF_IO_QUEUE_IO_WRITE IoWrite_bad;
EVT_WDF_IO_QUEUE_IO_DEFAULT IoDefault_bad;
EVT_WDF_WORKITEM Worker_bad;
EVT_WDF_TIMER Timer_bad;

VOID IoDeviceControl_bad(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength,
                         size_t InputBufferLength, ULONG IoControlCode)
{
    PVOID buffer;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    UNREFERENCED_PARAMETER(IoControlCode);
    status = WdfRequestRetrieveUnsafeUserInputBuffer(Request, 4, &buffer, NULL); // expect: user-buffer-context "an arbitrary thread"
    WdfRequestComplete(Request, status);
}

static NTSTATUS GetOutput_bad(WDFREQUEST Request, PVOID *Buffer)
{
    return WdfRequestRetrieveUnsafeUserOutputBuffer(Request, 8, Buffer, NULL); // expect: user-buffer-context "WdfRequestRetrieveUnsafeUserOutputBuffer"
}

VOID IoRead_bad(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    PVOID buffer;

    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(Length);
    WdfRequestComplete(Request, GetOutput_bad(Request, &buffer));
}

VOID IoWrite_bad(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    PVOID buffer;
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(Queue);
    if (Length != 0) {
        status = WdfRequestRetrieveUnsafeUserInputBuffer(Request, Length, &buffer, NULL); // expect: user-buffer-context "an arbitrary thread"
    }
    WdfRequestComplete(Request, status);
}

VOID IoDefault_bad(WDFQUEUE Queue, WDFREQUEST Request)
{
    PVOID input, output;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Queue);
    status = WdfRequestRetrieveUnsafeUserInputBuffer(Request, 4, &input, NULL); // expect: user-buffer-context "an arbitrary thread"
    if (NT_SUCCESS(status)) {
        status = WdfRequestRetrieveUnsafeUserOutputBuffer(Request, 4, &output, NULL); // expect: user-buffer-context "an arbitrary thread"
    }
    WdfRequestComplete(Request, status);
}

VOID Worker_bad(WDFWORKITEM WorkItem)
{
    PDEVICE_CONTEXT device = GetContext(WdfWorkItemGetParentObject(WorkItem));
    PVOID buffer;
    NTSTATUS status;

    status = WdfRequestRetrieveUnsafeUserOutputBuffer(device->Pending, 4, &buffer, NULL); // expect: user-buffer-context "a system thread"
    WdfRequestComplete(device->Pending, status);
}

VOID Timer_bad(WDFTIMER Timer)
{
    PDEVICE_CONTEXT device = GetContext(WdfTimerGetParentObject(Timer));
    PVOID buffer;
    NTSTATUS status;

    status = WdfRequestRetrieveUnsafeUserInputBuffer(device->Pending, 4, &buffer, NULL); // expect: user-buffer-context "a system thread"
    WdfRequestComplete(device->Pending, status);
}

NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_IO_QUEUE_CONFIG queue;
    WDF_WORKITEM_CONFIG work;
    WDF_TIMER_CONFIG timer;
    WDFDEVICE device;
    WDFWORKITEM item;
    WDFTIMER clock;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Driver);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_CONTEXT);
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
    queue.EvtIoDeviceControl = IoDeviceControl_bad;
    queue.EvtIoRead = IoRead_bad;
    queue.EvtIoWrite = IoWrite_bad;
    queue.EvtIoDefault = IoDefault_bad;
    status = WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    WDF_WORKITEM_CONFIG_INIT(&work, Worker_bad);
    status = WdfWorkItemCreate(&work, &attributes, &item);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_TIMER_CONFIG_INIT(&timer, Timer_bad);
    return WdfTimerCreate(&timer, &attributes, &clock);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}
