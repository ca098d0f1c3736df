/* A filter whose annotations and role types agree with the code. */
#pragma once

#include <ntddk.h>

typedef struct _CONTRACT_EXTENSION {
    PDEVICE_OBJECT Self;
    KSPIN_LOCK Lock;
    KEVENT Idle;
    KDPC Dpc;
    ULONG Pending;
    ULONG Limit;
} CONTRACT_EXTENSION, *PCONTRACT_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE ContractAddDevice;
DRIVER_UNLOAD ContractUnload;
_Dispatch_type_(IRP_MJ_READ) _Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH ContractRead;
KDEFERRED_ROUTINE ContractDpc;

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID ContractSetLimit(PCONTRACT_EXTENSION Extension, ULONG Limit);

_IRQL_requires_max_(APC_LEVEL)
VOID ContractDrain(PCONTRACT_EXTENSION Extension);

_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG ContractPending(PCONTRACT_EXTENSION Extension);
