/* C++: what runs elsewhere uses copies and the system's addresses of locked pages. */
#include <ntddk.h>

#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x920, METHOD_NEITHER, FILE_ANY_ACCESS)

/* Locks pages for as long as it lives. */
class Pages {
public:
    NTSTATUS Lock(PVOID address, ULONG size)
    {
        m_Mdl = IoAllocateMdl(address, size, FALSE, FALSE, nullptr);
        if (m_Mdl == nullptr)
            return STATUS_INSUFFICIENT_RESOURCES;
        __try {
            MmProbeAndLockPages(m_Mdl, UserMode, IoWriteAccess);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            IoFreeMdl(m_Mdl);
            m_Mdl = nullptr;
            return GetExceptionCode();
        }
        m_System = static_cast<UCHAR *>(MmGetSystemAddressForMdlSafe(m_Mdl, NormalPagePriority));
        return m_System != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    UCHAR *System() const { return m_System; }

private:
    PMDL m_Mdl = nullptr;
    UCHAR *m_System = nullptr;
};

struct Setup {
    ULONG Rate;
    ULONG Gain;
    ULONG *Unused;
};

/* Compares handles: an address as a number. */
class Session {
public:
    explicit Session(PVOID key = nullptr) : m_Key(key) {}
    bool Is(PVOID key) const { return m_Key == key; }

private:
    PVOID m_Key;
};

class Recorder {
public:
    NTSTATUS Control_ok(PIRP irp, PIO_STACK_LOCATION stack);
    static VOID Dpc_ok(PKDPC, PVOID context, PVOID, PVOID);
    static VOID Work_ok(PDEVICE_OBJECT, PVOID context);

    KDPC m_Dpc;
    PIO_WORKITEM m_Item;

private:
    VOID Capture_ok(const Setup *from);

    Pages m_Pages;
    Setup m_Setup;
    Session m_Session;
    PVOID m_Last;
};

/* The copy is what the DPC uses. */
VOID Recorder::Capture_ok(const Setup *from)
{
    __try {
        ProbeForRead(const_cast<Setup *>(from), sizeof(*from), alignof(Setup));
        m_Setup = *from;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        m_Setup = {};
    }
    m_Setup.Unused = nullptr;
}

VOID Recorder::Dpc_ok(PKDPC, PVOID context, PVOID, PVOID)
{
    Recorder *self = static_cast<Recorder *>(context);
    UCHAR *target = self->m_Pages.System();

    if (target != nullptr)
        target[0] = static_cast<UCHAR>(self->m_Setup.Gain);
}

/* Looks at the address, not behind it. */
VOID Recorder::Work_ok(PDEVICE_OBJECT, PVOID context)
{
    Recorder &self = *static_cast<Recorder *>(context);
    auto same = [&self](PVOID key) { return self.m_Session.Is(key); };

    if (same(self.m_Last))
        self.m_Setup.Rate = 0;
}

NTSTATUS Recorder::Control_ok(PIRP irp, PIO_STACK_LOCATION stack)
{
    auto &request = stack->Parameters.DeviceIoControl;

    if (request.IoControlCode != IOCTL_START)
        return STATUS_INVALID_DEVICE_REQUEST;
    Capture_ok(static_cast<const Setup *>(request.Type3InputBuffer));
    m_Session = Session(irp->UserBuffer);
    m_Last = irp->UserBuffer;
    IoQueueWorkItem(m_Item, Work_ok, DelayedWorkQueue, this);
    return m_Pages.Lock(irp->UserBuffer, request.OutputBufferLength);
}

static Recorder g_Recorder;

static NTSTATUS Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    return g_Recorder.Control_ok(irp, IoGetCurrentIrpStackLocation(irp));
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    KeInitializeDpc(&g_Recorder.m_Dpc, Recorder::Dpc_ok, &g_Recorder);
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    return STATUS_SUCCESS;
}
