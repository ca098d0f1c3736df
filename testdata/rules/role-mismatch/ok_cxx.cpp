/* C++: static methods, lambdas and templates registered as what they are. */
#include <ntddk.h>

template <typename T, VOID (T::*Method)()> VOID DpcThunk(PKDPC, PVOID context, PVOID, PVOID)
{
    (static_cast<T *>(context)->*Method)();
}

class Port {
public:
    NTSTATUS Start_ok(PDRIVER_OBJECT driver);
    VOID Arm_ok();
    VOID OnTick() { m_Count++; }
    static KDEFERRED_ROUTINE Dpc;
    static IO_WORKITEM_ROUTINE Work;
    static KSTART_ROUTINE Main;
    static DRIVER_DISPATCH Dispatch;

private:
    KDPC m_Dpc;
    KDPC m_Tick;
    KDPC m_Plain;
    PIO_WORKITEM m_Item;
    HANDLE m_Thread;
    ULONG m_Count;
};

VOID Port::Dpc(PKDPC, PVOID context, PVOID, PVOID) { static_cast<Port *>(context)->OnTick(); }
VOID Port::Work(PDEVICE_OBJECT, PVOID context) { static_cast<Port *>(context)->m_Count = 0; }
VOID Port::Main(PVOID context) { static_cast<Port *>(context)->m_Count = 1; }

/* One method for several major codes. */
NTSTATUS Port::Dispatch(PDEVICE_OBJECT, PIRP irp)
{
    irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS Port::Start_ok(PDRIVER_OBJECT driver)
{
    driver->MajorFunction[IRP_MJ_CREATE] = &Port::Dispatch;
    driver->MajorFunction[IRP_MJ_CLOSE] = &Port::Dispatch;
    driver->MajorFunction[IRP_MJ_POWER] = &Port::Dispatch;
    return PsCreateSystemThread(&m_Thread, 0, nullptr, nullptr, nullptr, &Port::Main, this);
}

VOID Port::Arm_ok()
{
    KeInitializeDpc(&m_Dpc, &Port::Dpc, this);
    KeInitializeDpc(&m_Tick, DpcThunk<Port, &Port::OnTick>, this);
    KeInitializeDpc(&m_Plain, [](PKDPC, PVOID context, PVOID, PVOID) { static_cast<Port *>(context)->OnTick(); }, this);
    IoQueueWorkItem(m_Item, &Port::Work, DelayedWorkQueue, this);
}

static Port g_Port;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    g_Port.Arm_ok();
    return g_Port.Start_ok(driver);
}
