/* Settings of framework objects decide the level of their callbacks. */
#include <ntddk.h>
#include <wdf.h>

EVT_WDF_DRIVER_DEVICE_ADD AddDevice;

VOID ReadPassive(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    UNREFERENCED_PARAMETER(Queue);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

VOID WriteInherits(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    UNREFERENCED_PARAMETER(Queue);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

VOID ControlSerial(WDFQUEUE Queue, WDFREQUEST Request, size_t Out, size_t In, ULONG Code)
{
    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(Out);
    UNREFERENCED_PARAMETER(In);
    UNREFERENCED_PARAMETER(Code);
    WdfRequestComplete(Request, STATUS_NOT_SUPPORTED);
}

VOID ReadUnknown(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    UNREFERENCED_PARAMETER(Queue);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

BOOLEAN IsrPassive(WDFINTERRUPT Interrupt, ULONG Message)
{
    UNREFERENCED_PARAMETER(Message);
    WdfInterruptQueueWorkItemForIsr(Interrupt);
    return TRUE;
}

BOOLEAN IsrDevice(WDFINTERRUPT Interrupt, ULONG Message)
{
    UNREFERENCED_PARAMETER(Message);
    WdfInterruptQueueDpcForIsr(Interrupt);
    return TRUE;
}

VOID DpcDevice(WDFINTERRUPT Interrupt, WDFOBJECT Object)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Object);
}

VOID TimerPassive(WDFTIMER Timer)
{
    UNREFERENCED_PARAMETER(Timer);
}

VOID TimerPlain(WDFTIMER Timer)
{
    UNREFERENCED_PARAMETER(Timer);
}

VOID CleanQueue(WDFOBJECT Object)
{
    UNREFERENCED_PARAMETER(Object);
}

VOID CleanMemory(WDFOBJECT Object)
{
    UNREFERENCED_PARAMETER(Object);
}

static VOID SetAttributes(PWDF_OBJECT_ATTRIBUTES Attributes)
{
    Attributes->ExecutionLevel = WdfExecutionLevelPassive;
}

static NTSTATUS MakeQueues(WDFDEVICE Device)
{
    WDF_IO_QUEUE_CONFIG config;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDFQUEUE queue;

    /* one structure, three queues: the last set-up before the creation counts */
    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchSequential);
    config.EvtIoRead = ReadPassive;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    attributes.EvtCleanupCallback = CleanQueue;
    WdfIoQueueCreate(Device, &config, &attributes, &queue);

    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchSequential);
    config.EvtIoWrite = WriteInherits;
    WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &queue);

    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
    config.EvtIoDeviceControl = ControlSerial;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.SynchronizationScope = WdfSynchronizationScopeQueue;
    WdfIoQueueCreate(Device, &config, &attributes, &queue);

    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
    config.EvtIoRead = ReadUnknown;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    SetAttributes(&attributes);
    return WdfIoQueueCreate(Device, &config, &attributes, &queue);
}

static NTSTATUS MakeInterrupts(WDFDEVICE Device)
{
    WDF_INTERRUPT_CONFIG passive, config;
    WDFINTERRUPT interrupt;

    WDF_INTERRUPT_CONFIG_INIT(&passive, IsrPassive, NULL);
    passive.PassiveHandling = TRUE;
    WdfInterruptCreate(Device, &passive, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);

    WDF_INTERRUPT_CONFIG_INIT(&config, IsrDevice, DpcDevice);
    return WdfInterruptCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);
}

static NTSTATUS MakeRest(WDFDEVICE Device)
{
    WDF_TIMER_CONFIG config;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDFTIMER timer;
    WDFMEMORY memory;
    PVOID buffer;

    WDF_TIMER_CONFIG_INIT(&config, TimerPassive);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = Device;
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    WdfTimerCreate(&config, &attributes, &timer);

    WDF_TIMER_CONFIG_INIT(&config, TimerPlain);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = Device;
    WdfTimerCreate(&config, &attributes, &timer);

    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.EvtCleanupCallback = CleanMemory;
    return WdfMemoryCreate(&attributes, NonPagedPoolNx, 0, 64, &memory, &buffer);
}

NTSTATUS AddDevice(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDFDEVICE device;
    WDF_OBJECT_ATTRIBUTES attributes;

    UNREFERENCED_PARAMETER(Driver);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ExecutionLevel = WdfExecutionLevelDispatch;
    WdfDeviceCreate(&DeviceInit, &attributes, &device);
    MakeQueues(device);
    MakeInterrupts(device);
    return MakeRest(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, AddDevice);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}
