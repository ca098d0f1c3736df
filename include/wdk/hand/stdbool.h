/* C library header: one set of declarations serves them all. */
#include <irqlint_crt.h>
#ifndef __cplusplus
#ifndef bool
#define bool _Bool
#define true 1
#define false 0
#endif
#endif
