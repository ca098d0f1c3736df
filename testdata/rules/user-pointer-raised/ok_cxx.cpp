/* C++: what the guard protects is copied inside, the requester's memory is touched outside. */
#include <ntddk.h>

#define IOCTL_PEEK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x980, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_POKE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x981, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_LOOK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x982, METHOD_NEITHER, FILE_ANY_ACCESS)

class Locked {
public:
    explicit Locked(KSPIN_LOCK &lock) : m_Lock(lock) { KeAcquireSpinLock(&m_Lock, &m_Irql); }
    ~Locked() { KeReleaseSpinLock(&m_Lock, m_Irql); }

private:
    KSPIN_LOCK &m_Lock;
    KIRQL m_Irql;
};

/* Does not raise. */
class Exclusive {
public:
    explicit Exclusive(EX_PUSH_LOCK &lock) : m_Lock(lock)
    {
        KeEnterCriticalRegion();
        ExAcquirePushLockExclusive(&m_Lock);
    }
    ~Exclusive()
    {
        ExReleasePushLockExclusive(&m_Lock);
        KeLeaveCriticalRegion();
    }

private:
    EX_PUSH_LOCK &m_Lock;
};

struct Values {
    ULONG Low;
    ULONG High;
};

class Sensor {
public:
    VOID Peek_ok(Values *output);
    VOID Poke_ok(const Values &input);
    VOID Look_ok(PVOID output, ULONG index);
    Values Copy()
    {
        Locked locked(m_Lock);

        return m_Values;
    }

private:
    KSPIN_LOCK m_Lock;
    EX_PUSH_LOCK m_Config;
    Values m_Values;
    PVOID m_Owner;
};

/* The copy is complete before the assignment. */
VOID Sensor::Peek_ok(Values *output)
{
    *output = Copy();
}

VOID Sensor::Poke_ok(const Values &input)
{
    const Values local = input;
    Locked locked(m_Lock);

    m_Values = local;
}

/* A push lock leaves the level alone; the address itself may be kept under any lock. */
VOID Sensor::Look_ok(PVOID output, ULONG index)
{
    {
        Locked locked(m_Lock);
        m_Owner = output;
    }
    Exclusive exclusive(m_Config);
    static_cast<ULONG *>(output)[index] = m_Values.Low;
}

static Sensor g_Sensor;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    auto &request = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;

    __try {
        ProbeForWrite(irp->UserBuffer, request.OutputBufferLength, 1);
        ProbeForRead(request.Type3InputBuffer, sizeof(Values), 4);
        if (request.IoControlCode == IOCTL_PEEK)
            g_Sensor.Peek_ok(static_cast<Values *>(irp->UserBuffer));
        else if (request.IoControlCode == IOCTL_POKE)
            g_Sensor.Poke_ok(*static_cast<const Values *>(request.Type3InputBuffer));
        else if (request.IoControlCode == IOCTL_LOOK)
            g_Sensor.Look_ok(irp->UserBuffer, 0);
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
