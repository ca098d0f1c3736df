/* What is counted. */
#include "contract.h"

VOID ContractSetLimit(PCONTRACT_EXTENSION Extension, ULONG Limit)
{
    Extension->Limit = Limit;
}

VOID ContractDrain(PCONTRACT_EXTENSION Extension)
{
    KeWaitForSingleObject(&Extension->Idle, Executive, KernelMode, FALSE, NULL);
    Extension->Pending = 0;
}

ULONG ContractPending(PCONTRACT_EXTENSION Extension)
{
    return Extension->Pending;
}

VOID ContractDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    ((PCONTRACT_EXTENSION)Context)->Pending++;
}
