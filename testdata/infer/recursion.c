/* Recursion, mutual and direct, with a lock that is released on the way back; a callback that the
 * system calls at the interrupt's level before it returns; a function that nothing calls. */
#include <ntddk.h>

typedef struct _NODE {
    struct _NODE *Left;
    struct _NODE *Right;
    KSPIN_LOCK Lock;
} NODE, *PNODE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
KSYNCHRONIZE_ROUTINE ReadRegisters;

static NODE Tree;
static PKINTERRUPT Interrupt;

static VOID Leaf(VOID) {
}

static VOID WalkRight(PNODE node);

static VOID WalkLeft(PNODE node) {
    KIRQL old;
    if (node == NULL)
        return;
    KeAcquireSpinLock(&node->Lock, &old);
    WalkRight(node->Left);
    KeReleaseSpinLock(&node->Lock, old);
    Leaf();
}

static VOID WalkRight(PNODE node) {
    if (node != NULL)
        WalkLeft(node->Right);
}

static ULONG Depth(PNODE node) {
    return node == NULL ? 0 : 1 + Depth(node->Left);
}

BOOLEAN ReadRegisters(PVOID context) {
    UNREFERENCED_PARAMETER(context);
    return TRUE;
}

VOID NeverCalled(VOID) {
    Leaf();
}

VOID Unload(PDRIVER_OBJECT driver) {
    UNREFERENCED_PARAMETER(driver);
    WalkLeft(&Tree);
    if (Depth(&Tree) > 3)
        KeSynchronizeExecution(Interrupt, ReadRegisters, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    UNREFERENCED_PARAMETER(path);
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
