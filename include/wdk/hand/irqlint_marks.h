/* What every model header stands on: compiler words, marks for the analyser, plain macros.
 *
 * Contract with the front end: PAGED_CODE() calls __irqlint_paged_code(), assertions call
 * __irqlint_assert(!!(e)), assumptions __irqlint_assume(!!(e)).
 * Invariant: nothing here depends on a configuration macro of the driver.
 */
#ifndef IRQLINT_MARKS_H
#define IRQLINT_MARKS_H

/* ---- target ---- */
#ifndef _KERNEL_MODE
#define _KERNEL_MODE 1
#endif
#ifndef _AMD64_
#define _AMD64_ 1
#endif
#ifndef _WIN64
#define _WIN64 1
#endif
#define ALLOC_PRAGMA 1
#define ALLOC_DATA_PRAGMA 1
#define _PREFAST_FREE_ 1

/* Parameters nobody knows: C takes any call and any definition. */
#ifdef __cplusplus
#define IRQLINT_AN_INT : int
#define IRQLINT_ANY ...
#else
#define IRQLINT_AN_INT
#define IRQLINT_ANY
#endif

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __builtin_va_list va_list;
#ifndef __cplusplus
typedef unsigned short wchar_t;
#define _WCHAR_T_DEFINED
#endif

#ifdef __cplusplus
extern "C" {
#endif
void __irqlint_paged_code(void);
#ifdef IRQLINT_NO_ASSERTS
#define __irqlint_assert(holds) ((void)0)
#else
void __irqlint_assert(int holds);
#endif
void __irqlint_assume(int holds);
#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
#define EXTERN_C extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END }
#define NULL 0
#else
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#define NULL ((void *)0)
#endif

/* ---- words of the compiler and of old headers ---- */
#define VOID void
#define CONST const
#define FAR
#define NEAR
#define far
#define near
#define IN
#define OUT
#define OPTIONAL
#define CRITICAL
#define __kernel_entry
#define __user_code
#define __kernel_code
#define _Kernel_entry_
#define NOTHING
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER
#define POINTER_32
#define POINTER_64
#define POINTER_SIGNED
#define POINTER_UNSIGNED
#define FIRMWARE_PTR
#define NTAPI __stdcall
#define NTAPI_INLINE __stdcall
#define FASTCALL __fastcall
#define APIENTRY __stdcall
#define CALLBACK __stdcall
#define PASCAL __stdcall
#define CDECL __cdecl
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTKERNELAPI
#define NTHALAPI
#define NTKRNLVISTAAPI
#define DDKAPI
#define FORCEINLINE __inline
#define CFORCEINLINE __inline
#define FORCEINLINE_ __inline
#define NTINLINE __inline
#define INLINE __inline
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define DECLSPEC_ALIGN(x) __declspec(align(x))
#define DECLSPEC_CACHEALIGN __declspec(align(64))
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define DECLSPEC_NOINLINE __declspec(noinline)
#define DECLSPEC_NORETURN __declspec(noreturn)
#define DECLSPEC_SELECTANY __declspec(selectany)
#define DECLSPEC_NOTHROW __declspec(nothrow)
#define DECLSPEC_NOVTABLE
#define DECLSPEC_DEPRECATED
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_DEPRECATED_DDK_WIN2K
#define DECLSPEC_DEPRECATED_DDK_WINXP
#define DECLSPEC_GUARDNOCF
#define DECLSPEC_GUARD_SUPPRESS
#define DECLSPEC_SAFEBUFFERS
#define DECLSPEC_ALLOCATOR
#define DECLSPEC_RESTRICT
#define DECLSPEC_NOINITALL
#define DECLSPEC_CHPE_GUEST
#define DECLSPEC_ADDRSAFE
#define DECLSPEC_UUID(x)
#define PRAGMA_DEPRECATED_DDK 0
#define STDAPICALLTYPE __stdcall
#define STDMETHODCALLTYPE __stdcall
#define STDMETHODVCALLTYPE __cdecl
#define STDAPIVCALLTYPE __cdecl
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#define __STR2WSTR(str) L##str
#define _STR2WSTR(str) __STR2WSTR(str)
#define __FILEW__ _STR2WSTR(__FILE__)
#define __FUNCTIONW__ L"function"
#define __TEXT(quote) L##quote
#define TEXT(quote) __TEXT(quote)
#define _T(quote) __TEXT(quote)
#define _TEXT(quote) L##quote
#define VOID_PTR void *
#define ANYSIZE_ARRAY 1
#ifndef __cplusplus
#define TRUE 1
#define FALSE 0
#else
#define TRUE true
#define FALSE false
#undef TRUE
#undef FALSE
#define TRUE 1
#define FALSE 0
#endif
#define C_ASSERT(e) typedef char __C_ASSERT__[(e) ? 1 : -1] __attribute((unused))
#undef C_ASSERT
#ifdef __cplusplus
#define C_ASSERT(e) static_assert((e), #e)
#define STATIC_ASSERT(e) static_assert((e), #e)
#else
#define C_ASSERT(e) _Static_assert(1, #e)
#define STATIC_ASSERT(e) _Static_assert(1, #e)
#endif
#define UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))
#define UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))
#define DEFAULT_UNREACHABLE default: break
#define __FALLTHROUGH
#define __fallthrough
#define _Fallthrough_
#define RESTRICTED
#define ARM64_SHARED

/* ---- marks ---- */
#define PAGED_CODE() __irqlint_paged_code();
#define PAGED_CODE_LOCKED()
#define PAGED_ASSERT(e) __irqlint_assert(!!(e))
#define ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#define ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#define RTL_SOFT_ASSERT(e) __irqlint_assert(!!(e))
#define RTL_SOFT_ASSERTMSG(msg, e) __irqlint_assert(!!(e))
#define RTL_VERIFY(e) (!!(e))
#define RTL_VERIFYMSG(msg, e) (!!(e))
#define RTL_SOFT_VERIFY(e) (!!(e))
#define NT_ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#define NT_ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#define NT_ASSERTMSGW(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#define NT_VERIFY(...) (!!(__VA_ARGS__))
#define NT_VERIFYMSG(msg, ...) (!!(__VA_ARGS__))
#define NT_FRE_ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#define NT_FRE_ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#define NT_ASSERT_ASSUME(...) __irqlint_assert(!!(__VA_ARGS__))
#define WIN_ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#define WIN_VERIFY(...) (!!(__VA_ARGS__))
#define NT_ANALYSIS_ASSUME(...) __irqlint_assume(!!(__VA_ARGS__))

/* ---- structured exceptions ---- */
#ifndef __cplusplus
#define try __try
#define except __except
#define finally __finally
#define leave __leave
#endif
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)
#define GetExceptionCode() _exception_code()
#define exception_code() _exception_code()
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)_exception_info())
#define exception_info() ((struct _EXCEPTION_POINTERS *)_exception_info())
#define AbnormalTermination() _abnormal_termination()
#define abnormal_termination() _abnormal_termination()

