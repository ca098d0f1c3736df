/* device-wait-unbounded: what it does not see. */
#include <ntddk.h>

#include "registers.h"

DRIVER_INITIALIZE DriverEntry;
KDEFERRED_ROUTINE Dpc;

static VOID ReadInto(PDEVICE_CONTEXT Device, PULONG Value)
{
    *Value = READ_STATUS(Device);
}

/* Mapped memory, read without a routine. */
static VOID Fn_volatile(PDEVICE_CONTEXT Device)
{
    volatile ULONG *status = &Device->Registers->Status;

    while ((*status & STATUS_BUSY) != 0) { // expect-missed: device-wait-unbounded  no routine shows that it is a register
    }
}

/* When the device is gone the register reads as all ones, for ever. */
static VOID Fn_serve(PDEVICE_CONTEXT Device)
{
    ULONG status;

    while ((status = READ_STATUS(Device)) != 0) { // expect-missed: device-wait-unbounded  a loop that works is taken to get on
        WRITE_REGISTER_ULONG(&Device->Registers->Status, status);
    }
}

/* The driver's own function brings the value through a pointer. */
static VOID Fn_out(PDEVICE_CONTEXT Device)
{
    ULONG status;

    do {
        ReadInto(Device, &status); // expect-missed: device-wait-unbounded  values through pointers are not followed into functions
    } while ((status & STATUS_BUSY) != 0);
}

VOID Dpc(PKDPC TheDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(TheDpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Fn_volatile(Context);
    Fn_serve(Context);
    Fn_out(Context);
}

static DEVICE_CONTEXT TheDevice;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeDpc(&TheDevice.Dpc, Dpc, &TheDevice);
    KeInsertQueueDpc(&TheDevice.Dpc, NULL, NULL);
    return STATUS_SUCCESS;
}
