/* annotation-exceeded: what it does not see. */
#include <ntddk.h>

typedef struct _RING RING, *PRING;
typedef VOID RING_STEP(PRING Ring);

struct _RING {
    KDPC Dpc;
    RING_STEP *Step;
    ULONG Head;
};

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Fn_pointer;
_IRQL_requires_max_(PASSIVE_LEVEL) VOID RingReset(PRING Ring);

static RING g_Ring;

VOID RingReset(PRING Ring)
{
    Ring->Head = 0;
}

VOID Fn_pointer(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    g_Ring.Step(&g_Ring); // expect-missed: annotation-exceeded calls through pointers are left alone
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    UNREFERENCED_PARAMETER(Driver);
    UNREFERENCED_PARAMETER(Path);
    g_Ring.Step = RingReset;
    KeInitializeDpc(&g_Ring.Dpc, Fn_pointer, &g_Ring);
    return STATUS_SUCCESS;
}
