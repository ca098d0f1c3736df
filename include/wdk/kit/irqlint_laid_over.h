/* What is laid over the headers of a real kit: SAL and marks as the front end reads them.
 *
 * Included before everything, in place of the kit's annotation headers, and again behind the
 * headers that define marks; so it has no guard. The guards of the kit's annotation headers are set
 * so that those which are included by a path of their own stay out.
 */
#ifndef IRQLINT_LAID_OVER
#define IRQLINT_LAID_OVER
#define DRIVERSPECS_H
#define KERNELSPECS_H
#define SPECSTRINGS_H
#define SPECSTRINGS_STRICT_H
#define _CONCURRENCYSAL_H_
#define CONCURRENCYSAL_H
#ifdef __cplusplus
extern "C" {
#endif
void __irqlint_paged_code(void);
void __irqlint_assert(int holds);
void __irqlint_assume(int holds);
#ifdef __cplusplus
}
#endif
#endif

#undef IRQLINT_SAL_H
#include <irqlint_sal.h>

#undef ALLOC_PRAGMA
#define ALLOC_PRAGMA 1
#undef PAGED_CODE
#define PAGED_CODE() __irqlint_paged_code();
#undef PAGED_CODE_LOCKED
#define PAGED_CODE_LOCKED()
#undef ASSERT
#define ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#undef ASSERTMSG
#define ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#undef NT_ASSERT
#define NT_ASSERT(...) __irqlint_assert(!!(__VA_ARGS__))
#undef NT_ASSERTMSG
#define NT_ASSERTMSG(msg, ...) __irqlint_assert(!!(__VA_ARGS__))
#undef NT_VERIFY
#define NT_VERIFY(...) __irqlint_assert(!!(__VA_ARGS__))
#undef NT_ANALYSIS_ASSUME
#define NT_ANALYSIS_ASSUME(...) __irqlint_assume(!!(__VA_ARGS__))
