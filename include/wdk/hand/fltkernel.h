
/* ---- fltkernel ---- */
#define FLT_MGR_LONGHORN 1
#define FLT_MGR_WIN7 1
#define FLT_MGR_WIN8 1
#define FLT_MGR_BASELINE 1
#define FLTAPI __stdcall
#define FLT_ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#define FLT_ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#define Add2Ptr(p, n) ((PVOID)((PUCHAR)(p) + (n)))
#define PtrOffset(base, p) ((ULONG)((ULONG_PTR)(p) - (ULONG_PTR)(base)))
#define FLT_IS_IRP_OPERATION(data) (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_IRP_OPERATION))
#define FLT_IS_FASTIO_OPERATION(data) (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_FAST_IO_OPERATION))
#define FLT_IS_FS_FILTER_OPERATION(data)                                                           \
    (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_FS_FILTER_OPERATION))
#define FLT_IS_REISSUED_IO(data) (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_REISSUED_IO))
#define FLT_IS_SYSTEM_BUFFER(data) (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_SYSTEM_BUFFER))
#define FLT_IS_GENERATED_IO(data) (FlagOn((data)->Flags, FLTFL_CALLBACK_DATA_GENERATED_IO))
#define FLT_FINALIZE_CALLBACK_DATA(x)
#define FltInitializePushLockInline FltInitializePushLock

/* ---- where the fields of directory entries lie ---- */
typedef struct _FILE_INFORMATION_DEFINITION {
    FILE_INFORMATION_CLASS Class;
    ULONG NextEntryOffset;
    ULONG FileNameLengthOffset;
    ULONG FileNameOffset;
} FILE_INFORMATION_DEFINITION, *PFILE_INFORMATION_DEFINITION;
#define IRQLINT_FILE_DEFINITION(type, class)                                                       \
    {class, FIELD_OFFSET(type, NextEntryOffset), FIELD_OFFSET(type, FileNameLength),               \
     FIELD_OFFSET(type, FileName)}
#define FileFullDirectoryInformationDefinition                                                     \
    IRQLINT_FILE_DEFINITION(FILE_FULL_DIR_INFORMATION, FileFullDirectoryInformation)
#define FileBothDirectoryInformationDefinition                                                     \
    IRQLINT_FILE_DEFINITION(FILE_BOTH_DIR_INFORMATION, FileBothDirectoryInformation)
#define FileDirectoryInformationDefinition                                                         \
    IRQLINT_FILE_DEFINITION(FILE_DIRECTORY_INFORMATION, FileDirectoryInformation)
#define FileNamesInformationDefinition                                                             \
    IRQLINT_FILE_DEFINITION(FILE_NAMES_INFORMATION, FileNamesInformation)
#define FileIdFullDirectoryInformationDefinition                                                   \
    IRQLINT_FILE_DEFINITION(FILE_ID_FULL_DIR_INFORMATION, FileIdFullDirectoryInformation)
#define FileIdBothDirectoryInformationDefinition                                                   \
    IRQLINT_FILE_DEFINITION(FILE_ID_BOTH_DIR_INFORMATION, FileIdBothDirectoryInformation)
#define FileIdExtdDirectoryInformationDefinition                                                   \
    IRQLINT_FILE_DEFINITION(FILE_ID_EXTD_DIR_INFORMATION, FileIdExtdDirectoryInformation)
#define FileIdExtdBothDirectoryInformationDefinition                                               \
    IRQLINT_FILE_DEFINITION(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileIdExtdBothDirectoryInformation)
#define FileIdGlobalTxDirectoryInformationDefinition                                               \
    IRQLINT_FILE_DEFINITION(FILE_ID_GLOBAL_TX_DIR_INFORMATION, FileIdGlobalTxDirectoryInformation)
