/* A filter whose annotations and role types went out of step with the code. */
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
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH ContractRead;
IO_WORKITEM_ROUTINE ContractDpc;

_IRQL_requires_max_(PASSIVE_LEVEL)
VOID ContractSetLimit(PCONTRACT_EXTENSION Extension, ULONG Limit);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID ContractDrain(PCONTRACT_EXTENSION Extension);

_IRQL_requires_max_(42) // expect: annotation-malformed "42"
ULONG ContractPending(PCONTRACT_EXTENSION Extension);
