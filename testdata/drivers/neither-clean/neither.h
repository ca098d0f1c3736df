/* neither - control driver whose requests carry raw user addresses (METHOD_NEITHER). */
#pragma once

#include <ntddk.h>

#define NEITHER_TAG 'htiN'

#define IOCTL_NEITHER_CHECKSUM \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_NEITHER_SAMPLE \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_NEITHER_WATCH \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_NEITHER_VERSION \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x903, METHOD_NEITHER, FILE_ANY_ACCESS)

#define NEITHER_VERSION    0x00010002
#define NEITHER_MAX_LENGTH 65536

/* Output of IOCTL_NEITHER_SAMPLE. */
typedef struct _NEITHER_SAMPLE {
    ULONG Sequence;
} NEITHER_SAMPLE, *PNEITHER_SAMPLE;

/* Input of IOCTL_NEITHER_WATCH: the application's tick counter. */
typedef struct _NEITHER_WATCH {
    PULONG Ticks;
    ULONG PeriodMs;
} NEITHER_WATCH, *PNEITHER_WATCH;

/* A user range locked in memory, with the system address that is good in every context. */
typedef struct _NEITHER_PIN {
    PMDL Mdl;
    PVOID Address;
} NEITHER_PIN, *PNEITHER_PIN;

/* One checksum job for the worker thread. */
typedef struct _NEITHER_JOB {
    LIST_ENTRY Link;
    PIRP Irp;
    NEITHER_PIN Input;
    NEITHER_PIN Result;
    ULONG InputLength;
} NEITHER_JOB, *PNEITHER_JOB;

typedef struct _NEITHER_EXTENSION {
    PDEVICE_OBJECT Self;
    PVOID Thread; /* set once by DriverEntry */
    BOOLEAN Stopping;
    KEVENT Wake;

    KSPIN_LOCK JobLock; /* guards Jobs */
    LIST_ENTRY Jobs;

    PIO_WORKITEM SampleItem;
    LONG SampleBusy;
    NEITHER_PIN SamplePin;
    PIRP SampleIrp;
    ULONG Sequence;

    KTIMER Timer;
    KDPC TimerDpc;
    KSPIN_LOCK WatchLock; /* guards WatchPin */
    NEITHER_PIN WatchPin;
} NEITHER_EXTENSION, *PNEITHER_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD NeitherUnload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLEANUP) _Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH NeitherCreateClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH NeitherDeviceControl;

/* worker.c */
KSTART_ROUTINE NeitherThread;
IO_WORKITEM_ROUTINE NeitherSampleWorker;
KDEFERRED_ROUTINE NeitherTimerDpc;

_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS NeitherStartThread(_In_ PNEITHER_EXTENSION Extension);

_IRQL_requires_max_(PASSIVE_LEVEL)
VOID NeitherStopThread(_In_ PNEITHER_EXTENSION Extension);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID NeitherQueueJob(_In_ PNEITHER_EXTENSION Extension, _In_ PNEITHER_JOB Job);

/* pin.c */
_IRQL_requires_max_(APC_LEVEL)
NTSTATUS NeitherPin(_Out_ PNEITHER_PIN Pin, PVOID UserAddress, ULONG Length, LOCK_OPERATION Access);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID NeitherUnpin(_Inout_ PNEITHER_PIN Pin);

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID NeitherExchangeWatch(_In_ PNEITHER_EXTENSION Extension, _Inout_ PNEITHER_PIN Pin);

FORCEINLINE
NTSTATUS
NeitherComplete(_In_ PIRP Irp, _In_ NTSTATUS Status, _In_ ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}
