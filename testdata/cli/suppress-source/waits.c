#include <ntddk.h>

KSPIN_LOCK Lock;
KEVENT Event;

static VOID Wait(VOID)
{
    LARGE_INTEGER t = {0};
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL); // irqlint: allow(blocking-raised) the event is set here
    // irqlint: allow(blocking-raised, ddi-irql) a statement of several lines
    KeDelayExecutionThread(
        KernelMode,
        FALSE,
        &t);
    KeDelayExecutionThread(KernelMode, FALSE, &t); /* not this one */
#pragma warning(suppress: 28121)
    KeDelayExecutionThread(KernelMode, FALSE, &t);
    // irqlint: allow(blocking-raised)
    KeDelayExecutionThread(KernelMode, FALSE, &t); /* no reason: reported */
    // irqlint: allow(blocking-rased) a typing error
    // irqlint: allow(lock-not-held) nothing to allow
    KeDelayExecutionThread(KernelMode, FALSE, &t); /* reported */
    // irqlint: disallow
    DbgPrint("// irqlint: allow(blocking-raised) in a string\n");
}

/* Waits.
   irqlint: allow(blocking-raised) the whole function: tests only */
_Use_decl_annotations_
static
VOID
WaitTwice(
    VOID
    )
{
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
}

#pragma warning(push)
#pragma warning(disable: 28121 4100)
static VOID WaitQuietly(VOID)
{
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
}
#pragma warning(pop)

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT d)
{
    KIRQL irql;
    UNREFERENCED_PARAMETER(d);
    KeAcquireSpinLock(&Lock, &irql);
    Wait();
    WaitTwice();
    WaitQuietly();
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL); /* reported */
    KeReleaseSpinLock(&Lock, irql);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)
{
    UNREFERENCED_PARAMETER(p);
    d->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
