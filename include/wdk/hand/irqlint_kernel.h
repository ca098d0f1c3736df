/* Functions that the kit has as macros or intrinsics and no table row declares.
 * Invariant: each is a call of its documented name, with the documented arguments.
 */
#include <wdm.h>
#ifndef IRQLINT_KERNEL_H
#define IRQLINT_KERNEL_H
#ifdef __cplusplus
extern "C" {
#endif
unsigned long _exception_code(void);
void *_exception_info(void);
int _abnormal_termination(void);
PEPROCESS PsGetCurrentProcess(void);
PKTHREAD KeGetCurrentThread(void);
ERESOURCE_THREAD ExGetCurrentResourceThread(void);
PSLIST_ENTRY ExInterlockedPopEntrySList(PSLIST_HEADER ListHead, PKSPIN_LOCK Lock);
PSLIST_ENTRY ExInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry, PKSPIN_LOCK Lock);
void DbgRaiseAssertionFailure(void);
void MemoryBarrier(void);
void YieldProcessor(void);
ULONG64 ReadTimeStampCounter(void);
void SecureZeroMemory(void *p, size_t n);
void ZeroMemory(void *p, size_t n);
void CopyMemory(void *to, const void *from, size_t n);
void MoveMemory(void *to, const void *from, size_t n);
void FillMemory(void *p, size_t n, int value);
BOOLEAN ReadBooleanNoFence(const volatile BOOLEAN *p);
void WriteBooleanNoFence(volatile BOOLEAN *p, BOOLEAN value);

