// Whole families of constants, intrinsics and macros that drivers of other kinds use.
#include <bcrypt.h>
#include <mountmgr.h>
#include <ntifs.h>
#include <stdint.h>
#include <storport.h>
#include <usb.h>
#include <usbdlib.h>
#include <usbioctl.h>
#include <wsk.h>

DECLARE_HANDLE(OWN_HANDLE);

static const ULONG codes[] = {
    IOCTL_INTERNAL_USB_SUBMIT_URB, URB_FUNCTION_CONTROL_TRANSFER_EX,
    URB_FUNCTION_ABORT_PIPE,       USBD_STATUS_STALL_PID,
    USB_STRING_DESCRIPTOR_TYPE,    OBJ_OPENIF,
    FSRTL_FCB_HEADER_V2,           STOR_PERF_DPC_REDIRECTION_CURRENT_CPU,
    BCRYPT_PROV_DISPATCH,          WSK_FLAG_AT_DISPATCH_LEVEL,
};

NTSTATUS Families(PIRP Irp, BM_REQUEST_TYPE Type, OWN_HANDLE Handle) {
    int info[4];
    volatile SHORT flag = 0;
    UNICODE_STRING name = RTL_CONSTANT_STRING(MOUNTMGR_DEVICE_NAME);
    PURB urb = URB_FROM_IRP(Irp);
    __cpuid(info, 1);
    _mm_pause();
    InterlockedExchange16(&flag, 1);
    RETURN_NTSTATUS_IF_TRUE(Handle == NULL, STATUS_INVALID_HANDLE);
    RETURN_NTSTATUS_IF_FAILED(
        ObReferenceObjectByHandle(NtCurrentProcess(), 0, NULL, KernelMode, NULL, NULL));
    if (MOUNTMGR_IS_DRIVE_LETTER(&name) || Type.s.Dir != Type.Dir)
        return STATUS_UNSUCCESSFUL;
    return urb != NULL && (uint32_t)codes[0] != 0 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
