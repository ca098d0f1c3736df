
/* ---- ntdef: statuses, counted strings, lists ---- */
#define NT_SUCCESS(s) (((NTSTATUS)(s)) >= 0)
#define NT_INFORMATION(s) ((((ULONG)(s)) >> 30) == 1)
#define NT_WARNING(s) ((((ULONG)(s)) >> 30) == 2)
#define NT_ERROR(s) ((((ULONG)(s)) >> 30) == 3)
#define SUCCEEDED(hr) (((HRESULT)(hr)) >= 0)
#define FAILED(hr) (((HRESULT)(hr)) < 0)
#define RTL_CONSTANT_STRING(s) {sizeof(s) - sizeof((s)[0]), sizeof(s), s}
#define RTL_CONSTANT_OBJECT_ATTRIBUTES(n, a)                                                       \
    {sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(n), (a), NULL, NULL}
#define RTL_INIT_OBJECT_ATTRIBUTES(n, a) RTL_CONSTANT_OBJECT_ATTRIBUTES(n, a)
#define DECLARE_CONST_UNICODE_STRING(var, str)                                                     \
    const WCHAR var##_buffer[] = str;                                                              \
    const UNICODE_STRING var = {sizeof(str) - sizeof(WCHAR), sizeof(str), (PWCH)var##_buffer}
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(var, str)                                              \
    extern const __declspec(selectany) UNICODE_STRING var = {sizeof(str) - sizeof(WCHAR),          \
                                                             sizeof(str), (PWCH)str}
#define DECLARE_UNICODE_STRING_SIZE(var, size)                                                     \
    WCHAR var##_buffer[size];                                                                      \
    UNICODE_STRING var = {0, (size) * sizeof(WCHAR), var##_buffer}
#define InitializeObjectAttributes(p, n, a, r, s)                                                  \
    {                                                                                              \
        (p)->Length = sizeof(OBJECT_ATTRIBUTES);                                                   \
        (p)->RootDirectory = r;                                                                    \
        (p)->Attributes = a;                                                                       \
        (p)->ObjectName = n;                                                                       \
        (p)->SecurityDescriptor = s;                                                               \
        (p)->SecurityQualityOfService = NULL;                                                      \
    }
#define DEFINE_DEVPROPKEY(name, ...) EXTERN_C const DEVPROPKEY name
#define DEFINE_PROPERTYKEY(name, ...) EXTERN_C const PROPERTYKEY name
#define OBJ_CASE_INSENSITIVE 0x40
#define HRESULT_FROM_WIN32(x) ((HRESULT)(x) <= 0 ? (HRESULT)(x) : (HRESULT)(((x) & 0xffff) | 0x80070000))
#define HRESULT_FROM_NT(x) ((HRESULT)((x) | 0x10000000))
#define NTSTATUS_FROM_WIN32(x) ((NTSTATUS)(((x) & 0xffff) | 0xC0070000))
#define MAKELANGID(primary, sub) ((USHORT)(((USHORT)(sub) << 10) | (USHORT)(primary)))
#define PRIMARYLANGID(id) ((USHORT)(id)&0x3ff)
#define SUBLANGID(id) ((USHORT)(id) >> 10)
#define MAKELCID(id, sort) ((ULONG)(((ULONG)(USHORT)(sort) << 16) | (USHORT)(id)))
#define LANGIDFROMLCID(id) ((USHORT)(id))
#define LANG_ENGLISH 0x09
#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_SYS_DEFAULT 0x02
#define SUBLANG_ENGLISH_US 0x01
#define DECLARE_HANDLE(name)                                                                      \
    struct name##__ {                                                                              \
        int unused;                                                                                \
    };                                                                                             \
    typedef struct name##__ *name
#define MAXUINT8 ((UCHAR)~0)
#define MAXUINT16 ((USHORT)~0)
#define MAXUINT32 ((unsigned int)~0)
#define MAXUINT64 (~(ULONGLONG)0)
#define MAXINT64 ((LONGLONG)(MAXUINT64 >> 1))
#define MAXINT32 0x7fffffff

/* Results handed on, as trace configurations of drivers name them: what they log is left out, that
 * they return is not. */
#define RETURN_NTSTATUS(status) return (status)
#define RETURN_NTSTATUS_MSG(status, ...) return (status)
#define RETURN_NTSTATUS_IF_FAILED(status)                                                          \
    do {                                                                                           \
        NTSTATUS irqlint_status = (status);                                                        \
        if (irqlint_status < 0)                                                                    \
            return irqlint_status;                                                                 \
    } while (0)
#define RETURN_NTSTATUS_IF_FAILED_MSG(status, ...) RETURN_NTSTATUS_IF_FAILED(status)
#define RETURN_NTSTATUS_IF_FAILED_UNLESS_ALLOWED(status, allowed)                                  \
    do {                                                                                           \
        NTSTATUS irqlint_status = (status);                                                        \
        if (irqlint_status != (allowed) && irqlint_status < 0)                                     \
            return irqlint_status;                                                                 \
    } while (0)
#define RETURN_NTSTATUS_IF_TRUE(condition, status)                                                 \
    do {                                                                                           \
        if (condition)                                                                             \
            return (status);                                                                       \
    } while (0)
#define RETURN_NTSTATUS_IF_TRUE_MSG(condition, status, ...)                                        \
    RETURN_NTSTATUS_IF_TRUE(condition, status)
#define RETURN_IF_NTSTATUS_FAILED(status) RETURN_NTSTATUS_IF_FAILED(status)
#define RETURN_IF_NTSTATUS_FAILED_MSG(status, ...) RETURN_NTSTATUS_IF_FAILED(status)
#define RETURN_IF_FAILED(status) RETURN_NTSTATUS_IF_FAILED(status)

/* Names of anonymous unions and structures: nothing, as in every kit that is used today. */
#define DUMMYUNIONNAME
#define DUMMYUNIONNAME1
#define DUMMYUNIONNAME2
#define DUMMYUNIONNAME3
#define DUMMYUNIONNAME4
#define DUMMYUNIONNAME5
#define DUMMYUNIONNAME6
#define DUMMYUNIONNAME7
#define DUMMYUNIONNAME8
#define DUMMYUNIONNAME9
#define DUMMYSTRUCTNAME
#define DUMMYSTRUCTNAME1
#define DUMMYSTRUCTNAME2
#define DUMMYSTRUCTNAME3
#define DUMMYSTRUCTNAME4
#define DUMMYSTRUCTNAME5
