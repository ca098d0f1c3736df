
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
