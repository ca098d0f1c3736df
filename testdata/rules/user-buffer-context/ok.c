/* user-buffer-context: the requester's buffer asked for in its thread, or a safe one elsewhere. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
    WDFMEMORY Input;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;
EVT_WDF_IO_IN_CALLER_CONTEXT InCallerContext_ok;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL IoDeviceControl_ok;
EVT_WDF_IO_QUEUE_IO_READ IoRead_ok;
EVT_WDF_IO_QUEUE_IO_WRITE IoWrite_ok;

/* A helper of EvtIoInCallerContext. */
static NTSTATUS LockOutput_ok(WDFREQUEST Request, WDFMEMORY *Memory)
{
    PVOID buffer;
    size_t length;
    NTSTATUS status = WdfRequestRetrieveUnsafeUserOutputBuffer(Request, 4, &buffer, &length);

    if (NT_SUCCESS(status)) {
        status = WdfRequestProbeAndLockUserBufferForWrite(Request, buffer, length, Memory);
    }
    return status;
}

static NTSTATUS LockInput_ok(WDFREQUEST Request, WDFMEMORY *Memory)
{
    PVOID buffer;
    size_t length;
    NTSTATUS status = WdfRequestRetrieveUnsafeUserInputBuffer(Request, 4, &buffer, &length);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    return WdfRequestProbeAndLockUserBufferForRead(Request, buffer, length, Memory);
}

VOID InCallerContext_ok(WDFDEVICE Device, WDFREQUEST Request)
{
    PDEVICE_CONTEXT device = GetContext(Device);
    WDFMEMORY output;
    NTSTATUS status;

    status = LockInput_ok(Request, &device->Input);
    if (NT_SUCCESS(status)) {
        status = LockOutput_ok(Request, &output);
    }
    if (NT_SUCCESS(status)) {
        status = WdfDeviceEnqueueRequest(Device, Request);
    }
    if (!NT_SUCCESS(status)) {
        WdfRequestComplete(Request, status);
    }
}

/* The memory object that was made there. */
VOID IoDeviceControl_ok(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength,
                        size_t InputBufferLength, ULONG IoControlCode)
{
    PDEVICE_CONTEXT device = GetContext(WdfIoQueueGetDevice(Queue));

    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    UNREFERENCED_PARAMETER(IoControlCode);
    device->Count += *(PULONG)WdfMemoryGetBuffer(device->Input, NULL);
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

/* Buffers that the system made safe. */
VOID IoRead_ok(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    PULONG buffer;
    NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, sizeof(ULONG), (PVOID *)&buffer, NULL);

    UNREFERENCED_PARAMETER(Length);
    if (NT_SUCCESS(status)) {
        *buffer = GetContext(WdfIoQueueGetDevice(Queue))->Count;
    }
    WdfRequestComplete(Request, status);
}

VOID IoWrite_ok(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    PULONG buffer;
    NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, sizeof(ULONG), (PVOID *)&buffer, NULL);

    UNREFERENCED_PARAMETER(Length);
    if (NT_SUCCESS(status)) {
        GetContext(WdfIoQueueGetDevice(Queue))->Count = *buffer;
    }
    WdfRequestComplete(Request, status);
}

NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_IO_QUEUE_CONFIG queue;
    WDFDEVICE device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Driver);
    WdfDeviceInitSetIoInCallerContextCallback(DeviceInit, InCallerContext_ok);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_CONTEXT);
    status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
    queue.EvtIoDeviceControl = IoDeviceControl_ok;
    queue.EvtIoRead = IoRead_ok;
    queue.EvtIoWrite = IoWrite_ok;
    return WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}
