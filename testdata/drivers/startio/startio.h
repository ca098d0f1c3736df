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
    PAGED_LOOKASIDE_LIST FrameList;
    PIO_WORKITEM RetryItem;
    PULONG StatusWord;   /* application's status word */
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

BOOLEAN StartioFrameFits(PSTARTIO_EXTENSION Extension, PIO_STACK_LOCATION Stack);

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
