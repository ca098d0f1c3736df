/* What the files of the driver share. */
#pragma once

#include <ntddk.h>
#include "../outside.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD GateUnload;
KDEFERRED_ROUTINE GateDpc;
IO_WORKITEM_ROUTINE GateWork;

/* waits for ever */
VOID
GateDrain(
    _In_ PGATE Gate
    );

VOID GateReset(PGATE Gate);

/* says it itself */
_IRQL_requires_max_(APC_LEVEL) VOID GateOwn(PGATE Gate);

/* anything is allowed */
VOID GateAny(PGATE Gate);

VOID GateEnter(PGATE Gate, PKIRQL OldIrql);
VOID GateLeave(PGATE Gate, KIRQL OldIrql);
KIRQL GateRaise(VOID);
VOID GatePush(PGATE Gate);
VOID GatePaged(PGATE Gate);
NTSTATUS GateStatus(PGATE Gate, HANDLE Handle);
/* only when it is asked to */
VOID GateFlush(PGATE Gate, BOOLEAN Wait);
/* called too high: that is to be mended first */
VOID GateBroken(PGATE Gate);
