
/* ---- wdm: macros that give lvalues, take types or are statements ---- */
#define _WDM_INCLUDED_
#define _NTDDK_COMMON_
#ifndef DBG
#define DBG 1
#endif
#define PAGE_SIZE 0x1000
#define PAGE_SHIFT 12L
#define PAGE_ALIGN(va) ((PVOID)((ULONG_PTR)(va) & ~(PAGE_SIZE - 1)))
#define BYTE_OFFSET(va) ((ULONG)((ULONG_PTR)(va) & (PAGE_SIZE - 1)))
#define ROUND_TO_PAGES(n) (((ULONG_PTR)(n) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define BYTES_TO_PAGES(n) (((n) >> PAGE_SHIFT) + (((n) & (PAGE_SIZE - 1)) != 0))
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, n)                                                      \
    ((ULONG)((((ULONG_PTR)(va) & (PAGE_SIZE - 1)) + (n) + (PAGE_SIZE - 1)) >> PAGE_SHIFT))
#define COMPUTE_PAGES_SPANNED(va, n) ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, n)
#define IS_ALIGNED(p, a) (((ULONG_PTR)(p) & ((a)-1)) == 0)
#define ROUND_TO_SIZE(n, a) (((ULONG_PTR)(n) + (a)-1) & ~((ULONG_PTR)(a)-1))
#define ROUND_DOWN_TO_SIZE(n, a) ((ULONG_PTR)(n) & ~((ULONG_PTR)(a)-1))

#define CTL_CODE(type, function, method, access)                                                   \
    (((type) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define DEVICE_TYPE_FROM_CTL_CODE(code) (((ULONG)((code)&0xffff0000)) >> 16)
#define METHOD_FROM_CTL_CODE(code) ((ULONG)((code)&3))
#define METHOD_DIRECT_TO_HARDWARE METHOD_IN_DIRECT
#define METHOD_DIRECT_FROM_HARDWARE METHOD_OUT_DIRECT

#define KdPrint(list) DbgPrint list
#define KdPrintEx(list) DbgPrintEx list
#define vKdPrintEx(list) vDbgPrintEx list
#define KdBreakPoint() DbgBreakPoint()
#define KdBreakPointWithStatus(s) DbgBreakPointWithStatus(s)
#define KD_DEBUGGER_ENABLED KdDebuggerEnabled
#define KD_DEBUGGER_NOT_PRESENT KdDebuggerNotPresent

#define MmGetMdlPfnArray(mdl) ((PPFN_NUMBER)((mdl) + 1))
#define PCI_COMMON_HEADER_LENGTH (FIELD_OFFSET(PCI_COMMON_CONFIG, DeviceSpecific))
#define INITIAL_PRIVILEGE_COUNT 3
#define IO_TYPE_ADAPTER 1
#define IO_TYPE_CONTROLLER 2
#define IO_TYPE_DEVICE 3
#define IO_TYPE_DRIVER 4
#define IO_TYPE_FILE 5
#define IO_TYPE_IRP 6
#define DPC_NORMAL 0
#define DPC_THREADED 1

#ifndef RTL_USE_AVL_TABLES
#define IRQLINT_GENERIC_TABLES 1
#endif
#define POOL_ZERO_DOWN_LEVEL_SUPPORT_
#define REVERSE_BYTES_2(to, from) ((void)(*(UCHAR *)(to) = *(UCHAR *)(from)))
#define REVERSE_BYTES_4(to, from) ((void)(*(UCHAR *)(to) = *(UCHAR *)(from)))
#define REVERSE_BYTES_8(to, from) ((void)(*(UCHAR *)(to) = *(UCHAR *)(from)))
#define REVERSE_BYTES(to, from)                                                                    \
    { *(ULONG *)(to) = *(ULONG *)(from); }
#define REVERSE_BYTES_SHORT(to, from)                                                              \
    { *(USHORT *)(to) = *(USHORT *)(from); }
#define REVERSE_BYTES_QUAD(to, from)                                                               \
    { *(ULONGLONG *)(to) = *(ULONGLONG *)(from); }
#define PreFetchCacheLine(level, p) ((void)(p))
#define PrefetchForWrite(p) ((void)(p))
#define ReadForWriteAccess(p) (*(p))
#define STATICGUIDOF(guid) 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define DEFINE_GUIDNAMED(guid) guid
#define DEFINE_GUIDSTRUCT(text, name) EXTERN_C const GUID name
#define KERNEL_STACK_SIZE 0x6000
#define KERNEL_LARGE_STACK_SIZE 0x12000
#define VER_SET_CONDITION(m, t, c) ((m) = VerSetConditionMask((m), (t), (c)))
#define OSVER(v) ((v)&0xFFFF0000)
#define SPVER(v) (((v)&0x0000FF00) >> 8)
#define SUBVER(v) ((v)&0x000000FF)
#define NTDDI_VERSION_FROM_WIN32_WINNT(v) ((v) << 16)
#define IoCompleteRequestInline IoCompleteRequest
#define HalPtrOf(x) (x)

#include <irqlint_kernel.h>
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define ZwCurrentProcess() NtCurrentProcess()
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define ZwCurrentThread() NtCurrentThread()
#define RTL_STATIC_LIST_HEAD(x) LIST_ENTRY x = {&x, &x}
