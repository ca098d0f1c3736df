/* A function that only a pointer with several targets leads to is called from somewhere: where one
 * of these calls is at PASSIVE_LEVEL, the function is taken to start there, and what it does by
 * itself is no weaker than in a function that nothing calls. Levels above stay weak. */
#include <ntddk.h>

typedef VOID COMMAND(PVOID context);

static KSPIN_LOCK g_Lock;
static KDPC g_Dpc;
static ULONG g_Count;

static VOID CountCommand(PVOID context) {
    KIRQL irql;
    UNREFERENCED_PARAMETER(context);
    KeAcquireSpinLock(&g_Lock, &irql);
    g_Count++;
    KeReleaseSpinLock(&g_Lock, irql);
}

static VOID ClearCommand(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    g_Count = 0;
}

static COMMAND *const g_Commands[] = {CountCommand, ClearCommand};

static VOID RunFromDpc(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(first);
    UNREFERENCED_PARAMETER(second);
    g_Commands[g_Count % 2](context);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    UNREFERENCED_PARAMETER(path);
    KeInitializeSpinLock(&g_Lock);
    KeInitializeDpc(&g_Dpc, RunFromDpc, driver);
    g_Commands[g_Count % 2](driver);
    return STATUS_SUCCESS;
}
