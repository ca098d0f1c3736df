/* A header that lies outside the driver: it is never changed. */
#pragma once

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KEVENT Idle;
    FAST_MUTEX Mutex;
    KDPC Dpc;
    PIO_WORKITEM Work;
    ULONG Count;
    ULONG State;
} GATE, *PGATE;

static __inline VOID GateOutside(PGATE Gate)
{
    KIRQL irql;

    KeAcquireSpinLock(&Gate->Lock, &irql);
    Gate->Count++;
    KeReleaseSpinLock(&Gate->Lock, irql);
}
