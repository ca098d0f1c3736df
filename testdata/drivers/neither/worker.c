/* neither: the worker thread, the work item and the timer. */
#include "neither.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, NeitherStartThread)
#pragma alloc_text(PAGE, NeitherStopThread)
#endif

/* First open starts the thread; the mutex keeps two opens from starting two. */
NTSTATUS
NeitherStartThread(PNEITHER_EXTENSION Extension)
{
    HANDLE handle;
    NTSTATUS status = STATUS_SUCCESS;

    PAGED_CODE();

    ExAcquireFastMutex(&Extension->ThreadMutex);
    if (Extension->Thread == NULL) {
        status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, NeitherThread, Extension); // expect: thread-create-raised "APC_LEVEL"
        if (NT_SUCCESS(status)) {
            status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, &Extension->Thread, NULL); // expect: ddi-irql "APC_LEVEL"
            ZwClose(handle); // expect: ddi-irql "APC_LEVEL"
        }
    }
    ExReleaseFastMutex(&Extension->ThreadMutex);
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
        sum = (sum << 1) ^ Bytes[i]; // expect: user-pointer-context "PASSIVE_LEVEL"
    }
    return sum;
}

static VOID
NeitherRunJob(PNEITHER_JOB Job)
{
    NTSTATUS status = STATUS_SUCCESS;
    ULONG sum;

    sum = NeitherSum(Job->Input, Job->InputLength);
    *Job->Result = sum; // expect: user-pointer-context "PASSIVE_LEVEL"

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
    PNEITHER_SAMPLE output = extension->SampleOutput;
    PIRP irp = extension->SampleIrp;

    UNREFERENCED_PARAMETER(DeviceObject);

    output->Sequence = ++extension->Sequence; // expect: user-pointer-context "PASSIVE_LEVEL"

    extension->SampleOutput = NULL;
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

    if (extension->WatchTicks != NULL) {
        *extension->WatchTicks += 1; // expect: user-pointer-context "DISPATCH_LEVEL"
    }
}
