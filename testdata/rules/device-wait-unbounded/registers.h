/* The device as the files of this folder see it. */
#ifndef REGISTERS_H
#define REGISTERS_H

#define STATUS_BUSY 0x01u
#define STATUS_READY 0x80u
#define READ_STATUS(device) READ_REGISTER_ULONG(&(device)->Registers->Status)

typedef struct _REGISTERS {
    ULONG Status;
    ULONG Control;
    ULONG Reset;
    ULONG Data;
} REGISTERS, *PREGISTERS;

typedef struct _DEVICE_CONTEXT {
    PREGISTERS Registers;
    PUCHAR Port;
    PKINTERRUPT Interrupt;
    KSPIN_LOCK Lock;
    KDPC Dpc;
    ULONG LastStatus;
    ULONG BusyMask;
    BOOLEAN Mapped;
    BOOLEAN Removed;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

/* One of two ways to the same register. */
static inline ULONG WrapReadStatus(PDEVICE_CONTEXT Device)
{
    if (Device->Mapped) {
        return READ_STATUS(Device);
    }
    return READ_PORT_ULONG((PULONG)Device->Port);
}

static inline BOOLEAN WrapIsBusy(PDEVICE_CONTEXT Device)
{
    ULONG status = WrapReadStatus(Device);

    if ((status & STATUS_BUSY) != 0) {
        return TRUE;
    }
    return FALSE;
}

/* Knows an end of its own. */
static inline BOOLEAN WrapIsBusyAndPresent(PDEVICE_CONTEXT Device)
{
    if (Device->Removed) {
        return FALSE;
    }
    return (READ_STATUS(Device) & STATUS_BUSY) != 0;
}

#endif
