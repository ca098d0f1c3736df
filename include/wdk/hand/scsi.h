
/* ---- scsi: byte order ---- */
#define IS_SCSIOP_READ(op) ((op) == SCSIOP_READ6 || (op) == SCSIOP_READ || (op) == SCSIOP_READ12 || (op) == SCSIOP_READ16)
#define IS_SCSIOP_WRITE(op) ((op) == SCSIOP_WRITE6 || (op) == SCSIOP_WRITE || (op) == SCSIOP_WRITE12 || (op) == SCSIOP_WRITE16)
#define IS_SCSIOP_READWRITE(op) (IS_SCSIOP_READ(op) || IS_SCSIOP_WRITE(op))
