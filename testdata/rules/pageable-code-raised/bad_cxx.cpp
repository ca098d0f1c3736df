/* Pageable methods: of an interface, of a guard's user, in a destructor, in a lambda. */
#include <ntddk.h>

#define PAGED __declspec(code_seg("PAGE"))

class SpinGuard {
public:
    explicit SpinGuard(PKSPIN_LOCK lock) : m_Lock(lock) { KeAcquireSpinLock(m_Lock, &m_Irql); }
    ~SpinGuard() { KeReleaseSpinLock(m_Lock, m_Irql); }

private:
    PKSPIN_LOCK m_Lock;
    KIRQL m_Irql;
};

/* Whatever stands behind the interface is pageable. */
class IFormats {
public:
    virtual ULONG CountFormats() = 0;
};

class HeadsetFormats : public IFormats {
public:
    PAGED ULONG CountFormats() override { return 3; }
};

class SpeakerFormats : public IFormats {
public:
    PAGED ULONG CountFormats() override;
};

PAGED ULONG SpeakerFormats::CountFormats()
{
    PAGED_CODE();
    return 5;
}

class Mixer {
public:
    NTSTATUS Refresh_virtual_bad();
    NTSTATUS Refresh_early_return_bad(BOOLEAN quick);
    PAGED void Settle();
    static VOID OnTimer(PKDPC dpc, PVOID context, PVOID first, PVOID second);

    IFormats *m_Formats;
    KSPIN_LOCK m_Lock;
    KDPC m_Dpc;
    ULONG m_Count;
};

PAGED void Mixer::Settle()
{
    m_Count = 0;
}

NTSTATUS Mixer::Refresh_virtual_bad()
{
    SpinGuard guard(&m_Lock);
    m_Count = m_Formats->CountFormats(); // expect: pageable-code-raised "DISPATCH_LEVEL"
    return STATUS_SUCCESS;
}

NTSTATUS Mixer::Refresh_early_return_bad(BOOLEAN quick)
{
    SpinGuard guard(&m_Lock);
    if (quick)
        return STATUS_SUCCESS;
    Settle(); // expect: pageable-code-raised "Mixer::Settle"
    return STATUS_SUCCESS;
}

VOID Mixer::OnTimer(PKDPC dpc, PVOID context, PVOID first, PVOID second)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(first);
    UNREFERENCED_PARAMETER(second);
    static_cast<Mixer *>(context)->Settle(); // expect: pageable-code-raised "DPC"
}

/* The object dies at the end of the block, before the guard that was made first. */
class Snapshot {
public:
    explicit Snapshot(Mixer *mixer) : m_Mixer(mixer) {}
    PAGED ~Snapshot();

private:
    Mixer *m_Mixer;
};

PAGED Snapshot::~Snapshot()
{
    m_Mixer->Settle();
}

static Mixer g_Mixer;

static VOID TakeSnapshot_destructor_bad()
{
    SpinGuard guard(&g_Mixer.m_Lock);
    Snapshot snapshot(&g_Mixer);
    g_Mixer.m_Count++;
} // expect: pageable-code-raised "Snapshot::~Snapshot"

/* The lambda is resident, what it calls is not. */
static VOID Update_lambda_bad()
{
    auto apply = [](Mixer *mixer) {
        mixer->Settle(); // expect: pageable-code-raised "DISPATCH_LEVEL"
    };
    SpinGuard guard(&g_Mixer.m_Lock);
    apply(&g_Mixer);
}

PAGED NTSTATUS Read_guard_in_pageable_bad(PDEVICE_OBJECT device, PIRP irp)
{
    UNREFERENCED_PARAMETER(device);
    PAGED_CODE();
    SpinGuard guard(&g_Mixer.m_Lock); // expect: pageable-code-raised "SpinGuard"
    irp->IoStatus.Information = g_Mixer.m_Count;
    return STATUS_SUCCESS;
}

static NTSTATUS Write(PDEVICE_OBJECT device, PIRP irp)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    g_Mixer.Refresh_virtual_bad();
    g_Mixer.Refresh_early_return_bad(FALSE);
    TakeSnapshot_destructor_bad();
    Update_lambda_bad();
    return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    static HeadsetFormats headset;
    UNREFERENCED_PARAMETER(path);
    g_Mixer.m_Formats = &headset;
    KeInitializeSpinLock(&g_Mixer.m_Lock);
    KeInitializeDpc(&g_Mixer.m_Dpc, Mixer::OnTimer, &g_Mixer);
    driver->MajorFunction[IRP_MJ_READ] = Read_guard_in_pageable_bad;
    driver->MajorFunction[IRP_MJ_WRITE] = Write;
    return STATUS_SUCCESS;
}
