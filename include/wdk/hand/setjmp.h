/* Non-local jumps of the C library. */
#ifndef IRQLINT_SETJMP_H
#define IRQLINT_SETJMP_H
#include <irqlint_crt.h>
typedef struct {
    unsigned long long Part[2];
} _JBTYPE;
typedef _JBTYPE jmp_buf[16];
#ifdef __cplusplus
extern "C" {
#endif
int setjmp(jmp_buf state);
void longjmp(jmp_buf state, int value);
#ifdef __cplusplus
}
#endif
#endif
