
/* ---- guiddef ---- */
#define DEFINE_GUID(name, ...) EXTERN_C const GUID name
#ifdef __cplusplus
extern "C++" {
inline int operator==(const GUID &a, const GUID &b) { return a.Data1 == b.Data1; }
inline int operator!=(const GUID &a, const GUID &b) { return a.Data1 != b.Data1; }
}
#define REFGUID const GUID &
#define REFIID const GUID &
#define REFCLSID const GUID &
#define REFFMTID const GUID &
#define IsEqualGUID(a, b) ((a) == (b))
#define IsEqualIID(a, b) ((a) == (b))
#define IsEqualCLSID(a, b) ((a) == (b))
#define InlineIsEqualGUID(a, b) ((a) == (b))
#define IsEqualGUIDAligned(a, b) ((a) == (b))
#else
#define REFGUID const GUID *
#define REFIID const GUID *
#define REFCLSID const GUID *
#define REFFMTID const GUID *
#define IsEqualGUID(a, b) (__builtin_memcmp((a), (b), sizeof(GUID)) == 0)
#define IsEqualIID(a, b) (__builtin_memcmp((a), (b), sizeof(GUID)) == 0)
#define IsEqualCLSID(a, b) (__builtin_memcmp((a), (b), sizeof(GUID)) == 0)
#define InlineIsEqualGUID(a, b) (__builtin_memcmp((a), (b), sizeof(GUID)) == 0)
#define IsEqualGUIDAligned(a, b) (__builtin_memcmp(&(a), &(b), sizeof(GUID)) == 0)
#endif
#include <irqlint_com.h>