LONG InterlockedAdd(LONG volatile *p, LONG v);
LONG InterlockedIncrement(LONG volatile *p);
LONG InterlockedDecrement(LONG volatile *p);
LONG InterlockedExchange(LONG volatile *p, LONG v);
LONG InterlockedExchangeAdd(LONG volatile *p, LONG v);
LONG InterlockedCompareExchange(LONG volatile *p, LONG v, LONG c);
LONG InterlockedAnd(LONG volatile *p, LONG v);
LONG InterlockedOr(LONG volatile *p, LONG v);
LONG InterlockedXor(LONG volatile *p, LONG v);
LONG64 InterlockedAdd64(LONG64 volatile *p, LONG64 v);
LONG64 InterlockedIncrement64(LONG64 volatile *p);
LONG64 InterlockedDecrement64(LONG64 volatile *p);
LONG64 InterlockedExchange64(LONG64 volatile *p, LONG64 v);
LONG64 InterlockedExchangeAdd64(LONG64 volatile *p, LONG64 v);
LONG64 InterlockedCompareExchange64(LONG64 volatile *p, LONG64 v, LONG64 c);
LONG64 InterlockedAnd64(LONG64 volatile *p, LONG64 v);
LONG64 InterlockedOr64(LONG64 volatile *p, LONG64 v);
LONG InterlockedAndToUser(LONG volatile *p, LONG v);
LONG InterlockedCompareExchangeToUser(LONG volatile *p, LONG v, LONG c);
LONG64 InterlockedOr64ToMode(LONG64 volatile *p, LONG64 v, KPROCESSOR_MODE mode);
SHORT InterlockedIncrement16(SHORT volatile *p);
SHORT InterlockedDecrement16(SHORT volatile *p);
SHORT InterlockedCompareExchange16(SHORT volatile *p, SHORT v, SHORT c);
char InterlockedExchange8(char volatile *p, char v);
char InterlockedOr8(char volatile *p, char v);
char InterlockedAnd8(char volatile *p, char v);
SIZE_T InterlockedIncrementSizeT(SIZE_T volatile *p);
SIZE_T InterlockedDecrementSizeT(SIZE_T volatile *p);
LONG InterlockedIncrementAcquire(LONG volatile *p);
LONG InterlockedDecrementRelease(LONG volatile *p);
LONG InterlockedIncrementNoFence(LONG volatile *p);
LONG InterlockedDecrementNoFence(LONG volatile *p);
LONG InterlockedCompareExchangeAcquire(LONG volatile *p, LONG v, LONG c);
LONG InterlockedCompareExchangeRelease(LONG volatile *p, LONG v, LONG c);
LONG InterlockedExchangeNoFence(LONG volatile *p, LONG v);
LONG InterlockedExchangeAddNoFence(LONG volatile *p, LONG v);
LONG64 InterlockedExchangeAddNoFence64(LONG64 volatile *p, LONG64 v);
LONG64 InterlockedIncrementNoFence64(LONG64 volatile *p);
LONG64 InterlockedDecrementNoFence64(LONG64 volatile *p);
void *InterlockedExchangePointer(void *volatile *p, void *v);
void *InterlockedCompareExchangePointer(void *volatile *p, void *v, void *c);
void *InterlockedExchangePointerNoFence(void *volatile *p, void *v);
void *InterlockedCompareExchangePointerNoFence(void *volatile *p, void *v, void *c);
unsigned char InterlockedBitTestAndSet(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndReset(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndSet64(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndReset64(LONG64 volatile *p, LONG64 bit);
LONG ReadAcquire(LONG const volatile *p);
LONG ReadNoFence(LONG const volatile *p);
LONG ReadRaw(LONG const volatile *p);
LONG64 ReadAcquire64(LONG64 const volatile *p);
LONG64 ReadNoFence64(LONG64 const volatile *p);
ULONG ReadULongNoFence(ULONG const volatile *p);
ULONG ReadULongAcquire(ULONG const volatile *p);
ULONG64 ReadULong64NoFence(ULONG64 const volatile *p);
ULONG64 ReadULong64Acquire(ULONG64 const volatile *p);
UCHAR ReadUCharNoFence(UCHAR const volatile *p);
UCHAR ReadUCharAcquire(UCHAR const volatile *p);
USHORT ReadUShortNoFence(USHORT const volatile *p);
void *ReadPointerNoFence(void *const volatile *p);
void *ReadPointerAcquire(void *const volatile *p);
void WriteRelease(LONG volatile *p, LONG v);
void WriteNoFence(LONG volatile *p, LONG v);
void WriteRaw(LONG volatile *p, LONG v);
void WriteNoFence8(CHAR volatile *p, CHAR v);
void WriteNoFence16(SHORT volatile *p, SHORT v);
void WriteRelease8(CHAR volatile *p, CHAR v);
void WriteRelease16(SHORT volatile *p, SHORT v);
CHAR ReadNoFence8(CHAR const volatile *p);
SHORT ReadNoFence16(SHORT const volatile *p);
CHAR ReadAcquire8(CHAR const volatile *p);
SHORT ReadAcquire16(SHORT const volatile *p);
LONG64 ReadRaw64(LONG64 const volatile *p);
void WriteRaw8(CHAR volatile *p, CHAR v);
void WriteRaw16(SHORT volatile *p, SHORT v);
void WriteRaw64(LONG64 volatile *p, LONG64 v);
CHAR ReadRaw8(CHAR const volatile *p);
SHORT ReadRaw16(SHORT const volatile *p);
void WriteRelease64(LONG64 volatile *p, LONG64 v);
void WriteNoFence64(LONG64 volatile *p, LONG64 v);
void WriteULongNoFence(ULONG volatile *p, ULONG v);
void WriteULongRelease(ULONG volatile *p, ULONG v);
void WriteULong64NoFence(ULONG64 volatile *p, ULONG64 v);
void WriteUCharNoFence(UCHAR volatile *p, UCHAR v);
void WriteUCharRelease(UCHAR volatile *p, UCHAR v);
void WritePointerNoFence(void *volatile *p, void *v);
void WritePointerRelease(void *volatile *p, void *v);

BOOLEAN ReadBooleanAcquire(BOOLEAN const volatile *p);
void WriteBooleanRelease(BOOLEAN volatile *p, BOOLEAN v);
void WriteBooleanRaw(BOOLEAN volatile *p, BOOLEAN v);
UCHAR ReadUCharRaw(UCHAR const volatile *p);
void WriteUCharRaw(UCHAR volatile *p, UCHAR v);
USHORT ReadUShortAcquire(USHORT const volatile *p);
USHORT ReadUShortRaw(USHORT const volatile *p);
void WriteUShortRelease(USHORT volatile *p, USHORT v);
void WriteUShortNoFence(USHORT volatile *p, USHORT v);
void WriteUShortRaw(USHORT volatile *p, USHORT v);
ULONG ReadULongRaw(ULONG const volatile *p);
void WriteULongRaw(ULONG volatile *p, ULONG v);
ULONG64 ReadULong64Raw(ULONG64 const volatile *p);
void WriteULong64Release(ULONG64 volatile *p, ULONG64 v);
void WriteULong64Raw(ULONG64 volatile *p, ULONG64 v);
ULONG_PTR ReadULongPtrAcquire(ULONG_PTR const volatile *p);
ULONG_PTR ReadULongPtrNoFence(ULONG_PTR const volatile *p);
ULONG_PTR ReadULongPtrRaw(ULONG_PTR const volatile *p);
void WriteULongPtrRelease(ULONG_PTR volatile *p, ULONG_PTR v);
void WriteULongPtrNoFence(ULONG_PTR volatile *p, ULONG_PTR v);
void WriteULongPtrRaw(ULONG_PTR volatile *p, ULONG_PTR v);
SIZE_T ReadSizeTAcquire(SIZE_T const volatile *p);
SIZE_T ReadSizeTNoFence(SIZE_T const volatile *p);
SIZE_T ReadSizeTRaw(SIZE_T const volatile *p);
void WriteSizeTRelease(SIZE_T volatile *p, SIZE_T v);
void WriteSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
void WriteSizeTRaw(SIZE_T volatile *p, SIZE_T v);
LONG_PTR ReadLongPtrAcquire(LONG_PTR const volatile *p);
LONG_PTR ReadLongPtrNoFence(LONG_PTR const volatile *p);
LONG_PTR ReadLongPtrRaw(LONG_PTR const volatile *p);
void WriteLongPtrRelease(LONG_PTR volatile *p, LONG_PTR v);
void WriteLongPtrNoFence(LONG_PTR volatile *p, LONG_PTR v);
void WriteLongPtrRaw(LONG_PTR volatile *p, LONG_PTR v);
void *ReadPointerRaw(void *const volatile *p);
void WritePointerRaw(void *volatile *p, void *v);
unsigned char InterlockedBitTestAndComplement64(LONG64 volatile *p, LONG64 bit);
SIZE_T InterlockedExchangeSizeT(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedCompareExchangeSizeT(SIZE_T volatile *p, SIZE_T v, SIZE_T c);
SIZE_T InterlockedAndSizeT(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedOrSizeT(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedXorSizeT(SIZE_T volatile *p, SIZE_T v);
unsigned char InterlockedBitTestAndSetAcquire(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndSet64Acquire(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndResetAcquire(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndReset64Acquire(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndComplementAcquire(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndComplement64Acquire(LONG64 volatile *p, LONG64 bit);
SIZE_T InterlockedIncrementSizeTAcquire(SIZE_T volatile *p);
SIZE_T InterlockedDecrementSizeTAcquire(SIZE_T volatile *p);
SIZE_T InterlockedExchangeSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedExchangeAddSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedCompareExchangeSizeTAcquire(SIZE_T volatile *p, SIZE_T v, SIZE_T c);
SIZE_T InterlockedAndSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedOrSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedXorSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedAddSizeTAcquire(SIZE_T volatile *p, SIZE_T v);
unsigned char InterlockedBitTestAndSetRelease(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndSet64Release(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndResetRelease(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndReset64Release(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndComplementRelease(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndComplement64Release(LONG64 volatile *p, LONG64 bit);
SIZE_T InterlockedIncrementSizeTRelease(SIZE_T volatile *p);
SIZE_T InterlockedDecrementSizeTRelease(SIZE_T volatile *p);
SIZE_T InterlockedExchangeSizeTRelease(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedExchangeAddSizeTRelease(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedCompareExchangeSizeTRelease(SIZE_T volatile *p, SIZE_T v, SIZE_T c);
SIZE_T InterlockedAndSizeTRelease(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedOrSizeTRelease(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedXorSizeTRelease(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedAddSizeTRelease(SIZE_T volatile *p, SIZE_T v);
unsigned char InterlockedBitTestAndSetNoFence(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndSet64NoFence(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndResetNoFence(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndReset64NoFence(LONG64 volatile *p, LONG64 bit);
unsigned char InterlockedBitTestAndComplementNoFence(LONG volatile *p, LONG bit);
unsigned char InterlockedBitTestAndComplement64NoFence(LONG64 volatile *p, LONG64 bit);
SIZE_T InterlockedIncrementSizeTNoFence(SIZE_T volatile *p);
SIZE_T InterlockedDecrementSizeTNoFence(SIZE_T volatile *p);
SIZE_T InterlockedExchangeSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedExchangeAddSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedCompareExchangeSizeTNoFence(SIZE_T volatile *p, SIZE_T v, SIZE_T c);
SIZE_T InterlockedAndSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedOrSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedXorSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
SIZE_T InterlockedAddSizeTNoFence(SIZE_T volatile *p, SIZE_T v);
unsigned char BitTestAndSet(LONG *p, LONG bit);
unsigned char BitTestAndReset(LONG *p, LONG bit);
unsigned char BitTestAndComplement(LONG *p, LONG bit);
unsigned char BitTest64(LONG64 const *p, LONG64 bit);
unsigned char BitTestAndSet64(LONG64 *p, LONG64 bit);
unsigned char BitTestAndReset64(LONG64 *p, LONG64 bit);
unsigned char BitTestAndComplement64(LONG64 *p, LONG64 bit);
ULONG RtlInterlockedAndBits(ULONG volatile *p, ULONG bits);
ULONG RtlInterlockedXorBits(ULONG volatile *p, ULONG bits);
void RtlInterlockedAndBitsDiscardReturn(ULONG volatile *p, ULONG bits);
void RtlInterlockedSetBitsDiscardReturn(ULONG volatile *p, ULONG bits);
void RtlInterlockedClearBitsDiscardReturn(ULONG volatile *p, ULONG bits);
LONG64 MultiplyHigh(LONG64 a, LONG64 b);

UCHAR BitScanForward(ULONG *index, ULONG mask);
UCHAR BitScanReverse(ULONG *index, ULONG mask);
UCHAR BitScanForward64(ULONG *index, ULONG64 mask);
UCHAR BitScanReverse64(ULONG *index, ULONG64 mask);
UCHAR _BitScanForward(ULONG *index, ULONG mask);
UCHAR _BitScanReverse(ULONG *index, ULONG mask);
UCHAR _BitScanForward64(ULONG *index, ULONG64 mask);
UCHAR _BitScanReverse64(ULONG *index, ULONG64 mask);
UCHAR BitTest(LONG const *base, LONG bit);
UCHAR _bittest(LONG const *base, LONG bit);
UCHAR _bittestandset(LONG *base, LONG bit);
UCHAR _bittestandreset(LONG *base, LONG bit);
ULONG64 UnsignedMultiplyHigh(ULONG64 a, ULONG64 b);
#ifdef __cplusplus
}
#endif
#include <irqlint_crt.h>
#include <irqlint_intrin.h>

/* ---- limits of the basic types ---- */
#define MAXUINT 0xffffffffU
#define MAXINT 0x7fffffff
#define MININT (-0x7fffffff - 1)
#define MAXINT8 ((INT8)0x7f)
#define MININT8 ((INT8)-0x80)
#define MAXINT16 ((INT16)0x7fff)
#define MININT16 ((INT16)-0x8000)
#define MININT32 ((INT32)(-0x7fffffff - 1))
#define MININT64 ((INT64)(-0x7fffffffffffffffLL - 1))
#define MAXULONG32 ((ULONG32)0xffffffff)
#define MAXLONG32 ((LONG32)0x7fffffff)
#define MINLONG32 ((LONG32)(-0x7fffffff - 1))
#define MAXLONG64 ((LONG64)0x7fffffffffffffffLL)
#define MINLONG64 ((LONG64)(-0x7fffffffffffffffLL - 1))
#define MINLONGLONG ((LONGLONG)(-0x7fffffffffffffffLL - 1))
#define MAXULONG_PTR ((ULONG_PTR)~(ULONG_PTR)0)
#define MAXUINT_PTR ((UINT_PTR)~(UINT_PTR)0)
#define MAXLONG_PTR ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MINLONG_PTR ((LONG_PTR)~MAXLONG_PTR)
#define MAXINT_PTR ((INT_PTR)(MAXUINT_PTR >> 1))
#define MININT_PTR ((INT_PTR)~MAXINT_PTR)
#define MAXSIZE_T ((SIZE_T)~(SIZE_T)0)
#define MAXSSIZE_T ((SSIZE_T)(MAXSIZE_T >> 1))
#define MAXDWORD32 ((DWORD32)0xffffffff)
#define MAXDWORD64 ((DWORD64)~(DWORD64)0)

/* ---- names of the first kits ---- */
#define ExAcquireSpinLock(lock, old) KeAcquireSpinLock((lock), (old))
#define ExReleaseSpinLock(lock, old) KeReleaseSpinLock((lock), (old))
#define ExAcquireSpinLockAtDpcLevel(lock) KeAcquireSpinLockAtDpcLevel(lock)
#define ExReleaseSpinLockFromDpcLevel(lock) KeReleaseSpinLockFromDpcLevel(lock)
#define ExReleaseResource(resource) ExReleaseResourceLite(resource)
#define ExInterlockedIncrementLong(p, lock) InterlockedIncrement(p)
#define ExInterlockedDecrementLong(p, lock) InterlockedDecrement(p)
#define ExInterlockedExchangeUlong(p, value, lock) InterlockedExchange((LONG *)(p), (LONG)(value))
#define IoCallDriverStackSafeDefault(device, irp) IoCallDriver(device, irp)
#define QueryDepthSList(head) ExQueryDepthSList(head)
#define PAUSE_PROCESSOR YieldProcessor();
#define IF_DEBUG if (FALSE)
#define FIRSTBYTE(value) ((value)&0xff)
#define SECONDBYTE(value) (((value) >> 8) & 0xff)
#define THIRDBYTE(value) (((value) >> 16) & 0xff)
#define FOURTHBYTE(value) (((value) >> 24) & 0xff)
#define HandleToHandle64(handle) ((void *)(handle))
#define Handle64ToHandle(handle) ((HANDLE)(handle))
#define PROBE_ALIGNMENT(value) TYPE_ALIGNMENT(ULONG)
#define MAKESORTLCID(language, sort, version)                                                      \
    ((ULONG)(MAKELCID(language, sort) | ((ULONG)(USHORT)(version) << 20)))
#define SORTIDFROMLCID(lcid) ((USHORT)(((ULONG)(lcid) >> 16) & 0xf))
#define SORTVERSIONFROMLCID(lcid) ((USHORT)(((ULONG)(lcid) >> 20) & 0xf))
#define ASSERT_EVENT(e) NT_ASSERT((e) != NULL)
#define ASSERT_TIMER(e) NT_ASSERT((e) != NULL)
#define ASSERT_MUTANT(e) NT_ASSERT((e) != NULL)
#define ASSERT_SEMAPHORE(e) NT_ASSERT((e) != NULL)
#define EX_INIT_BITS(flags, bit) (*(flags) |= (bit))
#define EX_TEST_SET_BIT(flags, bit) InterlockedBitTestAndSet((LONG *)(flags), (bit))
#define EX_TEST_CLEAR_BIT(flags, bit) InterlockedBitTestAndReset((LONG *)(flags), (bit))
#define PCI_CONFIGURATION_TYPE(data) (((PPCI_COMMON_CONFIG)(data))->HeaderType & 0x7f)
#define PCI_MULTIFUNCTION_DEVICE(data) ((((PPCI_COMMON_CONFIG)(data))->HeaderType & 0x80) != 0)
#define RtlInterlockedXorBitsDiscardReturn(flags, bits) ((void)RtlInterlockedXorBits(flags, bits))

#endif
