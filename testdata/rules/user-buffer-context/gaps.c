/* user-buffer-context: what the analysis is known to get wrong. */
#include <ntddk.h>
#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD DeviceAdd;
EVT_WDF_IO_IN_CALLER_CONTEXT InCallerContext;

static WDFREQUEST Kept;

/* In the thread of a requester, but of another request. */
static NTSTATUS Fn_otherRequest(VOID)
{
    PVOID buffer;

    return WdfRequestRetrieveUnsafeUserInputBuffer(Kept, 4, &buffer, NULL); // expect-missed: user-buffer-context  whose request it is is not known
}

VOID InCallerContext(WDFDEVICE Device, WDFREQUEST Request)
{
    UNREFERENCED_PARAMETER(Device);
    if (Kept != NULL) {
        WdfRequestComplete(Kept, Fn_otherRequest());
    }
    Kept = Request;
}

NTSTATUS DeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDFDEVICE device;

    UNREFERENCED_PARAMETER(Driver);
    WdfDeviceInitSetIoInCallerContextCallback(DeviceInit, InCallerContext);
    return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, DeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
}
