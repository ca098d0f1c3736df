
/* ---- srb ---- */
#define SRB_STATUS(status) ((status) & ~(SRB_STATUS_AUTOSENSE_VALID | SRB_STATUS_QUEUE_FROZEN))
#define SP_UNINITIALIZED_VALUE ((ULONG)~0)
#define SCSIPORT_API
#define SP_UNTAGGED ((UCHAR)~0)
#define DebugPrint(list)
