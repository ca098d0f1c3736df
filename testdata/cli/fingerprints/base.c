#include <ntddk.h>

typedef struct _EXTENSION {
    KSPIN_LOCK Lock;
    KEVENT Event;
    PVOID Buffer;
} EXTENSION, *PEXTENSION;

KDEFERRED_ROUTINE Dpc;
DRIVER_UNLOAD Unload;

VOID Paged(PEXTENSION extension);
#pragma alloc_text(PAGE, Paged)

VOID Paged(PEXTENSION extension)
{
    PAGED_CODE();
    extension->Buffer = NULL;
}

VOID Dpc(PKDPC dpc, PVOID context, PVOID first, PVOID second)
{
    PEXTENSION extension = context;
    LARGE_INTEGER time;
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(first);
    UNREFERENCED_PARAMETER(second);
    time.QuadPart = -1000;
    if (extension->Buffer != NULL) {
        KeDelayExecutionThread(KernelMode, FALSE, &time);
        Paged(extension);
    }
    KeWaitForSingleObject(&extension->Event, Executive, KernelMode, FALSE, NULL);
}

VOID Unload(PDRIVER_OBJECT driver)
{
    static EXTENSION device;
    static KDPC object;
    KIRQL irql;
    UNREFERENCED_PARAMETER(driver);
    KeInitializeDpc(&object, Dpc, &device);
    KeAcquireSpinLock(&device.Lock, &irql);
    if (device.Buffer == NULL)
        return;
    KeReleaseSpinLock(&device.Lock, irql);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNREFERENCED_PARAMETER(path);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
