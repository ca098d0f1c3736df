
/* ---- scsi: byte order ---- */
#define IS_SCSIOP_READ(op) ((op) == SCSIOP_READ6 || (op) == SCSIOP_READ || (op) == SCSIOP_READ12 || (op) == SCSIOP_READ16)
#define IS_SCSIOP_WRITE(op) ((op) == SCSIOP_WRITE6 || (op) == SCSIOP_WRITE || (op) == SCSIOP_WRITE12 || (op) == SCSIOP_WRITE16)
#define IS_SCSIOP_READWRITE(op) (IS_SCSIOP_READ(op) || IS_SCSIOP_WRITE(op))
#define REVERSE_LONG(p) (*(ULONG *)(p) = RtlUlongByteSwap(*(ULONG *)(p)))
#define REVERSE_SHORT(p) (*(USHORT *)(p) = RtlUshortByteSwap(*(USHORT *)(p)))
#define WHICH_BIT(data, bit) for ((bit) = 0; (bit) < 32 && ((data) >> (bit)) != 1; (bit)++)
#define ADJUST_FUA_FLAG(ext)                                                                       \
    {                                                                                              \
        if (TEST_FLAG((ext)->DeviceFlags, DEV_WRITE_CACHE) &&                                      \
            !TEST_FLAG((ext)->DeviceFlags, DEV_POWER_PROTECTED))                                   \
            (ext)->CdbForceUnitAccess = TRUE;                                                      \
        else                                                                                       \
            (ext)->CdbForceUnitAccess = FALSE;                                                     \
    }
