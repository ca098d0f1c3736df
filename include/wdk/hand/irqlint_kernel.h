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
#endif
