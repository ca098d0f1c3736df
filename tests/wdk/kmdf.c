// KMDF: roles, typed contexts, locks and attributes parse as plain declarations and calls.
#include <ntddk.h>
#include <wdf.h>

WDF_DECLARE_CUSTOM_TYPE(TAG_OF_MINE)
void *AddTag(void) {
    return (void *)WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(TAG_OF_MINE);
}

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;
EVT_WDF_INTERRUPT_ISR Isr;
EVT_WDF_INTERRUPT_DPC Dpc;
EVT_WDF_IO_QUEUE_IO_READ IoRead;

typedef struct _DEVICE_CONTEXT {
    WDFSPINLOCK Lock;
    WDFINTERRUPT Interrupt;
    ULONG Count;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_INTERRUPT_CONFIG interrupt;
    WDF_IO_QUEUE_CONFIG queue;
    WDFDEVICE device;
    NTSTATUS status;

    PAGED_CODE();
    UNREFERENCED_PARAMETER(Driver);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_CONTEXT);
    status = WdfDeviceCreate(&Init, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    WDF_INTERRUPT_CONFIG_INIT(&interrupt, Isr, Dpc);
    interrupt.PassiveHandling = TRUE;
    status = WdfInterruptCreate(device, &interrupt, WDF_NO_OBJECT_ATTRIBUTES,
                                &GetContext(device)->Interrupt);
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchSequential);
    queue.EvtIoRead = IoRead;
    return WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

BOOLEAN Isr(WDFINTERRUPT Interrupt, ULONG MessageId) {
    UNREFERENCED_PARAMETER(MessageId);
    WdfInterruptQueueDpcForIsr(Interrupt);
    return TRUE;
}

VOID Dpc(WDFINTERRUPT Interrupt, WDFOBJECT Device) {
    PDEVICE_CONTEXT context = GetContext(Device);
    UNREFERENCED_PARAMETER(Interrupt);
    WdfSpinLockAcquire(context->Lock);
    context->Count++;
    WdfSpinLockRelease(context->Lock);
}

VOID IoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
    PDEVICE_CONTEXT context = WdfObjectGetTypedContext(WdfIoQueueGetDevice(Queue), DEVICE_CONTEXT);
    WDFVERIFY(context != NULL);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
