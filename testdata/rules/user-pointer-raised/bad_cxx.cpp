/* C++: addresses of the requester used while a guard or an object holds the level up. */
#include <ntddk.h>

#define IOCTL_SNAP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x970, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_FEED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x971, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_MARK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x972, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_END CTL_CODE(FILE_DEVICE_UNKNOWN, 0x973, METHOD_NEITHER, FILE_ANY_ACCESS)

class Guard {
public:
    explicit Guard(KSPIN_LOCK &lock) { KeAcquireInStackQueuedSpinLock(&lock, &m_Handle); }
    ~Guard() { KeReleaseInStackQueuedSpinLock(&m_Handle); }

private:
    KLOCK_QUEUE_HANDLE m_Handle;
};

/* Writes what it gathered where it was told to, when it ends. */
class Report {
public:
    explicit Report(ULONG *target) : m_Target(target) {}
    ~Report() { *m_Target = m_Lines; } // expect: user-pointer-raised "is written"
    VOID Line() { m_Lines++; }

private:
    ULONG *m_Target;
    ULONG m_Lines = 0;
};

class Ring {
public:
    VOID Snap_bad(PVOID output);
    VOID Feed_bad(const UCHAR *input, ULONG length);
    VOID Mark_bad(ULONG &mark);
    VOID End_bad(PVOID output);

private:
    template <typename F> VOID Under(F body)
    {
        KIRQL irql;

        KeAcquireSpinLock(&m_Lock, &irql);
        body(m_Head);
        KeReleaseSpinLock(&m_Lock, irql);
    }

    KSPIN_LOCK m_Lock;
    ULONG m_Head;
    UCHAR m_Data[64];
};

VOID Ring::Snap_bad(PVOID output)
{
    Guard guard(m_Lock);

    RtlCopyMemory(output, m_Data, sizeof(m_Data)); // expect: user-pointer-raised "written by RtlCopyMemory"
}

/* Probed and guarded by the caller, which helps nothing at this level. */
VOID Ring::Feed_bad(const UCHAR *input, ULONG length)
{
    KIRQL irql;

    KeAcquireSpinLock(&m_Lock, &irql);
    for (ULONG i = 0; i < length; i++)
        m_Data[m_Head++ % 64] = input[i]; // expect: user-pointer-raised "is read"
    KeReleaseSpinLock(&m_Lock, irql);
}

VOID Ring::Mark_bad(ULONG &mark)
{
    Under([&mark](ULONG head) {
        mark = head; // expect: user-pointer-raised "is written"
    });
}

/* The report ends before the guard. */
VOID Ring::End_bad(PVOID output)
{
    Guard guard(m_Lock);
    Report report(static_cast<ULONG *>(output));

    report.Line();
}

static Ring g_Ring;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;

    __try {
        ProbeForWrite(irp->UserBuffer, request.OutputBufferLength, 1);
        ProbeForRead(request.Type3InputBuffer, request.InputBufferLength, 1);
        switch (request.IoControlCode) {
        case IOCTL_SNAP:
            g_Ring.Snap_bad(irp->UserBuffer);
            break;
        case IOCTL_FEED:
            g_Ring.Feed_bad(static_cast<const UCHAR *>(request.Type3InputBuffer), request.InputBufferLength);
            break;
        case IOCTL_MARK:
            g_Ring.Mark_bad(*static_cast<ULONG *>(irp->UserBuffer));
            break;
        case IOCTL_END:
            g_Ring.End_bad(irp->UserBuffer);
            break;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
