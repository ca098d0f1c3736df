/* blocking-raised: everything below one callback rests on the framework's default level: one finding, the
 * shortest path, which counts the others. */
#include <ntddk.h>
#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL DeviceControl;
EVT_WDF_IO_QUEUE_IO_READ Read;

static WDFWAITLOCK Guard;
static ULONG Count;

static VOID Deeper_bad(VOID)
{
    WdfWaitLockAcquire(Guard, NULL);
    Count++;
    WdfWaitLockRelease(Guard);
}

VOID DeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength, ULONG Code)
{
    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(OutputLength);
    UNREFERENCED_PARAMETER(InputLength);
    if (Code == 1) {
        Deeper_bad();
    }
    WdfWaitLockAcquire(Guard, NULL); // expect: blocking-raised "and 1 more line below the same callback"
    Count++;
    WdfWaitLockRelease(Guard);
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

/* Another callback is another thing to decide. */
VOID Read(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
    UNREFERENCED_PARAMETER(Queue);
    WdfWaitLockAcquire(Guard, NULL); // expect: blocking-raised "where nothing may block"
    Count += (ULONG)Length;
    WdfWaitLockRelease(Guard);
    WdfRequestComplete(Request, STATUS_SUCCESS);
}

NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDF_IO_QUEUE_CONFIG config;
    WDFDEVICE device;
    NTSTATUS status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);

    UNREFERENCED_PARAMETER(Driver);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
    config.EvtIoDeviceControl = DeviceControl;
    config.EvtIoRead = Read;
    return WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
