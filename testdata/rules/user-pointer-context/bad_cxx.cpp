/* C++: addresses of the requester kept in objects, captured by lambdas, used by methods that the system
 * calls elsewhere. */
#include <ntddk.h>

#define IOCTL_BIND CTL_CODE(FILE_DEVICE_UNKNOWN, 0x910, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_NOTE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x911, METHOD_BUFFERED, FILE_ANY_ACCESS)

struct Note {
    ULONG *Counter;
    ULONG Period;
};

/* What is written to, whoever it belongs to. */
class Sink {
public:
    VOID Bind(ULONG *target) { m_Target = target; }
    VOID Put_bad(ULONG value) { *m_Target = value; } // expect: user-pointer-context "DISPATCH_LEVEL"

private:
    ULONG *m_Target = nullptr;
};

class IJob {
public:
    virtual VOID Run() = 0;
};

/* Its only implementation runs in a work item. */
class CopyJob : public IJob {
public:
    VOID Run() override;
    UCHAR *Source = nullptr;

private:
    UCHAR m_Copy[16];
};

VOID CopyJob::Run()
{
    RtlCopyMemory(m_Copy, Source, sizeof(m_Copy)); // expect: user-pointer-context "PASSIVE_LEVEL"
}

class Device {
public:
    NTSTATUS Control(PIRP irp, PIO_STACK_LOCATION stack);
    static VOID Dpc(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Timer_bad(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Work(PDEVICE_OBJECT, PVOID context);
    static VOID Thread_bad(PVOID context);

    KDPC m_Dpc;
    KDPC m_TimerDpc;
    PIO_WORKITEM m_Item;
    HANDLE m_Thread;

private:
    Sink m_Sink;
    CopyJob m_Copy;
    IJob *m_Job = &m_Copy;
    Note *m_Note = nullptr;
    ULONG *m_Counter = nullptr;
};

VOID Device::Dpc(PKDPC, PVOID context, PVOID, PVOID)
{
    static_cast<Device *>(context)->m_Sink.Put_bad(1);
}

/* The note was read from a buffer that is the kernel's; the pointer in it is not. */
VOID Device::Timer_bad(PKDPC, PVOID context, PVOID, PVOID)
{
    Device &device = *static_cast<Device *>(context);

    if (ULONG *counter = device.m_Counter; counter != nullptr)
        ++*counter; // expect: user-pointer-context "DISPATCH_LEVEL"
}

VOID Device::Work(PDEVICE_OBJECT, PVOID context)
{
    static_cast<Device *>(context)->m_Job->Run();
}

/* A system thread has no addresses of users. */
VOID Device::Thread_bad(PVOID context)
{
    Device *device = static_cast<Device *>(context);
    auto period = [device]() -> ULONG {
        return device->m_Note->Period; // expect: user-pointer-context "PASSIVE_LEVEL"
    };

    while (period() != 0)
        KeStallExecutionProcessor(1);
}

NTSTATUS Device::Control(PIRP irp, PIO_STACK_LOCATION stack)
{
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BIND:
        m_Sink.Bind(static_cast<ULONG *>(irp->UserBuffer));
        m_Copy.Source = static_cast<UCHAR *>(irp->UserBuffer);
        m_Note = static_cast<Note *>(stack->Parameters.DeviceIoControl.Type3InputBuffer);
        IoQueueWorkItem(m_Item, Work, DelayedWorkQueue, this);
        return PsCreateSystemThread(&m_Thread, THREAD_ALL_ACCESS, nullptr, nullptr, nullptr, Thread_bad, this);
    case IOCTL_NOTE:
        m_Counter = static_cast<Note *>(irp->AssociatedIrp.SystemBuffer)->Counter;
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

static NTSTATUS Dispatch(PDEVICE_OBJECT object, PIRP irp)
{
    return static_cast<Device *>(object->DeviceExtension)->Control(irp, IoGetCurrentIrpStackLocation(irp));
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    static Device device;

    KeInitializeDpc(&device.m_Dpc, Device::Dpc, &device);
    KeInitializeDpc(&device.m_TimerDpc, Device::Timer_bad, &device);
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
