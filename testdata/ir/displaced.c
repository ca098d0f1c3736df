/* What a driver declares itself counts, and the kit's declaration of the name gives way. */
#include <ntifs.h>

typedef enum _SYSTEM_INFORMATION_CLASS { SystemOwnInformation = 5 } SYSTEM_INFORMATION_CLASS;

typedef struct _KAPC_STATE {
    LIST_ENTRY Own;
    ULONG Count;
} KAPC_STATE, *PKAPC_STATE;

NTSTATUS ObOpenObjectByPointer(PVOID object, ULONG flags);

ULONG Use(PKAPC_STATE state, PVOID object) {
    if (NT_SUCCESS(ObOpenObjectByPointer(object, SystemOwnInformation)))
        return state->Count;
    return (ULONG)KeGetCurrentIrql();
}
