/* What is counted. */
#include "contract.h"

VOID ContractSetLimit(PCONTRACT_EXTENSION Extension, ULONG Limit)
{
    Extension->Limit = Limit;
}

VOID ContractDrain(PCONTRACT_EXTENSION Extension)
{
    KeWaitForSingleObject(&Extension->Idle, Executive, KernelMode, FALSE, NULL); // expect: annotation-contradicted "APC_LEVEL at most"
    Extension->Pending = 0;
}

ULONG ContractPending(PCONTRACT_EXTENSION Extension)
{
    return Extension->Pending;
}

VOID ContractDpc(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    ((PCONTRACT_EXTENSION)Context)->Pending++;
}
