/* Functions without a body: what their annotations say decides the level after them. Functions with
 * one: annotations say where those start that nothing calls, and refine what is only possible. */
#include <ntddk.h>

typedef struct _GATE {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GATE, *PGATE;

_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL) _IRQL_saves_ _Acquires_lock_(*Gate)
KIRQL GateEnter(PGATE Gate);
_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(*Gate)
VOID GateLeave(PGATE Gate, _IRQL_restores_ KIRQL Old);
_When_(return != FALSE, _Acquires_lock_(*Gate) _IRQL_raises_(DISPATCH_LEVEL))
BOOLEAN GateTry(PGATE Gate, _IRQL_saves_ PKIRQL Old);
_When_(NT_SUCCESS(return), _Acquires_lock_(*Gate) _IRQL_raises_(DISPATCH_LEVEL))
_At_(Gate->Old, _IRQL_saves_)
NTSTATUS GateTryStatus(PGATE Gate);
_At_(Gate->Old, _IRQL_restores_) _Releases_lock_(*Gate)
VOID GateRelease(PGATE Gate);
_IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(*Gate) VOID GateShut(PGATE Gate);
_Releases_lock_(*Gate) VOID GateOpen(PGATE Gate);
_When_(Kind == 1, _IRQL_raises_(APC_LEVEL)) _IRQL_saves_ KIRQL GateKind(ULONG Kind);
_IRQL_raises_(NewIrql) VOID GateRaise(KIRQL NewIrql);
VOID GateLower(_IRQL_restores_ KIRQL NewIrql);
/* These say half of it: what follows the raise is no more than weak. */
_IRQL_raises_(DISPATCH_LEVEL) VOID GateUp(VOID);
_IRQL_requires_(DISPATCH_LEVEL) VOID GateDown(VOID);

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
KDEFERRED_ROUTINE DpcRoutine;

static GATE Global;
static KDPC Dpc;

static VOID Entered(VOID) {}
static VOID Left(VOID) {}
static VOID Tried(VOID) {}
static VOID NotTried(VOID) {}
static VOID TriedStatus(VOID) {}
static VOID NotTriedStatus(VOID) {}
static VOID Released(VOID) {}
static VOID Shut(VOID) {}
static VOID Opened(VOID) {}
static VOID KindOne(VOID) {}
static VOID KindTwo(VOID) {}
static VOID Raised(VOID) {}
static VOID Lowered(VOID) {}
static VOID Up(VOID) {}
static VOID Down(VOID) {}

static VOID Work(PGATE Gate) {
    KIRQL old = GateEnter(Gate);
    Entered();
    GateLeave(Gate, old);
    Left();
    if (GateTry(Gate, &old)) {
        Tried();
        GateLeave(Gate, old);
    } else {
        NotTried();
    }
    if (NT_SUCCESS(GateTryStatus(Gate))) {
        TriedStatus();
        GateRelease(Gate);
        Released();
    } else {
        NotTriedStatus();
    }
    GateShut(Gate);
    Shut();
    GateOpen(Gate);
    Opened();
}

static VOID Kinds(VOID) {
    KIRQL old = GateKind(1);
    KindOne();
    GateLower(old);
    old = GateKind(2);
    KindTwo();
    GateLower(old);
    GateRaise(DISPATCH_LEVEL);
    Raised();
    GateLower(old);
    Lowered();
    GateUp();
    Up();
    GateDown();
    Down();
}

VOID DpcRoutine(PKDPC Routine, PVOID Context, PVOID First, PVOID Second) {
    UNREFERENCED_PARAMETER(Routine);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    Work(&Global);
}

VOID Unload(PDRIVER_OBJECT Driver) {
    UNREFERENCED_PARAMETER(Driver);
    Work(&Global);
    Kinds();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNREFERENCED_PARAMETER(Path);
    KeInitializeDpc(&Dpc, DpcRoutine, NULL);
    Driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

/* ---- functions that nothing calls ----------------------------------------------------------- */

static VOID FromHigh(VOID) {}
static VOID FromRange(VOID) {}
static VOID FromLow(VOID) {}

_IRQL_requires_(DISPATCH_LEVEL) VOID StartsHigh(VOID) { FromHigh(); }
_IRQL_requires_max_(DISPATCH_LEVEL) VOID StartsInRange(VOID) { FromRange(); }
_IRQL_requires_max_(PASSIVE_LEVEL) VOID StartsLow(VOID) { FromLow(); }

/* ---- a claim ends what is possible only ----------------------------------------------------- */

static VOID AfterClaim(VOID) {}

/* Nothing registers it: its type alone says PASSIVE to DISPATCH_LEVEL, its author less. */
_IRQL_requires_max_(PASSIVE_LEVEL) IO_COMPLETION_ROUTINE Completed;

NTSTATUS Completed(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Context);
    AfterClaim();
    return STATUS_SUCCESS;
}

static VOID InCertain(VOID) {}

/* Called in a DPC for certain, whatever its author claims. */
_IRQL_requires_max_(PASSIVE_LEVEL) static VOID ClaimsLow(VOID) { InCertain(); }

KDEFERRED_ROUTINE OtherDpc;
VOID OtherDpc(PKDPC Routine, PVOID Context, PVOID First, PVOID Second) {
    UNREFERENCED_PARAMETER(Routine);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    ClaimsLow();
}

static VOID InPossible(VOID) {}

/* The system may call its caller at DISPATCH_LEVEL: the caller is not what the author thinks of. */
_IRQL_requires_max_(PASSIVE_LEVEL) static VOID ClaimsPassive(VOID) { InPossible(); }

IO_COMPLETION_ROUTINE Registered;
NTSTATUS Registered(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Context);
    ClaimsPassive();
    return STATUS_SUCCESS;
}

static VOID InWeak(VOID) {}

/* A spin lock behind a pointer with two targets is a weak path, an annotation stronger. */
_IRQL_requires_max_(PASSIVE_LEVEL) static VOID DeniesWeak(VOID) { InWeak(); }
static VOID CallsIt(VOID) { DeniesWeak(); }
static VOID Nothing(VOID) {}

VOID Prepare(PKDPC Other, PIRP Irp, BOOLEAN Which) {
    VOID (*chosen)(VOID) = Which ? CallsIt : Nothing;
    KIRQL old;

    KeInitializeDpc(Other, OtherDpc, NULL);
    IoSetCompletionRoutine(Irp, Registered, NULL, TRUE, TRUE, TRUE);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    chosen();
    KeLowerIrql(old);
}
