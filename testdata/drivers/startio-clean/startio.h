/* startio - function driver that feeds a lower serial bus one request at a time (StartIo model). */
#pragma once

#include <ntddk.h>

#define STARTIO_TAG       'oitS'
#define STARTIO_MAX_FRAME 512

#define IOCTL_STARTIO_SET_STATUS_WORD \
    CTL_CODE(FILE_DEVICE_SERIAL_PORT, 0xA00, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _STARTIO_FRAME {
    ULONG Length;
    ULONG Checksum;
} STARTIO_FRAME, *PSTARTIO_FRAME;

typedef struct _STARTIO_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;
    NPAGED_LOOKASIDE_LIST FrameList; /* freed by the cancel routine: non-paged */
    PIO_WORKITEM RetryItem;
    KSPIN_LOCK StatusLock; /* guards StatusMdl, StatusAddress */
    PMDL StatusMdl;        /* application's status word, locked in memory */
    PULONG StatusAddress;  /* its system address */
    ULONG FramesSent;
    ULONG FramesFailed;
    ULONG FramesCancelled;
    PVOID ReserveFrame; /* given up at the first cancellation */
} STARTIO_EXTENSION, *PSTARTIO_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE StartioAddDevice;
DRIVER_UNLOAD StartioUnload;
DRIVER_DISPATCH StartioCreateClose;
DRIVER_DISPATCH StartioReadWrite;
DRIVER_DISPATCH StartioDeviceControl;
DRIVER_DISPATCH StartioPnp;
DRIVER_DISPATCH StartioPower;
DRIVER_DISPATCH StartioPassDown;

/* queue.c */
DRIVER_STARTIO StartioStartIo;
DRIVER_CANCEL StartioCancel;
IO_COMPLETION_ROUTINE StartioFrameDone;
IO_WORKITEM_ROUTINE StartioRetryWorker;

IO_COMPLETION_ROUTINE StartioFlushDone;
BOOLEAN StartioFrameFits(PIO_STACK_LOCATION Stack);
VOID StartioStartNext(PDEVICE_OBJECT DeviceObject);

/* status.c */
NTSTATUS StartioMapStatus(PSTARTIO_EXTENSION Extension, PVOID UserAddress);
VOID StartioReplaceStatus(PSTARTIO_EXTENSION Extension, PMDL Mdl, PULONG Address);
VOID StartioReportStatus(PSTARTIO_EXTENSION Extension, NTSTATUS Status);

/* A request leaves the driver through here, whatever became of it. */
FORCEINLINE
VOID
StartioComplete(PSTARTIO_EXTENSION Extension, PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}
