
#define URB_FROM_IRP(irp) ((PURB)(IoGetCurrentIrpStackLocation(irp)->Parameters.Others.Argument1))
#define USBD_TRANSFER_DIRECTION(flags) ((flags)&USBD_TRANSFER_DIRECTION_IN)
#define USBD_TRANSFER_DIRECTION_FLAG(flags) ((flags)&USBD_TRANSFER_DIRECTION_IN)
#define USBD_PIPE_DIRECTION_IN(pipe) (((pipe)->EndpointAddress & 0x80) != 0)