/* ---- values and layout ---- */
#define FIELD_OFFSET(type, field) ((long)__builtin_offsetof(type, field))
#define UFIELD_OFFSET(type, field) ((unsigned long)__builtin_offsetof(type, field))
#define offsetof(type, field) __builtin_offsetof(type, field)
#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)((char *)(address) - __builtin_offsetof(type, field)))
#define TYPE_ALIGNMENT(t) __alignof(t)
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define RTL_FIELD_TYPE(type, field) (((type *)0)->field)
#define RTL_SIZEOF_THROUGH_FIELD(type, field)                                                      \
    (__builtin_offsetof(type, field) + sizeof(((type *)0)->field))
#define RTL_CONTAINS_FIELD(s, size, field)                                                         \
    ((((char *)(&(s)->field)) + sizeof((s)->field)) <= (((char *)(s)) + (size)))
#define RTL_NUMBER_OF(a) (sizeof(a) / sizeof((a)[0]))
#define RTL_NUMBER_OF_V1(a) RTL_NUMBER_OF(a)
#define RTL_NUMBER_OF_V2(a) RTL_NUMBER_OF(a)
#define RTL_NUMBER_OF_FIELD(type, field) RTL_NUMBER_OF(((type *)0)->field)
#define ARRAYSIZE(a) RTL_NUMBER_OF(a)
#define _ARRAYSIZE(a) RTL_NUMBER_OF(a)
#define _countof(a) RTL_NUMBER_OF(a)
#define SIZEOF_ARRAY(a) RTL_NUMBER_OF(a)
#define RTL_ELEMENT_SIZE(a) sizeof((a)[0])
#define RTL_BITS_OF(x) (sizeof(x) * 8)
#define RTL_BITS_OF_FIELD(type, field) (RTL_FIELD_SIZE(type, field) * 8)
#define RTL_CONST_CAST(type) (type)
#define RtlOffsetToPointer(base, offset) ((char *)(((char *)(base)) + ((unsigned long long)(offset))))
#define RtlPointerToOffset(base, pointer)                                                          \
    ((unsigned long)(((char *)(pointer)) - ((char *)(base))))
#define ARGUMENT_PRESENT(p) ((void *)(p) != (void *)0)
#define MAKEWORD(a, b) ((unsigned short)(((unsigned char)(a)) | ((unsigned short)(unsigned char)(b)) << 8))
#define MAKELONG(a, b) ((long)(((unsigned short)(a)) | ((unsigned long)(unsigned short)(b)) << 16))
#define LOWORD(l) ((unsigned short)((unsigned long long)(l) & 0xffff))
#define HIWORD(l) ((unsigned short)(((unsigned long long)(l) >> 16) & 0xffff))
#define LODWORD(l) ((unsigned long)(l))
#define HIDWORD(l) ((unsigned long)(((unsigned long long)(l)) >> 32))
#define LOBYTE(w) ((unsigned char)((unsigned long long)(w) & 0xff))
#define HIBYTE(w) ((unsigned char)(((unsigned long long)(w) >> 8) & 0xff))
#define MAKEFOURCC(a, b, c, d)                                                                     \
    ((unsigned long)(unsigned char)(a) | ((unsigned long)(unsigned char)(b) << 8) |                \
     ((unsigned long)(unsigned char)(c) << 16) | ((unsigned long)(unsigned char)(d) << 24))
