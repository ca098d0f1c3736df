/* C++: guards give back what they took on every way out, or hand it on by design. */
#include <ntddk.h>
#include <wdf.h>

class Guard {
public:
    explicit Guard(KSPIN_LOCK *lock) : m_Lock(lock) { KeAcquireSpinLock(m_Lock, &m_Irql); }
    Guard(Guard &&other) : m_Lock(other.m_Lock), m_Irql(other.m_Irql) { other.m_Lock = nullptr; }
    ~Guard()
    {
        if (m_Lock != nullptr)
            KeReleaseSpinLock(m_Lock, m_Irql);
    }

private:
    KSPIN_LOCK *m_Lock;
    KIRQL m_Irql;
};

/* Takes the lock for those who are not called under it. */
class MaybeGuard {
public:
    MaybeGuard(KSPIN_LOCK &lock, bool take) : m_Lock(lock), m_Taken(take)
    {
        if (m_Taken)
            KeAcquireSpinLock(&m_Lock, &m_Irql);
    }
    ~MaybeGuard()
    {
        if (m_Taken)
            KeReleaseSpinLock(&m_Lock, m_Irql);
    }

private:
    KSPIN_LOCK &m_Lock;
    const bool m_Taken;
    KIRQL m_Irql;
};

/* Runs at the end of its block, whatever way out. */
template <typename F> class Finally {
public:
    explicit Finally(F action) : m_Action(action) {}
    ~Finally() { m_Action(); }

private:
    F m_Action;
};

template <typename F> Finally<F> AtEnd(F action) { return Finally<F>(action); }

class Queue {
public:
    VOID Lock() { WdfSpinLockAcquire(m_Lock); }
    VOID Unlock() { WdfSpinLockRelease(m_Lock); }
    BOOLEAN Early_ok(ULONG limit);
    ULONG Loop_ok();
    NTSTATUS Goto_ok();
    ULONG Finally_ok();
    NTSTATUS Wait_ok(BOOLEAN hurry);
    ULONG Passed_ok();
    ULONG Maybe_ok(bool locked);

protected:
    KSPIN_LOCK m_Spin;
    WDFSPINLOCK m_Lock;
    WDFWAITLOCK m_Wait;
    ULONG m_Depth;
    ULONG m_Slots[8];
};

/* Each return ends the guard. */
BOOLEAN Queue::Early_ok(ULONG limit)
{
    Guard guard(&m_Spin);

    if (m_Depth >= limit)
        return FALSE;
    if (m_Slots[m_Depth % 8] != 0)
        return FALSE;
    m_Slots[m_Depth++ % 8] = limit;
    return TRUE;
}

/* So do continue and break. */
ULONG Queue::Loop_ok()
{
    ULONG free = 0;

    for (ULONG &slot : m_Slots) {
        Guard guard(&m_Spin);

        if (slot != 0)
            continue;
        if (++free > 4)
            break;
        slot = 1;
    }
    return free;
}

/* So does a goto out of the block. */
NTSTATUS Queue::Goto_ok()
{
    {
        Guard guard(&m_Spin);
        if (m_Depth == 0)
            goto empty;
        m_Depth--;
    }
    return STATUS_SUCCESS;
empty:
    return STATUS_NO_MORE_ENTRIES;
}

/* The lambda at the end of the block gives it back. */
ULONG Queue::Finally_ok()
{
    Lock();
    auto unlock = AtEnd([this] { Unlock(); });

    if (m_Depth > 8)
        return 8;
    return m_Depth;
}

/* Held on success of the try only. */
NTSTATUS Queue::Wait_ok(BOOLEAN hurry)
{
    LONGLONG none = 0;
    NTSTATUS status = WdfWaitLockAcquire(m_Wait, hurry ? &none : nullptr);

    if (status == STATUS_TIMEOUT)
        return status;
    m_Depth = 0;
    WdfWaitLockRelease(m_Wait);
    return STATUS_SUCCESS;
}

/* Whether it is taken is known to the object. */
ULONG Queue::Maybe_ok(bool locked)
{
    MaybeGuard guard(m_Spin, !locked);

    if (m_Depth > 4)
        return 4;
    return m_Depth;
}

static ULONG Count(Guard guard, const ULONG &depth)
{
    UNREFERENCED_PARAMETER(guard);
    return depth;
}

/* A guard that is passed on ends with the call. */
ULONG Queue::Passed_ok()
{
    Guard guard(&m_Spin);

    return Count(static_cast<Guard &&>(guard), m_Depth);
}

/* Begin keeps the lock for End: that is what it is for. */
class Batch : private Queue {
public:
    VOID Begin() { KeAcquireSpinLock(&m_Spin, &m_Saved); }
    VOID End() { KeReleaseSpinLock(&m_Spin, m_Saved); }
    ULONG Run_ok()
    {
        Begin();
        ULONG depth = m_Depth;
        End();
        return depth;
    }
    NTSTATUS All_ok()
    {
        Wait_ok(TRUE);
        Goto_ok();
        return Early_ok(Loop_ok() + Maybe_ok(m_Depth != 0) + Finally_ok() + Passed_ok()) ? STATUS_SUCCESS : STATUS_DEVICE_BUSY;
    }

private:
    KIRQL m_Saved;
};

static Batch g_Batch;

static NTSTATUS Close(PDEVICE_OBJECT, PIRP)
{
    g_Batch.Run_ok();
    return g_Batch.All_ok();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->MajorFunction[IRP_MJ_CLOSE] = Close;
    return STATUS_SUCCESS;
}
