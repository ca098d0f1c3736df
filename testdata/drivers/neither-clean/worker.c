/* neither: the worker thread, the work item and the timer. */
#include "neither.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, NeitherStartThread)
#pragma alloc_text(PAGE, NeitherStopThread)
#endif

/* Called once, by DriverEntry, at PASSIVE_LEVEL. */
NTSTATUS
NeitherStartThread(PNEITHER_EXTENSION Extension)
{
    HANDLE handle;
    NTSTATUS status;

    PAGED_CODE();

    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, NeitherThread,
                                  Extension);
    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode,
                                           &Extension->Thread, NULL);
        ZwClose(handle);
    }
    return status;
}

VOID
NeitherStopThread(PNEITHER_EXTENSION Extension)
{
    PAGED_CODE();

    if (Extension->Thread == NULL) {
        return;
    }
    Extension->Stopping = TRUE;
    KeSetEvent(&Extension->Wake, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(Extension->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Extension->Thread);
    Extension->Thread = NULL;
}

VOID
NeitherQueueJob(PNEITHER_EXTENSION Extension, PNEITHER_JOB Job)
{
    ExInterlockedInsertTailList(&Extension->Jobs, &Job->Link, &Extension->JobLock);
    KeSetEvent(&Extension->Wake, IO_NO_INCREMENT, FALSE);
}

static ULONG
NeitherSum(PUCHAR Bytes, ULONG Length)
{
    ULONG sum = 0;
    ULONG i;

    for (i = 0; i < Length; i++) {
        sum = (sum << 1) ^ Bytes[i];
    }
    return sum;
}

static VOID
NeitherRunJob(PNEITHER_JOB Job)
{
    NTSTATUS status = STATUS_SUCCESS;
    ULONG sum;

    sum = NeitherSum((PUCHAR)Job->Input.Address, Job->InputLength);
    *(PULONG)Job->Result.Address = sum;
    NeitherUnpin(&Job->Input);
    NeitherUnpin(&Job->Result);

    NeitherComplete(Job->Irp, status, sizeof(ULONG));
    ExFreePoolWithTag(Job, NEITHER_TAG);
}

VOID
NeitherThread(PVOID StartContext)
{
    PNEITHER_EXTENSION extension = (PNEITHER_EXTENSION)StartContext;
    PLIST_ENTRY entry;

    while (!extension->Stopping) {
        KeWaitForSingleObject(&extension->Wake, Executive, KernelMode, FALSE, NULL);
        for (;;) {
            entry = ExInterlockedRemoveHeadList(&extension->Jobs, &extension->JobLock);
            if (entry == NULL) {
                break;
            }
            NeitherRunJob(CONTAINING_RECORD(entry, NEITHER_JOB, Link));
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID
NeitherSampleWorker(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PNEITHER_EXTENSION extension = (PNEITHER_EXTENSION)Context;
    PNEITHER_SAMPLE output = (PNEITHER_SAMPLE)extension->SamplePin.Address;
    PIRP irp = extension->SampleIrp;

    UNREFERENCED_PARAMETER(DeviceObject);

    output->Sequence = ++extension->Sequence;

    NeitherUnpin(&extension->SamplePin);
    extension->SampleIrp = NULL;
    InterlockedExchange(&extension->SampleBusy, 0);
    NeitherComplete(irp, STATUS_SUCCESS, sizeof(NEITHER_SAMPLE));
}

VOID
NeitherTimerDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    PNEITHER_EXTENSION extension = (PNEITHER_EXTENSION)DeferredContext;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    KeAcquireSpinLockAtDpcLevel(&extension->WatchLock);
    if (extension->WatchPin.Address != NULL) {
        *(PULONG)extension->WatchPin.Address += 1;
    }
    KeReleaseSpinLockFromDpcLevel(&extension->WatchLock);
}