#ifndef __cplusplus
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#else
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#define FlagOn(f, m) ((f) & (m))
#define BooleanFlagOn(f, m) ((unsigned char)(((f) & (m)) != 0))
#define SetFlag(f, m) ((f) |= (m))
#define ClearFlag(f, m) ((f) &= ~(m))
#define HandleToULong(h) ((unsigned long)(unsigned long long)(h))
#define HandleToUlong(h) ((unsigned long)(unsigned long long)(h))
#define HandleToLong(h) ((long)(long long)(h))
#define HandleToHandle32(h) ((void *)(h))
#define Handle32ToHandle(h) ((void *)(h))
#define ULongToHandle(u) ((void *)(unsigned long long)(u))
#define UlongToHandle(u) ((void *)(unsigned long long)(u))
#define LongToHandle(l) ((void *)(long long)(l))
#define PtrToUlong(p) ((unsigned long)(unsigned long long)(p))
#define PtrToULong(p) ((unsigned long)(unsigned long long)(p))
#define PtrToUint(p) ((unsigned int)(unsigned long long)(p))
#define PtrToUInt(p) ((unsigned int)(unsigned long long)(p))
#define PtrToInt(p) ((int)(long long)(p))
#define PtrToLong(p) ((long)(long long)(p))
#define PtrToShort(p) ((short)(long long)(p))
#define PtrToUshort(p) ((unsigned short)(unsigned long long)(p))
#define PtrToUShort(p) ((unsigned short)(unsigned long long)(p))
#define PtrToPtr64(p) ((void *)(p))
#define Ptr64ToPtr(p) ((void *)(p))
#define Ptr32ToPtr(p) ((void *)(unsigned long long)(p))
#define PtrToPtr32(p) ((void *)(p))
#define IntToPtr(i) ((void *)(long long)(int)(i))
#define UIntToPtr(u) ((void *)(unsigned long long)(unsigned int)(u))
#define UintToPtr(u) ((void *)(unsigned long long)(unsigned int)(u))
#define LongToPtr(l) ((void *)(long long)(long)(l))
#define ULongToPtr(u) ((void *)(unsigned long long)(unsigned long)(u))
#define UlongToPtr(u) ((void *)(unsigned long long)(unsigned long)(u))
#define Int32x32To64(a, b) (((long long)(long)(a)) * ((long long)(long)(b)))
#define UInt32x32To64(a, b) ((unsigned long long)(unsigned long)(a) * (unsigned long long)(unsigned long)(b))
#define Int64ShllMod32(a, b) ((unsigned long long)(a) << (b))
#define Int64ShraMod32(a, b) ((long long)(a) >> (b))
#define Int64ShrlMod32(a, b) ((unsigned long long)(a) >> (b))
#define ALIGN_DOWN_BY(n, a) ((unsigned long long)(n) & ~((unsigned long long)(a)-1))
#define ALIGN_UP_BY(n, a) (((unsigned long long)(n) + (a)-1) & ~((unsigned long long)(a)-1))
#define ALIGN_DOWN_POINTER_BY(p, a) ((void *)ALIGN_DOWN_BY(p, a))
#define ALIGN_UP_POINTER_BY(p, a) ((void *)ALIGN_UP_BY(p, a))
#define ALIGN_DOWN(n, type) ALIGN_DOWN_BY(n, sizeof(type))
#define ALIGN_UP(n, type) ALIGN_UP_BY(n, sizeof(type))
#define ALIGN_DOWN_POINTER(p, type) ALIGN_DOWN_POINTER_BY(p, sizeof(type))
#define ALIGN_UP_POINTER(p, type) ALIGN_UP_POINTER_BY(p, sizeof(type))
#define DEFINE_ENUM_FLAG_OPERATORS(t)
#ifdef __cplusplus
#undef DEFINE_ENUM_FLAG_OPERATORS
#define DEFINE_ENUM_FLAG_OPERATORS(t)                                                              \
    extern "C++" {                                                                                 \
    constexpr t operator|(t a, t b) { return t((int)a | (int)b); }                                 \
    constexpr t operator&(t a, t b) { return t((int)a & (int)b); }                                 \
    constexpr t operator^(t a, t b) { return t((int)a ^ (int)b); }                                 \
    constexpr t operator~(t a) { return t(~(int)a); }                                              \
    inline t &operator|=(t &a, t b) { return a = t((int)a | (int)b); }                             \
    inline t &operator&=(t &a, t b) { return a = t((int)a & (int)b); }                             \
    }
#endif
#endif
