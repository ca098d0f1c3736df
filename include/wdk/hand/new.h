/* Kernel C++: allocation with pool types and flags, placement new. */
#ifndef IRQLINT_NEW_H
#define IRQLINT_NEW_H
#include <wdm.h>
#ifdef __cplusplus
namespace std {
typedef decltype(sizeof(0)) size_t;
typedef decltype(nullptr) nullptr_t;
enum class align_val_t : size_t {};
struct nothrow_t { explicit nothrow_t() = default; };
extern const nothrow_t nothrow;
}
void *operator new(size_t size, POOL_TYPE pool);
void *operator new(size_t size, POOL_TYPE pool, ULONG tag);
void *operator new(size_t size, POOL_FLAGS flags, ULONG tag);
void *operator new[](size_t size, POOL_TYPE pool);
void *operator new[](size_t size, POOL_TYPE pool, ULONG tag);
void *operator new[](size_t size, POOL_FLAGS flags, ULONG tag);
void *operator new(size_t size, const std::nothrow_t &);

void operator delete(void *p, POOL_TYPE pool, ULONG tag);
inline void *operator new(size_t, void *p) noexcept { return p; }
inline void *operator new[](size_t, void *p) noexcept { return p; }
#endif
#endif
