
/* ---- classpnp ---- */
#define SET_FLAG(flags, bit) ((flags) |= (bit))
#define CLEAR_FLAG(flags, bit) ((flags) &= ~(bit))
#define TEST_FLAG(flags, bit) (((flags) & (bit)) != 0)
#define ClassAcquireRemoveLock(device, tag) ClassAcquireRemoveLockEx((device), (tag), __FILE__, __LINE__)
#define FREE_POOL(p)                                                                               \
    { if (p) { ExFreePool(p); (p) = NULL; } }
#define ASSERT_FDO(device) __irqlint_assert(((PCOMMON_DEVICE_EXTENSION)(device)->DeviceExtension)->IsFdo)
#define ASSERT_PDO(device) __irqlint_assert(!((PCOMMON_DEVICE_EXTENSION)(device)->DeviceExtension)->IsFdo)
#define IS_CLEANUP_REQUEST(major) (((major) == IRP_MJ_CLOSE) || ((major) == IRP_MJ_CLEANUP) || ((major) == IRP_MJ_SHUTDOWN))

#define DO_MCD(ext) (((ext)->MediaChangeDetectionInfo != NULL))



#define IsContainerPartition(type) ((type) == 0x05 || (type) == 0x0f)

/* Guarded blocks without the cost of exception handling. */
#define TRY
#define LEAVE goto __tryLabel
#define FINALLY __tryLabel:
